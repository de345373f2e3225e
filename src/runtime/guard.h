/* What guards a store, whichever engine runs it: its limits, the lock, deadlines and cancellation, the native stack.
 *
 *   guard_t   one store
 *   visit_t   one entry into it, from the host or from another plugin; on the stack of who enters
 *
 * A call from the host starts a chain; what plugins (or host functions) call from there goes on with it. The visits
 * of a chain are linked from the inside out, and the innermost is known to the thread. So:
 *
 *   - A store is visited once at a time. Who comes from another chain waits; who comes from the same one, further in,
 *     would wait for itself, and is refused.
 *   - A chain ends when any of its visits is cancelled or has used up its time. Epochs make guest code ask
 *     (on_epoch); only the innermost store's callback runs, so it asks for all visits around it.
 *   - Time is reckoned from the first time that it is asked for, at most a tick (a millisecond) after the visit
 *     began: a call does not look at the clock.
 *   - Guest code of a visit stays on the stack where it began. What is called from there continues on it as long as it
 *     has enough left (stack.h). */
#ifndef WEFT_RUNTIME_GUARD_H
#define WEFT_RUNTIME_GUARD_H

#include <stdatomic.h>

#include "runtime/engine.h"
#include "runtime/failure.h"
#include "runtime/held.h"
#include "runtime/lock.h"
#include "runtime/stack.h"

typedef struct guard guard_t;
typedef struct visit visit_t;
typedef struct later later_t;

/* Something that waits until nobody visits the store. `run` frees it. */
struct later {
    void (*run)(later_t *later);
    later_t *next;
};

struct guard {
    weft_engine_t *engine;
    wasm_engine_t *wasmtime;
    wasmtime_store_t *store;
    wasmtime_context_t *context;
    bool armed;                   /* weft_guard_arm */
    uint64_t deadline_ns, memory; /* limits as asked for, 0: none */
    failure_limits_t limits;      /* fuel, and what ended the call that runs */

    lock_t lock;           /* held by the chain that visits */
    atomic_bool cancelled; /* the visit */
    _Atomic(later_t *) later;
    visit_t *visit; /* while the lock is held */

    holder_t held; /* handles of the plugin that the host has */

    atomic_bool started;
    bool spent; /* a call ended halfway: nothing can be called any more */
    char *why;  /* what it ended with; NULL: not known */
};

struct visit {
    guard_t *guard;
    visit_t *from;     /* whose guest code called; NULL: none, this is the host's call */
    const void *chain; /* the first visit */
    lock_word_t *held;
    uintptr_t floor;   /* of the stack that it is on */
    uint64_t deadline; /* its own, on weft_now_ns's clock; 0: none, or not reckoned yet */
    bool in_guest;     /* guest code runs, or waits for a host function */
    bool timed;        /* it or one around it has a deadline */
    bool clock;        /* it keeps the clock going for that */
};

/* What the runtime knows of a thread. */
typedef struct thread {
    visit_t *visit; /* the innermost of the chain that runs */
    thread_stack_t stack;
} thread_t;

/* One of the few things that is looked at in each call; the initial-exec model makes that one instruction. */
extern _Thread_local thread_t weft_thread __attribute__((tls_model("initial-exec")));

/* ---- making ----------------------------------------------------------------------------------- */

/* Limits each memory and each table of the store to so many bytes; 0: no limit. */
void weft_guard_limit(guard_t *guard, uint64_t memory);

/* `needs` as for weft_engine_for. After a failure it can be freed, as when it is all zero. */
weft_error_t *weft_guard_make(guard_t *guard, weft_engine_t *engine, unsigned needs,
                              const weft_options_t *options);
void weft_guard_free(guard_t *guard);

/* Before guest code runs in the store for the first time: from here on it can be interrupted. A store of which nothing is
 * called does without, which is a good part of a start. It is visited. */
void weft_guard_arm(guard_t *guard);

/* That Wasmtime does not instantiate what is valid: because of the store's limit, because there is no memory for it, or (then with
 * `code`) because of something else. Deletes the failure. */
weft_error_t *weft_guard_not_started(const guard_t *guard, const making_t *making, weft_code_t code,
                                     wasmtime_error_t *failure);

/* ---- visits ----------------------------------------------------------------------------------- */

/* What the inline functions leave to others: a deadline's clock, waiting for the lock, what waited for the end. */
weft_error_t *weft_guard_enter_slowly(guard_t *guard, visit_t *visit);
void weft_guard_end_clock(const visit_t *visit);
void weft_guard_run_later(guard_t *guard);

static inline bool weft_guard_try_lock(guard_t *guard, visit_t *visit) {
    return weft_lock_try(&guard->lock, &weft_thread, visit->chain, &visit->held);
}

static inline void weft_guard_prepare(guard_t *guard, visit_t *visit) {
    visit_t *from = weft_thread.visit;
    visit->guard = guard;
    visit->from = from;
    visit->chain = from ? from->chain : visit;
    visit->deadline = 0;
    visit->in_guest = false;
    visit->timed = guard->deadline_ns || (from && from->timed);
    visit->clock = false;
}

/* gcc does not see that weft_guard_leave takes the addresses back. */
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdangling-pointer"
#endif

/* The lock is held. */
static inline void weft_guard_begin(guard_t *guard, visit_t *visit) {
    atomic_store_explicit(&guard->cancelled, false, memory_order_relaxed);
    visit->floor = weft_stack_floor(&weft_thread.stack);
    guard->visit = visit;
    weft_thread.visit = visit;
}

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic pop
#endif

/* Errors: WEFT_BUSY, WEFT_CANCELLED; nothing was done then. Between the two, `visit` stays where it is. */
static inline weft_error_t *weft_guard_enter(guard_t *guard, visit_t *visit) {
    weft_guard_prepare(guard, visit);
    if (visit->timed || !weft_guard_try_lock(guard, visit))
        return weft_guard_enter_slowly(guard, visit);
    weft_guard_begin(guard, visit);
    return NULL;
}

static inline void weft_guard_leave(visit_t *visit) {
    guard_t *guard = visit->guard;
    weft_thread.visit = visit->from;
    if (visit->clock) weft_guard_end_clock(visit);
    guard->visit = NULL;
    weft_lock_leave(visit->held);
    if (atomic_load_explicit(&guard->later, memory_order_relaxed)) weft_guard_run_later(guard);
}

/* Whether the chain of calls that the thread runs is visiting, here or further out. */
static inline bool weft_guard_is_mine(const guard_t *guard) {
    const visit_t *visit = weft_thread.visit;
    return visit && weft_lock_is_held_by(&guard->lock, visit->chain);
}

/* The same without waiting; false: somebody is there. */
bool weft_guard_try_enter(guard_t *guard, visit_t *visit);

/* Runs it as soon as nobody visits, at the latest when the next visit ends. */
void weft_guard_later(guard_t *guard, later_t *later);

/* Runs what waits, when nobody visits any more: who left last may have missed what came at that moment. */
void weft_guard_settle(guard_t *guard);

/* Whether what the thread runs may go on: NULL, or the error that a deadline has passed (WEFT_TRAP) or that the call was
 * cancelled. What takes long outside of guest code asks this from time to time. */
weft_error_t *weft_guard_check_time(void);

/* After weft_guard_check_time: how long the thread may wait for something before it asks again, at most `most` ns. */
uint64_t weft_guard_time_left(uint64_t most);

/* Ends the visit, if there is one. From any thread. */
void weft_guard_cancel(guard_t *guard);

/* Runs guest code, or what leads to it, of the guard's visit, on a stack that has room. What it returns is returned;
 * that there is no stack is an error of its own. */
typedef weft_error_t *(*guard_run_t)(void *context);
weft_error_t *weft_guard_run(guard_t *guard, guard_run_t run, void *context);

static inline bool weft_visit_has_stack(const visit_t *visit) {
    return visit->in_guest || (uintptr_t)__builtin_frame_address(0) >= visit->floor;
}

/* ---- spent ------------------------------------------------------------------------------------ */

/* Nothing can be called any more, because of the error, which stays the caller's. */
void weft_guard_spend(guard_t *guard, const weft_error_t *error);

/* The error that it is spent. It is visited. */
WEFT_NEVER_NULL weft_error_t *weft_guard_explain_spent(const guard_t *guard);

static inline weft_error_t *weft_guard_check_spent(const guard_t *guard) {
    return guard->spent ? weft_guard_explain_spent(guard) : NULL;
}

#endif
