#include "value/json_place.h"

#include <jansson.h>
#include <stdio.h>

/* ---- walking ---------------------------------------------------------------------------------- */

static bool is_at(weft_str_t text, size_t at, const char *set) {
    return at < text.len && text.ptr[at] && strchr(set, text.ptr[at]);
}

static size_t skip_space(weft_str_t text, size_t at) {
    while (is_at(text, at, " \t\r\n")) at++;
    return at;
}

static size_t skip_string(weft_str_t text, size_t at) {
    for (at++; at < text.len && text.ptr[at] != '"'; at++)
        if (text.ptr[at] == '\\') at++;
    return at + 1;
}

/* To what stands behind the value: a comma or a closing bracket. */
static size_t skip_value(weft_str_t text, size_t at) {
    for (size_t depth = 0; at < text.len;) {
        if (!depth && is_at(text, at, ",]}")) break;
        if (is_at(text, at, "[{")) depth++;
        if (is_at(text, at, "]}")) depth--;
        at = text.ptr[at] == '"' ? skip_string(text, at) : at + 1;
    }
    return at;
}

static size_t next_item(weft_str_t text, size_t at) {
    return skip_space(text, skip_value(text, at) + 1);
}

/* A key may be written with escapes. */
static bool is_key(weft_str_t text, size_t start, size_t end, const char *key) {
    json_error_t ignored;
    json_t *read = json_loadb(text.ptr + start, end - start, JSON_DECODE_ANY, &ignored);
    bool same = json_is_string(read) && strcmp(json_string_value(read), key) == 0;
    json_decref(read);
    return same;
}

/* Where a member's key or value starts, in the object at `at`. */
static size_t find_member(weft_str_t text, size_t at, const char *key, bool value) {
    for (at = skip_space(text, at + 1); is_at(text, at, "\"");) {
        size_t end = skip_string(text, at);
        size_t behind = skip_space(text, skip_space(text, end) + 1);
        if (end <= text.len && is_key(text, at, end, key)) return value ? behind : at;
        at = next_item(text, behind);
    }
    return at;
}

static size_t find_element(weft_str_t text, size_t at, size_t index) {
    at = skip_space(text, at + 1);
    while (index--) at = next_item(text, at);
    return at;
}

static const json_place_t *whole_of(const json_place_t *place) {
    while (place->outer) place = place->outer;
    return place;
}

static size_t find(weft_str_t text, const json_place_t *place, bool value) {
    if (!place->outer) return skip_space(text, place->index);
    size_t outer = find(text, place->outer, true);
    return place->key ? find_member(text, outer, place->key, value)
                      : find_element(text, outer, place->index);
}

/* ---- errors ----------------------------------------------------------------------------------- */

static weft_error_t *error_at(const json_place_t *place, bool value, const char *format,
                              va_list args) WEFT_PRINTF(3, 0);
static weft_error_t *error_at(const json_place_t *place, bool value, const char *format,
                              va_list args) {
    weft_str_t text = whole_of(place)->text;
    return weft_error_at_bytev(WEFT_MALFORMED, text, find(text, place, value), format, args);
}

weft_error_t *weft_json_error(const json_place_t *place, const char *format, ...) {
    va_list args;
    va_start(args, format);
    weft_error_t *error = error_at(place, true, format, args);
    va_end(args);
    return error;
}

weft_error_t *weft_json_key_error(const json_place_t *member, const char *format, ...) {
    va_list args;
    va_start(args, format);
    weft_error_t *error = error_at(member, false, format, args);
    va_end(args);
    return error;
}
