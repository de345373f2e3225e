/* Rules of type definitions (Binary.md, Type Definitions) that no type needs to be known for, or only the one at
 * hand. */
#include "component/validate/validation.h"

enum {
    FLAGS_MAX = 32,
    BYTES_MAX = 1 << 28 /* CanonicalABI.md, Element Size: of a value in a 64-bit memory */
};

/* ---- labels --------------------------------------------------------------------------------- */

static weft_error_t *validate_label(const validation_t *validation, map_t *keys, const char *words,
                                    weft_str_t label) {
    weft_str_t key;
    if (!weft_label_valid(label))
        return weft_error_new(WEFT_INVALID, "the %s name `%.*s` is not in kebab case", words,
                              STR_ARG(label));
    TRY(weft_validate_key(validation, label, &key));
    if (weft_map_get(keys, key))
        return weft_error_new(WEFT_INVALID, "the %s name `%.*s` is there twice", words,
                              STR_ARG(label));
    return weft_map_set(keys, key, (void *)(uintptr_t)key.ptr);
}

static weft_error_t *validate_labels(const validation_t *validation, const type_def_t *type,
                                     const char *words) {
    map_t keys = {0};
    weft_error_t *error = NULL;
    for (uint32_t i = 0; i < type->label_count && !error; i++)
        error = validate_label(validation, &keys, words, type->labels[i].name);
    weft_map_free(&keys);
    return error;
}

static weft_error_t *need_labels(const type_def_t *type) {
    if (type->label_count) return NULL;
    return weft_error_new(WEFT_INVALID, "a %s has at least one %s", weft_type_op_words(type->op),
                          type->op == TYPE_OP_TUPLE ? "element" : "label");
}

/* ---- kinds ---------------------------------------------------------------------------------- */

static weft_error_t *validate_func(const validation_t *validation, const def_t *def,
                                   const func_type_t *func) {
    TRY(validate_labels(validation, &def->type, "parameter"));
    if (func->result && func->result->has_borrow)
        return weft_error_new(WEFT_INVALID, "a function cannot return a borrow");
    return NULL;
}

static weft_error_t *validate_resource(const validation_t *validation, const def_t *def) {
    if (validation->scope->kind != SCOPE_COMPONENT)
        return weft_error_new(WEFT_INVALID, "a resource is defined in a component, not in a type");
    if (def->type.rep != 0x7f && def->type.rep != 0x7e)
        return weft_error_new(WEFT_INVALID, "a resource is represented by an i32 or an i64");
    return NULL;
}

static bool is_key(type_kind_t kind) {
    return kind <= TYPE_STRING && kind != TYPE_F32 && kind != TYPE_F64;
}

static weft_error_t *validate_map(const type_t *type) {
    const type_t *value = type->element;
    if (!is_key(type->key->kind))
        return weft_error_new(WEFT_INVALID,
                              "the key of a map is a bool, an integer, a char or a string");
    if (value->has_own || value->has_borrow || value->has_stream_or_future ||
        value->has_error_context)
        return weft_error_new(WEFT_INVALID, "the values of a map cannot hold handles");
    return NULL;
}

static weft_error_t *validate_payload(const type_t *type) {
    const char *words = type->kind == TYPE_STREAM ? "stream" : "future";
    if (!type->element) return NULL;
    if (type->kind == TYPE_STREAM && type->element->kind == TYPE_CHAR)
        return weft_error_new(WEFT_INVALID, "stream<char> is not valid (stream<u8> is)");
    if (type->element->has_borrow)
        return weft_error_new(WEFT_INVALID, "a %s cannot hold a borrow", words);
    return NULL;
}

static weft_error_t *validate_value(const validation_t *validation, const def_t *def,
                                    const type_t *type) {
    switch (type->kind) {
    case TYPE_RECORD:
        TRY(need_labels(&def->type));
        return validate_labels(validation, &def->type, "field");
    case TYPE_VARIANT:
    case TYPE_ENUM:
        TRY(need_labels(&def->type));
        return validate_labels(validation, &def->type, "case");
    case TYPE_TUPLE: return need_labels(&def->type);
    case TYPE_FLAGS:
        TRY(need_labels(&def->type));
        if (def->type.label_count > FLAGS_MAX)
            return weft_error_new(WEFT_INVALID, "flags have at most %d labels", FLAGS_MAX);
        return validate_labels(validation, &def->type, "flag");
    case TYPE_FIXED_LIST:
        return type->length ? NULL
                            : weft_error_new(WEFT_INVALID, "a list has at least one element");
    case TYPE_MAP: return validate_map(type);
    case TYPE_STREAM:
    case TYPE_FUTURE: return validate_payload(type);
    default: return NULL;
    }
}

weft_error_t *weft_validate_type(const validation_t *validation, const def_t *def) {
    const entity_t *entity = def->typed;
    const ctype_t *type = entity->type.type;
    if (type->kind == CTYPE_RESOURCE) return validate_resource(validation, def);
    if (type->kind == CTYPE_FUNC) return validate_func(validation, def, type->func.type);
    TRY(validate_value(validation, def, type->value.type));
    if (type->value.type->byte_size >= BYTES_MAX)
        return weft_error_new(WEFT_INVALID, "a value of this type takes more than %d bytes",
                              BYTES_MAX - 1);
    return NULL;
}
