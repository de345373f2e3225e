/* How the canonical ABI lays values out (CanonicalABI.md: Alignment, Element Size, Flattening): size,
 * alignment and offsets in a linear memory, and the core values a type flattens to.
 *
 * Types are interned, so one type may occur in itself exponentially often (a record of two fields of one
 * record, and so on down). Layouts are therefore computed once for each type and kept by the `abi_t`
 * that was asked. A size that no memory has room for is ABI_TOO_LARGE and no error; flattening stops behind the
 * most that the ABI ever passes flat. */
#ifndef WEFT_ABI_LAYOUT_H
#define WEFT_ABI_LAYOUT_H

#include "component/types/type.h"
#include "core/types.h"

/* The address type of the memory that an instance of the ABI is about: of pointers and lengths. */
typedef enum abi_address { ABI_32 = CORE_I32, ABI_64 = CORE_I64 } abi_address_t;

/* CanonicalABI.md, flatten_functype */
enum { ABI_MAX_FLAT_PARAMS = 16, ABI_MAX_FLAT_RESULTS = 1, ABI_MAX_FLAT_ASYNC_PARAMS = 4 };

/* More flat values than are ever passed flat; and a size that no memory has. */
#define ABI_TOO_MANY (ABI_MAX_FLAT_PARAMS + 1)
#define ABI_TOO_LARGE UINT64_MAX

typedef struct layout layout_t;

struct layout {
    const type_t *type; /* NULL: the parameters of a function, taken as a tuple */
    uint64_t size;      /* bytes, a multiple of `align`; ABI_TOO_LARGE: more than 2^62 */
    uint8_t align;      /* 1, 2, 4 or 8 */

    /* Variants, enums, options and results start with a discriminant of this many bytes, else 0. */
    uint8_t discriminant;
    uint64_t payload; /* where the payload of a case begins */

    /* Core values; flat_count is ABI_TOO_MANY when they are more, `flat` then holds the first ones. */
    uint8_t flat_count;
    uint8_t flat[ABI_MAX_FLAT_PARAMS];

    /* A string or a list is somewhere in it: memory is needed even when it is passed flat. */
    bool has_pointer;
    bool has_string;
    /* Every sequence of bytes is a valid value and stands for itself wherever it is copied: numbers, and
     * what is made of them without padding. */
    bool is_plain;

    /* The parts, in order: the fields of a record, a tuple or the parameters with their offsets; the
     * cases of variant, option (none, some) and result (ok, error), NULL without payload; a map's key and
     * value as the fields of its entries. */
    uint32_t part_count;
    const layout_t *const *parts;
    const uint64_t *offsets; /* of the fields; NULL for cases */

    /* Lists of both kinds and maps: the size of an element (of a map: of an entry) and its alignment. */
    const layout_t *element; /* NULL for maps */
    uint64_t stride;
    uint8_t element_align;
};

typedef struct abi {
    arena_t arena;
    map_t layouts; /* by type_t */
    abi_address_t address;
} abi_t;

/* All zero but the address type is ready for use: `abi_t abi = {.address = ABI_32};` */
void weft_abi_free(abi_t *abi);

/* The layout of a type; lives as long as the abi. */
weft_error_t *weft_abi_layout(abi_t *abi, const type_t *type, const layout_t **layout);

/* Parameters of a function laid out like a tuple (where they are passed through memory). */
weft_error_t *weft_abi_params_layout(abi_t *abi, const func_type_t *func, const layout_t **layout);

/* Bytes of a pointer. */
static inline uint8_t weft_abi_pointer_size(abi_address_t address) {
    return address == ABI_64 ? 8 : 4;
}

#endif
