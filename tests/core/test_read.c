/* Reading core modules: the listing of everything a module imports and exports, and bytes gone bad. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include "common/oracle.h"
#include "core/read.h"
#include "support/alloc.h"
#include "support/buf.h"

static const char *value_words(uint8_t value) {
    switch (value) {
    case CORE_I32: return "i32";
    case CORE_I64: return "i64";
    case CORE_F32: return "f32";
    case CORE_F64: return "f64";
    case CORE_V128: return "v128";
    case CORE_FUNCREF: return "funcref";
    case CORE_EXTERNREF: return "externref";
    case CORE_REF: return "ref";
    case CORE_REF_NULL: return "ref-null";
    default: return "other";
    }
}

static void list_values(buf_t *out, const uint8_t *values, uint32_t count) {
    for (uint32_t i = 0; i < count; i++) weft_buf_printf(out, " %s", value_words(values[i]));
}

static void list_size(buf_t *out, core_size_t size) {
    weft_buf_printf(out, " %u", (unsigned)size.min);
    if (size.has_max) weft_buf_printf(out, " %u", (unsigned)size.max);
    if (size.shared) weft_buf_printf(out, " shared");
    if (size.is_64) weft_buf_printf(out, " i64");
    if (size.has_page) weft_buf_printf(out, " page %u", size.page_log2);
}

static void list_item(buf_t *out, const core_item_t *item) {
    static const char *const kinds[] = {"func", "table", "memory", "global", "tag"};
    weft_buf_printf(out, " %s", kinds[item->kind]);
    switch (item->kind) {
    case CORE_FUNC:
    case CORE_TAG:
        list_values(out, item->sig.params, item->sig.param_count);
        weft_buf_printf(out, " ->");
        list_values(out, item->sig.results, item->sig.result_count);
        break;
    case CORE_TABLE:
        list_values(out, &item->value, 1);
        list_size(out, item->size);
        break;
    case CORE_MEMORY: list_size(out, item->size); break;
    case CORE_GLOBAL:
        if (item->is_mutable) weft_buf_printf(out, " mut");
        list_values(out, &item->value, 1);
        break;
    }
    weft_buf_printf(out, "\n");
}

/* Everything there is to ask of a module. */
static weft_error_t *list(arena_t *arena, weft_bytes_t bytes, buf_t *out) {
    core_module_t *module;
    const core_import_t *imports;
    const core_export_t *exports, *found;
    uint32_t import_count, export_count, count, start;
    bool has_start;
    TRY(weft_core_module_open(arena, bytes.ptr, bytes, &module));
    TRY(weft_core_module_exports(module, &exports, &export_count));
    TRY(weft_core_module_imports(module, &imports, &import_count));
    for (uint32_t i = 0; i < import_count; i++) {
        weft_buf_printf(out, "import %.*s.%.*s", STR_ARG(imports[i].from),
                        STR_ARG(imports[i].name));
        list_item(out, &imports[i].type);
    }
    for (uint32_t i = 0; i < export_count; i++) {
        core_item_t item;
        TRY(weft_core_module_type(module, exports[i].kind, exports[i].index, &item));
        weft_buf_printf(out, "export %.*s", STR_ARG(exports[i].name));
        list_item(out, &item);
        TRY(weft_core_module_export(module, exports[i].name, &found));
        if (found != &exports[i]) weft_buf_printf(out, "not found\n");
    }
    weft_buf_printf(out, "counts");
    for (core_kind_t kind = CORE_FUNC; kind <= CORE_TAG; kind++) {
        TRY(weft_core_module_count(module, kind, &count));
        weft_buf_printf(out, " %u", count);
    }
    TRY(weft_core_module_start(module, &has_start, &start));
    if (has_start) weft_buf_printf(out, " start %u", start);
    weft_buf_printf(out, "\n");
    return NULL;
}

static const char MODULE[] =
    "(module\n"
    "  (rec (type $s (sub (struct (field (mut i8)) (field (ref null $f)))))\n"
    "       (type $f (func (param (ref $s) i32) (result f64))))\n"
    "  (type $a (array (mut i16)))\n"
    "  (type $sub (sub final $s (struct (field (mut i8)) (field (ref null $f)) (field anyref))))\n"
    "  (type $plain (func (param i32 i64 f32 f64 v128 funcref externref) (result i32 i64)))\n"
    "  (import \"env\" \"f\" (func $plain (type $plain)))\n"
    "  (import \"env\" \"t\" (table 1 5 funcref))\n"
    "  (import \"env\" \"m\" (memory 1 2 shared))\n"
    "  (import \"env\" \"g\" (global (mut i64)))\n"
    "  (import \"env\" \"e\" (tag (param i32)))\n"
    "  (func $gc (export \"gc\") (type $f) unreachable)\n"
    "  (func $two (export \"two\") (param i32) (result i32) local.get 0)\n"
    "  (func $go)\n"
    "  (start $go)\n"
    "  (table (export \"tab\") 3 (ref $f) (ref.func $gc))\n"
    "  (table (export \"tab64\") i64 4 externref)\n"
    "  (memory (export \"mem\") i64 7)\n"
    "  (memory (export \"tiny\") 9 (pagesize 1))\n"
    "  (tag (export \"tag\") (param f32))\n"
    "  (global i32 (i32.add (i32.const 1000) (i32.mul (i32.const -5) (i32.const 2))))\n"
    "  (global v128 (v128.const i64x2 1 2))\n"
    "  (global (ref $sub) (struct.new $sub (i32.const 1) (ref.null $f) (ref.i31 (i32.const 1))))\n"
    "  (global (ref $a) (array.new_fixed $a 2 (i32.const 1) (i32.const 2)))\n"
    "  (global f64 (f64.const 2.5))\n"
    "  (global funcref (ref.null func))\n"
    "  (global (export \"last\") (mut f32) (f32.const 1))\n"
    "  (export \"again\" (func $plain))\n"
    "  (data (i32.const 0) \"data\"))\n";

static const char LISTING[] =
    "import env.f func i32 i64 f32 f64 v128 funcref externref -> i32 i64\n"
    "import env.t table funcref 1 5\n"
    "import env.m memory 1 2 shared\n"
    "import env.g global mut i64\n"
    "import env.e tag i32 ->\n"
    "export gc func ref i32 -> f64\n"
    "export two func i32 -> i32\n"
    "export tab table ref 3\n"
    "export tab64 table externref 4 i64\n"
    "export mem memory 7 i64\n"
    "export tiny memory 9 page 0\n"
    "export tag tag f32 ->\n"
    "export last global mut f32\n"
    "export again func i32 i64 f32 f64 v128 funcref externref -> i32 i64\n"
    "counts 4 3 3 8 2 start 3\n";

static void module_lists_what_it_imports_and_exports(void **state) {
    (void)state;
    weft_bytes_t bytes = oracle_parse(MODULE);
    arena_t arena = {0};
    buf_t out = {0};
    weft_error_t *error = list(&arena, bytes, &out);
    if (error) fail_msg("%s", weft_error_message(error).ptr);
    weft_buf_byte(&out, 0);
    assert_string_equal((char *)out.data, LISTING);
    weft_buf_free(&out);
    weft_arena_free(&arena);
    free((void *)bytes.ptr);
}

/* A success, or an error with an offset inside the bytes. */
static void survive(weft_bytes_t bytes) {
    arena_t arena = {0};
    buf_t out = {0};
    weft_error_t *error = list(&arena, bytes, &out);
    if (error) {
        assert_int_not_equal(weft_error_code(error), WEFT_INTERNAL);
        assert_true(weft_error_offset(error) <= bytes.len);
    }
    assert_true(arena.used < (size_t)1 << 20);
    weft_error_delete(error);
    weft_buf_free(&out);
    weft_arena_free(&arena);
}

static void every_truncation_and_flip_is_survived(void **state) {
    (void)state;
    weft_bytes_t bytes = oracle_parse(MODULE);
    for (size_t n = 0; n < bytes.len; n++) {
        uint8_t *copy = malloc(n ? n : 1); /* of its own, so that a sanitizer sees the end */
        assert_non_null(copy);
        memcpy(copy, bytes.ptr, n);
        survive((weft_bytes_t){copy, n});
        free(copy);
    }
    uint8_t *copy = malloc(bytes.len);
    assert_non_null(copy);
    memcpy(copy, bytes.ptr, bytes.len);
    static const uint8_t flips[] = {0x01, 0x40, 0x80, 0xff};
    for (size_t at = 0; at < bytes.len; at++)
        for (size_t i = 0; i < sizeof flips; i++) {
            copy[at] ^= flips[i];
            survive((weft_bytes_t){copy, bytes.len});
            copy[at] ^= flips[i];
        }
    free(copy);
    free((void *)bytes.ptr);
}

#define BYTES(literal) ((weft_bytes_t){(const uint8_t *)literal, sizeof(literal) - 1})
#define PREAMBLE "\0asm\1\0\0\0"

static void assert_rejects(weft_bytes_t bytes, uint64_t offset, const char *message) {
    arena_t arena = {0};
    buf_t out = {0};
    weft_error_t *error = list(&arena, bytes, &out);
    assert_non_null(error);
    assert_string_equal(weft_error_message(error).ptr, message);
    assert_int_equal(weft_error_offset(error), offset);
    weft_error_delete(error);
    weft_buf_free(&out);
    weft_arena_free(&arena);
}

static void errors_say_what_and_where(void **state) {
    (void)state;
    assert_rejects(BYTES("\0asm\x0d\0\1\0"), 0, "not a core module of version 1");
    assert_rejects(BYTES(PREAMBLE "\x0e\0"), 8, "unknown section 14");
    assert_rejects(BYTES(PREAMBLE "\1\1\0\1\1\0"), 11, "a second section 1");
    assert_rejects(BYTES(PREAMBLE "\1\5\0"), 9, "a length of 5 bytes where 1 are left");
    assert_rejects(BYTES(PREAMBLE "\1\2\1\x30\2\5\1\0\0\0\0"), 11, "0x30 starts no type");
    assert_rejects(BYTES(PREAMBLE "\2\4\1\0\0\x09"), 13, "0x09 is no kind of import");
    assert_rejects(BYTES(PREAMBLE "\2\5\1\0\0\0\7"), 14, "type 7 of 0");
    assert_rejects(BYTES(PREAMBLE "\7\5\1\1x\0\0"), 0, "function 0 of a core module that has 0");
    assert_rejects(BYTES(PREAMBLE "\7\x09\2\1x\0\0\1x\0\0"), 15, "a second export \"x\"");
    assert_rejects(BYTES(PREAMBLE "\5\4\1\0\1\x09"), 13,
                   "1 bytes behind the last item of a section");
    assert_rejects(BYTES(PREAMBLE "\6\5\1\x7f\0\x10\x0b"), 13,
                   "instruction 0x10 in a constant expression");
}

static void groups_of_imports_are_read(void **state) {
    (void)state;
    /* type 0: () -> (); "m": a: func 0, b: memory 1; then "n": c and d, each a global i32 */
    static const char bytes[] = PREAMBLE "\1\4\1\x60\0\0"
                                         "\2\x1b\2"
                                         "\1m\0\x7f\2\1a\0\0\1b\2\0\1"
                                         "\1n\0\x7e\3\x7f\0\2\1c\1d";
    arena_t arena = {0};
    buf_t out = {0};
    weft_error_t *error = list(&arena, BYTES(bytes), &out);
    if (error) fail_msg("%s", weft_error_message(error).ptr);
    weft_buf_byte(&out, 0);
    assert_string_equal((char *)out.data, "import m.a func ->\n"
                                          "import m.b memory 1\n"
                                          "import n.c global i32\n"
                                          "import n.d global i32\n"
                                          "counts 1 0 1 2 0\n");
    weft_buf_free(&out);
    weft_arena_free(&arena);
}

/* The code section of this module is memory that may not be read. */
static void code_is_never_touched(void **state) {
    (void)state;
    static const char head[] = PREAMBLE "\1\4\1\x60\0\0" /* type 0: () -> () */
                                        "\3\2\1\0"       /* function 0 of type 0 */
                                        "\7\5\1\1f\0\0"; /* export "f" */
    const size_t page = (size_t)sysconf(_SC_PAGESIZE), size = 4 * page;
    uint8_t *bytes = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    assert_true(bytes != MAP_FAILED);

    /* a custom section up to the end of the first page, where the code section's header stands */
    buf_t first = {0}, code = {0};
    weft_buf_byte(&code, 10);
    weft_buf_u32(&code, (uint32_t)(2 * page));
    weft_buf_bytes(&first, head, sizeof head - 1);
    weft_buf_byte(&first, 0);
    weft_buf_u32(&first, (uint32_t)(page - code.len - first.len - 2));
    memcpy(bytes, first.data, first.len);
    memcpy(bytes + page - code.len, code.data, code.len);
    /* and one behind it, to the end */
    buf_t last = {0};
    weft_buf_byte(&last, 0);
    weft_buf_u32(&last, (uint32_t)(page - 3));
    memcpy(bytes + 3 * page, last.data, last.len);
    assert_int_equal(last.len, 3);
    assert_int_equal(mprotect(bytes + page, 2 * page, PROT_NONE), 0);

    arena_t arena = {0};
    buf_t out = {0};
    weft_error_t *error = list(&arena, (weft_bytes_t){bytes, size}, &out);
    if (error) fail_msg("%s", weft_error_message(error).ptr);
    weft_buf_byte(&out, 0);
    assert_string_equal((char *)out.data, "export f func ->\ncounts 1 0 0 0 0\n");
    weft_arena_free(&arena);
    buf_t *bufs[] = {&first, &code, &last, &out};
    for (size_t i = 0; i < sizeof bufs / sizeof *bufs; i++) weft_buf_free(bufs[i]);
    munmap(bytes, size);
}

static void any_failing_allocation_is_an_error(void **state) {
    (void)state;
    weft_bytes_t bytes = oracle_parse(MODULE);
    for (size_t n = 1;; n++) {
        arena_t arena = {0};
        buf_t out = {0};
        weft_alloc_fail_after(n);
        weft_error_t *error = list(&arena, bytes, &out);
        bool failed = error || out.failed;
        weft_alloc_fail_after(0);
        if (error) assert_int_equal(weft_error_code(error), WEFT_NO_MEMORY);
        weft_error_delete(error);
        weft_buf_free(&out);
        weft_arena_free(&arena);
        if (!failed) break;
        assert_true(n < 100);
    }
    free((void *)bytes.ptr);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(module_lists_what_it_imports_and_exports),
        cmocka_unit_test(every_truncation_and_flip_is_survived),
        cmocka_unit_test(errors_say_what_and_where),
        cmocka_unit_test(groups_of_imports_are_read),
        cmocka_unit_test(code_is_never_touched),
        cmocka_unit_test(any_failing_allocation_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
