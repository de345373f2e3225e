/* Hash maps from strings and from pointers to pointers. Open addressing; the hash is keyed per map,
 * so that crafted names cannot pile up in one place. Keys are not copied. */
#ifndef WEFT_SUPPORT_MAP_H
#define WEFT_SUPPORT_MAP_H

#include <weft/base.h>

#include "support/error.h"

typedef struct map_entry {
    weft_str_t key; /* of a pointer map: ptr is the pointer, len 0 */
    uint64_t hash;
    void *value; /* NULL: the place is free */
} map_entry_t;

/* All zero is an empty map. */
typedef struct map {
    map_entry_t *entries;
    size_t capacity; /* a power of two, or 0 */
    size_t count;
} map_t;

void weft_map_free(map_t *map);

/* The value of a key, or NULL. */
void *weft_map_get(const map_t *map, weft_str_t key);
void *weft_map_get_ptr(const map_t *map, const void *key);

/* Sets or replaces; `value` must not be NULL. The key's bytes must outlive the map. */
weft_error_t *weft_map_set(map_t *map, weft_str_t key, void *value);
weft_error_t *weft_map_set_ptr(map_t *map, const void *key, void *value);

/* Keyed hash of bytes, for tables of another shape (interning). */
uint64_t weft_hash(const void *bytes, size_t len);

#endif
