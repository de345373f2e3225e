#include "support/map.h"

#include "support/alloc.h"

static uint64_t mix(uint64_t a, uint64_t b) {
    __extension__ typedef unsigned __int128 u128;
    u128 product = (u128)a * b;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

/* A multiply-fold hash in the manner of wyhash. The address of a local differs from process to process
 * where addresses are randomised; it only decides places in tables, never anything that is printed or
 * written, so outputs stay reproducible. */
static uint64_t seed(void) {
    static const char anchor = 0;
    return (uint64_t)(uintptr_t)&anchor ^ UINT64_C(0x9E3779B97F4A7C15);
}

static uint64_t load(const uint8_t *p, size_t n) {
    uint64_t word = 0;
    memcpy(&word, p, n);
    return word;
}

/* Long ones in four lanes, which do not wait for each other, and two words at a time. */
static uint64_t hash_blocks(const uint8_t **bytes, size_t *len, uint64_t h) {
    const uint8_t *p = *bytes;
    uint64_t lanes[4] = {h, h ^ 1, h ^ 2, h ^ 3}, key = mix(h, UINT64_C(0xA0761D6478BD642F));
    for (; *len >= 64; p += 64, *len -= 64)
        for (unsigned i = 0; i < 4; i++)
            lanes[i] = mix(lanes[i] ^ load(p + 16 * i, 8), load(p + 16 * i + 8, 8) ^ key);
    *bytes = p;
    return mix(lanes[0] ^ lanes[1], lanes[2] ^ lanes[3] ^ UINT64_C(0x8EBC6AF09C88C6E3));
}

uint64_t weft_hash(const void *bytes, size_t len) {
    const uint8_t *p = bytes;
    uint64_t h = seed() ^ len;
    if (len >= 64) h = hash_blocks(&p, &len, h);
    for (; len >= 8; p += 8, len -= 8) h = mix(h ^ load(p, 8), UINT64_C(0xE7037ED1A0B428DB));
    if (len) h = mix(h ^ load(p, len), UINT64_C(0x8EBC6AF09C88C6E3));
    return mix(h, UINT64_C(0x589965CC75374CC3));
}

static uint64_t hash_ptr(const void *pointer) {
    return mix((uint64_t)(uintptr_t)pointer ^ seed(), UINT64_C(0xE7037ED1A0B428DB));
}

void weft_map_free(map_t *map) {
    weft_free(map->entries);
    *map = (map_t){0};
}

/* Pointer keys have no length; the empty string is kept apart from them by pointing at `empty`. */
static const char empty[] = "";

static bool same_key(weft_str_t a, weft_str_t b) {
    return a.len == b.len && (a.ptr == b.ptr || (a.len && memcmp(a.ptr, b.ptr, a.len) == 0));
}

static weft_str_t string_key(weft_str_t key) {
    return key.len ? key : (weft_str_t){empty, 0};
}

static map_entry_t *find(const map_t *map, weft_str_t key, uint64_t hash) {
    if (!map->capacity) return NULL;
    size_t mask = map->capacity - 1;
    for (size_t i = hash & mask;; i = (i + 1) & mask) {
        map_entry_t *entry = &map->entries[i];
        if (!entry->value) return entry;
        if (entry->hash == hash && same_key(entry->key, key)) return entry;
    }
}

/* Most maps have one entry or two and live for a moment: those are to cost little. (For the same reason the table is
 * not had by calloc, which in glibc passes by the small pieces that a thread keeps at hand.) */
enum { FIRST_CAPACITY = 4 };

static weft_error_t *grow(map_t *map) {
    size_t capacity = map->capacity ? map->capacity * 2 : FIRST_CAPACITY;
    if (capacity > SIZE_MAX / sizeof(map_entry_t)) return weft_error_oom();
    map_t bigger = {weft_alloc(capacity * sizeof(map_entry_t)), capacity, map->count};
    if (!bigger.entries) return weft_error_oom();
    memset(bigger.entries, 0, capacity * sizeof(map_entry_t));
    for (size_t i = 0; i < map->capacity; i++) {
        map_entry_t *entry = &map->entries[i];
        if (entry->value) *find(&bigger, entry->key, entry->hash) = *entry;
    }
    weft_free(map->entries);
    *map = bigger;
    return NULL;
}

static weft_error_t *set(map_t *map, weft_str_t key, uint64_t hash, void *value) {
    if (map->count * 4 >= map->capacity * 3) TRY(grow(map));
    map_entry_t *entry = find(map, key, hash);
    if (!entry->value) map->count++;
    *entry = (map_entry_t){key, hash, value};
    return NULL;
}

void *weft_map_get(const map_t *map, weft_str_t key) {
    map_entry_t *entry = find(map, string_key(key), weft_hash(key.ptr, key.len));
    return entry ? entry->value : NULL;
}

weft_error_t *weft_map_set(map_t *map, weft_str_t key, void *value) {
    return set(map, string_key(key), weft_hash(key.ptr, key.len), value);
}

void *weft_map_get_ptr(const map_t *map, const void *key) {
    map_entry_t *entry = find(map, (weft_str_t){key, 0}, hash_ptr(key));
    return entry ? entry->value : NULL;
}

weft_error_t *weft_map_set_ptr(map_t *map, const void *key, void *value) {
    return set(map, (weft_str_t){key, 0}, hash_ptr(key), value);
}
