/* What the direct engine can run. */
#include "runtime/direct/direct.h"
#include "runtime/needs.h"
#include "runtime/wasi/wasi.h"

static bool is_async(const canon_opts_t *opts) {
    for (uint32_t i = 0; i < opts->count; i++)
        if (opts->items[i].opt > OPT_POST_RETURN) return true; /* and options for references */
    return false;
}

static bool cannot_pass(const type_t *type) {
    return type && (type->has_stream_or_future || type->has_error_context);
}

/* A function of an async type is a function like any other when it is lifted and lowered without the option
 * `async`; what it must not do is pass streams, futures or error contexts. */
static weft_error_t *check_func(type_pool_t *pool, def_t *def) {
    extern_type_t type;
    def_t *func = def->canon.op == CANON_LIFT ? def : def->canon.func;
    TRY(weft_typing_def(pool, func, &type));
    const func_type_t *shape = type.type->func.type;
    bool bad = cannot_pass(shape->result);
    for (uint32_t i = 0; i < shape->param_count; i++) bad |= cannot_pass(shape->params[i].type);
    if (is_async(&def->canon.opts))
        return weft_error_new(WEFT_UNSUPPORTED, "the component uses async");
    if (!bad) return NULL;
    return weft_error_new(WEFT_UNSUPPORTED,
                          "the component passes streams, futures or error contexts");
}

static weft_error_t *check_canon(type_pool_t *pool, def_t *def) {
    switch (def->canon.op) {
    case CANON_LIFT:
    case CANON_LOWER: return check_func(pool, def);
    case CANON_RESOURCE_NEW:
    case CANON_RESOURCE_DROP:
    case CANON_RESOURCE_REP: return NULL;
    default:
        return weft_error_new(WEFT_UNSUPPORTED, "the component uses `canon %s`",
                              weft_canon_words(def->canon.op));
    }
}

/* The reader bounds how deep bodies nest. */
static weft_error_t *check_scope(type_pool_t *pool, scope_t *scope) {
    for (def_t *def = scope->first; def; def = def->next) {
        scope_t *body;
        if (def->kind == DEF_CANON) TRY(check_canon(pool, def));
        if (def->kind == DEF_START || def->kind == DEF_VALUE)
            return weft_error_new(WEFT_UNSUPPORTED, "the component uses component values");
        if (def->kind != DEF_COMPONENT) continue;
        TRY(weft_component_body(def, &body));
        TRY(check_scope(pool, body));
    }
    return NULL;
}

static bool is_provided(const given_funcs_t *given, const links_t *links,
                        const extern_item_t *import) {
    if (!weft_needs_provider(&import->type) || weft_needs_wasi(import, given, links)) return true;
    if (weft_links_find(links, import->name)) return true;
    if (import->type.sort == SORT_FUNC) return weft_given_find(given, STR_LIT(""), import->name);
    return weft_given_serves(given, import->name);
}

weft_error_t *weft_direct_supports(type_pool_t *pool, document_t *document,
                                   const given_funcs_t *given, const links_t *links, buf_t *proxy) {
    const ctype_t *type;
    TRY(weft_typing_scope(pool, document->root, &type));
    const extern_list_t *imports = &type->component.imports;
    for (uint32_t i = 0; i < imports->count; i++)
        if (!is_provided(given, links, &imports->items[i]))
            return weft_error_new(WEFT_UNSUPPORTED, "the component imports `%.*s`",
                                  STR_ARG(imports->items[i].name));
    TRY(check_scope(pool, document->root));
    return weft_wasi_proxy(pool, type, given, links, proxy);
}
