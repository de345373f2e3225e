#include "core/read.h"

#include <stdlib.h>

#include "core/module.h"

enum {
    SECTION_TYPES = 1,
    SECTION_IMPORTS,
    SECTION_FUNCS,
    SECTION_TABLES,
    SECTION_MEMORIES,
    SECTION_GLOBALS,
    SECTION_EXPORTS,
    SECTION_START,
    SECTION_DATA = 11,
    SECTION_DATA_COUNT,
    SECTION_TAGS,
    SECTION_END
};

/* The items of a kind that are defined here, not imported. Functions are many, so of them only the index
 * of the type is kept. */
typedef struct space {
    bool is_read;
    uint32_t count;
    core_item_t *items;
    uint32_t *type_indices;
    const core_import_t **imports; /* those of this kind, in order */
    uint32_t import_count;
} space_t;

struct core_module {
    arena_t *arena;
    const uint8_t *file;
    weft_bytes_t bytes;
    cursor_t sections[SECTION_END]; /* `at` NULL: absent */
    const uint8_t *data_start;      /* of the data section, with its id */
    bool types_read, imports_read, exports_read;
    core_type_t *types;
    core_import_t *imports;
    core_export_t *exports;
    const core_export_t **by_name; /* sorted */
    uint32_t type_count, import_count, import_capacity, export_count;
    space_t spaces[5]; /* by core_kind_t */
};

static weft_error_t *too_many(const cursor_t *cursor, const char *what) {
    return weft_error_at(WEFT_LIMIT, weft_cursor_offset(cursor), "more than %d %s", CORE_MAX_ITEMS,
                         what);
}

static weft_error_t *read_items(cursor_t *cursor, size_t least, const char *what, uint32_t *count) {
    TRY(weft_read_count(cursor, least, what, count));
    return *count > CORE_MAX_ITEMS ? too_many(cursor, what) : NULL;
}

/* ---- sections ------------------------------------------------------------------------------- */

static weft_error_t *check_preamble(cursor_t *cursor) {
    static const uint8_t expected[8] = {0, 'a', 's', 'm', 1, 0, 0, 0};
    cursor_t start = *cursor;
    weft_bytes_t preamble;
    TRY(weft_read_bytes(cursor, 8, &preamble));
    if (memcmp(preamble.ptr, expected, 8) != 0)
        return weft_cursor_error(&start, "not a core module of version 1");
    return NULL;
}

weft_error_t *weft_core_module_open(arena_t *arena, const uint8_t *file, weft_bytes_t bytes,
                                    core_module_t **out) {
    core_module_t *module = ARENA_NEW(arena, core_module_t);
    if (!module) return weft_error_oom();
    module->arena = arena;
    module->file = file;
    module->bytes = bytes;

    cursor_t cursor = weft_cursor(file, bytes);
    TRY(check_preamble(&cursor));
    while (weft_cursor_left(&cursor)) {
        cursor_t start = cursor, body;
        uint8_t id;
        TRY(weft_read_byte(&cursor, &id));
        TRY(weft_read_sized(&cursor, &body));
        if (id > SECTION_TAGS) return weft_cursor_error(&start, "unknown section %u", id);
        if (!id) continue;
        if (module->sections[id].at) return weft_cursor_error(&start, "a second section %u", id);
        module->sections[id] = body;
        if (id == SECTION_DATA) module->data_start = start.at;
    }
    *out = module;
    return NULL;
}

weft_error_t *weft_core_check_end(const cursor_t *section) {
    if (!weft_cursor_left(section)) return NULL;
    return weft_cursor_error(section, "%zu bytes behind the last item of a section",
                             weft_cursor_left(section));
}

static weft_error_t *need_types(core_module_t *module) {
    if (module->types_read) return NULL;
    if (module->sections[SECTION_TYPES].at)
        TRY(weft_core_read_types(module->arena, module->sections[SECTION_TYPES], &module->types,
                                 &module->type_count));
    module->types_read = true;
    return NULL;
}

/* The signature at a type index that was read at `place`. */
static weft_error_t *sig_at(core_module_t *module, const cursor_t *place, uint32_t index,
                            core_sig_t *sig) {
    TRY(need_types(module));
    if (index >= module->type_count)
        return weft_cursor_error(place, "type %u of %u", index, module->type_count);
    if (!module->types[index].is_func)
        return weft_cursor_error(place, "type %u is no function type", index);
    *sig = module->types[index].sig;
    return NULL;
}

/* ---- imports -------------------------------------------------------------------------------- */

static weft_error_t *read_sig(core_module_t *module, cursor_t *cursor, core_sig_t *sig) {
    cursor_t start = *cursor;
    uint32_t index;
    TRY(weft_read_u32(cursor, &index));
    return sig_at(module, &start, index, sig);
}

static weft_error_t *read_tag(core_module_t *module, cursor_t *cursor, core_item_t *item) {
    cursor_t start = *cursor;
    uint8_t attribute;
    item->kind = CORE_TAG;
    TRY(weft_read_byte(cursor, &attribute));
    if (attribute) return weft_cursor_error(&start, "unknown attribute 0x%02x of a tag", attribute);
    return read_sig(module, cursor, &item->sig);
}

enum { IMPORT_FUNC_EXACT = 0x20, IMPORTS_OF_ONE_MODULE = 0x7f, IMPORTS_OF_ONE_TYPE = 0x7e };

static weft_error_t *read_extern_type(core_module_t *module, cursor_t *cursor, core_item_t *item) {
    cursor_t start = *cursor;
    uint8_t kind;
    *item = (core_item_t){0};
    TRY(weft_read_byte(cursor, &kind));
    switch (kind) {
    case IMPORT_FUNC_EXACT:
    case CORE_FUNC: item->kind = CORE_FUNC; return read_sig(module, cursor, &item->sig);
    case CORE_TABLE: return weft_core_read_table_type(cursor, item);
    case CORE_MEMORY: return weft_core_read_memory_type(cursor, item);
    case CORE_GLOBAL: return weft_core_read_global_type(cursor, item);
    case CORE_TAG: return read_tag(module, cursor, item);
    default: return weft_cursor_error(&start, "0x%02x is no kind of import", kind);
    }
}

static weft_error_t *add_import(core_module_t *module, const cursor_t *cursor,
                                core_import_t import) {
    if (module->import_count == CORE_MAX_ITEMS) return too_many(cursor, "imports");
    if (!weft_arena_grow(module->arena, (void **)&module->imports, &module->import_capacity,
                         module->import_count, sizeof *module->imports))
        return weft_error_oom();
    module->imports[module->import_count++] = import;
    module->spaces[import.type.kind].import_count++;
    return NULL;
}

/* The compact forms: an empty name and a byte that is no kind, then many items of one module, with a type
 * for each or one for all (compact-import-section proposal). */
static weft_error_t *read_import_group(core_module_t *module, cursor_t *cursor,
                                       core_import_t import) {
    uint8_t form = *cursor->at++;
    uint32_t count;
    if (form == IMPORTS_OF_ONE_TYPE) TRY(read_extern_type(module, cursor, &import.type));
    TRY(weft_read_count(cursor, 1, "imports", &count));
    for (uint32_t i = 0; i < count; i++) {
        TRY(weft_read_name(cursor, &import.name));
        if (form == IMPORTS_OF_ONE_MODULE) TRY(read_extern_type(module, cursor, &import.type));
        TRY(add_import(module, cursor, import));
    }
    return NULL;
}

static weft_error_t *read_import(core_module_t *module, cursor_t *cursor) {
    core_import_t import = {0};
    TRY(weft_read_name(cursor, &import.from));
    TRY(weft_read_name(cursor, &import.name));
    bool is_group = !import.name.len && weft_cursor_left(cursor) &&
                    (*cursor->at == IMPORTS_OF_ONE_MODULE || *cursor->at == IMPORTS_OF_ONE_TYPE);
    if (is_group) return read_import_group(module, cursor, import);
    TRY(read_extern_type(module, cursor, &import.type));
    return add_import(module, cursor, import);
}

/* The imports of each kind by index. */
static weft_error_t *sort_imports(core_module_t *module) {
    uint32_t seen[5] = {0};
    for (int kind = 0; kind < 5; kind++) {
        space_t *space = &module->spaces[kind];
        space->imports = ARENA_ARRAY(module->arena, const core_import_t *, space->import_count);
        if (!space->imports) return weft_error_oom();
    }
    for (uint32_t i = 0; i < module->import_count; i++) {
        core_kind_t kind = module->imports[i].type.kind;
        module->spaces[kind].imports[seen[kind]++] = &module->imports[i];
    }
    return NULL;
}

static weft_error_t *need_imports(core_module_t *module) {
    if (module->imports_read) return NULL;
    module->import_count = 0; /* what a failed attempt left */
    for (int kind = 0; kind < 5; kind++) module->spaces[kind].import_count = 0;
    cursor_t section = module->sections[SECTION_IMPORTS];
    if (section.at) {
        uint32_t count;
        TRY(weft_read_count(&section, 3, "imports", &count));
        for (uint32_t i = 0; i < count; i++) TRY(read_import(module, &section));
        TRY(weft_core_check_end(&section));
    }
    TRY(sort_imports(module));
    module->imports_read = true;
    return NULL;
}

weft_error_t *weft_core_module_imports(core_module_t *module, const core_import_t **imports,
                                       uint32_t *count) {
    TRY(need_imports(module));
    *imports = module->imports;
    *count = module->import_count;
    return NULL;
}

/* ---- definitions ---------------------------------------------------------------------------- */

static weft_error_t *read_table(cursor_t *cursor, core_item_t *item) {
    cursor_t start = *cursor;
    bool has_init = weft_cursor_left(cursor) && *cursor->at == 0x40;
    if (has_init) {
        uint8_t zero;
        cursor->at++;
        TRY(weft_read_byte(cursor, &zero));
        if (zero) return weft_cursor_error(&start, "unknown form of a table");
    }
    TRY(weft_core_read_table_type(cursor, item));
    return has_init ? weft_core_skip_expr(cursor) : NULL;
}

static weft_error_t *read_definition(core_module_t *module, core_kind_t kind, cursor_t *cursor,
                                     core_item_t *item) {
    switch (kind) {
    case CORE_TABLE: return read_table(cursor, item);
    case CORE_MEMORY: return weft_core_read_memory_type(cursor, item);
    case CORE_GLOBAL:
        TRY(weft_core_read_global_type(cursor, item));
        return weft_core_skip_expr(cursor);
    default: return read_tag(module, cursor, item);
    }
}

static weft_error_t *read_funcs(core_module_t *module, cursor_t *section, space_t *space) {
    space->type_indices = ARENA_ARRAY(module->arena, uint32_t, space->count);
    if (!space->type_indices) return weft_error_oom();
    for (uint32_t i = 0; i < space->count; i++)
        TRY(weft_read_u32(section, &space->type_indices[i]));
    return NULL;
}

static weft_error_t *need_space(core_module_t *module, core_kind_t kind) {
    static const uint8_t sections[] = {SECTION_FUNCS, SECTION_TABLES, SECTION_MEMORIES,
                                       SECTION_GLOBALS, SECTION_TAGS};
    space_t *space = &module->spaces[kind];
    TRY(need_imports(module));
    if (space->is_read) return NULL;
    cursor_t section = module->sections[sections[kind]];
    if (section.at) {
        TRY(read_items(&section, 1, "definitions", &space->count));
        if (kind == CORE_FUNC) {
            TRY(read_funcs(module, &section, space));
        } else {
            space->items = ARENA_ARRAY(module->arena, core_item_t, space->count);
            if (!space->items) return weft_error_oom();
            for (uint32_t i = 0; i < space->count; i++)
                TRY(read_definition(module, kind, &section, &space->items[i]));
        }
        TRY(weft_core_check_end(&section));
    }
    space->is_read = true;
    return NULL;
}

weft_error_t *weft_core_module_count(core_module_t *module, core_kind_t kind, uint32_t *count) {
    TRY(need_space(module, kind));
    *count = module->spaces[kind].import_count + module->spaces[kind].count;
    return NULL;
}

weft_error_t *weft_core_module_type(core_module_t *module, core_kind_t kind, uint32_t index,
                                    core_item_t *type) {
    static const char *const words[] = {"function", "table", "memory", "global", "tag"};
    const space_t *space = &module->spaces[kind];
    cursor_t place = weft_cursor(module->file, module->bytes);
    TRY(need_imports(module));
    if (index < space->import_count) {
        *type = space->imports[index]->type;
        return NULL;
    }
    TRY(need_space(module, kind));
    uint32_t defined = index - space->import_count;
    if (defined >= space->count)
        return weft_cursor_error(&place, "%s %u of a core module that has %u", words[kind], index,
                                 space->import_count + space->count);
    if (kind != CORE_FUNC) {
        *type = space->items[defined];
        return NULL;
    }
    core_item_t item = {.kind = CORE_FUNC};
    TRY(sig_at(module, &module->sections[SECTION_FUNCS], space->type_indices[defined], &item.sig));
    *type = item;
    return NULL;
}

/* ---- exports and start ---------------------------------------------------------------------- */

static int compare_names(weft_str_t a, weft_str_t b) {
    size_t shorter = a.len < b.len ? a.len : b.len;
    int order = shorter ? memcmp(a.ptr, b.ptr, shorter) : 0;
    return order ? order : (a.len > b.len) - (a.len < b.len);
}

static int compare_exports(const void *a, const void *b) {
    const core_export_t *const *x = a, *const *y = b;
    return compare_names((*x)->name, (*y)->name);
}

static weft_error_t *read_export(cursor_t *cursor, core_export_t *export) {
    uint8_t kind;
    export->offset = weft_cursor_offset(cursor);
    TRY(weft_read_name(cursor, &export->name));
    cursor_t start = *cursor;
    TRY(weft_read_byte(cursor, &kind));
    if (kind > CORE_TAG) return weft_cursor_error(&start, "0x%02x is no kind of export", kind);
    export->kind = kind;
    return weft_read_u32(cursor, &export->index);
}

static weft_error_t *sort_exports(core_module_t *module) {
    const core_export_t **sorted =
        ARENA_ARRAY(module->arena, const core_export_t *, module->export_count);
    if (!sorted) return weft_error_oom();
    for (uint32_t i = 0; i < module->export_count; i++) sorted[i] = &module->exports[i];
    if (module->export_count) qsort(sorted, module->export_count, sizeof *sorted, compare_exports);
    for (uint32_t i = 1; i < module->export_count; i++) {
        if (!weft_str_eq(sorted[i - 1]->name, sorted[i]->name)) continue;
        return weft_error_at(WEFT_MALFORMED, sorted[i]->offset, "a second export \"%.*s\"",
                             STR_ARG(sorted[i]->name));
    }
    module->by_name = sorted;
    return NULL;
}

static weft_error_t *need_exports(core_module_t *module) {
    if (module->exports_read) return NULL;
    cursor_t section = module->sections[SECTION_EXPORTS];
    if (section.at) {
        TRY(read_items(&section, 3, "exports", &module->export_count));
        module->exports = ARENA_ARRAY(module->arena, core_export_t, module->export_count);
        if (!module->exports) return weft_error_oom();
        for (uint32_t i = 0; i < module->export_count; i++)
            TRY(read_export(&section, &module->exports[i]));
        TRY(weft_core_check_end(&section));
    }
    TRY(sort_exports(module));
    module->exports_read = true;
    return NULL;
}

weft_error_t *weft_core_module_exports(core_module_t *module, const core_export_t **exports,
                                       uint32_t *count) {
    TRY(need_exports(module));
    *exports = module->exports;
    *count = module->export_count;
    return NULL;
}

weft_error_t *weft_core_module_export(core_module_t *module, weft_str_t name,
                                      const core_export_t **found) {
    TRY(need_exports(module));
    uint32_t low = 0, high = module->export_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        int order = compare_names(name, module->by_name[middle]->name);
        if (!order) {
            *found = module->by_name[middle];
            return NULL;
        }
        if (order < 0) high = middle;
        else low = middle + 1;
    }
    *found = NULL;
    return NULL;
}

size_t weft_core_module_data(const core_module_t *module) {
    const cursor_t *section = &module->sections[SECTION_DATA];
    return section->at ? weft_cursor_left(section) : 0;
}

void weft_core_split_at_data(const core_module_t *module, core_split_t *split) {
    const uint8_t *end = module->bytes.ptr + module->bytes.len;
    const cursor_t *section = &module->sections[SECTION_DATA];
    const uint8_t *from = section->at ? module->data_start : end;
    const uint8_t *to = section->at ? section->end : end;
    split->before = (weft_bytes_t){module->bytes.ptr, (size_t)(from - module->bytes.ptr)};
    split->behind = (weft_bytes_t){to, (size_t)(end - to)};
    split->section = *section;
    split->has_count = module->sections[SECTION_DATA_COUNT].at != NULL;
}

weft_error_t *weft_core_module_start(core_module_t *module, bool *has_start, uint32_t *func) {
    cursor_t section = module->sections[SECTION_START];
    uint32_t index = 0;
    if (section.at) {
        TRY(weft_read_u32(&section, &index));
        TRY(weft_core_check_end(&section));
    }
    *has_start = section.at != NULL;
    *func = index;
    return NULL;
}
