/* Saying where and how two types differ. */
#ifndef WEFT_COMPONENT_TYPES_MISMATCH_H
#define WEFT_COMPONENT_TYPES_MISMATCH_H

#include "component/types/subtype.h"

/* A place inside a type, from the inside out; lives on the stack of whoever walks. */
typedef struct place place_t;
struct place {
    const place_t *outer;
    const char *words;
    weft_str_t name; /* printed in quotes when it is not an interface's; empty: none */
    int64_t number;  /* of a tuple's element; negative: none */
};

/* `name` as an item of its sort: interface, function, type, ... */
place_t weft_place_of_item(const place_t *outer, weft_str_t name, const extern_type_t *type);

/* A WEFT_MISMATCH with the path, and what each side has as notes. */
weft_error_t *weft_mismatch(const match_t *match, const place_t *place, const char *asked,
                            const char *given);

/* What is asked for at this place is not there. */
weft_error_t *weft_mismatch_missing(const match_t *match, const place_t *place);

/* The same for two value or function types that are not equal (all resources substituted): goes on to
 * their first difference. */
weft_error_t *weft_mismatch_types(const match_t *match, const place_t *place, const type_t *asked,
                                  const type_t *given);
weft_error_t *weft_mismatch_funcs(const match_t *match, const place_t *place,
                                  const func_type_t *asked, const func_type_t *given);

#endif
