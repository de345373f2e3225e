/* Any bytes given as a component are read, typed, drawn and written, or refused: with an offset, in time and memory
 * that the input pays for; and what was written is read again and written as the same bytes. */
#include <stdio.h>
#include <stdlib.h>

#include "hostile/survive.h"

/* More than any input of the sizes that are tried may take: instances of instances may unfold. */
enum { USED_MAX = 512 << 20 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    survival_t survival;
    char *wrong = survive((weft_bytes_t){data, size}, &survival);
    if (wrong) fprintf(stderr, "%s\n", wrong);
    if (survival.used > USED_MAX) fprintf(stderr, "%zu bytes used\n", survival.used);
    if (wrong || survival.used > USED_MAX) abort();
    return 0;
}
