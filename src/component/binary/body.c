/* Reading a component body: the loop over its sections (Binary.md, Component Definitions). */
#include "component/binary/io.h"
#include "support/alloc.h"

/* magic, version 0x0d, layer 1 */
static const uint8_t component_preamble[8] = {0x00, 0x61, 0x73, 0x6d, 0x0d, 0x00, 0x01, 0x00};
static const uint8_t module_preamble[8] = {0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00};

/* Sections that are a vector of definitions; the others hold one. `least`: bytes of the smallest one. */
static const struct {
    read_def_t *read;
    size_t least;
} vectors[SECTION_COUNT] = {
    [SECTION_CORE_INSTANCE] = {weft_read_core_instance, 2},
    [SECTION_CORE_TYPE] = {weft_read_core_type, 2},
    [SECTION_INSTANCE] = {weft_read_instance, 2},
    [SECTION_ALIAS] = {weft_read_alias, 4},
    [SECTION_TYPE] = {weft_read_type, 1},
    [SECTION_CANON] = {weft_read_canon, 1},
    [SECTION_IMPORT] = {weft_read_import, 4},
    [SECTION_EXPORT] = {weft_read_export, 5},
    [SECTION_VALUE] = {weft_read_value, 2},
};

static weft_error_t *preamble_error(weft_bytes_t bytes) {
    if (bytes.len == 0) return weft_error_new(WEFT_MALFORMED, "the file is empty");
    if (bytes.len >= 8 && memcmp(bytes.ptr, module_preamble, 8) == 0)
        return weft_error_with_help(
            weft_error_new(WEFT_MALFORMED, "this is a core module, not a component"),
            "make a component of it: wasm-tools component new");
    if (bytes.len >= 4 && memcmp(bytes.ptr, component_preamble, 4) == 0) {
        if (bytes.len < 8)
            return weft_error_at(WEFT_MALFORMED, bytes.len, "unexpected end of the preamble");
        return weft_error_at(WEFT_MALFORMED, 4,
                             "unknown WebAssembly version %u, layer %u (a component has 13 and 1)",
                             bytes.ptr[4] | bytes.ptr[5] << 8, bytes.ptr[6] | bytes.ptr[7] << 8);
    }
    return weft_error_at(WEFT_MALFORMED, 0,
                         "this is not a WebAssembly component (it does not begin with \\0asm)");
}

static weft_error_t *add(scope_t *scope, def_t *def, const uint8_t *start, const uint8_t *end) {
    def->source = (weft_bytes_t){start, (size_t)(end - start)};
    return weft_scope_append_read(scope, def);
}

static weft_error_t *read_vector(reader_t *reader, section_t section) {
    uint32_t count;
    TRY(weft_read_count(&reader->in, vectors[section].least, "definitions", &count));
    for (uint32_t i = 0; i < count; i++) {
        def_t *def;
        const uint8_t *start = reader->in.at;
        TRY(weft_def_new(reader->scope, DEF_CUSTOM, SORT_NONE, &def));
        TRY(vectors[section].read(reader, def));
        def->starts_section = i == 0;
        TRY(add(reader->scope, def, start, reader->in.at));
    }
    return NULL;
}

static weft_error_t *read_start_section(reader_t *reader, def_t *def) {
    scope_t *scope = reader->scope;
    const uint8_t *start = reader->in.at;
    TRY(weft_read_start(reader, def));
    TRY(add(scope, def, start, reader->in.at));
    for (uint32_t i = 0; i < def->start.result_count; i++) {
        def_t *result;
        TRY(weft_def_new(scope, DEF_START_RESULT, SORT_VALUE, &result));
        result->start_result = def;
        TRY(add(scope, result, start, reader->in.at));
    }
    return NULL;
}

/* Sections that hold one definition: custom, core module, component, start. */
static weft_error_t *read_single(reader_t *reader, section_t section, def_t **custom_name) {
    scope_t *scope = reader->scope;
    weft_bytes_t content = {reader->in.at, weft_cursor_left(&reader->in)};
    const uint8_t *end = reader->in.end;
    def_t *def;
    TRY(weft_def_new(scope, DEF_CUSTOM, SORT_NONE, &def));
    def->starts_section = true;
    if (section == SECTION_START) return read_start_section(reader, def);
    if (section == SECTION_CUSTOM) {
        TRY(weft_read_custom(reader, def));
        if (weft_str_eq(def->custom.name, STR_LIT("component-name"))) *custom_name = def;
    } else {
        const uint8_t *preamble =
            section == SECTION_COMPONENT ? component_preamble : module_preamble;
        if (content.len < 8 || memcmp(content.ptr, preamble, 8) != 0)
            return weft_cursor_error(&reader->in, "a %s section without the preamble of one",
                                     section == SECTION_COMPONENT ? "component" : "core module");
        def->kind = section == SECTION_COMPONENT ? DEF_COMPONENT : DEF_CORE_MODULE;
        def->sort = section == SECTION_COMPONENT ? SORT_COMPONENT : SORT_CORE_MODULE;
        if (section == SECTION_COMPONENT) def->component.bytes = content;
        else def->bytes = content;
    }
    reader->in.at = end;
    return add(scope, def, content.ptr, end);
}

static weft_error_t *read_section(reader_t *reader, def_t **custom_name) {
    uint8_t id;
    cursor_t content;
    TRY(weft_read_byte(&reader->in, &id));
    if (id >= SECTION_COUNT) return weft_unknown_byte(reader, "section", id);
    TRY(weft_read_sized(&reader->in, &content));
    reader_t inner = {content, reader->scope, reader->arena};
    if (vectors[id].read) TRY(read_vector(&inner, (section_t)id));
    else TRY(read_single(&inner, (section_t)id, custom_name));
    if (weft_cursor_left(&inner.in))
        return weft_cursor_error(&inner.in, "%zu bytes are left at the end of a section",
                                 weft_cursor_left(&inner.in));
    return NULL;
}

/* Reads all of scope->source into the scope. */
static weft_error_t *read_scope(scope_t *scope) {
    weft_bytes_t bytes = scope->source;
    if (bytes.len < 8 || memcmp(bytes.ptr, component_preamble, 8) != 0)
        return preamble_error(bytes);
    reader_t reader = {weft_cursor(scope->file.ptr, bytes), scope, &scope->document->arena};
    reader.in.at += 8;
    def_t *custom_name = NULL;
    while (weft_cursor_left(&reader.in)) TRY(read_section(&reader, &custom_name));
    return custom_name ? weft_names_apply(scope, custom_name) : NULL;
}

weft_error_t *weft_document_read(weft_bytes_t bytes, document_t **document) {
    document_t *d = NULL;
    TRY(weft_document_new(&d));
    d->root->edited = false;
    d->root->source = d->root->file = bytes;
    weft_error_t *error = read_scope(d->root);
    if (error) {
        weft_document_delete(d);
        return error;
    }
    *document = d;
    return NULL;
}

/* A body that failed to parse stays unparsed: the next look at it gives the error again. */
weft_error_t *weft_component_body(def_t *component, scope_t **body) {
    if (!component->component.body) {
        scope_t *parent = component->scope, *scope;
        weft_bytes_t bytes = component->component.bytes;
        if (parent->depth >= MAX_DEPTH)
            return weft_error_at(WEFT_LIMIT, weft_def_offset(component),
                                 "components nested deeper than %d", MAX_DEPTH);
        TRY(weft_scope_new(parent->document, parent, component, SCOPE_COMPONENT, &scope));
        scope->source = bytes;
        weft_bytes_t file = parent->file; /* empty in a document that was never read */
        bool adopted = !file.ptr || bytes.ptr < file.ptr || bytes.ptr >= file.ptr + file.len;
        if (adopted) {
            scope->file = bytes;
            scope->is_file_root = true;
        }
        TRY(read_scope(scope));
        component->component.body = scope;
    }
    *body = component->component.body;
    return NULL;
}

weft_error_t *weft_component_adopt(scope_t *parent, weft_bytes_t bytes, def_t **component) {
    def_t *def;
    scope_t *body;
    TRY(weft_def_new(parent, DEF_COMPONENT, SORT_COMPONENT, &def));
    def->component.bytes = bytes;
    TRY(weft_component_body(def, &body));
    *component = def;
    return NULL;
}
