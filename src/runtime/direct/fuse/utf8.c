/* Fused functions: looking through UTF-8. What is not good goes to the host, which says what is wrong. */
#include "runtime/direct/fuse/code.h"

#define HIGH_BITS UINT64_C(0x8080808080808080)

/* Labels as counted inside the loop over characters; its own block is around it. */
enum { NEXT, DONE, BAD };

typedef struct text_scan {
    const fuse_code_t *code;
    uint32_t at, end, lead, second;
} text_scan_t;

static void advance(const text_scan_t *scan, uint32_t bytes, uint32_t next) {
    buf_t *body = scan->code->body;
    op_local_get(body, scan->at);
    op_i32_const(body, bytes);
    op_i32_add(body);
    op_local_set(body, scan->at);
    op_br(body, next);
}

/* Leaves whether fewer bytes are left. */
static void push_fewer(const text_scan_t *scan, uint32_t bytes) {
    buf_t *body = scan->code->body;
    op_local_get(body, scan->end);
    op_local_get(body, scan->at);
    op_i32_sub(body);
    op_i32_const(body, bytes);
    op_i32_lt_u(body);
}

/* Leaves whether some of so many words from here on have a byte that is no ASCII. */
static void push_no_ascii(const text_scan_t *scan, uint32_t words) {
    buf_t *body = scan->code->body;
    for (uint32_t i = 0; i < words; i++) {
        op_local_get(body, scan->at);
        op_i64_load(body, scan->code->way->from, UINT64_C(8) * i);
        if (i) op_i64_or(body);
    }
    op_i64_const(body, HIGH_BITS);
    op_i64_and(body);
    op_i64_const(body, 0);
    op_i64_ne(body);
}

/* As long as there are 32 bytes of ASCII. */
static void skip_ascii(const text_scan_t *scan) {
    buf_t *body = scan->code->body;
    op_block(body, CORE_EMPTY);
    op_loop(body, CORE_EMPTY);
    push_fewer(scan, 32);
    op_br_if(body, DONE);
    push_no_ascii(scan, 4);
    op_br_if(body, DONE);
    advance(scan, 32, NEXT);
    op_end(body);
    op_end(body);
}

/* The lead is ASCII: a word, or the byte. */
static void take_ascii(const text_scan_t *scan) {
    buf_t *body = scan->code->body;
    op_local_get(body, scan->lead);
    op_i32_const(body, 0x80);
    op_i32_lt_u(body);
    op_if(body, CORE_EMPTY);
    op_block(body, CORE_EMPTY);
    push_fewer(scan, 8);
    op_br_if(body, 0);
    push_no_ascii(scan, 1);
    op_br_if(body, 0);
    advance(scan, 8, NEXT + 2);
    op_end(body);
    advance(scan, 1, NEXT + 1);
    op_end(body);
}

/* The byte so far on must go on with the character; `local` takes it. */
static void take_trail(const text_scan_t *scan, uint32_t offset, uint32_t local) {
    buf_t *body = scan->code->body;
    push_fewer(scan, offset + 1);
    op_br_if(body, BAD);
    op_local_get(body, scan->at);
    op_i32_load8_u(body, scan->code->way->from, offset);
    op_local_tee(body, local);
    op_i32_const(body, 0xC0);
    op_i32_and(body);
    op_i32_const(body, 0x80);
    op_i32_ne(body);
    op_br_if(body, BAD);
}

/* Leaves the character as far as two bytes say it: the lead less `base` and the second, this far up. */
static void push_upper(const text_scan_t *scan, uint32_t base, uint32_t up) {
    buf_t *body = scan->code->body;
    op_local_get(body, scan->lead);
    op_i32_const(body, base);
    op_i32_sub(body);
    op_i32_const(body, up + 6);
    op_i32_shl(body);
    op_local_get(body, scan->second);
    op_i32_const(body, 0x3F);
    op_i32_and(body);
    op_i32_const(body, up);
    op_i32_shl(body);
    op_i32_or(body);
}

/* When the lead is below `most`, the character ends here: it is `length` bytes long and bad if the condition holds
 * that `push_bad` leaves. */
static void end_character(const text_scan_t *scan, uint32_t most, uint32_t length,
                          void (*push_bad)(const text_scan_t *)) {
    buf_t *body = scan->code->body;
    op_local_get(body, scan->lead);
    op_i32_const(body, most);
    op_i32_lt_u(body);
    op_if(body, CORE_EMPTY);
    push_bad(scan);
    op_br_if(body, BAD + 1);
    advance(scan, length, NEXT + 1);
    op_end(body);
}

static void push_bad_two(const text_scan_t *scan) {
    op_local_get(scan->code->body, scan->lead);
    op_i32_const(scan->code->body, 0xC2);
    op_i32_lt_u(scan->code->body);
}

/* Below 0x800, or a surrogate. */
static void push_bad_three(const text_scan_t *scan) {
    buf_t *body = scan->code->body;
    push_upper(scan, 0xE0, 6);
    op_i32_const(body, 0x800);
    op_i32_lt_u(body);
    push_upper(scan, 0xE0, 6);
    op_i32_const(body, 0xF800);
    op_i32_and(body);
    op_i32_const(body, 0xD800);
    op_i32_eq(body);
    op_i32_or(body);
}

/* Below 0x10000, or above 0x10FFFF. */
static void push_bad_four(const text_scan_t *scan) {
    buf_t *body = scan->code->body;
    push_upper(scan, 0xF0, 12);
    op_i32_const(body, 0x10000);
    op_i32_sub(body);
    op_i32_const(body, 0x100000);
    op_i32_ge_u(body);
}

static void take_character(const text_scan_t *scan) {
    buf_t *body = scan->code->body;
    uint32_t trail = weft_fuse_local(scan->code, CORE_I32);
    op_local_get(body, scan->at);
    op_local_get(body, scan->end);
    op_i32_eq(body);
    op_br_if(body, DONE);
    op_local_get(body, scan->at);
    op_i32_load8_u(body, scan->code->way->from, 0);
    op_local_set(body, scan->lead);
    take_ascii(scan);
    take_trail(scan, 1, scan->second);
    end_character(scan, 0xE0, 2, push_bad_two);
    take_trail(scan, 2, trail);
    end_character(scan, 0xF0, 3, push_bad_three);
    take_trail(scan, 3, trail);
    end_character(scan, 0x100, 4, push_bad_four);
}

void weft_fuse_check_utf8(const fuse_code_t *code, uint32_t at, uint32_t end) {
    text_scan_t scan = {code, at, end, weft_fuse_local(code, CORE_I32),
                        weft_fuse_local(code, CORE_I32)};
    skip_ascii(&scan);
    op_block(code->body, CORE_EMPTY);
    op_loop(code->body, CORE_EMPTY);
    take_character(&scan);
    op_end(code->body);
    op_end(code->body);
}
