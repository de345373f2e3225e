/* What the direct engine can run. */
#include "runtime/direct/absent.h"
#include "runtime/direct/direct.h"
#include "runtime/needs.h"

static weft_error_t *check_canon(type_pool_t *pool, def_t *def) {
    const char *why;
    TRY(weft_absent_why(pool, def, &why));
    if (!why) return NULL;
    bool is_func = def->canon.op == CANON_LIFT || def->canon.op == CANON_LOWER;
    return weft_error_new(WEFT_UNSUPPORTED, "the component uses %s%s%s", is_func ? "" : "`canon ",
                          why, is_func ? "" : "`");
}

/* The reader bounds how deep bodies nest. */
static weft_error_t *check_scope(type_pool_t *pool, scope_t *scope) {
    for (def_t *def = scope->first; def; def = def->next) {
        scope_t *body;
        if (def->kind == DEF_CANON) TRY(check_canon(pool, def));
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

/* Under the program's lock. */
static weft_error_t *check(program_t *program, const given_funcs_t *given, const links_t *links,
                           bool asked) {
    const extern_list_t *imports = &program->type->component.imports;
    for (uint32_t i = 0; i < imports->count; i++)
        if (!is_provided(given, links, &imports->items[i]))
            return weft_error_new(WEFT_UNSUPPORTED, "the component imports `%.*s`",
                                  STR_ARG(imports->items[i].name));
    if (asked || program->all_direct) return NULL;
    TRY(check_scope(program->pool, program->document->root));
    program->all_direct = true;
    return NULL;
}

weft_error_t *weft_direct_supports(program_t *program, const given_funcs_t *given,
                                   const links_t *links, bool asked) {
    if (!program->type->component.imports.count && (asked || program->all_direct)) return NULL;
    pthread_mutex_lock(&program->lock);
    weft_error_t *error = check(program, given, links, asked);
    pthread_mutex_unlock(&program->lock);
    return error;
}
