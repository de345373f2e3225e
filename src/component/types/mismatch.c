/* Two types that should be equal are not: this walks both to the first difference and says what stands
 * there on each side. */
#include "component/types/mismatch.h"

#include <stdio.h>

#include "support/alloc.h"

/* ---- the path ------------------------------------------------------------------------------- */

static bool is_interface(weft_str_t name) {
    return name.len && memchr(name.ptr, ':', name.len);
}

place_t weft_place_of_item(const place_t *outer, weft_str_t name, const extern_type_t *type) {
    const char *words;
    switch (type->sort) {
    case SORT_INSTANCE: words = is_interface(name) ? "interface" : "instance"; break;
    case SORT_FUNC: words = "function"; break;
    case SORT_CORE_MODULE: words = "module"; break;
    default: words = weft_sort_words(type->sort); break;
    }
    return (place_t){outer, words, name, -1};
}

static void print_place(buf_t *out, const place_t *place) {
    if (!place) return;
    if (place->outer) {
        print_place(out, place->outer);
        weft_buf_printf(out, ", ");
    }
    weft_buf_printf(out, "%s", place->words);
    if (place->number >= 0) weft_buf_printf(out, " %lld", (long long)place->number);
    if (is_interface(place->name)) weft_buf_printf(out, " %.*s", STR_ARG(place->name));
    else if (place->name.len) weft_buf_printf(out, " \"%.*s\"", STR_ARG(place->name));
}

weft_error_t *weft_mismatch(const match_t *match, const place_t *place, const char *asked,
                            const char *given) {
    buf_t path = {0};
    weft_error_t *error;
    print_place(&path, place);
    if (place) {
        error = weft_error_new(WEFT_MISMATCH, "the types do not match: %.*s",
                               STR_ARG(weft_buf_as_str(&path)));
    } else {
        error = weft_error_new(WEFT_MISMATCH, "the types do not match");
    }
    weft_buf_free(&path);
    error = weft_error_with_note(error, "%s has %s", match->given_words, given);
    return weft_error_with_note(error, "%s has %s", match->asked_words, asked);
}

weft_error_t *weft_mismatch_missing(const match_t *match, const place_t *place) {
    buf_t path = {0};
    print_place(&path, place);
    weft_error_t *error =
        weft_error_new(WEFT_MISMATCH, "missing: %.*s", STR_ARG(weft_buf_as_str(&path)));
    weft_buf_free(&path);
    return weft_error_with_note(error, "%s asks for it, %s has nothing of that name",
                                match->asked_words, match->given_words);
}

/* ---- texts ---------------------------------------------------------------------------------- */

/* The printed form of one side, "" when there is no memory for it. */
static char *text_of(buf_t *buf) {
    weft_buf_byte(buf, 0);
    return buf->failed ? "" : (char *)buf->data;
}

static weft_error_t *differ(const match_t *match, const place_t *place, const type_t *asked,
                            const type_t *given) {
    buf_t a = {0}, b = {0};
    if (asked) weft_type_print(&a, asked);
    else weft_buf_printf(&a, "nothing");
    if (given) weft_type_print(&b, given);
    else weft_buf_printf(&b, "nothing");
    weft_error_t *error = weft_mismatch(match, place, text_of(&a), text_of(&b));
    weft_buf_free(&a);
    weft_buf_free(&b);
    return error;
}

static weft_error_t *differ_resource(const match_t *match, const place_t *place,
                                     const type_t *asked, const type_t *given) {
    weft_error_t *error = differ(match, place, asked, given);
    if (!weft_str_eq(asked->resource->name, given->resource->name)) return error;
    return weft_error_with_note(error, "these are two different resources with one name");
}

static weft_error_t *differ_name(const match_t *match, const place_t *place, const char *words,
                                 weft_str_t asked, weft_str_t given) {
    buf_t a = {0}, b = {0};
    weft_buf_printf(&a, "%s \"%.*s\"", words, STR_ARG(asked));
    weft_buf_printf(&b, "%s \"%.*s\"", words, STR_ARG(given));
    weft_error_t *error = weft_mismatch(match, place, text_of(&a), text_of(&b));
    weft_buf_free(&a);
    weft_buf_free(&b);
    return error;
}

static weft_error_t *differ_count(const match_t *match, const place_t *place, const char *words,
                                  uint32_t asked, uint32_t given) {
    char a[64], b[64];
    (void)snprintf(a, sizeof a, "%u %s%s", (unsigned)asked, words, asked == 1 ? "" : "s");
    (void)snprintf(b, sizeof b, "%u %s%s", (unsigned)given, words, given == 1 ? "" : "s");
    return weft_mismatch(match, place, a, b);
}

/* ---- value types ---------------------------------------------------------------------------- */

static const char *field_words(type_kind_t kind) {
    switch (kind) {
    case TYPE_RECORD: return "field";
    case TYPE_VARIANT:
    case TYPE_ENUM: return "case";
    case TYPE_FLAGS: return "flag";
    default: return "element";
    }
}

static weft_error_t *mismatch_fields(const match_t *match, const place_t *place,
                                     const type_t *asked, const type_t *given) {
    const char *words = field_words(asked->kind);
    for (uint32_t i = 0; i < asked->field_count && i < given->field_count; i++) {
        const type_field_t *a = &asked->fields[i], *b = &given->fields[i];
        if (!weft_str_eq(a->name, b->name)) {
            return differ_name(match, place, words, a->name, b->name);
        }
        if (a->type == b->type) continue;
        place_t inner = {place, words, a->name, asked->kind == TYPE_TUPLE ? (int64_t)i : -1};
        return weft_mismatch_types(match, &inner, a->type, b->type);
    }
    return differ_count(match, place, words, asked->field_count, given->field_count);
}

static weft_error_t *inside(const match_t *match, const place_t *place, const char *words,
                            const type_t *asked, const type_t *given) {
    place_t inner = {place, words, {NULL, 0}, -1};
    return weft_mismatch_types(match, &inner, asked, given);
}

weft_error_t *weft_mismatch_types(const match_t *match, const place_t *place, const type_t *asked,
                                  const type_t *given) {
    if (!asked || !given || asked->kind != given->kind) return differ(match, place, asked, given);
    switch (asked->kind) {
    case TYPE_RECORD:
    case TYPE_VARIANT:
    case TYPE_TUPLE:
    case TYPE_FLAGS:
    case TYPE_ENUM: return mismatch_fields(match, place, asked, given);
    case TYPE_OWN:
    case TYPE_BORROW: return differ_resource(match, place, asked, given);
    case TYPE_MAP:
        if (asked->key != given->key) return inside(match, place, "key", asked->key, given->key);
        return inside(match, place, "value", asked->element, given->element);
    case TYPE_RESULT:
        if (asked->element != given->element) {
            return inside(match, place, "case \"ok\"", asked->element, given->element);
        }
        return inside(match, place, "case \"error\"", asked->error, given->error);
    default: break;
    }
    if (asked->element == given->element) return differ(match, place, asked, given); /* lengths */
    return inside(match, place, "element", asked->element, given->element);
}

/* ---- function types ------------------------------------------------------------------------- */

weft_error_t *weft_mismatch_funcs(const match_t *match, const place_t *place,
                                  const func_type_t *asked, const func_type_t *given) {
    if (asked->is_async != given->is_async) {
        return weft_mismatch(match, place, asked->is_async ? "an async function" : "a function",
                             given->is_async ? "an async function" : "a function");
    }
    for (uint32_t i = 0; i < asked->param_count && i < given->param_count; i++) {
        const type_field_t *a = &asked->params[i], *b = &given->params[i];
        if (!weft_str_eq(a->name, b->name)) {
            return differ_name(match, place, "parameter", a->name, b->name);
        }
        if (a->type == b->type) continue;
        place_t inner = {place, "parameter", a->name, -1};
        return weft_mismatch_types(match, &inner, a->type, b->type);
    }
    if (asked->param_count != given->param_count) {
        return differ_count(match, place, "parameter", asked->param_count, given->param_count);
    }
    return inside(match, place, "result", asked->result, given->result);
}
