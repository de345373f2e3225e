#include "runtime/engine.h"

#include <time.h>

#include "runtime/cache.h"
#include "runtime/compile.h"
#include "runtime/lock.h"
#include "runtime/memories.h"
#include "support/alloc.h"
#include "support/error.h"

#define TICK_NS 1000000

/* ---- the clock -------------------------------------------------------------------------------- */

uint64_t weft_now_ns(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * UINT64_C(1000000000) + (uint64_t)now.tv_nsec;
}

static void tick(weft_engine_t *engine) {
    for (int i = 0; i < ENGINE_NEED_COUNT; i++)
        if (engine->engines[i]) wasmtime_engine_increment_epoch(engine->engines[i]);
}

void weft_engine_tick(weft_engine_t *engine) {
    pthread_mutex_lock(&engine->lock);
    tick(engine);
    pthread_mutex_unlock(&engine->lock);
}

/* Until there are users. */
static void sleep_on(weft_engine_t *engine) {
    epoch_clock_t *clock = &engine->clock;
    atomic_store(&clock->asleep, true);
    while (!atomic_load(&clock->users) && !clock->stopping)
        pthread_cond_wait(&clock->wake, &engine->lock);
    atomic_store(&clock->asleep, false);
}

static void *clock_thread(void *context) {
    weft_engine_t *engine = context;
    struct timespec pause = {0, TICK_NS};
    pthread_mutex_lock(&engine->lock);
    while (!engine->clock.stopping) {
        if (!atomic_load(&engine->clock.users)) {
            sleep_on(engine);
            continue;
        }
        pthread_mutex_unlock(&engine->lock);
        nanosleep(&pause, NULL);
        pthread_mutex_lock(&engine->lock);
        tick(engine);
    }
    pthread_mutex_unlock(&engine->lock);
    return NULL;
}

static weft_error_t *wake(weft_engine_t *engine) {
    weft_error_t *error = NULL;
    epoch_clock_t *clock = &engine->clock;
    pthread_mutex_lock(&engine->lock);
    if (!clock->started) {
        if (pthread_create(&clock->thread, NULL, clock_thread, engine) != 0)
            error = weft_error_new(WEFT_LIMIT, "cannot start the thread that watches deadlines");
        else clock->started = true;
    }
    pthread_cond_signal(&clock->wake);
    pthread_mutex_unlock(&engine->lock);
    return error;
}

weft_error_t *weft_engine_clock_begin(weft_engine_t *engine) {
    atomic_fetch_add(&engine->clock.users, 1);
    weft_error_t *error = atomic_load(&engine->clock.asleep) ? wake(engine) : NULL;
    if (error) atomic_fetch_sub(&engine->clock.users, 1);
    return error;
}

void weft_engine_clock_end(weft_engine_t *engine) {
    atomic_fetch_sub(&engine->clock.users, 1);
}

static void stop_clock(weft_engine_t *engine) {
    if (!engine->clock.started) return;
    pthread_mutex_lock(&engine->lock);
    engine->clock.stopping = true;
    pthread_cond_signal(&engine->clock.wake);
    pthread_mutex_unlock(&engine->lock);
    pthread_join(engine->clock.thread, NULL);
}

/* ---- engines ---------------------------------------------------------------------------------- */

/* Every setting that differs from Wasmtime's own, and when it is on. */
#define ALWAYS true
#define SETTINGS(X)                                                                                \
    X(epoch_interruption, ALWAYS)                                                                  \
    X(consume_fuel, needs &ENGINE_FUEL)                                                            \
    X(concurrency_support, needs &ENGINE_ASYNC)                                                    \
    X(wasm_component_model_async, needs &ENGINE_ASYNC)                                             \
    X(wasm_component_model_more_async_builtins, needs &ENGINE_ASYNC)                               \
    X(wasm_component_model_async_stackful, needs &ENGINE_ASYNC)                                    \
    X(memory_init_cow, needs &ENGINE_IMAGES)                                                       \
    X(wasm_component_model_map, ALWAYS)                                                            \
    X(wasm_component_model_implements, ALWAYS)                                                     \
    X(wasm_component_model_canonical_names, ALWAYS)                                                \
    X(wasm_component_model_accessors, ALWAYS)                                                      \
    X(wasm_exceptions, ALWAYS)                                                                     \
    X(wasm_multi_memory, ALWAYS)                                                                   \
    X(wasm_memory64, ALWAYS)

static void configure(const weft_engine_t *engine, unsigned needs, wasm_config_t *config) {
#define SET(name, on) wasmtime_config_##name##_set(config, (on));
    SETTINGS(SET)
#undef SET
    wasmtime_config_max_wasm_stack_set(config, WASM_STACK);
    if (needs & ENGINE_ASYNC) wasmtime_config_async_stack_size_set(config, 8 << 20);
    if (!(needs & ENGINE_IMAGES)) weft_memories_configure(engine->memories, config);
}

/* One text for each combination of needs. */
weft_str_t weft_engine_settings(weft_engine_t *engine, const wasm_engine_t *wasmtime) {
#define NAME(name, on) #name " " #on "\n"
    static const char *const texts[ENGINE_NEED_COUNT] = {
#define TEXT(needs) "wasmtime " WASMTIME_VERSION "\nneeds " needs "\n" SETTINGS(NAME)
        TEXT("0"), TEXT("1"), TEXT("2"), TEXT("3"), TEXT("4"), TEXT("5"), TEXT("6"), TEXT("7")};
#undef TEXT
#undef NAME
    for (int i = 0; i < ENGINE_NEED_COUNT; i++)
        if (engine->engines[i] == wasmtime) return weft_str(texts[i]);
    return (weft_str_t){NULL, 0};
}

/* Under the lock. */
static weft_error_t *make_engine(weft_engine_t *engine, unsigned needs) {
    if (engine->engines[needs]) return NULL;
    wasm_config_t *config = wasm_config_new();
    if (!config) return weft_error_oom();
    configure(engine, needs, config);
    engine->engines[needs] = wasm_engine_new_with_config(config);
    if (engine->engines[needs]) return NULL;
    return weft_error_new(WEFT_LIMIT, "Wasmtime could not make an engine");
}

weft_error_t *weft_engine_for(weft_engine_t *engine, unsigned needs, wasm_engine_t **found) {
    if (engine->pooled) needs &= ~(unsigned)ENGINE_IMAGES; /* its memories would be others */
    *found = engine->engines[needs];
    if (*found) return NULL;
    pthread_mutex_lock(&engine->lock);
    weft_error_t *error = make_engine(engine, needs);
    *found = engine->engines[needs];
    pthread_mutex_unlock(&engine->lock);
    return error;
}

weft_error_t *weft_engine_new(weft_engine_t **engine) {
    weft_engine_t *made = weft_alloc_zero(1, sizeof *made);
    if (!made) return weft_error_oom();
    weft_error_t *error = weft_memories_new(&made->memories);
    if (error) {
        weft_free(made);
        return error;
    }
    pthread_mutex_init(&made->lock, NULL);
    weft_generated_init(&made->generated);
    pthread_cond_init(&made->clock.wake, NULL);
    atomic_init(&made->clock.asleep, true);
    weft_stacks_init(&made->stacks);
    made->owns_locks = weft_lock_can_be_owned();
    pthread_mutex_init(&made->shared.lock, NULL);
    *engine = made;
    return NULL;
}

void weft_engine_delete(weft_engine_t *engine) {
    if (!engine) return;
    stop_clock(engine);
    weft_stacks_free(&engine->stacks);
    weft_generated_free(&engine->generated);
    weft_shelf_free(&engine->shelf);
    for (int i = 0; i < ENGINE_NEED_COUNT; i++)
        if (engine->engines[i]) wasm_engine_delete(engine->engines[i]);
    weft_memories_delete(engine->memories);
    weft_cache_close(engine->cache);
    pthread_mutex_destroy(&engine->shared.lock);
    pthread_cond_destroy(&engine->clock.wake);
    pthread_mutex_destroy(&engine->lock);
    weft_free(engine);
}

weft_error_t *weft_engine_keep_code(weft_engine_t *engine, const char *folder) {
    cache_t *cache;
    TRY(weft_cache_open(folder, &cache));
    weft_cache_close(engine->cache);
    engine->cache = cache;
    return NULL;
}

weft_error_t *weft_engine_pool(weft_engine_t *engine, uint32_t memories) {
    bool used = false;
    for (int i = 0; i < ENGINE_NEED_COUNT; i++) used |= engine->engines[i] != NULL;
    if (used) return weft_error_new(WEFT_USAGE, "the engine has been used without a pool before");
    if (!memories) return weft_error_new(WEFT_USAGE, "a pool of no memories");
    weft_error_t *error = weft_memories_limit(engine->memories, memories);
    engine->pooled = !error;
    return error;
}

static weft_error_t *check(weft_engine_t *engine, const document_t *document,
                           weft_bytes_t component) {
    unsigned needs;
    wasm_engine_t *wasmtime;
    wasmtime_component_t *compiled;
    TRY(weft_engine_needs(document->root, &needs));
    TRY(weft_engine_for(engine, needs, &wasmtime));
    TRY(weft_compile_valid(engine, wasmtime, component, &compiled));
    wasmtime_component_delete(compiled);
    return NULL;
}

weft_error_t *weft_engine_check(weft_engine_t *engine, weft_bytes_t component) {
    document_t *document;
    TRY(weft_document_read(component, &document));
    weft_error_t *error = check(engine, document, component);
    weft_document_delete(document);
    return error;
}
