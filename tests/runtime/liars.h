/* What the tests of lying guests share: an engine, a plugin beside the guests that must not be harmed, and the check
 * of a trap. */
#ifndef WEFT_TESTS_RUNTIME_LIARS_H
#define WEFT_TESTS_RUNTIME_LIARS_H

#include "runtime/engine_group.h"
#include "runtime/guest.h"

extern const weft_options_t directly;

int set_up_liars(void **state);
int tear_down_liars(void **state);

void assert_bystander_is_well(void);

/* The call traps with these words, and spends the guest. */
void assert_traps(guest_component_t *guest, const char *name, const weft_value_t *args,
                  size_t arg_count, const char *words);
void assert_wat_traps(const char *wat, const char *name, const weft_value_t *args, size_t arg_count,
                      const char *words);

/* Core code: a word into memory; a pointer and a length at 16. */
#define STORE(at, value) "(i32.store (i32.const " #at ") (i32.const " #value "))"
#define RANGE(ptr, len) STORE(16, ptr) STORE(20, len) "(i32.const 16)"

#endif
