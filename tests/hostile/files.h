/* The components that the tests have: the corpus, the guests, the examples. */
#ifndef WEFT_TESTS_HOSTILE_FILES_H
#define WEFT_TESTS_HOSTILE_FILES_H

#include <stddef.h>

#include <weft/base.h>

/* Calls `visit` with each file, in an order that does not change. Gives how many there were; ends the test as
 * skipped when the corpus has not been built. */
size_t files_each(void (*visit)(const char *path, weft_bytes_t bytes));

/* A guest's bytes, e.g. "counter": freed with free. */
weft_bytes_t files_guest(const char *name);

#endif
