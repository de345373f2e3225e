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

/* A program that is compared with others. It is looked for in PATH; `argv` ends with NULL. */
typedef struct bench_contender {
    char *const *argv;   /* NULL: there is none, `child` says why */
    const char *fresh;   /* a file that is removed before each run; NULL: none */
    unsigned times;      /* how often it is run */
    bench_child_t child; /* what came out */
} bench_contender_t;

/* For where argv is not written to, but is not declared so. */
char *const *bench_argv(const char *const argv[]);

/* Runs them in turns, so that a disturbance hits all. */
void bench_take_turns(bench_contender_t *contenders, size_t count);

/* How many instructions a program executes, by valgrind; not ok when that is missing. */
bench_child_t bench_count(char *const argv[], double *instructions);

/* The path of a program: the environment variable, else the name if PATH has it; NULL: neither. */
const char *bench_find(const char *variable, const char *name);

/* A file's bytes; 0 when there is none. */
size_t bench_file_size(const char *path);

#endif
