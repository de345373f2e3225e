/* Instructions: one row for each that weft emits, one function `op_<name>` for each row, which appends the
 * instruction to a body.
 *
 *   buf_t *body = weft_emit_body(module, func);
 *   op_local_get(body, 0);
 *   op_i32_const(body, 4);
 *   op_i32_add(body);
 *
 * Loads and stores take (memory index, offset) and state natural alignment, which the canonical ABI
 * guarantees and which is a hint in any case. */
#ifndef WEFT_CORE_OPS_H
#define WEFT_CORE_OPS_H

#include "core/types.h"
#include "support/buf.h"

/* X(name, opcode): no immediate. */
#define CORE_PLAIN_OPS(X)                                                                          \
    X(unreachable, 0x00)                                                                           \
    X(nop, 0x01)                                                                                   \
    X(else, 0x05)                                                                                  \
    X(end, 0x0b)                                                                                   \
    X(return, 0x0f)                                                                                \
    X(drop, 0x1a)                                                                                  \
    X(select, 0x1b)                                                                                \
    X(i32_eqz, 0x45)                                                                               \
    X(i32_eq, 0x46)                                                                                \
    X(i32_ne, 0x47)                                                                                \
    X(i32_lt_s, 0x48)                                                                              \
    X(i32_lt_u, 0x49)                                                                              \
    X(i32_gt_s, 0x4a)                                                                              \
    X(i32_gt_u, 0x4b)                                                                              \
    X(i32_le_s, 0x4c)                                                                              \
    X(i32_le_u, 0x4d)                                                                              \
    X(i32_ge_s, 0x4e)                                                                              \
    X(i32_ge_u, 0x4f)                                                                              \
    X(i64_eqz, 0x50)                                                                               \
    X(i64_eq, 0x51)                                                                                \
    X(i64_ne, 0x52)                                                                                \
    X(i64_lt_s, 0x53)                                                                              \
    X(i64_lt_u, 0x54)                                                                              \
    X(i64_gt_s, 0x55)                                                                              \
    X(i64_gt_u, 0x56)                                                                              \
    X(i64_le_s, 0x57)                                                                              \
    X(i64_le_u, 0x58)                                                                              \
    X(i64_ge_s, 0x59)                                                                              \
    X(i64_ge_u, 0x5a)                                                                              \
    X(f32_eq, 0x5b)                                                                                \
    X(f32_ne, 0x5c)                                                                                \
    X(f64_eq, 0x61)                                                                                \
    X(f64_ne, 0x62)                                                                                \
    X(i32_clz, 0x67)                                                                               \
    X(i32_ctz, 0x68)                                                                               \
    X(i32_popcnt, 0x69)                                                                            \
    X(i32_add, 0x6a)                                                                               \
    X(i32_sub, 0x6b)                                                                               \
    X(i32_mul, 0x6c)                                                                               \
    X(i32_div_s, 0x6d)                                                                             \
    X(i32_div_u, 0x6e)                                                                             \
    X(i32_rem_s, 0x6f)                                                                             \
    X(i32_rem_u, 0x70)                                                                             \
    X(i32_and, 0x71)                                                                               \
    X(i32_or, 0x72)                                                                                \
    X(i32_xor, 0x73)                                                                               \
    X(i32_shl, 0x74)                                                                               \
    X(i32_shr_s, 0x75)                                                                             \
    X(i32_shr_u, 0x76)                                                                             \
    X(i32_rotl, 0x77)                                                                              \
    X(i32_rotr, 0x78)                                                                              \
    X(i64_clz, 0x79)                                                                               \
    X(i64_ctz, 0x7a)                                                                               \
    X(i64_popcnt, 0x7b)                                                                            \
    X(i64_add, 0x7c)                                                                               \
    X(i64_sub, 0x7d)                                                                               \
    X(i64_mul, 0x7e)                                                                               \
    X(i64_div_s, 0x7f)                                                                             \
    X(i64_div_u, 0x80)                                                                             \
    X(i64_rem_s, 0x81)                                                                             \
    X(i64_rem_u, 0x82)                                                                             \
    X(i64_and, 0x83)                                                                               \
    X(i64_or, 0x84)                                                                                \
    X(i64_xor, 0x85)                                                                               \
    X(i64_shl, 0x86)                                                                               \
    X(i64_shr_s, 0x87)                                                                             \
    X(i64_shr_u, 0x88)                                                                             \
    X(i64_rotl, 0x89)                                                                              \
    X(i64_rotr, 0x8a)                                                                              \
    X(f32_add, 0x92)                                                                               \
    X(f32_sub, 0x93)                                                                               \
    X(f32_mul, 0x94)                                                                               \
    X(f32_div, 0x95)                                                                               \
    X(f64_add, 0xa0)                                                                               \
    X(f64_sub, 0xa1)                                                                               \
    X(f64_mul, 0xa2)                                                                               \
    X(f64_div, 0xa3)                                                                               \
    X(i32_wrap_i64, 0xa7)                                                                          \
    X(i64_extend_i32_s, 0xac)                                                                      \
    X(i64_extend_i32_u, 0xad)                                                                      \
    X(f32_convert_i32_s, 0xb2)                                                                     \
    X(f32_convert_i32_u, 0xb3)                                                                     \
    X(f32_demote_f64, 0xb6)                                                                        \
    X(f64_convert_i32_s, 0xb7)                                                                     \
    X(f64_convert_i32_u, 0xb8)                                                                     \
    X(f64_convert_i64_s, 0xb9)                                                                     \
    X(f64_convert_i64_u, 0xba)                                                                     \
    X(f64_promote_f32, 0xbb)                                                                       \
    X(i32_reinterpret_f32, 0xbc)                                                                   \
    X(i64_reinterpret_f64, 0xbd)                                                                   \
    X(f32_reinterpret_i32, 0xbe)                                                                   \
    X(f64_reinterpret_i64, 0xbf)                                                                   \
    X(i32_extend8_s, 0xc0)                                                                         \
    X(i32_extend16_s, 0xc1)                                                                        \
    X(i64_extend8_s, 0xc2)                                                                         \
    X(i64_extend16_s, 0xc3)                                                                        \
    X(i64_extend32_s, 0xc4)

/* X(name, opcode): one index (a local, global, function, label, memory). */
#define CORE_INDEX_OPS(X)                                                                          \
    X(br, 0x0c)                                                                                    \
    X(br_if, 0x0d)                                                                                 \
    X(call, 0x10)                                                                                  \
    X(local_get, 0x20)                                                                             \
    X(local_set, 0x21)                                                                             \
    X(local_tee, 0x22)                                                                             \
    X(global_get, 0x23)                                                                            \
    X(global_set, 0x24)                                                                            \
    X(memory_size, 0x3f)                                                                           \
    X(memory_grow, 0x40)                                                                           \
    X(ref_func, 0xd2)

/* X(name, opcode): a block of one value, or of none (CORE_EMPTY). Closed by op_end. */
#define CORE_BLOCK_OPS(X)                                                                          \
    X(block, 0x02)                                                                                 \
    X(loop, 0x03)                                                                                  \
    X(if, 0x04)

/* X(name, opcode, log2 of the natural alignment) */
#define CORE_MEMORY_OPS(X)                                                                         \
    X(i32_load, 0x28, 2)                                                                           \
    X(i64_load, 0x29, 3)                                                                           \
    X(f32_load, 0x2a, 2)                                                                           \
    X(f64_load, 0x2b, 3)                                                                           \
    X(i32_load8_s, 0x2c, 0)                                                                        \
    X(i32_load8_u, 0x2d, 0)                                                                        \
    X(i32_load16_s, 0x2e, 1)                                                                       \
    X(i32_load16_u, 0x2f, 1)                                                                       \
    X(i64_load8_s, 0x30, 0)                                                                        \
    X(i64_load8_u, 0x31, 0)                                                                        \
    X(i64_load16_s, 0x32, 1)                                                                       \
    X(i64_load16_u, 0x33, 1)                                                                       \
    X(i64_load32_s, 0x34, 2)                                                                       \
    X(i64_load32_u, 0x35, 2)                                                                       \
    X(i32_store, 0x36, 2)                                                                          \
    X(i64_store, 0x37, 3)                                                                          \
    X(f32_store, 0x38, 2)                                                                          \
    X(f64_store, 0x39, 3)                                                                          \
    X(i32_store8, 0x3a, 0)                                                                         \
    X(i32_store16, 0x3b, 1)                                                                        \
    X(i64_store8, 0x3c, 0)                                                                         \
    X(i64_store16, 0x3d, 1)                                                                        \
    X(i64_store32, 0x3e, 2)

enum { CORE_EMPTY = 0x40 }; /* the type of a block that leaves nothing */

#define X(name, opcode)                                                                            \
    static inline void op_##name(buf_t *body) {                                                    \
        weft_buf_byte(body, opcode);                                                               \
    }
CORE_PLAIN_OPS(X)
#undef X

#define X(name, opcode)                                                                            \
    static inline void op_##name(buf_t *body, uint32_t index) {                                    \
        weft_buf_byte(body, opcode);                                                               \
        weft_buf_u32(body, index);                                                                 \
    }
CORE_INDEX_OPS(X)
#undef X

#define X(name, opcode)                                                                            \
    static inline void op_##name(buf_t *body, uint8_t type) {                                      \
        weft_buf_byte(body, opcode);                                                               \
        weft_buf_byte(body, type);                                                                 \
    }
CORE_BLOCK_OPS(X)
#undef X

/* The memory argument: bit 6 of the alignment says that a memory index follows it (multi-memory). */
static inline void weft_op_memarg(buf_t *body, uint8_t align, uint32_t memory, uint64_t offset) {
    weft_buf_byte(body, memory ? align | 0x40 : align);
    if (memory) weft_buf_u32(body, memory);
    weft_buf_u64(body, offset);
}

#define X(name, opcode, align)                                                                     \
    static inline void op_##name(buf_t *body, uint32_t memory, uint64_t offset) {                  \
        weft_buf_byte(body, opcode);                                                               \
        weft_op_memarg(body, align, memory, offset);                                               \
    }
CORE_MEMORY_OPS(X)
#undef X

/* Constants; an i32 is taken by its bits, so that pointers and lengths need no cast. */
static inline void op_i32_const(buf_t *body, uint32_t bits) {
    weft_buf_byte(body, 0x41);
    weft_buf_s64(body, (int64_t)bits - (bits & 0x80000000u ? INT64_C(0x100000000) : 0));
}

static inline void op_i64_const(buf_t *body, uint64_t bits) {
    weft_buf_byte(body, 0x42);
    weft_buf_s64(body, (int64_t)bits);
}

static inline void op_f32_const(buf_t *body, uint32_t bits) {
    weft_buf_byte(body, 0x43);
    for (unsigned i = 0; i < 4; i++) weft_buf_byte(body, (uint8_t)(bits >> 8 * i));
}

static inline void op_f64_const(buf_t *body, uint64_t bits) {
    weft_buf_byte(body, 0x44);
    for (unsigned i = 0; i < 8; i++) weft_buf_byte(body, (uint8_t)(bits >> 8 * i));
}

/* Zero of a numeric type. */
void weft_op_zero(buf_t *body, uint8_t type);

static inline void op_call_indirect(buf_t *body, uint32_t type, uint32_t table) {
    weft_buf_byte(body, 0x11);
    weft_buf_u32(body, type);
    weft_buf_u32(body, table);
}

/* Labels from the innermost (0) outward; the last is the default. */
static inline void op_br_table(buf_t *body, const uint32_t *labels, uint32_t count,
                               uint32_t otherwise) {
    weft_buf_byte(body, 0x0e);
    weft_buf_u32(body, count);
    for (uint32_t i = 0; i < count; i++) weft_buf_u32(body, labels[i]);
    weft_buf_u32(body, otherwise);
}

/* A block without a value; whatever is thrown inside goes to the label, counted from outside. Closed by op_end. */
static inline void op_try_catch_all(buf_t *body, uint32_t label) {
    weft_buf_byte(body, 0x1f);
    weft_buf_byte(body, CORE_EMPTY);
    weft_buf_u32(body, 1);
    weft_buf_byte(body, 0x02);
    weft_buf_u32(body, label);
}

static inline void op_memory_copy(buf_t *body, uint32_t to, uint32_t from) {
    weft_buf_byte(body, 0xfc);
    weft_buf_u32(body, 10);
    weft_buf_u32(body, to);
    weft_buf_u32(body, from);
}

static inline void op_memory_fill(buf_t *body, uint32_t memory) {
    weft_buf_byte(body, 0xfc);
    weft_buf_u32(body, 11);
    weft_buf_u32(body, memory);
}

#endif
