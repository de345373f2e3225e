#include "runtime/vals.h"

weft_error_t *weft_val_unexpected(void) {
    return weft_error_new(WEFT_INTERNAL,
                          "Wasmtime gave a value that is not of the function's type");
}

void weft_val_name(wasm_name_t *out, weft_str_t name) {
    wasm_byte_vec_new(out, name.len, name.ptr ? name.ptr : "");
}

weft_error_t *weft_val_find(const type_t *type, const wasm_name_t *name, uint32_t *index) {
    weft_str_t wanted = {name->data, name->size};
    for (*index = 0; *index < type->field_count; ++*index)
        if (weft_str_eq(type->fields[*index].name, wanted)) return NULL;
    return weft_val_unexpected();
}

void weft_val_flags(const type_t *type, uint32_t flags, host_val_t *out) {
    size_t count = 0, at = 0;
    for (uint32_t i = 0; i < type->field_count; i++) count += flags >> i & 1;
    out->kind = WASMTIME_COMPONENT_FLAGS;
    wasmtime_component_valflags_new_uninit(&out->of.flags, count);
    for (uint32_t i = 0; i < type->field_count; i++)
        if (flags >> i & 1) weft_val_name(&out->of.flags.data[at++], type->fields[i].name);
}

weft_error_t *weft_val_read_flags(const type_t *type, const host_val_t *from, uint32_t *flags) {
    uint32_t found = 0, index;
    for (size_t i = 0; i < from->of.flags.size; i++) {
        TRY(weft_val_find(type, &from->of.flags.data[i], &index));
        found |= UINT32_C(1) << index;
    }
    *flags = found;
    return NULL;
}

bool weft_val_fits(type_kind_t type, wasmtime_component_valkind_t kind) {
    static const uint8_t kinds[TYPE_KIND_COUNT] = {
        [TYPE_BOOL] = WASMTIME_COMPONENT_BOOL,
        [TYPE_S8] = WASMTIME_COMPONENT_S8,
        [TYPE_U8] = WASMTIME_COMPONENT_U8,
        [TYPE_S16] = WASMTIME_COMPONENT_S16,
        [TYPE_U16] = WASMTIME_COMPONENT_U16,
        [TYPE_S32] = WASMTIME_COMPONENT_S32,
        [TYPE_U32] = WASMTIME_COMPONENT_U32,
        [TYPE_S64] = WASMTIME_COMPONENT_S64,
        [TYPE_U64] = WASMTIME_COMPONENT_U64,
        [TYPE_F32] = WASMTIME_COMPONENT_F32,
        [TYPE_F64] = WASMTIME_COMPONENT_F64,
        [TYPE_CHAR] = WASMTIME_COMPONENT_CHAR,
        [TYPE_STRING] = WASMTIME_COMPONENT_STRING,
        [TYPE_ERROR_CONTEXT] = UINT8_MAX,
        [TYPE_RECORD] = WASMTIME_COMPONENT_RECORD,
        [TYPE_VARIANT] = WASMTIME_COMPONENT_VARIANT,
        [TYPE_LIST] = WASMTIME_COMPONENT_LIST,
        [TYPE_FIXED_LIST] = WASMTIME_COMPONENT_LIST,
        [TYPE_TUPLE] = WASMTIME_COMPONENT_TUPLE,
        [TYPE_FLAGS] = WASMTIME_COMPONENT_FLAGS,
        [TYPE_ENUM] = WASMTIME_COMPONENT_ENUM,
        [TYPE_OPTION] = WASMTIME_COMPONENT_OPTION,
        [TYPE_RESULT] = WASMTIME_COMPONENT_RESULT,
        [TYPE_MAP] = WASMTIME_COMPONENT_MAP,
        [TYPE_OWN] = WASMTIME_COMPONENT_RESOURCE,
        [TYPE_BORROW] = WASMTIME_COMPONENT_RESOURCE,
        [TYPE_STREAM] = UINT8_MAX,
        [TYPE_FUTURE] = UINT8_MAX,
    };
    return kinds[type] == kind;
}
