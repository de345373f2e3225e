#include "common/measure.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

double bench_now(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

size_t bench_resident(void) {
    unsigned long total, resident = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    if (file && fscanf(file, "%lu %lu", &total, &resident) != 2) resident = 0;
    if (file) fclose(file);
    return resident * (size_t)sysconf(_SC_PAGESIZE);
}

size_t bench_file_size(const char *path) {
    struct stat about;
    return stat(path, &about) ? 0 : (size_t)about.st_size;
}

static double seconds(struct timeval time) {
    return (double)time.tv_sec + (double)time.tv_usec * 1e-6;
}

/* Starts the program with both outputs going to `fd`. */
static int start(char *const argv[], int fd, pid_t *pid) {
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, fd, 1);
    posix_spawn_file_actions_adddup2(&actions, fd, 2);
    int failed = posix_spawnp(pid, argv[0], &actions, NULL, argv, environ);
    posix_spawn_file_actions_destroy(&actions);
    return failed;
}

static void first_line(FILE *file, char *line, size_t size) {
    line[0] = 0;
    if (fseek(file, 0, SEEK_SET) == 0)
        while (!line[0] && fgets(line, (int)size, file)) line[strcspn(line, "\n")] = 0;
    if (!line[0]) snprintf(line, size, "it failed without a word");
}

/* Runs a program with its outputs going to a file. */
static bench_child_t run_into(char *const argv[], FILE *output) {
    bench_child_t child = {0};
    struct rusage usage;
    pid_t pid;
    int status = 0;
    double before = bench_now();
    int failed = start(argv, fileno(output), &pid);
    if (failed) {
        snprintf(child.message, sizeof child.message, "%s: %s", argv[0], strerror(failed));
        return child;
    }
    while (wait4(pid, &status, 0, &usage) < 0 && errno == EINTR) {
    }
    child.seconds = bench_now() - before;
    child.cpu = seconds(usage.ru_utime) + seconds(usage.ru_stime);
    child.peak = (size_t)usage.ru_maxrss * 1024;
    child.ok = WIFEXITED(status) && WEXITSTATUS(status) == 0;
    if (!child.ok) first_line(output, child.message, sizeof child.message);
    return child;
}

static bench_child_t run_once(char *const argv[]) {
    bench_child_t child = {.message = "no temporary file"};
    FILE *output = tmpfile();
    if (!output) return child;
    child = run_into(argv, output);
    fclose(output);
    return child;
}

char *const *bench_argv(const char *const argv[]) {
    return (char *const *)(uintptr_t)argv;
}

/* The least of each figure; a failure stays. */
static void keep_best(bench_child_t *best, const bench_child_t *next) {
    if (!next->ok) {
        *best = *next;
        return;
    }
    if (next->seconds < best->seconds) best->seconds = next->seconds;
    if (next->cpu < best->cpu) best->cpu = next->cpu;
    if (next->peak < best->peak) best->peak = next->peak;
}

/* False when it has had its turns. */
static bool take_turn(bench_contender_t *contender, unsigned turn) {
    if (!contender->argv || turn >= contender->times) return false;
    if (turn && !contender->child.ok) return false;
    if (contender->fresh) unlink(contender->fresh);
    bench_child_t next = run_once(contender->argv);
    if (turn) keep_best(&contender->child, &next);
    else contender->child = next;
    return true;
}

void bench_take_turns(bench_contender_t *contenders, size_t count) {
    bool any = true;
    for (unsigned turn = 0; any; turn++) {
        any = false;
        for (size_t i = 0; i < count; i++) any |= take_turn(&contenders[i], turn);
    }
}

bench_child_t bench_count(char *const argv[], double *instructions) {
    enum { OWN = 3, MOST = 32 };
    const char *counted[MOST] = {"valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null"};
    bench_child_t child = {.message = "no temporary file"};
    for (size_t i = 0; argv[i] && OWN + i + 1 < MOST; i++) counted[OWN + i] = argv[i];
    FILE *output = tmpfile();
    if (!output) return child;
    child = run_into((char *const *)counted, output);
    char line[256];
    *instructions = 0;
    if (fseek(output, 0, SEEK_SET) != 0) child.ok = false;
    while (child.ok && fgets(line, sizeof line, output)) {
        const char *found = strstr(line, "Collected : ");
        if (found) *instructions = strtod(found + strlen("Collected : "), NULL);
    }
    if (child.ok && *instructions <= 0) {
        child.ok = false;
        snprintf(child.message, sizeof child.message, "valgrind counted nothing");
    }
    fclose(output);
    return child;
}

const char *bench_find(const char *variable, const char *name) {
    static char found[4096];
    const char *path = getenv(variable);
    if (path && *path) return path;
    char *folders = getenv("PATH"), *rest;
    if (!folders || !(folders = strdup(folders))) return NULL;
    const char *result = NULL;
    for (char *folder = strtok_r(folders, ":", &rest); folder && !result;
         folder = strtok_r(NULL, ":", &rest)) {
        snprintf(found, sizeof found, "%s/%s", folder, name);
        if (access(found, X_OK) == 0) result = found;
    }
    free(folders);
    return result;
}
