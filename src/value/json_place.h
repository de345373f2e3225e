/* Where a part of a JSON text stands. The parser keeps no places, so the way to the part, which a reader of its tree
 * knows, is walked once more through the text; only errors ask for it. */
#ifndef WEFT_VALUE_JSON_PLACE_H
#define WEFT_VALUE_JSON_PLACE_H

#include "support/error.h"

/* The way from a whole value to a part of it, as a list on the stack. */
typedef struct json_place {
    const struct json_place *outer; /* NULL: this is the whole value */
    const char *key;                /* of a member; NULL: `index` of an element */
    size_t index;                   /* of the whole value: the byte where it starts */
    weft_str_t text;                /* of the whole value: all the text that it stands in */
} json_place_t;

static inline json_place_t weft_json_whole(weft_str_t text, size_t start) {
    return (json_place_t){NULL, NULL, start, text};
}

static inline json_place_t weft_json_element(const json_place_t *outer, size_t index) {
    return (json_place_t){outer, NULL, index, {NULL, 0}};
}

static inline json_place_t weft_json_member(const json_place_t *outer, const char *key) {
    return (json_place_t){outer, key, 0, {NULL, 0}};
}

/* Errors (WEFT_MALFORMED) at a part, and at a member's key. The text from the whole value's start on was parsed. */
weft_error_t *weft_json_error(const json_place_t *place, const char *format, ...) WEFT_PRINTF(2, 3);
weft_error_t *weft_json_key_error(const json_place_t *member, const char *format, ...)
    WEFT_PRINTF(2, 3);

#endif
