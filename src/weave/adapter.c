#include "weave/adapter.h"

#include "component/build.h"
#include "weave/module.h"

/* What is put into an adapter, and how the core module behind it is made:
 *
 *   import  what the middleware exports (types first)
 *   module  "m": a memory with names, targets and a table of where each target's names are
 *   lower   the middleware's functions, with that memory
 *   module  the functions below, in terms of those
 *   lift    hooks of numbers, exported as "b", "a", "g", "n"
 *
 * The memory begins with what weave/names.c lays out; the table has four words for each target: address and
 * length of the interface's name, address and length of the function's. */

typedef struct adapter {
    builder_t *outer;
    type_pool_t *pool;
    const adapter_job_t *job;
    const hooks_t *hooks;
    bool by_name;    /* before, after and gate are told names */
    bool has_blocks; /* exports "n" */
    builder_t inner;
    VEC(named_def_t) with; /* arguments of the adapter's instance */
    weave_names_t names;
    weave_text_t targets; /* for catalog.declare */
    uint32_t table;
    /* The adapter's imports. */
    def_t *before, *after, *gate, *declare;
    /* The same, lowered. */
    hook_defs_t lowered;
    def_t *lowered_declare, *memory;
    const func_type_t *told; /* of a hook that is told names */
} adapter_t;

/* ---- what the middleware exports ---- */

static def_t *alias_hook(builder_t *b, const placed_t *placed, def_t *interface, const char *hook) {
    if (!interface) return NULL;
    def_t *instance =
        weft_build_alias(b, SORT_INSTANCE, placed->instance, interface->export_.name.name);
    return weft_build_alias(b, SORT_FUNC, instance, weft_hook_function(placed->hooks.family, hook));
}

/* The type of a hook as the middleware declares it. */
static weft_error_t *hook_type(adapter_t *a, def_t *interface, const char *hook,
                               const func_type_t **type) {
    extern_type_t found;
    weft_str_t name = weft_hook_function(a->hooks->family, hook);
    TRY(weft_typing_def(a->pool, interface, &found));
    const extern_item_t *item = weft_instance_type_find(found.type, name);
    if (!item || item->type.sort != SORT_FUNC)
        return weft_error_new(WEFT_INVALID, "%.*s exports no function %.*s",
                              STR_ARG(interface->export_.name.name), STR_ARG(name));
    *type = item->type.type->func.type;
    return NULL;
}

/* ---- types ---- */

static def_t *record_of(builder_t *b, const type_t *record) {
    label_t labels[3];
    for (uint32_t i = 0; i < record->field_count; i++) {
        bool text = record->fields[i].type->kind == TYPE_STRING;
        prim_t prim = text                                       ? PRIM_STRING
                      : record->fields[i].type->kind == TYPE_U64 ? PRIM_U64
                                                                 : PRIM_U32;
        labels[i] = (label_t){record->fields[i].name, true, {.prim = prim}};
    }
    type_def_t shape = {.op = TYPE_OP_RECORD, .labels = labels, .label_count = record->field_count};
    return weft_build_type(b, &shape);
}

static def_t *enum_of(builder_t *b, const type_t *cases) {
    label_t labels[3] = {{.has_type = false}};
    for (uint32_t i = 0; i < cases->field_count && i < 3; i++)
        labels[i].name = cases->fields[i].name;
    type_def_t shape = {.op = TYPE_OP_ENUM, .labels = labels, .label_count = cases->field_count};
    return weft_build_type(b, &shape);
}

/* A named type is defined on both sides; the adapter imports it, so that its imported functions may
 * mention it. */
static weft_error_t *import_type(adapter_t *a, const type_t *type, const char *name, def_t **def) {
    def_t *(*make)(builder_t *, const type_t *) = type->kind == TYPE_ENUM ? enum_of : record_of;
    def_t *here = make(a->outer, type);
    def_t *there = make(&a->inner, type);
    *def = weft_build_import(&a->inner, weft_str(name), SORT_TYPE, there);
    TRY(a->outer->error);
    TRY(a->inner.error);
    return VEC_PUSH(&a->with, weft_named(weft_str(name), here));
}

static weft_error_t *import_func(adapter_t *a, def_t *interface, const char *hook,
                                 const type_def_t *type, def_t **func) {
    def_t *here = alias_hook(a->outer, a->job->placed, interface, hook);
    def_t *func_type = weft_build_type(&a->inner, type);
    *func = weft_build_import(&a->inner, weft_str(hook), SORT_FUNC, func_type);
    TRY(a->outer->error);
    TRY(a->inner.error);
    return VEC_PUSH(&a->with, weft_named(weft_str(hook), here));
}

static weft_error_t *unlike_contract(const def_t *interface) {
    return weft_error_new(WEFT_MISMATCH, "%.*s does not have the functions of its contract",
                          STR_ARG(interface->export_.name.name));
}

/* ---- splicer:tier1: hooks are told a record of names ---- */

static bool is_call_id(const type_t *type) {
    if (type->kind != TYPE_RECORD || type->field_count < 2 || type->field_count > 3) return false;
    for (uint32_t i = 0; i < type->field_count; i++) {
        const type_field_t *field = &type->fields[i];
        type_kind_t kind = weft_str_eq(field->name, STR_LIT("id")) ? TYPE_U64 : TYPE_STRING;
        if (field->type->kind != kind) return false;
    }
    return true;
}

static weft_error_t *import_told(adapter_t *a, def_t *interface, const char *hook, def_t **call_id,
                                 def_t **func) {
    const func_type_t *type;
    if (!interface) return NULL;
    TRY(hook_type(a, interface, hook, &type));
    bool has_verdict = interface == a->hooks->gate;
    if (type->param_count != 1 || !is_call_id(type->params[0].type) ||
        (type->result != NULL) != has_verdict || (has_verdict && type->result->kind != TYPE_BOOL))
        return unlike_contract(interface);
    if (!*call_id) {
        a->told = type;
        TRY(import_type(a, type->params[0].type, "call-id", call_id));
    }
    label_t param = {type->params[0].name, true, {.prim = PRIM_NONE, .def = *call_id}};
    type_def_t shape = {.op = type->is_async ? TYPE_OP_ASYNC_FUNC : TYPE_OP_FUNC,
                        .labels = &param,
                        .label_count = 1,
                        .has_element = has_verdict};
    shape.element.prim = has_verdict ? PRIM_BOOL : PRIM_NONE;
    return import_func(a, interface, hook, &shape, func);
}

static weft_error_t *import_names(adapter_t *a) {
    def_t *call_id = NULL;
    TRY(import_told(a, a->hooks->before, "before", &call_id, &a->before));
    TRY(import_told(a, a->hooks->after, "after", &call_id, &a->after));
    return import_told(a, a->hooks->gate, "gate", &call_id, &a->gate);
}

/* ---- weft:hooks: gate and catalog ---- */

static weft_error_t *import_gate(adapter_t *a) {
    const func_type_t *type;
    def_t *verdict;
    TRY(hook_type(a, a->hooks->gate, "gate", &type));
    const type_t *result = type->result;
    if (type->is_async || type->param_count != 2 || !result || result->kind != TYPE_ENUM ||
        result->field_count != 3)
        return unlike_contract(a->hooks->gate);
    TRY(import_type(a, result, "verdict", &verdict));
    label_t params[2] = {{type->params[0].name, true, {.prim = PRIM_U32}},
                         {type->params[1].name, true, {.prim = PRIM_U64}}};
    type_def_t shape = {.op = TYPE_OP_FUNC,
                        .labels = params,
                        .label_count = 2,
                        .has_element = true,
                        .element = {.prim = PRIM_NONE, .def = verdict}};
    return import_func(a, a->hooks->gate, "gate", &shape, &a->gate);
}

static weft_error_t *import_catalog(adapter_t *a) {
    const func_type_t *type;
    def_t *target;
    TRY(hook_type(a, a->hooks->catalog, "catalog", &type));
    const type_t *list = type->param_count == 1 ? type->params[0].type : NULL;
    if (type->is_async || !list || list->kind != TYPE_LIST || list->element->kind != TYPE_RECORD ||
        list->element->field_count != 3 || list->element->fields[0].type->kind != TYPE_U32)
        return unlike_contract(a->hooks->catalog);
    TRY(import_type(a, list->element, "target", &target));
    type_def_t list_shape = {
        .op = TYPE_OP_LIST, .has_element = true, .element = {.prim = PRIM_NONE, .def = target}};
    def_t *targets = weft_build_type(&a->inner, &list_shape);
    label_t param = {type->params[0].name, true, {.prim = PRIM_NONE, .def = targets}};
    type_def_t shape = {.op = TYPE_OP_FUNC, .labels = &param, .label_count = 1};
    return import_func(a, a->hooks->catalog, "catalog", &shape, &a->declare);
}

/* ---- names in memory ---- */

static weft_error_t *make_memory(adapter_t *a) {
    buf_t bytes = {0};
    if (a->by_name)
        TRY(weft_weave_names_table(&a->names, a->job->targets, a->job->target_count, &a->table));
    if (a->declare)
        TRY(weft_weave_names_targets(&a->names, a->job->targets, a->job->target_count,
                                     &a->targets));
    weft_error_t *error = weft_weave_names_module(&a->names, &bytes);
    if (!error) {
        def_t *module = weft_build_module(&a->inner, weft_buf_as_bytes(&bytes));
        def_t *instance = weft_build_core_instance(&a->inner, module, NULL, 0);
        a->memory = weft_build_core_alias(&a->inner, SORT_CORE_MEMORY, instance, STR_LIT("m"));
        error = a->inner.error;
    }
    weft_buf_free(&bytes);
    return error;
}

static def_t *lower(adapter_t *a, def_t *func) {
    canon_opt_t memory = {OPT_MEMORY, a->memory};
    return func ? weft_build_lower(&a->inner, func, &memory, a->memory ? 1 : 0) : NULL;
}

/* ---- the core module ---- */

static const uint8_t HOOK_PARAMS[] = {CORE_I32, CORE_I64};
static const uint8_t I32[] = {CORE_I32}, I64[] = {CORE_I64};

/* told(record of target's names and call): the fields in the order of the middleware's record. */
static void emit_told(const adapter_t *a, emit_t *m, weft_str_t name, uint32_t hook,
                      bool has_verdict) {
    core_sig_t sig = {HOOK_PARAMS, I32, 2, has_verdict};
    uint32_t func = weft_emit_func(m, sig);
    uint32_t row = weft_emit_local(m, func, CORE_I32);
    buf_t *body = weft_emit_body(m, func);
    op_local_get(body, 0);
    op_i32_const(body, 16);
    op_i32_mul(body);
    op_local_set(body, row);
    const type_t *record = a->told->params[0].type;
    for (uint32_t i = 0; i < record->field_count; i++) {
        weft_str_t field = record->fields[i].name;
        if (weft_str_eq(field, STR_LIT("id"))) {
            op_local_get(body, 1);
            continue;
        }
        uint32_t at = a->table + (weft_str_eq(field, STR_LIT("interface-name")) ? 0 : 8);
        op_local_get(body, row);
        op_i32_load(body, 0, at);
        op_local_get(body, row);
        op_i32_load(body, 0, at + 4);
    }
    op_call(body, hook);
    weft_emit_export(m, name, CORE_FUNC, func);
}

/* n(): the first call declares the targets; the result starts a block of 2^32 call numbers. */
static void emit_blocks(const adapter_t *a, emit_t *m, uint32_t declare) {
    uint32_t next = weft_emit_global(m, CORE_I64, true, 0);
    uint32_t func = weft_emit_func(m, (core_sig_t){.results = I64, .result_count = 1});
    buf_t *body = weft_emit_body(m, func);
    if (a->declare) {
        op_global_get(body, next);
        op_i64_eqz(body);
        op_if(body, CORE_EMPTY);
        op_i32_const(body, a->targets.at);
        op_i32_const(body, a->targets.len);
        op_call(body, declare);
        op_end(body);
    }
    op_global_get(body, next);
    op_global_get(body, next);
    op_i64_const(body, UINT64_C(1) << 32);
    op_i64_add(body);
    op_global_set(body, next);
    weft_emit_export(m, STR_LIT("n"), CORE_FUNC, func);
}

static uint32_t import_hook(emit_t *m, const adapter_t *a, const char *name, bool has_verdict) {
    uint8_t params[5];
    uint32_t count = 0;
    const type_t *record = a->told->params[0].type;
    for (uint32_t i = 0; i < record->field_count; i++) {
        bool id = weft_str_eq(record->fields[i].name, STR_LIT("id"));
        params[count++] = id ? CORE_I64 : CORE_I32;
        if (!id) params[count++] = CORE_I32;
    }
    core_sig_t sig = {params, I32, count, has_verdict};
    return weft_emit_import_func(m, STR_LIT(""), weft_str(name), sig);
}

static weft_error_t *emit_core(adapter_t *a, buf_t *bytes) {
    static const uint8_t two[] = {CORE_I32, CORE_I32};
    emit_t m = {0};
    uint32_t before = 0, after = 0, gate = 0, declare = 0;
    if (a->by_name) {
        if (a->before) before = import_hook(&m, a, "b", false);
        if (a->after) after = import_hook(&m, a, "a", false);
        if (a->gate) gate = import_hook(&m, a, "g", true);
        weft_emit_import_memory(&m, STR_LIT(""), STR_LIT("m"), (core_size_t){0});
    }
    if (a->declare)
        declare = weft_emit_import_func(&m, STR_LIT(""), STR_LIT("d"),
                                        (core_sig_t){.params = two, .param_count = 2});
    if (a->by_name && a->before) emit_told(a, &m, STR_LIT("b"), before, false);
    if (a->by_name && a->after) emit_told(a, &m, STR_LIT("a"), after, false);
    if (a->by_name && a->gate) emit_told(a, &m, STR_LIT("g"), gate, true);
    if (a->has_blocks) emit_blocks(a, &m, declare);
    return weft_emit_finish(&m, bytes);
}

static weft_error_t *make_core(adapter_t *a, def_t **instance) {
    builder_t *b = &a->inner;
    buf_t bytes = {0};
    weft_error_t *error = emit_core(a, &bytes);
    def_t *module = error ? NULL : weft_build_module(b, weft_buf_as_bytes(&bytes));
    weft_buf_free(&bytes);
    TRY(error);
    named_def_t args[5];
    uint32_t count = 0;
    if (a->by_name) {
        if (a->before) args[count++] = weft_named(STR_LIT("b"), a->lowered.before);
        if (a->after) args[count++] = weft_named(STR_LIT("a"), a->lowered.after);
        if (a->gate) args[count++] = weft_named(STR_LIT("g"), a->lowered.gate);
        args[count++] = weft_named(STR_LIT("m"), a->memory);
    }
    if (a->declare) args[count++] = weft_named(STR_LIT("d"), a->lowered_declare);
    named_def_t with = weft_named((weft_str_t){"", 0}, weft_build_core_inline(b, args, count));
    *instance = weft_build_core_instance(b, module, &with, 1);
    return b->error;
}

/* ---- lifting ---- */

static void lift(adapter_t *a, weft_str_t name, def_t *core, const type_def_t *type) {
    builder_t *b = &a->inner;
    def_t *func = weft_build_lift(b, core, weft_build_type(b, type), NULL, 0);
    weft_build_export(b, name, func);
}

static void lift_all(adapter_t *a, def_t *core) {
    builder_t *b = &a->inner;
    label_t params[2] = {{STR_LIT("target"), true, {.prim = PRIM_U32}},
                         {STR_LIT("call"), true, {.prim = PRIM_U64}}};
    type_def_t hook = {.op = TYPE_OP_FUNC, .labels = params, .label_count = 2};
    type_def_t verdict = hook, block = {.op = TYPE_OP_FUNC};
    verdict.has_element = block.has_element = true;
    verdict.element.prim = PRIM_U32;
    block.element.prim = PRIM_U64;
    if (a->by_name && a->before)
        lift(a, STR_LIT("b"), weft_build_core_alias(b, SORT_CORE_FUNC, core, STR_LIT("b")), &hook);
    if (a->by_name && a->after)
        lift(a, STR_LIT("a"), weft_build_core_alias(b, SORT_CORE_FUNC, core, STR_LIT("a")), &hook);
    /* a verdict is its number already: the lowered function is lifted as it is */
    if (a->gate)
        lift(a, STR_LIT("g"),
             a->by_name ? weft_build_core_alias(b, SORT_CORE_FUNC, core, STR_LIT("g"))
                        : a->lowered.gate,
             &verdict);
    if (a->has_blocks)
        lift(a, STR_LIT("n"), weft_build_core_alias(b, SORT_CORE_FUNC, core, STR_LIT("n")), &block);
}

/* ---- the whole ---- */

static weft_error_t *fill(adapter_t *a) {
    def_t *core = NULL;
    if (a->by_name) TRY(import_names(a));
    else if (a->hooks->gate) TRY(import_gate(a));
    if (a->hooks->catalog) TRY(import_catalog(a));
    if (a->by_name || a->declare) TRY(make_memory(a));
    a->lowered = (hook_defs_t){lower(a, a->before), lower(a, a->after), lower(a, a->gate), NULL};
    a->lowered_declare = lower(a, a->declare);
    if (a->by_name || a->has_blocks) TRY(make_core(a, &core));
    lift_all(a, core);
    return a->inner.error;
}

static def_t *export_of(adapter_t *a, def_t *instance, const char *name) {
    return weft_build_alias(a->outer, SORT_FUNC, instance, weft_str(name));
}

static weft_error_t *place_adapter(adapter_t *a, hook_defs_t *defs) {
    scope_t *body;
    builder_t b = *a->outer;
    /* the adapter component goes first; what it is given is aliased between it and its instance */
    def_t *component = weft_build_component(&b, &body);
    TRY(b.error);
    a->inner = (builder_t){body, NULL, NULL};
    TRY(fill(a));
    def_t *instance =
        weft_build_instance(a->outer, component, a->with.items, (uint32_t)a->with.count);
    if (instance)
        instance->name = weft_build_name(a->outer, "%.*s-adapter",
                                         STR_ARG(a->job->placed->instance->name));
    if (a->by_name && a->before) defs->before = export_of(a, instance, "b");
    if (a->by_name && a->after) defs->after = export_of(a, instance, "a");
    if (a->gate) defs->gate = export_of(a, instance, "g");
    if (a->has_blocks) defs->block = export_of(a, instance, "n");
    return a->outer->error;
}

weft_error_t *weft_place_hooks(builder_t *b, type_pool_t *pool, const adapter_job_t *job,
                               hook_defs_t *defs) {
    const hooks_t *hooks = &job->placed->hooks;
    adapter_t a = {.outer = b, .pool = pool, .job = job, .hooks = hooks};
    hook_defs_t found = {0};
    a.by_name = hooks->family == HOOKS_SPLICER;
    a.has_blocks = job->needs_blocks;
    if (!a.by_name) {
        found.before = alias_hook(b, job->placed, hooks->before, "before");
        found.after = alias_hook(b, job->placed, hooks->after, "after");
    }
    weft_error_t *error = b->error;
    if (!error && (a.by_name || hooks->gate || a.has_blocks)) error = place_adapter(&a, &found);
    if (!error) *defs = found;
    VEC_FREE(&a.with);
    weft_weave_names_free(&a.names);
    return error;
}
