/* Reading what weft needs of a core module: what it imports and exports, with types.
 *
 * Opening a module walks over its section headers only. A section is read when something in it is asked
 * for; code, data and custom sections never are, so the time does not depend on their size. Types that are
 * no function signatures (of the GC and stack-switching proposals) are stepped over.
 *
 * Input is untrusted: every error carries the offset in the file. */
#ifndef WEFT_CORE_READ_H
#define WEFT_CORE_READ_H

#include "core/types.h"
#include "support/arena.h"
#include "support/bytes.h"

typedef struct core_module core_module_t;

typedef struct core_import {
    weft_str_t from, name; /* the module's and the item's name, in the bytes read */
    core_item_t type;
} core_import_t;

/* An export; its type is looked up on demand (weft_core_module_type). */
typedef struct core_export {
    weft_str_t name;
    core_kind_t kind;
    uint32_t index;
    uint64_t offset; /* of the entry in the file */
} core_export_t;

/* `bytes` is a whole core module, a part of the file that starts at `file` (for offsets); it must outlive the
 * module, which lives in the arena. */
weft_error_t *weft_core_module_open(arena_t *arena, const uint8_t *file, weft_bytes_t bytes,
                                    core_module_t **module);

weft_error_t *weft_core_module_imports(core_module_t *module, const core_import_t **imports,
                                       uint32_t *count);
weft_error_t *weft_core_module_exports(core_module_t *module, const core_export_t **exports,
                                       uint32_t *count);

/* The export of a name; NULL when there is none. Takes logarithmic time after the first call. */
weft_error_t *weft_core_module_export(core_module_t *module, weft_str_t name,
                                      const core_export_t **found);

/* The type of the item of a kind at an index (imports come first, as in the binary). A function or tag whose
 * type is no function type is an error. */
weft_error_t *weft_core_module_type(core_module_t *module, core_kind_t kind, uint32_t index,
                                    core_item_t *type);

/* How many items of a kind there are, imported ones included. */
weft_error_t *weft_core_module_count(core_module_t *module, core_kind_t kind, uint32_t *count);

/* Bytes of the data section; 0 where there is none. */
size_t weft_core_module_data(const core_module_t *module);

/* The start function; `has_start` false: none. */
weft_error_t *weft_core_module_start(core_module_t *module, bool *has_start, uint32_t *func);

#endif
