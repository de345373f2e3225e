/* The names of imports and exports: their grammar, their attributes, that they are told apart, and that annotated
 * names stand on functions that fit them (Explainer.md, Import and Export Definitions; Binary.md). */
#include "component/validate/validation.h"

static weft_str_t attribute(const extern_name_t *name, attribute_kind_t kind) {
    for (uint32_t i = 0; i < name->attribute_count; i++)
        if (name->attributes[i].kind == kind) return name->attributes[i].text;
    return (weft_str_t){NULL, 0};
}

static weft_error_t *wrong(const side_t *side, const extern_name_t *name, const char *why) {
    return weft_error_new(WEFT_INVALID, "the %s `%.*s` %s", side->words, STR_ARG(name->name), why);
}

/* ---- attributes ----------------------------------------------------------------------------- */

static weft_error_t *check_once(const side_t *side, const extern_name_t *name) {
    uint8_t seen = 0;
    for (uint32_t i = 0; i < name->attribute_count; i++) {
        uint8_t bit = (uint8_t)(1U << name->attributes[i].kind);
        if (seen & bit) return wrong(side, name, "has an attribute twice");
        seen |= bit;
    }
    return NULL;
}

static weft_error_t *check_implements(const side_t *side, const extern_name_t *name,
                                      const name_t *parts, const extern_type_t *type,
                                      weft_str_t suffix) {
    weft_str_t text = attribute(name, ATTRIBUTE_IMPLEMENTS);
    name_t implements;
    if (!text.ptr) return NULL;
    if (parts->kind != NAME_LABEL || parts->accessor != ACCESSOR_NONE)
        return wrong(side, name, "is no plain name, so it cannot have `implements`");
    if (type->sort != SORT_INSTANCE)
        return wrong(side, name, "is no instance, so it cannot have `implements`");
    TRY(weft_name_parse(text, &implements));
    if (implements.kind != NAME_INTERFACE)
        return wrong(side, name, "implements what is no interface");
    return weft_name_check_version(&implements, suffix);
}

static weft_error_t *check_attributes(const side_t *side, const extern_name_t *name,
                                      const name_t *parts, const extern_type_t *type) {
    weft_str_t suffix = attribute(name, ATTRIBUTE_VERSION_SUFFIX);
    bool implements = attribute(name, ATTRIBUTE_IMPLEMENTS).ptr != NULL;
    TRY(check_once(side, name));
    if (suffix.ptr) {
        if (type->sort != SORT_INSTANCE)
            return wrong(side, name, "is no instance, so it cannot have a version suffix");
        if (!suffix.len) return wrong(side, name, "has an empty version suffix");
        if (!implements && parts->kind != NAME_INTERFACE)
            return wrong(side, name, "has a version suffix but is no interface");
        if (!implements && !parts->version.ptr)
            return wrong(side, name, "has a version suffix but no version");
    }
    TRY(check_implements(side, name, parts, type, suffix));
    if (parts->kind != NAME_INTERFACE) return NULL;
    return weft_name_check_version(parts, implements ? (weft_str_t){NULL, 0} : suffix);
}

/* ---- annotated names ------------------------------------------------------------------------ */

static const ctype_t *part(const ctype_t *type, uint32_t i) {
    return type && type->kind == CTYPE_VALUE && i < type->value.part_count ? type->value.parts[i]
                                                                           : NULL;
}

/* The resource of a handle type; NULL: it is no such handle. */
static const ctype_t *resource_of(const ctype_t *type, type_kind_t kind) {
    return type && type->value.type->kind == kind ? type->value.parts[0] : NULL;
}

static weft_error_t *check_resource_name(const side_t *side, const extern_name_t *name,
                                         const ctype_t *resource, weft_str_t wanted) {
    const weft_str_t *found = weft_map_get_ptr(&side->resources, resource);
    if (!found) return wrong(side, name, "is about a resource that has no name here");
    if (weft_str_eq(*found, wanted)) return NULL;
    return weft_error_new(WEFT_INVALID, "the %s `%.*s` is about the resource `%.*s`", side->words,
                          STR_ARG(name->name), STR_ARG(*found));
}

static weft_error_t *check_constructor(const side_t *side, const extern_name_t *name,
                                       const name_t *parts, const ctype_t *func) {
    const ctype_t *result = func->func.result;
    if (func->func.type->is_async) return wrong(side, name, "cannot be async");
    if (result && result->value.type->kind == TYPE_RESULT) result = part(result, 0);
    const ctype_t *resource = resource_of(result, TYPE_OWN);
    if (!resource) return wrong(side, name, "must return its resource, or a result of it");
    return check_resource_name(side, name, resource, parts->resource);
}

static weft_error_t *check_method(const side_t *side, const extern_name_t *name,
                                  const name_t *parts, const ctype_t *func) {
    const func_type_t *type = func->func.type;
    const ctype_t *resource = NULL;
    if (type->param_count && weft_str_eq(type->params[0].name, weft_str("self")))
        resource = resource_of(func->func.params[0], TYPE_BORROW);
    if (!resource)
        return wrong(side, name, "must have a first parameter `self`, a borrow of its resource");
    return check_resource_name(side, name, resource, parts->resource);
}

static weft_error_t *check_getter(const side_t *side, const extern_name_t *name,
                                  const func_type_t *func, uint32_t params) {
    if (params) return wrong(side, name, "is a getter, which takes no parameters");
    if (!func->result) return wrong(side, name, "is a getter, which returns a value");
    if (func->result->kind == TYPE_RESULT && !func->result->element)
        return wrong(side, name, "is a getter, whose result holds a value");
    return NULL;
}

/* What a getter gets, without the `result` around it. */
static const type_t *property(const func_type_t *getter) {
    const type_t *type = getter->result;
    return type->kind == TYPE_RESULT ? type->element : type;
}

static weft_error_t *getter_name(validation_t *validation, const name_t *parts, weft_str_t *out) {
    buf_t text = {0};
    if (parts->kind == NAME_METHOD) weft_buf_printf(&text, "[method]");
    if (parts->kind == NAME_STATIC) weft_buf_printf(&text, "[static]");
    weft_buf_printf(&text, "[get]");
    if (parts->resource.len) weft_buf_printf(&text, "%.*s.", STR_ARG(parts->resource));
    weft_buf_str(&text, parts->label);
    *out = text.failed ? (weft_str_t){NULL, 0}
                       : weft_arena_str(validation->arena, weft_buf_as_str(&text));
    weft_buf_free(&text);
    return out->ptr ? NULL : weft_error_oom();
}

static weft_error_t *check_setter(validation_t *validation, const side_t *side,
                                  const extern_name_t *name, const name_t *parts,
                                  const func_type_t *func, uint32_t params) {
    weft_str_t wanted;
    if (params != 1) return wrong(side, name, "is a setter, which takes one parameter");
    if (func->result && (func->result->kind != TYPE_RESULT || func->result->element))
        return wrong(side, name, "is a setter, which returns nothing or a result without a value");
    TRY(getter_name(validation, parts, &wanted));
    const ctype_t *getter = weft_map_get(&side->getters, wanted);
    if (!getter) return wrong(side, name, "is a setter without a getter before it");
    if (property(getter->func.type) != func->params[func->param_count - 1].type)
        return wrong(side, name, "takes another type than its getter returns");
    return NULL;
}

static weft_error_t *check_accessor(validation_t *validation, side_t *side,
                                    const extern_name_t *name, const name_t *parts,
                                    const ctype_t *func) {
    const func_type_t *type = func->func.type;
    uint32_t params = type->param_count - (parts->kind == NAME_METHOD ? 1 : 0);
    if (type->is_async) return wrong(side, name, "cannot be async");
    if (parts->accessor == ACCESSOR_SET)
        return check_setter(validation, side, name, parts, type, params);
    TRY(check_getter(side, name, type, params));
    return weft_map_set(&side->getters, name->name, (void *)(uintptr_t)func);
}

static weft_error_t *check_annotations(validation_t *validation, side_t *side,
                                       const extern_name_t *name, const name_t *parts,
                                       const extern_type_t *type) {
    bool is_member =
        parts->kind == NAME_CONSTRUCTOR || parts->kind == NAME_METHOD || parts->kind == NAME_STATIC;
    if (!is_member && parts->accessor == ACCESSOR_NONE) return NULL;
    if (type->sort != SORT_FUNC) return wrong(side, name, "must be a function");
    if (parts->kind == NAME_CONSTRUCTOR) return check_constructor(side, name, parts, type->type);
    if (parts->kind == NAME_METHOD) TRY(check_method(side, name, parts, type->type));
    if (parts->kind == NAME_STATIC && !weft_map_get(&side->resource_names, parts->resource))
        return wrong(side, name, "is about a resource that has no name here");
    if (parts->accessor == ACCESSOR_NONE) return NULL;
    return check_accessor(validation, side, name, parts, type->type);
}

/* ---- uniqueness ----------------------------------------------------------------------------- */

weft_error_t *weft_validate_key(const validation_t *validation, weft_str_t name, weft_str_t *key) {
    buf_t *text = validation->text;
    text->len = 0;
    weft_name_key(text, name);
    *key = text->failed ? (weft_str_t){NULL, 0}
                        : weft_arena_str(validation->arena, weft_buf_as_str(text));
    return key->ptr ? NULL : weft_error_oom();
}

static weft_error_t *check_unique(validation_t *validation, side_t *side,
                                  const extern_name_t *name) {
    weft_str_t key;
    TRY(weft_validate_key(validation, name->name, &key));
    const extern_name_t *before = weft_map_get(&side->keys, key);
    if (before)
        return weft_error_new(WEFT_INVALID, "the %s `%.*s` conflicts with `%.*s` before it",
                              side->words, STR_ARG(name->name), STR_ARG(before->name));
    return weft_map_set(&side->keys, key, (void *)(uintptr_t)name);
}

static bool is_import_only(name_kind_t kind) {
    return kind == NAME_DEPENDENCY || kind == NAME_URL || kind == NAME_HASH;
}

weft_error_t *weft_validate_name(validation_t *validation, side_t *side, const extern_name_t *name,
                                 const extern_type_t *type) {
    name_t parts;
    TRY(weft_name_parse(name->name, &parts));
    if (is_import_only(parts.kind) && side->words[0] == 'e')
        return wrong(side, name, "has a name for imports only");
    TRY(check_attributes(side, name, &parts, type));
    TRY(check_annotations(validation, side, name, &parts, type));
    return check_unique(validation, side, name);
}
