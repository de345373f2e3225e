/* Handles to the guest's resources that the host has. */
#include "runtime/direct/host.h"
#include "support/alloc.h"

static void unlink_resource(direct_resource_t *resource) {
    direct_t *owner = resource->owner;
    pthread_mutex_lock(&owner->guard.handles);
    if (resource->prev) resource->prev->next = resource->next;
    else owner->resources = resource->next;
    if (resource->next) resource->next->prev = resource->prev;
    pthread_mutex_unlock(&owner->guard.handles);
}

static void link_resource(direct_resource_t *resource) {
    direct_t *owner = resource->owner;
    pthread_mutex_lock(&owner->guard.handles);
    resource->base.number = ++owner->resource_count;
    resource->next = owner->resources;
    if (resource->next) resource->next->prev = resource;
    owner->resources = resource;
    pthread_mutex_unlock(&owner->guard.handles);
}

/* What the destructor does wrong has nobody to be told to; the next call says that the guest is spent. */
static void drop_in_guest(const direct_resource_t *resource) {
    visit_t visit;
    const rtype_t *type = resource->type;
    if (!resource->owned || resource->given) return;
    if (!type->host) {
        weft_error_delete(weft_direct_drop(type, resource->rep));
    } else if (weft_guard_try_enter(&resource->owner->guard, &visit)) {
        weft_error_delete(type->host->drop(type->host, resource->rep));
        weft_guard_leave(&visit);
    }
}

static void drop(weft_resource_t *base) {
    direct_resource_t *resource = (direct_resource_t *)base;
    if (resource->owner) {
        drop_in_guest(resource);
        unlink_resource(resource);
    }
    weft_free((void *)(uintptr_t)base->name.ptr);
    weft_free(resource);
}

weft_error_t *weft_direct_resource_new(direct_t *direct, const rtype_t *type, weft_str_t name,
                                       uint32_t rep, bool owned, weft_value_t *value) {
    direct_resource_t *resource = weft_alloc_zero(1, sizeof *resource);
    char *copy = weft_alloc_str(name);
    if (!resource || !copy) {
        weft_free(resource);
        weft_free(copy);
        return weft_error_oom();
    }
    resource->base = (weft_resource_t){1, drop, {copy, name.len}, 0};
    resource->owner = direct;
    resource->type = type;
    resource->rep = rep;
    resource->owned = owned;
    link_resource(resource);
    *value = (weft_value_t){.kind = WEFT_RESOURCE, .of.resource = &resource->base};
    return NULL;
}

/* Of another plugin, which goes on. */
static bool is_foreign(const direct_resource_t *resource) {
    return !resource->type->host && resource->type->frame->direct != resource->owner;
}

void weft_direct_resources_orphan(direct_t *direct) {
    direct_resource_t *next = direct->resources;
    while (next) {
        direct_resource_t *resource = next;
        next = resource->next;
        if (is_foreign(resource)) drop_in_guest(resource);
        resource->owner = NULL;
        resource->prev = resource->next = NULL;
    }
    direct->resources = NULL;
}

/* ---- passing them ----------------------------------------------------------------------------- */

static weft_error_t *pass(const frame_t *frame, const type_t *type, const weft_value_t *value,
                          passed_t *given) {
    direct_resource_t *resource = (direct_resource_t *)value->of.resource;
    weft_str_t name = resource->base.name;
    /* A handle of the hosted engine differs in its drop function. */
    const rtype_t *wanted = weft_frame_resource(frame, type->resource);
    if (resource->base.drop != drop || !resource->owner ||
        (resource->owner != frame->direct && resource->type != wanted))
        return weft_error_new(WEFT_MISMATCH, "the handle <%.*s %u> belongs to another plugin",
                              STR_ARG(name), resource->base.number);
    if (resource->given)
        return weft_error_new(WEFT_MISMATCH,
                              "the handle <%.*s %u> was given away by an earlier call or argument",
                              STR_ARG(name), resource->base.number);
    if (resource->type != wanted)
        return weft_error_new(WEFT_MISMATCH, "the handle <%.*s %u> is of another resource type",
                              STR_ARG(name), resource->base.number);
    if (type->kind != TYPE_OWN) return NULL;
    if (!resource->owned)
        return weft_error_new(WEFT_MISMATCH, "the handle <%.*s %u> is borrowed", STR_ARG(name),
                              resource->base.number);
    TRY(VEC_PUSH(given, resource));
    resource->given = true;
    return NULL;
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

void weft_direct_take_back(passed_t *given) {
    for (size_t i = 0; i < given->count; i++) given->items[i]->given = false;
}
