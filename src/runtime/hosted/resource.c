/* Handles to the guest's resources. */
#include "runtime/hosted/hosted.h"

static void drop(weft_resource_t *base) {
    hosted_resource_t *resource = (hosted_resource_t *)base;
    const held_t *held = &resource->held;
    if (held->holder && held->owned && !held->given)
        weft_hosted_drop(resource->owner, resource->any);
    wasmtime_component_resource_any_delete(resource->any);
    weft_held_free(&resource->held);
}

weft_error_t *weft_hosted_resource_new(hosted_t *hosted, weft_str_t name,
                                       const wasmtime_component_resource_any_t *any,
                                       weft_value_t *value) {
    held_t *held;
    TRY(weft_held_new(&hosted->guard.held, sizeof(hosted_resource_t), name,
                      wasmtime_component_resource_any_owned(any), drop, &held));
    hosted_resource_t *resource = (hosted_resource_t *)held;
    resource->owner = hosted;
    resource->any = wasmtime_component_resource_any_clone(any);
    *value = weft_held_value(held);
    return NULL;
}

void weft_hosted_resources_orphan(hosted_t *hosted) {
    weft_held_orphan(&hosted->guard.held, NULL);
}
