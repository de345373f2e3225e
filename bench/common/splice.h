/* Splicing for a measurement: a rules file is written, weft or splicer run on it. */
#ifndef WEFT_BENCH_SPLICE_H
#define WEFT_BENCH_SPLICE_H

#include "common/measure.h"

/* One rule that puts a middleware on edges of an interface. */
typedef struct bench_rule {
    const char *interface;
    const char *inner,
        *outer; /* the one edge between these nodes; NULL: every edge of the interface */
    const char *middleware; /* path */
} bench_rule_t;

typedef struct bench_tools {
    const char *weft;
    const char *splicer;                  /* NULL: not found */
    const char *copy;                     /* the program bench-copy; NULL: not used */
    const char *corpus, *guests, *folder; /* compositions; tests/guests; where files may be put */
} bench_tools_t;

/* From the environment: WEFT, WEFT_SPLICER, WEFT_CORPUS_DIR, WEFT_SOURCE_DIR and TMPDIR. Ends the program with a
 * message when something is missing. A folder is made; bench_tools_end removes it. */
bench_tools_t bench_tools_begin(const char *argv0);
void bench_tools_end(const bench_tools_t *tools);

/* Runs `PROGRAM splice RULES IN -o OUT`, `times` times. */
bench_child_t bench_splice(const bench_tools_t *tools, const char *program,
                           const bench_rule_t *rule, const char *in, const char *out,
                           unsigned times);

/* The same once, counting instructions instead of taking the time. */
bench_child_t bench_splice_count(const bench_tools_t *tools, const char *program,
                                 const bench_rule_t *rule, const char *in, const char *out,
                                 double *instructions);

/* A path in a folder; the result is good until the fourth next call. */
const char *bench_path(const char *folder, const char *name);

#endif
