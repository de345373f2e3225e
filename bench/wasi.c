/* Calls that a guest makes of WASI: on weft's direct engine, through its proxy, and hosted, where Wasmtime's fused
 * adapters call it. Standard output is /dev/null meanwhile. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <weft/runtime.h>

#include "common/contest.h"

static weft_plugin_t *direct, *hosted;
static int table, nothing; /* standard output, and /dev/null */

static void stop(const char *what) {
    fprintf(stderr, "bench-wasi: %s\n", what);
    exit(2);
}

static void check(weft_error_t *error) {
    char *said;
    if (!error) return;
    if (weft_error_render(error, &said)) stop("out of memory");
    stop(said);
}

static weft_plugin_t *open_guest(weft_engine_t *engine, const char *path,
                                 weft_engine_choice_t choice) {
    weft_options_t options = {.engine = choice, .stdio = true};
    weft_plugin_t *plugin;
    check(weft_plugin_load(engine, path, &options, &plugin));
    return plugin;
}

/* What is called, in whose loop. */
typedef struct loop {
    weft_plugin_t *plugin;
    const char *name;
    unsigned at;
} loop_t;

static void run(const void *with, unsigned times) {
    const loop_t *loop = with;
    weft_func_t *func;
    weft_value_t in[2] = {weft_u32(times), weft_u32(loop->at)};
    if (dup2(nothing, STDOUT_FILENO) < 0) stop("no standard output");
    check(weft_plugin_func(loop->plugin, NULL, loop->name, &func));
    check(weft_func_call(func, in, 2, NULL, 0));
    if (dup2(table, STDOUT_FILENO) < 0) stop("no standard output");
}

/* `target`: 0: none. */
static void row(bench_report_t *report, const char *title, const char *name, unsigned times,
                unsigned at, double target) {
    loop_t loops[] = {{direct, name, at}, {hosted, name, at}};
    bench_subject_t subjects[] = {
        {.what = "direct", .run = run, .with = &loops[0], .times = times},
        {.what = "hosted", .run = run, .with = &loops[1], .times = times}};
    bench_subject_t *const all[] = {&subjects[0], &subjects[1]};
    bench_contest(all, 2);
    bench_report_add(report, (bench_row_t){.name = title,
                                           .unit = "ns",
                                           .value = subjects[0].best,
                                           .target = target,
                                           .peers = {bench_subject_reference(&subjects[1])}});
}

int main(int argc, char **argv) {
    const char *folder = getenv("WEFT_BENCH_INPUTS");
    char path[4200];
    weft_engine_t *engine;
    if (!folder) stop("WEFT_BENCH_INPUTS is not set; run bench/run");
    snprintf(path, sizeof path, "%s/wasi.wasm", folder);
    table = dup(STDOUT_FILENO);
    nothing = open("/dev/null", O_WRONLY);
    if (table < 0 || nothing < 0) stop("no /dev/null");
    check(weft_engine_new(&engine));
    direct = open_guest(engine, path, WEFT_ENGINE_DIRECT);
    hosted = open_guest(engine, path, WEFT_ENGINE_HOSTED);

    bench_report_t report = bench_report_new("Calls of WASI (64 KiB in 218 us are 300 MB/s)");
    row(&report, "a number (clock resolution)", "resolution", 2000, 0, 0);
    row(&report, "the clock", "now", 2000, 0, 0);
    row(&report, "check-write", "check", 1000, 0, 0);
    row(&report, "64 KiB of ASCII to stdout", "write", 8, 0, 218450);
    row(&report, "64 KiB of any bytes to stdout", "write", 8, 65536, 218450);
    row(&report, "4 KiB, written and flushed", "blocking", 50, 0, 0);
    row(&report, "64 KiB of random bytes in", "bytes", 8, 0, 0);
    return bench_report_finish(&report, argc > 1 ? argv[1] : NULL);
}
