/* A component on the hosted engine, for measurements of calls inside it. */
#ifndef WEFT_BENCH_HOSTED_H
#define WEFT_BENCH_HOSTED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct hosted hosted_t;

/* Compiles and instantiates a file; what it imports traps when called. With `is_async` the engine supports
 * concurrency, which components with async functions in them need; calls are dearer then. On failure NULL, and
 * the reason in `why`. */
hosted_t *hosted_open(const char *path, bool is_async, char *why, size_t why_size);
void hosted_close(hosted_t *hosted);

/* Calls a function of an exported interface with u32 parameters; the result is a u32. */
bool hosted_call(hosted_t *hosted, const char *interface, const char *func, const uint32_t *args,
                 size_t arg_count, uint32_t *result, char *why, size_t why_size);

#endif
