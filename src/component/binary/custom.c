#include "component/binary/custom.h"

#include <weft/version.h>

#include "component/binary/io.h"

enum { PART_COMPONENT = 0, PART_SORT = 1 };

weft_error_t *weft_read_custom(reader_t *reader, def_t *def) {
    def->kind = DEF_CUSTOM;
    def->sort = SORT_NONE;
    TRY(weft_read_name(&reader->in, &def->custom.name));
    def->custom.data = (weft_bytes_t){reader->in.at, weft_cursor_left(&reader->in)};
    return NULL;
}

/* ---- component-name (Binary.md, Name Section) ---- */

static weft_error_t *read_sort_names(reader_t *reader, name_part_t *part) {
    uint32_t count;
    TRY(weft_read_sort(reader, &part->sort));
    TRY(weft_read_count(&reader->in, 2, "names", &count));
    const index_space_t *space = &reader->scope->spaces[part->sort];
    for (uint32_t i = 0; i < count; i++) {
        uint32_t index;
        weft_str_t name;
        TRY(weft_read_u32(&reader->in, &index));
        TRY(weft_read_name(&reader->in, &name));
        if (index < space->count) space->items[index]->name = name;
    }
    return NULL;
}

static weft_error_t *read_part(reader_t *reader, name_part_t *part) {
    cursor_t content;
    TRY(weft_read_byte(&reader->in, &part->id));
    TRY(weft_read_sized(&reader->in, &content));
    part->bytes = (weft_bytes_t){content.at, weft_cursor_left(&content)};
    reader_t inner = {content, reader->scope, reader->arena};
    if (part->id == PART_COMPONENT) {
        TRY(weft_read_name(&inner.in, &reader->scope->name));
    } else if (part->id == PART_SORT) {
        TRY(read_sort_names(&inner, part));
    } else {
        return NULL;
    }
    if (weft_cursor_left(&inner.in)) return weft_cursor_error(&inner.in, "bytes behind the names");
    return NULL;
}

static weft_error_t *read_parts(reader_t *reader, name_section_t *section) {
    uint32_t capacity = 0;
    while (weft_cursor_left(&reader->in)) {
        if (!weft_arena_grow(reader->arena, (void **)&section->parts, &capacity, section->count,
                             sizeof(name_part_t)))
            return weft_error_oom();
        TRY(read_part(reader, &section->parts[section->count++]));
    }
    return NULL;
}

static void forget_names(scope_t *scope) {
    scope->name = (weft_str_t){0};
    for (def_t *def = scope->first; def; def = def->next) def->name = (weft_str_t){0};
}

/* A name section need not be valid: one that is not is carried along as it is, none of its names is taken,
 * and nobody is refused for it. */
weft_error_t *weft_names_apply(scope_t *scope, def_t *custom) {
    arena_t *arena = &scope->document->arena;
    reader_t reader = {weft_cursor(scope->file.ptr, custom->custom.data), scope, arena};
    name_section_t *section = ARENA_NEW(arena, name_section_t);
    if (!section) return weft_error_oom();
    weft_error_t *error = read_parts(&reader, section);
    if (error) {
        if (weft_error_code(error) == WEFT_NO_MEMORY) return error;
        weft_error_delete(error);
        forget_names(scope);
        return NULL;
    }
    custom->custom.name_section = section;
    return NULL;
}

bool weft_names_any(const scope_t *scope) {
    for (const def_t *def = scope->first; def; def = def->next)
        if (def->name.len) return true;
    return false;
}

/* What was written of a sort: a subsection with its header, and where the content in it starts. */
typedef struct written {
    size_t start, content, end;
} written_t;

static written_t write_sort(buf_t *out, const scope_t *scope, sort_t sort) {
    uint32_t count = 0;
    written_t written = {out->len, out->len, out->len};
    for (const def_t *def = scope->first; def; def = def->next)
        if (def->sort == sort && def->name.len) count++;
    if (!count) return written;
    weft_buf_byte(out, PART_SORT);
    size_t start = out->len;
    weft_write_sort(out, sort);
    weft_buf_u32(out, count);
    uint32_t index = 0; /* counted here: the section may stand before what it names */
    for (const def_t *def = scope->first; def; def = def->next) {
        if (def->sort != sort) continue;
        if (def->name.len) {
            weft_buf_u32(out, index);
            weft_buf_name(out, def->name);
        }
        index++;
    }
    size_t length = out->len - start;
    weft_buf_close_sized(out, start);
    written.end = out->len;
    written.content = out->len - length;
    return written;
}

/* wit-component writes the names of instances twice. A subsection that says again what stands there already is
 * kept; any other repetition is gone, since its names are in the first. */
static void repeat_sort(buf_t *out, written_t first, weft_bytes_t again) {
    if (out->failed || first.end - first.content != again.len ||
        memcmp(out->data + first.content, again.ptr, again.len) != 0)
        return;
    if (!weft_buf_reserve(out, first.end - first.start)) return; /* what is copied must not move */
    weft_buf_bytes(out, out->data + first.start, first.content - first.start);
    weft_buf_bytes(out, again.ptr, again.len);
}

static void write_component_name(buf_t *out, const scope_t *scope) {
    weft_buf_byte(out, PART_COMPONENT);
    size_t start = out->len;
    weft_buf_name(out, scope->name);
    weft_buf_close_sized(out, start);
}

void weft_names_write(buf_t *out, const scope_t *scope, const name_section_t *section) {
    bool done[SORT_COUNT] = {false}, named = false;
    written_t written[SORT_COUNT] = {{0, 0, 0}};
    for (uint32_t i = 0; section && i < section->count; i++) {
        const name_part_t *part = &section->parts[i];
        if (part->id == PART_COMPONENT && !named) {
            write_component_name(out, scope);
            named = true;
        } else if (part->id == PART_SORT && !done[part->sort]) {
            written[part->sort] = write_sort(out, scope, part->sort);
            done[part->sort] = true;
        } else if (part->id == PART_SORT) {
            repeat_sort(out, written[part->sort], part->bytes);
        }
    }
    if (!named && scope->name.len) write_component_name(out, scope);
    for (sort_t sort = 0; sort < SORT_COUNT; sort++)
        if (!done[sort]) write_sort(out, scope, sort);
}

void weft_write_name_section(writer_t *writer, const def_t *def) {
    weft_buf_name(&writer->buf, def->custom.name);
    weft_names_write(&writer->buf, def->scope, def->custom.name_section);
}

/* ---- producers (tool-conventions, ProducersSection.md) ---- */

typedef struct producers {
    weft_bytes_t before; /* fields ahead of processed-by */
    weft_bytes_t values; /* the values of processed-by, weft's own left out */
    weft_bytes_t after;
    uint32_t fields, value_count;
    bool has_processed_by;
} producers_t;

/* Finds processed-by; `kept` receives its values but weft's. */
static weft_error_t *parse_producers(cursor_t in, producers_t *p, buf_t *kept) {
    TRY(weft_read_count(&in, 2, "fields", &p->fields));
    p->before.ptr = in.at;
    for (uint32_t i = 0; i < p->fields; i++) {
        weft_str_t field, name, version;
        uint32_t values;
        const uint8_t *start = in.at;
        TRY(weft_read_name(&in, &field));
        TRY(weft_read_count(&in, 2, "values", &values));
        bool processed_by = weft_str_eq(field, STR_LIT("processed-by"));
        if (processed_by) {
            p->has_processed_by = true;
            p->before.len = (size_t)(start - p->before.ptr);
        }
        for (uint32_t v = 0; v < values; v++) {
            const uint8_t *value = in.at;
            TRY(weft_read_name(&in, &name));
            TRY(weft_read_name(&in, &version));
            if (!processed_by || weft_str_eq(name, STR_LIT("weft"))) continue;
            weft_buf_bytes(kept, value, (size_t)(in.at - value));
            p->value_count++;
        }
        if (processed_by) p->after.ptr = in.at;
    }
    if (!p->has_processed_by) p->before.len = (size_t)(in.at - p->before.ptr);
    else p->after.len = (size_t)(in.at - p->after.ptr);
    return NULL;
}

static void write_producers(buf_t *out, const producers_t *p, const buf_t *kept) {
    weft_buf_u32(out, p->fields + (p->has_processed_by ? 0 : 1));
    weft_buf_bytes(out, p->before.ptr, p->before.len);
    weft_buf_name(out, STR_LIT("processed-by"));
    weft_buf_u32(out, p->value_count + 1);
    weft_buf_bytes(out, kept->data, kept->len);
    weft_buf_name(out, STR_LIT("weft"));
    weft_buf_name(out, STR_LIT(WEFT_VERSION));
    weft_buf_bytes(out, p->after.ptr, p->after.len);
}

static def_t *find_custom(const scope_t *scope, weft_str_t name) {
    for (def_t *def = scope->first; def; def = def->next)
        if (def->kind == DEF_CUSTOM && weft_str_eq(def->custom.name, name)) return def;
    return NULL;
}

weft_error_t *weft_document_stamp(document_t *document) {
    scope_t *root = document->root;
    def_t *def = find_custom(root, STR_LIT("producers"));
    producers_t producers = {0};
    buf_t kept = {0}, out = {0};
    if (def) {
        /* a section that does not parse is left alone: it is somebody else's word */
        weft_error_t *error =
            parse_producers(weft_cursor(def->custom.data.ptr, def->custom.data), &producers, &kept);
        if (error) {
            weft_error_delete(error);
            weft_buf_free(&kept);
            return NULL;
        }
    }
    write_producers(&out, &producers, &kept);
    uint8_t *data = weft_arena_alloc(&document->arena, out.len, 1);
    bool failed = kept.failed || out.failed || !data;
    if (!failed) memcpy(data, out.data, out.len);
    weft_bytes_t bytes = {data, out.len};
    weft_buf_free(&kept);
    weft_buf_free(&out);
    if (failed) return weft_error_oom();
    if (!def) {
        TRY(weft_def_new(root, DEF_CUSTOM, SORT_NONE, &def));
        def->custom.name = STR_LIT("producers");
        weft_def_insert(root, NULL, def);
    }
    def->custom.data = bytes;
    weft_def_touch(def);
    return NULL;
}
