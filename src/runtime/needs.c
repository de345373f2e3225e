#include "runtime/needs.h"

/* ---- async ------------------------------------------------------------------------------------ */

static bool is_async_opts(const canon_opts_t *opts) {
    for (uint32_t i = 0; i < opts->count; i++)
        if (opts->items[i].opt == OPT_ASYNC || opts->items[i].opt == OPT_CALLBACK) return true;
    return false;
}

static bool is_async_canon(const canon_def_t *canon) {
    switch (canon->op) {
    case CANON_RESOURCE_NEW:
    case CANON_RESOURCE_DROP:
    case CANON_RESOURCE_REP:
    case CANON_THREAD_SPAWN_REF:
    case CANON_THREAD_SPAWN_INDIRECT:
    case CANON_THREAD_AVAILABLE_PARALLELISM: return false;
    case CANON_LIFT:
    case CANON_LOWER: return is_async_opts(&canon->opts);
    default:
        return true; /* tasks, subtasks, streams, futures, error contexts, waitables, threads */
    }
}

static bool is_async_type(const type_def_t *type) {
    return type->op == TYPE_OP_ASYNC_FUNC || type->op == TYPE_OP_STREAM ||
           type->op == TYPE_OP_FUTURE ||
           (type->op == TYPE_OP_PRIM && type->element.prim == PRIM_ERROR_CONTEXT);
}

/* The reader bounds how deep bodies nest. */
weft_error_t *weft_needs_async(scope_t *scope, bool *async) {
    *async = false;
    for (def_t *def = scope->first; def && !*async; def = def->next) {
        scope_t *body = NULL;
        if (def->kind == DEF_CANON) *async = is_async_canon(&def->canon);
        else if (def->kind == DEF_TYPE) *async = is_async_type(&def->type);
        if (def->kind == DEF_TYPE && !*async) body = def->type.body;
        if (def->kind == DEF_COMPONENT) TRY(weft_component_body(def, &body));
        if (body) TRY(weft_needs_async(body, async));
    }
    return NULL;
}

/* ---- imports ---------------------------------------------------------------------------------- */

static bool is_wasi(weft_str_t name) {
    return name.len >= 5 && memcmp(name.ptr, "wasi:", 5) == 0;
}

bool weft_needs_provider(const extern_type_t *import) {
    if (import->sort == SORT_TYPE) return import->type->kind == CTYPE_RESOURCE;
    if (import->sort != SORT_INSTANCE) return true;
    const extern_list_t *exports = &import->type->instance.exports;
    for (uint32_t i = 0; i < exports->count; i++)
        if (weft_needs_provider(&exports->items[i].type)) return true;
    return false;
}

bool weft_needs_wasi(const extern_item_t *import, const given_funcs_t *given,
                     const links_t *links) {
    return import->type.sort == SORT_INSTANCE && is_wasi(import->name) &&
           weft_needs_provider(&import->type) && !weft_given_serves(given, import->name) &&
           !weft_links_find(links, import->name);
}

static weft_error_t *with_missing(weft_error_t *error, const extern_item_t *item,
                                  weft_str_t interface) {
    if (!error)
        error = weft_error_new(WEFT_NOT_FOUND, "the component has an import that nothing provides");
    return weft_error_with_note(error, "%s %.*s%s%.*s", weft_extern_type_words(&item->type),
                                STR_ARG(interface), interface.len ? "#" : "", STR_ARG(item->name));
}

/* What the embedder serves of an interface must be all of it. */
static weft_error_t *with_rest(weft_error_t *error, const extern_item_t *import,
                               const given_funcs_t *given) {
    const extern_list_t *exports = &import->type.type->instance.exports;
    for (uint32_t i = 0; i < exports->count; i++) {
        const extern_item_t *item = &exports->items[i];
        if (!weft_needs_provider(&item->type)) continue;
        if (item->type.sort == SORT_FUNC && weft_given_find(given, import->name, item->name))
            continue;
        error = with_missing(error, item, import->name);
    }
    return error;
}

weft_error_t *weft_needs_provided(const ctype_t *component, const given_funcs_t *given,
                                  const links_t *links) {
    const extern_list_t *imports = &component->component.imports;
    weft_error_t *error = NULL;
    for (uint32_t i = 0; i < imports->count; i++) {
        const extern_item_t *import = &imports->items[i];
        if (!weft_needs_provider(&import->type)) continue;
        if (weft_links_find(links, import->name)) continue;
        if (import->type.sort == SORT_INSTANCE && weft_given_serves(given, import->name))
            error = with_rest(error, import, given);
        else if (!is_wasi(import->name) && !weft_given_find(given, STR_LIT(""), import->name))
            error = with_missing(error, import, STR_LIT(""));
    }
    return weft_error_with_help(error,
                                "compose it with a component that exports this: weft compose");
}
