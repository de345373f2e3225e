#include "runtime/stack.h"

#include "support/alloc.h"

struct worker {
    worker_t *next; /* idle */
    stacks_t *stacks;
    pthread_t thread;
    pthread_cond_t wake, done; /* under the lock of the stacks */
    void (*run)(void *);       /* NULL: nothing to do */
    void *context;
    bool stop;
};

/* ---- threads ---------------------------------------------------------------------------------- */

static void *work(void *context) {
    worker_t *worker = context;
    pthread_mutex_lock(&worker->stacks->lock);
    while (!worker->stop) {
        if (!worker->run) {
            pthread_cond_wait(&worker->wake, &worker->stacks->lock);
            continue;
        }
        pthread_mutex_unlock(&worker->stacks->lock);
        worker->run(worker->context);
        pthread_mutex_lock(&worker->stacks->lock);
        worker->run = NULL;
        pthread_cond_signal(&worker->done);
    }
    pthread_mutex_unlock(&worker->stacks->lock);
    return NULL;
}

static void free_worker(worker_t *worker) {
    pthread_cond_destroy(&worker->wake);
    pthread_cond_destroy(&worker->done);
    weft_free(worker);
}

/* The system reserves the stack; memory is what is used of it. */
static bool start(worker_t *worker) {
    pthread_attr_t attributes;
    if (pthread_attr_init(&attributes) != 0) return false;
    bool started = pthread_attr_setstacksize(&attributes, FRESH_STACK) == 0 &&
                   pthread_create(&worker->thread, &attributes, work, worker) == 0;
    pthread_attr_destroy(&attributes);
    return started;
}

static weft_error_t *new_worker(stacks_t *stacks, worker_t **worker) {
    worker_t *made = weft_alloc_zero(1, sizeof *made);
    if (!made) return weft_error_oom();
    made->stacks = stacks;
    pthread_cond_init(&made->wake, NULL);
    pthread_cond_init(&made->done, NULL);
    if (start(made)) {
        *worker = made;
        return NULL;
    }
    free_worker(made);
    return weft_error_new(WEFT_LIMIT, "the call needs more stack than its thread has left, and the "
                                      "system gives no thread with a fresh one");
}

void weft_stacks_init(stacks_t *stacks) {
    *stacks = (stacks_t){0};
    pthread_mutex_init(&stacks->lock, NULL);
}

void weft_stacks_free(stacks_t *stacks) {
    while (stacks->idle) {
        worker_t *worker = stacks->idle;
        stacks->idle = worker->next;
        pthread_mutex_lock(&stacks->lock);
        worker->stop = true;
        pthread_cond_signal(&worker->wake);
        pthread_mutex_unlock(&stacks->lock);
        pthread_join(worker->thread, NULL);
        free_worker(worker);
    }
    pthread_mutex_destroy(&stacks->lock);
}

static worker_t *take_idle(stacks_t *stacks) {
    pthread_mutex_lock(&stacks->lock);
    worker_t *worker = stacks->idle;
    if (worker) stacks->idle = worker->next;
    pthread_mutex_unlock(&stacks->lock);
    return worker;
}

weft_error_t *weft_stacks_run(stacks_t *stacks, void (*run)(void *), void *context) {
    worker_t *worker = take_idle(stacks);
    if (!worker) TRY(new_worker(stacks, &worker));
    pthread_mutex_lock(&stacks->lock);
    worker->context = context;
    worker->run = run;
    pthread_cond_signal(&worker->wake);
    while (worker->run) pthread_cond_wait(&worker->done, &stacks->lock);
    worker->next = stacks->idle;
    stacks->idle = worker;
    pthread_mutex_unlock(&stacks->lock);
    return NULL;
}

/* ---- where they end --------------------------------------------------------------------------- */

/* Where the system does not tell, the range stays one that has no address in it. */
static void ask(thread_stack_t *stack) {
    pthread_attr_t attributes;
    void *low;
    size_t size;
    stack->low = stack->high = UINTPTR_MAX;
    if (pthread_getattr_np(pthread_self(), &attributes) != 0) return;
    if (pthread_attr_getstack(&attributes, &low, &size) == 0) {
        stack->low = (uintptr_t)low;
        stack->high = stack->low + size;
    }
    pthread_attr_destroy(&attributes);
}

uintptr_t weft_stack_find_floor(thread_stack_t *stack, uintptr_t here) {
    uintptr_t low = 0;
    if (!stack->high) ask(stack);
    if (here - stack->low < stack->high - stack->low) low = stack->low;
    else if (stack->declared && here >= stack->declared) low = stack->declared;
    return low ? low + WASM_STACK + HOST_STACK : STACK_UNKNOWN;
}
