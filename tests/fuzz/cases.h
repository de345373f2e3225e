/* Cases: one call with one random value each. Case n is the same whether it runs alone or after others. */
#ifndef WEFT_TESTS_FUZZ_CASES_H
#define WEFT_TESTS_FUZZ_CASES_H

#include <weft/runtime.h>

#include "fuzz/world.h"

/* Calls of one world: each function, at each level and by put and get, about so many times. */
enum { CASES_PER_WORLD = 400, RUNNERS = 2 };

/* How a level reaches the one below. */
typedef enum split {
    SPLIT_NOT,    /* in one component */
    SPLIT_LINKED, /* it imports from the other plugin */
    SPLIT_BY_HOST /* through a function of the host that calls the other plugin; without resources */
} split_t;

/* A world on one engine. */
typedef struct runner {
    const char *name;
    split_t split;                     /* each part of the world is a plugin */
    weft_plugin_t *plugins[MAX_PARTS]; /* else the first one is all of it */
    weft_func_t *funcs[MAX_LEVELS][FUNCS], *put[FUNCS], *get[FUNCS];
    weft_func_t *make[RESOURCES], *peek[RESOURCES], *drops;
    uint64_t dropped; /* what `drops` should say: the number above, the sum in the lower half */
} runner_t;

typedef struct trial {
    world_t world;
    split_t split;                         /* of the direct engine */
    weft_bytes_t binary, parts[MAX_PARTS]; /* in one; by themselves where it is split */
    runner_t runners[RUNNERS];
    uint32_t runner_count; /* 1 where the hosted engine does not take the component */
} trial_t;

/* What a trial is about: what both engines do, what the direct engine alone does, or what it does with guests that
 * lie. With one engine alone a world has one function: then there are more worlds in the same time. */
typedef enum trial_kind { TRIAL_BOTH, TRIAL_DIRECT, TRIAL_LIES } trial_kind_t;

/* Sets *failure to a text, to be freed with weft_free, when it cannot be made. */
void trial_open(trial_t *trial, weft_engine_t *engine, random_source_t *source, trial_kind_t kind,
                char **failure);
void trial_close(trial_t *trial);

/* Calls a function: which, how, and with what values is random. */
void trial_call(trial_t *trial, random_source_t *source, char **failure);

/* The same where guests lie: the call ends with a value of its type, or with a trap. */
void trial_call_liars(trial_t *trial, random_source_t *source, char **failure);

/* ---- parts of values -------------------------------------------------------------------------- */

bool has_items(const weft_value_t *value);
bool has_payload(const weft_value_t *value);
const type_t *part_of(const type_t *type, size_t at);
const type_t *payload_of(const type_t *type, uint32_t index);

/* textual.c: in place, the lists of bytes that are strings in the other type, and the other way around. */
void convert(const type_t *from, const type_t *to, weft_value_t *value);

#endif
