#include "weave/config.h"

#include "component/edit/build.h"
#include "component/edit/wrap.h"
#include "core/emit.h"
#include "support/version.h"

/* The memory of the generated module: keys and values, a table of four words for each key (address and
 * length of both), the place where `get` puts its result, and behind it the key that a caller passes. */
enum { FIRST = 16, ROW = 16, RESULT = 12, PAGE = 65536 };

typedef struct values_layout {
    buf_t bytes; /* from FIRST on */
    uint32_t table, table_end, result, heap;
} values_layout_t;

def_t *weft_config_import(scope_t *middleware) {
    weft_str_t name, version;
    for (def_t *def = middleware->first; def; def = def->next) {
        if (def->kind != DEF_IMPORT || def->sort != SORT_INSTANCE) continue;
        weft_split_version(def->import.name.name, &name, &version);
        if (weft_str_eq(name, STR_LIT("splicer:builtin-config/get"))) return def;
    }
    return NULL;
}

/* ---- the memory ---- */

static void put_word(buf_t *out, uint32_t word) {
    for (unsigned i = 0; i < 4; i++) weft_buf_byte(out, (uint8_t)(word >> 8 * i));
}

static void put_text(values_layout_t *layout, buf_t *table, weft_str_t text) {
    put_word(table, FIRST + (uint32_t)layout->bytes.len);
    put_word(table, (uint32_t)text.len);
    weft_buf_str(&layout->bytes, text);
}

static weft_error_t *lay_out(values_layout_t *layout, const config_value_t *values, size_t count) {
    buf_t table = {0};
    for (size_t i = 0; i < count; i++) {
        put_text(layout, &table, values[i].key);
        put_text(layout, &table, values[i].value);
    }
    while (layout->bytes.len % 4 && !layout->bytes.failed) weft_buf_byte(&layout->bytes, 0);
    layout->table = FIRST + (uint32_t)layout->bytes.len;
    weft_buf_bytes(&layout->bytes, table.data, table.len);
    layout->table_end = layout->table + (uint32_t)table.len;
    layout->result = layout->table_end;
    layout->heap = layout->result + RESULT;
    bool failed = table.failed || layout->bytes.failed;
    weft_buf_free(&table);
    return failed ? weft_error_oom() : NULL;
}

/* ---- the module ---- */

/* A call passes one key, so there is one allocation at a time: always the same place. */
static void emit_realloc(emit_t *m, const values_layout_t *layout) {
    static const uint8_t four[] = {CORE_I32, CORE_I32, CORE_I32, CORE_I32}, one = CORE_I32;
    uint32_t func = weft_emit_func(m, (core_sig_t){four, &one, 4, 1});
    buf_t *body = weft_emit_body(m, func);
    op_local_get(body, 3);
    op_i32_const(body, PAGE - 1 + layout->heap);
    op_i32_add(body);
    op_i32_const(body, 16);
    op_i32_shr_u(body);
    op_local_tee(body, 3); /* pages needed */
    op_memory_size(body, 0);
    op_i32_gt_u(body);
    op_if(body, CORE_EMPTY);
    op_local_get(body, 3);
    op_memory_size(body, 0);
    op_i32_sub(body);
    op_memory_grow(body, 0);
    op_i32_const(body, UINT32_MAX);
    op_i32_eq(body);
    op_if(body, CORE_EMPTY);
    op_unreachable(body);
    op_end(body);
    op_end(body);
    op_i32_const(body, layout->heap);
    weft_emit_export(m, STR_LIT("realloc"), CORE_FUNC, func);
}

enum { KEY, KEY_LEN, AT, BYTE }; /* parameters and locals of `get` */

static void put_found(buf_t *body, const values_layout_t *layout) {
    op_i32_const(body, layout->result);
    op_i32_const(body, 1);
    op_i32_store8(body, 0, 0);
    for (uint32_t word = 8; word <= 12; word += 4) {
        op_i32_const(body, layout->result);
        op_local_get(body, AT);
        op_i32_load(body, 0, word);
        op_i32_store(body, 0, word - 4);
    }
    op_i32_const(body, layout->result);
    op_return(body);
}

/* Leaves the block around it (label 1) when a byte of the key differs from the row's. */
static void put_compare(buf_t *body, const values_layout_t *layout) {
    op_loop(body, CORE_EMPTY);
    op_local_get(body, BYTE);
    op_local_get(body, KEY_LEN);
    op_i32_eq(body);
    op_if(body, CORE_EMPTY);
    put_found(body, layout);
    op_end(body);
    op_local_get(body, KEY);
    op_local_get(body, BYTE);
    op_i32_add(body);
    op_i32_load8_u(body, 0, 0);
    op_local_get(body, AT);
    op_i32_load(body, 0, 0);
    op_local_get(body, BYTE);
    op_i32_add(body);
    op_i32_load8_u(body, 0, 0);
    op_i32_ne(body);
    op_br_if(body, 1);
    op_local_get(body, BYTE);
    op_i32_const(body, 1);
    op_i32_add(body);
    op_local_set(body, BYTE);
    op_br(body, 0);
    op_end(body);
}

/* get(key) -> pointer to option<string>: the rows are looked through in order. */
static void emit_get(emit_t *m, const values_layout_t *layout) {
    static const uint8_t two[] = {CORE_I32, CORE_I32}, one = CORE_I32;
    uint32_t func = weft_emit_func(m, (core_sig_t){two, &one, 2, 1});
    weft_emit_local(m, func, CORE_I32);
    weft_emit_local(m, func, CORE_I32);
    buf_t *body = weft_emit_body(m, func);
    op_i32_const(body, layout->table);
    op_local_set(body, AT);
    op_block(body, CORE_EMPTY);
    op_loop(body, CORE_EMPTY);
    op_local_get(body, AT);
    op_i32_const(body, layout->table_end);
    op_i32_eq(body);
    op_br_if(body, 1);
    op_block(body, CORE_EMPTY);
    op_local_get(body, AT);
    op_i32_load(body, 0, 4);
    op_local_get(body, KEY_LEN);
    op_i32_ne(body);
    op_br_if(body, 0);
    op_i32_const(body, 0);
    op_local_set(body, BYTE);
    put_compare(body, layout);
    op_end(body);
    op_local_get(body, AT);
    op_i32_const(body, ROW);
    op_i32_add(body);
    op_local_set(body, AT);
    op_br(body, 0);
    op_end(body);
    op_end(body);
    op_i32_const(body, layout->result);
    op_i32_const(body, 0);
    op_i32_store8(body, 0, 0);
    op_i32_const(body, layout->result);
    weft_emit_export(m, STR_LIT("get"), CORE_FUNC, func);
}

static weft_error_t *emit_module(const config_value_t *values, size_t count, buf_t *bytes) {
    emit_t m = {0};
    values_layout_t layout = {0};
    weft_error_t *error = lay_out(&layout, values, count);
    if (!error) {
        uint64_t pages = (layout.heap + PAGE) / PAGE;
        uint32_t memory = weft_emit_memory(&m, (core_size_t){.min = pages});
        weft_emit_export(&m, STR_LIT("m"), CORE_MEMORY, memory);
        emit_realloc(&m, &layout);
        emit_get(&m, &layout);
        weft_emit_data(&m, memory, FIRST, weft_buf_as_bytes(&layout.bytes));
        error = weft_emit_finish(&m, bytes);
    }
    weft_buf_free(&layout.bytes);
    return error;
}

/* ---- the component ---- */

/* (component ... (export "splicer:builtin-config/get@0.1.0" (instance (export "get" ...)))) */
static weft_error_t *fill(scope_t *body, weft_str_t interface, weft_bytes_t module_bytes) {
    builder_t b = {body, NULL, NULL};
    def_t *instance = weft_build_core_instance(&b, weft_build_module(&b, module_bytes), NULL, 0);
    canon_opt_t opts[2] = {
        {OPT_MEMORY, weft_build_core_alias(&b, SORT_CORE_MEMORY, instance, STR_LIT("m"))},
        {OPT_REALLOC, weft_build_core_alias(&b, SORT_CORE_FUNC, instance, STR_LIT("realloc"))}};
    type_def_t option = {
        .op = TYPE_OP_OPTION, .has_element = true, .element = {.prim = PRIM_STRING}};
    label_t key = {STR_LIT("key"), true, {.prim = PRIM_STRING}};
    type_def_t type = {.op = TYPE_OP_FUNC, .labels = &key, .label_count = 1, .has_element = true};
    type.element.def = weft_build_type(&b, &option);
    def_t *func_type = weft_build_type(&b, &type);
    def_t *core = weft_build_core_alias(&b, SORT_CORE_FUNC, instance, STR_LIT("get"));
    named_def_t get = weft_named(STR_LIT("get"), weft_build_lift(&b, core, func_type, opts, 2));
    weft_build_export(&b, interface, weft_build_inline(&b, &get, 1));
    return b.error;
}

/* The wrapped middleware's argument comes from the values instead of an import. */
static weft_error_t *answer(def_t *middleware, weft_bytes_t module_bytes) {
    named_def_t *arg = NULL;
    for (uint32_t i = 0; i < middleware->instantiate.count; i++)
        if (middleware->instantiate.args[i].def == weft_config_import(middleware->scope))
            arg = &middleware->instantiate.args[i];
    if (!arg) return weft_error_new(WEFT_INTERNAL, "a wrapped middleware without its import");
    builder_t b = {middleware->scope, middleware, NULL};
    scope_t *body;
    def_t *import = arg->def;
    def_t *component = weft_build_component(&b, &body);
    TRY(b.error);
    TRY(fill(body, import->import.name.name, module_bytes));
    def_t *values = weft_build_instance(&b, component, NULL, 0);
    if (values) values->name = STR_LIT("config");
    arg->def = weft_build_alias(&b, SORT_INSTANCE, values, import->import.name.name);
    TRY(b.error);
    weft_def_touch(middleware);
    weft_def_remove(import);
    return NULL;
}

static weft_error_t *seal(document_t *document, weft_bytes_t module_bytes, buf_t *out) {
    def_t *middleware;
    pieces_t pieces;
    TRY(weft_document_wrap(document, STR_LIT("middleware"), &middleware));
    TRY(answer(middleware, module_bytes));
    TRY(weft_document_write(document, &pieces));
    weft_error_t *error = weft_pieces_join(&pieces, out);
    weft_pieces_free(&pieces);
    return error;
}

weft_error_t *weft_config_seal(weft_bytes_t middleware, const config_value_t *values, size_t count,
                               buf_t *out) {
    document_t *document;
    buf_t module = {0};
    TRY(weft_document_read(middleware, &document));
    weft_error_t *error = emit_module(values, count, &module);
    if (!error) error = seal(document, weft_buf_as_bytes(&module), out);
    weft_buf_free(&module);
    weft_document_delete(document);
    return error;
}
