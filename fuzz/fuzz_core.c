/* Any bytes given as a core module are read or refused, each error with an offset. */
#include <stdlib.h>

#include "core/read.h"

static weft_error_t *look_into(arena_t *arena, weft_bytes_t bytes) {
    core_module_t *module;
    const core_import_t *imports;
    const core_export_t *exports, *found;
    uint32_t count;
    bool has_start;
    TRY(weft_core_module_open(arena, bytes.ptr, bytes, &module));
    TRY(weft_core_module_imports(module, &imports, &count));
    TRY(weft_core_module_exports(module, &exports, &count));
    for (uint32_t i = 0; i < count; i++) {
        core_item_t type;
        TRY(weft_core_module_export(module, exports[i].name, &found));
        if (found != &exports[i]) abort();
        TRY(weft_core_module_type(module, exports[i].kind, exports[i].index, &type));
        if (type.kind != exports[i].kind) abort();
    }
    for (core_kind_t kind = CORE_FUNC; kind <= CORE_TAG; kind++)
        TRY(weft_core_module_count(module, kind, &count));
    return weft_core_module_start(module, &has_start, &count);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    arena_t arena = {0};
    weft_error_t *error = look_into(&arena, (weft_bytes_t){data, size});
    if (error && weft_error_offset(error) > size) abort(); /* WEFT_NO_OFFSET too */
    weft_error_delete(error);
    weft_arena_free(&arena);
    return 0;
}
