/* Types with their resources replaced. Only what holds a resource is looked into, and each distinct type
 * once, by the memo; nothing at all while no resource is to be replaced. */
#include "component/types/type.h"
#include "support/alloc.h"

void weft_substitution_free(substitution_t *substitution) {
    weft_map_free(&substitution->memo);
}

const resource_t *weft_substitute_resource(const substitution_t *substitution,
                                           const resource_t *resource) {
    const resource_t *other = weft_map_get_ptr(substitution->resources, resource);
    return other ? other : resource;
}

/* The fields with their types replaced, in a heap array that the caller frees; NULL for no fields. */
static weft_error_t *substitute_fields(substitution_t *substitution, const type_field_t *fields,
                                       uint32_t count, type_field_t **out) {
    weft_error_t *error;
    if (!count) {
        *out = NULL;
        return NULL;
    }
    type_field_t *copy = weft_realloc_array(NULL, count, sizeof *copy);
    if (!copy) return weft_error_oom();
    for (uint32_t i = 0; i < count; i++) {
        copy[i] = fields[i];
        TRY_OR(fail, weft_substitute_type(substitution, fields[i].type, &copy[i].type));
    }
    *out = copy;
    return NULL;
fail:
    weft_free(copy);
    return error;
}

static weft_error_t *substitute_parts(substitution_t *substitution, const type_t *type,
                                      const type_t **out) {
    type_t shape = *type;
    type_field_t *fields;
    weft_error_t *error;
    TRY(weft_substitute_type(substitution, type->element, &shape.element));
    TRY(weft_substitute_type(substitution, type->error, &shape.error));
    TRY(weft_substitute_type(substitution, type->key, &shape.key));
    if (type->resource) shape.resource = weft_substitute_resource(substitution, type->resource);
    TRY(substitute_fields(substitution, type->fields, type->field_count, &fields));
    shape.fields = fields;
    error = weft_type_intern(substitution->pool, &shape, out);
    weft_free(fields);
    return error;
}

weft_error_t *weft_substitute_type(substitution_t *substitution, const type_t *type,
                                   const type_t **out) {
    if (!type || !(type->has_own || type->has_borrow) || !substitution->resources->count) {
        *out = type;
        return NULL;
    }
    const type_t *known = weft_map_get_ptr(&substitution->memo, type);
    if (!known) {
        TRY(substitute_parts(substitution, type, &known));
        TRY(weft_map_set_ptr(&substitution->memo, type, (void *)known));
    }
    *out = known;
    return NULL;
}

weft_error_t *weft_substitute_func_type(substitution_t *substitution, const func_type_t *type,
                                        const func_type_t **out) {
    func_type_t shape = *type;
    type_field_t *params;
    weft_error_t *error;
    const func_type_t *known =
        substitution->resources->count ? weft_map_get_ptr(&substitution->memo, type) : type;
    if (known) {
        *out = known;
        return NULL;
    }
    TRY(weft_substitute_type(substitution, type->result, &shape.result));
    TRY(substitute_fields(substitution, type->params, type->param_count, &params));
    shape.params = params;
    error = weft_func_type_intern(substitution->pool, &shape, &known);
    weft_free(params);
    if (error) return error;
    TRY(weft_map_set_ptr(&substitution->memo, type, (void *)known));
    *out = known;
    return NULL;
}

weft_error_t *weft_type_substitute(type_pool_t *pool, const map_t *map, const type_t *type,
                                   const type_t **out) {
    substitution_t substitution = {.pool = pool, .resources = map};
    weft_error_t *error = weft_substitute_type(&substitution, type, out);
    weft_substitution_free(&substitution);
    return error;
}
