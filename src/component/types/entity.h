/* What typing knows about one definition, and the parts of typing (typing.c calls the others). */
#ifndef WEFT_COMPONENT_TYPES_ENTITY_H
#define WEFT_COMPONENT_TYPES_ENTITY_H

#include "component/types/ctype.h"

/* def->typed. The resources are those that come into being with the definition. */
typedef struct entity {
    extern_type_t type; /* SORT_NONE: nothing at the component level */
    resource_list_t imported, defined;
} entity_t;

/* What a definition refers to must be typed already: it comes earlier. */
weft_error_t *weft_entity_ref(const def_t *def, const def_t *ref, const entity_t **entity);

/* The same for what can be exported or passed: no core definition but a module. */
weft_error_t *weft_entity_extern(const def_t *def, const def_t *ref, const entity_t **entity);

/* The same for a reference to a type, of a certain kind. */
weft_error_t *weft_entity_ctype(const def_t *def, const def_t *ref, ctype_kind_t kind,
                                const ctype_t **type);

/* A value type as written. `type` is its identity and may be NULL (typing.h), `structure` never. */
weft_error_t *weft_entity_valtype(type_pool_t *pool, const def_t *def, valtype_t written,
                                  const type_t **structure, const ctype_t **type);
weft_error_t *weft_entity_value(type_pool_t *pool, const def_t *def, valtype_t written,
                                extern_type_t *type);

/* Fill the entity of a definition of their kind. */
weft_error_t *weft_type_import(type_pool_t *pool, def_t *def, entity_t *entity);
weft_error_t *weft_type_export(type_pool_t *pool, def_t *def, entity_t *entity);
weft_error_t *weft_type_instantiate(type_pool_t *pool, def_t *def, entity_t *entity);
weft_error_t *weft_type_inline(type_pool_t *pool, def_t *def, entity_t *entity);
weft_error_t *weft_type_type(type_pool_t *pool, def_t *def, entity_t *entity); /* without a body */

#endif
