#include "runtime/exports.h"

#include "support/nearest.h"

/* Notes list at most this many functions, and cut their types at this many bytes. */
#define LISTED 24
#define TYPE_SHOWN 100

/* ---- listing ---------------------------------------------------------------------------------- */

static weft_error_t *add(exported_funcs_t *funcs, weft_str_t interface, const extern_item_t *item) {
    exported_func_t func = {interface, item->name, item->type.type->func.type};
    return VEC_PUSH(funcs, func);
}

/* A resource that the component defines has no name of its own; people know it by the name it is
 * exported under. */
static void name_resource(const extern_item_t *item) {
    const ctype_t *type = weft_ctype_origin(item->type.type);
    if (type->kind != CTYPE_RESOURCE || type->resource->name.len) return;
    ((resource_t *)(uintptr_t)type->resource)->name = item->name;
}

weft_error_t *weft_exports_list(const ctype_t *component, exported_funcs_t *funcs) {
    const extern_list_t *exports = &component->component.exports;
    for (uint32_t i = 0; i < exports->count; i++) {
        const extern_item_t *item = &exports->items[i];
        if (item->type.sort == SORT_TYPE) name_resource(item);
        if (item->type.sort == SORT_FUNC) TRY(add(funcs, STR_LIT(""), item));
        if (item->type.sort != SORT_INSTANCE) continue;
        const extern_list_t *inner = &item->type.type->instance.exports;
        for (uint32_t k = 0; k < inner->count; k++) {
            if (inner->items[k].type.sort == SORT_TYPE) name_resource(&inner->items[k]);
            if (inner->items[k].type.sort == SORT_FUNC)
                TRY(add(funcs, item->name, &inner->items[k]));
        }
    }
    return NULL;
}

/* ---- matching --------------------------------------------------------------------------------- */

static weft_str_t before(weft_str_t str, char mark) {
    const char *at = str.len ? memchr(str.ptr, mark, str.len) : NULL;
    return at ? (weft_str_t){str.ptr, (size_t)(at - str.ptr)} : str;
}

static weft_str_t after(weft_str_t str, char mark) {
    const char *at = str.len ? memchr(str.ptr, mark, str.len) : NULL;
    if (!at) return str;
    size_t skip = (size_t)(at - str.ptr) + 1;
    return (weft_str_t){str.ptr + skip, str.len - skip};
}

bool weft_interface_matches(weft_str_t interface, weft_str_t said) {
    if (weft_str_eq(interface, said)) return true;
    if (!said.len || !interface.len) return false;
    weft_str_t whole = interface, bare = before(interface, '@');
    for (const char *marks = ":/"; *marks; marks++) {
        if (weft_str_eq(bare, said)) return true;
        whole = after(whole, *marks);
        bare = after(bare, *marks);
        if (weft_str_eq(whole, said)) return true;
    }
    return weft_str_eq(bare, said);
}

/* `[method]order.total` and `[static]order.total` are said `order.total`, `[constructor]order` is said
 * `order`. */
static weft_str_t said_name(weft_str_t name) {
    return name.len && name.ptr[0] == '[' ? after(name, ']') : name;
}

/* How well a function's name fits: 2 as exported, 1 as people say it, 0 not at all. */
static int name_matches(weft_str_t name, weft_str_t said) {
    if (weft_str_eq(name, said)) return 2;
    return weft_str_eq(said_name(name), said);
}

/* ---- errors ----------------------------------------------------------------------------------- */

static bool in_scope(const exported_func_t *func, const func_query_t *query) {
    return query->anywhere || weft_interface_matches(func->interface, query->interface);
}

static weft_error_t *with_func(weft_error_t *error, const exported_func_t *func) {
    buf_t text = {0};
    weft_buf_printf(&text, "%.*s#%.*s: ", STR_ARG(func->interface), STR_ARG(said_name(func->name)));
    weft_func_type_print(&text, func->type);
    weft_str_t str = weft_buf_as_str(&text);
    bool cut = str.len > TYPE_SHOWN;
    if (cut) str.len = TYPE_SHOWN;
    if (!text.failed) error = weft_error_with_note(error, "%.*s%s", STR_ARG(str), cut ? "..." : "");
    weft_buf_free(&text);
    return error;
}

/* Lists the functions of the interface that was said, or else all. */
static weft_error_t *with_funcs(weft_error_t *error, const exported_funcs_t *funcs,
                                const func_query_t *query, bool all) {
    size_t listed = 0, more = 0;
    for (size_t i = 0; i < funcs->count; i++) {
        if (!all && !in_scope(&funcs->items[i], query)) continue;
        if (listed++ < LISTED) error = with_func(error, &funcs->items[i]);
        else more++;
    }
    if (more) error = weft_error_with_note(error, "and %zu more", more);
    return error;
}

static weft_error_t *not_found(const exported_funcs_t *funcs, const func_query_t *query) {
    nearest_t name = {0}, interface = {0};
    bool scope_exists = false;
    weft_error_t *error;
    if (!funcs->count) return weft_error_new(WEFT_NOT_FOUND, "the component exports no functions");
    for (size_t i = 0; i < funcs->count; i++) {
        const exported_func_t *func = &funcs->items[i];
        if (in_scope(func, query)) {
            scope_exists = true;
            weft_nearest_offer(&name, query->name, said_name(func->name));
            /* a method said without its resource */
            if (weft_str_eq(after(said_name(func->name), '.'), query->name))
                name = (nearest_t){said_name(func->name), 1};
        }
        weft_nearest_offer(&interface, query->interface, func->interface);
        weft_nearest_offer(&interface, query->interface, before(func->interface, '@'));
        weft_nearest_offer(&interface, query->interface, after(before(func->interface, '@'), '/'));
    }
    if (scope_exists && query->anywhere)
        error =
            weft_error_new(WEFT_NOT_FOUND, "no function `%.*s` is exported", STR_ARG(query->name));
    else if (scope_exists)
        error = weft_error_new(WEFT_NOT_FOUND, "%s%.*s has no function `%.*s`",
                               query->interface.len ? "the interface " : "the component's root",
                               STR_ARG(query->interface), STR_ARG(query->name));
    else if (query->interface.len)
        error = weft_error_new(WEFT_NOT_FOUND, "no interface `%.*s` is exported",
                               STR_ARG(query->interface));
    else error = weft_error_new(WEFT_NOT_FOUND, "the component's root exports no functions");
    weft_str_t near = scope_exists ? name.best : interface.best;
    error = with_funcs(error, funcs, query, !scope_exists);
    if (near.len) error = weft_error_with_help(error, "did you mean `%.*s`?", STR_ARG(near));
    return error;
}

weft_error_t *weft_exports_find(const exported_funcs_t *funcs, const func_query_t *query,
                                const exported_func_t **found) {
    const exported_func_t *best = NULL;
    int best_score = 0;
    size_t equals = 0;
    for (size_t i = 0; i < funcs->count; i++) {
        const exported_func_t *func = &funcs->items[i];
        int score = in_scope(func, query) ? name_matches(func->name, query->name) : 0;
        if (!score) continue;
        /* An interface named in full, and with no interface the root, come before everything else. */
        if (weft_str_eq(func->interface, query->interface)) score += 4;
        equals = score > best_score ? 1 : equals + (score == best_score);
        if (score > best_score) best = func;
        if (score > best_score) best_score = score;
    }
    if (!best) return not_found(funcs, query);
    if (equals > 1) {
        weft_error_t *error = weft_error_new(
            WEFT_NOT_FOUND, "more than one function is meant by `%.*s%s%.*s`",
            STR_ARG(query->interface), query->anywhere ? "" : "#", STR_ARG(query->name));
        for (size_t i = 0; i < funcs->count; i++)
            if (in_scope(&funcs->items[i], query) &&
                name_matches(funcs->items[i].name, query->name))
                error = with_func(error, &funcs->items[i]);
        return weft_error_with_help(error, "write the interface's full name");
    }
    *found = best;
    return NULL;
}
