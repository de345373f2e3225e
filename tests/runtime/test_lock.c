/* The biased lock: nobody is in twice, whoever owns it, loses it or comes too late. */
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "runtime/lock.h"

static _Thread_local char this_thread;

/* ---- by one thread, in the name of several ---------------------------------------------------- */

static const char one, two, three, four, five;
static const char outer, other;

static bool passes(lock_t *lock, const void *thread) {
    lock_word_t *held;
    if (!weft_lock_try(lock, thread, &outer, &held)) return false;
    assert_true(weft_lock_is_held_by(lock, &outer));
    assert_false(weft_lock_is_held_by(lock, &other));
    weft_lock_leave(held);
    return true;
}

static bool is_owned_by(const lock_t *lock, const void *thread) {
    const lock_owner_t *own = lock->own;
    return own ? own->thread == thread : !thread;
}

static void a_lock_belongs_to_who_used_it_last(void **state) {
    (void)state;
    lock_t lock = {0};
    assert_true(passes(&lock, &one));
    assert_true(is_owned_by(&lock, &one));
    assert_false(weft_lock_is_held(&lock));
    assert_true(passes(&lock, &one));
    assert_true(passes(&lock, &two));
    assert_true(is_owned_by(&lock, &two));
    assert_true(passes(&lock, &one));
    assert_true(is_owned_by(&lock, &one));
}

static void after_a_few_owners_it_is_nobodys(void **state) {
    (void)state;
    lock_t lock = {0};
    const void *threads[] = {&one, &two, &three, &four, &five};
    for (size_t i = 0; i < LOCK_OWNERS; i++) {
        assert_true(passes(&lock, threads[i % 5]));
        assert_true(is_owned_by(&lock, threads[i % 5]));
    }
    for (size_t i = 0; i < 10; i++) {
        assert_true(passes(&lock, threads[(LOCK_OWNERS + i) % 5]));
        assert_true(is_owned_by(&lock, NULL));
    }
}

static void a_shared_lock_is_nobodys(void **state) {
    (void)state;
    lock_t lock = {0};
    weft_lock_share(&lock);
    for (size_t i = 0; i < 3; i++) assert_true(passes(&lock, &one));
    assert_true(is_owned_by(&lock, NULL));
}

static void assert_shut(lock_t *lock) {
    lock_word_t *held;
    assert_true(weft_lock_is_held(lock));
    assert_false(weft_lock_try(lock, &one, &outer, &held)); /* the same chain again */
    assert_false(weft_lock_try(lock, &two, &outer, &held)); /* which moved to another thread */
    assert_false(weft_lock_try(lock, &two, &other, &held));
    assert_false(weft_lock_try(lock, &one, &other, &held));
}

static void who_is_in_keeps_everybody_out(void **state) {
    (void)state;
    for (size_t owned = 0; owned <= LOCK_OWNERS; owned++) {
        lock_t lock = {0};
        lock_word_t *held;
        const void *threads[] = {&three, &four, &five};
        for (size_t i = 0; i < owned; i++) assert_true(passes(&lock, threads[i % 3]));
        assert_true(weft_lock_try(&lock, &one, &outer, &held));
        assert_shut(&lock);
        weft_lock_leave(held);
        assert_true(passes(&lock, &two));
    }
}

/* The same chain comes back on another thread where it needed a fresh stack: no reason to take the lock away. */
static void a_chain_that_comes_back_changes_nothing(void **state) {
    (void)state;
    lock_t lock = {0};
    lock_word_t *held;
    assert_true(weft_lock_try(&lock, &one, &outer, &held));
    assert_false(weft_lock_try(&lock, &two, &outer, &held));
    assert_true(is_owned_by(&lock, &one));
}

/* As if it had been interrupted between finding the lock its own and storing its word. */
static void a_former_owner_that_comes_late_is_waited_for(void **state) {
    (void)state;
    lock_t lock = {0};
    lock_word_t *held;
    assert_true(passes(&lock, &one));
    lock_owner_t *late = lock.own;
    assert_true(passes(&lock, &two));
    late->chain = &outer;
    assert_true(passes(&lock, &two)); /* its owner need not care */
    assert_true(weft_lock_try(&lock, &two, &other, &held));
    late->chain = NULL;
    assert_true(weft_lock_is_held_by(&lock, &other)); /* what it takes back is its own word */
    weft_lock_leave(held);

    lock_owner_t *second = lock.own;
    second->chain = &outer;
    assert_false(weft_lock_try(&lock, &three, &other, &held));
    assert_true(is_owned_by(&lock, NULL));
    second->chain = NULL;
    assert_true(passes(&lock, &three));
}

/* ---- by many threads -------------------------------------------------------------------------- */

enum { LOCKS = 4000, THREADS = 4, TIMES = 40 };

typedef struct guarded {
    lock_t lock;
    volatile unsigned long count, inside; /* plain: only the lock keeps them right */
    atomic_uint arrived;
} guarded_t;

static guarded_t *guarded;
static atomic_uint mistakes;

/* Stays a moment, longer than a processor can hold back a store. */
static void use(guarded_t *at, const void *chain) {
    lock_word_t *held;
    for (unsigned tries = 1; !weft_lock_try(&at->lock, &this_thread, chain, &held); tries++)
        if (tries % 64 == 0) sched_yield();
    if (at->inside++) atomic_fetch_add(&mistakes, 1);
    for (int i = 0; i < 30; i++) at->count++;
    if (--at->inside) atomic_fetch_add(&mistakes, 1);
    weft_lock_leave(held);
}

static void run_threads(void *(*run)(void *), size_t count, size_t rounds) {
    pthread_t threads[THREADS];
    size_t numbers[THREADS];
    for (size_t round = 0; round < rounds; round++) {
        for (size_t i = 0; i < count; i++) {
            numbers[i] = i;
            assert_int_equal(pthread_create(&threads[i], NULL, run, &numbers[i]), 0);
        }
        for (size_t i = 0; i < count; i++) pthread_join(threads[i], NULL);
    }
}

static void assert_used(unsigned long times) {
    unsigned long sum = 0;
    for (size_t i = 0; i < LOCKS; i++) sum += guarded[i].count;
    assert_int_equal(mistakes, 0);
    assert_int_equal(sum, 30 * times);
}

static int make_guarded(void **state) {
    (void)state;
    mistakes = 0;
    guarded = calloc(LOCKS, sizeof *guarded);
    return guarded ? 0 : -1;
}

static int free_guarded(void **state) {
    (void)state;
    free(guarded);
    return 0;
}

/* Two threads meet at a lock that one of them owns, and both want it at once; on to the next one. */
static void *race(void *number) {
    size_t self = *(size_t *)number;
    for (size_t i = 0; i < LOCKS; i++) {
        guarded_t *at = &guarded[i];
        if (i % 2 == self) use(at, number);
        atomic_fetch_add(&at->arrived, 1);
        for (unsigned tries = 1; atomic_load(&at->arrived) < 2; tries++)
            if (tries % 1024 == 0) sched_yield();
        if (i % 2 != self)
            for (volatile size_t wait = 0; wait < i % 97; wait++) continue;
        for (size_t k = 0; k < TIMES; k++) use(at, number);
    }
    return NULL;
}

static void an_owner_and_who_takes_the_lock_never_meet_inside(void **state) {
    (void)state;
    if (!weft_lock_can_be_owned()) skip();
    run_threads(race, 2, 1);
    assert_used(LOCKS * (2 * TIMES + 1));
}

/* Ownership goes back and forth between neighbours until both are shared. */
static void *go_back_and_forth(void *number) {
    for (size_t i = 1; i < LOCKS; i++)
        for (size_t k = 0; k < TIMES; k++) use(&guarded[i - k % 2], number);
    return NULL;
}

static void threads_that_go_back_and_forth_never_meet_inside(void **state) {
    (void)state;
    if (!weft_lock_can_be_owned()) skip();
    run_threads(go_back_and_forth, THREADS, 1);
    assert_used((LOCKS - 1) * THREADS * TIMES);
}

/* What identifies a thread is used again by later ones. */
static void *use_few(void *number) {
    for (size_t i = 0; i < TIMES; i++) use(&guarded[i % 8], number);
    return NULL;
}

static void threads_come_and_go(void **state) {
    (void)state;
    enum { ROUNDS = 200 };
    if (!weft_lock_can_be_owned()) skip();
    run_threads(use_few, THREADS, ROUNDS);
    assert_used(ROUNDS * THREADS * TIMES);
}

/* ---- where membarrier is refused -------------------------------------------------------------- */

#ifdef __linux__
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>

static bool refuse_membarrier(void) {
    struct sock_filter steps[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_membarrier, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = {sizeof steps / sizeof *steps, steps};
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
           prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

/* 0: the lock went from one to another and back; 2: the system does not do what the test needs. */
static int hand_over(void) {
    lock_t lock = {0};
    lock_word_t *held;
    if (!weft_lock_can_be_owned()) return 2;
    if (!weft_lock_try(&lock, &one, &outer, &held)) return 1;
    if (!refuse_membarrier()) return 2;
    if (weft_lock_can_be_owned()) return 1;
    if (weft_lock_try(&lock, &two, &other, &held)) return 1;
    weft_lock_leave(&lock.places[0].chain);
    if (!weft_lock_try(&lock, &two, &other, &held)) return 1;
    weft_lock_leave(held);
    return weft_lock_try(&lock, &one, &outer, &held) ? 0 : 1;
}

static void a_process_may_give_up_membarrier(void **state) {
    (void)state;
    int status;
    pid_t child = fork();
    if (child == 0) _exit(hand_over());
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    if (WEXITSTATUS(status) == 2) skip();
    assert_int_equal(WEXITSTATUS(status), 0);
}
#else
static void a_process_may_give_up_membarrier(void **state) {
    (void)state;
    skip();
}
#endif

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_lock_belongs_to_who_used_it_last),
        cmocka_unit_test(after_a_few_owners_it_is_nobodys),
        cmocka_unit_test(a_shared_lock_is_nobodys),
        cmocka_unit_test(who_is_in_keeps_everybody_out),
        cmocka_unit_test(a_chain_that_comes_back_changes_nothing),
        cmocka_unit_test(a_former_owner_that_comes_late_is_waited_for),
        cmocka_unit_test_setup_teardown(an_owner_and_who_takes_the_lock_never_meet_inside,
                                        make_guarded, free_guarded),
        cmocka_unit_test_setup_teardown(threads_that_go_back_and_forth_never_meet_inside,
                                        make_guarded, free_guarded),
        cmocka_unit_test_setup_teardown(threads_come_and_go, make_guarded, free_guarded),
        cmocka_unit_test(a_process_may_give_up_membarrier),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
