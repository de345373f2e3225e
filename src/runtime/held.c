#include "runtime/held.h"

#include "support/alloc.h"

static void enlist(holder_t *holder, held_t *held) {
    pthread_mutex_lock(&holder->lock);
    held->base.number = ++holder->made;
    held->next = holder->first;
    if (held->next) held->next->prev = held;
    holder->first = held;
    pthread_mutex_unlock(&holder->lock);
}

static void delist(holder_t *holder, held_t *held) {
    pthread_mutex_lock(&holder->lock);
    if (held->prev) held->prev->next = held->next;
    else holder->first = held->next;
    if (held->next) held->next->prev = held->prev;
    pthread_mutex_unlock(&holder->lock);
}

weft_error_t *weft_held_new(holder_t *holder, size_t size, weft_str_t name, bool owned,
                            void (*drop)(weft_resource_t *resource), held_t **held) {
    held_t *made = weft_alloc_zero(1, size);
    char *copy = weft_alloc_str(name);
    if (!made || !copy) {
        weft_free(made);
        weft_free(copy);
        return weft_error_oom();
    }
    made->base = (weft_resource_t){1, drop, {copy, name.len}, 0};
    made->holder = holder;
    made->owned = owned;
    enlist(holder, made);
    *held = made;
    return NULL;
}

void weft_held_free(held_t *held) {
    if (held->holder) delist(held->holder, held);
    weft_free((void *)(uintptr_t)held->base.name.ptr);
    weft_free(held);
}

void weft_held_orphan(holder_t *holder, void (*leave)(held_t *held)) {
    for (held_t *held = holder->first, *next; held; held = next) {
        next = held->next;
        if (leave) leave(held);
        held->holder = NULL;
        held->prev = held->next = NULL;
    }
    holder->first = NULL;
}

/* ---- passing them ----------------------------------------------------------------------------- */

#define HANDLE "the handle <%.*s %u> "
#define HANDLE_ARG(held) STR_ARG((held)->base.name), (held)->base.number

weft_error_t *weft_held_elsewhere(const held_t *held) {
    return weft_error_new(WEFT_MISMATCH, HANDLE "belongs to another plugin", HANDLE_ARG(held));
}

weft_error_t *weft_held_pass(held_t *held, bool own, passed_t *passed) {
    if (held->given)
        return weft_error_new(WEFT_MISMATCH, HANDLE "was given away by an earlier call or argument",
                              HANDLE_ARG(held));
    if (!own) return NULL;
    if (!held->owned) return weft_error_new(WEFT_MISMATCH, HANDLE "is borrowed", HANDLE_ARG(held));
    TRY(VEC_PUSH(passed, held));
    held->given = true;
    return NULL;
}

void weft_held_take_back(const passed_t *passed) {
    for (size_t i = 0; i < passed->count; i++) passed->items[i]->given = false;
}
