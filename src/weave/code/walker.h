/* Emitting code that visits parts of a value: each borrowed handle in the arguments of a function, say.
 *
 * Values lie flat in locals or in a linear memory. A flat value is visited where the code stands; for each type that
 * is met in memory, and for each variant inside a flat one, one function is made, so that the code grows with
 * the types and not with the ways through them:
 *
 *   (func $record (param $at))              visits the fields that hold what is looked for
 *   (func $list (param $at) (param $count)) visits the elements, one after another
 *   (func $variant (param $discriminant) ...) visits the payload that is there
 *
 * What is not looked for is not touched, nor are the elements of streams and futures.
 *
 * The values may be a guest's that were not checked. A guest is believed as far as it harms itself only: a bad address
 * traps in its load, and a count of elements that the canonical ABI would not take traps (CanonicalABI.md,
 * MAX_LIST_BYTE_LENGTH), so that a loop ends in reasonable time. Alignment and numbers of cases are not looked at. */
#ifndef WEFT_WEAVE_CODE_WALKER_H
#define WEFT_WEAVE_CODE_WALKER_H

#include "abi/layout.h"
#include "core/emit.h"

/* Where a value is: in memory at a local's address plus an offset, or in locals from `local` on. */
typedef struct place {
    bool in_memory;
    uint32_t local;
    uint64_t offset;
    const uint8_t *types; /* flat: of the function's locals (its parameters), from local 0 on */
    bool in_case;         /* flat: it is inside a variant */
} place_t;

typedef struct walker walker_t;

struct walker {
    emit_t *module;
    uint8_t address; /* of the memory: CORE_I32 or CORE_I64 */
    uint32_t memory;

    /* Whether a type is itself what is looked for; what is inside of it is not looked at then. */
    bool (*is_wanted)(const type_t *type);
    /* Emits what is done with one. */
    weft_error_t *(*visit)(walker_t *walker, const layout_t *layout, place_t place);
    void *context;

    uint32_t func; /* whose body is being made */
    map_t holds;   /* type_t -> whether it holds what is looked for */
    map_t funcs;   /* layout_t -> the function that visits it in memory, plus one */
    map_t flat;    /* the same for flat variants */
};

void weft_walker_free(walker_t *walker);

/* Whether the type is or holds what is looked for. */
weft_error_t *weft_walker_holds(walker_t *walker, const type_t *type, bool *holds);

/* Emits into the body of `func` the visits to a value: of a type, or of the parameters of a function
 * (weft_abi_params_layout). */
weft_error_t *weft_walker_walk(walker_t *walker, uint32_t func, const layout_t *layout,
                               place_t place);

/* For `visit`: the body that is being made, good until the next function is. */
buf_t *weft_walker_body(const walker_t *walker);
/* Pushes an integer of 1, 2 or 4 bytes as an i32: `offset` bytes from the place's start in memory, `slot` locals
 * when it is flat. */
void weft_walker_read(const walker_t *walker, place_t place, uint32_t slot, uint64_t offset,
                      uint8_t size);
/* The same for a pointer or a length, as the memory's address type. */
void weft_walker_read_address(const walker_t *walker, place_t place, uint32_t slot,
                              uint64_t offset);

#endif
