#include "weave/adapter.h"

#include "weave/code/module.h"

/* What is put into an adapter:
 *
 *   import  what the middleware exports (types first)
 *   module  "m": a memory with the targets' names and their list (weave/code/names.c)
 *   lower   the middleware's functions, with that memory
 *   module  "n", in terms of those
 *   lift    "g", a gate whose verdict is a number, and "n" */

typedef struct adapter {
    builder_t *outer;
    type_pool_t *pool;
    const adapter_job_t *job;
    const hooks_t *hooks;
    builder_t inner;
    VEC(named_def_t) with; /* arguments of the adapter's instance */
    weave_names_t names;
    weave_text_t targets;  /* for catalog.declare */
    def_t *gate, *declare; /* imports of the adapter; NULL: not needed */
} adapter_t;

/* ---- what the middleware exports ---- */

static def_t *alias_hook(builder_t *b, const placed_t *placed, def_t *interface, const char *hook) {
    if (!interface) return NULL;
    def_t *instance =
        weft_build_alias(b, SORT_INSTANCE, placed->instance, interface->export_.name.name);
    return weft_build_alias(b, SORT_FUNC, instance, weft_hook_function(placed->hooks.family, hook));
}

static weft_error_t *unlike_contract(const def_t *interface) {
    return weft_error_new(WEFT_MISMATCH, "%.*s does not have the functions of its contract",
                          STR_ARG(interface->export_.name.name));
}

/* ---- types ---- */

/* record target { id: u32, two names: string }, or an enum of verdicts. */
static def_t *make_type(builder_t *b, const type_t *type) {
    label_t labels[3] = {{.has_type = false}};
    for (uint32_t i = 0; i < 3; i++) {
        labels[i].name = type->fields[i].name;
        labels[i].has_type = type->kind == TYPE_RECORD;
        labels[i].type.prim = i == 0 ? PRIM_U32 : PRIM_STRING;
    }
    type_def_t shape = {.op = type->kind == TYPE_RECORD ? TYPE_OP_RECORD : TYPE_OP_ENUM,
                        .labels = labels,
                        .label_count = 3};
    return weft_build_type(b, &shape);
}

/* A named type is defined on both sides; the adapter imports it, so that its imported functions may
 * mention it. */
static weft_error_t *import_type(adapter_t *a, const type_t *type, const char *name, def_t **def) {
    def_t *here = make_type(a->outer, type);
    def_t *there = make_type(&a->inner, type);
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

static weft_error_t *import_gate(adapter_t *a) {
    const func_type_t *type;
    def_t *verdict;
    TRY(weft_hook_type(a->pool, a->hooks, a->hooks->gate, "gate", &type));
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
    TRY(weft_hook_type(a->pool, a->hooks, a->hooks->catalog, "catalog", &type));
    const type_t *list = type->param_count == 1 ? type->params[0].type : NULL;
    if (type->is_async || !list || list->kind != TYPE_LIST || list->element->kind != TYPE_RECORD ||
        list->element->field_count != 3 || list->element->fields[0].type->kind != TYPE_U32 ||
        list->element->fields[1].type->kind != TYPE_STRING ||
        list->element->fields[2].type->kind != TYPE_STRING)
        return unlike_contract(a->hooks->catalog);
    TRY(import_type(a, list->element, "target", &target));
    type_def_t list_shape = {
        .op = TYPE_OP_LIST, .has_element = true, .element = {.prim = PRIM_NONE, .def = target}};
    def_t *targets = weft_build_type(&a->inner, &list_shape);
    label_t param = {type->params[0].name, true, {.prim = PRIM_NONE, .def = targets}};
    type_def_t shape = {.op = TYPE_OP_FUNC, .labels = &param, .label_count = 1};
    return import_func(a, a->hooks->catalog, "catalog", &shape, &a->declare);
}

/* ---- n ---- */

static weft_error_t *make_memory(adapter_t *a, def_t **memory) {
    buf_t bytes = {0};
    TRY(weft_weave_names_targets(&a->names, a->job->targets, a->job->target_count, &a->targets));
    weft_error_t *error = weft_weave_names_module(&a->names, &bytes);
    if (!error) {
        def_t *module = weft_build_module(&a->inner, weft_buf_as_bytes(&bytes));
        def_t *instance = weft_build_core_instance(&a->inner, module, NULL, 0);
        *memory = weft_build_core_alias(&a->inner, SORT_CORE_MEMORY, instance, STR_LIT("m"));
        error = a->inner.error;
    }
    weft_buf_free(&bytes);
    return error;
}

/* n(): the first call declares the targets; the result starts a block of 2^32 call numbers. */
static weft_error_t *emit_blocks(const adapter_t *a, buf_t *bytes) {
    static const uint8_t two[] = {CORE_I32, CORE_I32}, i64 = CORE_I64;
    emit_t m = {0};
    uint32_t declare = 0;
    if (a->declare)
        declare = weft_emit_import_func(&m, STR_LIT(""), STR_LIT("d"),
                                        (core_sig_t){.params = two, .param_count = 2});
    uint32_t next = weft_emit_global(&m, CORE_I64, true, 0);
    uint32_t func = weft_emit_func(&m, (core_sig_t){.results = &i64, .result_count = 1});
    buf_t *body = weft_emit_body(&m, func);
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
    weft_emit_export(&m, STR_LIT("n"), CORE_FUNC, func);
    return weft_emit_finish(&m, bytes);
}

static void lift(adapter_t *a, const char *name, def_t *core, const type_def_t *type) {
    builder_t *b = &a->inner;
    def_t *func = weft_build_lift(b, core, weft_build_type(b, type), NULL, 0);
    weft_build_export(b, weft_str(name), func);
}

static weft_error_t *make_blocks(adapter_t *a) {
    builder_t *b = &a->inner;
    buf_t bytes = {0};
    def_t *memory = NULL;
    if (a->declare) TRY(make_memory(a, &memory));
    weft_error_t *error = emit_blocks(a, &bytes);
    def_t *module = error ? NULL : weft_build_module(b, weft_buf_as_bytes(&bytes));
    weft_buf_free(&bytes);
    TRY(error);
    named_def_t with[1];
    if (a->declare) {
        canon_opt_t opt = {OPT_MEMORY, memory};
        named_def_t declare = weft_named(STR_LIT("d"), weft_build_lower(b, a->declare, &opt, 1));
        with[0] = weft_named((weft_str_t){"", 0}, weft_build_core_inline(b, &declare, 1));
    }
    def_t *instance = weft_build_core_instance(b, module, with, a->declare ? 1 : 0);
    type_def_t block = {.op = TYPE_OP_FUNC, .has_element = true, .element = {.prim = PRIM_U64}};
    lift(a, "n", weft_build_core_alias(b, SORT_CORE_FUNC, instance, STR_LIT("n")), &block);
    return b->error;
}

/* ---- g ---- */

/* A verdict is its number already: the lowered function is lifted as it is. */
static void make_gate(adapter_t *a) {
    label_t params[2] = {{STR_LIT("target"), true, {.prim = PRIM_U32}},
                         {STR_LIT("call"), true, {.prim = PRIM_U64}}};
    type_def_t verdict = {.op = TYPE_OP_FUNC,
                          .labels = params,
                          .label_count = 2,
                          .has_element = true,
                          .element = {.prim = PRIM_U32}};
    lift(a, "g", weft_build_lower(&a->inner, a->gate, NULL, 0), &verdict);
}

/* ---- the whole ---- */

static weft_error_t *fill(adapter_t *a, bool has_gate) {
    if (has_gate) TRY(import_gate(a));
    if (a->hooks->catalog) TRY(import_catalog(a));
    if (has_gate) make_gate(a);
    return a->job->needs_blocks ? make_blocks(a) : a->inner.error;
}

/* The adapter component goes first; what it is given is aliased between it and its instance. */
static weft_error_t *place_adapter(adapter_t *a, bool has_gate, hook_defs_t *defs) {
    scope_t *body;
    builder_t *b = a->outer;
    def_t *component = weft_build_component(b, &body);
    TRY(b->error);
    a->inner = (builder_t){body, NULL, NULL};
    TRY(fill(a, has_gate));
    def_t *instance = weft_build_instance(b, component, a->with.items, (uint32_t)a->with.count);
    TRY(b->error);
    instance->name = weft_build_name(b, "%.*s-adapter", STR_ARG(a->job->placed->instance->name));
    if (has_gate) defs->gate = weft_build_alias(b, SORT_FUNC, instance, STR_LIT("g"));
    if (a->job->needs_blocks) defs->block = weft_build_alias(b, SORT_FUNC, instance, STR_LIT("n"));
    return b->error;
}

weft_error_t *weft_place_hooks(builder_t *b, type_pool_t *pool, const adapter_job_t *job,
                               hook_defs_t *defs) {
    const hooks_t *hooks = &job->placed->hooks;
    adapter_t a = {.outer = b, .pool = pool, .job = job, .hooks = hooks};
    bool has_gate = hooks->gate && !job->shape->by_name;
    hook_defs_t found = {.type = weft_hook_record(b, job->shape),
                         .before = alias_hook(b, job->placed, hooks->before, "before"),
                         .after = alias_hook(b, job->placed, hooks->after, "after")};
    if (job->shape->by_name) found.gate = alias_hook(b, job->placed, hooks->gate, "gate");
    weft_error_t *error = b->error;
    if (!error && (has_gate || job->needs_blocks)) error = place_adapter(&a, has_gate, &found);
    if (!error) *defs = found;
    VEC_FREE(&a.with);
    weft_weave_names_free(&a.names);
    return error;
}
