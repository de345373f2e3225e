/* The native stack that guest code runs on.
 *
 * Wasmtime lets each store use WASM_STACK below the place where it was entered. Plugins that call one another add up,
 * so every entry into a store asks first whether as much is left of the stack it is on; where it is not, the guest
 * code runs on a fresh stack: on a thread of the engine's, while the caller waits. */
#ifndef WEFT_RUNTIME_STACK_H
#define WEFT_RUNTIME_STACK_H

#include <pthread.h>
#include <stdint.h>

#include "support/error.h"

/* Bytes: what a store may use, what the host's own code in between needs, and the size of a fresh stack. */
enum { WASM_STACK = 512 << 10, HOST_STACK = 256 << 10, FRESH_STACK = 64 << 20 };

/* Threads with fresh stacks that wait for work. */
typedef struct worker worker_t;
typedef struct stacks {
    pthread_mutex_t lock;
    worker_t *idle;
} stacks_t;

void weft_stacks_init(stacks_t *stacks);
void weft_stacks_free(stacks_t *stacks); /* all of them are idle */

/* Runs it on a fresh stack and waits until it has run. The error says that there is none; then it did not run. */
weft_error_t *weft_stacks_run(stacks_t *stacks, void (*run)(void *), void *context);

/* The address down to which the stack may be used up before a store is entered: `low` is its low end. Where nothing is
 * known of the stack that runs, everything is below the floor. */
#define STACK_UNKNOWN UINTPTR_MAX

/* What is known of the stack of a thread. */
typedef struct thread_stack {
    uintptr_t low, high; /* the thread's own; both 0: not asked yet */
    uintptr_t declared;  /* the low end of another one that it runs on (weft_stack_set); 0: none */
} thread_stack_t;

/* For addresses that are not in the thread's own stack, or when that was not asked yet. */
uintptr_t weft_stack_find_floor(thread_stack_t *stack, uintptr_t here);

static inline uintptr_t weft_stack_floor(thread_stack_t *stack) {
    uintptr_t here = (uintptr_t)__builtin_frame_address(0);
    if (here - stack->low < stack->high - stack->low) return stack->low + WASM_STACK + HOST_STACK;
    return weft_stack_find_floor(stack, here);
}

#endif
