/* Calls that are compared: they take turns within one process, so that a disturbance hits all. */
#ifndef WEFT_BENCH_CONTEST_H
#define WEFT_BENCH_CONTEST_H

#include <stddef.h>

#include "common/report.h"

typedef struct bench_subject {
    const char *what;    /* "core call"; NULL: takes no part and is not shown */
    const char *failure; /* why it cannot take part; NULL: it can */
    void (*run)(const void *with, unsigned times);
    const void *with;
    unsigned times; /* calls a round: a millisecond's worth at most */
    double best;    /* nanoseconds of one call, the least of all rounds */
} bench_subject_t;

/* Sets `best` of all. */
void bench_contest(bench_subject_t *const subjects[], size_t count);

bench_reference_t bench_subject_reference(const bench_subject_t *subject);

#endif
