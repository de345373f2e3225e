#include "runtime/lock.h"

#include <time.h>

/* ---- barriers in all threads ------------------------------------------------------------------ */

#ifdef __linux__
#include <linux/membarrier.h>
#include <sys/syscall.h>
#include <unistd.h>

static bool membarrier(int command) {
    return syscall(SYS_membarrier, command, 0, 0) == 0;
}

bool weft_lock_can_be_owned(void) {
    return membarrier(MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED);
}

/* That it is refused although it was granted before can be: a process may give up system calls, and a fork may not
 * inherit the grant. Then it waits until no processor can still hold back a store that was made before. */
static void make_all_pass_barrier(void) {
    static const struct timespec long_enough = {0, 10000000};
    atomic_thread_fence(memory_order_seq_cst);
    if (membarrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED)) return;
    if (weft_lock_can_be_owned() && membarrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED)) return;
    nanosleep(&long_enough, NULL);
    atomic_thread_fence(memory_order_seq_cst);
}

#else

bool weft_lock_can_be_owned(void) {
    return false;
}

static void make_all_pass_barrier(void) {
} /* nothing is owned */

#endif

/* ---- the lock --------------------------------------------------------------------------------- */

void weft_lock_share(lock_t *lock) {
    lock->owners = LOCK_OWNERS;
}

/* `chain` is held. What is held goes on as the word of a new owner. */
static lock_word_t *give(lock_t *lock, const void *thread, const void *chain) {
    lock_owner_t *own = &lock->places[lock->owners++];
    own->thread = thread;
    atomic_store_explicit(&own->chain, chain, memory_order_relaxed);
    atomic_store_explicit(&lock->own, own, memory_order_release);
    weft_lock_leave(&lock->chain);
    return &own->chain;
}

/* `chain` is held: from here on nobody owns the lock. */
static void take_away(lock_t *lock, lock_owner_t *own) {
    atomic_store_explicit(&lock->own, NULL, memory_order_relaxed);
    lock->last = own;
    make_all_pass_barrier();
}

/* `chain` is held. Whether an owner is in, who is not asked to leave when it is of the same chain. */
static bool has_owner_in(lock_t *lock, const void *chain) {
    lock_owner_t *own = atomic_load_explicit(&lock->own, memory_order_relaxed);
    if (own && atomic_load_explicit(&own->chain, memory_order_relaxed) == chain) return true;
    if (own) take_away(lock, own);
    return lock->last && atomic_load_explicit(&lock->last->chain, memory_order_acquire);
}

bool weft_lock_try_shared(lock_t *lock, const void *thread, const void *chain, lock_word_t **held) {
    const void *nobody = NULL;
    if (!atomic_compare_exchange_strong_explicit(&lock->chain, &nobody, chain, memory_order_acquire,
                                                 memory_order_relaxed))
        return false;
    if (has_owner_in(lock, chain)) {
        weft_lock_leave(&lock->chain);
        return false;
    }
    *held = lock->owners < LOCK_OWNERS ? give(lock, thread, chain) : &lock->chain;
    return true;
}

bool weft_lock_is_held_by(const lock_t *lock, const void *chain) {
    for (size_t i = 0; i < LOCK_OWNERS; i++)
        if (atomic_load_explicit(&lock->places[i].chain, memory_order_relaxed) == chain)
            return true;
    return atomic_load_explicit(&lock->chain, memory_order_relaxed) == chain;
}

bool weft_lock_is_held(const lock_t *lock) {
    for (size_t i = 0; i < LOCK_OWNERS; i++)
        if (atomic_load(&lock->places[i].chain)) return true;
    return atomic_load(&lock->chain);
}
