/* Calls: from the host into a plugin, from a plugin into another, inside one; starting a plugin, once and ten thousand
 * times. weft's direct engine beside the core API by hand (the floor), Wasmtime's component C API and wasm-link. */
#include "calls.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/contest.h"
#include "common/measure.h"
#include "peer.h"

uint8_t bench_bytes[BYTES];
char bench_text[STRING];

void bench_stop(const char *what) {
    fprintf(stderr, "bench-calls: %s\n", what);
    exit(2);
}

void bench_check(weft_error_t *error) {
    char *said;
    if (!error) return;
    if (weft_error_render(error, &said)) bench_stop("out of memory");
    bench_stop(said);
}

void bench_pass(wasmtime_error_t *error, wasm_trap_t *trap) {
    if (error || trap) bench_stop("Wasmtime failed");
}

static const char *input(const char *name) {
    static char path[4200];
    const char *folder = getenv("WEFT_BENCH_INPUTS");
    if (!folder) bench_stop("WEFT_BENCH_INPUTS is not set; run bench/run");
    snprintf(path, sizeof path, "%s/%s.wasm", folder, name);
    return path;
}

weft_bytes_t bench_guest(const char *name) {
    FILE *file = fopen(input(name), "rb");
    uint8_t *bytes = malloc(1 << 16);
    if (!file || !bytes) bench_stop("a guest is missing; run bench/run");
    size_t len = fread(bytes, 1, 1 << 16, file);
    fclose(file);
    return (weft_bytes_t){bytes, len};
}

wasm_engine_t *bench_engine(bool concurrency, bool pooled) {
    wasm_config_t *config = wasm_config_new();
    wasmtime_config_epoch_interruption_set(config, true);
    wasmtime_config_concurrency_support_set(config, concurrency);
    if (pooled) {
        wasmtime_pooling_allocation_config_t *pool = wasmtime_pooling_allocation_config_new();
        wasmtime_pooling_allocation_strategy_set(config, pool);
        wasmtime_pooling_allocation_config_delete(pool);
    }
    return wasm_engine_new_with_config(config);
}

/* ---- weft ------------------------------------------------------------------------------------- */

static const weft_options_t direct = {.engine = WEFT_ENGINE_DIRECT},
                            hosted = {.engine = WEFT_ENGINE_HOSTED};

static weft_func_t *func_of(weft_plugin_t *plugin, const char *interface, const char *name) {
    weft_func_t *func;
    bench_check(weft_plugin_func(plugin, interface, name, &func));
    return func;
}

static void weft_add(const void *with, unsigned times) {
    weft_value_t in[2] = {weft_u32(1), weft_u32(2)}, out;
    while (times--) bench_check(weft_func_call((weft_func_t *)(uintptr_t)with, in, 2, &out, 1));
}

static void weft_flat_add(const void *with, unsigned times) {
    while (times--) {
        weft_flat_t values[2] = {{1, 0}, {2, 0}};
        bench_check(weft_func_call_flat((weft_func_t *)(uintptr_t)with, values));
    }
}

static void weft_sum(const void *with, unsigned times) {
    weft_value_t in = weft_byte_list(bench_bytes, BYTES), out;
    while (times--) bench_check(weft_func_call((weft_func_t *)(uintptr_t)with, &in, 1, &out, 1));
}

static void weft_flat_sum(const void *with, unsigned times) {
    while (times--) {
        weft_flat_t values[1] = {weft_flat_bytes(bench_bytes, BYTES)};
        bench_check(weft_func_call_flat((weft_func_t *)(uintptr_t)with, values));
    }
}

static void weft_echo(const void *with, unsigned times) {
    weft_value_t in = weft_string_of((weft_str_t){bench_text, STRING}), out;
    while (times--) {
        bench_check(weft_func_call((weft_func_t *)(uintptr_t)with, &in, 1, &out, 1));
        weft_value_clear(&out);
    }
}

static void weft_flat_echo(const void *with, unsigned times) {
    while (times--) {
        weft_flat_t values[1] = {weft_flat_str((weft_str_t){bench_text, STRING})};
        bench_check(weft_func_call_flat((weft_func_t *)(uintptr_t)with, values));
    }
}

/* `times` calls by a guest, in one call of it. */
static void weft_loop(const void *with, unsigned times) {
    weft_value_t in = weft_u32(times), out;
    bench_check(weft_func_call((weft_func_t *)(uintptr_t)with, &in, 1, &out, 1));
}

typedef struct weft_source {
    weft_engine_t *engine;
    weft_bytes_t binary;
} weft_source_t;

static weft_plugin_t *start_one(const weft_source_t *source) {
    weft_plugin_t *plugin;
    bench_check(weft_plugin_read(source->engine, source->binary, &direct, &plugin));
    bench_check(weft_plugin_start(plugin));
    return plugin;
}

static void weft_starts(const void *with, unsigned times) {
    while (times--) weft_plugin_delete(start_one(with));
}

/* ---- rows ------------------------------------------------------------------------------------- */

enum { PEERS = BENCH_PEERS };

typedef struct contest {
    const char *name;
    double target;            /* nanoseconds; or instead: */
    double of_floor, of_peer; /* so many times what the floor or the first peer takes */
    bench_subject_t weft, floor, peers[PEERS];
} contest_t;

/* 0: none. */
static double target_of(const contest_t *contest) {
    if (contest->of_floor > 0) return contest->of_floor * contest->floor.best;
    if (contest->of_peer > 0) return contest->of_peer * contest->peers[0].best;
    return contest->target;
}

static void hold(bench_report_t *report, contest_t contest) {
    bench_subject_t *subjects[2 + PEERS] = {&contest.weft, &contest.floor};
    bench_row_t row = {.name = contest.name, .unit = "ns", .failure = contest.weft.failure};
    for (int i = 0; i < PEERS; i++) subjects[2 + i] = &contest.peers[i];
    bench_contest(subjects, 2 + PEERS);
    row.value = contest.weft.best;
    row.target = target_of(&contest);
    row.floor = bench_subject_reference(&contest.floor);
    for (int i = 0; i < PEERS; i++) row.peers[i] = bench_subject_reference(&contest.peers[i]);
    bench_report_add(report, row);
}

static bench_subject_t by_weft(void (*run)(const void *, unsigned), const weft_func_t *func,
                               unsigned times) {
    return (bench_subject_t){.what = "weft", .run = run, .with = func, .times = times};
}

static bench_subject_t by_core(void (*run)(const void *, unsigned), const void *core,
                               unsigned times) {
    return (bench_subject_t){.what = "core API by hand", .run = run, .with = core, .times = times};
}

/* The component API with concurrency off and on, as its users may have it. */
static const on_component_t *plain, *concurrent;

static bench_subject_t by_plain(void (*run)(const void *, unsigned), unsigned times) {
    return (bench_subject_t){.what = "component API", .run = run, .with = plain, .times = times};
}

static bench_subject_t by_concurrent(void (*run)(const void *, unsigned), unsigned times) {
    return (bench_subject_t){
        .what = "component API, concurrency on", .run = run, .with = concurrent, .times = times};
}

static void from_host(bench_report_t *report, weft_engine_t *engine, const on_core_t *core,
                      const bench_peer_t *peer) {
    static const char ops[] = "bench:plugins/ops";
    weft_plugin_t *plugin;
    bench_check(weft_plugin_read(engine, bench_guest("ops"), &direct, &plugin));
    weft_func_t *add = func_of(plugin, ops, "add"), *sum = func_of(plugin, ops, "sum"),
                *echo = func_of(plugin, ops, "echo");
    bench_check(weft_func_prepare_flat(add));
    bench_check(weft_func_prepare_flat(sum));
    bench_check(weft_func_prepare_flat(echo));
    contest_t c = {.name = "host -> plugin, add(u32, u32)",
                   .of_floor = 2.5,
                   .weft = by_weft(weft_add, add, 10000),
                   .floor = by_core(on_core_add, core, 10000),
                   .peers = {by_plain(on_component_add, 2000),
                             by_concurrent(on_component_add, 1000), bench_peer_case(peer, "add")}};
    hold(report, c);
    c.name = "the same as a prepared flat call";
    c.of_floor = 1.5;
    c.weft = by_weft(weft_flat_add, add, 10000);
    hold(report, c);
    c = (contest_t){.name = "host -> plugin, 1 KiB string there and back",
                    .of_peer = 0.43,
                    .weft = by_weft(weft_echo, echo, 3000),
                    .floor = by_core(on_core_echo, core, 3000),
                    .peers = {by_plain(on_component_echo, 1000),
                              by_concurrent(on_component_echo, 1000),
                              bench_peer_case(peer, "echo")}};
    hold(report, c);
    c.name = "the same as a prepared flat call";
    c.weft = by_weft(weft_flat_echo, echo, 3000);
    hold(report, c);
    c = (contest_t){.name = "host -> plugin, 64 KiB list<u8>",
                    .of_floor = 2.5,
                    .weft = by_weft(weft_sum, sum, 300),
                    .floor = by_core(on_core_sum, core, 300),
                    .peers = {by_plain(on_component_sum, 1), by_concurrent(on_component_sum, 1),
                              bench_peer_case(peer, "sum")}};
    hold(report, c);
    c.name = "the same as a prepared flat call";
    c.weft = by_weft(weft_flat_sum, sum, 300);
    hold(report, c);
}

/* Between components that were composed into one. */
static void inside(bench_report_t *report, weft_engine_t *engine) {
    const char *corpus = getenv("WEFT_CORPUS_DIR");
    char path[4200];
    weft_plugin_t *on_direct, *on_hosted;
    snprintf(path, sizeof path, "%s/compositions/loop.wasm", corpus ? corpus : "build/corpus");
    bench_check(weft_plugin_load(engine, path, &direct, &on_direct));
    bench_check(weft_plugin_load(engine, path, &hosted, &on_hosted));
    bench_subject_t engines_own =
        by_weft(weft_loop, func_of(on_hosted, "test:loop/run", "add"), 100000);
    engines_own.what = "Wasmtime's fused adapter";
    hold(report,
         (contest_t){.name = "component -> component inside one plugin, add",
                     .weft = by_weft(weft_loop, func_of(on_direct, "test:loop/run", "add"), 10000),
                     .peers = {engines_own}});
}

/* `sum` of the caller, with how many bytes. */
static void weft_loop_sum(const void *with, unsigned times) {
    weft_value_t in[2] = {weft_u32(times), weft_u32(BYTES)}, out;
    bench_check(weft_func_call((weft_func_t *)(uintptr_t)with, in, 2, &out, 1));
}

static void between_plugins(bench_report_t *report, weft_engine_t *engine, const on_core_t *core,
                            const bench_peer_t *peer) {
    static const char run[] = "bench:caller/run";
    static const bench_subject_t not_yet = {
        .what = "weft", .failure = "plugins cannot be linked in that shape yet"};
    weft_plugin_t *ops, *caller;
    bench_check(weft_plugin_read(engine, bench_guest("ops"), &direct, &ops));
    weft_options_t linked = direct;
    linked.providers = &ops;
    linked.provider_count = 1;
    bench_check(weft_plugin_read(engine, bench_guest("caller"), &linked, &caller));
    hold(report, (contest_t){.name = "plugin -> plugin, add, two stores",
                             .of_floor = 2.05,
                             .weft = by_weft(weft_loop, func_of(caller, run, "add"), 10000),
                             .floor = by_core(on_core_pair_add, core, 10000),
                             .peers = {by_plain(on_component_pair_add, PAIR_CALLS),
                                       by_concurrent(on_component_pair_add, PAIR_CALLS)}});
    hold(report, (contest_t){.name = "the same, the result with an id and as a result",
                             .of_floor = 1.18,
                             .weft = not_yet,
                             .floor = by_core(on_core_tagged_add, core, 10000),
                             .peers = {bench_peer_case(peer, "two-add")}});
    hold(report, (contest_t){.name = "plugin -> plugin, 64 KiB list<u8>, two stores",
                             .of_floor = 2.6,
                             .weft = by_weft(weft_loop_sum, func_of(caller, run, "sum"), 300),
                             .floor = by_core(on_core_pair_sum, core, 300),
                             .peers = {by_plain(on_component_pair_sum, 1),
                                       by_concurrent(on_component_pair_sum, 1),
                                       bench_peer_case(peer, "two-sum")}});
    hold(report, (contest_t){.name = "broadcast of add to 16 plugins",
                             .of_peer = 0.066,
                             .weft = not_yet,
                             .peers = {bench_peer_case(peer, "broadcast")}});
}

/* ---- starting --------------------------------------------------------------------------------- */

/* In rounds of some 30 us. */
static void start_contest(bench_report_t *report, weft_engine_t *engine, weft_bytes_t component,
                          contest_t contest) {
    weft_source_t source = {engine, component};
    weft_plugin_t *kept = start_one(&source); /* so that its code is compiled */
    contest.weft =
        (bench_subject_t){.what = "weft", .run = weft_starts, .with = &source, .times = 10};
    hold(report, contest);
    weft_plugin_delete(kept);
}

static contest_t against_component_api(const char *name, weft_bytes_t component) {
    contest_t c = {
        .name = name,
        .of_peer = 1,
        .peers = {by_plain(on_component_start, 10), by_concurrent(on_component_start, 10)}};
    c.peers[0].with = on_component_start_open(plain, component);
    c.peers[1].with = on_component_start_open(concurrent, component);
    return c;
}

static void start_of_file(bench_report_t *report, weft_engine_t *engine, const char *name,
                          const char *file) {
    weft_bytes_t component = bench_guest(file);
    contest_t c = against_component_api(name, component);
    c.of_peer = 0; /* the table has no such row */
    start_contest(report, engine, component, c);
}

static void starting(bench_report_t *report, weft_engine_t *engine, const bench_peer_t *peer) {
    weft_engine_t *pooled;
    weft_bytes_t ops = bench_guest("ops");
    contest_t c = against_component_api("start a small plugin, its code compiled", ops);
    c.floor = by_core(core_start, core_start_open(false), 10);
    c.peers[2] = bench_peer_case(peer, "instantiate");
    start_contest(report, engine, ops, c);
    bench_check(weft_engine_new(&pooled));
    bench_check(weft_engine_pool(pooled, 1000));
    start_contest(report, pooled, ops,
                  (contest_t){.name = "the same from a pool (weft_engine_pool)",
                              .target = 3000,
                              .floor = by_core(core_start, core_start_open(true), 10)});
    weft_engine_delete(pooled);
    start_of_file(report, engine, "start a plugin that clang and wit-component made", "clang");
    start_of_file(report, engine, "start a composition of two such", "clang-two");
}

enum { SECOND_STARTS = 10 };

/* A new engine each time, as a new process has; the first one compiles. */
static double start_big(const char *folder) {
    weft_engine_t *engine;
    weft_plugin_t *plugin;
    double begin = bench_now();
    bench_check(weft_engine_new(&engine));
    bench_check(weft_engine_keep_code(engine, folder));
    bench_check(weft_plugin_load(engine, input("big-code"), &direct, &plugin));
    bench_check(weft_plugin_start(plugin));
    double taken = bench_now() - begin;
    weft_plugin_delete(plugin);
    weft_engine_delete(engine);
    return taken * 1e3;
}

static void second_start(bench_report_t *report) {
    char folder[4300], command[4400];
    const char *base = getenv("TMPDIR");
    snprintf(folder, sizeof folder, "%s/weft-bench-code-XXXXXX", base && *base ? base : "/tmp");
    if (!mkdtemp(folder)) bench_stop("no temporary folder");
    double first = start_big(folder), best = 1e300;
    for (int i = 0; i < SECOND_STARTS; i++) {
        double taken = start_big(folder);
        if (taken < best) best = taken;
    }
    bench_report_add(report,
                     (bench_row_t){.name = "second start of a plugin with 6.3 MB of code",
                                   .unit = "ms",
                                   .value = best,
                                   .target = 5,
                                   .peers = {{"the first start, which compiles", first, NULL}}});
    snprintf(command, sizeof command, "rm -r '%s'", folder);
    if (system(command) != 0) bench_stop("the temporary folder cannot be removed");
}

/* ---- many plugins, in a process of their own -------------------------------------------------- */

enum { MANY = 10000 };

/* Prints how many megabytes they are. */
static int be_many(bool on_core, unsigned count) {
    weft_source_t source = {.binary = bench_guest("ops")};
    const core_start_t *start = core_start_open(false);
    bench_check(weft_engine_new(&source.engine));
    if (on_core) core_start_keep(start, 1);
    else start_one(&source);
    size_t before = bench_resident();
    if (on_core) core_start_keep(start, count);
    for (unsigned i = 0; i < count && !on_core; i++) start_one(&source);
    printf("%.3f\n", (double)(bench_resident() - before) / 1e6);
    return 0;
}

static bench_reference_t megabytes(const char *program, const char *what, const char *word) {
    char command[4300];
    bench_reference_t result = {what, 0, "it failed"};
    snprintf(command, sizeof command, "'%s' %s %d", program, word, MANY);
    FILE *out = popen(command, "r");
    bool read = out && fscanf(out, "%lf", &result.value) == 1;
    if (out && pclose(out) == 0 && read) result.failure = NULL;
    return result;
}

static void many(bench_report_t *report, const char *program) {
    bench_reference_t weft = megabytes(program, "weft", "--many");
    bench_report_add(report,
                     (bench_row_t){.name = "10 000 small plugins, memory",
                                   .unit = "MB",
                                   .value = weft.value,
                                   .failure = weft.failure,
                                   .target = 150,
                                   .floor = megabytes(program, "core API by hand", "--many-core")});
}

int main(int argc, char **argv) {
    bench_peer_t peer;
    char files[8600];
    weft_engine_t *engine;
    if (argc == 3) return be_many(strcmp(argv[1], "--many-core") == 0, (unsigned)atoi(argv[2]));
    memset(bench_text, 'a', STRING);
    snprintf(files, sizeof files, "'%s'", input("ops"));
    snprintf(files + strlen(files), sizeof files - strlen(files), " '%s'", input("tagged-caller"));
    bench_peer_run(&peer, "wasm-link", getenv("WEFT_BENCH_WASM_LINK"), files);
    bench_check(weft_engine_new(&engine));
    const on_core_t *core = on_core_open();
    plain = on_component_open(false);
    concurrent = on_component_open(true);

    bench_report_t report = bench_report_new("Calls (best of many rounds)");
    from_host(&report, engine, core, &peer);
    inside(&report, engine);
    between_plugins(&report, engine, core, &peer);
    starting(&report, engine, &peer);
    second_start(&report);
    many(&report, argv[0]);
    return bench_report_finish(&report, argc > 1 ? argv[1] : NULL);
}
