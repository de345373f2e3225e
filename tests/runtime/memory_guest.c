#include "runtime/memory_guest.h"

#include "support/buf.h"

guest_component_t memory_guest_with(weft_engine_t *engine, unsigned pages, weft_str_t segments,
                                    const char *extra, const weft_options_t *options) {
    static const char none[] = "(func (export \"extra\") (param i32) (result i32) (i32.const 0))";
    buf_t text = {0};
    weft_buf_printf(
        &text,
        "(component (core module $m (memory (export \"m\") %u) %.*s %s"
        "  (func (export \"put\") (param i32 i32) (i32.store8 (local.get 0) (local.get 1)))"
        "  (func (export \"get\") (param i32) (result i32) (i32.load8_u (local.get 0)))"
        "  (func (export \"grow\") (param i32) (result i32) (memory.grow (local.get 0)))"
        "  (func (export \"fill\") (param i32 i32)"
        "   (memory.fill (local.get 0) (i32.const 255) (local.get 1)))"
        "  (func (export \"any\") (param i32 i32) (result i32) (local i32)"
        "   (loop $next (local.set 2 (i32.or (local.get 2) (i32.load8_u (local.get 0))))"
        "    (local.set 0 (i32.add (local.get 0) (i32.const 1)))"
        "    (br_if $next (i32.lt_u (local.get 0) (local.get 1)))) (local.get 2))"
        "  (func (export \"hash\") (param i32 i32) (result i32) (local $hash i32)"
        "   (loop $next (local.set $hash (i32.mul (i32.const 16777619) (i32.xor (local.get $hash)"
        "     (i32.load8_u (local.get 0)))))"
        "    (local.set 0 (i32.add (local.get 0) (i32.const 1)))"
        "    (br_if $next (i32.lt_u (local.get 0) (local.get 1)))) (local.get $hash)))"
        " (core instance $i (instantiate $m))"
        " (func (export \"put\") (param \"at\" u32) (param \"byte\" u32) (canon lift (core func $i "
        "\"put\")))"
        " (func (export \"get\") (param \"at\" u32) (result u32) (canon lift (core func $i "
        "\"get\")))"
        " (func (export \"fill\") (param \"at\" u32) (param \"len\" u32)"
        "  (canon lift (core func $i \"fill\")))"
        " (func (export \"any\") (param \"from\" u32) (param \"to\" u32) (result u32)"
        "  (canon lift (core func $i \"any\")))"
        " (func (export \"hash\") (param \"from\" u32) (param \"to\" u32) (result u32)"
        "  (canon lift (core func $i \"hash\")))"
        " (func (export \"extra\") (param \"a\" u32) (result u32)"
        "  (canon lift (core func $i \"extra\")))"
        " (func (export \"grow\") (param \"pages\" u32) (result u32) (canon lift (core func $i "
        "\"grow\"))))",
        pages, (int)segments.len, segments.ptr, extra ? extra : none);
    weft_buf_byte(&text, 0);
    guest_component_t guest = guest_of(engine, weft_buf_as_str(&text).ptr, options);
    weft_buf_free(&text);
    return guest;
}

guest_component_t memory_guest(weft_engine_t *engine, unsigned pages, const char *data,
                               const weft_options_t *options) {
    buf_t segment = {0};
    weft_buf_printf(&segment, "(data (i32.const 100) \"%s\")", data);
    guest_component_t guest =
        memory_guest_with(engine, pages, weft_buf_as_str(&segment), NULL, options);
    weft_buf_free(&segment);
    return guest;
}

uint32_t memory_hash(const uint8_t *bytes, size_t len) {
    uint32_t hash = 0;
    for (size_t i = 0; i < len; i++) hash = (hash ^ bytes[i]) * 16777619U;
    return hash;
}
