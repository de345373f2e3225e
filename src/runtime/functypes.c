#include "runtime/functypes.h"

#include "abi/layout.h"

wasm_valkind_t weft_functypes_kind(uint8_t type) {
    switch (type) {
    case CORE_I64: return WASM_I64;
    case CORE_F32: return WASM_F32;
    case CORE_F64: return WASM_F64;
    default: return WASM_I32;
    }
}

static void fill(wasm_valtype_vec_t *types, const uint8_t *kinds, uint32_t count) {
    wasm_valtype_vec_new_uninitialized(types, count);
    for (uint32_t i = 0; i < count; i++)
        types->data[i] = wasm_valtype_new(weft_functypes_kind(kinds[i]));
}

wasm_functype_t *weft_functype_new(core_sig_t sig) {
    wasm_valtype_vec_t params, results;
    fill(&params, sig.params, sig.param_count);
    fill(&results, sig.results, sig.result_count);
    return wasm_functype_new(&params, &results);
}

/* Parameters, a 0, results: no type is 0. The longest is of a lower: 16 parameters and where the result goes. */
typedef struct sig_key {
    char bytes[ABI_MAX_FLAT_PARAMS + 3];
    size_t len;
} sig_key_t;

static weft_error_t *key_of(core_sig_t sig, sig_key_t *key) {
    *key = (sig_key_t){.len = (size_t)sig.param_count + 1 + sig.result_count};
    if (key->len > sizeof key->bytes)
        return weft_error_new(WEFT_INTERNAL, "a signature that no lowered function has");
    if (sig.param_count) memcpy(key->bytes, sig.params, sig.param_count);
    if (sig.result_count) memcpy(key->bytes + sig.param_count + 1, sig.results, sig.result_count);
    return NULL;
}

static weft_error_t *add(functypes_t *types, weft_str_t key, core_sig_t sig,
                         const wasm_functype_t **type) {
    weft_str_t kept = weft_arena_str(&types->arena, key);
    wasm_functype_t *made = kept.ptr ? weft_functype_new(sig) : NULL;
    if (!made) return weft_error_oom();
    weft_error_t *error = weft_map_set(&types->known, kept, made);
    if (error) wasm_functype_delete(made);
    else *type = made;
    return error;
}

weft_error_t *weft_functypes_find(functypes_t *types, core_sig_t sig,
                                  const wasm_functype_t **type) {
    sig_key_t key;
    TRY(key_of(sig, &key));
    weft_str_t text = {key.bytes, key.len};
    *type = weft_map_get(&types->known, text);
    return *type ? NULL : add(types, text, sig, type);
}

void weft_functypes_free(functypes_t *types) {
    for (size_t i = 0; i < types->known.capacity; i++)
        if (types->known.entries[i].value) wasm_functype_delete(types->known.entries[i].value);
    weft_map_free(&types->known);
    weft_arena_free(&types->arena);
}
