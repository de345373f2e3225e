/* The lock of a store: biased, that is, one thread's own until another one wants it.
 *
 * An atomic exchange takes longer than the rest of what a short call does on the host's side, and most plugins are used by
 * one thread. So the lock has two words that say who is in:
 *
 *   chain        anybody's, taken by compare-and-exchange
 *   own->chain   of the thread that owns the lock, which alone writes it: a store to go in, a store to leave
 *
 * The owner stores its word and then looks whether the lock is still its own; who wants to take that from it holds `chain`,
 * says that it is nobody's, and then looks at the owner's word. Each must see what the other one stored, and it is the
 * rare one of the two who pays: membarrier(2) makes every thread of the process pass a full barrier, so that what the
 * owner does needs none. Whoever took the lock from its owner owns it next. After LOCK_OWNERS of them nobody does any
 * more: threads that take turns pay for a plain lock.
 *
 * A former owner may be late: it found the lock its own, was interrupted, and stores its word now. So each owner has a
 * word of its own, and no word gets a second owner. It then sees that it is too late and takes its word back; until
 * then others find the lock held by it. */
#ifndef WEFT_RUNTIME_LOCK_H
#define WEFT_RUNTIME_LOCK_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

enum { LOCK_OWNERS = 3 };

/* Who is in: the chain of calls (guard.h), or NULL. */
typedef _Atomic(const void *) lock_word_t;

typedef struct lock_owner {
    const void *thread; /* something that no two threads have at the same time */
    lock_word_t chain;
} lock_owner_t;

/* All zero: nobody is in. */
typedef struct lock {
    _Atomic(lock_owner_t *) own; /* NULL: nobody's */
    lock_word_t chain;
    /* What follows belongs to who has `chain`. */
    lock_owner_t *last; /* that owned it; NULL: nobody did */
    unsigned owners;    /* there were so many */
    lock_owner_t places[LOCK_OWNERS];
} lock_t;

/* Whether locks can be owned: asks the system for what that needs. Once for each engine. */
bool weft_lock_can_be_owned(void);

/* Nobody can own it. */
void weft_lock_share(lock_t *lock);

/* For who does not own it. */
bool weft_lock_try_shared(lock_t *lock, const void *thread, const void *chain, lock_word_t **held);

/* Goes in, if nobody is in. *held is what weft_lock_leave wants. */
static inline bool weft_lock_try(lock_t *lock, const void *thread, const void *chain,
                                 lock_word_t **held) {
    lock_owner_t *own = atomic_load_explicit(&lock->own, memory_order_acquire);
    if (!own || own->thread != thread) return weft_lock_try_shared(lock, thread, chain, held);
    if (atomic_load_explicit(&own->chain, memory_order_acquire)) return false;
    atomic_store_explicit(&own->chain, chain, memory_order_relaxed);
    atomic_signal_fence(memory_order_seq_cst);
    if (atomic_load_explicit(&lock->own, memory_order_acquire) == own) {
        *held = &own->chain;
        return true;
    }
    atomic_store_explicit(&own->chain, NULL, memory_order_release);
    return weft_lock_try_shared(lock, thread, chain, held);
}

static inline void weft_lock_leave(lock_word_t *held) {
    atomic_store_explicit(held, NULL, memory_order_release);
}

/* Whether somebody is in; whether that is this chain. */
bool weft_lock_is_held(const lock_t *lock);
bool weft_lock_is_held_by(const lock_t *lock, const void *chain);

#endif
