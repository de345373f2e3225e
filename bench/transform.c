/* Transforming files: how long `weft splice` takes as a process, how much memory, how many bytes it adds. The
 * floor copies the input with a process of its own; the peer is splicer on the same file and the same edge. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/report.h"
#include "common/splice.h"

#define STEP "t:chain/step@1.0.0"

static bench_report_t report;
static bench_tools_t tools;

/* One composition and what is done to it. */
typedef struct job {
    const char *name, *file; /* the file is in the corpus or, with a slash in front, anywhere */
    const char *interface, *inner, *outer;
    double target_ms, target_mb; /* 0: no row */
    unsigned times;
    bool replaces; /* the output was there before */
} job_t;

static const char *in_corpus(const char *file) {
    return file[0] == '/' ? file : bench_path(tools.corpus, file);
}

/* Freed by the caller. */
static const char *in_folder(const char *name) {
    return strdup(bench_path(tools.folder, name));
}

static bench_rule_t rule_of(const job_t *job, const char *middleware) {
    return (bench_rule_t){job->interface, job->inner, job->outer,
                          bench_path(tools.guests, middleware)};
}

static const char *failure(const bench_child_t *child) {
    return child->ok ? NULL : child->message;
}

static bench_reference_t reference(const char *what, const bench_child_t *child, double value) {
    return (bench_reference_t){what, value, failure(child)};
}

/* Bytes resident at most, without the input, which is mapped and counts as far as it was looked at. */
static double own_megabytes(const bench_child_t *child, const char *in) {
    double bytes = (double)child->peak - (double)bench_file_size(in);
    return (bytes > 0 ? bytes : 0) / 1e6;
}

enum { WEFT, COPY, SPLICER, CONTENDERS };

/* A splice that takes part; without a program it does not. */
static void prepare(const job_t *job, const char *program, const char *middleware, const char *in,
                    const char *out, bench_splice_t *splice, bench_contender_t *contender) {
    bench_rule_t rule = rule_of(job, middleware);
    *contender = (bench_contender_t){.child.message = "not found"};
    if (!program || !bench_splice_new(program, &rule, in, out, splice, &contender->child)) return;
    contender->argv = bench_argv(splice->argv);
    contender->fresh = job->replaces ? NULL : splice->argv[5];
    contender->times = job->times;
}

static void add_time(const job_t *job, const bench_contender_t *c) {
    char name[200];
    snprintf(name, sizeof name, "%s, time", job->name);
    bench_report_add(&report, (bench_row_t){.name = name,
                                            .unit = "ms",
                                            .value = c[WEFT].child.seconds * 1e3,
                                            .failure = failure(&c[WEFT].child),
                                            .target = job->target_ms,
                                            .floor = reference("a copy", &c[COPY].child,
                                                               c[COPY].child.seconds * 1e3),
                                            .peers = {reference("splicer", &c[SPLICER].child,
                                                                c[SPLICER].child.seconds * 1e3)}});
}

static void add_memory(const job_t *job, const char *in, const bench_contender_t *c) {
    char name[200];
    snprintf(name, sizeof name, "%s, memory beyond the input", job->name);
    bench_report_add(&report,
                     (bench_row_t){.name = name,
                                   .unit = "MB",
                                   .value = own_megabytes(&c[WEFT].child, in),
                                   .failure = failure(&c[WEFT].child),
                                   .target = job->target_mb,
                                   .floor = reference("a copy", &c[COPY].child,
                                                      own_megabytes(&c[COPY].child, in)),
                                   .peers = {reference("splicer", &c[SPLICER].child,
                                                       own_megabytes(&c[SPLICER].child, in))}});
}

static void measure(const job_t *job) {
    static bench_splice_t splices[2];
    bench_contender_t c[CONTENDERS];
    const char *in = strdup(in_corpus(job->file)), *copied = in_folder("copied.wasm");
    const char *by_weft = in_folder("by-weft.wasm"), *by_splicer = in_folder("by-splicer.wasm");
    const char *copy[] = {tools.copy, in, copied, NULL};
    prepare(job, tools.weft, "counter.wasm", in, by_weft, &splices[0], &c[WEFT]);
    prepare(job, tools.splicer, "splicer-counter.wasm", in, by_splicer, &splices[1], &c[SPLICER]);
    c[COPY] = (bench_contender_t){
        .argv = bench_argv(copy), .fresh = job->replaces ? NULL : copied, .times = job->times};
    if (c[SPLICER].times > 5) c[SPLICER].times = 5;
    bench_take_turns(c, CONTENDERS);
    add_time(job, c);
    if (job->target_mb > 0) add_memory(job, in, c);
    free((void *)in);
    free((void *)copied);
    free((void *)by_weft);
    free((void *)by_splicer);
}

/* Bytes that one edge adds: what the output has more than the input and the middleware. */
static double added(const bench_child_t *child, const char *in, const char *middleware,
                    const char *out) {
    if (!child->ok) return 0;
    return (double)bench_file_size(out) - (double)bench_file_size(in) -
           (double)bench_file_size(bench_path(tools.guests, middleware));
}

static void measure_size(void) {
    static const job_t job = {.file = "compositions/loop-c.wasm",
                              .interface = "test:ops/math@1.0.0",
                              .inner = "ops",
                              .outer = "loop"};
    const char *out = in_folder("size.wasm"), *in = strdup(in_corpus(job.file));
    bench_rule_t rule = rule_of(&job, "counter.wasm"),
                 theirs = rule_of(&job, "splicer-counter.wasm");
    bench_child_t weft = bench_splice_once(tools.weft, &rule, in, out),
                  peer = {.message = "not found"};
    double by_weft = added(&weft, in, "counter.wasm", out);
    if (tools.splicer) peer = bench_splice_once(tools.splicer, &theirs, in, out);
    double by_peer = added(&peer, in, "splicer-counter.wasm", out);
    bench_report_add(&report, (bench_row_t){.name = "size added by one tier 1 edge of 2 functions",
                                            .unit = "bytes",
                                            .value = by_weft,
                                            .failure = failure(&weft),
                                            .target = 512,
                                            .peers = {reference("splicer", &peer, by_peer)}});
    free((void *)in);
    free((void *)out);
}

/* What one more node costs, from 10 to 100 nodes and from 100 to 1000, every edge spliced. In instructions: the
 * time of the small ones is mostly that of starting a process. */
static void measure_growth(const char *ten, const char *hundred) {
    const char *files[] = {ten, hundred, "large/copies-1000.wasm"};
    double counts[3] = {0};
    bench_child_t run = {.ok = true};
    for (int i = 0; i < 3 && run.ok; i++) {
        const job_t job = {.file = files[i], .interface = STEP};
        bench_rule_t rule = rule_of(&job, "counter.wasm");
        bench_splice_t splice;
        if (bench_splice_new(tools.weft, &rule, in_corpus(job.file),
                             bench_path(tools.folder, "out.wasm"), &splice, &run))
            run = bench_count(bench_argv(splice.argv), &counts[i]);
    }
    double early = (counts[1] - counts[0]) / 90, late = (counts[2] - counts[1]) / 900;
    bench_report_add(&report,
                     (bench_row_t){.name = "instructions for a node up to 1000, over up to 100",
                                   .unit = "x",
                                   .value = run.ok ? late / early : 0,
                                   .failure = failure(&run),
                                   .target = 1.3});
}

int main(int argc, char **argv) {
    tools = bench_tools_begin(argv[0]);
    report = bench_report_new("Transforming files (best of several runs of the whole process)");
    /* what bench/run has generated for this table */
    const char *big = getenv("WEFT_BENCH_BIG"), *ten = getenv("WEFT_BENCH_COPIES_10"),
               *hundred = getenv("WEFT_BENCH_COPIES_100");
    if (!big || !ten || !hundred) {
        fprintf(stderr, "the generated compositions are missing; run bench/run\n");
        return 2;
    }
    const job_t jobs[] = {
        {"one edge of 50 nodes, 51 MB", big, STEP, "node-24", "node-25", 25, 40, 15, false},
        {"the same in the place of an older output", big, STEP, "node-24", "node-25", 0, 0, 15,
         true},
        {"one edge of 300 nodes, 108 KB", "large/chain-300.wasm", STEP, "node-149", "node-150", 4,
         8, 41, false},
        {"every edge of 300 nodes", "large/chain-300.wasm", STEP, NULL, NULL, 15, 0, 41, false},
        {"one edge of 2 nodes, 1.2 KB", "compositions/loop.wasm", "test:ops/math@1.0.0", "ops",
         "loop", 3, 0, 101, false},
    };
    for (size_t i = 0; i < sizeof jobs / sizeof *jobs; i++) measure(&jobs[i]);
    measure_size();
    measure_growth(ten, hundred);
    bench_tools_end(&tools);
    return bench_report_finish(&report, argc > 1 ? argv[1] : NULL);
}
