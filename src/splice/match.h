/* Patterns of the rules file against names of the composition.
 *
 *   interface   `wasi:http/handler@0.3.0`   that version
 *               `wasi:http/handler`         any version, or none
 *               `wasi:http/handler@^0.3`    a range (support/version.h)
 *               `wasi:http/` with a star    `*` is any run of characters
 *   node        `auth`, `auth-*`, `outer/inner`: `*` stays within one level, `**` crosses levels
 *   function    `get`, `list-*`; a method also as `order.total` for `[method]order.total`
 *
 * `?` is one character. Everything else stands for itself. */
#ifndef WEFT_SPLICE_MATCH_H
#define WEFT_SPLICE_MATCH_H

#include <weft/base.h>

bool weft_is_glob(weft_str_t pattern);

/* `barrier` is the character that `*` and `?` do not match, 0 for none. */
bool weft_glob(weft_str_t pattern, weft_str_t text, char barrier);

bool weft_match_interface(weft_str_t pattern, weft_str_t interface);
bool weft_match_node(weft_str_t pattern, weft_str_t node);
bool weft_match_function(weft_str_t pattern, weft_str_t function);

/* NULL, or what is wrong with an interface pattern (a static text). */
const char *weft_interface_pattern_problem(weft_str_t pattern);

#endif
