/* Any bytes given as a core module are read or refused, never more. */
#include "core/read.h"

static weft_error_t *read_all(arena_t *arena, weft_bytes_t bytes) {
    core_module_t *module;
    const core_import_t *imports;
    const core_export_t *exports;
    uint32_t count, start;
    bool has_start;
    TRY(weft_core_module_open(arena, bytes.ptr, bytes, &module));
    TRY(weft_core_module_start(module, &has_start, &start));
    TRY(weft_core_module_imports(module, &imports, &count));
    TRY(weft_core_module_exports(module, &exports, &count));
    for (uint32_t i = 0; i < count; i++) {
        core_item_t item;
        TRY(weft_core_module_type(module, exports[i].kind, exports[i].index, &item));
    }
    for (core_kind_t kind = CORE_FUNC; kind <= CORE_TAG; kind++)
        TRY(weft_core_module_count(module, kind, &count));
    return NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    arena_t arena = {0};
    weft_error_delete(read_all(&arena, (weft_bytes_t){data, size}));
    weft_arena_free(&arena);
    return 0;
}
