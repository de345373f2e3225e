#include "weave/wide.h"

#include "core/read.h"

/* From the alias through instances put together to the one that was instantiated. NULL: not seen from here. */
static const def_t *find_export(def_t *memory, weft_str_t *name) {
    for (;;) {
        memory = weft_def_origin(memory);
        if (memory->kind != DEF_ALIAS_CORE_EXPORT) return NULL;
        *name = memory->alias.name;
        const def_t *instance = weft_def_origin(memory->alias.target);
        if (instance->kind != DEF_CORE_INLINE) return instance;
        const def_t *outer = memory;
        for (uint32_t i = 0; i < instance->inline_.count && outer == memory; i++)
            if (weft_str_eq(instance->inline_.exports[i].name.name, *name))
                memory = instance->inline_.exports[i].def;
        if (outer == memory) return NULL;
    }
}

static weft_error_t *read_module(arena_t *arena, weft_bytes_t bytes, weft_str_t name, bool *wide) {
    core_module_t *module;
    const core_export_t *found;
    core_item_t type;
    TRY(weft_core_module_open(arena, bytes.ptr, bytes, &module));
    TRY(weft_core_module_export(module, name, &found));
    if (!found || found->kind != CORE_MEMORY) return NULL;
    TRY(weft_core_module_type(module, found->kind, found->index, &type));
    *wide = type.size.is_64;
    return NULL;
}

weft_error_t *weft_is_wide_memory(def_t *memory, bool *wide) {
    weft_str_t name;
    *wide = false;
    const def_t *instance = find_export(memory, &name);
    if (!instance || instance->kind != DEF_CORE_INSTANTIATE) return NULL;
    const def_t *module = weft_def_origin(instance->instantiate.target);
    if (module->kind != DEF_CORE_MODULE) return NULL;
    arena_t arena = {0};
    weft_error_t *error = read_module(&arena, module->bytes, name, wide);
    weft_arena_free(&arena);
    return error;
}
