#include "runtime/pool.h"

#include <inttypes.h>
#include <sys/mman.h>

#include "runtime/engine.h"

/* Tables and stacks take little, so that memories are what runs out: there are as many of each as any plugin that has
 * been seen has of them for each memory (a component that a toolchain made has one memory and two tables). */
enum { TABLES_EACH = 8, STACKS_EACH = 1 };

/* As many as a module may have. Wasmtime refuses modules that have more when it compiles them. */
enum { MODULE_MEMORIES = 100, MODULE_TABLES = 100, TABLE_ELEMENTS = 10 << 20 };

/* Of a table that is given back, so many bytes are cleared, which takes less than to give up a page and to fault it in
 * again: nearly all tables are small. (Memories are better given up.) */
enum { TABLE_KEPT = 64 << 10 };

/* Instances are not laid out beforehand, Wasmtime only counts them. */
#define ANY_NUMBER INT32_MAX

/* What Wasmtime reserves: 4 GiB and 32 MiB to guard them for a memory, 16 bytes for an element of a table at most (seen:
 * 4 132 MiB for a memory). */
#define MEMORY_SPACE ((UINT64_C(4) << 30) + (UINT64_C(34) << 20))
#define TABLE_SPACE (UINT64_C(16) * TABLE_ELEMENTS)
#define STACK_SPACE (UINT64_C(9) << 20)
#define OTHER_SPACE (UINT64_C(1) << 30)

/* More than a 64-bit processor can address, where it does not fit. */
static uint64_t space_for(uint32_t memories) {
    uint64_t each = MEMORY_SPACE + TABLES_EACH * TABLE_SPACE + STACKS_EACH * STACK_SPACE;
    return memories > INT64_MAX / each ? INT64_MAX : OTHER_SPACE + memories * each;
}

weft_error_t *weft_pool_check(uint32_t memories) {
    uint64_t space = space_for(memories);
    int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;
    void *taken = mmap(NULL, (size_t)space, PROT_NONE, flags, -1, 0);
    if (taken != MAP_FAILED) {
        munmap(taken, (size_t)space);
        return NULL;
    }
    weft_error_t *error = weft_error_new(
        WEFT_LIMIT, "there is no address space for a pool of %u memories: it takes %" PRIu64 " GiB",
        memories, space >> 30);
    return weft_error_with_help(error, "make the pool smaller, or raise the limit (ulimit -v)");
}

void weft_pool_configure(wasm_config_t *config, uint32_t memories) {
    wasmtime_pooling_allocation_config_t *pool = wasmtime_pooling_allocation_config_new();
    uint32_t tables = memories * TABLES_EACH;
#define SET(name, value) wasmtime_pooling_allocation_config_##name##_set(pool, (value))
    SET(total_memories, memories);
    SET(total_tables, tables);
    SET(total_stacks, memories * STACKS_EACH);
    SET(total_core_instances, ANY_NUMBER);
    SET(total_component_instances, ANY_NUMBER);
    SET(max_memories_per_module, memories < MODULE_MEMORIES ? memories : MODULE_MEMORIES);
    SET(max_tables_per_module, tables < MODULE_TABLES ? tables : MODULE_TABLES);
    SET(table_elements, TABLE_ELEMENTS);
    SET(table_keep_resident, TABLE_KEPT);
#undef SET
    wasmtime_pooling_allocation_strategy_set(config, pool);
    wasmtime_pooling_allocation_config_delete(pool);
}

weft_error_t *weft_engine_pool(weft_engine_t *engine, uint32_t memories) {
    bool used = false;
    for (int i = 0; i < ENGINE_NEED_COUNT; i++) used |= engine->engines[i] != NULL;
    if (used) return weft_error_new(WEFT_USAGE, "the engine has been used without a pool before");
    if (!memories) return weft_error_new(WEFT_USAGE, "a pool of no memories");
    TRY(weft_pool_check(memories));
    engine->pool = memories;
    return NULL;
}
