/* Measuring: time on the monotonic clock, child processes with their time and memory. */
#ifndef WEFT_BENCH_MEASURE_H
#define WEFT_BENCH_MEASURE_H

#include <stdbool.h>
#include <stddef.h>

/* Seconds since some point. */
double bench_now(void);

/* Bytes of this process that are resident now. */
size_t bench_resident(void);

typedef struct bench_child {
    bool ok;
    double seconds;    /* from before it is started until it has ended; the least of several runs */
    double cpu;        /* user and system time, likewise */
    size_t peak;       /* bytes resident at most, mapped files included, likewise */
    char message[200]; /* when not ok: the first line it printed */
} bench_child_t;

/* Runs a program `times` times. It is looked for in PATH; `argv` ends with NULL. */
bench_child_t bench_run(char *const argv[], unsigned times);

/* How many instructions a program executes, by valgrind; not ok when that is missing. */
bench_child_t bench_count(char *const argv[], double *instructions);

/* The path of a program: the environment variable, else the name if PATH has it; NULL: neither. */
const char *bench_find(const char *variable, const char *name);

/* A file's bytes; 0 when there is none. */
size_t bench_file_size(const char *path);

#endif
