/* Handles to the guest's resources. */
#include "runtime/hosted/hosted.h"
#include "support/alloc.h"

static void unlink_resource(hosted_resource_t *resource) {
    hosted_t *owner = resource->owner;
    pthread_mutex_lock(&owner->guard.handles);
    if (resource->prev) resource->prev->next = resource->next;
    else owner->resources = resource->next;
    if (resource->next) resource->next->prev = resource->prev;
    pthread_mutex_unlock(&owner->guard.handles);
}

static void link_resource(hosted_resource_t *resource) {
    hosted_t *owner = resource->owner;
    pthread_mutex_lock(&owner->guard.handles);
    resource->base.number = ++owner->resource_count;
    resource->next = owner->resources;
    if (resource->next) resource->next->prev = resource;
    owner->resources = resource;
    pthread_mutex_unlock(&owner->guard.handles);
}

static void drop(weft_resource_t *base) {
    hosted_resource_t *resource = (hosted_resource_t *)base;
    if (resource->owner) {
        if (resource->owned && !resource->given) weft_hosted_drop(resource->owner, resource->any);
        unlink_resource(resource);
    }
    wasmtime_component_resource_any_delete(resource->any);
    weft_free((void *)(uintptr_t)base->name.ptr);
    weft_free(resource);
}

weft_error_t *weft_hosted_resource_new(hosted_t *hosted, weft_str_t name,
                                       const wasmtime_component_resource_any_t *any,
                                       weft_value_t *value) {
    hosted_resource_t *resource = weft_alloc_zero(1, sizeof *resource);
    char *copy = weft_alloc_str(name);
    if (!resource || !copy) {
        weft_free(resource);
        weft_free(copy);
        return weft_error_oom();
    }
    resource->base = (weft_resource_t){1, drop, {copy, name.len}, 0};
    resource->owner = hosted;
    resource->any = wasmtime_component_resource_any_clone(any);
    resource->owned = wasmtime_component_resource_any_owned(any);
    link_resource(resource);
    *value = (weft_value_t){.kind = WEFT_RESOURCE, .of.resource = &resource->base};
    return NULL;
}

void weft_hosted_resources_orphan(hosted_t *hosted) {
    hosted_resource_t *next = hosted->resources;
    while (next) {
        hosted_resource_t *resource = next;
        next = resource->next;
        resource->owner = NULL;
        resource->prev = resource->next = NULL;
    }
    hosted->resources = NULL;
}
