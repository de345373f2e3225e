/* Interception: what a spliced edge costs a call. A guest calls its neighbour in a loop, so that a figure is of
 * the call inside the composition alone: the time of many calls, less that of none. The plain composition and
 * the floor (hand-written, bench/floor) run in turns with the spliced one. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/report.h"
#include "common/splice.h"
#include "hosted.h"

#define RUN "test:loop/run@1.0.0"
#define MATH "test:ops/math@1.0.0"

/* Many short rounds find a quiet moment where few long ones do not: none of a millisecond and more. */
enum { ROUNDS = 200 };

static bench_report_t report;
static bench_tools_t tools;

/* A composition that loops, opened; or why not. */
typedef struct subject {
    hosted_t *hosted;
    double none, all; /* seconds of no call and of the whole load, the least seen of each */
    double ns;        /* per call, from the two */
    char why[256];
} subject_t;

static void open_subject(subject_t *subject, const char *path, bool is_async) {
    *subject = (subject_t){.none = 1e300, .all = 1e300};
    subject->hosted = hosted_open(path, is_async, subject->why, sizeof subject->why);
}

static void close_subject(subject_t *subject) {
    hosted_close(subject->hosted);
    subject->hosted = NULL;
}

/* What is called in the loop: `add`, or `bytes` with so many of them. */
typedef struct load {
    const char *func;
    uint32_t times, size;
} load_t;

static bool loop(subject_t *subject, const load_t *load, uint32_t times, double *seconds) {
    const uint32_t args[] = {times, load->size};
    uint32_t result;
    double start = bench_now();
    bool ok = hosted_call(subject->hosted, RUN, load->func, args, load->size ? 2 : 1, &result,
                          subject->why, sizeof subject->why);
    *seconds = bench_now() - start;
    if (!ok) close_subject(subject);
    return ok;
}

static void keep_least(double *least, double value) {
    if (value < *least) *least = value;
}

static void measure_once(subject_t *subject, const load_t *load) {
    double none, all;
    if (!subject->hosted || !loop(subject, load, 0, &none)) return;
    if (!loop(subject, load, load->times, &all)) return;
    keep_least(&subject->none, none);
    keep_least(&subject->all, all);
    subject->ns = (subject->all - subject->none) / load->times * 1e9;
}

static void measure(subject_t *subjects, size_t count, const load_t *load) {
    for (int round = 0; round < ROUNDS; round++)
        for (size_t i = 0; i < count; i++) measure_once(&subjects[i], load);
}

/* Splices MATH in a composition of the corpus and opens the result. */
static void open_spliced(subject_t *subject, const char *program, const char *in, const char *outer,
                         const char *middleware, bool is_async) {
    *subject = (subject_t){.none = 1e300, .all = 1e300};
    if (!program) {
        snprintf(subject->why, sizeof subject->why, "not found");
        return;
    }
    const bench_rule_t rule = {MATH, "ops", outer, bench_path(tools.guests, middleware)};
    char out[4200];
    snprintf(out, sizeof out, "%s/spliced.wasm", tools.folder);
    bench_child_t child = bench_splice_once(program, &rule, in, out);
    if (child.ok) open_subject(subject, out, is_async);
    else snprintf(subject->why, sizeof subject->why, "%s", child.message);
}

static bench_reference_t reference(const char *what, const subject_t *subject, double value) {
    return (bench_reference_t){what, value, subject->hosted ? NULL : subject->why};
}

/* ---- rows ----------------------------------------------------------------------------------- */

enum { PLAIN, SPLICED, OTHER, SUBJECTS };

static void close_all(subject_t subjects[SUBJECTS]) {
    for (int i = 0; i < SUBJECTS; i++) close_subject(&subjects[i]);
}

static void hand_made(const char *loop_wasm, const char *floor_wasm) {
    static const load_t load = {"add", 100000, 0};
    subject_t s[SUBJECTS];
    open_subject(&s[PLAIN], loop_wasm, false);
    open_spliced(&s[SPLICED], tools.weft, loop_wasm, "loop", "counter.wasm", false);
    open_subject(&s[OTHER], floor_wasm, false);
    measure(s, SUBJECTS, &load);
    bench_report_add(&report, (bench_row_t){.name = "not spliced, hand-made",
                                            .unit = "ns",
                                            .value = s[PLAIN].ns,
                                            .failure = s[PLAIN].hosted ? NULL : s[PLAIN].why});
    bench_report_add(&report,
                     (bench_row_t){.name = "tier 1, weft:hooks, hand-made",
                                   .unit = "ns",
                                   .value = s[SPLICED].ns,
                                   .failure = s[SPLICED].hosted ? NULL : s[SPLICED].why,
                                   .target = 15,
                                   .floor = reference("woven by hand", &s[OTHER], s[OTHER].ns)});
    close_all(s);
}

/* What the hooks add to a call between components that wit-component made. */
static void toolchain(const char *in, const char *outer, const char *side) {
    static const load_t load = {"add", 100000, 0};
    subject_t s[2];
    char name[100];
    open_subject(&s[PLAIN], in, false);
    open_spliced(&s[SPLICED], tools.weft, in, outer, "counter.wasm", false);
    measure(s, 2, &load);
    snprintf(name, sizeof name, "the same between C components, %s side, added", side);
    const subject_t *failed = s[PLAIN].hosted ? &s[SPLICED] : &s[PLAIN];
    bench_report_add(&report,
                     (bench_row_t){.name = name,
                                   .unit = "ns",
                                   .value = s[SPLICED].ns - s[PLAIN].ns,
                                   .failure = failed->hosted ? NULL : failed->why,
                                   .target = 15,
                                   .floor = reference("not spliced", &s[PLAIN], s[PLAIN].ns)});
    close_subject(&s[PLAIN]);
    close_subject(&s[SPLICED]);
}

static void async_hooks(const char *loop_wasm) {
    static const load_t load = {"add", 300, 0};
    subject_t s[SUBJECTS];
    open_subject(&s[PLAIN], loop_wasm, true);
    open_spliced(&s[SPLICED], tools.weft, loop_wasm, "loop", "splicer-counter.wasm", true);
    open_spliced(&s[OTHER], tools.splicer, loop_wasm, "loop", "splicer-counter.wasm", true);
    measure(s, SUBJECTS, &load);
    bench_report_add(&report,
                     (bench_row_t){.name = "tier 1, splicer:tier1 (async hooks)",
                                   .unit = "ns",
                                   .value = s[SPLICED].ns,
                                   .failure = s[SPLICED].hosted ? NULL : s[SPLICED].why,
                                   .target = 3000,
                                   .peers = {reference("splicer", &s[OTHER], s[OTHER].ns)}});
    close_all(s);
}

static void payload(const char *name, const char *in) {
    static const load_t load = {"bytes", 30, 65536};
    subject_t s[SUBJECTS];
    open_subject(&s[PLAIN], in, false);
    open_spliced(&s[SPLICED], tools.weft, in, "loop", "counter.wasm", false);
    open_spliced(&s[OTHER], tools.splicer, in, "loop", "splicer-counter.wasm", true);
    measure(s, SUBJECTS, &load);
    const subject_t *failed = s[PLAIN].hosted ? &s[SPLICED] : &s[PLAIN];
    bench_report_add(&report,
                     (bench_row_t){.name = name,
                                   .unit = "ns",
                                   .value = s[SPLICED].ns,
                                   .failure = failed->hosted ? NULL : failed->why,
                                   .target = s[PLAIN].ns * 1.05,
                                   .floor = reference("not spliced", &s[PLAIN], s[PLAIN].ns),
                                   .peers = {reference("splicer", &s[OTHER], s[OTHER].ns)}});
    close_all(s);
}

/* The engine copies a list byte by byte, in a loop whose speed may hang on where it lands in memory. So the composition
 * and its spliced twin are made with that loop at several places (bench/placed.py). */
enum { PLACES = 16 };

static int compare(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The figures of every second subject from `first` on, sorted; or why one has none. */
static const char *sort_figures(const subject_t *subjects, size_t first, double figures[PLACES]) {
    for (size_t i = 0; i < PLACES; i++) {
        if (!subjects[2 * i + first].hosted) return subjects[2 * i + first].why;
        figures[i] = subjects[2 * i + first].ns;
    }
    qsort(figures, PLACES, sizeof *figures, compare);
    return NULL;
}

static void add_placed(const char *name, const double *plain, const double *spliced, size_t place,
                       const char *failure) {
    bench_report_add(&report, (bench_row_t){.name = name,
                                            .unit = "ns",
                                            .value = spliced[place],
                                            .failure = failure,
                                            .target = plain[place] * 1.05,
                                            .floor = {"not spliced", plain[place], failure}});
}

static void placed_payload(const char *folder) {
    static const load_t load = {"bytes", 30, 65536};
    static subject_t s[2 * PLACES];
    double plain[PLACES] = {0}, spliced[PLACES] = {0};
    for (unsigned i = 0; i < PLACES; i++) {
        char path[4200];
        snprintf(path, sizeof path, "%s/placed-%u%u%u.wasm", folder, i / 4, i / 2 % 2, i % 2);
        open_subject(&s[2 * i], path, false);
        open_spliced(&s[2 * i + 1], tools.weft, path, "loop", "counter.wasm", false);
    }
    measure(s, 2 * PLACES, &load);
    const char *failure = sort_figures(s, 0, plain);
    if (!failure) failure = sort_figures(s, 1, spliced);
    add_placed("tier 1 on 64 KiB, hand-made, best of 16 places", plain, spliced, 0, failure);
    add_placed("the same, median of 16 places", plain, spliced, PLACES / 2, failure);
    add_placed("the same, worst of 16 places", plain, spliced, PLACES - 1, failure);
    for (size_t i = 0; i < 2 * PLACES; i++) close_subject(&s[i]);
}

/* ---- endurance ------------------------------------------------------------------------------ */

enum { WEFT_CALLS = 100000000, PEER_CALLS = 1000000, STEPS = 100 };

/* Calls in a hundred steps until it fails or `most` are done; how much memory the process kept for them. */
static double last_call(subject_t *subject, uint32_t most, double *growth) {
    static const load_t load = {"add", 0, 0};
    const uint32_t part = most / STEPS;
    double done = 0, seconds;
    size_t start = 0;
    for (int step = 0; step < STEPS; step++) {
        if (!subject->hosted || !loop(subject, &load, part, &seconds)) break;
        done += part;
        if (!start) start = bench_resident(); /* after the first step: code and stacks are there */
    }
    size_t end = bench_resident();
    *growth = start && end > start ? (double)(end - start) : 0;
    return done;
}

/* Splices, calls, and says how it ended in `end`; a negative number when there was nothing to call. */
static double endure(const char *program, const char *loop_wasm, const char *middleware,
                     bool is_async, uint32_t most, double *growth, char *end, size_t end_size) {
    subject_t subject;
    open_spliced(&subject, program, loop_wasm, "loop", middleware, is_async);
    if (!subject.hosted) {
        snprintf(end, end_size, "%s", subject.why);
        return -1;
    }
    double calls = last_call(&subject, most, growth);
    snprintf(end, end_size, "%s, ended by: %.150s", program == tools.weft ? "weft" : "splicer",
             subject.hosted ? "nothing" : subject.why);
    close_subject(&subject);
    return calls;
}

static void endurance(const char *loop_wasm) {
    double growth = 0, peer_growth = 0;
    char end[300], peer_end[300];
    double calls =
        endure(tools.weft, loop_wasm, "counter.wasm", false, WEFT_CALLS, &growth, end, sizeof end);
    double peer = endure(tools.splicer, loop_wasm, "splicer-counter.wasm", true, PEER_CALLS,
                         &peer_growth, peer_end, sizeof peer_end);
    bench_report_add(&report,
                     (bench_row_t){.name = "calls before something runs out (10^8 asked for)",
                                   .unit = "calls",
                                   .value = calls,
                                   .failure = calls < (double)WEFT_CALLS ? end : NULL,
                                   .peers = {{peer < 0 ? "splicer" : peer_end, peer,
                                              peer < 0 ? peer_end : NULL}}});
    bench_report_add(&report, (bench_row_t){.name = "memory that these calls took and kept",
                                            .unit = "MB",
                                            .value = growth / 1e6,
                                            .failure = calls < 0 ? end : NULL,
                                            .target = 1,
                                            .peers = {{"splicer", peer_growth / 1e6,
                                                       peer < 0 ? peer_end : NULL}}});
}

int main(int argc, char **argv) {
    tools = bench_tools_begin(argv[0]);
    const char *floor = getenv("WEFT_BENCH_FLOOR"), *two = getenv("WEFT_BENCH_TWO_LOOPS"),
               *inputs = getenv("WEFT_BENCH_INPUTS");
    if (!floor || !two || !inputs) {
        fprintf(stderr, "the generated compositions are missing; run bench/run\n");
        return 2;
    }
    char loop_wasm[4200], loop_c[4200];
    snprintf(loop_wasm, sizeof loop_wasm, "%s/compositions/loop.wasm", tools.corpus);
    snprintf(loop_c, sizeof loop_c, "%s/compositions/loop-c.wasm", tools.corpus);
    report = bench_report_new("Interception (one call across one edge, best of several rounds)");
    hand_made(loop_wasm, floor);
    toolchain(loop_c, "loop", "provider");
    toolchain(two, "loop", "consumer");
    async_hooks(loop_wasm);
    placed_payload(inputs);
    payload("tier 1 on 64 KiB of bytes, hand-made", loop_wasm);
    payload("tier 1 on 64 KiB of bytes, between C components", loop_c);
    endurance(loop_wasm);
    bench_tools_end(&tools);
    return bench_report_finish(&report, argc > 1 ? argv[1] : NULL);
}
