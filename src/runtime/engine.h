/* The engine: Wasmtime engines by what they are needed for, and the clock of deadlines.
 *
 * Fuel makes guest code up to twice as slow, support for concurrency makes calls into a component
 * about three times as dear, and with images of Wasmtime's small plugins start half as fast, so none is on where it is not
 * needed: there is one Wasmtime engine for each combination, made when first asked for. */
#ifndef WEFT_RUNTIME_ENGINE_H
#define WEFT_RUNTIME_ENGINE_H

#include <pthread.h>
#include <stdatomic.h>
#include <wasmtime.h>

#include <weft/runtime.h>

#include "runtime/engine_needs.h"
#include "runtime/generated.h"
#include "runtime/memories.h"
#include "runtime/shelf.h"
#include "runtime/stack.h"

/* While anybody waits for a deadline, a thread counts the epoch of every engine on, once in a
 * millisecond; guest code looks at the epoch and calls back when it is past. */
typedef struct epoch_clock {
    pthread_t thread;
    pthread_cond_t wake;
    atomic_uint users;
    atomic_bool
        asleep; /* or not started; set before `users` is looked at, which is counted before this is */
    bool started, stopping;
} epoch_clock_t;

/* What plugins share: compiled modules (shared.h), programs (program.h). */
enum { SHARED_BUCKETS = 1024 };
typedef struct shared {
    pthread_mutex_t lock;
    struct shared_module *buckets[SHARED_BUCKETS];
    struct program *programs[SHARED_BUCKETS];
} shared_t;

struct weft_engine {
    shelf_t shelf; /* under the lock */
    pthread_mutex_t
        lock; /* of everything below but the cache and the memories, which are set before anything else */
    _Atomic(wasm_engine_t *) engines[ENGINE_NEED_COUNT];
    epoch_clock_t clock;
    stacks_t stacks;
    bool owns_locks;     /* those of stores can be a thread's own (lock.h) */
    shared_t shared;     /* empty when the last plugin is gone */
    struct cache *cache; /* NULL: compiled code is not kept */
    linear_memories_t *memories;
    bool pooled; /* there are no other memories, so no Wasmtime engine with images */
    generated_t generated;
};

/* The Wasmtime engine for a set of needs; owned by the engine. */
weft_error_t *weft_engine_for(weft_engine_t *engine, unsigned needs, wasm_engine_t **found);

/* What its code depends on: the version of Wasmtime and every setting, as text that lives as long as the program. */
weft_str_t weft_engine_settings(weft_engine_t *engine, const wasm_engine_t *wasmtime);

/* From here to the end, epochs advance. */
weft_error_t *weft_engine_clock_begin(weft_engine_t *engine);
void weft_engine_clock_end(weft_engine_t *engine);

/* Counts the epochs on at once, whether the clock goes or not: all guest code that runs calls back. */
void weft_engine_tick(weft_engine_t *engine);

/* Nanoseconds of a clock that never goes back. */
uint64_t weft_now_ns(void);

#endif
