#include "runtime/given.h"

#include "runtime/exports.h"
#include "value/value.h"

/* ---- matching --------------------------------------------------------------------------------- */

static const weft_host_func_t *find_option(const weft_options_t *options, weft_str_t interface,
                                           weft_str_t name) {
    for (size_t i = 0; i < options->func_count; i++) {
        const weft_host_func_t *func = &options->funcs[i];
        if (weft_str_eq(weft_str(func->name), name) &&
            weft_interface_matches(interface, weft_str(func->interface)))
            return func;
    }
    return NULL;
}

static bool cannot_pass(const type_t *type) {
    return type && (type->has_own || type->has_borrow || type->has_stream_or_future ||
                    type->has_error_context);
}

static weft_error_t *check_type(const given_func_t *func) {
    bool bad = cannot_pass(func->type->result);
    for (uint32_t i = 0; i < func->type->param_count; i++)
        bad |= cannot_pass(func->type->params[i].type);
    if (!bad) return NULL;
    return weft_error_new(WEFT_UNSUPPORTED,
                          "the import `%.*s` cannot be a function of the host: its type has a "
                          "resource, a stream, a future or an error context",
                          STR_ARG(func->name));
}

static weft_error_t *match(weft_str_t interface, const extern_item_t *item,
                           const weft_options_t *options, given_funcs_t *given) {
    const weft_host_func_t *option = find_option(options, interface, item->name);
    if (!option) return NULL;
    given_func_t func = {interface, item->name, item->type.type->func.type, option->callback,
                         option->context};
    TRY(check_type(&func));
    return VEC_PUSH(given, func);
}

weft_error_t *weft_given_match(const ctype_t *component, const weft_options_t *options,
                               given_funcs_t *given) {
    const extern_list_t *imports = &component->component.imports;
    for (uint32_t i = 0; i < imports->count; i++) {
        const extern_item_t *import = &imports->items[i];
        if (import->type.sort == SORT_FUNC) TRY(match(STR_LIT(""), import, options, given));
        if (import->type.sort != SORT_INSTANCE) continue;
        const extern_list_t *inner = &import->type.type->instance.exports;
        for (uint32_t k = 0; k < inner->count; k++)
            if (inner->items[k].type.sort == SORT_FUNC)
                TRY(match(import->name, &inner->items[k], options, given));
    }
    return NULL;
}

const given_func_t *weft_given_find(const given_funcs_t *given, weft_str_t interface,
                                    weft_str_t name) {
    for (size_t i = 0; i < given->count; i++)
        if (weft_str_eq(given->items[i].interface, interface) &&
            weft_str_eq(given->items[i].name, name))
            return &given->items[i];
    return NULL;
}

bool weft_given_serves(const given_funcs_t *given, weft_str_t interface) {
    for (size_t i = 0; i < given->count; i++)
        if (weft_str_eq(given->items[i].interface, interface)) return true;
    return false;
}

/* ---- calling ---------------------------------------------------------------------------------- */

weft_error_t *weft_given_call(const given_func_t *func, const weft_value_t *args,
                              weft_value_t *result) {
    weft_value_t made = weft_bool(false);
    weft_error_t *error = func->callback(func->context, args, func->type->param_count, &made);
    if (!error && func->type->result) {
        error = weft_error_with_note(weft_value_check(&made, func->type->result),
                                     "in the result of the host's function `%.*s`",
                                     STR_ARG(func->name));
    }
    if (error || !func->type->result) weft_value_clear(&made);
    else *result = made;
    return error;
}
