/* Handles to guests' resources that the host has, of either engine. Each plugin (its guard) lists those of its own; when it
 * goes, they stay valid memory and lead nowhere. An engine begins a struct of its own with held_t. */
#ifndef WEFT_RUNTIME_HELD_H
#define WEFT_RUNTIME_HELD_H

#include <pthread.h>

#include "support/vec.h"
#include "value/value.h"

typedef struct held held_t;

/* All zero but for the lock is empty. */
typedef struct holder {
    pthread_mutex_t lock; /* the host may drop a handle at any time */
    held_t *first;
    uint32_t made; /* so far: handles are numbered */
} holder_t;

struct held {
    weft_resource_t base;
    holder_t *holder; /* NULL: the plugin is gone */
    held_t *prev, *next;
    bool owned; /* an `own`: dropping it runs the destructor, unless it was given away */
    bool given; /* away */
};

/* A handle with `size` bytes, which `drop` frees by weft_held_free. The name is copied. */
weft_error_t *weft_held_new(holder_t *holder, size_t size, weft_str_t name, bool owned,
                            void (*drop)(weft_resource_t *resource), held_t **held);
void weft_held_free(held_t *held);

static inline weft_value_t weft_held_value(held_t *held) {
    return (weft_value_t){.kind = WEFT_RESOURCE, .of.resource = &held->base};
}

/* The plugin goes: each is given to `leave` (may be NULL) and leads nowhere then. */
void weft_held_orphan(holder_t *holder, void (*leave)(held_t *held));

/* ---- passing them ----------------------------------------------------------------------------- */

/* Handles that arguments give away, so that they can be given back when nothing came of the call. */
typedef VEC(held_t *) passed_t;

weft_error_t *weft_held_elsewhere(const held_t *held);

/* What a parameter of a handle's own plugin, and of its type, asks of it; `own`: gives it away. */
weft_error_t *weft_held_pass(held_t *held, bool own, passed_t *passed);

void weft_held_take_back(const passed_t *passed);

#endif
