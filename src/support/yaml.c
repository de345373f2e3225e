#include "support/yaml.h"

#include <libfyaml.h>
#include <stdio.h>

#include "support/alloc.h"
#include "support/map.h"
#include "support/utf8.h"
#include "support/vec.h"

enum { LONGEST_SHOWN_LINE = 300 }; /* bytes of a source line that an error repeats */

/* A list or mapping whose end is not reached. A mapping's children are key, value, key, value. */
typedef struct frame {
    yaml_t *node;
    VEC(yaml_t *) children;
} frame_t;

typedef struct reader {
    yaml_file_t *file;
    findings_t *findings;
    const char *what;
    struct fy_diag *diag;
    struct fy_parser *parser;
    frame_t frames[YAML_MAX_DEPTH];
    size_t depth;
    uint32_t values;
    uint32_t last; /* where the last value began: the place of those that have no text */
    uint32_t documents;
} reader_t;

/* ---- places --------------------------------------------------------------------------------- */

void weft_yaml_place(const yaml_file_t *file, uint32_t at, uint32_t *line, uint32_t *column) {
    text_place_t place = weft_text_place(file->text, at);
    *line = place.line;
    *column = place.column;
}

static weft_error_t *error_at(const yaml_file_t *file, uint32_t at, const char *message) {
    text_place_t place = weft_text_place(file->text, at);
    weft_str_t source = place.source_line;
    if (source.len > LONGEST_SHOWN_LINE || !weft_utf8_valid(source)) source.len = 0;
    weft_error_t *error =
        weft_error_in_text(WEFT_MALFORMED, place.line, place.column, source, "%s", message);
    return weft_error_with_file(error, file->name);
}

weft_error_t *weft_yaml_error(const yaml_file_t *file, uint32_t at, const char *format, ...) {
    char message[1024];
    va_list args;
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    return error_at(file, at, message);
}

/* ---- before parsing ------------------------------------------------------------------------- */

/* YAML's c-printable, as far as it is about control characters. */
static bool is_forbidden(int32_t c) {
    return (c < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0x7f;
}

static weft_error_t *check_characters(const yaml_file_t *file) {
    size_t at = 0;
    while (at < file->text.len) {
        size_t start = at;
        int32_t c = weft_utf8_next(file->text, &at);
        if (c < 0)
            return weft_yaml_error(file, (uint32_t)start, "the byte 0x%02x is not UTF-8 text",
                                   (unsigned)(uint8_t)file->text.ptr[start]);
        if (is_forbidden(c))
            return weft_yaml_error(file, (uint32_t)start,
                                   "the control character U+%04X is not text", (unsigned)c);
    }
    return NULL;
}

static bool begins_with(weft_str_t text, const char *bytes) {
    size_t len = strlen(bytes);
    return text.len >= len && memcmp(text.ptr, bytes, len) == 0;
}

static weft_error_t *take_text(reader_t *reader, weft_str_t text) {
    if (begins_with(text, "\xEF\xBB\xBF")) text.ptr += 3, text.len -= 3; /* some editors' mark */
    if (begins_with(text, "\xFF\xFE") || begins_with(text, "\xFE\xFF"))
        return weft_error_with_help(
            weft_error_with_file(
                weft_error_new(WEFT_MALFORMED, "%s is UTF-8 text, this is UTF-16", reader->what),
                reader->file->name),
            "save it as UTF-8");
    if (text.len > YAML_MAX_BYTES)
        return weft_error_with_file(weft_error_new(WEFT_LIMIT, "%s may have %d bytes, this has %zu",
                                                   reader->what, YAML_MAX_BYTES, text.len),
                                    reader->file->name);
    reader->file->text = weft_arena_str(&reader->file->arena, text);
    if (!reader->file->text.ptr) return weft_error_oom();
    return check_characters(reader->file);
}

/* ---- the tree ------------------------------------------------------------------------------- */

static weft_error_t *refuse(reader_t *reader, uint32_t at, const char *message, const char *help) {
    weft_error_t *error = error_at(reader->file, at, message);
    weft_findings_add(reader->findings, weft_error_with_help(error, "%s", help));
    return NULL;
}

static weft_error_t *new_node(reader_t *reader, yaml_kind_t kind, const struct fy_mark *mark,
                              yaml_t **node) {
    uint32_t at = mark ? (uint32_t)mark->input_pos : reader->last;
    if (++reader->values > YAML_MAX_VALUES)
        return weft_yaml_error(reader->file, at, "%s may have %d values", reader->what,
                               YAML_MAX_VALUES);
    yaml_t *made = ARENA_NEW(&reader->file->arena, yaml_t);
    if (!made) return weft_error_oom();
    made->kind = kind;
    made->at = reader->last = at;
    *node = made;
    return NULL;
}

static weft_error_t *attach(reader_t *reader, yaml_t *node) {
    if (reader->depth == 0) {
        reader->file->root = node;
        return NULL;
    }
    frame_t *frame = &reader->frames[reader->depth - 1];
    return VEC_PUSH(&frame->children, node);
}

static bool is_null_word(weft_str_t text) {
    static const char *const words[] = {"", "~", "null", "Null", "NULL"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (weft_str_eq(text, weft_str(words[i]))) return true;
    return false;
}

static weft_error_t *read_scalar(reader_t *reader, struct fy_event *event, yaml_t **node) {
    struct fy_token *token = event->scalar.value;
    const struct fy_mark *mark = token ? fy_token_start_mark(token) : NULL;
    size_t length = 0;
    const char *text = token ? fy_token_get_text(token, &length) : "";
    if (!text) return weft_error_oom();
    enum fy_scalar_style style = token ? fy_token_scalar_style(token) : FYSS_PLAIN;
    bool quoted = style != FYSS_PLAIN && style != FYSS_ANY;
    weft_str_t str = {text, length};
    bool is_null = !quoted && is_null_word(str);
    TRY(new_node(reader, is_null ? YAML_NULL : YAML_TEXT, mark, node));
    (*node)->quoted = quoted;
    (*node)->text = weft_arena_str(&reader->file->arena, str);
    if (!(*node)->text.ptr) return weft_error_oom();
    /* A quoted text begins at its quote. */
    weft_str_t whole = reader->file->text;
    uint32_t at = (*node)->at;
    if ((style == FYSS_SINGLE_QUOTED || style == FYSS_DOUBLE_QUOTED) && at > 0 && at <= whole.len &&
        (whole.ptr[at - 1] == '"' || whole.ptr[at - 1] == '\''))
        (*node)->at--;
    return NULL;
}

static weft_error_t *open_frame(reader_t *reader, struct fy_event *event, yaml_kind_t kind) {
    yaml_t *node;
    TRY(new_node(reader, kind, fy_event_start_mark(event), &node));
    if (reader->depth == YAML_MAX_DEPTH)
        return weft_yaml_error(reader->file, node->at,
                               "lists and mappings may be nested %d deep in %s", YAML_MAX_DEPTH,
                               reader->what);
    TRY(attach(reader, node));
    reader->frames[reader->depth++] = (frame_t){.node = node};
    return NULL;
}

static weft_error_t *report_duplicate(reader_t *reader, const yaml_t *key, const yaml_t *first) {
    uint32_t line, column;
    weft_yaml_place(reader->file, first->at, &line, &column);
    weft_error_t *error = weft_yaml_error(reader->file, key->at, "the key `%.*s` stands here twice",
                                          STR_ARG(key->text));
    error = weft_error_with_note(error, "it stands at %u:%u already", line, column);
    weft_findings_add(reader->findings, error);
    return NULL;
}

/* Splits a mapping's children into keys and values, without what cannot be a key. */
static weft_error_t *take_pairs(reader_t *reader, frame_t *frame, map_t *seen) {
    yaml_t *node = frame->node;
    uint32_t pairs = (uint32_t)(frame->children.count / 2);
    node->keys = ARENA_ARRAY(&reader->file->arena, yaml_t *, pairs);
    node->items = ARENA_ARRAY(&reader->file->arena, yaml_t *, pairs);
    if (pairs && (!node->keys || !node->items)) return weft_error_oom();
    for (uint32_t i = 0; i < pairs; i++) {
        yaml_t *key = frame->children.items[2 * i];
        yaml_t *value = frame->children.items[2 * i + 1];
        if (key->kind == YAML_REFUSED) continue;
        if (key->kind != YAML_TEXT) {
            TRY(refuse(reader, key->at, "a key must be text", "write `key: value`"));
            continue;
        }
        yaml_t *first = weft_map_get(seen, key->text);
        if (first) {
            TRY(report_duplicate(reader, key, first));
            continue;
        }
        TRY(weft_map_set(seen, key->text, key));
        node->keys[node->count] = key;
        node->items[node->count++] = value;
    }
    return NULL;
}

static weft_error_t *close_map(reader_t *reader) {
    frame_t *frame = &reader->frames[reader->depth - 1];
    map_t seen = {0};
    weft_error_t *error = take_pairs(reader, frame, &seen);
    weft_map_free(&seen);
    if (error) return error;
    VEC_FREE(&frame->children);
    reader->depth--;
    return NULL;
}

static weft_error_t *close_list(reader_t *reader) {
    frame_t *frame = &reader->frames[reader->depth - 1];
    yaml_t *node = frame->node;
    node->items = ARENA_ARRAY(&reader->file->arena, yaml_t *, frame->children.count);
    if (frame->children.count) {
        if (!node->items) return weft_error_oom();
        memcpy(node->items, frame->children.items, frame->children.count * sizeof *node->items);
    }
    node->count = (uint32_t)frame->children.count;
    VEC_FREE(&frame->children);
    reader->depth--;
    return NULL;
}

/* Anchors and tags are said once and then overlooked: the value itself is read. */
static weft_error_t *refuse_decorations(reader_t *reader, struct fy_event *event) {
    struct fy_token *anchor = fy_event_get_anchor_token(event);
    const struct fy_mark *mark = anchor ? fy_token_start_mark(anchor) : NULL;
    if (anchor) {
        uint32_t at = mark ? (uint32_t)mark->input_pos : reader->last;
        if (at > 0 && reader->file->text.ptr[at - 1] == '&') at--;
        TRY(refuse(reader, at, "anchors (`&name`) are not used here",
                   "write the value out wherever it is needed"));
    }
    struct fy_token *tag = fy_event_get_tag_token(event);
    mark = tag ? fy_token_start_mark(tag) : NULL;
    if (tag)
        TRY(refuse(reader, mark ? (uint32_t)mark->input_pos : reader->last,
                   "tags (`!name`) are not used here", "leave the tag out"));
    return NULL;
}

static weft_error_t *read_alias(reader_t *reader, struct fy_event *event) {
    yaml_t *node;
    TRY(new_node(reader, YAML_REFUSED, fy_event_start_mark(event), &node));
    if (node->at > 0 && node->at <= reader->file->text.len &&
        reader->file->text.ptr[node->at - 1] == '*')
        node->at--;
    TRY(refuse(reader, node->at, "aliases (`*name`) are not used here",
               "write the value out where it is needed"));
    return attach(reader, node);
}

static weft_error_t *start_document(reader_t *reader, struct fy_event *event) {
    if (++reader->documents == 1) return NULL;
    const struct fy_mark *mark = fy_event_start_mark(event);
    if (!mark && event->document_start.document_start)
        mark = fy_token_start_mark(event->document_start.document_start);
    return weft_yaml_error(reader->file, mark ? (uint32_t)mark->input_pos : reader->last,
                           "a second document begins here, %s has one", reader->what);
}

static weft_error_t *take_event(reader_t *reader, struct fy_event *event) {
    yaml_t *node;
    switch (event->type) {
    case FYET_DOCUMENT_START: return start_document(reader, event);
    case FYET_ALIAS: return read_alias(reader, event);
    case FYET_SCALAR:
        TRY(refuse_decorations(reader, event));
        TRY(read_scalar(reader, event, &node));
        return attach(reader, node);
    case FYET_SEQUENCE_START:
        TRY(refuse_decorations(reader, event));
        return open_frame(reader, event, YAML_LIST);
    case FYET_MAPPING_START:
        TRY(refuse_decorations(reader, event));
        return open_frame(reader, event, YAML_MAP);
    case FYET_SEQUENCE_END: return close_list(reader);
    case FYET_MAPPING_END: return close_map(reader);
    default: return NULL;
    }
}

/* ---- what the parser finds ------------------------------------------------------------------ */

/* The offset of a line and a column of characters (both from 1). */
static uint32_t offset_of(weft_str_t text, int line, int column) {
    size_t at = 0;
    for (int i = 1; i < line && at < text.len; at++) i += text.ptr[at] == '\n';
    for (int i = 1; i < column && at < text.len && text.ptr[at] != '\n'; i++)
        if (weft_utf8_next(text, &at) < 0) break;
    return (uint32_t)at;
}

/* The first tab before anything else on the line of an offset: what most syntax errors come from. */
static bool find_tab(weft_str_t text, uint32_t at, uint32_t *tab) {
    size_t start = at < text.len ? at : text.len;
    while (start > 0 && text.ptr[start - 1] != '\n') start--;
    for (size_t i = start; i < text.len; i++) {
        if (text.ptr[i] == '\t') {
            *tab = (uint32_t)i;
            return true;
        }
        if (text.ptr[i] != ' ' && text.ptr[i] != '-') return false;
    }
    return false;
}

static weft_error_t *syntax_error(reader_t *reader) {
    yaml_file_t *file = reader->file;
    void *previous = NULL;
    struct fy_diag_error *found = fy_diag_errors_iterate(reader->diag, &previous);
    if (!found || !found->msg)
        return weft_yaml_error(file, reader->last, "this is not YAML that can be read");
    uint32_t at = offset_of(file->text, found->line, found->column), tab;
    if (find_tab(file->text, at, &tab))
        return weft_error_with_help(
            weft_yaml_error(file, tab, "a tab stands where YAML wants spaces"),
            "indent with spaces");
    weft_str_t message = weft_str(found->msg);
    while (message.len && message.ptr[message.len - 1] == '\n') message.len--;
    return weft_yaml_error(file, at, "%.*s", STR_ARG(message));
}

static weft_error_t *run(reader_t *reader) {
    struct fy_event *event;
    while ((event = fy_parser_parse(reader->parser))) {
        bool ended = event->type == FYET_STREAM_END;
        weft_error_t *error = take_event(reader, event);
        fy_parser_event_free(reader->parser, event);
        if (error) return error;
        if (ended) break;
    }
    if (!event) return syntax_error(reader);
    if (!reader->file->root)
        return weft_error_with_file(weft_error_new(WEFT_MALFORMED, "the file is empty"),
                                    reader->file->name);
    return NULL;
}

static weft_error_t *start_parser(reader_t *reader) {
    struct fy_diag_cfg diag;
    fy_diag_cfg_default(&diag);
    diag.fp = NULL;
    diag.colorize = false;
    diag.level = FYET_ERROR;
    reader->diag = fy_diag_create(&diag);
    if (!reader->diag) return weft_error_oom();
    fy_diag_set_collect_errors(reader->diag, true);
    struct fy_parse_cfg config = {.flags = FYPCF_QUIET | FYPCF_COLLECT_DIAG |
                                           FYPCF_DEFAULT_VERSION_1_2 | FYPCF_JSON_NONE,
                                  .diag = reader->diag};
    reader->parser = fy_parser_create(&config);
    if (!reader->parser) return weft_error_oom();
    weft_str_t text = reader->file->text;
    return fy_parser_set_string(reader->parser, text.ptr, text.len) == 0 ? NULL : weft_error_oom();
}

weft_error_t *weft_yaml_read(weft_str_t name, weft_str_t text, const char *what,
                             findings_t *findings, yaml_file_t *file) {
    reader_t reader = {.file = file, .findings = findings, .what = what};
    file->name = weft_arena_str(&file->arena, name);
    if (!file->name.ptr) return weft_error_oom();
    weft_error_t *error;
    TRY_OR(done, take_text(&reader, text));
    TRY_OR(done, start_parser(&reader));
    error = run(&reader);
done:
    if (reader.parser) fy_parser_destroy(reader.parser);
    if (reader.diag) fy_diag_destroy(reader.diag);
    for (size_t i = 0; i < reader.depth; i++) VEC_FREE(&reader.frames[i].children);
    return error;
}

void weft_yaml_free(yaml_file_t *file) {
    weft_arena_free(&file->arena);
    *file = (yaml_file_t){0};
}

yaml_t *weft_yaml_get(const yaml_t *map, const char *key) {
    if (map->kind != YAML_MAP) return NULL;
    for (uint32_t i = 0; i < map->count; i++)
        if (weft_str_eq(map->keys[i]->text, weft_str(key)))
            return map->items[i]->kind == YAML_NULL ? NULL : map->items[i];
    return NULL;
}

const char *weft_yaml_kind_name(const yaml_t *value) {
    static const char *const names[] = {"nothing", "text", "a list", "a mapping", "nothing usable"};
    return names[value->kind];
}
