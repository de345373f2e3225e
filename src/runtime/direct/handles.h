/* The handle table of an instance (CanonicalABI.md, Table and ResourceHandle). */
#ifndef WEFT_RUNTIME_DIRECT_HANDLES_H
#define WEFT_RUNTIME_DIRECT_HANDLES_H

#include "runtime/direct/entity.h"

weft_error_t *weft_handle_add(frame_t *frame, handle_t handle, uint32_t *index);
weft_error_t *weft_handle_get(frame_t *frame, uint32_t index, const rtype_t *type,
                              handle_t **handle);
void weft_handle_remove(frame_t *frame, uint32_t index);

/* Takes an owned handle out of the table: what it stands for. */
weft_error_t *weft_handle_take(frame_t *frame, uint32_t index, const rtype_t *type, uint32_t *rep);

/* Lends a handle to the call that runs, until weft_lends_end. */
weft_error_t *weft_handle_lend(frame_t *frame, uint32_t index, const rtype_t *type, uint32_t *rep);
void weft_lends_end(direct_t *direct, size_t mark);

/* Takes away what a call was given that did not come about. */
void weft_handles_forget(frame_t *frame, const task_t *task);

/* Drops the resources of other plugins that the table still has: they go on. */
void weft_handles_give_back(frame_t *frame);

#endif
