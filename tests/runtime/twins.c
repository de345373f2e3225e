#include "runtime/twins.h"

#include <stdlib.h>

#include "abi/func.h"
#include "component/model.h"
#include "component/types/typing.h"
#include "runtime/guest.h"

enum { MOST_NAMED = 12, DEEPEST = 4, PARAMS_AT = 1024, RESULT_AT = 2048 };

/* ---- types ------------------------------------------------------------------------------------ */

/* Types that must have a name are written down by themselves, as $t0 and so on. */
typedef struct types {
    buf_t named[MOST_NAMED];
    unsigned count;
    buf_t func; /* parameters and result */
} types_t;

static void write_type(types_t *types, buf_t *out, random_source_t *source, unsigned depth);

static void write_labels(buf_t *out, unsigned count) {
    for (unsigned i = 0; i < count; i++) weft_buf_printf(out, " \"l%u\"", i);
}

static void write_parts(types_t *types, buf_t *out, random_source_t *source, unsigned depth,
                        const char *word) {
    unsigned count = 1 + (unsigned)random_below(source, 4);
    for (unsigned i = 0; i < count; i++) {
        bool has_type = word[0] != 'c' || random_below(source, 3);
        weft_buf_printf(out, " (%s \"p%u\" ", word, i);
        if (has_type) write_type(types, out, source, depth + 1);
        weft_buf_printf(out, ")");
    }
}

static void write_named(types_t *types, buf_t *out, random_source_t *source, unsigned depth) {
    buf_t body = {0};
    switch (random_below(source, 4)) {
    case 0:
        weft_buf_printf(&body, "(enum");
        write_labels(&body, 1 + (unsigned)random_below(source, random_below(source, 4) ? 5 : 300));
        break;
    case 1:
        weft_buf_printf(&body, "(flags");
        write_labels(&body, 1 + (unsigned)random_below(source, 32));
        break;
    case 2:
        weft_buf_printf(&body, "(record");
        write_parts(types, &body, source, depth, "field");
        break;
    default:
        weft_buf_printf(&body, "(variant");
        write_parts(types, &body, source, depth, "case");
        break;
    }
    weft_buf_printf(&body, ")");
    if (types->count == MOST_NAMED) { /* those inside took the last place */
        weft_buf_printf(out, "u16");
        weft_buf_free(&body);
        return;
    }
    weft_buf_printf(out, "$t%u", types->count);
    types->named[types->count++] = body;
}

static void write_type(types_t *types, buf_t *out, random_source_t *source, unsigned depth) {
    static const char *const scalars[] = {"bool", "s8",  "u8",  "s16", "u16",  "s32",   "u32",
                                          "s64",  "u64", "f32", "f64", "char", "string"};
    uint64_t kind = depth < DEEPEST ? random_below(source, 12) : 0;
    if (kind < 5) {
        weft_buf_printf(out, "%s", scalars[random_below(source, sizeof scalars / sizeof *scalars)]);
        return;
    }
    if (kind < 8) {
        write_named(types, out, source, depth);
        return;
    }
    static const char *const heads[] = {"(list ", "(option ", "(result ", "(tuple "};
    weft_buf_printf(out, "%s", heads[kind - 8]);
    write_type(types, out, source, depth + 1);
    if (kind == 10) {
        weft_buf_printf(out, " (error ");
        write_type(types, out, source, depth + 1);
        weft_buf_printf(out, ")");
    }
    for (uint64_t i = kind == 11 ? random_below(source, 3) : 0; i; i--) {
        weft_buf_printf(out, " ");
        write_type(types, out, source, depth + 1);
    }
    weft_buf_printf(out, ")");
}

static void write_types(types_t *types, random_source_t *source) {
    unsigned count = (unsigned)random_below(source, random_below(source, 4) ? 5 : 10);
    for (unsigned i = 0; i < count; i++) {
        weft_buf_printf(&types->func, "(param \"p%u\" ", i);
        write_type(types, &types->func, source, 1);
        weft_buf_printf(&types->func, ") ");
    }
    if (random_below(source, 5)) {
        weft_buf_printf(&types->func, "(result ");
        write_type(types, &types->func, source, 1);
        weft_buf_printf(&types->func, ")");
    }
}

static void free_types(types_t *types) {
    for (unsigned i = 0; i < types->count; i++) weft_buf_free(&types->named[i]);
    weft_buf_free(&types->func);
}

/* The names, as a component that exports or imports them has them. */
static void write_names(buf_t *out, const types_t *types, bool exported) {
    for (unsigned i = 0; i < types->count; i++) {
        weft_buf_printf(out, "(type $t%u' %.*s) ", i, (int)types->named[i].len,
                        (const char *)types->named[i].data);
        weft_buf_printf(out,
                        exported ? "(export $t%u \"t%u\" (type $t%u')) "
                                 : "(import \"t%u\" (type $t%u (eq $t%u'))) ",
                        i, i, i);
    }
}

/* ---- the core signature ----------------------------------------------------------------------- */

static void signature_of(const types_t *types, abi_func_t *lifted, abi_func_t *lowered) {
    buf_t wat = {0};
    weft_bytes_t binary;
    document_t *document;
    type_pool_t *pool;
    const ctype_t *component;
    abi_t abi = {.address = ABI_32};
    weft_buf_printf(&wat, "(component ");
    write_names(&wat, types, false);
    weft_buf_printf(&wat, "(import \"f\" (func %.*s)))", (int)types->func.len,
                    (const char *)types->func.data);
    assert_ok(weft_wat_to_wasm(weft_buf_as_str(&wat), &binary));
    assert_ok(weft_document_read(binary, &document));
    assert_ok(weft_type_pool_new(&pool));
    assert_ok(weft_typing_scope(pool, document->root, &component));
    const extern_list_t *imports = &component->component.imports;
    const func_type_t *type = imports->items[imports->count - 1].type.type->func.type;
    assert_ok(weft_abi_lift(&abi, type, (abi_options_t){0}, lifted));
    assert_ok(weft_abi_lower(&abi, type, (abi_options_t){0}, lowered));
    weft_abi_free(&abi);
    weft_document_delete(document);
    weft_type_pool_delete(pool);
    weft_free((void *)(uintptr_t)binary.ptr);
    weft_buf_free(&wat);
}

static const char *word_of(uint8_t type) {
    return type == CORE_I32 ? "i32" : type == CORE_I64 ? "i64" : type == CORE_F32 ? "f32" : "f64";
}

static void write_core_type(buf_t *out, const abi_func_t *func) {
    for (uint32_t i = 0; i < func->core_param_count; i++)
        weft_buf_printf(out, "(param %s) ", word_of(func->core_params[i]));
    for (uint32_t i = 0; i < func->core_result_count; i++)
        weft_buf_printf(out, "(result %s) ", word_of(func->core_results[i]));
}

/* ---- the components --------------------------------------------------------------------------- */

/* A memory, a realloc that writes down what it is asked for and may lie, and two functions for the outside. */
static const char memory[] =
    "(core module $mem (memory (export \"m\") 1) (global $end (mut i32) (i32.const 32768))"
    " (global $log (mut i32) (i32.const 57344))"
    " (func (export \"zero\") (param i32 i32 i32 i32) (result i32) (i32.const 0))"
    " (func (export \"set\") (param i32 i32))"
    " (func (export \"dump\") (result i32) (i32.store (i32.const 65528) (i32.const 0))"
    "  (i32.store (i32.const 65532) (i32.mul (memory.size) (i32.const 65536))) (i32.const 65528))"
    " (func (export \"r\") (param $old i32) (param $size i32) (param $align i32) (param $new i32)"
    "  (result i32) (local $at i32)"
    "  (i32.store (global.get $log) (local.get $old))"
    "  (i32.store offset=4 (global.get $log) (local.get $size))"
    "  (i32.store offset=8 (global.get $log) (local.get $align))"
    "  (i32.store offset=12 (global.get $log) (local.get $new))"
    "  (global.set $log (i32.add (global.get $log) (i32.const 16)))"
    "  (if (i32.gt_u (global.get $log) (i32.const 65000)) (then"
    "   (global.set $log (i32.const 57344))))"
    "  (local.set $at (i32.and (i32.add (global.get $end) (i32.sub (local.get $align)"
    "   (i32.const 1))) (i32.sub (i32.const 0) (local.get $align))))"
    "  (global.set $end (i32.add (local.get $at) (local.get $new)))"
    "  (if (i32.eq (i32.load8_u (i32.const 0)) (i32.const 1)) (then"
    "   (return (i32.add (local.get $at) (i32.const 1)))))"
    "  (if (i32.eq (i32.load8_u (i32.const 0)) (i32.const 2)) (then (return (i32.const -16))))"
    "  (if (i32.eq (i32.load8_u (i32.const 0)) (i32.const 3)) (then"
    "   (return (i32.mul (memory.grow (i32.const 1)) (i32.const 65536)))))"
    "  (if (i32.eq (i32.load8_u (i32.const 0)) (i32.const 4)) (then unreachable))"
    "  (if (i32.eq (i32.load8_u (i32.const 0)) (i32.const 5)) (then (return (i32.const 65520))))"
    "  (memory.copy (local.get $at) (local.get $old)"
    "   (select (local.get $size) (local.get $new) (i32.lt_u (local.get $size) (local.get $new))))"
    "  (local.get $at)))"
    " (core instance $mem (instantiate $mem)) (alias core export $mem \"m\" (core memory $m))"
    " (alias core export $mem \"r\" (core func $r)) "
    " (func (export \"set\") (param \"x\" (list u8)) (canon lift (core func $mem \"set\")"
    "  (memory $m) (realloc (core func $mem \"zero\"))))"
    " (func (export \"dump\") (result (list u8)) (canon lift (core func $mem \"dump\")"
    "  (memory $m))) ";

static const char *const encodings[] = {"utf8", "utf8", "utf8", "utf16", "latin1+utf16"};

/* $A's function keeps its arguments and gives what lies at RESULT_AT. */
static void write_callee(buf_t *out, const types_t *types, const abi_func_t *func,
                         random_source_t *source) {
    bool post_return = random_below(source, 2);
    weft_buf_printf(out, "(component $A ");
    write_names(out, types, true);
    weft_buf_printf(out, "%s (core module $c (import \"\" \"m\" (memory 1)) (func (export \"f\") ",
                    memory);
    write_core_type(out, func);
    for (uint32_t i = 0; i < func->core_param_count; i++)
        weft_buf_printf(out, "(%s.store (i32.const %u) (local.get %u)) ",
                        word_of(func->core_params[i]), PARAMS_AT + 8 * i, i);
    for (uint32_t i = 0; i < func->core_result_count; i++)
        weft_buf_printf(out, "(%s.load (i32.const %u)) ", word_of(func->core_results[i]),
                        RESULT_AT);
    weft_buf_printf(out, ") (func (export \"post\") ");
    for (uint32_t i = 0; i < func->core_result_count; i++)
        weft_buf_printf(out, "(param %s) (%s.store (i32.const 900) (local.get 0))",
                        word_of(func->core_results[i]), word_of(func->core_results[i]));
    weft_buf_printf(out,
                    " (i32.store (i32.const 912) (i32.const 77))))"
                    " (core instance $c (instantiate $c (with \"\" (instance (export \"m\" (memory "
                    "$m)))))) (func (export \"f\") %.*s (canon lift (core func $c \"f\") (memory "
                    "$m) (realloc $r) %s string-encoding=%s))) ",
                    (int)types->func.len, (const char *)types->func.data,
                    post_return ? "(post-return (core func $c \"post\"))" : "",
                    encodings[random_below(source, 5)]);
}

/* $B gives what lies at PARAMS_AT and keeps a flat result. */
static void write_caller(buf_t *out, const types_t *types, const abi_func_t *func,
                         random_source_t *source) {
    weft_buf_printf(out, "(component $B ");
    write_names(out, types, false);
    weft_buf_printf(out, "(import \"f\" (func $f %.*s)) %s (core func $f' (canon lower (func $f) ",
                    (int)types->func.len, (const char *)types->func.data, memory);
    weft_buf_printf(out,
                    "(memory $m) (realloc $r) string-encoding=%s)) (core module $c"
                    " (import \"\" \"m\" (memory 1)) (import \"\" \"f\" (func $f ",
                    encodings[random_below(source, 5)]);
    write_core_type(out, func);
    weft_buf_printf(out, ")) (func (export \"call\") ");
    if (func->core_result_count) weft_buf_printf(out, "i32.const %u ", RESULT_AT);
    for (uint32_t i = 0; i < func->core_param_count; i++)
        weft_buf_printf(out, "(%s.load (i32.const %u)) ", word_of(func->core_params[i]),
                        PARAMS_AT + 8 * i);
    weft_buf_printf(out, "call $f ");
    if (func->core_result_count) weft_buf_printf(out, "%s.store ", word_of(func->core_results[0]));
    weft_buf_printf(out, ")) (core instance $c (instantiate $c (with \"\" (instance"
                         " (export \"m\" (memory $m)) (export \"f\" (func $f'))))))"
                         " (func (export \"call\") (canon lift (core func $c \"call\")))) ");
}

void random_twins(buf_t *wat, random_source_t *source) {
    types_t types = {0};
    abi_func_t lifted, lowered;
    write_types(&types, source);
    signature_of(&types, &lifted, &lowered);
    weft_buf_printf(wat, "(component ");
    write_callee(wat, &types, &lifted, source);
    write_caller(wat, &types, &lowered, source);
    weft_buf_printf(wat, "(instance $a (instantiate $A)) (instance $b (instantiate $B");
    for (unsigned i = 0; i < types.count; i++)
        weft_buf_printf(wat, " (with \"t%u\" (type $a \"t%u\"))", i, i);
    weft_buf_printf(wat,
                    " (with \"f\" (func $a \"f\"))))"
                    " (export \"a-set\" (func $a \"set\")) (export \"a-dump\" (func $a \"dump\"))"
                    " (export \"b-set\" (func $b \"set\")) (export \"b-dump\" (func $b \"dump\"))"
                    " (export \"call\" (func $b \"call\")))");
    weft_buf_byte(wat, 0);
    free_types(&types);
    if (wat->failed) abort();
}

/* ---- memories --------------------------------------------------------------------------------- */

/* Small numbers are good lengths, cases and pointers. */
static uint32_t random_word(random_source_t *source) {
    static const uint32_t small[] = {0, 0, 1, 1, 2, 8, 16, 48, 0, 1};
    static const uint32_t text[] = {0x64636261, 0xA9C3A9C3, 0x61AC82E2, 0x0041E9E9, 0x80808080};
    uint64_t kind = random_below(source, 40);
    if (kind < 33) return small[random_below(source, 10)];
    if (kind < 39) return text[random_below(source, kind < 38 ? 3 : 5)];
    return (uint32_t)random_below(source, UINT64_C(1) << 32);
}

static void put_word(uint8_t *at, uint32_t word) {
    for (unsigned i = 0; i < 4; i++) at[i] = (uint8_t)(word >> 8 * i);
}

void random_image(uint8_t image[TWINS_IMAGE], random_source_t *source) {
    static const uint32_t ends[] = {65535, 65528, 65536, 0xFFFFFFF8, 268435456, 0xD800, 0x80000001};
    for (unsigned i = 0; i < TWINS_IMAGE; i += 4) put_word(image + i, random_word(source));
    put_word(image, random_below(source, 6) ? 0 : (uint32_t)random_below(source, 6));
    if (random_below(source, 3) == 0)
        put_word(image + PARAMS_AT + 4 * random_below(source, 12),
                 ends[random_below(source, sizeof ends / sizeof *ends)]);
    if (random_below(source, 3))
        put_word(image + RESULT_AT, (uint32_t)(16 * random_below(source, 60)));
}
