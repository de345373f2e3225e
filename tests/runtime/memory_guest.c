#include "runtime/memory_guest.h"

#include "support/buf.h"

guest_component_t memory_guest(weft_engine_t *engine, unsigned pages, const char *data,
                               const weft_options_t *options) {
    buf_t text = {0};
    weft_buf_printf(
        &text,
        "(component (core module $m (memory (export \"m\") %u) (data (i32.const 100) \"%s\")"
        "  (func (export \"put\") (param i32 i32) (i32.store8 (local.get 0) (local.get 1)))"
        "  (func (export \"get\") (param i32) (result i32) (i32.load8_u (local.get 0)))"
        "  (func (export \"grow\") (param i32) (result i32) (memory.grow (local.get 0)))"
        "  (func (export \"fill\") (param i32 i32)"
        "   (memory.fill (local.get 0) (i32.const 255) (local.get 1)))"
        "  (func (export \"any\") (param i32 i32) (result i32) (local i32)"
        "   (loop $next (local.set 2 (i32.or (local.get 2) (i32.load8_u (local.get 0))))"
        "    (local.set 0 (i32.add (local.get 0) (i32.const 1)))"
        "    (br_if $next (i32.lt_u (local.get 0) (local.get 1)))) (local.get 2)))"
        " (core instance $i (instantiate $m))"
        " (func (export \"put\") (param \"at\" u32) (param \"byte\" u32) (canon lift (core func $i "
        "\"put\")))"
        " (func (export \"get\") (param \"at\" u32) (result u32) (canon lift (core func $i "
        "\"get\")))"
        " (func (export \"fill\") (param \"at\" u32) (param \"len\" u32)"
        "  (canon lift (core func $i \"fill\")))"
        " (func (export \"any\") (param \"from\" u32) (param \"to\" u32) (result u32)"
        "  (canon lift (core func $i \"any\")))"
        " (func (export \"grow\") (param \"pages\" u32) (result u32) (canon lift (core func $i "
        "\"grow\"))))",
        pages, data);
    weft_buf_byte(&text, 0);
    guest_component_t guest = guest_of(engine, weft_buf_as_str(&text).ptr, options);
    weft_buf_free(&text);
    return guest;
}
