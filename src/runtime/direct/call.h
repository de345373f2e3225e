/* What the ways to call a function of a guest have in common. */
#ifndef WEFT_RUNTIME_DIRECT_CALL_H
#define WEFT_RUNTIME_DIRECT_CALL_H

#include "abi/side.h"
#include "runtime/direct/entity.h"

/* A side of a call: abi_side_t first. */
typedef struct side {
    abi_side_t abi;
    frame_t *frame;
    const options_t *options;
    task_t *task;  /* of the callee: takes the borrows */
    uint64_t room; /* left of direct_t.room */
} side_t;

/* Before values are made for the host, of about so many bytes. Lists can overlap: a few pages of a guest's memory may stand
 * for more values than any host has room for. */
weft_error_t *weft_side_take_room(abi_side_t *abi, uint64_t bytes);

/* Whether the error is that a value of the host's is too long: the guest did nothing, and can go on. */
static inline bool weft_side_refused(const side_t *side, const weft_error_t *error) {
    return error && !side->abi.failed && weft_error_code(error) == WEFT_LIMIT;
}

/* Written part by part where it is wanted: copied as a whole, it would be waited for. */
void weft_side_begin(side_t *side, frame_t *frame, const options_t *options, task_t *task);

/* What a core function failed with: one of the two. */
weft_error_t *weft_core_failed(direct_t *direct, wasmtime_error_t *failure, wasm_trap_t *trap);

/* The same on another stack (stack.h). */
weft_error_t *weft_core_call_moved(direct_t *direct, const wasmtime_func_t *func, flat_t *values,
                                   size_t count);

/* The values are passed as they are (see flat_t). */
_Static_assert(sizeof(flat_t) == sizeof(wasmtime_val_raw_t), "flat_t is wasmtime_val_raw_t");

/* Calls a core function in the store that is visited; `in_guest` as it was before. What it fails with comes back as an error,
 * also what host functions inside it failed with. */
static inline weft_error_t *weft_core_call_in(visit_t *visit, bool in_guest, direct_t *direct,
                                              const wasmtime_func_t *func, flat_t *values,
                                              size_t count) {
    wasm_trap_t *trap = NULL;
    if (!weft_visit_has_stack(visit)) return weft_core_call_moved(direct, func, values, count);
    visit->in_guest = true;
    wasmtime_error_t *failure = wasmtime_func_call_unchecked(
        direct->context, func, (wasmtime_val_raw_t *)values, count, &trap);
    visit->in_guest = in_guest;
    return failure || trap ? weft_core_failed(direct, failure, trap) : NULL;
}

static inline weft_error_t *weft_core_call(direct_t *direct, const wasmtime_func_t *func,
                                           flat_t *values, size_t count) {
    visit_t *visit = direct->guard.visit;
    return weft_core_call_in(visit, visit->in_guest, direct, func, values, count);
}

/* What a callback returns for its error (NULL: for success): the error waits where the call came in from, the
 * guests in between only see a trap. */
wasm_trap_t *weft_direct_trap(direct_t *direct, weft_error_t *error);

/* Enters an instance, and those around it up to (not including) `stop`: mostly there are none. */
WEFT_NEVER_NULL weft_error_t *weft_frame_entered(void);

weft_error_t *weft_frame_enter_all(frame_t *frame, const frame_t *stop);
void weft_frame_leave_all(frame_t *frame, const frame_t *stop);

static inline weft_error_t *weft_frame_enter(frame_t *frame, const frame_t *stop) {
    if (frame->parent != stop) return weft_frame_enter_all(frame, stop);
    if (frame->flags->entered) return weft_frame_entered();
    frame->flags->entered = true;
    return NULL;
}

static inline void weft_frame_leave(frame_t *frame, const frame_t *stop) {
    if (frame->parent == stop) frame->flags->entered = false;
    else weft_frame_leave_all(frame, stop);
}

/* Whether the instance may call its imports now. */
weft_error_t *weft_frame_check_leave(const frame_t *frame);

/* The innermost instance around both (or one of them); NULL: none. */
frame_t *weft_frame_common(frame_t *a, frame_t *b);

/* After the call: the borrowed handles that it was given must be dropped. */
weft_error_t *weft_task_check_borrows(const task_t *task);

/* Runs the destructor of a resource that the guest `caller` drops. */
weft_error_t *weft_rtype_destroy(const rtype_t *type, uint32_t rep, frame_t *caller);

/* After the results were taken: the post-return function, which most have not. `results` are the core results. */
weft_error_t *weft_func_call_post_return(const direct_func_t *func, const flat_t *results);
static inline weft_error_t *weft_func_post_return(const direct_func_t *func,
                                                  const flat_t *results) {
    return func->options.has_post_return ? weft_func_call_post_return(func, results) : NULL;
}

/* Runs the destructor of a resource in the plugin that owns it, from outside; when that is busy, afterwards. What the
 * destructor does wrong spends the owner and is no error. */
weft_error_t *weft_direct_drop(const rtype_t *type, uint32_t rep);

#endif
