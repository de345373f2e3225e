/* Handle tables: one for each component instance (CanonicalABI.md, Table State and Resource State). */
#include "runtime/direct/handles.h"
#include "runtime/direct/call.h"

enum { MAX_HANDLES = (1 << 28) - 1, LEAST_ROOM = 1 << 16 };

/* Handles take the host's memory: a plugin whose memories are limited gets as much of it for each of its tables as for a
 * memory. */
static uint64_t most_of(const direct_t *direct, size_t size, uint64_t unlimited) {
    uint64_t memory = direct->guard.memory;
    if (!memory) return unlimited;
    return (memory < LEAST_ROOM ? LEAST_ROOM : memory) / size;
}

weft_error_t *weft_handle_add(frame_t *frame, handle_t handle, uint32_t *index) {
    handles_t *handles = &frame->handles;
    if (handles->free) {
        *index = handles->free;
        handles->free = handles->table.items[*index].lends;
        handles->table.items[*index] = handle;
        return NULL;
    }
    if (!handles->table.count) TRY(VEC_PUSH(&handles->table, (handle_t){0}));
    size_t count = handles->table.count;
    if (count > MAX_HANDLES || count > most_of(frame->direct, sizeof handle, MAX_HANDLES))
        return weft_abi_trap("resource table has no free keys");
    *index = (uint32_t)count;
    return VEC_PUSH(&handles->table, handle);
}

weft_error_t *weft_handle_get(frame_t *frame, uint32_t index, const rtype_t *type,
                              handle_t **handle) {
    handles_t *handles = &frame->handles;
    handle_t *found = index < handles->table.count ? &handles->table.items[index] : NULL;
    if (!found || !found->type) return weft_abi_trap("unknown handle index %u", index);
    if (found->type != type)
        return weft_abi_trap("handle index %u used with the wrong type, expected guest-defined "
                             "resource but found a different guest-defined resource",
                             index);
    *handle = found;
    return NULL;
}

void weft_handle_remove(frame_t *frame, uint32_t index) {
    handles_t *handles = &frame->handles;
    handles->table.items[index] = (handle_t){.lends = handles->free};
    handles->free = index;
}

weft_error_t *weft_handle_take(frame_t *frame, uint32_t index, const rtype_t *type, uint32_t *rep) {
    handle_t *handle;
    TRY(weft_handle_get(frame, index, type, &handle));
    if (!handle->own) return weft_abi_trap("cannot lift own resource from a borrow");
    if (handle->lends) return weft_abi_trap("cannot remove owned resource while borrowed");
    *rep = handle->rep;
    weft_handle_remove(frame, index);
    return NULL;
}

/* Lists can overlap, so a few handles may be lent more often than any host can count. */
weft_error_t *weft_handle_lend(frame_t *frame, uint32_t index, const rtype_t *type, uint32_t *rep) {
    handle_t *handle;
    direct_t *direct = frame->direct;
    TRY(weft_handle_get(frame, index, type, &handle));
    if (direct->lends.count >= most_of(direct, sizeof(lend_t), DIRECT_ROOM / sizeof(lend_t)))
        return weft_abi_trap("too many handles are lent at once");
    TRY(VEC_PUSH(&direct->lends, (lend_t){frame, index}));
    handle->lends++;
    *rep = handle->rep;
    return NULL;
}

/* A lent handle cannot be removed, so it is still where it was. */
void weft_lends_end(direct_t *direct, size_t mark) {
    while (direct->lends.count > mark) {
        lend_t lend = direct->lends.items[--direct->lends.count];
        lend.frame->handles.table.items[lend.handle].lends--;
    }
}

void weft_handles_forget(frame_t *frame, const task_t *task) {
    for (uint32_t i = 1; i < frame->handles.table.count; i++) {
        const handle_t *handle = &frame->handles.table.items[i];
        if (handle->type && handle->task == task) weft_handle_remove(frame, i);
    }
}

void weft_handles_give_back(frame_t *frame) {
    for (uint32_t i = 1; i < frame->handles.table.count; i++) {
        const handle_t *handle = &frame->handles.table.items[i];
        const rtype_t *type = handle->type;
        if (!type || !handle->own || type->host || type->frame->direct == frame->direct) continue;
        weft_error_delete(weft_direct_drop(type, handle->rep));
    }
}
