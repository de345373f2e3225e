#include "component/edit/ascribe.h"

#include "component/edit/spell.h"
#include "support/alloc.h"

void weft_ascribe_free(ascribe_t *ascribe) {
    weft_map_free(&ascribe->names);
}

weft_error_t *weft_ascribe_name(ascribe_t *ascribe, const ctype_t *type, def_t *def) {
    return weft_map_set_ptr(&ascribe->names, type, def);
}

/* ---- value types ---------------------------------------------------------------------------- */

static bool needs_name(type_kind_t kind) {
    return kind == TYPE_RECORD || kind == TYPE_VARIANT || kind == TYPE_FLAGS || kind == TYPE_ENUM;
}

static weft_error_t *ascribe_value(ascribe_t *ascribe, const type_t *type, const ctype_t *name,
                                   valtype_t *out);

static weft_error_t *ascribe_part(ascribe_t *ascribe, const type_t *part, const ctype_t *whole,
                                  uint32_t at, bool *has, valtype_t *out) {
    *has = part != NULL;
    if (!part) return NULL;
    const ctype_t *name = at < whole->value.part_count ? whole->value.parts[at] : NULL;
    return ascribe_value(ascribe, part, name, out);
}

static weft_error_t *ascribe_elements(ascribe_t *ascribe, const ctype_t *whole, type_def_t *shape) {
    const type_t *type = whole->value.type;
    shape->label_count = type->field_count;
    shape->labels = weft_alloc_zero(type->field_count, sizeof *shape->labels);
    if (!shape->labels) return weft_error_oom();
    for (uint32_t i = 0; i < type->field_count; i++) {
        label_t *label = &shape->labels[i];
        label->name = type->fields[i].name;
        TRY(ascribe_part(ascribe, type->fields[i].type, whole, i, &label->has_type, &label->type));
    }
    return NULL;
}

static weft_error_t *find_resource(ascribe_t *ascribe, const ctype_t *whole, def_t **out) {
    const ctype_t *resource = whole->value.part_count ? whole->value.parts[0] : NULL;
    *out = resource ? weft_map_get_ptr(&ascribe->names, resource) : NULL;
    if (*out) return NULL;
    return weft_error_new(WEFT_UNSUPPORTED, "the resource \"%.*s\" is exported under no name",
                          STR_ARG(whole->value.type->resource->name));
}

static weft_error_t *ascribe_shape(ascribe_t *ascribe, const ctype_t *whole, type_def_t *shape) {
    const type_t *type = whole->value.type;
    bool has;
    *shape = (type_def_t){.op = weft_spell_op(type->kind), .length = type->length};
    switch (type->kind) {
    case TYPE_RECORD:
    case TYPE_VARIANT:
    case TYPE_FLAGS:
    case TYPE_ENUM:
    case TYPE_TUPLE: return ascribe_elements(ascribe, whole, shape);
    case TYPE_OWN:
    case TYPE_BORROW: return find_resource(ascribe, whole, &shape->resource);
    case TYPE_MAP:
        TRY(ascribe_part(ascribe, type->key, whole, 0, &has, &shape->key));
        return ascribe_part(ascribe, type->element, whole, 1, &shape->has_element, &shape->element);
    default:
        TRY(ascribe_part(ascribe, type->element, whole, 0, &shape->has_element, &shape->element));
        return ascribe_part(ascribe, type->error, whole, 1, &shape->has_error, &shape->error);
    }
}

static weft_error_t *build(ascribe_t *ascribe, const type_def_t *shape, def_t **out) {
    *out = weft_build_type(ascribe->builder, shape);
    weft_error_t *error = ascribe->builder->error;
    ascribe->builder->error = NULL;
    return error;
}

static weft_error_t *ascribe_value(ascribe_t *ascribe, const type_t *type, const ctype_t *name,
                                   valtype_t *out) {
    *out = (valtype_t){0};
    out->def = name ? weft_map_get_ptr(&ascribe->names, name) : NULL;
    if (out->def) return NULL;
    if (type->kind <= TYPE_ERROR_CONTEXT) {
        out->prim = weft_spell_prim(type->kind);
        return NULL;
    }
    if (!name || needs_name(type->kind)) {
        weft_str_t called = name ? name->name : STR_LIT("");
        return weft_error_new(WEFT_UNSUPPORTED, "the type \"%.*s\" is exported under no name",
                              STR_ARG(called));
    }
    TRY(weft_ascribe_structure(ascribe, name, &out->def));
    return weft_ascribe_name(ascribe, name, out->def);
}

weft_error_t *weft_ascribe_structure(ascribe_t *ascribe, const ctype_t *type, def_t **def) {
    type_def_t shape = {.op = TYPE_OP_PRIM};
    type_kind_t kind = type->value.type->kind;
    if (kind <= TYPE_ERROR_CONTEXT) {
        shape.element.prim = weft_spell_prim(kind);
        return build(ascribe, &shape, def);
    }
    weft_error_t *error = ascribe_shape(ascribe, type, &shape);
    if (!error) error = build(ascribe, &shape, def);
    weft_free(shape.labels);
    return error;
}

/* ---- functions ------------------------------------------------------------------------------ */

/* A name is had by what is in `names`, by a resource, and by what an import or export made. */
static bool mentions_name(const ascribe_t *ascribe, const ctype_t *type, map_t *seen) {
    if (!type || weft_map_get_ptr(seen, type)) return false;
    if (weft_map_get_ptr(&ascribe->names, type) || type->kind != CTYPE_VALUE || type->name.len)
        return true;
    if (weft_map_set_ptr(seen, type, (void *)(uintptr_t)type)) return true;
    for (uint32_t i = 0; i < type->value.part_count; i++)
        if (mentions_name(ascribe, type->value.parts[i], seen)) return true;
    return false;
}

bool weft_ascribe_needed(const ascribe_t *ascribe, const ctype_t *func) {
    map_t seen = {0};
    bool needed = mentions_name(ascribe, func->func.result, &seen);
    for (uint32_t i = 0; i < func->func.type->param_count && !needed; i++)
        needed = mentions_name(ascribe, func->func.params[i], &seen);
    weft_map_free(&seen);
    return needed;
}

weft_error_t *weft_ascribe_func(ascribe_t *ascribe, const ctype_t *func, def_t **type) {
    const func_type_t *structure = func->func.type;
    label_t *labels = weft_alloc_zero(structure->param_count, sizeof *labels);
    if (!labels) return weft_error_oom();
    type_def_t shape = {.op = structure->is_async ? TYPE_OP_ASYNC_FUNC : TYPE_OP_FUNC,
                        .labels = labels,
                        .label_count = structure->param_count,
                        .has_element = structure->result != NULL};
    weft_error_t *error = NULL;
    for (uint32_t i = 0; i < structure->param_count && !error; i++) {
        labels[i].name = structure->params[i].name;
        labels[i].has_type = true;
        error = ascribe_value(ascribe, structure->params[i].type, func->func.params[i],
                              &labels[i].type);
    }
    if (!error && structure->result)
        error = ascribe_value(ascribe, structure->result, func->func.result, &shape.element);
    if (!error) error = build(ascribe, &shape, type);
    weft_free(labels);
    return error;
}
