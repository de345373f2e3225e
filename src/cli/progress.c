#include "cli/progress.h"

#include <pthread.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "support/alloc.h"

/* A thread of its own draws the line, so that work that never looks up is shown as well. */
struct progress {
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    const char *what;
    bool done;
};

enum { MILLISECOND = 1000000, FIRST = 500, NEXT = 200 };

static void add_ms(struct timespec *time, long ms) {
    time->tv_nsec += ms * MILLISECOND;
    time->tv_sec += time->tv_nsec / (1000L * MILLISECOND);
    time->tv_nsec %= 1000L * MILLISECOND;
}

static void *draw(void *argument) {
    progress_t *progress = argument;
    struct timespec start, next;
    clock_gettime(CLOCK_MONOTONIC, &start);
    next = start;
    add_ms(&next, FIRST);
    bool drawn = false;
    pthread_mutex_lock(&progress->lock);
    while (!progress->done) {
        if (pthread_cond_timedwait(&progress->changed, &progress->lock, &next) == 0) continue;
        fprintf(stderr, "\r\033[Kweft: %s, %ld s", progress->what,
                (long)(next.tv_sec - start.tv_sec));
        drawn = true;
        add_ms(&next, NEXT);
    }
    if (drawn) fputs("\r\033[K", stderr);
    pthread_mutex_unlock(&progress->lock);
    return NULL;
}

progress_t *weft_progress_begin(const invocation_t *invocation, const char *what) {
    if (invocation->quiet || !isatty(STDERR_FILENO)) return NULL;
    progress_t *progress = weft_alloc_zero(1, sizeof *progress);
    if (!progress) return NULL;
    progress->what = what;
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_mutex_init(&progress->lock, NULL);
    pthread_cond_init(&progress->changed, &attributes);
    pthread_condattr_destroy(&attributes);
    if (pthread_create(&progress->thread, NULL, draw, progress) == 0) return progress;
    pthread_cond_destroy(&progress->changed);
    pthread_mutex_destroy(&progress->lock);
    weft_free(progress);
    return NULL;
}

void weft_progress_say(progress_t *progress, const char *what) {
    if (!progress) return;
    pthread_mutex_lock(&progress->lock);
    progress->what = what;
    pthread_mutex_unlock(&progress->lock);
}

void weft_progress_end(progress_t *progress) {
    if (!progress) return;
    pthread_mutex_lock(&progress->lock);
    progress->done = true;
    pthread_cond_signal(&progress->changed);
    pthread_mutex_unlock(&progress->lock);
    pthread_join(progress->thread, NULL);
    pthread_cond_destroy(&progress->changed);
    pthread_mutex_destroy(&progress->lock);
    weft_free(progress);
}
