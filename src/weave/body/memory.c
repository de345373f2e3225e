#include "weave/body/memory.h"

#include "core/read.h"

void weft_memories_free(memories_t *memories) {
    weft_map_free(&memories->modules);
    weft_arena_free(&memories->arena);
}

static weft_error_t *unknown(const def_t *memory) {
    return weft_error_at(WEFT_INVALID, weft_def_offset(memory), "a memory that no module exports");
}

static weft_error_t *open(memories_t *memories, def_t *def, core_module_t **module) {
    *module = weft_map_get_ptr(&memories->modules, def);
    if (*module) return NULL;
    TRY(weft_core_module_open(&memories->arena, def->scope->file.ptr, def->bytes, module));
    return weft_map_set_ptr(&memories->modules, def, *module);
}

static weft_error_t *of_module(memories_t *memories, def_t *def, weft_str_t name,
                               core_size_t *type) {
    core_module_t *module;
    const core_export_t *export;
    core_item_t item;
    TRY(open(memories, def, &module));
    TRY(weft_core_module_export(module, name, &export));
    if (!export || export->kind != CORE_MEMORY) return unknown(def);
    TRY(weft_core_module_type(module, CORE_MEMORY, export->index, &item));
    *type = item.size;
    return NULL;
}

/* A module that is imported is known by its type only (Binary.md, core:moduletype; the limits' flags are
 * those of the core binary format and of its proposals). */
static weft_error_t *of_import(const def_t *import, weft_str_t name, core_size_t *type) {
    const def_t *module = import->import.desc.type;
    const def_t *def = module && module->kind == DEF_CORE_MODULE_TYPE ? module->body->first : NULL;
    for (; def; def = def->next) {
        if (def->kind != DEF_CORE_EXPORT_DECL || !weft_str_eq(def->core_decl.name, name)) continue;
        const core_limits_t *limits = &def->core_decl.desc.limits;
        *type = (core_size_t){.max = limits->max,
                              .has_max = limits->flags & 1,
                              .shared = limits->flags & 2,
                              .is_64 = limits->flags & 4,
                              .has_page = limits->flags & 8,
                              .page_log2 = (uint8_t)limits->page_size_log2};
        return NULL;
    }
    return unknown(import);
}

static def_t *find_named(const def_t *inline_, weft_str_t name) {
    for (uint32_t i = 0; i < inline_->inline_.count; i++)
        if (weft_str_eq(inline_->inline_.exports[i].name.name, name))
            return inline_->inline_.exports[i].def;
    return NULL;
}

weft_error_t *weft_memory_type(memories_t *memories, def_t *memory, core_size_t *type,
                               bool *known) {
    def_t *def = memory;
    core_size_t found = {0};
    while (def && def->kind == DEF_ALIAS_CORE_EXPORT && def->alias.target->kind == DEF_CORE_INLINE)
        def = find_named(def->alias.target, def->alias.name);
    if (!def || def->kind != DEF_ALIAS_CORE_EXPORT) return unknown(memory);
    def_t *module = weft_def_origin(def->alias.target->instantiate.target);
    *known = module->kind == DEF_CORE_MODULE || module->kind == DEF_IMPORT;
    if (module->kind == DEF_CORE_MODULE) TRY(of_module(memories, module, def->alias.name, &found));
    else if (module->kind == DEF_IMPORT) TRY(of_import(module, def->alias.name, &found));
    found.min = 0;
    *type = found;
    return NULL;
}
