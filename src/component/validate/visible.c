/* External visibility (Explainer.md, External Visibility of Types): what an import or export mentions by identity
 * must itself be imported or exported, so that whoever uses the component can name it. Records, variants, enums,
 * flags and resources need a name; other types are as visible as their parts. */
#include "component/validate/validation.h"

/* Names that count while an instance type is looked into: those of the instance itself. */
typedef struct visible {
    type_pool_t *pool;
    side_t *side;
    map_t *inner; /* NULL: none */
} visible_t;

static weft_error_t *remember(map_t *set, const ctype_t *type) {
    return weft_map_set_ptr(set, type, (void *)(uintptr_t)type);
}

static bool has_name(const visible_t *visible, const ctype_t *type) {
    return weft_map_get_ptr(&visible->side->named, type) ||
           (visible->inner && weft_map_get_ptr(visible->inner, type));
}

static bool needs_name(type_kind_t kind) {
    return kind == TYPE_RECORD || kind == TYPE_VARIANT || kind == TYPE_ENUM || kind == TYPE_FLAGS;
}

/* The type of a value: by its name, or through its parts. Recursion is as deep as the type (TYPE_DEPTH_MAX);
 * what was found visible is not looked into again. */
static weft_error_t *check_parts(visible_t *visible, const ctype_t *type, bool *is_visible);

static weft_error_t *check_value(visible_t *visible, const ctype_t *type, bool *is_visible) {
    *is_visible = true;
    if (!type || has_name(visible, type)) return NULL;
    *is_visible = !needs_name(type->value.type->kind);
    if (!*is_visible || weft_map_get_ptr(&visible->side->checked, type)) return NULL;
    TRY(check_parts(visible, type, is_visible));
    if (!*is_visible || visible->inner) return NULL;
    return remember(&visible->side->checked, type);
}

static weft_error_t *check_parts(visible_t *visible, const ctype_t *type, bool *is_visible) {
    *is_visible = true;
    for (uint32_t i = 0; i < type->value.part_count && *is_visible; i++) {
        const ctype_t *part = type->value.parts[i];
        if (part && part->kind == CTYPE_RESOURCE) *is_visible = has_name(visible, part);
        else TRY(check_value(visible, part, is_visible));
    }
    return NULL;
}

static weft_error_t *check_func(visible_t *visible, const ctype_t *type, bool *is_visible) {
    *is_visible = true;
    for (uint32_t i = 0; i < type->func.type->param_count && *is_visible; i++)
        TRY(check_value(visible, type->func.params[i], is_visible));
    return *is_visible ? check_value(visible, type->func.result, is_visible) : NULL;
}

static weft_error_t *check_instance(visible_t *visible, const ctype_t *type, bool *is_visible);

/* A type that gets a name: what it is made of is visible. */
static weft_error_t *check_type(visible_t *visible, const ctype_t *type, bool *is_visible) {
    *is_visible = true;
    switch (type->kind) {
    case CTYPE_VALUE: return check_parts(visible, type, is_visible);
    case CTYPE_FUNC: return check_func(visible, type, is_visible);
    case CTYPE_INSTANCE: return check_instance(visible, type, is_visible);
    case CTYPE_RESOURCE:
    case CTYPE_COMPONENT: return NULL; /* it is new, or closed in itself */
    }
    return NULL;
}

static weft_error_t *check_item(visible_t *visible, const extern_type_t *type, bool *is_visible) {
    *is_visible = true;
    TRY(weft_type_pool_work(visible->pool, 1));
    switch (type->sort) {
    case SORT_FUNC: return check_func(visible, type->type, is_visible);
    case SORT_VALUE: return check_value(visible, type->type, is_visible);
    case SORT_INSTANCE: return check_instance(visible, type->type, is_visible);
    case SORT_TYPE:
        TRY(check_type(visible, type->type, is_visible));
        return *is_visible ? remember(visible->inner, type->type) : NULL;
    default: return NULL;
    }
}

/* An instance type that is named as a type: its own types count inside it. */
static weft_error_t *check_instance(visible_t *visible, const ctype_t *type, bool *is_visible) {
    map_t own = {0};
    visible_t inside = {visible->pool, visible->side, visible->inner ? visible->inner : &own};
    const extern_list_t *exports = &type->instance.exports;
    weft_error_t *error = NULL;
    *is_visible = true;
    for (uint32_t i = 0; i < exports->count && *is_visible && !error; i++)
        error = check_item(&inside, &exports->items[i].type, is_visible);
    weft_map_free(&own);
    return error;
}

/* ---- what imports and exports bring --------------------------------------------------------- */

/* Imported types may be mentioned by exports as well. */
static weft_error_t *name_type(validation_t *validation, side_t *side, const ctype_t *type) {
    TRY(remember(&side->named, type));
    return side == &validation->imports ? remember(&validation->exports.named, type) : NULL;
}

static weft_error_t *name_resource(validation_t *validation, side_t *side, weft_str_t name,
                                   const ctype_t *type) {
    weft_str_t *copy = ARENA_NEW(validation->arena, weft_str_t);
    if (!copy) return weft_error_oom();
    *copy = name;
    TRY(weft_map_set_ptr(&side->resources, type, copy));
    return weft_map_set(&side->resource_names, name, copy);
}

/* An import must not be about a type that has its name by an export. */
static bool is_exported_only(const validation_t *validation, const ctype_t *type) {
    const ctype_t *of = type->renames;
    return of && weft_map_get_ptr(&validation->exports.named, of) &&
           !weft_map_get_ptr(&validation->imports.named, of);
}

static weft_error_t *check_and_name(validation_t *validation, side_t *side,
                                    const extern_type_t *type, bool *is_visible);

static weft_error_t *check_and_name_all(validation_t *validation, side_t *side,
                                        const extern_list_t *list, bool *is_visible) {
    *is_visible = true;
    for (uint32_t i = 0; i < list->count && *is_visible; i++)
        TRY(check_and_name(validation, side, &list->items[i].type, is_visible));
    return NULL;
}

static weft_error_t *check_and_name(validation_t *validation, side_t *side,
                                    const extern_type_t *type, bool *is_visible) {
    visible_t visible = {validation->pool, side, NULL};
    *is_visible = true;
    TRY(weft_type_pool_work(validation->pool, 1));
    switch (type->sort) {
    case SORT_FUNC: return check_func(&visible, type->type, is_visible);
    case SORT_VALUE: return check_value(&visible, type->type, is_visible);
    case SORT_INSTANCE:
        return check_and_name_all(validation, side, &type->type->instance.exports, is_visible);
    case SORT_TYPE:
        if (side == &validation->imports && is_exported_only(validation, type->type))
            *is_visible = false;
        if (*is_visible) TRY(check_type(&visible, type->type, is_visible));
        return *is_visible ? name_type(validation, side, type->type) : NULL;
    default: return NULL; /* modules and components are closed */
    }
}

weft_error_t *weft_validate_visible(validation_t *validation, side_t *side, weft_str_t name,
                                    const extern_type_t *type) {
    bool is_visible;
    if (type->sort == SORT_TYPE && type->type->kind == CTYPE_RESOURCE)
        TRY(name_resource(validation, side, name, type->type));
    if (validation->scope->kind == SCOPE_INSTANCE_TYPE) return NULL;
    TRY(check_and_name(validation, side, type, &is_visible));
    if (is_visible) return NULL;
    return weft_error_with_help(
        weft_error_new(WEFT_INVALID,
                       "the %s `%.*s` mentions a type that has no name on the outside", side->words,
                       STR_ARG(name)),
        "records, variants, enums, flags and resources must be imported or exported "
        "themselves, and used by that name");
}
