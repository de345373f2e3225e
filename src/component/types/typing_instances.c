/* Instances: instantiation with its substitution, and inline exports. */
#include "component/types/entity.h"
#include "component/types/subtype.h"
#include "support/alloc.h"

/* Arguments or inline exports as a list. */
static weft_error_t *list_of(type_pool_t *pool, const def_t *def, const named_def_t *named,
                             uint32_t count, bool with_names, extern_list_t *list) {
    weft_error_t *error = NULL;
    extern_item_t *items = weft_alloc_zero(count, sizeof *items);
    if (!items) return weft_error_oom();
    for (uint32_t i = 0; i < count; i++) {
        const entity_t *entity;
        TRY_OR(done, weft_entity_extern(def, named[i].def, &entity));
        items[i] = (extern_item_t){named[i].name.name, with_names ? &named[i].name : NULL,
                                   entity->type, def};
    }
    TRY_OR(done, weft_extern_list_new(pool, items, count, list));
done:
    weft_free(items);
    return error;
}

static weft_error_t *new_instance(type_pool_t *pool, const def_t *def, const extern_list_t *exports,
                                  entity_t *entity) {
    ctype_t shape = {.kind = CTYPE_INSTANCE, .def = def};
    shape.instance.exports = *exports;
    entity->type.sort = SORT_INSTANCE;
    return weft_ctype_new(pool, &shape, &entity->type.type);
}

/* Its exports are the component's, with the imported resources and types replaced by what is given, and the
 * resources that the component defines replaced by fresh ones. */
weft_error_t *weft_type_instantiate(type_pool_t *pool, def_t *def, entity_t *entity) {
    const entity_t *target;
    extern_list_t given, exports;
    match_t match;
    weft_error_t *error;
    TRY(weft_entity_ref(def, def->instantiate.target, &target));
    const ctype_t *component = target->type.type;
    TRY(list_of(pool, def, def->instantiate.args, def->instantiate.count, false, &given));

    weft_match_init(&match, pool);
    match.given_words = "the argument";
    match.asked_words = "the import";
    TRY_OR(done, weft_match_imports(&match, component, &given));
    TRY_OR(done,
           weft_csubst_freshen(&match.subst, component->component.defined, def, &entity->defined));
    exports = component->component.exports;
    if (!weft_csubst_is_empty(&match.subst)) {
        TRY_OR(done, weft_csubst_externs(&match.subst, &exports, &exports));
    }
    TRY_OR(done, new_instance(pool, def, &exports, entity));
done:
    weft_match_free(&match);
    return error;
}

weft_error_t *weft_type_inline(type_pool_t *pool, def_t *def, entity_t *entity) {
    extern_list_t exports;
    TRY(list_of(pool, def, def->inline_.exports, def->inline_.count, true, &exports));
    return new_instance(pool, def, &exports, entity);
}
