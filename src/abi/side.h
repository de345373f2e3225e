/* One side of a value's way: the linear memory and the handles of a component instance, as the options of a
 * `canon lift` or `canon lower` name them. What moves values (copy.h, text.h) works on sides alone; what a
 * memory, an allocation or a handle table is says who makes the side.
 *
 * Guest code that runs may grow a memory, and with it move it. `base` is therefore NULL whenever guest code
 * ran since it was looked up, unless the memory is one that never moves (`stays`); memories never shrink, so a range
 * that was checked stays valid as an offset, but a pointer made from it does not outlive the next allocation. */
#ifndef WEFT_ABI_SIDE_H
#define WEFT_ABI_SIDE_H

#include <string.h>

#include <weft/base.h>

#include "abi/layout.h"

typedef enum encoding { ENCODING_UTF8, ENCODING_UTF16, ENCODING_LATIN1_UTF16 } encoding_t;

/* Lists and strings have at most this many bytes (CanonicalABI.md, MAX_LIST_BYTE_LENGTH). */
enum { ABI_MAX_BYTES = (1 << 28) - 1 };

typedef struct abi_side abi_side_t;

typedef struct abi_side_ops {
    /* Looks the memory up: fills base and size. The size may be one that it had before: memories never shrink. */
    void (*look)(abi_side_t *side);

    /* The size as it is now; `base` is looked up. */
    void (*measure)(abi_side_t *side);

    /* Calls the guest's realloc; what it returns is checked by the caller. */
    weft_error_t *(*realloc)(abi_side_t *side, uint64_t old, uint64_t old_size, uint32_t align,
                             uint64_t new_size, uint64_t *ptr);

    /* A handle of the guest as what it stands for, and back (lift_own, lift_borrow, lower_own,
     * lower_borrow); `type` is an own or borrow type as this side knows it. */
    weft_error_t *(*lift_handle)(abi_side_t *side, const type_t *type, uint32_t handle,
                                 uint32_t *rep);
    weft_error_t *(*lower_handle)(abi_side_t *side, const type_t *type, uint32_t rep,
                                  uint32_t *handle);

    /* Whether there is time to go on; the error otherwise. NULL: always. */
    weft_error_t *(*check_time)(void);
} abi_side_ops_t;

struct abi_side {
    const abi_side_ops_t *ops;
    uint8_t *base; /* NULL: to be looked up */
    uint64_t size;
    uint8_t encoding;     /* encoding_t */
    uint8_t pointer_size; /* 4 or 8 */
    uint32_t work;        /* bytes that were moved since the time was last asked for */
    bool stays;           /* the memory is where it was when it was looked up, and larger perhaps */
    bool failed; /* in receiving: what went wrong is not the doing of the side that gives */
};

/* A core value as it is passed to and from wasm: an i32 or f32 in the low half, the rest unknown. Lowering
 * writes the high half as zero, which makes every join of flat types (CanonicalABI.md, join) a plain copy. */
typedef weft_flat_t flat_t;

/* A value is on its way from one side to the other; NULL stands for the host. */
typedef struct transfer {
    abi_side_t *from, *to;
} transfer_t;

/* "the guest trapped: ..." */
WEFT_NEVER_NULL weft_error_t *weft_abi_trap(const char *format, ...) WEFT_PRINTF(1, 2);

static inline void weft_side_look(abi_side_t *side) {
    if (!side->base) side->ops->look(side);
}

/* Guest code ran. */
static inline void weft_side_forget(abi_side_t *side) {
    if (!side->stays) side->base = NULL;
}

/* Whether the memory has the bytes, whatever its size was before. */
bool weft_side_grew_to(abi_side_t *side, uint64_t ptr, uint64_t len);

static inline bool weft_side_has(abi_side_t *side, uint64_t ptr, uint64_t len) {
    weft_side_look(side);
    if (ptr <= side->size && len <= side->size - ptr) return true;
    return weft_side_grew_to(side, ptr, len);
}

/* The bytes at an offset that was checked. */
static inline uint8_t *weft_side_at(abi_side_t *side, uint64_t ptr) {
    weft_side_look(side);
    return side->base + ptr;
}

/* Integers are little-endian in a memory; so is every machine that weft's engine runs on but s390x. They have 1, 2, 4 or 8
 * bytes. Compilers see one instruction in each of these. */
static inline uint32_t weft_load2(const uint8_t *bytes) {
    return bytes[0] | (uint32_t)bytes[1] << 8;
}

static inline uint32_t weft_load4(const uint8_t *bytes) {
    return weft_load2(bytes) | weft_load2(bytes + 2) << 16;
}

static inline uint64_t weft_load(const uint8_t *bytes, unsigned size) {
    switch (size) {
    case 1: return bytes[0];
    case 2: return weft_load2(bytes);
    case 4: return weft_load4(bytes);
    default: return weft_load4(bytes) | (uint64_t)weft_load4(bytes + 4) << 32;
    }
}

static inline void weft_store2(uint8_t *bytes, uint32_t value) {
    bytes[0] = (uint8_t)value;
    bytes[1] = (uint8_t)(value >> 8);
}

static inline void weft_store4(uint8_t *bytes, uint32_t value) {
    weft_store2(bytes, value);
    weft_store2(bytes + 2, value >> 16);
}

static inline void weft_store(uint8_t *bytes, unsigned size, uint64_t value) {
    switch (size) {
    case 1: bytes[0] = (uint8_t)value; return;
    case 2: weft_store2(bytes, (uint32_t)value); return;
    case 4: weft_store4(bytes, (uint32_t)value); return;
    default: weft_store4(bytes, (uint32_t)value); weft_store4(bytes + 4, (uint32_t)(value >> 32));
    }
}

static inline uint64_t weft_side_load_pointer(abi_side_t *side, uint64_t ptr) {
    const uint8_t *bytes = weft_side_at(side, ptr);
    return side->pointer_size == 4 ? weft_load(bytes, 4) : weft_load(bytes, 8);
}

static inline void weft_side_store_pointer(abi_side_t *side, uint64_t ptr, uint64_t value) {
    uint8_t *bytes = weft_side_at(side, ptr);
    if (side->pointer_size == 4) weft_store(bytes, 4, value);
    else weft_store(bytes, 8, value);
}

static inline uint64_t weft_flat_pointer(const abi_side_t *side, const flat_t *flat) {
    return side->pointer_size == 4 ? (uint32_t)flat->bits : flat->bits;
}

/* What moves much says how much, and asks for the time once for each of so many bytes. No guest code runs. */
enum { ABI_PACE = 1 << 20 };

static inline weft_error_t *weft_side_pace(abi_side_t *side, uint64_t bytes) {
    if (bytes < ABI_PACE - side->work) {
        side->work += (uint32_t)bytes;
        return NULL;
    }
    side->work = 0;
    return side->ops->check_time ? side->ops->check_time() : NULL;
}

/* Allocates in `transfer->to`, or moves what was allocated, and checks the result. */
weft_error_t *weft_abi_realloc(const transfer_t *transfer, uint64_t old, uint64_t old_size,
                               uint32_t align, uint64_t new_size, uint64_t *ptr);

/* The check of what realloc gave. */
weft_error_t *weft_abi_check_made(const transfer_t *transfer, uint64_t made, uint32_t align,
                                  uint64_t size);

/* Checks that a value of `size` bytes can be at `ptr`: alignment, then bounds. */
weft_error_t *weft_abi_check_range(abi_side_t *side, uint64_t ptr, uint32_t align, uint64_t size);

/* Checks a list: its length in bytes, alignment, bounds. `by_host`: the host reads it, not a guest (the words
 * of the trap differ as Wasmtime's do). */
weft_error_t *weft_abi_check_list(abi_side_t *side, uint64_t ptr, uint64_t count, uint64_t stride,
                                  uint32_t align, bool by_host);

weft_error_t *weft_abi_check_char(uint32_t c);
weft_error_t *weft_abi_check_case(uint64_t index, uint32_t cases);

#endif
