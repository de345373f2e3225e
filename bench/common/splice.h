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

/* `PROGRAM splice RULES IN -o OUT`, ready to be run. */
typedef struct bench_splice {
    char rules[4200];
    const char *argv[7];
} bench_splice_t;

/* Writes the rules, to a file beside `out`; or says that it could not. */
bool bench_splice_new(const char *program, const bench_rule_t *rule, const char *in,
                      const char *out, bench_splice_t *splice, bench_child_t *child);

/* Splices once. */
bench_child_t bench_splice_once(const char *program, const bench_rule_t *rule, const char *in,
                                const char *out);

/* A path in a folder; the result is good until the fourth next call. */
const char *bench_path(const char *folder, const char *name);

#endif
