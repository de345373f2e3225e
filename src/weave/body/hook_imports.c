#include "weave/body/hook_imports.h"

#include "component/types/typing.h"

/* ---- the types that a middleware declares ---- */

/* What the hook's function should be. */
static weft_error_t *unlike_contract(const hooks_t *hooks, const def_t *interface,
                                     const char *hook) {
    weft_str_t name = interface->export_.name.name,
               function = weft_hook_function(hooks->family, hook);
    bool is_gate = interface == hooks->gate;
    weft_error_t *error = weft_error_new(
        WEFT_MISMATCH, "%.*s does not have the functions of its contract", STR_ARG(name));
    if (hooks->family == HOOKS_WEFT)
        return weft_error_with_note(error, "that has %.*s: func(target: u32, call: u64)%s",
                                    STR_ARG(function),
                                    is_gate ? " -> enum { admit, skip, fail }" : "");
    return weft_error_with_note(error, "that has %.*s: async func(call: call-id)%s",
                                STR_ARG(function), is_gate ? " -> bool" : "");
}

weft_error_t *weft_hook_type(type_pool_t *pool, const hooks_t *hooks, def_t *interface,
                             const char *hook, const func_type_t **type) {
    extern_type_t found;
    weft_str_t name = weft_hook_function(hooks->family, hook);
    TRY(weft_typing_def(pool, interface, &found));
    const extern_item_t *item = weft_instance_type_find(found.type, name);
    if (!item || item->type.sort != SORT_FUNC)
        return weft_error_new(WEFT_INVALID, "%.*s exports no function %.*s",
                              STR_ARG(interface->export_.name.name), STR_ARG(name));
    *type = item->type.type->func.type;
    return NULL;
}

static bool is_field(const type_t *record, uint32_t i, const char *name, type_kind_t kind) {
    return weft_str_eq(record->fields[i].name, weft_str(name)) &&
           record->fields[i].type->kind == kind;
}

/* splicer:common/types: call-id, with the number of the call since 0.2. */
static bool is_call_id(const type_t *type) {
    return type->kind == TYPE_RECORD && (type->field_count == 2 || type->field_count == 3) &&
           is_field(type, 0, "interface-name", TYPE_STRING) &&
           is_field(type, 1, "function-name", TYPE_STRING) &&
           (type->field_count == 2 || is_field(type, 2, "id", TYPE_U64));
}

static weft_error_t *told_names(type_pool_t *pool, const hooks_t *hooks, def_t *interface,
                                const char *hook, hook_shape_t *shape, const func_type_t **type) {
    if (!interface) return NULL;
    TRY(weft_hook_type(pool, hooks, interface, hook, type));
    const type_t *result = (*type)->result;
    bool has_verdict = interface == hooks->gate;
    if ((*type)->param_count != 1 || !is_call_id((*type)->params[0].type) ||
        (result != NULL) != has_verdict || (has_verdict && result->kind != TYPE_BOOL) ||
        (shape->record && shape->record != (*type)->params[0].type))
        return unlike_contract(hooks, interface, hook);
    shape->record = (*type)->params[0].type;
    shape->has_id = shape->record->field_count == 3;
    return NULL;
}

/* Names of parameters are part of a function's type. */
static bool is_param(const func_type_t *type, uint32_t i, const char *name, type_kind_t kind) {
    return weft_str_eq(type->params[i].name, weft_str(name)) && type->params[i].type->kind == kind;
}

static bool is_verdict(const type_t *type) {
    static const char *const cases[] = {"admit", "skip", "fail"};
    if (type->kind != TYPE_ENUM || type->field_count != 3) return false;
    for (uint32_t i = 0; i < 3; i++)
        if (!weft_str_eq(type->fields[i].name, weft_str(cases[i]))) return false;
    return true;
}

static weft_error_t *told_numbers(type_pool_t *pool, const hooks_t *hooks, def_t *interface,
                                  const char *hook) {
    const func_type_t *type;
    if (!interface) return NULL;
    TRY(weft_hook_type(pool, hooks, interface, hook, &type));
    bool has_verdict = interface == hooks->gate;
    if (type->is_async || type->param_count != 2 || !is_param(type, 0, "target", TYPE_U32) ||
        !is_param(type, 1, "call", TYPE_U64) || (type->result != NULL) != has_verdict ||
        (has_verdict && !is_verdict(type->result)))
        return unlike_contract(hooks, interface, hook);
    return NULL;
}

weft_error_t *weft_hook_shape(type_pool_t *pool, const hooks_t *hooks, hook_shape_t *shape) {
    hook_shape_t s = {.by_name = hooks->family == HOOKS_SPLICER};
    if (s.by_name) {
        TRY(told_names(pool, hooks, hooks->before, "before", &s, &s.before));
        TRY(told_names(pool, hooks, hooks->after, "after", &s, &s.after));
        TRY(told_names(pool, hooks, hooks->gate, "gate", &s, &s.gate));
    } else {
        TRY(told_numbers(pool, hooks, hooks->before, "before"));
        TRY(told_numbers(pool, hooks, hooks->after, "after"));
        TRY(told_numbers(pool, hooks, hooks->gate, "gate"));
    }
    *shape = s;
    return NULL;
}

/* ---- importing ---- */

def_t *weft_hook_record(builder_t *b, const hook_shape_t *shape) {
    if (!shape->by_name) return NULL;
    label_t labels[3];
    for (uint32_t i = 0; i < shape->record->field_count; i++)
        labels[i] = (label_t){
            shape->record->fields[i].name, true, {.prim = i < 2 ? PRIM_STRING : PRIM_U64}};
    type_def_t record = {
        .op = TYPE_OP_RECORD, .labels = labels, .label_count = shape->record->field_count};
    return weft_build_type(b, &record);
}

static def_t *import_told(builder_t *b, weft_str_t name, const func_type_t *type, def_t *record) {
    if (!name.len) return NULL;
    label_t param = {type->params[0].name, true, {.prim = PRIM_NONE, .def = record}};
    type_def_t shape = {.op = type->is_async ? TYPE_OP_ASYNC_FUNC : TYPE_OP_FUNC,
                        .labels = &param,
                        .label_count = 1,
                        .has_element = type->result != NULL};
    shape.element.prim = type->result ? PRIM_BOOL : PRIM_NONE;
    return weft_build_import(b, name, SORT_FUNC, weft_build_type(b, &shape));
}

static void import_by_name(builder_t *b, const hook_shape_t *shape, const hook_names_t *names,
                           hook_defs_t *defs) {
    defs->type = weft_build_import(b, names->type, SORT_TYPE, weft_hook_record(b, shape));
    defs->before = import_told(b, names->before, shape->before, defs->type);
    defs->after = import_told(b, names->after, shape->after, defs->type);
    defs->gate = import_told(b, names->gate, shape->gate, defs->type);
}

static def_t *number_type(builder_t *b, bool has_verdict) {
    label_t params[2] = {{STR_LIT("target"), true, {.prim = PRIM_U32}},
                         {STR_LIT("call"), true, {.prim = PRIM_U64}}};
    type_def_t shape = {.op = TYPE_OP_FUNC, .labels = params, .label_count = 2};
    shape.has_element = has_verdict;
    shape.element.prim = has_verdict ? PRIM_U32 : PRIM_NONE;
    return weft_build_type(b, &shape);
}

/* Before and after have one type. */
static void import_by_number(builder_t *b, const hook_names_t *names, hook_defs_t *defs) {
    def_t *plain = names->before.len || names->after.len ? number_type(b, false) : NULL;
    def_t *verdict = names->gate.len ? number_type(b, true) : NULL;
    if (names->before.len) defs->before = weft_build_import(b, names->before, SORT_FUNC, plain);
    if (names->after.len) defs->after = weft_build_import(b, names->after, SORT_FUNC, plain);
    if (names->gate.len) defs->gate = weft_build_import(b, names->gate, SORT_FUNC, verdict);
}

weft_error_t *weft_import_hooks(scope_t *scope, const hook_shape_t *shape,
                                const hook_names_t *names, hook_defs_t *defs) {
    builder_t b = {scope, scope->first, NULL};
    hook_defs_t made = {0};
    if (shape->by_name) import_by_name(&b, shape, names, &made);
    else import_by_number(&b, names, &made);
    if (names->block.len) {
        type_def_t block = {.op = TYPE_OP_FUNC, .has_element = true, .element = {.prim = PRIM_U64}};
        made.block = weft_build_import(&b, names->block, SORT_FUNC, weft_build_type(&b, &block));
    }
    *defs = made;
    return b.error;
}

static def_t *lower(builder_t *b, def_t *func, def_t *memory) {
    canon_opt_t opt = {OPT_MEMORY, memory};
    return func ? weft_build_lower(b, func, &opt, memory ? 1 : 0) : NULL;
}

weft_error_t *weft_lower_hooks(builder_t *b, const hook_defs_t *defs, def_t *memory,
                               hook_defs_t *lowered) {
    *lowered = (hook_defs_t){.before = lower(b, defs->before, memory),
                             .after = lower(b, defs->after, memory),
                             .gate = lower(b, defs->gate, memory),
                             .block = lower(b, defs->block, NULL)};
    return b->error;
}

uint32_t weft_free_hook_number(const scope_t *scope) {
    uint32_t free = 0;
    for (const def_t *def = scope->first; def; def = def->next) {
        weft_str_t name = def->kind == DEF_IMPORT ? def->import.name.name : (weft_str_t){0};
        if (name.len < 7 || name.len > 15 || memcmp(name.ptr, "weft-", 5) != 0) continue;
        uint32_t number = 0;
        size_t i = 6;
        while (i < name.len && name.ptr[i] >= '0' && name.ptr[i] <= '9')
            number = number * 10 + (uint32_t)(name.ptr[i++] - '0');
        if (i == name.len && number >= free) free = number + 1;
    }
    return free;
}
