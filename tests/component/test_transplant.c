/* Imports made anew in another scope (component/edit/transplant.h). */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "common/oracle.h"
#include "component/edit/build.h"
#include "component/edit/transplant.h"
#include "support/file.h"

static void ok(weft_error_t *error) {
    if (!error) return;
    char *text;
    if (!weft_error_render(error, &text)) print_error("%s", text);
    fail();
}

/* An empty root with the given components in it, not inserted, and their imports. */
typedef struct field {
    document_t *document;
    transplant_t transplant;
    weft_bytes_t bytes[2];
    def_t *imports[2][16];
    size_t counts[2];
} field_t;

static void plant(field_t *field, size_t at, weft_bytes_t bytes) {
    def_t *component;
    scope_t *body;
    field->bytes[at] = bytes;
    ok(weft_component_adopt(field->document->root, bytes, &component));
    ok(weft_component_body(component, &body));
    for (def_t *def = body->first; def; def = def->next) {
        if (def->kind != DEF_IMPORT) continue;
        assert_true(field->counts[at] < 16);
        field->imports[at][field->counts[at]++] = def;
    }
}

static void begin(field_t *field, const char *first, const char *second) {
    *field = (field_t){0};
    ok(weft_document_new(&field->document));
    field->transplant.to = field->document->root;
    plant(field, 0, oracle_parse(first));
    if (second) plant(field, 1, oracle_parse(second));
}

static void end(field_t *field) {
    weft_transplant_free(&field->transplant);
    weft_document_delete(field->document);
    for (int i = 0; i < 2; i++) free((void *)(uintptr_t)field->bytes[i].ptr);
}

static void assert_becomes(field_t *field, const char *expected) {
    pieces_t pieces;
    buf_t out = {0};
    ok(weft_document_write(field->document, &pieces));
    ok(weft_pieces_join(&pieces, &out));
    oracle_assert_prints(weft_buf_as_bytes(&out), expected);
    weft_buf_free(&out);
    weft_pieces_free(&pieces);
}

static def_t *unite(field_t *field, def_t *a, def_t *b, bool types_only) {
    def_t *imports[2] = {a, b}, *copy;
    size_t count = b ? 2 : 1;
    ok(weft_transplant_imports(&field->transplant, imports, count, types_only ? 0 : count,
                               &a->import.name, &copy));
    return copy;
}

static const char streams[] =
    "(component"
    "  (import \"a:io/error\" (instance $e (export \"error\" (type (sub resource)))))"
    "  (alias export $e \"error\" (type $error))"
    "  (import \"a:io/streams\" (instance"
    "    (alias outer 1 $error (type $x))"
    "    (export \"error\" (type $error (eq $x)))"
    "    (type $r (result (own $error)))"
    "    (export \"r\" (type $r' (eq $r)))"
    "    (export \"f\" (func (param \"a\" (list $r')))))))";

static void imports_lean_on_each_other_as_before(void **state) {
    (void)state;
    field_t field;
    oracle_need();
    begin(&field, streams, NULL);
    for (size_t i = 0; i < field.counts[0]; i++) unite(&field, field.imports[0][i], NULL, false);
    assert_becomes(&field, "(component\n"
                           "  (type (;0;)\n"
                           "    (instance\n"
                           "      (export (;0;) \"error\" (type (sub resource)))\n"
                           "    )\n"
                           "  )\n"
                           "  (import \"a:io/error\" (instance (;0;) (type 0)))\n"
                           "  (alias export 0 \"error\" (type (;1;)))\n"
                           "  (type (;2;)\n"
                           "    (instance\n"
                           "      (alias outer 1 1 (type (;0;)))\n"
                           "      (export (;1;) \"error\" (type (eq 0)))\n"
                           "      (type (;2;) (own 1))\n"
                           "      (type (;3;) (result 2))\n"
                           "      (export (;4;) \"r\" (type (eq 3)))\n"
                           "      (type (;5;) (list 4))\n"
                           "      (type (;6;) (func (param \"a\" 5)))\n"
                           "      (export (;0;) \"f\" (func (type 6)))\n"
                           "    )\n"
                           "  )\n"
                           "  (import \"a:io/streams\" (instance (;1;) (type 2)))\n"
                           ")\n");
    end(&field);
}

static void a_union_has_each_export_once(void **state) {
    (void)state;
    field_t field;
    oracle_need();
    begin(&field,
          "(component (import \"a:b/c@1.1.0\" (instance"
          "  (type $r (record (field \"x\" u32)))"
          "  (export \"rec\" (type $rec (eq $r)))"
          "  (export \"f\" (func (param \"r\" $rec))))))",
          "(component (import \"a:b/c@1.0.0\" (instance"
          "  (export \"res\" (type $res (sub resource)))"
          "  (type $r (record (field \"x\" u32)))"
          "  (export \"rec\" (type $rec (eq $r)))"
          "  (export \"f\" (func (param \"r\" $rec)))"
          "  (export \"g\" (func (param \"r\" (list $rec)) (param \"s\" (borrow $res)))))))");
    unite(&field, field.imports[0][0], field.imports[1][0], false);
    assert_becomes(&field, "(component\n"
                           "  (type (;0;)\n"
                           "    (instance\n"
                           "      (type (;0;) (record (field \"x\" u32)))\n"
                           "      (export (;1;) \"rec\" (type (eq 0)))\n"
                           "      (type (;2;) (func (param \"r\" 1)))\n"
                           "      (export (;0;) \"f\" (func (type 2)))\n"
                           "      (export (;3;) \"res\" (type (sub resource)))\n"
                           "      (type (;4;) (list 1))\n"
                           "      (type (;5;) (borrow 3))\n"
                           "      (type (;6;) (func (param \"r\" 4) (param \"s\" 5)))\n"
                           "      (export (;1;) \"g\" (func (type 6)))\n"
                           "    )\n"
                           "  )\n"
                           "  (import \"a:b/c@1.1.0\" (instance (;0;) (type 0)))\n"
                           ")\n");
    end(&field);
}

static void a_union_takes_what_others_export_once(void **state) {
    (void)state;
    field_t field;
    oracle_need();
    begin(&field, streams, streams);
    unite(&field, field.imports[0][0], field.imports[1][0], false);
    unite(&field, field.imports[0][1], field.imports[1][1], true);
    assert_becomes(&field, "(component\n"
                           "  (type (;0;)\n"
                           "    (instance\n"
                           "      (export (;0;) \"error\" (type (sub resource)))\n"
                           "    )\n"
                           "  )\n"
                           "  (import \"a:io/error\" (instance (;0;) (type 0)))\n"
                           "  (alias export 0 \"error\" (type (;1;)))\n"
                           "  (type (;2;)\n"
                           "    (instance\n"
                           "      (alias outer 1 1 (type (;0;)))\n"
                           "      (export (;1;) \"error\" (type (eq 0)))\n"
                           "      (type (;2;) (own 1))\n"
                           "      (type (;3;) (result 2))\n"
                           "      (export (;4;) \"r\" (type (eq 3)))\n"
                           "    )\n"
                           "  )\n"
                           "  (import \"a:io/streams\" (instance (;1;) (type 2)))\n"
                           ")\n");
    end(&field);
}

static void one_type_may_be_the_source_of_several(void **state) {
    (void)state;
    field_t field;
    oracle_need();
    begin(&field,
          "(component"
          "  (type $t (instance (export \"r\" (type $r (sub resource))) (export \"f\" (func (param "
          "\"r\" (own $r))))))"
          "  (import \"a\" (instance (type $t)))"
          "  (import \"b\" (instance (type $t)))"
          "  (import \"c\" (instance (type $t))))",
          NULL);
    unite(&field, field.imports[0][0], NULL, true);
    unite(&field, field.imports[0][1], field.imports[0][2], false);
    assert_becomes(&field, "(component\n"
                           "  (type (;0;)\n"
                           "    (instance\n"
                           "      (export (;0;) \"r\" (type (sub resource)))\n"
                           "    )\n"
                           "  )\n"
                           "  (import \"a\" (instance (;0;) (type 0)))\n"
                           "  (type (;1;)\n"
                           "    (instance\n"
                           "      (export (;0;) \"r\" (type (sub resource)))\n"
                           "      (type (;1;) (own 0))\n"
                           "      (type (;2;) (func (param \"r\" 1)))\n"
                           "      (export (;0;) \"f\" (func (type 2)))\n"
                           "    )\n"
                           "  )\n"
                           "  (import \"b\" (instance (;1;) (type 1)))\n"
                           ")\n");
    end(&field);
}

static void what_a_component_makes_itself_cannot_be_taken_out(void **state) {
    (void)state;
    field_t field;
    oracle_need();
    begin(&field,
          "(component (type $r (resource (rep i32)))"
          "  (export $e \"r\" (type $r))"
          "  (import \"f\" (func (param \"r\" (own $e)))))",
          NULL);
    def_t *copy;
    weft_error_t *error = weft_transplant_imports(&field.transplant, field.imports[0], 1, 1,
                                                  &field.imports[0][0]->import.name, &copy);
    assert_non_null(error);
    assert_int_equal(weft_error_code(error), WEFT_UNSUPPORTED);
    assert_string_equal(
        weft_error_message(error).ptr,
        "the type of the import 'f' depends on a resource that the component itself defines");
    weft_error_delete(error);
    end(&field);
}

/* ---- every component at hand, wrapped into another that has the same imports ---- */

static void wrap(weft_bytes_t bytes, buf_t *out) {
    document_t *document;
    ok(weft_document_new(&document));
    builder_t b = {.scope = document->root};
    transplant_t transplant = {.to = document->root};
    VEC(named_def_t) args = {0};
    def_t *component;
    scope_t *body;
    ok(weft_component_adopt(document->root, bytes, &component));
    ok(weft_component_body(component, &body));
    weft_def_insert(document->root, NULL, component);
    for (def_t *def = body->first; def; def = def->next) {
        def_t *copy;
        if (def->kind != DEF_IMPORT) continue;
        ok(weft_transplant_imports(&transplant, &def, 1, 1, &def->import.name, &copy));
        ok(VEC_PUSH(&args, weft_named(def->import.name.name, copy)));
    }
    weft_build_instance(&b, component, args.items, (uint32_t)args.count);
    ok(b.error);
    pieces_t pieces;
    ok(weft_document_write(document, &pieces));
    ok(weft_pieces_join(&pieces, out));
    weft_pieces_free(&pieces);
    weft_transplant_free(&transplant);
    weft_document_delete(document);
    VEC_FREE(&args);
}

static size_t wrap_all(const char *folder) {
    size_t count = 0;
    DIR *dir = opendir(folder);
    assert_non_null(dir);
    for (struct dirent *entry; (entry = readdir(dir));) {
        size_t len = strlen(entry->d_name);
        if (len < 5 || strcmp(entry->d_name + len - 5, ".wasm") != 0) continue;
        char path[4096];
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        file_t file;
        buf_t out = {0};
        print_message("%s\n", path);
        ok(weft_file_open(path, &file));
        wrap(file.bytes, &out);
        oracle_assert_valid(weft_buf_as_bytes(&out));
        weft_buf_free(&out);
        weft_file_close(&file);
        count++;
    }
    closedir(dir);
    return count;
}

static void every_guest_can_be_wrapped(void **state) {
    (void)state;
    char folder[4096];
    oracle_need();
    snprintf(folder, sizeof folder, "%s/guests", getenv("WEFT_TESTS_DIR"));
    assert_true(wrap_all(folder) > 20);
    snprintf(folder, sizeof folder, "%s/examples/shop", getenv("WEFT_SOURCE_DIR"));
    assert_true(wrap_all(folder) >= 3);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(imports_lean_on_each_other_as_before),
        cmocka_unit_test(a_union_has_each_export_once),
        cmocka_unit_test(a_union_takes_what_others_export_once),
        cmocka_unit_test(one_type_may_be_the_source_of_several),
        cmocka_unit_test(what_a_component_makes_itself_cannot_be_taken_out),
        cmocka_unit_test(every_guest_can_be_wrapped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
