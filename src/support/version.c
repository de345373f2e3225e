#include "support/version.h"

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

static bool is_identifier(char c) {
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-';
}

static bool read_number(weft_str_t text, size_t *at, uint64_t *number) {
    size_t start = *at;
    uint64_t value = 0;
    while (*at < text.len && is_digit(text.ptr[*at])) {
        uint64_t digit = (uint64_t)(text.ptr[*at] - '0');
        if (value > (UINT64_MAX - digit) / 10) return false;
        value = value * 10 + digit;
        (*at)++;
    }
    *number = value;
    bool leading_zero = text.ptr[start] == '0' && *at > start + 1;
    return *at > start && !leading_zero;
}

/* A number with a leading zero, which a pre-release must not have. */
static bool is_padded(const char *from, const char *to) {
    if (to - from < 2 || *from != '0') return false;
    while (from < to && is_digit(*from)) from++;
    return from == to;
}

static bool pre_valid(weft_str_t pre) {
    const char *start = pre.ptr, *end = pre.ptr + pre.len;
    for (const char *at = start;; at++) {
        if (at < end && *at != '.') continue;
        if (is_padded(start, at)) return false;
        if (at == end) return true;
        start = at + 1;
    }
}

/* Identifiers joined by dots, to the end or to `stop`. */
static bool read_identifiers(weft_str_t text, size_t *at, char stop, weft_str_t *out) {
    size_t start = *at;
    bool fresh = true; /* an identifier must begin here */
    while (*at < text.len && text.ptr[*at] != stop) {
        char c = text.ptr[(*at)++];
        if (c == '.' && !fresh) fresh = true;
        else if (is_identifier(c)) fresh = false;
        else return false;
    }
    *out = (weft_str_t){text.ptr + start, *at - start};
    return !fresh;
}

bool weft_version_parse(weft_str_t text, bool partial, version_t *version) {
    version_t v = {0};
    size_t at = 0;
    while (v.parts < 3) {
        if (at >= text.len || !read_number(text, &at, &v.part[v.parts])) return false;
        v.parts++;
        if (v.parts == 3 || at == text.len || text.ptr[at] != '.') break;
        at++;
    }
    if (v.parts < 3 && (!partial || at < text.len)) return false;
    weft_str_t build;
    if (at < text.len && text.ptr[at] == '-') {
        at++;
        if (!read_identifiers(text, &at, '+', &v.pre) || !pre_valid(v.pre)) return false;
    }
    if (at < text.len && text.ptr[at] == '+') {
        at++;
        if (!read_identifiers(text, &at, '\0', &build)) return false;
    }
    if (at != text.len) return false;
    *version = v;
    return true;
}

static weft_str_t next_identifier(weft_str_t *rest) {
    size_t n = 0;
    while (n < rest->len && rest->ptr[n] != '.') n++;
    weft_str_t part = {rest->ptr, n};
    size_t used = n < rest->len ? n + 1 : n;
    *rest = (weft_str_t){rest->ptr + used, rest->len - used};
    return part;
}

static bool is_numeric(weft_str_t text) {
    for (size_t i = 0; i < text.len; i++)
        if (!is_digit(text.ptr[i])) return false;
    return true;
}

static int compare_text(weft_str_t a, weft_str_t b) {
    size_t common = a.len < b.len ? a.len : b.len;
    int order = memcmp(a.ptr, b.ptr, common);
    return order ? order : (a.len > b.len) - (a.len < b.len);
}

static int compare_identifier(weft_str_t a, weft_str_t b) {
    bool a_numeric = is_numeric(a), b_numeric = is_numeric(b);
    if (a_numeric != b_numeric) return a_numeric ? -1 : 1;
    if (a_numeric && a.len != b.len) return a.len < b.len ? -1 : 1;
    return compare_text(a, b);
}

static int compare_pre(weft_str_t a, weft_str_t b) {
    if (!a.len || !b.len) return (a.len == 0) - (b.len == 0);
    while (a.len && b.len) {
        int order = compare_identifier(next_identifier(&a), next_identifier(&b));
        if (order) return order;
    }
    return (a.len > 0) - (b.len > 0);
}

static int compare_parts(const version_t *a, const version_t *b, unsigned parts) {
    for (unsigned i = 0; i < parts; i++)
        if (a->part[i] != b->part[i]) return a->part[i] < b->part[i] ? -1 : 1;
    return 0;
}

int weft_version_compare(const version_t *a, const version_t *b) {
    int order = compare_parts(a, b, 3);
    return order ? order : compare_pre(a->pre, b->pre);
}

/* ---- interfaces ----------------------------------------------------------------------------- */

void weft_split_version(weft_str_t interface, weft_str_t *name, weft_str_t *version) {
    for (size_t i = interface.len; i-- > 0;) {
        if (interface.ptr[i] != '@') continue;
        *name = (weft_str_t){interface.ptr, i};
        *version = (weft_str_t){interface.ptr + i + 1, interface.len - i - 1};
        return;
    }
    *name = interface;
    *version = (weft_str_t){interface.ptr + interface.len, 0};
}

/* How many leading parts tell versions apart that do not go together. */
static unsigned track(const version_t *version) {
    unsigned parts = 1;
    while (parts < version->parts && version->part[parts - 1] == 0) parts++;
    return parts;
}

bool weft_version_compatible(weft_str_t a, weft_str_t b) {
    version_t x, y;
    if (weft_str_eq(a, b)) return true;
    if (!weft_version_parse(a, true, &x) || !weft_version_parse(b, true, &y)) return false;
    if (x.pre.len || y.pre.len || track(&x) != track(&y)) return false;
    return compare_parts(&x, &y, track(&x)) == 0;
}

bool weft_version_newer(weft_str_t a, weft_str_t b) {
    version_t x, y;
    return weft_version_parse(a, true, &x) && weft_version_parse(b, true, &y) &&
           weft_version_compare(&x, &y) > 0;
}

bool weft_interface_compatible(weft_str_t a, weft_str_t b) {
    weft_str_t name, version, other, other_version;
    weft_split_version(a, &name, &version);
    weft_split_version(b, &other, &other_version);
    return weft_str_eq(name, other) && weft_version_compatible(version, other_version);
}

/* ---- ranges --------------------------------------------------------------------------------- */

typedef struct range {
    char kind; /* '^', '~', '>' (or equal), '*' */
    version_t least;
} range_t;

bool weft_is_version_range(weft_str_t text) {
    return text.len > 0 && strchr("^~><=*", text.ptr[0]) != NULL;
}

static bool parse_range(weft_str_t text, range_t *range) {
    if (weft_str_eq(text, weft_str("*"))) {
        *range = (range_t){.kind = '*'};
        return true;
    }
    size_t skip = text.len > 2 && text.ptr[0] == '>' && text.ptr[1] == '=' ? 2 : 1;
    if (text.len <= skip || !strchr("^~>", text.ptr[0])) return false;
    if (text.ptr[0] == '>' && skip == 1) return false;
    range->kind = text.ptr[0];
    return weft_version_parse((weft_str_t){text.ptr + skip, text.len - skip}, true, &range->least);
}

bool weft_version_range_valid(weft_str_t text) {
    range_t range;
    return parse_range(text, &range);
}

/* How many leading parts must be equal. */
static unsigned fixed_parts(const range_t *range) {
    const version_t *least = &range->least;
    if (range->kind == '>') return 0;
    if (range->kind == '~') return least->parts == 1 ? 1 : 2;
    unsigned fixed = 1;
    while (fixed < least->parts && least->part[fixed - 1] == 0) fixed++;
    return fixed;
}

bool weft_version_in_range(weft_str_t text, weft_str_t range_text) {
    range_t range;
    version_t version;
    if (!parse_range(range_text, &range)) return false;
    if (range.kind == '*') return true;
    if (!weft_version_parse(text, false, &version)) return false;
    bool named = range.least.pre.len && compare_parts(&version, &range.least, 3) == 0;
    if (version.pre.len && !named) return false;
    return compare_parts(&version, &range.least, fixed_parts(&range)) == 0 &&
           weft_version_compare(&version, &range.least) >= 0;
}
