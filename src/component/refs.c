/* The references of a definition, found in one place: whoever renumbers, repoints, hoists or clones
 * goes through here. */
#include "component/model.h"

typedef struct refs {
    ref_visitor_t visit;
    void *context;
    bool deep;
} refs_t;

static weft_error_t *ref(const refs_t *refs, def_t **slot) {
    return *slot ? refs->visit(slot, refs->context) : NULL;
}

static weft_error_t *ref_valtype(const refs_t *refs, valtype_t *type) {
    return type->prim == PRIM_NONE ? ref(refs, &type->def) : NULL;
}

static weft_error_t *ref_named(const refs_t *refs, named_def_t *named, uint32_t count) {
    for (uint32_t i = 0; i < count; i++) TRY(ref(refs, &named[i].def));
    return NULL;
}

static weft_error_t *ref_core_valtypes(const refs_t *refs, core_valtype_t *types, uint32_t count) {
    for (uint32_t i = 0; i < count; i++) TRY(ref(refs, &types[i].def));
    return NULL;
}

static weft_error_t *ref_desc(const refs_t *refs, extern_desc_t *desc) {
    TRY(ref(refs, &desc->type));
    return ref_valtype(refs, &desc->valtype);
}

static weft_error_t *ref_body(const refs_t *refs, scope_t *body) {
    if (!refs->deep || !body) return NULL;
    for (def_t *def = body->first; def; def = def->next)
        TRY(weft_def_refs(def, true, refs->visit, refs->context));
    return NULL;
}

static weft_error_t *ref_type(const refs_t *refs, type_def_t *type) {
    for (uint32_t i = 0; i < type->label_count; i++) TRY(ref_valtype(refs, &type->labels[i].type));
    TRY(ref_valtype(refs, &type->key));
    TRY(ref_valtype(refs, &type->element));
    TRY(ref_valtype(refs, &type->error));
    TRY(ref(refs, &type->resource));
    TRY(ref(refs, &type->dtor));
    return ref_body(refs, type->body);
}

static weft_error_t *ref_canon(const refs_t *refs, canon_def_t *canon) {
    TRY(ref(refs, &canon->func));
    TRY(ref(refs, &canon->type));
    TRY(ref(refs, &canon->memory));
    TRY(ref_valtype(refs, &canon->result));
    for (uint32_t i = 0; i < canon->opts.count; i++) TRY(ref(refs, &canon->opts.items[i].def));
    return NULL;
}

weft_error_t *weft_def_refs(def_t *def, bool deep, ref_visitor_t visit, void *context) {
    refs_t refs = {visit, context, deep};
    switch ((def_kind_t)def->kind) {
    case DEF_CUSTOM:
    case DEF_CORE_MODULE:
    case DEF_COMPONENT:
    case DEF_KIND_COUNT: return NULL;
    case DEF_CORE_INSTANTIATE:
    case DEF_INSTANTIATE:
        TRY(ref(&refs, &def->instantiate.target));
        return ref_named(&refs, def->instantiate.args, def->instantiate.count);
    case DEF_CORE_INLINE:
    case DEF_INLINE: return ref_named(&refs, def->inline_.exports, def->inline_.count);
    case DEF_CORE_TYPE:
        TRY(ref_core_valtypes(&refs, def->core_func.params, def->core_func.param_count));
        return ref_core_valtypes(&refs, def->core_func.results, def->core_func.result_count);
    case DEF_CORE_MODULE_TYPE: return ref_body(&refs, def->body);
    case DEF_ALIAS_EXPORT:
    case DEF_ALIAS_CORE_EXPORT:
    case DEF_ALIAS_OUTER: return ref(&refs, &def->alias.target);
    case DEF_TYPE: return ref_type(&refs, &def->type);
    case DEF_CANON: return ref_canon(&refs, &def->canon);
    case DEF_START:
        for (uint32_t i = 0; i < def->start.arg_count; i++) TRY(ref(&refs, &def->start.args[i]));
        return ref(&refs, &def->start.func);
    case DEF_START_RESULT: return ref(&refs, &def->start_result);
    case DEF_IMPORT:
    case DEF_EXPORT_DECL: return ref_desc(&refs, &def->import.desc);
    case DEF_EXPORT:
        TRY(ref(&refs, &def->export_.target));
        return def->export_.has_desc ? ref_desc(&refs, &def->export_.desc) : NULL;
    case DEF_VALUE: return ref_valtype(&refs, &def->value.type);
    case DEF_CORE_IMPORT_DECL:
    case DEF_CORE_EXPORT_DECL:
        TRY(ref(&refs, &def->core_decl.desc.type));
        return ref(&refs, &def->core_decl.desc.value.def);
    }
    return NULL;
}
