/* Names are parsed by a cursor over the text; each function takes one production off its front. */
#include "component/names.h"

#include "support/version.h"

typedef struct parser {
    weft_str_t left;
    weft_str_t whole;
} parser_t;

static bool is_lower(char c) {
    return c >= 'a' && c <= 'z';
}

static bool is_upper(char c) {
    return c >= 'A' && c <= 'Z';
}

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

static weft_str_t part(weft_str_t text, size_t from, size_t to) {
    return (weft_str_t){text.ptr + from, to - from};
}

static size_t find(weft_str_t text, char c) {
    const char *at = text.len ? memchr(text.ptr, c, text.len) : NULL;
    return at ? (size_t)(at - text.ptr) : text.len;
}

static bool eat(parser_t *parser, const char *prefix) {
    size_t len = strlen(prefix);
    if (parser->left.len < len || memcmp(parser->left.ptr, prefix, len) != 0) return false;
    parser->left = part(parser->left, len, parser->left.len);
    return true;
}

static weft_str_t take(parser_t *parser, size_t len) {
    weft_str_t taken = part(parser->left, 0, len);
    parser->left = part(parser->left, len, parser->left.len);
    return taken;
}

static weft_error_t *invalid(const parser_t *parser, const char *why) {
    return weft_error_new(WEFT_INVALID, "`%.*s` is not a valid name: %s", STR_ARG(parser->whole),
                          why);
}

static weft_error_t *expect(parser_t *parser, const char *text) {
    if (eat(parser, text)) return NULL;
    return weft_error_new(WEFT_INVALID, "`%.*s` is not a valid name: expected `%s` at `%.*s`",
                          STR_ARG(parser->whole), text, STR_ARG(parser->left));
}

/* ---- labels --------------------------------------------------------------------------------- */

/* One word or acronym; the first of a label starts with a letter. */
static bool fragment_valid(weft_str_t text, bool is_first) {
    bool lower = false, upper = false;
    if (!text.len || (is_first && is_digit(text.ptr[0]))) return false;
    for (size_t i = 0; i < text.len; i++) {
        if (is_lower(text.ptr[i])) lower = true;
        else if (is_upper(text.ptr[i])) upper = true;
        else if (!is_digit(text.ptr[i])) return false;
    }
    return !(lower && upper);
}

bool weft_label_valid(weft_str_t label) {
    size_t start = 0;
    for (;;) {
        weft_str_t rest = part(label, start, label.len);
        size_t len = find(rest, '-');
        if (!fragment_valid(part(rest, 0, len), start == 0)) return false;
        if (len == rest.len) return true;
        start += len + 1;
    }
}

static bool has_upper(weft_str_t text) {
    for (size_t i = 0; i < text.len; i++)
        if (is_upper(text.ptr[i])) return true;
    return false;
}

static weft_error_t *check_label(const parser_t *parser, weft_str_t label) {
    if (weft_label_valid(label)) return NULL;
    return weft_error_new(WEFT_INVALID, "`%.*s` is not a valid name: `%.*s` is not in kebab case",
                          STR_ARG(parser->whole), STR_ARG(label));
}

static void eat_accessor(parser_t *parser, name_t *name) {
    if (eat(parser, "[get]")) name->accessor = ACCESSOR_GET;
    else if (eat(parser, "[set]")) name->accessor = ACCESSOR_SET;
}

static weft_error_t *member(parser_t *parser, name_t *name) {
    eat_accessor(parser, name);
    size_t dot = find(parser->left, '.');
    if (dot == parser->left.len) return invalid(parser, "there is no `.` behind the resource");
    name->resource = take(parser, dot);
    (void)eat(parser, ".");
    name->label = take(parser, parser->left.len);
    TRY(check_label(parser, name->resource));
    return check_label(parser, name->label);
}

/* ---- packages ------------------------------------------------------------------------------- */

/* Letters, digits and hyphens at the front. */
static weft_str_t take_word_like(parser_t *parser) {
    size_t len = 0;
    while (len < parser->left.len) {
        char c = parser->left.ptr[len];
        if (!is_lower(c) && !is_upper(c) && !is_digit(c) && c != '-') break;
        len++;
    }
    return take(parser, len);
}

static weft_error_t *words(parser_t *parser) {
    weft_str_t word = take_word_like(parser);
    TRY(check_label(parser, word));
    return has_upper(word) ? invalid(parser, "namespaces and packages are in lower case") : NULL;
}

/* ns:pkg, ns:ns:pkg, with /iface and /iface/nested */
static weft_error_t *package_path(parser_t *parser, name_t *name) {
    const char *start = parser->left.ptr;
    TRY(words(parser));
    TRY(expect(parser, ":"));
    TRY(words(parser));
    while (eat(parser, ":")) TRY(words(parser));
    name->package = (weft_str_t){start, (size_t)(parser->left.ptr - start)};
    start = parser->left.ptr + 1;
    while (eat(parser, "/")) TRY(check_label(parser, take_word_like(parser)));
    if (parser->left.ptr > start)
        name->interface_ = (weft_str_t){start, (size_t)(parser->left.ptr - start)};
    return NULL;
}

static weft_error_t *interface_name(parser_t *parser, name_t *name) {
    name->kind = NAME_INTERFACE;
    TRY(package_path(parser, name));
    if (!name->interface_.len) return expect(parser, "/");
    if (eat(parser, "@")) name->version = take(parser, parser->left.len);
    return NULL;
}

/* ---- dependencies --------------------------------------------------------------------------- */

static weft_error_t *semver(const parser_t *parser, weft_str_t text) {
    version_t version;
    if (weft_version_parse(text, false, &version)) return NULL;
    return weft_error_new(WEFT_INVALID, "`%.*s` is not a valid name: `%.*s` is not a version",
                          STR_ARG(parser->whole), STR_ARG(text));
}

/* {>=1.0.0}, {<2.0.0}, {>=1.0.0 <2.0.0} */
static weft_error_t *version_range(parser_t *parser) {
    TRY(expect(parser, "{"));
    size_t end = find(parser->left, '}');
    parser_t range = {take(parser, end), parser->whole};
    TRY(expect(parser, "}"));
    if (eat(&range, ">=")) {
        TRY(semver(parser, take(&range, find(range.left, ' '))));
        if (!range.left.len) return NULL;
        TRY(expect(&range, " "));
    }
    TRY(expect(&range, "<"));
    return semver(parser, range.left);
}

static bool is_base64(weft_str_t text) {
    size_t len = text.len;
    while (len && text.len - len < 2 && text.ptr[len - 1] == '=') len--;
    for (size_t i = 0; i < len; i++) {
        char c = text.ptr[i];
        if (!is_lower(c) && !is_upper(c) && !is_digit(c) && c != '+' && c != '/') return false;
    }
    return len > 0;
}

/* One of the hashes of an integrity=<...>: sha256-BASE64, with ?options behind it. */
static weft_error_t *hash(const parser_t *parser, weft_str_t text) {
    parser_t at = {text, parser->whole};
    if (!eat(&at, "sha256") && !eat(&at, "sha384") && !eat(&at, "sha512"))
        return invalid(parser, "the hash algorithm is none of sha256, sha384, sha512");
    TRY(expect(&at, "-"));
    if (!is_base64(part(at.left, 0, find(at.left, '?'))))
        return invalid(parser, "the hash is not in base64");
    return NULL;
}

static bool is_space(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static weft_error_t *integrity(parser_t *parser) {
    bool any = false;
    TRY(expect(parser, "integrity=<"));
    weft_str_t hashes = take(parser, find(parser->left, '>'));
    TRY(expect(parser, ">"));
    for (size_t i = 0; i < hashes.len;) {
        size_t start = i;
        while (i < hashes.len && !is_space(hashes.ptr[i])) i++;
        if (i > start) {
            TRY(hash(parser, part(hashes, start, i)));
            any = true;
        }
        while (i < hashes.len && is_space(hashes.ptr[i])) i++;
    }
    return any ? NULL : invalid(parser, "there is no hash");
}

static weft_error_t *optional_integrity(parser_t *parser) {
    return eat(parser, ",") ? integrity(parser) : NULL;
}

static weft_error_t *unlocked_dep(parser_t *parser, name_t *name) {
    TRY(expect(parser, "<"));
    TRY(package_path(parser, name));
    if (eat(parser, "@") && !eat(parser, "*")) TRY(version_range(parser));
    return expect(parser, ">");
}

static weft_error_t *locked_dep(parser_t *parser, name_t *name) {
    TRY(expect(parser, "<"));
    TRY(package_path(parser, name));
    if (eat(parser, "@")) {
        name->version = take(parser, find(parser->left, '>'));
        TRY(semver(parser, name->version));
    }
    TRY(expect(parser, ">"));
    return optional_integrity(parser);
}

static weft_error_t *url(parser_t *parser) {
    TRY(expect(parser, "<"));
    weft_str_t address = take(parser, find(parser->left, '>'));
    if (find(address, '<') < address.len) return invalid(parser, "a URL has no `<` in it");
    TRY(expect(parser, ">"));
    return optional_integrity(parser);
}

/* ---- all ------------------------------------------------------------------------------------ */

static weft_error_t *parse(parser_t *parser, name_t *name) {
    if (eat(parser, "[constructor]")) {
        name->kind = NAME_CONSTRUCTOR;
        name->resource = take(parser, parser->left.len);
        return check_label(parser, name->resource);
    }
    if (eat(parser, "[method]")) {
        name->kind = NAME_METHOD;
        return member(parser, name);
    }
    if (eat(parser, "[static]")) {
        name->kind = NAME_STATIC;
        return member(parser, name);
    }
    name->kind = NAME_DEPENDENCY;
    if (eat(parser, "unlocked-dep=")) return unlocked_dep(parser, name);
    if (eat(parser, "locked-dep=")) return locked_dep(parser, name);
    name->kind = NAME_URL;
    if (eat(parser, "url=")) return url(parser);
    name->kind = NAME_HASH;
    parser_t ahead = *parser;
    if (eat(&ahead, "integrity=")) return integrity(parser);
    if (find(parser->left, ':') < parser->left.len) return interface_name(parser, name);
    name->kind = NAME_LABEL;
    eat_accessor(parser, name);
    name->label = take(parser, parser->left.len);
    return check_label(parser, name->label);
}

weft_error_t *weft_name_parse(weft_str_t text, name_t *name) {
    parser_t parser = {text, text};
    *name = (name_t){0};
    TRY(parse(&parser, name));
    if (!parser.left.len) return NULL;
    return weft_error_new(WEFT_INVALID, "`%.*s` is not a valid name: `%.*s` is too much",
                          STR_ARG(text), STR_ARG(parser.left));
}

/* ---- uniqueness ----------------------------------------------------------------------------- */

static void canonical(buf_t *out, weft_str_t text) {
    if (!weft_buf_reserve(out, text.len)) return;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        out->data[out->len++] = (uint8_t)(is_upper(c) ? c - 'A' + 'a' : c);
    }
}

/* `a.b`; `l` alone when both sides of the dot are the same `l`. */
static bool is_self_named(const buf_t *out, size_t start) {
    weft_str_t text = part(weft_buf_as_str(out), start, out->len);
    size_t dot = find(text, '.');
    return text.len == 2 * dot + 1 && memcmp(text.ptr, text.ptr + dot + 1, dot) == 0;
}

static void member_key(buf_t *out, weft_str_t text, bool is_setter) {
    size_t start = out->len;
    canonical(out, text);
    if (out->failed) return;
    if (is_self_named(out, start)) {
        out->len = start + (out->len - start) / 2;
    } else if (is_setter) {
        out->len = start;
        weft_buf_printf(out, "[set]");
        canonical(out, text);
    }
}

void weft_name_key(buf_t *out, weft_str_t text) {
    parser_t parser = {text, text};
    name_t name = {0};
    if (find(text, '=') < text.len) { /* dependencies, URLs and hashes are as they are */
        weft_buf_str(out, text);
        return;
    }
    if (eat(&parser, "[constructor]")) {
        weft_buf_printf(out, "[constructor]");
        canonical(out, parser.left);
        return;
    }
    (void)(eat(&parser, "[method]") || eat(&parser, "[static]"));
    eat_accessor(&parser, &name);
    size_t at = find(parser.left, '@');
    member_key(out, part(parser.left, 0, at), name.accessor == ACCESSOR_SET);
    weft_buf_str(out, part(parser.left, at, parser.left.len));
}

/* ---- versions ------------------------------------------------------------------------------- */

/* `1`, `0.2`, `0.0.3`: the part of a version within which versions are compatible may stand for itself
 * (Explainer.md, Canonical Interface Name): all but the last number are 0. */
static bool is_canonical(weft_str_t text) {
    version_t version;
    if (!weft_version_parse(text, true, &version) || version.pre.len) return false;
    for (unsigned i = 0; i + 1 < version.parts; i++)
        if (version.part[i]) return false;
    return version.parts == 3 || version.part[version.parts - 1] != 0;
}

weft_error_t *weft_name_check_version(const name_t *name, weft_str_t suffix) {
    version_t version;
    buf_t whole = {0};
    weft_error_t *error = NULL;
    if (!name->version.ptr) return NULL;
    if (!suffix.ptr && weft_version_parse(name->version, false, &version)) return NULL;
    weft_buf_str(&whole, name->version);
    if (suffix.ptr) weft_buf_str(&whole, suffix);
    weft_str_t text = weft_buf_as_str(&whole);
    if (whole.failed) error = weft_error_oom();
    else if (!weft_version_parse(text, false, &version) &&
             (suffix.ptr || !is_canonical(name->version)))
        error = weft_error_new(WEFT_INVALID, "`%.*s` is not a version", STR_ARG(text));
    weft_buf_free(&whole);
    return error;
}

name_match_t weft_names_match(weft_str_t a, weft_str_t b) {
    weft_str_t name_a, name_b, version_a, version_b;
    if (weft_str_eq(a, b)) return NAMES_EQUAL;
    weft_split_version(a, &name_a, &version_a);
    weft_split_version(b, &name_b, &version_b);
    if (!weft_str_eq(name_a, name_b)) return NAMES_DIFFER;
    return weft_version_compatible(version_a, version_b) ? NAMES_COMPATIBLE : NAMES_DIFFER;
}
