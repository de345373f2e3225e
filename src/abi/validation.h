/* What the parts of the core side's validation share. */
#ifndef WEFT_ABI_VALIDATION_H
#define WEFT_ABI_VALIDATION_H

#include "abi/core_shape.h"
#include "abi/func.h"
#include "component/types/entity.h"

typedef struct core_check {
    type_pool_t *pool;
    arena_t arena;
    abi_t abi32, abi64;
    map_t items;  /* def_t* -> core_item_t*: core functions, tables, memories, globals, tags */
    map_t shapes; /* def_t* -> core_shape_t*: modules, module types, core instances */
} core_check_t;

/* The core function that a canonical definition makes; checks its operands and options on the way. `makes`
 * false: it makes none (lift). */
weft_error_t *weft_check_canon(core_check_t *check, const def_t *def, bool *makes,
                               core_item_t *item);

/* A destructor takes the representation. */
weft_error_t *weft_check_destructor(core_check_t *check, const def_t *def);

/* The item of a definition that comes before. */
weft_error_t *weft_check_item(const core_check_t *check, const def_t *def,
                              const core_item_t **item);

#endif
