#include "core/emit.h"

#include "support/map.h"

/* ---- types ---------------------------------------------------------------------------------- */

static void put_types(buf_t *out, const uint8_t *types, uint32_t count) {
    weft_buf_u32(out, count);
    weft_buf_bytes(out, types, count);
}

/* The slot of a type with these bytes: it holds the type's index plus one, or 0. */
static uint32_t *find_slot(const emit_t *module, const emit_type_t *type) {
    const uint8_t *bytes = module->types.bytes.data;
    uint32_t mask = module->type_slot_count - 1, at = (uint32_t)type->hash & mask;
    for (;; at = (at + 1) & mask) {
        uint32_t *slot = &module->type_slots[at];
        if (!*slot) return slot;
        const emit_type_t *other = &module->known_types.items[*slot - 1];
        if (other->hash == type->hash && other->length == type->length &&
            memcmp(bytes + other->start, bytes + type->start, type->length) == 0)
            return slot;
    }
}

/* Keeps the table at most half full. */
static bool reserve_slot(emit_t *module) {
    size_t count = module->known_types.count;
    if (count * 2 < module->type_slot_count) return true;
    uint32_t *old = module->type_slots, larger = old ? module->type_slot_count * 2 : 16;
    uint32_t *slots = weft_alloc_zero(larger, sizeof *slots);
    if (!slots) return false;
    module->type_slots = slots;
    module->type_slot_count = larger;
    for (uint32_t i = 0; i < count; i++) *find_slot(module, &module->known_types.items[i]) = i + 1;
    weft_free(old);
    return true;
}

static bool add_type(emit_t *module, emit_type_t type, uint32_t *slot) {
    weft_error_t *error = VEC_PUSH(&module->known_types, type);
    if (error) {
        weft_error_delete(error);
        return false;
    }
    *slot = ++module->types.count;
    return true;
}

uint32_t weft_emit_type(emit_t *module, core_sig_t sig) {
    buf_t *types = &module->types.bytes;
    emit_type_t type = {.start = types->len};
    weft_buf_byte(types, 0x60);
    put_types(types, sig.params, sig.param_count);
    put_types(types, sig.results, sig.result_count);
    if (types->failed || !reserve_slot(module)) {
        module->failed = true;
        return 0;
    }
    type.length = types->len - type.start;
    type.hash = weft_hash(types->data + type.start, type.length);
    uint32_t *slot = find_slot(module, &type);
    if (*slot) types->len = type.start; /* made before */
    else if (!add_type(module, type, slot)) {
        module->failed = true;
        return 0;
    }
    return *slot - 1;
}

static void put_size(buf_t *out, core_size_t size) {
    weft_buf_byte(
        out, (uint8_t)(size.has_max | size.shared << 1 | size.is_64 << 2 | size.has_page << 3));
    weft_buf_u64(out, size.min);
    if (size.has_max) weft_buf_u64(out, size.max);
    if (size.has_page) weft_buf_u32(out, size.page_log2);
}

/* ---- imports -------------------------------------------------------------------------------- */

/* Starts an import; the caller appends its type. An import of a kind of which something is defined
 * already would shift the indices given out. */
static buf_t *import(emit_t *module, weft_str_t from, weft_str_t name, core_kind_t kind,
                     uint32_t defined, uint32_t *index) {
    if (defined) module->misused = true;
    buf_t *out = &module->imports.bytes;
    weft_buf_name(out, from);
    weft_buf_name(out, name);
    weft_buf_byte(out, (uint8_t)kind);
    module->imports.count++;
    *index = module->import_counts[kind]++;
    return out;
}

uint32_t weft_emit_import_func(emit_t *module, weft_str_t from, weft_str_t name, core_sig_t sig) {
    uint32_t index, type = weft_emit_type(module, sig);
    weft_buf_u32(import(module, from, name, CORE_FUNC, module->funcs.count, &index), type);
    return index;
}

uint32_t weft_emit_import_memory(emit_t *module, weft_str_t from, weft_str_t name,
                                 core_size_t size) {
    uint32_t index;
    put_size(import(module, from, name, CORE_MEMORY, module->memories.count, &index), size);
    return index;
}

uint32_t weft_emit_import_global(emit_t *module, weft_str_t from, weft_str_t name, uint8_t type,
                                 bool is_mutable) {
    uint32_t index;
    buf_t *out = import(module, from, name, CORE_GLOBAL, module->globals.count, &index);
    weft_buf_byte(out, type);
    weft_buf_byte(out, is_mutable);
    return index;
}

uint32_t weft_emit_import_table(emit_t *module, weft_str_t from, weft_str_t name, uint8_t element,
                                core_size_t size) {
    uint32_t index;
    buf_t *out = import(module, from, name, CORE_TABLE, module->tables.count, &index);
    weft_buf_byte(out, element);
    put_size(out, size);
    return index;
}

uint32_t weft_emit_import_tag(emit_t *module, weft_str_t from, weft_str_t name, core_sig_t sig) {
    uint32_t index, type = weft_emit_type(module, sig);
    buf_t *out = import(module, from, name, CORE_TAG, module->tags.count, &index);
    weft_buf_byte(out, 0x00);
    weft_buf_u32(out, type);
    return index;
}

/* ---- definitions ---------------------------------------------------------------------------- */

/* Counts one more definition of a kind and gives its index. */
static uint32_t define(emit_t *module, emit_section_t *section, core_kind_t kind) {
    return module->import_counts[kind] + section->count++;
}

uint32_t weft_emit_func(emit_t *module, core_sig_t sig) {
    weft_buf_u32(&module->funcs.bytes, weft_emit_type(module, sig));
    weft_error_t *error = VEC_PUSH(&module->bodies, (emit_body_t){.param_count = sig.param_count});
    if (error) {
        weft_error_delete(error);
        module->failed = true;
    }
    return define(module, &module->funcs, CORE_FUNC);
}

/* NULL when an allocation failed or the function is an import. */
static emit_body_t *body_of(emit_t *module, uint32_t func) {
    uint32_t index = func - module->import_counts[CORE_FUNC];
    return index < module->bodies.count ? &module->bodies.items[index] : NULL;
}

buf_t *weft_emit_body(emit_t *module, uint32_t func) {
    emit_body_t *body = body_of(module, func);
    if (body) return &body->code;
    module->failed = true;
    module->lost.failed = true;
    return &module->lost;
}

uint32_t weft_emit_local(emit_t *module, uint32_t func, uint8_t type) {
    emit_body_t *body = body_of(module, func);
    if (!body) return 0;
    weft_buf_byte(&body->locals, type);
    return body->param_count + (uint32_t)body->locals.len - 1;
}

uint32_t weft_emit_memory(emit_t *module, core_size_t size) {
    put_size(&module->memories.bytes, size);
    return define(module, &module->memories, CORE_MEMORY);
}

uint32_t weft_emit_table(emit_t *module, uint8_t element, core_size_t size) {
    weft_buf_byte(&module->tables.bytes, element);
    put_size(&module->tables.bytes, size);
    return define(module, &module->tables, CORE_TABLE);
}

uint32_t weft_emit_tag(emit_t *module, core_sig_t sig) {
    weft_buf_byte(&module->tags.bytes, 0x00);
    weft_buf_u32(&module->tags.bytes, weft_emit_type(module, sig));
    return define(module, &module->tags, CORE_TAG);
}

void weft_op_zero(buf_t *body, uint8_t type) {
    switch (type) {
    case CORE_I32: op_i32_const(body, 0); break;
    case CORE_I64: op_i64_const(body, 0); break;
    case CORE_F32: op_f32_const(body, 0); break;
    case CORE_F64: op_f64_const(body, 0); break;
    default: op_unreachable(body); break;
    }
}

uint32_t weft_emit_global(emit_t *module, uint8_t type, bool is_mutable, uint64_t bits) {
    buf_t *out = &module->globals.bytes;
    weft_buf_byte(out, type);
    weft_buf_byte(out, is_mutable);
    switch (type) {
    case CORE_I32: op_i32_const(out, (uint32_t)bits); break;
    case CORE_I64: op_i64_const(out, bits); break;
    case CORE_F32: op_f32_const(out, (uint32_t)bits); break;
    case CORE_F64: op_f64_const(out, bits); break;
    default: module->misused = true; break;
    }
    op_end(out);
    return define(module, &module->globals, CORE_GLOBAL);
}

void weft_emit_export(emit_t *module, weft_str_t name, core_kind_t kind, uint32_t index) {
    buf_t *out = &module->exports.bytes;
    weft_buf_name(out, name);
    weft_buf_byte(out, (uint8_t)kind);
    weft_buf_u32(out, index);
    module->exports.count++;
}

void weft_emit_start(emit_t *module, uint32_t func) {
    module->start = func + 1;
}

void weft_emit_elements(emit_t *module, uint32_t table, uint32_t offset, const uint32_t *funcs,
                        uint32_t count) {
    buf_t *out = &module->elements.bytes;
    weft_buf_u32(out, table ? 2 : 0);
    if (table) weft_buf_u32(out, table);
    op_i32_const(out, offset);
    op_end(out);
    if (table) weft_buf_byte(out, 0x00); /* elemkind: functions */
    weft_buf_u32(out, count);
    for (uint32_t i = 0; i < count; i++) weft_buf_u32(out, funcs[i]);
    module->elements.count++;
}

void weft_emit_data(emit_t *module, uint32_t memory, uint32_t offset, weft_bytes_t bytes) {
    buf_t *out = &module->data.bytes;
    weft_buf_u32(out, memory ? 2 : 0);
    if (memory) weft_buf_u32(out, memory);
    op_i32_const(out, offset);
    op_end(out);
    weft_buf_name(out, (weft_str_t){(const char *)bytes.ptr, bytes.len});
    module->data.count++;
}

void weft_emit_name(emit_t *module, uint32_t func, weft_str_t name) {
    if (func < module->last_named_func) module->misused = true;
    module->last_named_func = func + 1;
    weft_buf_u32(&module->names.bytes, func);
    weft_buf_name(&module->names.bytes, name);
    module->names.count++;
}

/* ---- the whole ------------------------------------------------------------------------------ */

static void put_section(buf_t *out, uint8_t id, const emit_section_t *section) {
    if (section->bytes.failed) out->failed = true;
    if (!section->count) return;
    weft_buf_byte(out, id);
    size_t start = out->len;
    weft_buf_u32(out, section->count);
    weft_buf_bytes(out, section->bytes.data, section->bytes.len);
    weft_buf_close_sized(out, start);
}

/* Locals are written as runs of one type. */
static void put_locals(buf_t *out, const buf_t *locals) {
    uint32_t runs = 0;
    for (size_t i = 0; i < locals->len; i++)
        if (!i || locals->data[i] != locals->data[i - 1]) runs++;
    weft_buf_u32(out, runs);
    for (size_t i = 0, end; i < locals->len; i = end) {
        for (end = i + 1; end < locals->len && locals->data[end] == locals->data[i];) end++;
        weft_buf_u32(out, (uint32_t)(end - i));
        weft_buf_byte(out, locals->data[i]);
    }
}

static void put_code(buf_t *out, const emit_t *module) {
    if (!module->bodies.count) return;
    weft_buf_byte(out, 10);
    size_t section = out->len;
    weft_buf_u32(out, (uint32_t)module->bodies.count);
    for (size_t i = 0; i < module->bodies.count; i++) {
        const emit_body_t *body = &module->bodies.items[i];
        if (body->code.failed || body->locals.failed) out->failed = true;
        size_t start = out->len;
        put_locals(out, &body->locals);
        weft_buf_bytes(out, body->code.data, body->code.len);
        op_end(out);
        weft_buf_close_sized(out, start);
    }
    weft_buf_close_sized(out, section);
}

/* The custom section "name" with one subsection, 1: function names. */
static void put_names(buf_t *out, const emit_section_t *names) {
    if (names->bytes.failed) out->failed = true;
    if (!names->count) return;
    weft_buf_byte(out, 0);
    size_t section = out->len;
    weft_buf_name(out, STR_LIT("name"));
    weft_buf_byte(out, 1);
    size_t start = out->len;
    weft_buf_u32(out, names->count);
    weft_buf_bytes(out, names->bytes.data, names->bytes.len);
    weft_buf_close_sized(out, start);
    weft_buf_close_sized(out, section);
}

static void put_start(buf_t *out, uint32_t func) {
    weft_buf_byte(out, 8);
    size_t start = out->len;
    weft_buf_u32(out, func);
    weft_buf_close_sized(out, start);
}

weft_error_t *weft_emit_finish(emit_t *module, buf_t *out) {
    static const uint8_t preamble[8] = {0, 'a', 's', 'm', 1, 0, 0, 0};
    size_t start = out->len;
    weft_buf_bytes(out, preamble, sizeof preamble);
    put_section(out, 1, &module->types);
    put_section(out, 2, &module->imports);
    put_section(out, 3, &module->funcs);
    put_section(out, 4, &module->tables);
    put_section(out, 5, &module->memories);
    put_section(out, 13, &module->tags);
    put_section(out, 6, &module->globals);
    put_section(out, 7, &module->exports);
    if (module->start) put_start(out, module->start - 1);
    put_section(out, 9, &module->elements);
    put_code(out, module);
    put_section(out, 11, &module->data);
    put_names(out, &module->names);

    bool failed = module->failed || out->failed, misused = module->misused;
    weft_emit_free(module);
    if (!failed && !misused) return NULL;
    out->len = start;
    return failed
               ? weft_error_oom()
               : weft_error_new(WEFT_INTERNAL, "a core module was put together in a wrong order");
}

void weft_emit_free(emit_t *module) {
    emit_section_t *sections[] = {&module->types,   &module->imports,  &module->funcs,
                                  &module->tables,  &module->memories, &module->tags,
                                  &module->globals, &module->exports,  &module->elements,
                                  &module->data,    &module->names};
    for (size_t i = 0; i < sizeof sections / sizeof *sections; i++)
        weft_buf_free(&sections[i]->bytes);
    for (size_t i = 0; i < module->bodies.count; i++) {
        weft_buf_free(&module->bodies.items[i].code);
        weft_buf_free(&module->bodies.items[i].locals);
    }
    VEC_FREE(&module->known_types);
    weft_free(module->type_slots);
    VEC_FREE(&module->bodies);
    *module = (emit_t){0};
}
