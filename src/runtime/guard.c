#include "runtime/guard.h"

#include <sched.h>
#include <time.h>

#include "runtime/memories.h"
#include "support/alloc.h"

_Thread_local thread_t weft_thread __attribute__((tls_model("initial-exec")));

/* Of Wasmtime's instances in a store: what it allows by itself, and as many as weft makes for itself (direct/fuse/). */
enum { MOST_INSTANCES = 10000 + 4096 };

/* In epochs: a millisecond each, when the clock goes. */
#define NEVER (UINT64_C(1) << 40)

/* ---- the store -------------------------------------------------------------------------------- */

/* Called in the guest's thread when the epoch is past, which is once for each tick. */
static wasmtime_error_t *on_epoch(const wasmtime_context_t *context, void *data, uint64_t *delta,
                                  wasmtime_update_deadline_kind_t *kind) {
    guard_t *guard = data;
    (void)context;
    *kind = WASMTIME_UPDATE_DEADLINE_CONTINUE;
    *delta = 1;
    weft_error_t *error = weft_guard_check_time();
    if (!error) return NULL;
    weft_error_delete(guard->limits.ended);
    guard->limits.ended = error;
    return wasmtime_error_new("ended");
}

/* An element of a table is a pointer. */
void weft_guard_limit(guard_t *guard, uint64_t memory) {
    bool limited = memory && memory < INT64_MAX;
    int64_t elements = limited ? (int64_t)(memory / sizeof(void *)) : -1;
    wasmtime_store_limiter(guard->store, limited ? (int64_t)memory : -1, elements, MOST_INSTANCES,
                           -1, -1);
}

void weft_guard_arm(guard_t *guard) {
    if (guard->armed) return;
    guard->armed = true;
    wasmtime_store_epoch_deadline_callback(guard->store, on_epoch, guard, NULL);
    wasmtime_context_set_epoch_deadline(guard->context, 1);
}

weft_error_t *weft_guard_make(guard_t *guard, weft_engine_t *engine, unsigned needs,
                              const weft_options_t *options) {
    uint64_t memory = options->memory;
    guard->engine = engine;
    if (!engine->owns_locks) weft_lock_share(&guard->lock);
    pthread_mutex_init(&guard->held.lock, NULL);
    guard->deadline_ns = options->deadline_ns;
    guard->memory = memory;
    guard->limits.fuel = options->fuel;
    TRY(weft_engine_for(engine, needs, &guard->wasmtime));
    guard->store = wasmtime_store_new(guard->wasmtime, NULL, NULL);
    if (!guard->store) return weft_error_oom();
    guard->context = wasmtime_store_context(guard->store);
    if (memory) weft_guard_limit(guard, memory);
    wasmtime_context_set_epoch_deadline(guard->context, NEVER);
    if (!options->fuel) return NULL;
    wasmtime_error_t *failure = wasmtime_context_set_fuel(guard->context, options->fuel);
    return failure ? weft_failure_refusal(WEFT_INTERNAL, "fuel cannot be set", failure) : NULL;
}

weft_error_t *weft_guard_not_started(const guard_t *guard, const making_t *making, weft_code_t code,
                                     wasmtime_error_t *failure) {
    weft_error_t *refusal = weft_memories_refusal(guard->engine->memories, making);
    if (refusal) {
        wasmtime_error_delete(failure);
        return refusal;
    }
    if (guard->memory) code = WEFT_LIMIT;
    return weft_failure_refusal(code, "the component cannot be instantiated", failure);
}

/* ---- time ------------------------------------------------------------------------------------- */

static weft_error_t *expired(const guard_t *guard) {
    return weft_error_new(WEFT_TRAP, "the call took longer than its deadline of %g ms",
                          (double)guard->deadline_ns / 1e6);
}

/* Whether the time of a visit, or of one around it, is up; NULL: not. */
static const visit_t *find_expired(visit_t *visit) {
    uint64_t now = 0;
    if (!visit || !visit->timed) return NULL;
    for (; visit; visit = visit->from) {
        if (!visit->guard->deadline_ns) continue;
        if (!now) now = weft_now_ns();
        if (!visit->deadline) visit->deadline = now + visit->guard->deadline_ns;
        else if (now >= visit->deadline) return visit;
    }
    return NULL;
}

static bool is_cancelled(const visit_t *visit) {
    for (; visit; visit = visit->from)
        if (atomic_load_explicit(&visit->guard->cancelled, memory_order_relaxed)) return true;
    return false;
}

static weft_error_t *cancelled(void) {
    return weft_error_new(WEFT_CANCELLED, "the call was cancelled");
}

weft_error_t *weft_guard_check_time(void) {
    visit_t *visit = weft_thread.visit;
    if (is_cancelled(visit)) return cancelled();
    const visit_t *late = find_expired(visit);
    return late ? expired(late->guard) : NULL;
}

uint64_t weft_guard_time_left(uint64_t most) {
    const visit_t *visit = weft_thread.visit;
    uint64_t now = visit && visit->timed ? weft_now_ns() : 0;
    for (; now && visit; visit = visit->from) {
        if (!visit->deadline) continue;
        uint64_t left = visit->deadline > now ? visit->deadline - now : 0;
        if (left < most) most = left;
    }
    return most;
}

/* The next call forgets it. */
void weft_guard_cancel(guard_t *guard) {
    if (!weft_lock_is_held(&guard->lock)) return;
    atomic_store(&guard->cancelled, true);
    weft_engine_tick(guard->engine);
}

/* ---- waiting for the lock --------------------------------------------------------------------- */

/* Whether who waits may go on; its own visit has not begun, so it cannot be cancelled. */
static weft_error_t *may_wait(visit_t *visit) {
    if (is_cancelled(visit->from)) return cancelled();
    const visit_t *late = find_expired(visit);
    if (!late) return NULL;
    return weft_error_new(WEFT_BUSY,
                          "the plugin was running another call until the deadline of %g ms",
                          (double)late->guard->deadline_ns / 1e6);
}

/* First for as long as a short call takes; then in pauses that grow with the time waited, up to a millisecond: who
 * leaves wakes nobody, so that leaving costs nothing. */
static void pause_for(unsigned round) {
    enum { YIELDS = 30, ROUNDS = 50 };
    struct timespec pause = {0, 1000000};
    if (round < YIELDS + ROUNDS)
        pause.tv_nsec = 1000L << (round < YIELDS ? 0 : (round - YIELDS) / 5);
    if (round < YIELDS) sched_yield();
    else nanosleep(&pause, NULL);
}

static weft_error_t *wait_for(guard_t *guard, visit_t *visit) {
    if (weft_lock_is_held_by(&guard->lock, visit->chain))
        return weft_error_new(WEFT_BUSY, "the plugin is already running, further out in the same "
                                         "chain of calls (lock-rejected)");
    for (unsigned round = 0; !weft_guard_try_lock(guard, visit); round++) {
        TRY(may_wait(visit));
        pause_for(round);
    }
    return NULL;
}

/* ---- visits ----------------------------------------------------------------------------------- */

static weft_error_t *start_clock(visit_t *visit) {
    if (visit->from && visit->from->timed) return NULL;
    TRY(weft_engine_clock_begin(visit->guard->engine));
    visit->clock = true;
    return NULL;
}

weft_error_t *weft_guard_enter_slowly(guard_t *guard, visit_t *visit) {
    if (visit->timed) TRY(start_clock(visit));
    weft_error_t *error = weft_guard_try_lock(guard, visit) ? NULL : wait_for(guard, visit);
    if (!error) weft_guard_begin(guard, visit);
    else if (visit->clock) weft_guard_end_clock(visit);
    return error;
}

void weft_guard_end_clock(const visit_t *visit) {
    weft_engine_clock_end(visit->guard->engine);
}

bool weft_guard_try_enter(guard_t *guard, visit_t *visit) {
    weft_guard_prepare(guard, visit);
    if (!weft_guard_try_lock(guard, visit)) return false;
    weft_error_t *error = visit->timed ? start_clock(visit) : NULL;
    weft_error_delete(error); /* without the clock, no deadline is met */
    weft_guard_begin(guard, visit);
    return true;
}

/* Those that came first come first. If somebody else visits meanwhile, they are done after that. */
void weft_guard_run_later(guard_t *guard) {
    visit_t visit;
    later_t *list = NULL;
    if (!weft_guard_try_enter(guard, &visit)) return;
    later_t *taken = atomic_exchange(&guard->later, NULL);
    while (taken) {
        later_t *next = taken->next;
        taken->next = list;
        list = taken;
        taken = next;
    }
    while (list) {
        later_t *next = list->next;
        list->run(list);
        list = next;
    }
    weft_guard_leave(&visit);
}

void weft_guard_later(guard_t *guard, later_t *later) {
    later->next = atomic_load(&guard->later);
    while (!atomic_compare_exchange_weak(&guard->later, &later->next, later)) continue;
    if (!weft_lock_is_held(&guard->lock)) weft_guard_run_later(guard);
}

void weft_guard_settle(guard_t *guard) {
    if (atomic_load(&guard->later)) weft_guard_run_later(guard);
}

void weft_guard_free(guard_t *guard) {
    if (!guard->engine) return;
    weft_guard_settle(guard);
    if (guard->store) wasmtime_store_delete(guard->store);
    weft_error_delete(guard->limits.ended);
    weft_free(guard->why);
    pthread_mutex_destroy(&guard->held.lock);
    guard->engine = NULL;
}

/* ---- stacks ----------------------------------------------------------------------------------- */

void weft_stack_set(const void *low) {
    weft_thread.stack.declared = (uintptr_t)low;
}

typedef struct move {
    visit_t *visit;
    guard_run_t run;
    void *context;
    weft_error_t *error;
} move_t;

static void run_moved(void *context) {
    move_t *move = context;
    weft_thread.visit = move->visit;
    move->visit->floor = weft_stack_floor(&weft_thread.stack);
    move->visit->in_guest = true;
    move->error = move->run(move->context);
    weft_thread.visit = NULL;
}

weft_error_t *weft_guard_run(guard_t *guard, guard_run_t run, void *context) {
    visit_t *visit = guard->visit;
    bool before = visit->in_guest;
    if (weft_visit_has_stack(visit)) {
        visit->in_guest = true;
        weft_error_t *error = run(context);
        visit->in_guest = before;
        return error;
    }
    move_t move = {visit, run, context, NULL};
    uintptr_t floor = visit->floor;
    weft_error_t *error = weft_stacks_run(&guard->engine->stacks, run_moved, &move);
    visit->floor = floor;
    visit->in_guest = false;
    return error ? error : move.error;
}

/* ---- spent ------------------------------------------------------------------------------------ */

void weft_guard_spend(guard_t *guard, const weft_error_t *error) {
    if (guard->spent) return;
    guard->spent = true;
    guard->why = weft_alloc_str(weft_error_message(error));
}

weft_error_t *weft_guard_explain_spent(const guard_t *guard) {
    weft_error_t *error =
        atomic_load(&guard->started)
            ? weft_error_new(WEFT_TRAP, "the component cannot be called again: it trapped before")
            : weft_error_new(WEFT_TRAP, "the component failed to start before");
    return guard->why ? weft_error_with_note(error, "%s", guard->why) : error;
}
