/* Calls from the host into a component, and inside one: weft's direct engine beside Wasmtime's component C API
 * and a core call that does only what must be done. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wasmtime.h>

#include <weft/runtime.h>

#include "common/measure.h"
#include "common/report.h"

enum { ROUNDS = 25, BYTES = 65536, STRING = 1024 };

/* $m by itself is the floor. */
#define MODULE                                                                                     \
    "(core module $m (memory (export \"m\") 4)"                                                    \
    " (func (export \"add\") (param i32 i32) (result i32)"                                         \
    "  (i32.add (local.get 0) (local.get 1)))"                                                     \
    " (func (export \"r\") (param i32 i32 i32 i32) (result i32) (i32.const 1024))"                 \
    " (func (export \"sum\") (param i32 i32) (result i32) (local.get 1))"                          \
    " (func (export \"echo\") (param i32 i32) (result i32)"                                        \
    "  (i32.store (i32.const 0) (local.get 0)) (i32.store (i32.const 4) (local.get 1))"            \
    "  (i32.const 0)))"

static const char component_wat[] =
    "(component " MODULE " (core instance $i (instantiate $m))"
    " (func (export \"add\") (param \"a\" u32) (param \"b\" u32) (result u32)"
    "  (canon lift (core func $i \"add\")))"
    " (func (export \"sum\") (param \"a\" (list u8)) (result u32) (canon lift"
    "  (core func $i \"sum\") (memory (core memory $i \"m\")) (realloc (core func $i \"r\"))))"
    " (func (export \"echo\") (param \"a\" string) (result string) (canon lift"
    "  (core func $i \"echo\") (memory (core memory $i \"m\")) (realloc (core func $i \"r\")))))";

static uint8_t bytes[BYTES];
static char text[STRING];

static void stop(const char *what) {
    fprintf(stderr, "bench-calls: %s\n", what);
    exit(2);
}

static void check(weft_error_t *error) {
    char *said;
    if (!error) return;
    if (weft_error_render(error, &said)) stop("out of memory");
    stop(said);
}

static void pass(wasmtime_error_t *error, wasm_trap_t *trap) {
    if (error || trap) stop("Wasmtime failed");
}

/* ---- what is called --------------------------------------------------------------------------- */

/* The least time of a call, in ns, over all rounds so far. */
typedef struct subject {
    void (*run)(unsigned times);
    unsigned times; /* calls a round */
    double best;
} subject_t;

static weft_func_t *weft_add, *weft_sum, *weft_echo;

static void run_weft_add(unsigned times) {
    weft_value_t in[2] = {weft_u32(1), weft_u32(2)}, out;
    while (times--) check(weft_func_call(weft_add, in, 2, &out, 1));
}

static void run_weft_flat(unsigned times) {
    while (times--) {
        weft_flat_t values[2] = {{1, 0}, {2, 0}};
        check(weft_func_call_flat(weft_add, values));
    }
}

static void run_weft_sum(unsigned times) {
    weft_value_t in = weft_byte_list(bytes, BYTES), out;
    while (times--) check(weft_func_call(weft_sum, &in, 1, &out, 1));
}

static void run_weft_echo(unsigned times) {
    weft_value_t in = weft_string_of((weft_str_t){text, STRING}), out;
    while (times--) {
        check(weft_func_call(weft_echo, &in, 1, &out, 1));
        weft_value_clear(&out);
    }
}

static void run_weft_echo_flat(unsigned times) {
    while (times--) {
        weft_flat_t value = weft_flat_bytes(text, STRING);
        check(weft_func_call_flat(weft_echo, &value));
    }
}

static void run_weft_sum_flat(unsigned times) {
    while (times--) {
        weft_flat_t value = weft_flat_bytes(bytes, BYTES);
        check(weft_func_call_flat(weft_sum, &value));
    }
}

static wasmtime_context_t *core_context;
static wasmtime_func_t core_add, core_sum, core_realloc;
static uint8_t *core_memory;

static void run_core_add(unsigned times) {
    while (times--) {
        wasmtime_val_raw_t values[2] = {{.i32 = 1}, {.i32 = 2}};
        wasm_trap_t *trap = NULL;
        pass(wasmtime_func_call_unchecked(core_context, &core_add, values, 2, &trap), trap);
    }
}

static void run_core_sum(unsigned times) {
    while (times--) {
        wasmtime_val_raw_t ask[4] = {{0}, {0}, {.i32 = 1}, {.i32 = BYTES}}, in[2];
        wasm_trap_t *trap = NULL;
        pass(wasmtime_func_call_unchecked(core_context, &core_realloc, ask, 4, &trap), trap);
        memcpy(core_memory + ask[0].i32, bytes, BYTES);
        in[0].i32 = ask[0].i32;
        in[1].i32 = BYTES;
        pass(wasmtime_func_call_unchecked(core_context, &core_sum, in, 2, &trap), trap);
    }
}

static wasmtime_context_t *peer_context;
static wasmtime_component_func_t peer_add, peer_sum, peer_echo;

static void run_peer_add(unsigned times) {
    wasmtime_component_val_t in[2] = {{.kind = WASMTIME_COMPONENT_U32, .of.u32 = 1},
                                      {.kind = WASMTIME_COMPONENT_U32, .of.u32 = 2}};
    wasmtime_component_val_t out = {0};
    while (times--)
        pass(wasmtime_component_func_call(&peer_add, peer_context, in, 2, &out, 1), NULL);
}

/* A caller has bytes, so making Wasmtime's list of them is part of the call. */
static void run_peer_sum(unsigned times) {
    while (times--) {
        wasmtime_component_val_t in = {.kind = WASMTIME_COMPONENT_LIST}, out = {0};
        wasmtime_component_vallist_new_uninit(&in.of.list, BYTES);
        for (size_t i = 0; i < BYTES; i++)
            in.of.list.data[i] =
                (wasmtime_component_val_t){.kind = WASMTIME_COMPONENT_U8, .of.u8 = bytes[i]};
        pass(wasmtime_component_func_call(&peer_sum, peer_context, &in, 1, &out, 1), NULL);
        wasmtime_component_val_delete(&in);
    }
}

static void run_peer_echo(unsigned times) {
    while (times--) {
        wasmtime_component_val_t in = {.kind = WASMTIME_COMPONENT_STRING}, out = {0};
        wasm_name_new(&in.of.string, STRING, text);
        pass(wasmtime_component_func_call(&peer_echo, peer_context, &in, 1, &out, 1), NULL);
        wasmtime_component_val_delete(&in);
        wasmtime_component_val_delete(&out);
    }
}

static weft_func_t *loop_direct, *loop_hosted;

static void run_loop(weft_func_t *func, unsigned times) {
    weft_value_t in = weft_u32(times), out;
    check(weft_func_call(func, &in, 1, &out, 1));
    weft_value_clear(&out);
}

static void run_loop_direct(unsigned times) {
    run_loop(loop_direct, times);
}

static void run_loop_hosted(unsigned times) {
    run_loop(loop_hosted, times);
}

/* ---- setting up ------------------------------------------------------------------------------- */

static weft_func_t *func_of(weft_plugin_t *plugin, const char *interface, const char *name) {
    weft_func_t *func;
    check(weft_plugin_func(plugin, interface, name, &func));
    return func;
}

static void open_weft(weft_engine_t *engine, weft_bytes_t binary) {
    weft_options_t options = {.engine = WEFT_ENGINE_DIRECT};
    weft_plugin_t *plugin;
    check(weft_plugin_read(engine, binary, &options, &plugin));
    weft_add = func_of(plugin, NULL, "add");
    weft_sum = func_of(plugin, NULL, "sum");
    weft_echo = func_of(plugin, NULL, "echo");
    check(weft_func_prepare_flat(weft_add));
    check(weft_func_prepare_flat(weft_echo));
    check(weft_func_prepare_flat(weft_sum));
}

static void open_loop(weft_engine_t *engine) {
    const char *corpus = getenv("WEFT_CORPUS_DIR");
    char path[4096];
    weft_plugin_t *plugin;
    weft_options_t direct = {.engine = WEFT_ENGINE_DIRECT}, hosted = {.engine = WEFT_ENGINE_HOSTED};
    snprintf(path, sizeof path, "%s/compositions/loop.wasm", corpus ? corpus : "build/corpus");
    check(weft_plugin_load(engine, path, &direct, &plugin));
    loop_direct = func_of(plugin, "test:loop/run", "add");
    check(weft_plugin_load(engine, path, &hosted, &plugin));
    loop_hosted = func_of(plugin, "test:loop/run", "add");
}

/* As weft's own engines are, without what only async needs. */
static wasm_engine_t *make_engine(void) {
    wasm_config_t *config = wasm_config_new();
    wasmtime_config_epoch_interruption_set(config, true);
    wasmtime_config_concurrency_support_set(config, false);
    return wasm_engine_new_with_config(config);
}

static wasmtime_context_t *make_context(wasm_engine_t *engine) {
    wasmtime_context_t *context = wasmtime_store_context(wasmtime_store_new(engine, NULL, NULL));
    wasmtime_context_set_epoch_deadline(context, UINT64_C(1) << 40);
    return context;
}

static wasmtime_extern_t core_export(wasmtime_instance_t *instance, const char *name) {
    wasmtime_extern_t item;
    if (!wasmtime_instance_export_get(core_context, instance, name, strlen(name), &item))
        stop("the floor lacks an export");
    return item;
}

static void open_core(wasm_engine_t *engine) {
    char wat[sizeof MODULE];
    weft_bytes_t binary;
    wasmtime_module_t *module;
    wasmtime_instance_t instance;
    wasm_trap_t *trap = NULL;
    snprintf(wat, sizeof wat, "(%s", &MODULE[strlen("(core ")]); /* (module ... */
    check(weft_wat_to_wasm(weft_str(wat), &binary));
    core_context = make_context(engine);
    pass(wasmtime_module_new(engine, binary.ptr, binary.len, &module), NULL);
    pass(wasmtime_instance_new(core_context, module, NULL, 0, &instance, &trap), trap);
    wasmtime_extern_t memory = core_export(&instance, "m");
    core_add = core_export(&instance, "add").of.func;
    core_sum = core_export(&instance, "sum").of.func;
    core_realloc = core_export(&instance, "r").of.func;
    core_memory = wasmtime_memory_data(core_context, &memory.of.memory);
}

static wasmtime_component_func_t peer_func(const wasmtime_component_t *component,
                                           const wasmtime_component_instance_t *instance,
                                           const char *name) {
    wasmtime_component_func_t func = {0};
    wasmtime_component_export_index_t *index =
        wasmtime_component_get_export_index(component, NULL, name, strlen(name));
    if (!index || !wasmtime_component_instance_get_func(instance, peer_context, index, &func))
        stop("the peer lacks an export");
    return func;
}

static void open_peer(wasm_engine_t *engine, weft_bytes_t binary) {
    wasmtime_component_t *component;
    wasmtime_component_instance_t instance;
    wasmtime_component_linker_t *linker = wasmtime_component_linker_new(engine);
    peer_context = make_context(engine);
    pass(wasmtime_component_new(engine, binary.ptr, binary.len, &component), NULL);
    pass(wasmtime_component_linker_instantiate(linker, peer_context, component, &instance), NULL);
    peer_add = peer_func(component, &instance, "add");
    peer_sum = peer_func(component, &instance, "sum");
    peer_echo = peer_func(component, &instance, "echo");
}

/* ---- measuring -------------------------------------------------------------------------------- */

/* They take turns, so that a disturbance hits all. */
static void measure(subject_t *const subjects[], size_t count) {
    for (unsigned round = 0; round < ROUNDS; round++)
        for (size_t i = 0; i < count; i++) {
            if (!subjects[i]) continue;
            double start = bench_now();
            subjects[i]->run(subjects[i]->times);
            double each = (bench_now() - start) * 1e9 / subjects[i]->times;
            if (!round || each < subjects[i]->best) subjects[i]->best = each;
        }
}

static void row(bench_report_t *report, const char *name, double target, subject_t weft,
                subject_t floor, subject_t peer) {
    subject_t *subjects[] = {&weft, floor.run ? &floor : NULL, &peer};
    measure(subjects, 3);
    bench_row_t made = {.name = name,
                        .unit = "ns",
                        .value = weft.best,
                        .target = target,
                        .peer = {"Wasmtime's component API", peer.best, NULL}};
    if (floor.run) made.floor = (bench_reference_t){"core call", floor.best, NULL};
    bench_report_add(report, made);
}

int main(int argc, char **argv) {
    weft_engine_t *engine;
    weft_bytes_t binary;
    wasm_engine_t *wasmtime = make_engine();
    memset(text, 'a', STRING);
    check(weft_engine_new(&engine));
    check(weft_wat_to_wasm(weft_str(component_wat), &binary));
    open_weft(engine, binary);
    open_loop(engine);
    open_core(wasmtime);
    open_peer(wasmtime, binary);

    bench_report_t report = bench_report_new("Calls (best of several rounds)");
    subject_t floor = {run_core_add, 20000, 0}, peer = {run_peer_add, 5000, 0};
    row(&report, "host -> guest, add(u32, u32)", 45, (subject_t){run_weft_add, 20000, 0}, floor,
        peer);
    row(&report, "the same as a prepared flat call", 25, (subject_t){run_weft_flat, 20000, 0},
        floor, peer);
    row(&report, "host -> guest, 1 KiB string there and back", 150,
        (subject_t){run_weft_echo, 5000, 0}, (subject_t){0}, (subject_t){run_peer_echo, 2000, 0});
    row(&report, "the same as a prepared flat call", 150, (subject_t){run_weft_echo_flat, 5000, 0},
        (subject_t){0}, (subject_t){run_peer_echo, 2000, 0});
    row(&report, "host -> guest, 64 KiB list<u8>", 3000, (subject_t){run_weft_sum, 1000, 0},
        (subject_t){run_core_sum, 1000, 0}, (subject_t){run_peer_sum, 10, 0});
    row(&report, "the same as a prepared flat call", 3000, (subject_t){run_weft_sum_flat, 1000, 0},
        (subject_t){run_core_sum, 1000, 0}, (subject_t){run_peer_sum, 10, 0});
    row(&report, "guest -> guest in one component, add", 0, (subject_t){run_loop_direct, 20000, 0},
        (subject_t){0}, (subject_t){run_loop_hosted, 200000, 0});
    return bench_report_finish(&report, argc > 1 ? argv[1] : NULL);
}
