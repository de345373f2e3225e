/* The floor of calls: the core API by hand, doing only what must be done. Nothing is checked. */
#include <stdlib.h>
#include <string.h>

#include "calls.h"

static const char ops_wat[] =
    "(module (memory (export \"memory\") 4)"
    " (func (export \"realloc\") (param i32 i32 i32 i32) (result i32) (i32.const 1024))"
    " (func (export \"add\") (param i32 i32) (result i32)"
    "  (i32.add (local.get 0) (local.get 1)))"
    " (func (export \"sum\") (param i32 i32) (result i32) (local.get 1))"
    " (func (export \"echo\") (param i32 i32) (result i32)"
    "  (i32.store (i32.const 0) (local.get 0)) (i32.store (i32.const 4) (local.get 1))"
    "  (i32.const 0)))";

/* The tagged one gets its result in memory, as `tuple<string, result<u32>>` has it. */
static const char caller_wat[] =
    "(module (import \"ops\" \"add\" (func $add (param i32 i32) (result i32)))"
    " (import \"ops\" \"sum\" (func $sum (param i32 i32) (result i32)))"
    " (import \"ops\" \"tagged\" (func $tagged (param i32 i32 i32)))"
    " (memory (export \"memory\") 4)"
    " (func (export \"realloc\") (param i32 i32 i32 i32) (result i32) (i32.const 256))"
    " (func (export \"add\") (param $n i32) (result i32) (local $sum i32)"
    "  (block $done (loop $again (br_if $done (i32.eqz (local.get $n)))"
    "   (local.set $sum (call $add (local.get $sum) (local.get $n)))"
    "   (local.set $n (i32.sub (local.get $n) (i32.const 1))) (br $again))) (local.get $sum))"
    " (func (export \"tagged\") (param $n i32) (result i32) (local $sum i32)"
    "  (block $done (loop $again (br_if $done (i32.eqz (local.get $n)))"
    "   (call $tagged (local.get $sum) (local.get $n) (i32.const 0))"
    "   (local.set $sum (i32.load (i32.const 12)))"
    "   (local.set $n (i32.sub (local.get $n) (i32.const 1))) (br $again))) (local.get $sum))"
    " (func (export \"sum\") (param $n i32) (result i32) (local $sum i32)"
    "  (block $done (loop $again (br_if $done (i32.eqz (local.get $n)))"
    "   (local.set $sum (call $sum (i32.const 1024) (i32.const 65536)))"
    "   (local.set $n (i32.sub (local.get $n) (i32.const 1))) (br $again))) (local.get $sum)))";

/* An instance in a store of its own. */
typedef struct side {
    wasmtime_context_t *context;
    wasmtime_func_t realloc, add, sum, other; /* `other`: echo, or tagged */
    uint8_t *memory;
} side_t;

struct on_core {
    side_t ops, caller;
};

static wasmtime_context_t *new_context(wasm_engine_t *engine) {
    wasmtime_context_t *context = wasmtime_store_context(wasmtime_store_new(engine, NULL, NULL));
    wasmtime_context_set_epoch_deadline(context, UINT64_C(1) << 40);
    return context;
}

static wasmtime_module_t *compile(wasm_engine_t *engine, const char *wat) {
    weft_bytes_t binary;
    wasmtime_module_t *module;
    bench_check(weft_wat_to_wasm(weft_str(wat), &binary));
    bench_pass(wasmtime_module_new(engine, binary.ptr, binary.len, &module), NULL);
    return module;
}

static wasmtime_extern_t export_of(side_t *side, const wasmtime_instance_t *instance,
                                   const char *name) {
    wasmtime_extern_t item;
    if (!wasmtime_instance_export_get(side->context, instance, name, strlen(name), &item))
        bench_stop("the floor lacks an export");
    return item;
}

static void open_side(side_t *side, const wasmtime_module_t *module,
                      const wasmtime_extern_t *imports, size_t count, const char *other) {
    wasmtime_instance_t instance;
    wasm_trap_t *trap = NULL;
    bench_pass(wasmtime_instance_new(side->context, module, imports, count, &instance, &trap),
               trap);
    wasmtime_extern_t memory = export_of(side, &instance, "memory");
    side->memory = wasmtime_memory_data(side->context, &memory.of.memory);
    side->realloc = export_of(side, &instance, "realloc").of.func;
    side->add = export_of(side, &instance, "add").of.func;
    side->sum = export_of(side, &instance, "sum").of.func;
    side->other = export_of(side, &instance, other).of.func;
}

/* ---- calls ------------------------------------------------------------------------------------ */

static void call(const side_t *side, const wasmtime_func_t *func, wasmtime_val_raw_t *values,
                 size_t count) {
    wasm_trap_t *trap = NULL;
    bench_pass(wasmtime_func_call_unchecked(side->context, func, values, count, &trap), trap);
}

/* Room in the guest, filled. */
static int32_t give(const side_t *side, const void *bytes, size_t len) {
    wasmtime_val_raw_t ask[4] = {{0}, {0}, {.i32 = 1}, {.i32 = (int32_t)len}};
    call(side, &side->realloc, ask, 4);
    memcpy(side->memory + ask[0].i32, bytes, len);
    return ask[0].i32;
}

void on_core_add(const void *with, unsigned times) {
    const on_core_t *core = with;
    while (times--) {
        wasmtime_val_raw_t values[2] = {{.i32 = 1}, {.i32 = 2}};
        call(&core->ops, &core->ops.add, values, 2);
    }
}

void on_core_sum(const void *with, unsigned times) {
    const on_core_t *core = with;
    while (times--) {
        wasmtime_val_raw_t in[2] = {{.i32 = give(&core->ops, bench_bytes, BYTES)}, {.i32 = BYTES}};
        call(&core->ops, &core->ops.sum, in, 2);
    }
}

void on_core_echo(const void *with, unsigned times) {
    const on_core_t *core = with;
    static char back[STRING];
    while (times--) {
        uint32_t place[2];
        wasmtime_val_raw_t in[2] = {{.i32 = give(&core->ops, bench_text, STRING)}, {.i32 = STRING}};
        call(&core->ops, &core->ops.other, in, 2);
        memcpy(place, core->ops.memory + in[0].i32, sizeof place);
        memcpy(back, core->ops.memory + place[0], place[1]);
    }
}

/* ---- from one store to another ---------------------------------------------------------------- */

static wasm_trap_t *on_add(void *env, wasmtime_caller_t *caller, wasmtime_val_raw_t *values,
                           size_t count) {
    const on_core_t *core = env;
    (void)caller, (void)count;
    call(&core->ops, &core->ops.add, values, 2);
    return NULL;
}

static wasm_trap_t *on_sum(void *env, wasmtime_caller_t *caller, wasmtime_val_raw_t *values,
                           size_t count) {
    const on_core_t *core = env;
    (void)caller, (void)count;
    values[0].i32 = give(&core->ops, core->caller.memory + values[0].i32, (size_t)values[1].i32);
    call(&core->ops, &core->ops.sum, values, 2);
    return NULL;
}

static wasm_trap_t *on_tagged(void *env, wasmtime_caller_t *caller, wasmtime_val_raw_t *values,
                              size_t count) {
    const on_core_t *core = env;
    int32_t place = values[2].i32;
    (void)caller, (void)count;
    call(&core->ops, &core->ops.add, values, 2);
    int32_t answer[4] = {give(&core->caller, "ops", 3), 3, 0, values[0].i32};
    memcpy(core->caller.memory + place, answer, sizeof answer);
    return NULL;
}

static wasm_functype_t *i32s(size_t params, size_t results) {
    wasm_valtype_t *types[4] = {NULL};
    wasm_valtype_vec_t in, out;
    for (size_t i = 0; i < params; i++) types[i] = wasm_valtype_new_i32();
    wasm_valtype_vec_new(&in, params, types);
    for (size_t i = 0; i < results; i++) types[i] = wasm_valtype_new_i32();
    wasm_valtype_vec_new(&out, results, types);
    return wasm_functype_new(&in, &out);
}

static wasmtime_extern_t host_func(on_core_t *core, size_t params, size_t results,
                                   wasmtime_func_unchecked_callback_t callback) {
    wasmtime_extern_t func = {.kind = WASMTIME_EXTERN_FUNC};
    wasmtime_func_new_unchecked(core->caller.context, i32s(params, results), callback, core, NULL,
                                &func.of.func);
    return func;
}

/* `times` calls by the caller. */
static void pair(const on_core_t *core, const wasmtime_func_t *func, unsigned times) {
    wasmtime_val_raw_t values[1] = {{.i32 = (int32_t)times}};
    call(&core->caller, func, values, 1);
}

void on_core_pair_add(const void *with, unsigned times) {
    const on_core_t *core = with;
    pair(core, &core->caller.add, times);
}

void on_core_pair_sum(const void *with, unsigned times) {
    const on_core_t *core = with;
    pair(core, &core->caller.sum, times);
}

void on_core_tagged_add(const void *with, unsigned times) {
    const on_core_t *core = with;
    pair(core, &core->caller.other, times);
}

on_core_t *on_core_open(void) {
    static on_core_t core;
    wasm_engine_t *engine = bench_engine(false, false);
    core.ops.context = new_context(engine);
    core.caller.context = new_context(engine);
    open_side(&core.ops, compile(engine, ops_wat), NULL, 0, "echo");
    wasmtime_extern_t imports[3] = {host_func(&core, 2, 1, on_add), host_func(&core, 2, 1, on_sum),
                                    host_func(&core, 3, 0, on_tagged)};
    open_side(&core.caller, compile(engine, caller_wat), imports, 3, "tagged");
    return &core;
}

/* ---- starting --------------------------------------------------------------------------------- */

struct core_start {
    wasm_engine_t *engine;
    wasmtime_module_t *module;
};

core_start_t *core_start_open(bool pooled) {
    core_start_t *start = calloc(1, sizeof *start);
    if (!start) bench_stop("out of memory");
    start->engine = bench_engine(false, pooled);
    start->module = compile(start->engine, ops_wat);
    return start;
}

static wasmtime_store_t *start_one(const core_start_t *start) {
    wasmtime_instance_t instance;
    wasm_trap_t *trap = NULL;
    wasmtime_store_t *store = wasmtime_store_new(start->engine, NULL, NULL);
    wasmtime_context_t *context = wasmtime_store_context(store);
    wasmtime_context_set_epoch_deadline(context, UINT64_C(1) << 40);
    bench_pass(wasmtime_instance_new(context, start->module, NULL, 0, &instance, &trap), trap);
    return store;
}

void core_start(const void *with, unsigned times) {
    while (times--) wasmtime_store_delete(start_one(with));
}

void core_start_keep(const core_start_t *start, unsigned count) {
    while (count--) start_one(start);
}
