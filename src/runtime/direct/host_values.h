/* Values of the host (weft_value_t) into a guest and out of it, and the handles that the host has. */
#ifndef WEFT_RUNTIME_DIRECT_HOST_VALUES_H
#define WEFT_RUNTIME_DIRECT_HOST_VALUES_H

#include "abi/copy.h"
#include "runtime/direct/entity.h"

/* Host values into the guest. The value was checked against the type. */
weft_error_t *weft_value_store(const transfer_t *transfer, const layout_t *layout,
                               const weft_value_t *value, uint64_t ptr);
weft_error_t *weft_value_lower(const transfer_t *transfer, const layout_t *layout,
                               const weft_value_t *value, flat_t *out);

/* Of a scalar: the core value. */
uint64_t weft_value_bits(type_kind_t kind, const weft_value_t *value);

/* And back, from one that was checked (weft_abi_scalar). */
void weft_value_of_bits(type_kind_t kind, uint64_t bits, weft_value_t *value);

/* And out of it. On failure nothing is written. */
weft_error_t *weft_value_load(abi_side_t *side, const layout_t *layout, uint64_t ptr,
                              weft_value_t *value);
weft_error_t *weft_value_lift(abi_side_t *side, const layout_t *layout, const flat_t *in,
                              weft_value_t *value);

/* A handle that the host has. */
struct direct_resource {
    held_t held;
    direct_t *owner;
    const rtype_t *type;
    uint32_t rep;
};

weft_error_t *weft_direct_resource_new(direct_t *direct, const rtype_t *type, weft_str_t name,
                                       uint32_t rep, bool owned, weft_value_t *value);
void weft_direct_resources_orphan(direct_t *direct);

/* Whether all handles in a value can be passed to the frame's function; marks those given away. */
weft_error_t *weft_direct_pass(const frame_t *frame, const type_t *type, const weft_value_t *value,
                               passed_t *given);

#endif
