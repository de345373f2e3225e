#include "runtime/engine.h"

#include <time.h>

#include "runtime/hosted/hosted.h"
#include "runtime/needs.h"
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

static void *clock_thread(void *context) {
    weft_engine_t *engine = context;
    struct timespec pause = {0, TICK_NS};
    pthread_mutex_lock(&engine->lock);
    while (!engine->clock.stopping) {
        if (!engine->clock.users) {
            pthread_cond_wait(&engine->clock.wake, &engine->lock);
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

weft_error_t *weft_engine_clock_begin(weft_engine_t *engine) {
    weft_error_t *error = NULL;
    pthread_mutex_lock(&engine->lock);
    epoch_clock_t *clock = &engine->clock;
    if (!clock->started) {
        if (pthread_create(&clock->thread, NULL, clock_thread, engine) != 0)
            error = weft_error_new(WEFT_LIMIT, "cannot start the thread that watches deadlines");
        else clock->started = true;
    }
    if (!error && clock->users++ == 0) pthread_cond_signal(&clock->wake);
    pthread_mutex_unlock(&engine->lock);
    return error;
}

void weft_engine_clock_end(weft_engine_t *engine) {
    pthread_mutex_lock(&engine->lock);
    engine->clock.users--;
    pthread_mutex_unlock(&engine->lock);
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

static wasm_config_t *config_for(unsigned needs) {
    wasm_config_t *config = wasm_config_new();
    if (!config) return NULL;
    bool async = needs & ENGINE_ASYNC;
    wasmtime_config_epoch_interruption_set(config, true);
    wasmtime_config_consume_fuel_set(config, needs & ENGINE_FUEL);
    wasmtime_config_concurrency_support_set(config, async);
    wasmtime_config_wasm_component_model_async_set(config, async);
    wasmtime_config_wasm_component_model_more_async_builtins_set(config, async);
    wasmtime_config_wasm_component_model_async_stackful_set(config, async);
    wasmtime_config_wasm_component_model_map_set(config, true);
    wasmtime_config_wasm_component_model_implements_set(config, true);
    wasmtime_config_wasm_component_model_canonical_names_set(config, true);
    wasmtime_config_wasm_component_model_accessors_set(config, true);
    wasmtime_config_wasm_multi_memory_set(config, true);
    wasmtime_config_wasm_memory64_set(config, true);
    if (async) wasmtime_config_async_stack_size_set(config, 8 << 20);
    return config;
}

weft_error_t *weft_engine_for(weft_engine_t *engine, unsigned needs, wasm_engine_t **found) {
    pthread_mutex_lock(&engine->lock);
    if (!engine->engines[needs]) {
        wasm_config_t *config = config_for(needs);
        if (config) engine->engines[needs] = wasm_engine_new_with_config(config);
    }
    *found = engine->engines[needs];
    pthread_mutex_unlock(&engine->lock);
    return *found ? NULL : weft_error_new(WEFT_LIMIT, "Wasmtime could not make an engine");
}

weft_error_t *weft_engine_new(weft_engine_t **engine) {
    weft_engine_t *made = weft_alloc_zero(1, sizeof *made);
    if (!made) return weft_error_oom();
    pthread_mutex_init(&made->lock, NULL);
    pthread_cond_init(&made->clock.wake, NULL);
    *engine = made;
    return NULL;
}

void weft_engine_delete(weft_engine_t *engine) {
    if (!engine) return;
    stop_clock(engine);
    for (int i = 0; i < ENGINE_NEED_COUNT; i++)
        if (engine->engines[i]) wasm_engine_delete(engine->engines[i]);
    pthread_cond_destroy(&engine->clock.wake);
    pthread_mutex_destroy(&engine->lock);
    weft_free(engine);
}

static weft_error_t *check(weft_engine_t *engine, const document_t *document,
                           weft_bytes_t component) {
    bool async;
    wasm_engine_t *wasmtime;
    wasmtime_component_t *compiled;
    TRY(weft_needs_async(document->root, &async));
    TRY(weft_engine_for(engine, async ? ENGINE_ASYNC : 0, &wasmtime));
    TRY(weft_hosted_compile(wasmtime, component, &compiled));
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
