#include "weave/given.h"

#include "component/edit/reach.h"
#include "support/version.h"

/* ---- companions ---- */

bool weft_is_given(const weave_givens_t *givens, weft_str_t import) {
    for (size_t i = 0; i < givens->count; i++)
        if (weft_str_eq(givens->items[i].import, import)) return true;
    return false;
}

def_t *weft_import_named(const scope_t *scope, weft_str_t name) {
    for (def_t *def = scope->first; def; def = def->next)
        if (def->kind == DEF_IMPORT && weft_str_eq(def->import.name.name, name)) return def;
    return NULL;
}

weft_error_t *weft_given_export(def_t *instance, weft_str_t name, const def_t **export_) {
    scope_t *body;
    *export_ = NULL;
    if (instance->kind != DEF_INSTANTIATE) return NULL;
    def_t *component = weft_def_origin(instance->instantiate.target);
    if (component->kind != DEF_COMPONENT) return NULL;
    TRY(weft_component_body(component, &body));
    for (const def_t *def = body->first; def; def = def->next) {
        if (def->kind != DEF_EXPORT) continue;
        weft_str_t own = def->export_.name.name;
        bool exact = weft_str_eq(own, name);
        if (exact || (!*export_ && weft_interface_compatible(own, name))) *export_ = def;
        if (exact) return NULL;
    }
    return NULL;
}

static def_t *find_arg(const def_t *instance, weft_str_t name) {
    if (instance->kind != DEF_INSTANTIATE) return NULL;
    for (uint32_t i = 0; i < instance->instantiate.count; i++) {
        const named_def_t *arg = &instance->instantiate.args[i];
        if (weft_interface_compatible(arg->name.name, name)) return arg->def;
    }
    return NULL;
}

static weft_error_t *add_companion(weave_givens_t *givens, def_t *instance, const def_t *import) {
    weft_str_t name = import->import.name.name;
    const def_t *export_;
    instance = weft_def_origin(instance);
    TRY(weft_given_export(instance, name, &export_));
    if (export_ && export_->sort == import->sort)
        return VEC_PUSH(givens, (weave_given_t){name, instance, export_->export_.name.name});
    def_t *arg = find_arg(instance, name);
    if (!arg || arg->sort != import->sort) return NULL;
    return VEC_PUSH(givens, (weave_given_t){.import = name, .from = arg});
}

weft_error_t *weft_given_companions(const scope_t *imports, weave_givens_t *givens) {
    size_t count = givens->count; /* a companion leans on nothing that the given one does not */
    for (size_t i = 0; i < count; i++) {
        def_t *instance = givens->items[i].from;
        def_t *import = weft_import_named(imports, givens->items[i].import);
        if (!import || !givens->items[i].export_.len) continue;
        for (const def_t *def = imports->first; def; def = def->next) {
            bool leans = false;
            if (def->kind != DEF_IMPORT || weft_is_given(givens, def->import.name.name)) continue;
            TRY(weft_leans_on(import, def, &leans));
            if (leans) TRY(add_companion(givens, instance, def));
        }
    }
    return NULL;
}

/* ---- giving ---- */

static weft_error_t *move_up(def_t *def, def_t *place) {
    reach_t reach = {0};
    weft_error_t *error = weft_reach_from(&reach, def);
    if (!error && weft_reach_has(&reach, place))
        error = weft_error_new(WEFT_INVALID, "%.*s needs what it would be given to",
                               STR_ARG(def->name));
    if (!error) weft_reach_move_up(&reach, place, place);
    weft_reach_free(&reach);
    return error;
}

weft_error_t *weft_give(builder_t *b, const weave_given_t *given, sort_t sort, def_t **def) {
    *def = given->from;
    if (b->before) TRY(move_up(given->from, b->before));
    if (given->export_.len) *def = weft_build_alias(b, sort, given->from, given->export_);
    return b->error;
}
