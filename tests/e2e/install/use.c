/* A program of a user who installed weft. With RUNTIME defined it links libweft-runtime and starts an engine. */
#include <stdio.h>

#include <weft/error.h>
#include <weft/version.h>
#ifdef RUNTIME
#include <weft/runtime.h>
#endif

int main(void) {
    weft_error_t *error = NULL;
#ifdef RUNTIME
    weft_engine_t *engine;
    error = weft_engine_new(&engine);
    if (!error) weft_engine_delete(engine);
#endif
    if (error) return 1;
    weft_error_delete(error);
    puts("uses weft " WEFT_VERSION);
    return 0;
}
