/* Writing a document (Binary.md, Component Definitions). A scope that nobody edited goes out as its
 * original bytes; an edited one has its own definitions encoded anew, its unedited nested modules and
 * components copied.
 *
 * One thing makes a nested body be written anew though nobody edited it: an `alias outer` to a scope
 * whose definitions may have moved. So the nested bodies of an edited scope are parsed, and those whose
 * outer aliases reach an edited scope are written anew, with every body between.
 *
 * Large copied runs are not copied into the output buffer: the result is a list of pieces, some of which
 * point into the input. The length in front of a nested component is known only when its end is written;
 * it gets a piece of its own that is filled in then. */
#include "component/binary/custom.h"
#include "component/binary/io.h"
#include "support/alloc.h"

struct piece {
    const uint8_t *outside; /* NULL: in the writer's buffer, at `at` */
    size_t at, len;
};

enum { COPY_LIMIT = 512 }; /* shorter runs are cheaper to copy than to keep as pieces */

static void fail(writer_t *writer, weft_error_t *error) {
    if (writer->error) weft_error_delete(error);
    else writer->error = error;
}

static void add_piece(writer_t *writer, struct piece piece) {
    if (piece.outside == NULL && piece.len == 0 && piece.at != SIZE_MAX) return;
    weft_error_t *error = VEC_PUSH(&writer->pieces, piece);
    if (error) fail(writer, error);
    writer->length += piece.len;
}

/* Ends the current run of bytes in the buffer as a piece. */
static void flush(writer_t *writer) {
    struct piece run = {NULL, writer->run, writer->buf.len - writer->run};
    add_piece(writer, run);
    writer->run = writer->buf.len;
}

static void copy(writer_t *writer, weft_bytes_t bytes) {
    if (bytes.len <= COPY_LIMIT) {
        weft_buf_bytes(&writer->buf, bytes.ptr, bytes.len);
        return;
    }
    flush(writer);
    add_piece(writer, (struct piece){bytes.ptr, 0, bytes.len});
}

/* ---- which bodies are written anew ---- */

static bool reaches_edited(const scope_t *scope) {
    for (size_t i = 0; i < scope->outer_aliases.count; i++) {
        const def_t *target = scope->outer_aliases.items[i]->alias.target;
        if (target->scope != scope && target->scope->edited) return true;
    }
    return false;
}

static weft_error_t *mark_bodies(scope_t *scope, bool enclosed, bool *anew);

/* The type bodies of a definition, and a nested component's body. */
static weft_error_t *mark_def(def_t *def, bool enclosed, bool *anew) {
    scope_t *body = NULL;
    if (def->kind == DEF_TYPE) body = def->type.body;
    else if (def->kind == DEF_CORE_MODULE_TYPE) body = def->body;
    else if (def->kind == DEF_COMPONENT && (enclosed || def->component.body)) {
        if (!enclosed && !def->component.body->edited && !def->component.body->holds_edits)
            return NULL;
        /* a component from another file has no alias that leaves it */
        if (!def->component.body && def->source.ptr == NULL) return NULL;
        TRY(weft_component_body(def, &body));
    }
    return body ? mark_bodies(body, enclosed, anew) : NULL;
}

/* Marks every body whose bytes must change; `anew` tells whether any was marked. */
static weft_error_t *mark_bodies(scope_t *scope, bool enclosed, bool *anew) {
    bool inside = false;
    enclosed = (enclosed && !scope->is_file_root) || scope->edited;
    for (def_t *def = scope->first; def; def = def->next) TRY(mark_def(def, enclosed, &inside));
    if (scope->kind == SCOPE_COMPONENT && !scope->edited)
        scope->holds_edits = inside || reaches_edited(scope) || scope->holds_edits;
    else if (scope->kind != SCOPE_COMPONENT) inside = inside || reaches_edited(scope);
    if (scope->edited || scope->holds_edits || inside) *anew = true;
    return NULL;
}

static bool written_anew(const scope_t *scope) {
    return scope->edited || scope->holds_edits;
}

/* ---- scopes ---- */

static void write_scope(writer_t *writer, scope_t *scope);

static write_def_t *const write_defs[SECTION_COUNT] = {
    [SECTION_CUSTOM] = weft_write_name_section, [SECTION_CORE_INSTANCE] = weft_write_core_instance,
    [SECTION_CORE_TYPE] = weft_write_core_type, [SECTION_INSTANCE] = weft_write_instance,
    [SECTION_ALIAS] = weft_write_alias,         [SECTION_TYPE] = weft_write_type,
    [SECTION_CANON] = weft_write_canon,         [SECTION_START] = weft_write_start,
    [SECTION_IMPORT] = weft_write_import,       [SECTION_EXPORT] = weft_write_export,
    [SECTION_VALUE] = weft_write_value,
};

static void assign_index(uint32_t counts[SORT_COUNT], def_t *def) {
    if (def->sort != SORT_NONE) def->index = counts[def->sort]++;
}

static void forget_indexes(scope_t *scope) {
    for (def_t *def = scope->first; def; def = def->next) def->index = UINT32_MAX;
}

void weft_write_body_defs(writer_t *writer, scope_t *scope, write_def_t *write) {
    uint32_t counts[SORT_COUNT] = {0};
    forget_indexes(scope);
    weft_buf_u32(&writer->buf, scope->def_count);
    for (def_t *def = scope->first; def; def = def->next) {
        write(writer, def);
        assign_index(counts, def);
    }
}

static void write_module(writer_t *writer, const def_t *def) {
    weft_buf_byte(&writer->buf, SECTION_CORE_MODULE);
    weft_buf_u32(&writer->buf, (uint32_t)def->bytes.len);
    copy(writer, def->bytes);
}

/* A custom section may be payload too (debug information): its data is not copied. */
static void write_custom(writer_t *writer, const def_t *def) {
    weft_str_t name = def->custom.name;
    uint64_t length = (uint64_t)weft_u32_size((uint32_t)name.len) + name.len + def->custom.data.len;
    if (length > UINT32_MAX) {
        fail(writer, weft_error_new(WEFT_LIMIT, "a custom section of more than 4 GiB"));
        return;
    }
    weft_buf_byte(&writer->buf, SECTION_CUSTOM);
    weft_buf_u32(&writer->buf, (uint32_t)length);
    weft_buf_name(&writer->buf, name);
    copy(writer, def->custom.data);
}

static void write_component(writer_t *writer, const def_t *def) {
    scope_t *body = def->component.body;
    weft_buf_byte(&writer->buf, SECTION_COMPONENT);
    if (!body || !written_anew(body)) {
        weft_buf_u32(&writer->buf, (uint32_t)def->component.bytes.len);
        copy(writer, def->component.bytes);
        return;
    }
    flush(writer);
    size_t slot = writer->pieces.count;
    add_piece(writer, (struct piece){NULL, SIZE_MAX, 0}); /* the length, filled in below */
    uint64_t start = writer->length;
    write_scope(writer, body);
    flush(writer);
    uint64_t length = writer->length - start;
    if (writer->error) return;
    if (length > UINT32_MAX) {
        fail(writer, weft_error_new(WEFT_LIMIT, "a component of more than 4 GiB"));
        return;
    }
    struct piece *piece = &writer->pieces.items[slot];
    piece->at = writer->buf.len;
    weft_buf_u32(&writer->buf, (uint32_t)length);
    piece->len = writer->buf.len - piece->at;
    writer->length += piece->len;
    writer->run = writer->buf.len;
}

/* Consecutive definitions of one section; gives the first one behind them. */
static def_t *write_section(writer_t *writer, def_t *def, uint32_t counts[SORT_COUNT]) {
    section_t section = weft_def_section(def->kind);
    uint32_t count = 0;
    def_t *end = def;
    bool single = section == SECTION_CUSTOM || section == SECTION_START;
    do {
        count++;
        end = end->next;
    } while (end && !single && !end->starts_section && weft_def_section(end->kind) == section);
    weft_buf_byte(&writer->buf, (uint8_t)section);
    size_t start = writer->buf.len;
    if (!single) weft_buf_u32(&writer->buf, count);
    for (; def != end; def = def->next) {
        write_defs[section](writer, def);
        assign_index(counts, def);
    }
    weft_buf_close_sized(&writer->buf, start);
    return end;
}

static void write_new_names(writer_t *writer, const scope_t *scope) {
    weft_buf_byte(&writer->buf, SECTION_CUSTOM);
    size_t start = writer->buf.len;
    weft_buf_name(&writer->buf, STR_LIT("component-name"));
    weft_names_write(&writer->buf, scope, NULL);
    weft_buf_close_sized(&writer->buf, start);
}

static void write_scope(writer_t *writer, scope_t *scope) {
    static const uint8_t preamble[8] = {0x00, 0x61, 0x73, 0x6d, 0x0d, 0x00, 0x01, 0x00};
    uint32_t counts[SORT_COUNT] = {0};
    bool has_names = false;
    weft_buf_bytes(&writer->buf, preamble, sizeof preamble);
    forget_indexes(scope);
    for (def_t *def = scope->first; def && !writer->error;) {
        def_t *next = def->next;
        if (def->kind == DEF_CORE_MODULE) write_module(writer, def);
        else if (def->kind == DEF_CUSTOM && !def->custom.name_section) write_custom(writer, def);
        else if (def->kind == DEF_COMPONENT) write_component(writer, def);
        else if (def->kind != DEF_START_RESULT) {
            has_names |= def->kind == DEF_CUSTOM && def->custom.name_section;
            next = write_section(writer, def, counts);
            def = next;
            continue;
        }
        assign_index(counts, def);
        def = next;
    }
    if (!has_names && weft_names_any(scope)) write_new_names(writer, scope);
}

/* ---- documents ---- */

static weft_error_t *hand_over(writer_t *writer, pieces_t *pieces) {
    weft_bytes_t *items = weft_alloc_zero(writer->pieces.count + 1, sizeof *items);
    if (!items) return weft_error_oom();
    for (size_t i = 0; i < writer->pieces.count; i++) {
        const struct piece *piece = &writer->pieces.items[i];
        items[i].ptr = piece->outside ? piece->outside : writer->buf.data + piece->at;
        items[i].len = piece->len;
    }
    *pieces = (pieces_t){items, writer->pieces.count, writer->length, writer->buf};
    writer->buf = (buf_t){0};
    return NULL;
}

weft_error_t *weft_document_write(document_t *document, pieces_t *pieces) {
    writer_t writer = {0};
    bool anew = false;
    TRY(mark_bodies(document->root, false, &anew));
    if (written_anew(document->root)) write_scope(&writer, document->root);
    else copy(&writer, document->root->source);
    flush(&writer);
    if (writer.buf.failed) fail(&writer, weft_error_oom());
    weft_error_t *error = writer.error ? writer.error : hand_over(&writer, pieces);
    weft_buf_free(&writer.buf);
    VEC_FREE(&writer.pieces);
    return error;
}

void weft_pieces_free(pieces_t *pieces) {
    weft_free(pieces->items);
    weft_buf_free(&pieces->made);
    *pieces = (pieces_t){0};
}

weft_error_t *weft_pieces_join(const pieces_t *pieces, buf_t *out) {
    for (size_t i = 0; i < pieces->count; i++)
        weft_buf_bytes(out, pieces->items[i].ptr, pieces->items[i].len);
    return out->failed ? weft_error_oom() : NULL;
}

static weft_error_t *edit_all(scope_t *scope) {
    scope->edited = true;
    for (def_t *def = scope->first; def; def = def->next) {
        scope_t *body;
        if (def->kind != DEF_COMPONENT) continue;
        TRY(weft_component_body(def, &body));
        TRY(edit_all(body));
    }
    return NULL;
}

weft_error_t *weft_document_edit_all(document_t *document) {
    return edit_all(document->root);
}
