/* The sides that bench-calls compares: weft, the engine's core API used by hand (the floor), the engine's component API.
 *
 * Each has the same plugin (guests/ops.wat); a pair is a plugin that calls it and has a store of its own. Whatever fails
 * ends the program with a message. */
#ifndef WEFT_BENCH_CALLS_H
#define WEFT_BENCH_CALLS_H

#include <stdbool.h>
#include <stdint.h>
#include <wasmtime.h>

#include <weft/runtime.h>

enum { BYTES = 65536, STRING = 1024, PAIR_CALLS = 1000 };

/* What is passed. */
extern uint8_t bench_bytes[BYTES];
extern char bench_text[STRING];

_Noreturn void bench_stop(const char *what);
void bench_check(weft_error_t *error);
void bench_pass(wasmtime_error_t *error, wasm_trap_t *trap);

/* The file of a guest of bench/guests. */
weft_bytes_t bench_guest(const char *name);

/* As weft's own engines are: with epochs; `concurrency` is what only async needs. */
wasm_engine_t *bench_engine(bool concurrency, bool pooled);

/* The functions below have the shape of bench_subject_t.run; `with` is what was opened. */

/* ---- the floor: the core API, unchecked calls (floor/on_core.c) ---- */

typedef struct on_core on_core_t;
on_core_t *on_core_open(void);
void on_core_add(const void *with, unsigned times);
void on_core_echo(const void *with, unsigned times);
void on_core_sum(const void *with, unsigned times);
/* One call of the caller, which calls so many times. */
void on_core_pair_add(const void *with, unsigned times);
void on_core_pair_sum(const void *with, unsigned times);
void on_core_tagged_add(const void *with, unsigned times); /* the result with an id */
/* A store and an instance of a compiled module. */
typedef struct core_start core_start_t;
core_start_t *core_start_open(bool pooled);
void core_start(const void *with, unsigned times);
void core_start_keep(const core_start_t *start, unsigned count); /* never deleted */

/* ---- the component API (on_component.c) ---- */

typedef struct on_component on_component_t;
on_component_t *on_component_open(bool concurrency);
void on_component_add(const void *with, unsigned times);
void on_component_echo(const void *with, unsigned times);
void on_component_sum(const void *with, unsigned times);
void on_component_pair_add(const void *with, unsigned times);
void on_component_pair_sum(const void *with, unsigned times);

/* Starts a component that imports nothing; `with` is a component_start_t. */
typedef struct component_start component_start_t;
const component_start_t *on_component_start_open(const on_component_t *on, weft_bytes_t component);
void on_component_start(const void *with, unsigned times);

#endif
