#include "abi/side.h"

#include <stdio.h>

weft_error_t *weft_abi_trap(const char *format, ...) {
    char text[256];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    return weft_error_new(WEFT_TRAP, "the guest trapped: %s", text);
}

bool weft_side_grew_to(abi_side_t *side, uint64_t ptr, uint64_t len) {
    side->ops->measure(side);
    return ptr <= side->size && len <= side->size - ptr;
}

static bool is_aligned(uint64_t ptr, uint32_t align) {
    return (ptr & (align - 1)) == 0;
}

weft_error_t *weft_abi_check_made(const transfer_t *transfer, uint64_t made, uint32_t align,
                                  uint64_t size) {
    bool by_host = !transfer->from;
    if (!is_aligned(made, align))
        return by_host ? weft_abi_trap("realloc return: result not aligned")
                       : weft_abi_trap("unaligned pointer");
    if (!weft_side_has(transfer->to, made, size))
        return by_host ? weft_abi_trap("realloc return: beyond end of memory")
                       : weft_abi_trap("list content out-of-bounds");
    return NULL;
}

weft_error_t *weft_abi_realloc(const transfer_t *transfer, uint64_t old, uint64_t old_size,
                               uint32_t align, uint64_t new_size, uint64_t *ptr) {
    abi_side_t *to = transfer->to;
    uint64_t made;
    to->failed = true;
    TRY(to->ops->realloc(to, old, old_size, align, new_size, &made));
    /* Both sides may be one instance, so both memories may have moved. */
    weft_side_forget(to);
    if (transfer->from) weft_side_forget(transfer->from);
    TRY(weft_abi_check_made(transfer, made, align, new_size));
    to->failed = false;
    *ptr = made;
    return NULL;
}

weft_error_t *weft_abi_check_range(abi_side_t *side, uint64_t ptr, uint32_t align, uint64_t size) {
    if (!is_aligned(ptr, align)) return weft_abi_trap("unaligned pointer");
    if (!weft_side_has(side, ptr, size)) return weft_abi_trap("pointer out of bounds of memory");
    return NULL;
}

weft_error_t *weft_abi_check_list(abi_side_t *side, uint64_t ptr, uint64_t count, uint64_t stride,
                                  uint32_t align, bool by_host) {
    bool too_long = stride && count > ABI_MAX_BYTES / stride;
    if (!too_long && !is_aligned(ptr, align)) return weft_abi_trap("unaligned pointer");
    if (!too_long && weft_side_has(side, ptr, count * stride)) return NULL;
    if (too_long && weft_side_has(side, ptr, 0))
        return weft_abi_trap("list content out-of-bounds: a list has at most %d bytes",
                             ABI_MAX_BYTES);
    return by_host ? weft_abi_trap("list pointer/length out of bounds of memory")
                   : weft_abi_trap("list content out-of-bounds");
}

weft_error_t *weft_abi_check_char(uint32_t c) {
    if (c < 0xD800 || (c > 0xDFFF && c < 0x110000)) return NULL;
    return weft_abi_trap("invalid `char` bit pattern");
}

weft_error_t *weft_abi_check_case(uint64_t index, uint32_t cases) {
    return index < cases ? NULL : weft_abi_trap("invalid variant discriminant");
}
