/* Core modules and their instances. */
#include "runtime/direct/absent.h"
#include "runtime/direct/call.h"
#include "runtime/direct/frame.h"
#include "runtime/failure.h"
#include "runtime/memories.h"
#include "runtime/shared.h"
#include "support/alloc.h"

/* ---- exports ---------------------------------------------------------------------------------- */

static bool find_export(const frame_t *frame, const rt_t *instance, weft_str_t name,
                        wasmtime_extern_t *found) {
    if (instance->kind == RT_CORE_INSTANCE)
        return wasmtime_instance_export_get(frame->direct->context, &instance->core_instance,
                                            name.ptr ? name.ptr : "", name.len, found);
    const rt_t *entity = weft_rt_find(&instance->exports, name);
    if (!entity || entity->kind != RT_CORE) return false;
    *found = *entity->core;
    return true;
}

/* NULL: it is here, or there is no such export. */
static const absent_t *find_absent(const rt_t *instance, weft_str_t name) {
    const rt_t *entity =
        instance->kind == RT_CORE_BUNDLE ? weft_rt_find(&instance->exports, name) : NULL;
    return entity && entity->kind == RT_ABSENT ? entity->absent : NULL;
}

static bool is_of_sort(const wasmtime_extern_t *item, sort_t sort) {
    switch (item->kind) {
    case WASMTIME_EXTERN_FUNC: return sort == SORT_CORE_FUNC;
    case WASMTIME_EXTERN_GLOBAL: return sort == SORT_CORE_GLOBAL;
    case WASMTIME_EXTERN_TABLE: return sort == SORT_CORE_TABLE;
    case WASMTIME_EXTERN_MEMORY: return sort == SORT_CORE_MEMORY;
    case WASMTIME_EXTERN_TAG: return sort == SORT_CORE_TAG;
    default: return false;
    }
}

weft_error_t *weft_core_made(frame_t *frame, wasmtime_extern_t item, rt_t *made) {
    wasmtime_extern_t *kept = ARENA_NEW(&frame->direct->arena, wasmtime_extern_t);
    if (!kept) return weft_error_oom();
    *kept = item;
    *made = (rt_t){.kind = RT_CORE, .core = kept};
    return NULL;
}

/* What an alias of an export stands for. */
static weft_error_t *look_up(frame_t *frame, const def_t *def, rt_t *made) {
    wasmtime_extern_t item;
    const rt_t *instance = weft_frame_entity(frame, def->alias.target);
    const absent_t *absent = find_absent(instance, def->alias.name);
    if (absent) {
        *made = (rt_t){.kind = RT_ABSENT, .absent = absent};
        return NULL;
    }
    if (!find_export(frame, instance, def->alias.name, &item))
        return weft_error_new(WEFT_INVALID, "the core instance has no export named `%.*s`",
                              STR_ARG(def->alias.name));
    if (item.kind == WASMTIME_EXTERN_SHAREDMEMORY) {
        wasmtime_extern_delete(&item);
        return weft_error_new(WEFT_UNSUPPORTED, "shared memories need the hosted engine");
    }
    if (!is_of_sort(&item, (sort_t)def->sort))
        return weft_error_new(WEFT_INVALID, "the export `%.*s` of a core instance is not a %s",
                              STR_ARG(def->alias.name), weft_sort_words((sort_t)def->sort));
    return weft_core_made(frame, item, made);
}

weft_error_t *weft_core_entity(frame_t *frame, const def_t *def, const rt_t **entity) {
    rt_t *found = weft_frame_entity(frame, def);
    if (found->kind == RT_NONE) TRY(look_up(frame, def, found));
    *entity = found;
    return NULL;
}

weft_error_t *weft_core_inline(frame_t *frame, const def_t *def, rt_t *made) {
    arena_t *arena = &frame->direct->arena;
    rt_list_t list = {.items = ARENA_ARRAY(arena, rt_named_t, def->inline_.count),
                      .count = def->inline_.count};
    if (!list.items) return weft_error_oom();
    for (uint32_t i = 0; i < list.count; i++) {
        list.items[i].name = def->inline_.exports[i].name.name;
        TRY(weft_core_entity(frame, def->inline_.exports[i].def, &list.items[i].entity));
    }
    TRY(weft_rt_list_complete(arena, &list));
    *made = (rt_t){.kind = RT_CORE_BUNDLE, .exports = list};
    return NULL;
}

/* ---- instantiating ---------------------------------------------------------------------------- */

static weft_str_t name_of(const wasm_name_t *name) {
    return (weft_str_t){name->data, name->size};
}

/* The instances that a module is given, by name. */
static weft_error_t *list_args(frame_t *frame, const def_t *def, rt_list_t *args) {
    arena_t *arena = &frame->direct->arena;
    uint32_t count = def->instantiate.count;
    *args = (rt_list_t){.items = ARENA_ARRAY(arena, rt_named_t, count), .count = count};
    if (!args->items) return weft_error_oom();
    for (uint32_t i = 0; i < count; i++) {
        const named_def_t *arg = &def->instantiate.args[i];
        args->items[i] = (rt_named_t){arg->name.name, weft_frame_entity(frame, arg->def)};
    }
    return weft_rt_list_complete(arena, args);
}

static weft_error_t *find_import(const frame_t *frame, const rt_list_t *args,
                                 const wasm_importtype_t *type, wasmtime_extern_t *item) {
    weft_str_t module = name_of(wasm_importtype_module(type));
    weft_str_t name = name_of(wasm_importtype_name(type));
    const rt_t *arg = weft_rt_find(args, module);
    if (!arg)
        return weft_error_new(WEFT_INVALID, "missing module instantiation argument named `%.*s`",
                              STR_ARG(module));
    const absent_t *absent = find_absent(arg, name);
    if (absent) return weft_absent_import(absent, type, item);
    if (find_export(frame, arg, name, item)) return NULL;
    return weft_error_new(WEFT_INVALID,
                          "module instantiation argument `%.*s` does not export an item named "
                          "`%.*s`",
                          STR_ARG(module), STR_ARG(name));
}

static weft_error_t *instantiate(frame_t *frame, const shared_module_t *shared,
                                 const wasmtime_extern_t *imports, size_t count, rt_t *made) {
    direct_t *direct = frame->direct;
    wasm_trap_t *trap = NULL;
    making_t making;
    weft_memories_begin(&making, shared->image);
    wasmtime_error_t *failure = wasmtime_instance_new(direct->context, shared->module, imports,
                                                      count, &made->core_instance, &trap);
    weft_memories_end(&making);
    made->kind = RT_CORE_INSTANCE;
    if (!failure && !trap && making.offered)
        return weft_error_new(WEFT_INTERNAL, "the data of a core module was not mapped");
    if (!failure && !trap) return NULL;
    if (direct->pending || trap || direct->guard.limits.ended || weft_failure_in_guest(failure))
        return weft_core_failed(direct, failure, trap);
    return weft_guard_not_started(&direct->guard, &making, WEFT_LIMIT, failure);
}

weft_error_t *weft_core_instantiate(frame_t *frame, const def_t *def, rt_t *made) {
    const shared_module_t *shared = weft_frame_entity(frame, def->instantiate.target)->module;
    const wasm_importtype_vec_t *types = &shared->imports;
    wasmtime_extern_t few[8] = {0}, *imports = few;
    rt_list_t args;
    size_t count = 0;
    weft_error_t *error = list_args(frame, def, &args);
    if (error) return error;
    if (types->size > sizeof few / sizeof *few) {
        imports = weft_alloc_zero(types->size, sizeof *imports);
        if (!imports) return weft_error_oom();
    }
    for (; count < types->size && !error; count++)
        error = find_import(frame, &args, types->data[count], &imports[count]);
    if (shared->has_start) weft_guard_arm(&frame->direct->guard);
    if (!error) error = instantiate(frame, shared, imports, count, made);
    if (imports != few) weft_free(imports);
    return error;
}

/* ---- signatures ------------------------------------------------------------------------------- */

weft_error_t *weft_core_host_func(frame_t *frame, core_sig_t sig,
                                  wasmtime_func_unchecked_callback_t callback, void *env,
                                  rt_t *made) {
    direct_t *direct = frame->direct;
    const wasm_functype_t *type;
    wasmtime_extern_t func = {.kind = WASMTIME_EXTERN_FUNC};
    TRY(weft_program_functype(direct->program, direct->needs, sig, &type));
    wasmtime_func_new_unchecked(direct->context, type, callback, env, NULL, &func.of.func);
    return weft_core_made(frame, func, made);
}

static bool types_are(const wasm_valtype_vec_t *types, const uint8_t *kinds, uint32_t count) {
    if (types->size != count) return false;
    for (uint32_t i = 0; i < count; i++)
        if (wasm_valtype_kind(types->data[i]) != weft_functypes_kind(kinds[i])) return false;
    return true;
}

bool weft_core_is_fixed(const def_t *func) {
    if (func->kind != DEF_ALIAS_CORE_EXPORT) return false;
    const def_t *instance = func->alias.target;
    return instance->kind == DEF_CORE_INSTANTIATE &&
           instance->instantiate.target->kind == DEF_CORE_MODULE;
}

bool weft_core_func_is(direct_t *direct, const wasmtime_func_t *func, core_sig_t sig) {
    wasm_functype_t *type = wasmtime_func_type(direct->context, func);
    bool same = types_are(wasm_functype_params(type), sig.params, sig.param_count) &&
                types_are(wasm_functype_results(type), sig.results, sig.result_count);
    wasm_functype_delete(type);
    return same;
}
