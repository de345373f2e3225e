/* Reading WAVE: one function for each type constructor, called with the lexer at the value's first
 * token. The recursion follows the type, so it is as deep as the type and no deeper. */
#include <weft/value.h>

#include "support/alloc.h"
#include "value/number.h"
#include "value/wave.h"

/* From this many labels on, a type's labels are looked up in a map. */
#define MANY_LABELS 16

/* ---- the reader ------------------------------------------------------------------------------- */

weft_error_t *weft_wave_reader_open(wave_reader_t *reader, weft_str_t text, size_t at) {
    *reader = (wave_reader_t){0};
    return weft_wave_lex_open(&reader->lexer, text, at);
}

void weft_wave_reader_close(wave_reader_t *reader) {
    for (size_t i = 0; i < reader->labels.capacity; i++) {
        map_t *labels = reader->labels.entries[i].value;
        if (!labels) continue;
        weft_map_free(labels);
        weft_free(labels);
    }
    weft_map_free(&reader->labels);
}

static weft_error_t *next(wave_reader_t *reader) {
    return weft_wave_lex_next(&reader->lexer);
}

static bool is_at(const wave_reader_t *reader, wave_token_kind_t kind) {
    return reader->lexer.kind == kind;
}

weft_error_t *weft_wave_expect(wave_reader_t *reader, wave_token_kind_t kind, const char *what) {
    if (!is_at(reader, kind)) return weft_wave_lex_expected(&reader->lexer, "%s", what);
    return next(reader);
}

weft_error_t *weft_wave_more(wave_reader_t *reader, wave_token_kind_t close, const char *what,
                             bool *more) {
    if (is_at(reader, WAVE_COMMA)) {
        TRY(next(reader));
        *more = !is_at(reader, close);
        return NULL;
    }
    if (!is_at(reader, close)) return weft_wave_lex_expected(&reader->lexer, "`,` or %s", what);
    *more = false;
    return NULL;
}

/* ---- errors that name a type ------------------------------------------------------------------ */

/* "expected <what> (<type>), found ...": long types are cut. */
static weft_error_t *expected(const wave_reader_t *reader, const char *what, const type_t *type) {
    buf_t name = {0};
    weft_type_print(&name, type);
    weft_str_t str = weft_buf_as_str(&name);
    bool cut = str.len > 120;
    if (cut) str.len = 100;
    weft_error_t *error = name.failed ? weft_error_oom()
                                      : weft_wave_lex_expected(&reader->lexer, "%s (%.*s%s)", what,
                                                               STR_ARG(str), cut ? "..." : "");
    weft_buf_free(&name);
    return error;
}

/* A note that lists the labels of a type; `prefix` "%" where keywords need it. */
static weft_error_t *with_labels(weft_error_t *error, const char *what, const type_t *type,
                                 bool cases) {
    buf_t list = {0};
    for (uint32_t i = 0; i < type->field_count && list.len < 200; i++) {
        weft_str_t name = type->fields[i].name;
        weft_buf_printf(&list, "%s%s%.*s", i ? ", " : "",
                        cases && weft_wave_is_keyword(name) ? "%" : "", STR_ARG(name));
        if (list.len >= 200 && i + 1 < type->field_count) weft_buf_printf(&list, ", ...");
    }
    weft_str_t names = weft_buf_as_str(&list);
    if (!list.failed) error = weft_error_with_note(error, "the %s are: %.*s", what, STR_ARG(names));
    weft_buf_free(&list);
    return error;
}

/* ---- labels ----------------------------------------------------------------------------------- */

/* The map of a type's labels, made at its first use. Values are the fields, keyed by their names. */
static weft_error_t *labels_of(wave_reader_t *reader, const type_t *type, map_t **labels) {
    *labels = weft_map_get_ptr(&reader->labels, type);
    if (*labels) return NULL;
    map_t *made = weft_alloc_zero(1, sizeof *made);
    if (!made) return weft_error_oom();
    weft_error_t *error = weft_map_set_ptr(&reader->labels, type, made);
    if (error) {
        weft_free(made);
        return error;
    }
    for (uint32_t i = 0; i < type->field_count; i++) {
        void *field = (void *)(uintptr_t)&type->fields[i];
        TRY(weft_map_set(made, type->fields[i].name, field));
    }
    *labels = made;
    return NULL;
}

/* The index of a label among the type's, or field_count when there is none such. `guess` is tried
 * first: texts mostly name fields in order. */
static weft_error_t *find_label(wave_reader_t *reader, const type_t *type, weft_str_t label,
                                uint32_t guess, uint32_t *index) {
    if (guess < type->field_count && weft_str_eq(type->fields[guess].name, label)) {
        *index = guess;
        return NULL;
    }
    if (type->field_count >= MANY_LABELS) {
        map_t *labels;
        TRY(labels_of(reader, type, &labels));
        const type_field_t *field = weft_map_get(labels, label);
        *index = field ? (uint32_t)(field - type->fields) : type->field_count;
        return NULL;
    }
    *index = 0;
    while (*index < type->field_count && !weft_str_eq(type->fields[*index].name, label)) ++*index;
    return NULL;
}

/* ---- primitives ------------------------------------------------------------------------------- */

static weft_error_t *read_bool(wave_reader_t *reader, const type_t *type, weft_value_t *value) {
    bool is_true = weft_wave_lex_is_word(&reader->lexer, "true");
    if (!is_true && !weft_wave_lex_is_word(&reader->lexer, "false"))
        return expected(reader, "`true` or `false`", type);
    TRY(next(reader));
    *value = weft_bool(is_true);
    return NULL;
}

static weft_error_t *out_of_range(const wave_reader_t *reader, const type_t *type) {
    weft_str_t text = weft_wave_lex_slice(&reader->lexer);
    bool whole = !memchr(text.ptr, '.', text.len) && !memchr(text.ptr, 'e', text.len) &&
                 !memchr(text.ptr, 'E', text.len) && !memchr(text.ptr, 'f', text.len);
    return expected(reader, whole ? "a number in its range" : "a whole number", type);
}

static weft_error_t *read_unsigned(wave_reader_t *reader, const type_t *type, uint64_t max,
                                   weft_value_t *value) {
    uint64_t number;
    if (!is_at(reader, WAVE_NUMBER)) return expected(reader, "a whole number", type);
    if (!weft_number_u64(weft_wave_lex_slice(&reader->lexer), max, &number))
        return out_of_range(reader, type);
    TRY(next(reader));
    switch (type->kind) {
    case TYPE_U8: *value = weft_u8((uint8_t)number); break;
    case TYPE_U16: *value = weft_u16((uint16_t)number); break;
    case TYPE_U32: *value = weft_u32((uint32_t)number); break;
    default: *value = weft_u64(number); break;
    }
    return NULL;
}

static weft_error_t *read_signed(wave_reader_t *reader, const type_t *type, int64_t min,
                                 int64_t max, weft_value_t *value) {
    int64_t number;
    if (!is_at(reader, WAVE_NUMBER)) return expected(reader, "a whole number", type);
    if (!weft_number_s64(weft_wave_lex_slice(&reader->lexer), min, max, &number))
        return out_of_range(reader, type);
    TRY(next(reader));
    switch (type->kind) {
    case TYPE_S8: *value = weft_s8((int8_t)number); break;
    case TYPE_S16: *value = weft_s16((int16_t)number); break;
    case TYPE_S32: *value = weft_s32((int32_t)number); break;
    default: *value = weft_s64(number); break;
    }
    return NULL;
}

static weft_error_t *read_float(wave_reader_t *reader, const type_t *type, weft_value_t *value) {
    weft_str_t text = weft_wave_lex_slice(&reader->lexer);
    bool word = weft_wave_lex_is_word(&reader->lexer, "nan") ||
                weft_wave_lex_is_word(&reader->lexer, "inf");
    if (!is_at(reader, WAVE_NUMBER) && !word) return expected(reader, "a number", type);
    if (type->kind == TYPE_F32) {
        float number;
        TRY(weft_number_f32(text, &number));
        *value = weft_f32(number);
    } else {
        double number;
        TRY(weft_number_f64(text, &number));
        *value = weft_f64(number);
    }
    return next(reader);
}

static weft_error_t *read_char(wave_reader_t *reader, const type_t *type, weft_value_t *value) {
    uint32_t character;
    if (!is_at(reader, WAVE_CHAR)) return expected(reader, "a character in single quotes", type);
    TRY(weft_wave_lex_char(&reader->lexer, &character));
    TRY(next(reader));
    *value = weft_char(character);
    return NULL;
}

static weft_error_t *read_string(wave_reader_t *reader, const type_t *type, weft_value_t *value) {
    buf_t text = {0};
    if (!is_at(reader, WAVE_STRING) && !is_at(reader, WAVE_MULTILINE))
        return expected(reader, "a string in double quotes", type);
    weft_error_t *error = weft_wave_lex_string(&reader->lexer, &text);
    if (!error) error = next(reader);
    if (error) {
        weft_buf_free(&text);
        return error;
    }
    *value = weft_string_of(weft_buf_as_str(&text));
    value->borrowed = false;
    return NULL;
}

/* ---- sequences -------------------------------------------------------------------------------- */

static weft_error_t *push_value(wave_reader_t *reader, const type_t *type, value_vec_t *items) {
    weft_value_t item;
    TRY(weft_wave_read_value(reader, type, &item));
    weft_error_t *error = VEC_PUSH(items, item);
    if (error) weft_value_clear(&item);
    return error;
}

/* `[a, b]` of u8, as packed bytes. */
static weft_error_t *read_byte_items(wave_reader_t *reader, const type_t *type, buf_t *bytes) {
    TRY(weft_wave_expect(reader, WAVE_BRACKET_OPEN, "`[`"));
    for (bool more = !is_at(reader, WAVE_BRACKET_CLOSE); more;) {
        weft_value_t item;
        TRY(weft_wave_read_value(reader, type->element, &item));
        weft_buf_byte(bytes, item.of.u8);
        TRY(weft_wave_more(reader, WAVE_BRACKET_CLOSE, "`]`", &more));
    }
    return bytes->failed ? weft_error_oom() : next(reader);
}

static weft_error_t *read_items(wave_reader_t *reader, const type_t *type, value_vec_t *items) {
    TRY(weft_wave_expect(reader, WAVE_BRACKET_OPEN, "`[`"));
    for (bool more = !is_at(reader, WAVE_BRACKET_CLOSE); more;) {
        TRY(push_value(reader, type->element, items));
        TRY(weft_wave_more(reader, WAVE_BRACKET_CLOSE, "`]`", &more));
    }
    return next(reader);
}

static weft_error_t *wrong_length(const wave_reader_t *reader, size_t at, const type_t *type,
                                  size_t count) {
    return weft_wave_lex_error(&reader->lexer, at, "expected %u elements, found %zu", type->length,
                               count);
}

static weft_error_t *read_list(wave_reader_t *reader, const type_t *type, weft_value_t *value) {
    size_t start = reader->lexer.start, count;
    value_vec_t items = {0};
    buf_t bytes = {0};
    weft_error_t *error;
    if (!is_at(reader, WAVE_BRACKET_OPEN)) return expected(reader, "a list in `[ ]`", type);
    if (type->element->kind == TYPE_U8) {
        error = read_byte_items(reader, type, &bytes);
        *value = weft_byte_list(bytes.data, bytes.len);
        value->borrowed = false;
        count = value->of.bytes.len;
    } else {
        error = read_items(reader, type, &items);
        *value = weft_value_of_vec(WEFT_LIST, &items);
        count = value->of.list.count;
    }
    if (!error && type->kind == TYPE_FIXED_LIST && count != type->length)
        error = wrong_length(reader, start, type, count);
    if (error) weft_value_clear(value);
    return error;
}

/* A map is the list of pairs that it is short for: [(key, value), ...]. */
static weft_error_t *read_entries(wave_reader_t *reader, const type_t *type, value_vec_t *items) {
    TRY(weft_wave_expect(reader, WAVE_BRACKET_OPEN, "`[`"));
    for (bool more = !is_at(reader, WAVE_BRACKET_CLOSE); more;) {
        TRY(weft_wave_expect(reader, WAVE_PAREN_OPEN, "`(` before a key and its value"));
        TRY(push_value(reader, type->key, items));
        TRY(weft_wave_expect(reader, WAVE_COMMA, "`,` between a key and its value"));
        TRY(push_value(reader, type->element, items));
        if (is_at(reader, WAVE_COMMA)) TRY(next(reader));
        TRY(weft_wave_expect(reader, WAVE_PAREN_CLOSE, "`)` behind a key and its value"));
        TRY(weft_wave_more(reader, WAVE_BRACKET_CLOSE, "`]`", &more));
    }
    return next(reader);
}

static weft_error_t *read_map(wave_reader_t *reader, const type_t *type, weft_value_t *value) {
    value_vec_t items = {0};
    if (!is_at(reader, WAVE_BRACKET_OPEN))
        return expected(reader, "a list of (key, value) pairs", type);
    weft_error_t *error = read_entries(reader, type, &items);
    *value = weft_value_of_vec(WEFT_MAP, &items);
    if (error) weft_value_clear(value);
    return error;
}

static weft_error_t *read_tuple_items(wave_reader_t *reader, const type_t *type,
                                      value_vec_t *items) {
    TRY(next(reader));
    for (uint32_t i = 0; i < type->field_count; i++) {
        bool more = true;
        if (is_at(reader, WAVE_PAREN_CLOSE))
            return expected(reader, i ? "another element" : "an element", type->fields[i].type);
        TRY(push_value(reader, type->fields[i].type, items));
        TRY(weft_wave_more(reader, WAVE_PAREN_CLOSE, "`)`", &more));
        if (more && i + 1 == type->field_count)
            return weft_wave_lex_expected(&reader->lexer, "`)` behind %u elements", i + 1);
    }
    return weft_wave_expect(reader, WAVE_PAREN_CLOSE, "`)`");
}

static weft_error_t *read_tuple(wave_reader_t *reader, const type_t *type, weft_value_t *value) {
    value_vec_t items = {0};
    if (!is_at(reader, WAVE_PAREN_OPEN)) return expected(reader, "a tuple in `( )`", type);
    weft_error_t *error = read_tuple_items(reader, type, &items);
    *value = weft_value_of_vec(WEFT_TUPLE, &items);
    if (error) weft_value_clear(value);
    return error;
}

/* ---- records and flags ------------------------------------------------------------------------ */

/* A label of the type in a record or flags; consumes it. */
static weft_error_t *read_label(wave_reader_t *reader, const type_t *type, const char *one,
                                const char *many, uint32_t guess, uint32_t *index) {
    if (!is_at(reader, WAVE_LABEL)) return expected(reader, one, type);
    weft_str_t label = weft_wave_lex_label(&reader->lexer);
    TRY(find_label(reader, type, label, guess, index));
    if (*index == type->field_count)
        return with_labels(weft_wave_lex_error(&reader->lexer, reader->lexer.start,
                                               "there is no %s `%.*s`", one + 2, STR_ARG(label)),
                           many, type, false);
    return NULL;
}

/* Fields come in any order; `seen` marks those that came. */
static weft_error_t *read_fields(wave_reader_t *reader, const type_t *type, weft_value_t *fields,
                                 bool *seen) {
    uint32_t index = UINT32_MAX;
    TRY(next(reader));
    if (is_at(reader, WAVE_COLON)) { /* {:} is the record in which all fields are left out */
        TRY(next(reader));
        return weft_wave_expect(reader, WAVE_BRACE_CLOSE, "`}`");
    }
    for (bool more = true; more;) {
        TRY(read_label(reader, type, "a field", "fields", index + 1, &index));
        if (seen[index])
            return weft_wave_lex_error(&reader->lexer, reader->lexer.start,
                                       "the field `%.*s` is given twice",
                                       STR_ARG(type->fields[index].name));
        TRY(next(reader));
        TRY(weft_wave_expect(reader, WAVE_COLON, "`:` behind a field's name"));
        TRY(weft_wave_read_value(reader, type->fields[index].type, &fields[index]));
        seen[index] = true;
        TRY(weft_wave_more(reader, WAVE_BRACE_CLOSE, "`}`", &more));
    }
    return next(reader);
}

static weft_error_t *fill_left_out(const wave_reader_t *reader, const type_t *type, size_t start,
                                   weft_value_t *fields, const bool *seen) {
    for (uint32_t i = 0; i < type->field_count; i++) {
        if (seen[i]) continue;
        if (type->fields[i].type->kind != TYPE_OPTION)
            return weft_wave_lex_error(&reader->lexer, start, "the field `%.*s` is missing",
                                       STR_ARG(type->fields[i].name));
        fields[i] = weft_none();
        fields[i].borrowed = false;
    }
    return NULL;
}

static weft_error_t *read_record(wave_reader_t *reader, const type_t *type, weft_value_t *value) {
    size_t start = reader->lexer.start;
    if (!is_at(reader, WAVE_BRACE_OPEN)) return expected(reader, "a record in `{ }`", type);
    weft_value_t *fields = weft_alloc_zero(type->field_count, sizeof *fields);
    bool *seen = weft_alloc_zero(type->field_count, sizeof *seen);
    weft_error_t *error = fields && seen ? NULL : weft_error_oom();
    if (!error) error = read_fields(reader, type, fields, seen);
    if (!error) error = fill_left_out(reader, type, start, fields, seen);
    weft_free(seen);
    *value = weft_record(fields, fields ? type->field_count : 0);
    value->borrowed = false;
    if (error) weft_value_clear(value);
    return error;
}

static weft_error_t *read_flags(wave_reader_t *reader, const type_t *type, weft_value_t *value) {
    uint32_t index = UINT32_MAX, flags = 0;
    if (!is_at(reader, WAVE_BRACE_OPEN)) return expected(reader, "flags in `{ }`", type);
    TRY(next(reader));
    for (bool more = !is_at(reader, WAVE_BRACE_CLOSE); more;) {
        TRY(read_label(reader, type, "a flag", "flags", index + 1, &index));
        if (index >= 32) return weft_error_new(WEFT_LIMIT, "flags may have 32 labels at most");
        if (flags >> index & 1)
            return weft_wave_lex_error(&reader->lexer, reader->lexer.start,
                                       "the flag `%.*s` is given twice",
                                       STR_ARG(type->fields[index].name));
        flags |= UINT32_C(1) << index;
        TRY(next(reader));
        TRY(weft_wave_more(reader, WAVE_BRACE_CLOSE, "`}`", &more));
    }
    TRY(next(reader));
    *value = weft_flags(flags);
    return NULL;
}

/* ---- cases ------------------------------------------------------------------------------------ */

/* What follows the word of a case: its payload in parentheses, when the type has one. */
static weft_error_t *read_payload(wave_reader_t *reader, const type_t *payload, weft_str_t name,
                                  weft_kind_t kind, uint32_t index, weft_value_t *value) {
    weft_value_t inner;
    if (!payload) {
        if (is_at(reader, WAVE_PAREN_OPEN))
            return weft_wave_lex_error(&reader->lexer, reader->lexer.start,
                                       "the case `%.*s` has no payload", STR_ARG(name));
        return weft_value_of_case(kind, index, NULL, value);
    }
    if (!is_at(reader, WAVE_PAREN_OPEN)) {
        weft_error_t *error = expected(reader, "`(` and the case's payload", payload);
        return weft_error_with_note(error, "the case `%.*s` has a payload", STR_ARG(name));
    }
    TRY(next(reader));
    TRY(weft_wave_read_value(reader, payload, &inner));
    weft_error_t *error = weft_wave_expect(reader, WAVE_PAREN_CLOSE, "`)` behind the payload");
    if (error) {
        weft_value_clear(&inner);
        return error;
    }
    return weft_value_of_case(kind, index, &inner, value);
}

/* The case that the token names, in a variant or enum; consumes it. */
static weft_error_t *read_case(wave_reader_t *reader, const type_t *type, uint32_t *index) {
    if (!is_at(reader, WAVE_LABEL)) return expected(reader, "the name of a case", type);
    weft_str_t written = weft_wave_lex_slice(&reader->lexer);
    weft_str_t label = weft_wave_lex_label(&reader->lexer);
    TRY(find_label(reader, type, label, UINT32_MAX, index));
    if (*index == type->field_count)
        return with_labels(weft_wave_lex_error(&reader->lexer, reader->lexer.start,
                                               "there is no case `%.*s`", STR_ARG(label)),
                           "cases", type, true);
    if (weft_wave_is_keyword(written))
        return weft_error_with_help(weft_wave_lex_error(&reader->lexer, reader->lexer.start,
                                                        "`%.*s` is a keyword, not a case",
                                                        STR_ARG(written)),
                                    "the case of that name is written %%%.*s", STR_ARG(written));
    return next(reader);
}

static weft_error_t *read_variant(wave_reader_t *reader, const type_t *type, weft_value_t *value) {
    uint32_t index;
    TRY(read_case(reader, type, &index));
    return read_payload(reader, type->fields[index].type, type->fields[index].name, WEFT_VARIANT,
                        index, value);
}

static weft_error_t *read_enum(wave_reader_t *reader, const type_t *type, weft_value_t *value) {
    uint32_t index;
    TRY(read_case(reader, type, &index));
    *value = weft_enum(index);
    value->borrowed = false;
    return NULL;
}

/* A payload may stand for `some(payload)` or `ok(payload)`, unless it is an option or result itself. */
static bool may_be_flat(const type_t *payload) {
    return payload && payload->kind != TYPE_OPTION && payload->kind != TYPE_RESULT;
}

static weft_error_t *read_flat(wave_reader_t *reader, const type_t *payload, weft_kind_t kind,
                               uint32_t index, weft_value_t *value) {
    weft_value_t inner;
    TRY(weft_wave_read_value(reader, payload, &inner));
    return weft_value_of_case(kind, index, &inner, value);
}

static weft_error_t *read_option(wave_reader_t *reader, const type_t *type, weft_value_t *value) {
    bool some = weft_wave_lex_is_word(&reader->lexer, "some");
    if (some || weft_wave_lex_is_word(&reader->lexer, "none")) {
        TRY(next(reader));
        return read_payload(reader, some ? type->element : NULL,
                            some ? STR_LIT("some") : STR_LIT("none"), WEFT_OPTION, some, value);
    }
    if (may_be_flat(type->element)) return read_flat(reader, type->element, WEFT_OPTION, 1, value);
    return expected(reader, "`some(...)` or `none`", type);
}

static weft_error_t *read_result(wave_reader_t *reader, const type_t *type, weft_value_t *value) {
    bool err = weft_wave_lex_is_word(&reader->lexer, "err");
    if (err || weft_wave_lex_is_word(&reader->lexer, "ok")) {
        TRY(next(reader));
        return read_payload(reader, err ? type->error : type->element,
                            err ? STR_LIT("err") : STR_LIT("ok"), WEFT_RESULT, err, value);
    }
    if (may_be_flat(type->element)) return read_flat(reader, type->element, WEFT_RESULT, 0, value);
    return expected(reader, "`ok` or `err`", type);
}

/* ---- handles ---------------------------------------------------------------------------------- */

static weft_error_t *read_handle(wave_reader_t *reader, const type_t *type, weft_value_t *value) {
    if (!reader->handles || !is_at(reader, WAVE_HANDLE))
        return expected(reader, "a handle, `$name`", type);
    weft_str_t name = weft_wave_lex_label(&reader->lexer);
    size_t start = reader->lexer.start;
    TRY(next(reader));
    weft_error_t *error = reader->handles->find(reader->handles->context, name, type, value);
    if (!error || weft_error_code(error) == WEFT_NO_MEMORY) return error;
    weft_str_t problem = weft_error_message(error);
    weft_error_t *placed = weft_wave_lex_error(&reader->lexer, start, "%.*s", STR_ARG(problem));
    weft_error_delete(error);
    return placed;
}

/* ---- any value -------------------------------------------------------------------------------- */

weft_error_t *weft_wave_read_value(wave_reader_t *reader, const type_t *type, weft_value_t *value) {
    if (type->depth > VALUE_MAX_DEPTH)
        return weft_error_new(WEFT_LIMIT, "the type nests more than %d deep", VALUE_MAX_DEPTH);
    switch (type->kind) {
    case TYPE_BOOL: return read_bool(reader, type, value);
    case TYPE_S8: return read_signed(reader, type, INT8_MIN, INT8_MAX, value);
    case TYPE_U8: return read_unsigned(reader, type, UINT8_MAX, value);
    case TYPE_S16: return read_signed(reader, type, INT16_MIN, INT16_MAX, value);
    case TYPE_U16: return read_unsigned(reader, type, UINT16_MAX, value);
    case TYPE_S32: return read_signed(reader, type, INT32_MIN, INT32_MAX, value);
    case TYPE_U32: return read_unsigned(reader, type, UINT32_MAX, value);
    case TYPE_S64: return read_signed(reader, type, INT64_MIN, INT64_MAX, value);
    case TYPE_U64: return read_unsigned(reader, type, UINT64_MAX, value);
    case TYPE_F32:
    case TYPE_F64: return read_float(reader, type, value);
    case TYPE_CHAR: return read_char(reader, type, value);
    case TYPE_STRING: return read_string(reader, type, value);
    case TYPE_RECORD: return read_record(reader, type, value);
    case TYPE_VARIANT: return read_variant(reader, type, value);
    case TYPE_LIST:
    case TYPE_FIXED_LIST: return read_list(reader, type, value);
    case TYPE_TUPLE: return read_tuple(reader, type, value);
    case TYPE_FLAGS: return read_flags(reader, type, value);
    case TYPE_ENUM: return read_enum(reader, type, value);
    case TYPE_OPTION: return read_option(reader, type, value);
    case TYPE_RESULT: return read_result(reader, type, value);
    case TYPE_MAP: return read_map(reader, type, value);
    case TYPE_OWN:
    case TYPE_BORROW: return read_handle(reader, type, value);
    case TYPE_ERROR_CONTEXT:
    case TYPE_STREAM:
    case TYPE_FUTURE:
    case TYPE_KIND_COUNT: break;
    }
    return weft_error_new(WEFT_UNSUPPORTED,
                          "streams, futures and error contexts cannot be written as text");
}

weft_error_t *weft_wave_read(weft_str_t text, const type_t *type, weft_value_t *value) {
    wave_reader_t reader;
    weft_value_t read;
    weft_error_t *error = weft_wave_reader_open(&reader, text, 0);
    if (!error) error = weft_wave_read_value(&reader, type, &read);
    if (!error && !is_at(&reader, WAVE_END)) {
        weft_value_clear(&read);
        error = weft_wave_lex_expected(&reader.lexer, "the end of the value");
    }
    weft_wave_reader_close(&reader);
    if (!error) *value = read;
    return error;
}
