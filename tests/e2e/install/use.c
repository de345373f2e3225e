/* A program of a user who installed weft: any public function will do, and what a header says must be what
 * the library is. */
#include <stdio.h>

#include <weft/error.h>
#include <weft/version.h>

int main(void) {
    weft_error_delete(NULL);
    puts("uses weft " WEFT_VERSION);
    return 0;
}
