#include "support/nearest.h"

enum { LONGEST = 64 }; /* of a name that is compared letter by letter */

static size_t min3(size_t a, size_t b, size_t c) {
    size_t least = a < b ? a : b;
    return least < c ? least : c;
}

/* Optimal string alignment: edit distance where a swap of neighbours counts once. */
static size_t distance(weft_str_t a, weft_str_t b) {
    size_t rows[3][LONGEST + 1];
    size_t *before = rows[0], *previous = rows[1], *current = rows[2];
    for (size_t j = 0; j <= b.len; j++) previous[j] = j;
    for (size_t i = 1; i <= a.len; i++) {
        current[0] = i;
        for (size_t j = 1; j <= b.len; j++) {
            size_t replace = previous[j - 1] + (a.ptr[i - 1] != b.ptr[j - 1]);
            current[j] = min3(replace, previous[j] + 1, current[j - 1] + 1);
            bool swapped =
                i > 1 && j > 1 && a.ptr[i - 1] == b.ptr[j - 2] && a.ptr[i - 2] == b.ptr[j - 1];
            if (swapped && before[j - 2] + 1 < current[j]) current[j] = before[j - 2] + 1;
        }
        size_t *spare = before;
        before = previous;
        previous = current;
        current = spare;
    }
    return previous[b.len];
}

static bool begins_with(weft_str_t str, weft_str_t prefix) {
    return str.len >= prefix.len && memcmp(str.ptr, prefix.ptr, prefix.len) == 0;
}

void weft_nearest_offer(nearest_t *search, weft_str_t name, weft_str_t candidate) {
    if (!name.len || !candidate.len || name.len > LONGEST || candidate.len > LONGEST) return;
    size_t edits = distance(name, candidate);
    /* A third of the letters may be wrong; what was only begun is meant whatever is missing. */
    size_t allowed = (name.len > candidate.len ? name.len : candidate.len) / 3;
    if (allowed == 0) allowed = 1;
    if (edits >= candidate.len) return; /* nothing in common */
    if (name.len >= 3 && edits > 1 && begins_with(candidate, name)) edits = 1;
    if (edits > allowed) return;
    if (search->distance && search->distance <= edits + 1) return;
    *search = (nearest_t){candidate, edits + 1};
}

weft_str_t weft_nearest(weft_str_t name, const weft_str_t *candidates, size_t count) {
    nearest_t search = {0};
    for (size_t i = 0; i < count; i++) weft_nearest_offer(&search, name, candidates[i]);
    return search.best;
}
