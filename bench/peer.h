/* The figures of a peer that is a program of its own (peers/): it prints a line for each case, a name and nanoseconds. */
#ifndef WEFT_BENCH_PEER_H
#define WEFT_BENCH_PEER_H

#include "common/contest.h"

enum { PEER_CASES = 32 };

typedef struct bench_peer {
    const char *what;
    char failure[200]; /* why there are no figures; empty: there are */
    struct {
        char name[32];
        double ns;
    } cases[PEER_CASES];
    unsigned count;
} bench_peer_t;

/* Runs `PROGRAM ARGUMENTS...` some times and keeps the least of each case. `program` NULL: it is not there. */
void bench_peer_run(bench_peer_t *peer, const char *what, const char *program,
                    const char *arguments);

/* One case, as it takes part in a contest: with its figure, which it has already. */
bench_subject_t bench_peer_case(const bench_peer_t *peer, const char *name);

#endif
