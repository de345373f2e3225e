/* What imports and exports introduce. The entity of an export is the one that later definitions use: with an
 * ascription it has the ascribed type, and a type gets a new identity. */
#include "component/types/entity.h"
#include "component/types/subtype.h"

/* The resources that instances of this type bring along become resources of the scope; the instance that is
 * now there has none of its own. */
static weft_error_t *adopt_resources(type_pool_t *pool, const def_t *def, extern_type_t *type,
                                     resource_list_t *fresh) {
    ctype_t shape = *type->type;
    csubst_t subst;
    weft_error_t *error;
    if (type->sort != SORT_INSTANCE || shape.instance.defined.count == 0) return NULL;
    weft_csubst_init(&subst, pool);
    TRY_OR(done, weft_csubst_freshen(&subst, shape.instance.defined, def, fresh));
    TRY_OR(done, weft_csubst_externs(&subst, &shape.instance.exports, &shape.instance.exports));
    shape.instance.defined = (resource_list_t){0};
    TRY_OR(done, weft_ctype_new(pool, &shape, &type->type));
done:
    weft_csubst_free(&subst);
    return error;
}

/* (type (sub resource)) makes a resource, (type (eq t)) a name. */
static weft_error_t *type_of_type(type_pool_t *pool, const def_t *def, weft_str_t name,
                                  const extern_desc_t *desc, extern_type_t *type,
                                  resource_list_t *fresh) {
    const entity_t *entity;
    if (desc->type) {
        TRY(weft_entity_ref(def, desc->type, &entity));
        return weft_ctype_rename(pool, entity->type.type, name, def, &type->type);
    }
    ctype_t shape = {.kind = CTYPE_RESOURCE, .name = name, .def = def};
    TRY(weft_resource_new(pool, name, def, &shape.resource));
    TRY(weft_resource_list_new(pool, &shape.resource, 1, fresh));
    return weft_ctype_new(pool, &shape, &type->type);
}

static weft_error_t *type_of_module(const def_t *def, const extern_desc_t *desc,
                                    extern_type_t *type) {
    type->module = weft_def_origin(desc->type);
    if (type->module->kind == DEF_CORE_MODULE_TYPE) return NULL;
    return weft_error_at(WEFT_INVALID, weft_def_offset(def),
                         "core type %u is not a module type, as it must be here",
                         (unsigned)desc->type->index);
}

static weft_error_t *type_of_desc(type_pool_t *pool, const def_t *def, weft_str_t name,
                                  const extern_desc_t *desc, extern_type_t *type,
                                  resource_list_t *fresh) {
    *type = (extern_type_t){.sort = desc->sort};
    switch (desc->sort) {
    case SORT_FUNC: return weft_entity_ctype(def, desc->type, CTYPE_FUNC, &type->type);
    case SORT_COMPONENT: return weft_entity_ctype(def, desc->type, CTYPE_COMPONENT, &type->type);
    case SORT_INSTANCE:
        TRY(weft_entity_ctype(def, desc->type, CTYPE_INSTANCE, &type->type));
        return adopt_resources(pool, def, type, fresh);
    case SORT_VALUE: return weft_entity_value(pool, def, desc->valtype, type);
    case SORT_TYPE: return type_of_type(pool, def, name, desc, type, fresh);
    case SORT_CORE_MODULE: return type_of_module(def, desc, type);
    default: return weft_error_new(WEFT_INVALID, "a %s is imported", weft_sort_words(desc->sort));
    }
}

weft_error_t *weft_type_import(type_pool_t *pool, def_t *def, entity_t *entity) {
    return type_of_desc(pool, def, def->import.name.name, &def->import.desc, &entity->type,
                        def->kind == DEF_IMPORT ? &entity->imported : &entity->defined);
}

/* An ascription is what the outside sees, and what is used inside from here on. */
static weft_error_t *ascribe(type_pool_t *pool, def_t *def, const extern_type_t *given,
                             entity_t *entity) {
    match_t match;
    weft_str_t name = def->export_.name.name;
    TRY(type_of_desc(pool, def, name, &def->export_.desc, &entity->type, &entity->defined));
    weft_match_init(&match, pool);
    match.given_words = "what is exported";
    match.asked_words = "the type it is exported with";
    weft_error_t *error = weft_match_check(&match, name, &entity->type, given);
    weft_match_free(&match);
    return error;
}

weft_error_t *weft_type_export(type_pool_t *pool, def_t *def, entity_t *entity) {
    const entity_t *target;
    weft_str_t name = def->export_.name.name;
    TRY(weft_entity_extern(def, def->export_.target, &target));
    if (target->type.sort == SORT_TYPE && target->type.type->kind == CTYPE_RESOURCE) {
        TRY(weft_resource_set_name(pool, target->type.type->resource, name));
    }
    if (def->export_.has_desc) return ascribe(pool, def, &target->type, entity);
    entity->type = target->type;
    if (target->type.sort != SORT_TYPE) return NULL;
    return weft_ctype_rename(pool, target->type.type, name, def, &entity->type.type);
}
