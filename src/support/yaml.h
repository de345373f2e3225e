/* YAML files, read into a tree that knows where each value stands.
 *
 * What people write by hand for weft is plain data, so the tree is: null, text, list, mapping. Anchors,
 * aliases, tags, several documents in a file and keys that are not text are refused, each with its place;
 * so are duplicate keys, with both places. Size, depth and the number of values are bounded, which bounds time
 * and memory. */
#ifndef WEFT_SUPPORT_YAML_H
#define WEFT_SUPPORT_YAML_H

#include "support/arena.h"
#include "support/findings.h"

enum {
    YAML_MAX_BYTES = 1 << 20,
    YAML_MAX_VALUES = 100000,
    YAML_MAX_DEPTH = 32 /* lists and mappings inside one another */
};

typedef enum yaml_kind {
    YAML_NULL, /* nothing, `~` or `null` */
    YAML_TEXT, /* any other scalar */
    YAML_LIST,
    YAML_MAP,
    YAML_REFUSED /* not a value of ours; an error says so already */
} yaml_kind_t;

typedef struct yaml yaml_t;
struct yaml {
    yaml_kind_t kind;
    bool quoted;     /* text that was written in quotes or as a block */
    uint32_t at;     /* byte offset in the text */
    uint32_t count;  /* of items */
    weft_str_t text; /* NUL-terminated */
    yaml_t **keys;   /* map: texts, in the order of the file */
    yaml_t **items;  /* list, map */
};

typedef struct yaml_file {
    arena_t arena;
    weft_str_t name; /* of the file, for errors */
    weft_str_t text; /* a copy, in the arena */
    yaml_t *root;
} yaml_file_t;

/* Reads `text`. A text that is not YAML, is empty or passes a bound is an error; what is refused goes to
 * `findings`, and reading continues. `what` is what the file is, with its article: "a rules file". All zero
 * before; freed with weft_yaml_free, also after an error. */
weft_error_t *weft_yaml_read(weft_str_t name, weft_str_t text, const char *what,
                             findings_t *findings, yaml_file_t *file);
void weft_yaml_free(yaml_file_t *file);

/* The value of a key; NULL when it is absent or null. */
yaml_t *weft_yaml_get(const yaml_t *map, const char *key);

/* "a list", "text", ... for "found %s". */
const char *weft_yaml_kind_name(const yaml_t *value);

/* An error (WEFT_MALFORMED) at a byte offset of the text, with file, line, column and source line. */
weft_error_t *weft_yaml_error(const yaml_file_t *file, uint32_t at, const char *format, ...)
    WEFT_PRINTF(3, 4);

/* Line and column (characters, both from 1) of an offset, for notes. */
void weft_yaml_place(const yaml_file_t *file, uint32_t at, uint32_t *line, uint32_t *column);

#endif
