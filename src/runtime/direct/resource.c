/* Handles to the guest's resources that the host has. */
#include "runtime/direct/call.h"
#include "runtime/direct/host.h"
#include "runtime/direct/host_values.h"

/* What the destructor does wrong has nobody to be told to; the next call says that the guest is spent. */
static void drop_in_guest(const direct_resource_t *resource) {
    visit_t visit;
    const rtype_t *type = resource->type;
    if (!resource->held.owned || resource->held.given) return;
    if (!type->host) {
        weft_error_delete(weft_direct_drop(type, resource->rep));
    } else if (weft_guard_try_enter(&resource->owner->guard, &visit)) {
        weft_error_delete(type->host->drop(type->host, resource->rep));
        weft_guard_leave(&visit);
    }
}

static void drop(weft_resource_t *base) {
    direct_resource_t *resource = (direct_resource_t *)base;
    if (resource->held.holder) drop_in_guest(resource);
    weft_held_free(&resource->held);
}

weft_error_t *weft_direct_resource_new(direct_t *direct, const rtype_t *type, weft_str_t name,
                                       uint32_t rep, bool owned, weft_value_t *value) {
    held_t *held;
    TRY(weft_held_new(&direct->guard.held, sizeof(direct_resource_t), name, owned, drop, &held));
    direct_resource_t *resource = (direct_resource_t *)held;
    resource->owner = direct;
    resource->type = type;
    resource->rep = rep;
    *value = weft_held_value(held);
    return NULL;
}

/* Another plugin's goes on. */
static void leave(held_t *held) {
    const direct_resource_t *resource = (const direct_resource_t *)held;
    bool foreign = !resource->type->host && resource->type->frame->direct != resource->owner;
    if (foreign) drop_in_guest(resource);
}

void weft_direct_resources_orphan(direct_t *direct) {
    weft_held_orphan(&direct->guard.held, leave);
}

/* ---- passing them ----------------------------------------------------------------------------- */

static weft_error_t *pass(const frame_t *frame, const type_t *type, const weft_value_t *value,
                          passed_t *given) {
    direct_resource_t *resource = (direct_resource_t *)value->of.resource;
    held_t *held = &resource->held;
    /* A handle of the hosted engine differs in its drop function. */
    const rtype_t *wanted = weft_frame_resource(frame, type->resource);
    if (held->base.drop != drop || !held->holder ||
        (resource->owner != frame->direct && resource->type != wanted))
        return weft_held_elsewhere(held);
    if (resource->type != wanted && !held->given)
        return weft_error_new(WEFT_MISMATCH, "the handle <%.*s %u> is of another resource type",
                              STR_ARG(held->base.name), held->base.number);
    return weft_held_pass(held, type->kind == TYPE_OWN, given);
}

static weft_error_t *pass_items(const frame_t *frame, const type_t *type, const weft_value_t *value,
                                passed_t *given) {
    const weft_value_t *items = value->of.list.items;
    if (value->kind == WEFT_BYTES) return NULL;
    for (size_t i = 0; i < value->of.list.count; i++) {
        const type_t *item = type->element;
        if (type->kind == TYPE_MAP && i % 2 == 0) item = type->key;
        if (type->field_count) item = type->fields[i].type;
        TRY(weft_direct_pass(frame, item, &items[i], given));
    }
    return NULL;
}

static const type_t *payload_of(const type_t *type, uint32_t index) {
    if (type->kind == TYPE_VARIANT) return type->fields[index].type;
    if (type->kind == TYPE_OPTION) return index ? type->element : NULL;
    return index ? type->error : type->element;
}

weft_error_t *weft_direct_pass(const frame_t *frame, const type_t *type, const weft_value_t *value,
                               passed_t *given) {
    if (!type || (!type->has_own && !type->has_borrow)) return NULL;
    switch (type->kind) {
    case TYPE_OWN:
    case TYPE_BORROW: return pass(frame, type, value, given);
    case TYPE_VARIANT:
    case TYPE_OPTION:
    case TYPE_RESULT:
        return weft_direct_pass(frame, payload_of(type, value->index), value->of.payload, given);
    default: return pass_items(frame, type, value, given);
    }
}
