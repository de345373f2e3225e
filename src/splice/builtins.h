/* Middleware that a rules file names by `builtin:` instead of a path. */
#ifndef WEFT_SPLICE_BUILTINS_H
#define WEFT_SPLICE_BUILTINS_H

#include "splice/rules.h"

/* The file of a builtin: NAME.wasm in `folder`. Errors point into the rules file. */
weft_error_t *weft_builtin_path(arena_t *arena, const rules_t *rules, const inject_t *inject,
                                const char *folder, weft_str_t *path);

#endif
