/* Constant strings for hooks that are told names: a module that is nothing but a memory with the strings in
 * it, exported as "m". It is instantiated before the hooks are lowered, since their lowering names the
 * memory; the woven modules pass addresses in it. */
#ifndef WEFT_WEAVE_CODE_NAMES_H
#define WEFT_WEAVE_CODE_NAMES_H

#include "support/buf.h"
#include "support/map.h"

/* A string (address, bytes) or a list (address, elements) in the memory. */
typedef struct weave_text {
    uint32_t at, len;
} weave_text_t;

/* What `catalog.declare` of weft:hooks is told about one target. */
typedef struct weave_target {
    uint32_t id;
    weft_str_t interface_name, func_name;
} weave_target_t;

/* All zero is an empty table. */
typedef struct weave_names {
    buf_t bytes;
    map_t known; /* string -> address */
} weave_names_t;

void weft_weave_names_free(weave_names_t *names);

/* The place of a string, stored once. The bytes of `str` must outlive the table. */
weft_error_t *weft_weave_names_add(weave_names_t *names, weft_str_t str, weave_text_t *text);

/* Stores a list<target> with its strings. */
weft_error_t *weft_weave_names_targets(weave_names_t *names, const weave_target_t *targets,
                                       uint32_t count, weave_text_t *list);

/* Appends the module's bytes to `out`. */
weft_error_t *weft_weave_names_module(const weave_names_t *names, buf_t *out);

#endif
