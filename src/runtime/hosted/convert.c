/* weft's values to Wasmtime's and back, along the type. Wasmtime's have the names of fields and cases in
 * them, weft's have positions. */
#include "runtime/hosted/hosted.h"
#include "runtime/vals.h"
#include "support/alloc.h"

/* ---- into Wasmtime ---------------------------------------------------------------------------- */

static weft_error_t *lower_list(hosted_t *hosted, const type_t *type, const weft_value_t *value,
                                passed_t *given, host_val_t *out) {
    bool packed = value->kind == WEFT_BYTES;
    size_t count = packed ? value->of.bytes.len : value->of.list.count;
    wasmtime_component_vallist_t *list = &out->of.list;
    out->kind = WASMTIME_COMPONENT_LIST;
    wasmtime_component_vallist_new_uninit(list, count);
    for (size_t i = 0; i < count; i++)
        list->data[i] = (host_val_t){.kind = WASMTIME_COMPONENT_U8,
                                     .of.u8 = packed ? value->of.bytes.ptr[i] : 0};
    for (size_t i = 0; !packed && i < count; i++)
        TRY(weft_hosted_lower(hosted, type->element, &value->of.list.items[i], given,
                              &list->data[i]));
    return NULL;
}

static weft_error_t *lower_map(hosted_t *hosted, const type_t *type, const weft_value_t *value,
                               passed_t *given, host_val_t *out) {
    size_t count = value->of.list.count / 2;
    wasmtime_component_valmap_t *map = &out->of.map;
    out->kind = WASMTIME_COMPONENT_MAP;
    wasmtime_component_valmap_new_uninit(map, count);
    for (size_t i = 0; i < count; i++)
        map->data[i] = (wasmtime_component_valmap_entry_t){{.kind = WASMTIME_COMPONENT_BOOL},
                                                           {.kind = WASMTIME_COMPONENT_BOOL}};
    for (size_t i = 0; i < count; i++) {
        const weft_value_t *pair = &value->of.list.items[2 * i];
        TRY(weft_hosted_lower(hosted, type->key, &pair[0], given, &map->data[i].key));
        TRY(weft_hosted_lower(hosted, type->element, &pair[1], given, &map->data[i].value));
    }
    return NULL;
}

static weft_error_t *lower_record(hosted_t *hosted, const type_t *type, const weft_value_t *value,
                                  passed_t *given, host_val_t *out) {
    wasmtime_component_valrecord_t *record = &out->of.record;
    out->kind = WASMTIME_COMPONENT_RECORD;
    wasmtime_component_valrecord_new_uninit(record, type->field_count);
    for (uint32_t i = 0; i < type->field_count; i++) {
        weft_val_name(&record->data[i].name, type->fields[i].name);
        record->data[i].val = (host_val_t){.kind = WASMTIME_COMPONENT_BOOL};
    }
    for (uint32_t i = 0; i < type->field_count; i++)
        TRY(weft_hosted_lower(hosted, type->fields[i].type, &value->of.list.items[i], given,
                              &record->data[i].val));
    return NULL;
}

static weft_error_t *lower_tuple(hosted_t *hosted, const type_t *type, const weft_value_t *value,
                                 passed_t *given, host_val_t *out) {
    wasmtime_component_valtuple_t *tuple = &out->of.tuple;
    out->kind = WASMTIME_COMPONENT_TUPLE;
    wasmtime_component_valtuple_new_uninit(tuple, type->field_count);
    for (uint32_t i = 0; i < type->field_count; i++)
        tuple->data[i] = (host_val_t){.kind = WASMTIME_COMPONENT_BOOL};
    for (uint32_t i = 0; i < type->field_count; i++)
        TRY(weft_hosted_lower(hosted, type->fields[i].type, &value->of.list.items[i], given,
                              &tuple->data[i]));
    return NULL;
}

/* The payload of a case on Wasmtime's heap; NULL for none. */
static weft_error_t *lower_payload(hosted_t *hosted, const type_t *payload,
                                   const weft_value_t *value, passed_t *given, host_val_t **out) {
    host_val_t inner = {.kind = WASMTIME_COMPONENT_BOOL};
    if (!payload) return NULL;
    weft_error_t *error = weft_hosted_lower(hosted, payload, value->of.payload, given, &inner);
    *out = wasmtime_component_val_new(&inner);
    return error;
}

static weft_error_t *lower_variant(hosted_t *hosted, const type_t *type, const weft_value_t *value,
                                   passed_t *given, host_val_t *out) {
    const type_field_t *field = &type->fields[value->index];
    out->kind = WASMTIME_COMPONENT_VARIANT;
    weft_val_name(&out->of.variant.discriminant, field->name);
    out->of.variant.val = NULL;
    return lower_payload(hosted, field->type, value, given, &out->of.variant.val);
}

static weft_error_t *lower_option(hosted_t *hosted, const type_t *type, const weft_value_t *value,
                                  passed_t *given, host_val_t *out) {
    out->kind = WASMTIME_COMPONENT_OPTION;
    out->of.option = NULL;
    return lower_payload(hosted, value->index ? type->element : NULL, value, given,
                         &out->of.option);
}

static weft_error_t *lower_result(hosted_t *hosted, const type_t *type, const weft_value_t *value,
                                  passed_t *given, host_val_t *out) {
    out->kind = WASMTIME_COMPONENT_RESULT;
    out->of.result.is_ok = value->index == 0;
    out->of.result.val = NULL;
    return lower_payload(hosted, value->index ? type->error : type->element, value, given,
                         &out->of.result.val);
}

static weft_error_t *lower_handle(hosted_t *hosted, const type_t *type, const weft_value_t *value,
                                  passed_t *given, host_val_t *out) {
    hosted_resource_t *resource = (hosted_resource_t *)value->of.resource;
    if (resource->held.holder != &hosted->guard.held) return weft_held_elsewhere(&resource->held);
    TRY(weft_held_pass(&resource->held, type->kind == TYPE_OWN, given));
    out->kind = WASMTIME_COMPONENT_RESOURCE;
    out->of.resource = wasmtime_component_resource_any_clone(resource->any);
    return NULL;
}

#define LOWER(KIND, member)                                                                        \
    *out = (host_val_t){.kind = WASMTIME_COMPONENT_##KIND, .of.member = value->of.member};         \
    return NULL

weft_error_t *weft_hosted_lower(hosted_t *hosted, const type_t *type, const weft_value_t *value,
                                passed_t *given, host_val_t *out) {
    *out = (host_val_t){.kind = WASMTIME_COMPONENT_BOOL};
    switch (type->kind) {
    case TYPE_BOOL: LOWER(BOOL, boolean);
    case TYPE_S8: LOWER(S8, s8);
    case TYPE_U8: LOWER(U8, u8);
    case TYPE_S16: LOWER(S16, s16);
    case TYPE_U16: LOWER(U16, u16);
    case TYPE_S32: LOWER(S32, s32);
    case TYPE_U32: LOWER(U32, u32);
    case TYPE_S64: LOWER(S64, s64);
    case TYPE_U64: LOWER(U64, u64);
    case TYPE_F32: LOWER(F32, f32);
    case TYPE_F64: LOWER(F64, f64);
    case TYPE_CHAR: LOWER(CHAR, character);
    case TYPE_STRING:
        out->kind = WASMTIME_COMPONENT_STRING;
        weft_val_name(&out->of.string, value->of.string);
        return NULL;
    case TYPE_LIST:
    case TYPE_FIXED_LIST: return lower_list(hosted, type, value, given, out);
    case TYPE_MAP: return lower_map(hosted, type, value, given, out);
    case TYPE_RECORD: return lower_record(hosted, type, value, given, out);
    case TYPE_TUPLE: return lower_tuple(hosted, type, value, given, out);
    case TYPE_FLAGS: weft_val_flags(type, value->of.flags, out); return NULL;
    case TYPE_ENUM:
        out->kind = WASMTIME_COMPONENT_ENUM;
        weft_val_name(&out->of.enumeration, type->fields[value->index].name);
        return NULL;
    case TYPE_VARIANT: return lower_variant(hosted, type, value, given, out);
    case TYPE_OPTION: return lower_option(hosted, type, value, given, out);
    case TYPE_RESULT: return lower_result(hosted, type, value, given, out);
    case TYPE_OWN:
    case TYPE_BORROW: return lower_handle(hosted, type, value, given, out);
    case TYPE_ERROR_CONTEXT:
    case TYPE_STREAM:
    case TYPE_FUTURE:
    case TYPE_KIND_COUNT: break;
    }
    return weft_error_new(WEFT_INTERNAL, "a value of this type cannot pass to Wasmtime");
}

/* ---- out of Wasmtime -------------------------------------------------------------------------- */

static weft_error_t *lift_string(const wasm_name_t *from, weft_value_t *value) {
    weft_value_t borrowed = weft_string_of((weft_str_t){from->data, from->size});
    return weft_value_copy(&borrowed, value);
}

static weft_error_t *lift_item(hosted_t *hosted, const type_t *type, const host_val_t *from,
                               value_vec_t *items) {
    weft_value_t item;
    TRY(weft_hosted_lift(hosted, type, from, &item));
    weft_error_t *error = VEC_PUSH(items, item);
    if (error) weft_value_clear(&item);
    return error;
}

static weft_error_t *finish(weft_error_t *error, weft_kind_t kind, value_vec_t *items,
                            weft_value_t *value) {
    if (error) weft_value_vec_free(items);
    else *value = weft_value_of_vec(kind, items);
    return error;
}

static weft_error_t *lift_bytes(const wasmtime_component_vallist_t *from, weft_value_t *value) {
    uint8_t *bytes = weft_alloc(from->size);
    if (!bytes) return weft_error_oom();
    for (size_t i = 0; i < from->size; i++) bytes[i] = from->data[i].of.u8;
    *value = weft_byte_list(bytes, from->size);
    value->borrowed = false;
    return NULL;
}

static weft_error_t *lift_list(hosted_t *hosted, const type_t *type,
                               const wasmtime_component_vallist_t *from, weft_value_t *value) {
    value_vec_t items = {0};
    weft_error_t *error = NULL;
    if (type->element->kind == TYPE_U8) return lift_bytes(from, value);
    for (size_t i = 0; !error && i < from->size; i++)
        error = lift_item(hosted, type->element, &from->data[i], &items);
    return finish(error, WEFT_LIST, &items, value);
}

static weft_error_t *lift_map(hosted_t *hosted, const type_t *type,
                              const wasmtime_component_valmap_t *from, weft_value_t *value) {
    value_vec_t items = {0};
    weft_error_t *error = NULL;
    for (size_t i = 0; !error && i < from->size; i++) {
        error = lift_item(hosted, type->key, &from->data[i].key, &items);
        if (!error) error = lift_item(hosted, type->element, &from->data[i].value, &items);
    }
    return finish(error, WEFT_MAP, &items, value);
}

static weft_error_t *lift_record(hosted_t *hosted, const type_t *type,
                                 const wasmtime_component_valrecord_t *from, weft_value_t *value) {
    value_vec_t items = {0};
    weft_error_t *error = from->size == type->field_count ? NULL : weft_val_unexpected();
    for (uint32_t i = 0; !error && i < type->field_count; i++)
        error = lift_item(hosted, type->fields[i].type, &from->data[i].val, &items);
    return finish(error, WEFT_RECORD, &items, value);
}

static weft_error_t *lift_tuple(hosted_t *hosted, const type_t *type,
                                const wasmtime_component_valtuple_t *from, weft_value_t *value) {
    value_vec_t items = {0};
    weft_error_t *error = from->size == type->field_count ? NULL : weft_val_unexpected();
    for (uint32_t i = 0; !error && i < type->field_count; i++)
        error = lift_item(hosted, type->fields[i].type, &from->data[i], &items);
    return finish(error, WEFT_TUPLE, &items, value);
}

static weft_error_t *lift_case(hosted_t *hosted, weft_kind_t kind, uint32_t index,
                               const type_t *payload, const host_val_t *from, weft_value_t *value) {
    weft_value_t inner;
    if (!payload != !from) return weft_val_unexpected();
    if (payload) TRY(weft_hosted_lift(hosted, payload, from, &inner));
    return weft_value_of_case(kind, index, payload ? &inner : NULL, value);
}

static weft_error_t *lift_variant(hosted_t *hosted, const type_t *type,
                                  const wasmtime_component_valvariant_t *from,
                                  weft_value_t *value) {
    uint32_t index;
    TRY(weft_val_find(type, &from->discriminant, &index));
    return lift_case(hosted, WEFT_VARIANT, index, type->fields[index].type, from->val, value);
}

static weft_error_t *lift_result(hosted_t *hosted, const type_t *type,
                                 const wasmtime_component_valresult_t *from, weft_value_t *value) {
    return lift_case(hosted, WEFT_RESULT, !from->is_ok, from->is_ok ? type->element : type->error,
                     from->val, value);
}

#define LIFT(KIND, member)                                                                         \
    *value = (weft_value_t){.kind = KIND, .of.member = from->of.member};                           \
    return NULL

weft_error_t *weft_hosted_lift(hosted_t *hosted, const type_t *type, const host_val_t *from,
                               weft_value_t *value) {
    uint32_t index;
    if (!weft_val_fits(type->kind, from->kind)) return weft_val_unexpected();
    switch (type->kind) {
    case TYPE_BOOL: LIFT(WEFT_BOOL, boolean);
    case TYPE_S8: LIFT(WEFT_S8, s8);
    case TYPE_U8: LIFT(WEFT_U8, u8);
    case TYPE_S16: LIFT(WEFT_S16, s16);
    case TYPE_U16: LIFT(WEFT_U16, u16);
    case TYPE_S32: LIFT(WEFT_S32, s32);
    case TYPE_U32: LIFT(WEFT_U32, u32);
    case TYPE_S64: LIFT(WEFT_S64, s64);
    case TYPE_U64: LIFT(WEFT_U64, u64);
    case TYPE_F32: LIFT(WEFT_F32, f32);
    case TYPE_F64: LIFT(WEFT_F64, f64);
    case TYPE_CHAR: LIFT(WEFT_CHAR, character);
    case TYPE_STRING: return lift_string(&from->of.string, value);
    case TYPE_LIST:
    case TYPE_FIXED_LIST: return lift_list(hosted, type, &from->of.list, value);
    case TYPE_MAP: return lift_map(hosted, type, &from->of.map, value);
    case TYPE_RECORD: return lift_record(hosted, type, &from->of.record, value);
    case TYPE_TUPLE: return lift_tuple(hosted, type, &from->of.tuple, value);
    case TYPE_FLAGS:
        TRY(weft_val_read_flags(type, from, &index));
        *value = weft_flags(index);
        return NULL;
    case TYPE_ENUM:
        TRY(weft_val_find(type, &from->of.enumeration, &index));
        *value = weft_enum(index);
        value->borrowed = false;
        return NULL;
    case TYPE_VARIANT: return lift_variant(hosted, type, &from->of.variant, value);
    case TYPE_OPTION:
        index = from->of.option != NULL;
        return lift_case(hosted, WEFT_OPTION, index, index ? type->element : NULL, from->of.option,
                         value);
    case TYPE_RESULT: return lift_result(hosted, type, &from->of.result, value);
    case TYPE_OWN:
    case TYPE_BORROW:
        return weft_hosted_resource_new(hosted, type->resource->name, from->of.resource, value);
    case TYPE_ERROR_CONTEXT:
    case TYPE_STREAM:
    case TYPE_FUTURE:
    case TYPE_KIND_COUNT: break;
    }
    return weft_val_unexpected();
}
