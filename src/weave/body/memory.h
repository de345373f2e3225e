/* The memory that a lift or a lower names: what kind of memory it is.
 *
 * A component does not say it; the core module does that makes the memory, or imports it. So the reference is
 * followed through core instances to an export of a module. */
#ifndef WEFT_WEAVE_BODY_MEMORY_H
#define WEFT_WEAVE_BODY_MEMORY_H

#include "component/model.h"
#include "core/types.h"
#include "support/map.h"

/* Modules opened so far. All zero before; freed with weft_memories_free. */
typedef struct memories {
    arena_t arena;
    map_t modules; /* DEF_CORE_MODULE -> core_module_t */
} memories_t;

void weft_memories_free(memories_t *memories);

/* The type that an import of the memory needs: its own, but for the size it starts with. `*known` false: the module
 * is one that an instance exports, whose bytes are not at hand. */
weft_error_t *weft_memory_type(memories_t *memories, def_t *memory, core_size_t *type, bool *known);

#endif
