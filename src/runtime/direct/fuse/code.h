/* The code of fused functions (fuse.h): one core module for each shape. */
#ifndef WEFT_RUNTIME_DIRECT_FUSE_CODE_H
#define WEFT_RUNTIME_DIRECT_FUSE_CODE_H

#include "abi/func.h"
#include "abi/side.h"
#include "core/emit.h"

/* What the code depends on. */
typedef struct fuse_shape {
    const abi_func_t *caller, *callee; /* both of 32-bit memories */
    uint8_t caller_encoding, callee_encoding;
    uint32_t depth; /* how many instances a call enters, the callee first */
    bool post_return;
    bool throws; /* the callee may throw exceptions */
} fuse_shape_t;

/* A key that is the same for shapes of the same code, into `key`. `fits` false: no code is made for such types. */
weft_error_t *weft_fuse_key(const fuse_shape_t *shape, buf_t *key, bool *fits);

/* The module. Its imports, in this order: the memory of flags; the caller's and the callee's memory, where one is
 * needed; an i32 with the address of the flags of the caller, of the callee, of those around the callee that are
 * entered; `ask`; the callee's core function; realloc of the callee and of the caller, where it is needed;
 * post-return. Its only export is the function. */
weft_error_t *weft_fuse_module(const fuse_shape_t *shape, buf_t *out);

/* The module whose only export is the memory of flags, of one page that cannot become more. */
weft_error_t *weft_fuse_flags(buf_t *out);

/* What it says to the host: `ask` has five i32, the first one of these, and gives an i64. But for the
 * last two they are about something wrong: the host does not return. */
typedef enum fuse_ask {
    ASK_LEAVE,
    ASK_ENTER,
    ASK_THROWN, /* an exception that nobody caught */
    ASK_CHAR,   /* its bits */
    ASK_CASE,   /* index, cases */
    ASK_RANGE,  /* pointer, alignment, size, 0: of the caller, 1: of the callee */
    ASK_LIST,   /* pointer, count, stride, alignment */
    ASK_MADE,   /* what realloc gave, alignment, size */
    ASK_UTF8,   /* pointer, length: checks a string */
    ASK_TEXT, /* pointer, length: passes a string; gives the new pointer, and the length in the upper half */
    ASK_BACK = 0x100 /* added: from the callee to the caller */
} fuse_ask_t;

static inline core_sig_t weft_fuse_ask_sig(void) {
    static const uint8_t params[] = {CORE_I32, CORE_I32, CORE_I32, CORE_I32, CORE_I32};
    static const uint8_t results[] = {CORE_I64};
    return (core_sig_t){params, results, 5, 1};
}

/* ---- between the files that write the code ---------------------------------------------------- */

/* Values go from one memory to the other. */
typedef struct fuse_way {
    uint32_t back; /* ASK_BACK, or 0 */
    uint32_t from, to;
    uint32_t to_flags;            /* global: of who takes them, whose realloc is called */
    uint32_t to_realloc;          /* function */
    bool is_utf8;                 /* on both sides */
    bool has_pointer, has_string; /* among what goes there */
    uint32_t allocate, allocate_list, pass_text; /* functions of the module; see lists.c */
} fuse_way_t;

/* The function that is being written. */
typedef struct fuse_code {
    emit_t *module;
    uint32_t func;
    buf_t *body;
    uint32_t ask;
    const fuse_way_t *way;
} fuse_code_t;

/* Bytes at an address in a local. */
typedef struct fuse_place {
    uint32_t local, offset;
} fuse_place_t;

/* An i32 that is given on: of a local or a constant. */
typedef struct fuse_i32 {
    bool is_local;
    uint32_t value;
} fuse_i32_t;

static inline fuse_i32_t of_local(uint32_t local) {
    return (fuse_i32_t){true, local};
}

static inline fuse_i32_t of_const(uint32_t value) {
    return (fuse_i32_t){false, value};
}

uint32_t weft_fuse_local(const fuse_code_t *code, uint8_t type);
void weft_fuse_push(const fuse_code_t *code, fuse_i32_t value);

/* Asks the host, which does not return: stands in an `if`. */
void weft_fuse_fail(const fuse_code_t *code, uint32_t what, fuse_i32_t a, fuse_i32_t b,
                    fuse_i32_t c, fuse_i32_t d);

/* Leaves on the stack whether `size` (an i64 in a local) bytes at the pointer are not inside the memory. */
void weft_fuse_outside(const fuse_code_t *code, uint32_t memory, uint32_t ptr, uint32_t size);

/* As weft_abi_check_range; `side` is 0 for the caller. */
void weft_fuse_check_range(const fuse_code_t *code, uint32_t memory, uint32_t side, uint32_t ptr,
                           const layout_t *layout);

/* As weft_abi_copy. */
void weft_fuse_copy(const fuse_code_t *code, const layout_t *layout, fuse_place_t from,
                    fuse_place_t to);

/* As weft_abi_copy_flat, in place: the values are in locals from `first` on, of these types. */
void weft_fuse_flat(const fuse_code_t *code, const layout_t *layout, uint32_t first,
                    const uint8_t *types);

/* As copy_range and copy_elements (abi/copy.c); the locals then have what the receiver gets. */
void weft_fuse_range(const fuse_code_t *code, const layout_t *layout, uint32_t ptr,
                     uint32_t length);
void weft_fuse_elements(const fuse_code_t *code, const layout_t *layout, fuse_place_t from,
                        fuse_place_t to, fuse_i32_t count);

/* Whether the bytes from `at` up to `end` (both inside the memory) are UTF-8; goes to the label 0 if not. */
void weft_fuse_check_utf8(const fuse_code_t *code, uint32_t at, uint32_t end);

/* Declares the functions of a way and writes them. */
void weft_fuse_declare(emit_t *module, fuse_way_t *way);
void weft_fuse_write(const fuse_code_t *code);

#endif
