#include "component/edit/spell.h"

#include "support/alloc.h"

prim_t weft_spell_prim(type_kind_t kind) {
    static const prim_t prims[] = {
        [TYPE_BOOL] = PRIM_BOOL,     [TYPE_S8] = PRIM_S8,
        [TYPE_U8] = PRIM_U8,         [TYPE_S16] = PRIM_S16,
        [TYPE_U16] = PRIM_U16,       [TYPE_S32] = PRIM_S32,
        [TYPE_U32] = PRIM_U32,       [TYPE_S64] = PRIM_S64,
        [TYPE_U64] = PRIM_U64,       [TYPE_F32] = PRIM_F32,
        [TYPE_F64] = PRIM_F64,       [TYPE_CHAR] = PRIM_CHAR,
        [TYPE_STRING] = PRIM_STRING, [TYPE_ERROR_CONTEXT] = PRIM_ERROR_CONTEXT,
    };
    return prims[kind];
}

type_op_t weft_spell_op(type_kind_t kind) {
    static const type_op_t ops[TYPE_KIND_COUNT] = {
        [TYPE_RECORD] = TYPE_OP_RECORD, [TYPE_VARIANT] = TYPE_OP_VARIANT,
        [TYPE_LIST] = TYPE_OP_LIST,     [TYPE_FIXED_LIST] = TYPE_OP_FIXED_LIST,
        [TYPE_TUPLE] = TYPE_OP_TUPLE,   [TYPE_FLAGS] = TYPE_OP_FLAGS,
        [TYPE_ENUM] = TYPE_OP_ENUM,     [TYPE_OPTION] = TYPE_OP_OPTION,
        [TYPE_RESULT] = TYPE_OP_RESULT, [TYPE_MAP] = TYPE_OP_MAP,
        [TYPE_OWN] = TYPE_OP_OWN,       [TYPE_BORROW] = TYPE_OP_BORROW,
        [TYPE_STREAM] = TYPE_OP_STREAM, [TYPE_FUTURE] = TYPE_OP_FUTURE,
    };
    return ops[kind];
}

void weft_spelling_free(spelling_t *spelling) {
    weft_map_free(&spelling->resources);
    weft_map_free(&spelling->types);
}

static weft_error_t *spell_part(spelling_t *s, builder_t *b, const type_t *part, bool *has,
                                valtype_t *out) {
    *has = part != NULL;
    return part ? weft_spell(s, b, part, out) : NULL;
}

static weft_error_t *spell_shape(spelling_t *s, builder_t *b, const type_t *type,
                                 type_def_t *shape) {
    bool has_key;
    for (uint32_t i = 0; i < type->field_count; i++) {
        label_t *label = &shape->labels[i];
        label->name = type->fields[i].name;
        TRY(spell_part(s, b, type->fields[i].type, &label->has_type, &label->type));
    }
    if (type->resource) {
        shape->resource = weft_map_get_ptr(&s->resources, type->resource);
        if (!shape->resource)
            return weft_error_new(WEFT_INTERNAL, "no definition of the resource \"%.*s\"",
                                  STR_ARG(type->resource->name));
    }
    TRY(spell_part(s, b, type->key, &has_key, &shape->key));
    TRY(spell_part(s, b, type->element, &shape->has_element, &shape->element));
    return spell_part(s, b, type->error, &shape->has_error, &shape->error);
}

weft_error_t *weft_spell(spelling_t *s, builder_t *b, const type_t *type, valtype_t *out) {
    *out = (valtype_t){0};
    if (type->kind <= TYPE_ERROR_CONTEXT) {
        out->prim = weft_spell_prim(type->kind);
        return NULL;
    }
    out->def = weft_map_get_ptr(&s->types, type);
    if (out->def) return NULL;
    type_def_t shape = {
        .op = weft_spell_op(type->kind), .label_count = type->field_count, .length = type->length};
    if (type->field_count) {
        shape.labels = weft_alloc_zero(type->field_count, sizeof *shape.labels);
        if (!shape.labels) return weft_error_oom();
    }
    weft_error_t *error = spell_shape(s, b, type, &shape);
    if (!error) {
        out->def = weft_build_type(b, &shape);
        error = b->error;
        b->error = NULL;
    }
    weft_free(shape.labels);
    return error ? error : weft_map_set_ptr(&s->types, type, out->def);
}
