/* Values from one instance to another, without anything between: memory to memory, core values to core values.
 *
 * What is done for a type is decided by the pair of its layouts on the two sides, which are computed when
 * functions are linked; a call walks them. Bytes are copied as they are only where every sequence of bytes is
 * a valid value without padding (layout_t.is_plain): all else is checked or normalised part by part, so that
 * no side sees an invalid value, or what the other has in its padding. */
#ifndef WEFT_ABI_COPY_H
#define WEFT_ABI_COPY_H

#include "abi/side.h"

/* Both ranges were checked (weft_abi_check_range). */
weft_error_t *weft_abi_copy(const transfer_t *transfer, const layout_t *from, const layout_t *to,
                            uint64_t from_ptr, uint64_t to_ptr);

/* A string that a guest says it has: the same in the other memory. */
weft_error_t *weft_abi_copy_text(const transfer_t *transfer, uint64_t ptr, uint64_t length,
                                 uint64_t *out_ptr, uint64_t *out_length);

/* As many core values as the type flattens to. */
weft_error_t *weft_abi_copy_flat(const transfer_t *transfer, const layout_t *from,
                                 const layout_t *to, const flat_t *in, flat_t *out);

/* A value of a scalar type (numbers, bool, char, enum, flags) from its core value, checked and normalised:
 * sign-extended to 32 bits, zero above them. */
weft_error_t *weft_abi_scalar(const layout_t *layout, uint64_t bits, uint64_t *value);

#endif
