#include "component/edit/copy.h"

static weft_error_t *copy_array(arena_t *arena, void *array, size_t count, size_t size) {
    void **slot = array;
    if (!count) return NULL;
    void *copy = weft_arena_alloc(arena, count, size);
    if (!copy) return weft_error_oom();
    memcpy(copy, *slot, count * size);
    *slot = copy;
    return NULL;
}

static weft_error_t *own_arrays(arena_t *arena, def_t *def) {
    switch (def->kind) {
    case DEF_CORE_INSTANTIATE:
    case DEF_INSTANTIATE:
        return copy_array(arena, &def->instantiate.args, def->instantiate.count,
                          sizeof(named_def_t));
    case DEF_CORE_INLINE:
    case DEF_INLINE:
        return copy_array(arena, &def->inline_.exports, def->inline_.count, sizeof(named_def_t));
    case DEF_CORE_TYPE:
        TRY(copy_array(arena, &def->core_func.params, def->core_func.param_count,
                       sizeof(core_valtype_t)));
        return copy_array(arena, &def->core_func.results, def->core_func.result_count,
                          sizeof(core_valtype_t));
    case DEF_TYPE:
        return copy_array(arena, &def->type.labels, def->type.label_count, sizeof(label_t));
    case DEF_CANON:
        return copy_array(arena, &def->canon.opts.items, def->canon.opts.count,
                          sizeof(canon_opt_t));
    case DEF_START:
        return copy_array(arena, &def->start.args, def->start.arg_count, sizeof(def_t *));
    default: return NULL;
    }
}

weft_error_t *weft_def_copy(scope_t *into, const def_t *def, def_t **copy) {
    def_t *made;
    TRY(weft_def_new(into, (def_kind_t)def->kind, (sort_t)def->sort, &made));
    def_t fresh = *made;
    *made = *def;
    made->scope = into;
    made->prev = made->next = NULL;
    made->source = fresh.source;
    made->starts_section = false;
    made->typed = NULL;
    TRY(own_arrays(&into->document->arena, made));
    *copy = made;
    return NULL;
}

static weft_error_t *repoint(def_t **ref, void *context) {
    def_t **from_to = context;
    if (*ref == from_to[0]) *ref = from_to[1];
    return NULL;
}

weft_error_t *weft_scope_repoint(scope_t *scope, def_t *from, def_t *to) {
    def_t *from_to[2] = {from, to};
    for (def_t *def = scope->first; def; def = def->next)
        TRY(weft_def_refs(def, true, repoint, from_to));
    return NULL;
}
