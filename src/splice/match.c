#include "splice/match.h"

#include "support/version.h"

bool weft_is_glob(weft_str_t pattern) {
    for (size_t i = 0; i < pattern.len; i++)
        if (pattern.ptr[i] == '*' || pattern.ptr[i] == '?') return true;
    return false;
}

static bool is_crossing(weft_str_t pattern, size_t star) {
    return star + 1 < pattern.len && pattern.ptr[star + 1] == '*';
}

/* One star at a time: what follows the last star seen is tried at each place of the text. A star that
 * crosses the barrier is a second place to come back to, since the inner one may not move past a barrier. */
bool weft_glob(weft_str_t pattern, weft_str_t text, char barrier) {
    enum { NONE = -1 };
    struct {
        ptrdiff_t pattern; /* what follows the star */
        size_t text;       /* where it is tried next */
    } near = {NONE, 0}, far = {NONE, 0};
    size_t p = 0, t = 0;
    while (t < text.len || p < pattern.len) {
        char c = p < pattern.len ? pattern.ptr[p] : '\0';
        if (p < pattern.len && c == '*') {
            bool crossing = !barrier || is_crossing(pattern, p);
            while (p < pattern.len && pattern.ptr[p] == '*') p++;
            near.pattern = NONE;
            if (crossing) {
                far.pattern = (ptrdiff_t)p;
                far.text = t;
            } else {
                near.pattern = (ptrdiff_t)p;
                near.text = t;
            }
            continue;
        }
        bool one = p < pattern.len && t < text.len &&
                   (c == '?' ? text.ptr[t] != barrier || !barrier : c == text.ptr[t]);
        if (one) {
            p++;
            t++;
        } else if (near.pattern != NONE && near.text < text.len && text.ptr[near.text] != barrier) {
            p = (size_t)near.pattern;
            t = ++near.text;
        } else if (far.pattern != NONE && far.text < text.len) {
            near.pattern = NONE;
            p = (size_t)far.pattern;
            t = ++far.text;
        } else {
            return false;
        }
    }
    return true;
}

bool weft_match_interface(weft_str_t pattern, weft_str_t interface) {
    weft_str_t want, want_version, name, version;
    weft_split_version(pattern, &want, &want_version);
    weft_split_version(interface, &name, &version);
    if (!weft_glob(want, name, '\0')) return false;
    if (want.len == pattern.len) return true; /* no version asked for */
    if (weft_is_version_range(want_version)) return weft_version_in_range(version, want_version);
    return weft_glob(want_version, version, '\0');
}

bool weft_match_node(weft_str_t pattern, weft_str_t node) {
    return weft_glob(pattern, node, '/');
}

bool weft_match_function(weft_str_t pattern, weft_str_t function) {
    if (weft_glob(pattern, function, '\0')) return true;
    if (!function.len || function.ptr[0] != '[') return false;
    const char *close = memchr(function.ptr, ']', function.len);
    if (!close) return false;
    size_t skip = (size_t)(close - function.ptr) + 1;
    weft_str_t bare = {function.ptr + skip, function.len - skip};
    return weft_glob(pattern, bare, '\0');
}

const char *weft_interface_pattern_problem(weft_str_t pattern) {
    if (!pattern.len) return "an interface must not be empty";
    for (size_t i = 0; i < pattern.len; i++)
        if ((unsigned char)pattern.ptr[i] <= ' ') return "an interface has no spaces in it";
    weft_str_t name, version;
    weft_split_version(pattern, &name, &version);
    if (name.len == pattern.len) return NULL;
    if (!name.len) return "an interface has a name before its `@`";
    if (!version.len) return "a version must follow `@`";
    if (weft_is_version_range(version) && !weft_version_range_valid(version))
        return "this is not a version range";
    return NULL;
}
