/* The peer that is always there: Wasmtime's own component API, as its users call it from C. */
#include <stdlib.h>
#include <string.h>

#include "calls.h"

/* A component in a store of its own. */
typedef struct side {
    wasmtime_component_t *component;
    wasmtime_context_t *context;
    wasmtime_component_func_t add, sum, echo;
} side_t;

struct on_component {
    wasm_engine_t *engine;
    wasmtime_component_linker_t *nothing; /* a linker without anything */
    side_t ops, caller;
};

static void find(side_t *side, const wasmtime_component_instance_t *instance, const char *interface,
                 const char *name, wasmtime_component_func_t *func) {
    wasmtime_component_export_index_t *outer =
        wasmtime_component_get_export_index(side->component, NULL, interface, strlen(interface));
    wasmtime_component_export_index_t *index =
        outer ? wasmtime_component_get_export_index(side->component, outer, name, strlen(name))
              : NULL;
    if (!index || !wasmtime_component_instance_get_func(instance, side->context, index, func))
        bench_stop("the component lacks an export");
    wasmtime_component_export_index_delete(index);
    wasmtime_component_export_index_delete(outer);
}

static void open_side(on_component_t *on, side_t *side, const char *guest,
                      wasmtime_component_linker_t *linker,
                      wasmtime_component_instance_t *instance) {
    weft_bytes_t binary = bench_guest(guest);
    side->context = wasmtime_store_context(wasmtime_store_new(on->engine, NULL, NULL));
    wasmtime_context_set_epoch_deadline(side->context, UINT64_C(1) << 40);
    bench_pass(wasmtime_component_new(on->engine, binary.ptr, binary.len, &side->component), NULL);
    bench_pass(
        wasmtime_component_linker_instantiate(linker, side->context, side->component, instance),
        NULL);
}

/* ---- calls ------------------------------------------------------------------------------------ */

static void call(const side_t *side, const wasmtime_component_func_t *func,
                 const wasmtime_component_val_t *args, size_t count,
                 wasmtime_component_val_t *result) {
    bench_pass(wasmtime_component_func_call(func, side->context, args, count, result, 1), NULL);
}

static wasmtime_component_val_t u32(uint32_t value) {
    return (wasmtime_component_val_t){.kind = WASMTIME_COMPONENT_U32, .of.u32 = value};
}

void on_component_add(const void *with, unsigned times) {
    const on_component_t *on = with;
    wasmtime_component_val_t in[2] = {u32(1), u32(2)}, out = {0};
    while (times--) call(&on->ops, &on->ops.add, in, 2, &out);
}

/* A caller has bytes, so making Wasmtime's list of them is part of the call. */
void on_component_sum(const void *with, unsigned times) {
    const on_component_t *on = with;
    while (times--) {
        wasmtime_component_val_t in = {.kind = WASMTIME_COMPONENT_LIST}, out = {0};
        wasmtime_component_vallist_new_uninit(&in.of.list, BYTES);
        for (size_t i = 0; i < BYTES; i++)
            in.of.list.data[i] =
                (wasmtime_component_val_t){.kind = WASMTIME_COMPONENT_U8, .of.u8 = bench_bytes[i]};
        call(&on->ops, &on->ops.sum, &in, 1, &out);
        wasmtime_component_val_delete(&in);
    }
}

void on_component_echo(const void *with, unsigned times) {
    const on_component_t *on = with;
    while (times--) {
        wasmtime_component_val_t in = {.kind = WASMTIME_COMPONENT_STRING}, out = {0};
        wasm_name_new(&in.of.string, STRING, bench_text);
        call(&on->ops, &on->ops.echo, &in, 1, &out);
        wasmtime_component_val_delete(&in);
        wasmtime_component_val_delete(&out);
    }
}

/* ---- from one store to another ---------------------------------------------------------------- */

static wasmtime_error_t *pass_on(void *env, wasmtime_context_t *context,
                                 const wasmtime_component_func_type_t *type,
                                 wasmtime_component_val_t *args, size_t arg_count,
                                 wasmtime_component_val_t *results, size_t result_count) {
    const on_component_t *on = env;
    const wasmtime_component_func_t *func = arg_count == 1 ? &on->ops.sum : &on->ops.add;
    (void)context, (void)type;
    return wasmtime_component_func_call(func, on->ops.context, args, arg_count, results,
                                        result_count);
}

static void open_caller(on_component_t *on) {
    static const char ops[] = "bench:plugins/ops", run[] = "bench:caller/run";
    wasmtime_component_linker_t *linker = wasmtime_component_linker_new(on->engine);
    wasmtime_component_linker_instance_t *root = wasmtime_component_linker_root(linker), *given;
    wasmtime_component_instance_t instance;
    bench_pass(wasmtime_component_linker_instance_add_instance(root, ops, strlen(ops), &given),
               NULL);
    bench_pass(wasmtime_component_linker_instance_add_func(given, "add", 3, pass_on, on, NULL),
               NULL);
    bench_pass(wasmtime_component_linker_instance_add_func(given, "sum", 3, pass_on, on, NULL),
               NULL);
    wasmtime_component_linker_instance_delete(given);
    wasmtime_component_linker_instance_delete(root);
    open_side(on, &on->caller, "caller", linker, &instance);
    find(&on->caller, &instance, run, "add", &on->caller.add);
    find(&on->caller, &instance, run, "sum", &on->caller.sum);
}

void on_component_pair_add(const void *with, unsigned times) {
    const on_component_t *on = with;
    wasmtime_component_val_t in = u32(times), out = {0};
    call(&on->caller, &on->caller.add, &in, 1, &out);
}

void on_component_pair_sum(const void *with, unsigned times) {
    const on_component_t *on = with;
    wasmtime_component_val_t in[2] = {u32(times), u32(BYTES)}, out = {0};
    call(&on->caller, &on->caller.sum, in, 2, &out);
}

on_component_t *on_component_open(bool concurrency) {
    static const char ops[] = "bench:plugins/ops";
    on_component_t *on = calloc(1, sizeof *on);
    wasmtime_component_instance_t instance;
    if (!on) bench_stop("out of memory");
    on->engine = bench_engine(concurrency, false);
    on->nothing = wasmtime_component_linker_new(on->engine);
    open_side(on, &on->ops, "ops", on->nothing, &instance);
    find(&on->ops, &instance, ops, "add", &on->ops.add);
    find(&on->ops, &instance, ops, "sum", &on->ops.sum);
    find(&on->ops, &instance, ops, "echo", &on->ops.echo);
    open_caller(on);
    return on;
}

/* ---- starting --------------------------------------------------------------------------------- */

struct component_start {
    const on_component_t *on;
    wasmtime_component_t *component;
};

const component_start_t *on_component_start_open(const on_component_t *on, weft_bytes_t component) {
    component_start_t *start = calloc(1, sizeof *start);
    if (!start) bench_stop("out of memory");
    start->on = on;
    bench_pass(wasmtime_component_new(on->engine, component.ptr, component.len, &start->component),
               NULL);
    return start;
}

void on_component_start(const void *with, unsigned times) {
    const component_start_t *start = with;
    while (times--) {
        wasmtime_component_instance_t instance;
        wasmtime_store_t *store = wasmtime_store_new(start->on->engine, NULL, NULL);
        wasmtime_context_t *context = wasmtime_store_context(store);
        wasmtime_context_set_epoch_deadline(context, UINT64_C(1) << 40);
        bench_pass(wasmtime_component_linker_instantiate(start->on->nothing, context,
                                                         start->component, &instance),
                   NULL);
        wasmtime_store_delete(store);
    }
}
