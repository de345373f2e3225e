/* Random worlds (world.h): whatever the types, both engines give what was foretold. Without arguments it runs a fixed
 * number of cases; by hand
 *
 *     calls --first 0 --count 1000000     these cases; of one that fails, what to give to see it alone
 *     calls --first 4711 --count 1 --show the component of the case as well
 *
 * No cmocka: it takes the signals that Wasmtime needs, and a case is not a test function. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/sanitized.h"
#include "fuzz/cases.h"
#include "support/alloc.h"

enum { CASES = SANITIZED ? 20000 : 100000 };

typedef struct run {
    unsigned long long first, count;
    bool show;
    unsigned long long failed;
} run_t;

static random_source_t seeded(uint64_t number, uint64_t what) {
    random_source_t source = {.state = number * 2 + what};
    source.state = random_bits(&source); /* or neighbours' streams would overlap */
    return source;
}

static void say_failure(const run_t *run, const char *program, unsigned long long number,
                        const char *text) {
    fprintf(stderr, "case %llu: %s\n  to see it alone: %s --first %llu --count 1%s\n", number, text,
            program, number, run->show ? "" : " [--show]");
}

static void run_case(run_t *run, const char *program, trial_t *trial, unsigned long long number) {
    char *failure = NULL;
    random_source_t source = seeded(number, 1);
    trial_call(trial, &source, &failure);
    if (!failure) return;
    say_failure(run, program, number, failure);
    weft_free(failure);
    run->failed++;
}

/* The cases of one world. After a failure the engines may be spent, so the next world is the next to be tried. */
static void run_world(run_t *run, const char *program, weft_engine_t *engine,
                      unsigned long long first, unsigned long long end) {
    trial_t trial;
    char *failure = NULL;
    random_source_t source = seeded(first / CASES_PER_WORLD, 0);
    trial_open(&trial, engine, &source, TRIAL_BOTH, &failure);
    if (run->show) printf("%s\n", (const char *)trial.world.text.data);
    if (failure) {
        say_failure(run, program, first, failure);
        weft_free(failure);
        run->failed++;
    } else {
        unsigned long long failed = run->failed;
        for (; first < end && run->failed == failed; first++) run_case(run, program, &trial, first);
    }
    trial_close(&trial);
}

static void parse(int argc, char **argv, run_t *run) {
    for (int i = 1; i < argc; i++) {
        bool has_value = i + 1 < argc;
        if (strcmp(argv[i], "--first") == 0 && has_value)
            run->first = strtoull(argv[++i], NULL, 10);
        else if (strcmp(argv[i], "--count") == 0 && has_value)
            run->count = strtoull(argv[++i], NULL, 10);
        else if (strcmp(argv[i], "--show") == 0) run->show = true;
        else {
            fprintf(stderr, "usage: %s [--first N] [--count N] [--show]\n", argv[0]);
            exit(1);
        }
    }
}

int main(int argc, char **argv) {
    run_t run = {.count = CASES};
    weft_engine_t *engine;
    parse(argc, argv, &run);
    must(weft_engine_new(&engine));
    unsigned long long end = run.first + run.count, at = run.first;
    while (at < end && run.failed < 10) {
        unsigned long long next = (at / CASES_PER_WORLD + 1) * CASES_PER_WORLD;
        run_world(&run, argv[0], engine, at, next < end ? next : end);
        at = next;
    }
    weft_engine_delete(engine);
    printf("%llu cases, %llu failed\n", (at < end ? at : end) - run.first, run.failed);
    return run.failed != 0;
}
