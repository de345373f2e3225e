/* What the reader refuses, and with what words; each rule of reading by the smallest component that breaks it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "component/binary.h"
#include "component/wat.h"

/* ---- preamble ----------------------------------------------------------------------------------- */

static void reader_refuses_an_empty_file(void **state) {
    (void)state;
    binary_assert_refused((weft_bytes_t){NULL, 0}, "the file is empty");
}

static void reader_refuses_text(void **state) {
    (void)state;
    binary_assert_refused(
        BYTES('(', 'c', 'o', 'm', 'p', 'o', 'n', 'e', 'n', 't', ')'),
        "this is not a WebAssembly component (it does not begin with \\0asm) (at 0)");
    binary_assert_refused(
        BYTES(0x00, 'a', 's'),
        "this is not a WebAssembly component (it does not begin with \\0asm) (at 0)");
}

static void reader_refuses_a_core_module_and_helps(void **state) {
    (void)state;
    document_t *document;
    weft_bytes_t module = BYTES(0x00, 'a', 's', 'm', 1, 0, 0, 0, 0x01, 0x01, 0x00);
    weft_error_t *error = weft_document_read(module, &document);
    assert_non_null(error);
    assert_string_equal(weft_error_help(error).ptr,
                        "make a component of it: wasm-tools component new");
    char *text = wat_error(error);
    assert_string_equal(text, "this is a core module, not a component");
    weft_free(text);
}

static void reader_refuses_other_versions(void **state) {
    (void)state;
    binary_assert_refused(
        BYTES(0x00, 'a', 's', 'm', 0x0a, 0x00, 0x01, 0x00),
        "unknown WebAssembly version 10, layer 1 (a component has 13 and 1) (at 4)");
    binary_assert_refused(
        BYTES(0x00, 'a', 's', 'm', 0x0d, 0x00, 0x02, 0x01),
        "unknown WebAssembly version 13, layer 258 (a component has 13 and 1) (at 4)");
    binary_assert_refused(BYTES(0x00, 'a', 's', 'm'), "unexpected end of the preamble (at 4)");
}

/* ---- sections ----------------------------------------------------------------------------------- */

static void reader_refuses_unknown_sections(void **state) {
    (void)state;
    binary_assert_refused(COMPONENT(0x0d, 0x00), "unknown section 0x0d (at 8)");
    binary_assert_refused(COMPONENT(0x07, 0x02, 0x01, 0x7d, 0xff, 0x00),
                          "unknown section 0xff (at 12)");
}

static void reader_refuses_truncated_sections(void **state) {
    (void)state;
    binary_assert_refused(COMPONENT(0x07), "unexpected end of the section or file (at 9)");
    binary_assert_refused(COMPONENT(0x07, 0x80), "unexpected end of the section or file (at 10)");
    binary_assert_refused(COMPONENT(0x07, 0x05, 0x01),
                          "a length of 5 bytes where 1 are left (at 9)");
    binary_assert_refused(COMPONENT(0x07, 0x00), "unexpected end of the section or file (at 10)");
    binary_assert_refused(COMPONENT(0x07, 0x02, 0x01, 0x70),
                          "unexpected end of the section or file (at 12)");
}

static void reader_refuses_bytes_left_in_a_section(void **state) {
    (void)state;
    binary_assert_refused(COMPONENT(0x07, 0x04, 0x01, 0x7d, 0x7d, 0x7d),
                          "2 bytes are left at the end of a section (at 12)");
    binary_assert_refused(COMPONENT(0x07, 0x02, 0x00, 0x7d),
                          "1 bytes are left at the end of a section (at 11)");
}

static void reader_takes_empty_sections(void **state) {
    (void)state;
    document_t *document;
    weft_bytes_t bytes = COMPONENT(0x07, 0x01, 0x00, 0x0b, 0x01, 0x00, 0x07, 0x01, 0x00);
    binary_ok(binary_read(bytes, &document));
    assert_null(document->root->first);
    binary_assert_writes(document, bytes);
    weft_document_delete(document);
}

/* No count asks for memory that its file does not pay for. */
static void reader_refuses_counts_larger_than_the_bytes_left(void **state) {
    (void)state;
    static const struct {
        section_t section;
        const char *error;
    } rows[] = {
        {SECTION_CORE_INSTANCE, "268435455 definitions where 2 bytes are left (at 10)"},
        {SECTION_CORE_TYPE, "268435455 definitions where 2 bytes are left (at 10)"},
        {SECTION_INSTANCE, "268435455 definitions where 2 bytes are left (at 10)"},
        {SECTION_ALIAS, "268435455 definitions where 2 bytes are left (at 10)"},
        {SECTION_TYPE, "268435455 definitions where 2 bytes are left (at 10)"},
        {SECTION_CANON, "268435455 definitions where 2 bytes are left (at 10)"},
        {SECTION_IMPORT, "268435455 definitions where 2 bytes are left (at 10)"},
        {SECTION_EXPORT, "268435455 definitions where 2 bytes are left (at 10)"},
        {SECTION_VALUE, "268435455 definitions where 2 bytes are left (at 10)"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        binary_assert_refused(
            COMPONENT((uint8_t)rows[i].section, 0x06, 0xff, 0xff, 0xff, 0x7f, 0x00, 0x00),
            rows[i].error);
    }
    binary_assert_refused(COMPONENT(0x07, 0x06, 0x01, 0x72, 0xff, 0xff, 0x7f, 0x00),
                          "2097151 labels where 1 bytes are left (at 12)");
    binary_assert_refused(COMPONENT(0x07, 0x06, 0x01, 0x41, 0xff, 0xff, 0x7f, 0x00),
                          "2097151 declarations where 1 bytes are left (at 12)");
    binary_assert_refused(COMPONENT(0x03, 0x06, 0x01, 0x60, 0xff, 0xff, 0x7f, 0x00),
                          "2097151 core value types where 1 bytes are left (at 12)");
    binary_assert_refused(COMPONENT(0x02, 0x05, 0x01, 0x01, 0xff, 0x7f, 0x00),
                          "16383 exports where 1 bytes are left (at 12)");
    binary_assert_refused(COMPONENT(0x08, 0x05, 0x01, 0x1c, 0xff, 0x7f, 0x00),
                          "16383 canonical options where 1 bytes are left (at 12)");
    binary_assert_refused(COMPONENT(0x0a, 0x07, 0x01, 0x02, 0x01, 'a', 0xff, 0x7f, 0x00),
                          "16383 attributes where 1 bytes are left (at 14)");
}

static void reader_takes_over_long_integers_that_fit(void **state) {
    (void)state;
    document_t *document;
    weft_bytes_t bytes =
        COMPONENT(0x07, 0x86, 0x80, 0x80, 0x80, 0x00, 0x81, 0x80, 0x00, 0x70, 0xfd, 0x7f);
    binary_ok(binary_read(bytes, &document));
    assert_int_equal(document->root->def_count, 1);
    assert_int_equal(document->root->first->type.element.prim, PRIM_U8);
    weft_document_delete(document);
}

static void reader_refuses_integers_that_do_not_fit(void **state) {
    (void)state;
    binary_assert_refused(COMPONENT(0x07, 0x81, 0x80, 0x80, 0x80, 0x80, 0x00),
                          "integer representation too long (at 13)");
    binary_assert_refused(COMPONENT(0x07, 0xff, 0xff, 0xff, 0xff, 0x1f),
                          "integer too large for 32 bits (at 13)");
    binary_assert_refused(COMPONENT(0x07, 0x07, 0x01, 0x70, 0x80, 0x80, 0x80, 0x80, 0x20),
                          "integer too large for 33 bits (at 16)");
}

static void reader_refuses_names_that_are_not_utf8(void **state) {
    (void)state;
    binary_assert_refused(COMPONENT(0x00, 0x03, 0x02, 0xc3, 0x28),
                          "a name that is not valid UTF-8 (at 10)");
    binary_assert_refused(COMPONENT(0x07, 0x05, 0x01, 0x6e, 0x01, 0x01, 0xff),
                          "a name that is not valid UTF-8 (at 13)");
}

static void reader_refuses_nested_sections_without_a_preamble(void **state) {
    (void)state;
    binary_assert_refused(COMPONENT(0x01, 0x08, PREAMBLE),
                          "a core module section without the preamble of one (at 10)");
    binary_assert_refused(COMPONENT(0x04, 0x08, 0x00, 'a', 's', 'm', 0x01, 0x00, 0x00, 0x00),
                          "a component section without the preamble of one (at 10)");
    binary_assert_refused(COMPONENT(0x04, 0x00),
                          "a component section without the preamble of one (at 10)");
}

/* ---- opcodes ------------------------------------------------------------------------------------ */

#define FUNC_TYPE 0x07, 0x05, 0x01, 0x40, 0x00, 0x01, 0x00                   /* 7 bytes */
#define FUNC_IMPORT FUNC_TYPE, 0x0a, 0x06, 0x01, 0x00, 0x01, 'f', 0x01, 0x00 /* 15 bytes */

static void reader_names_unknown_bytes_with_their_offset(void **state) {
    (void)state;
    binary_assert_refused(COMPONENT(0x07, 0x02, 0x01, 0x62), "unknown type 0x62 (at 11)");
    binary_assert_refused(COMPONENT(0x07, 0x03, 0x01, 0x70, 0x62),
                          "unknown value type 0x62 (at 12)");
    binary_assert_refused(COMPONENT(0x07, 0x05, 0x01, 0x6a, 0x02, 0x7d, 0x00),
                          "unknown optional type 0x02 (at 12)");
    binary_assert_refused(COMPONENT(0x07, 0x05, 0x01, 0x40, 0x00, 0x02, 0x00),
                          "unknown result list 0x02 (at 13)");
    binary_assert_refused(COMPONENT(0x07, 0x05, 0x01, 0x40, 0x00, 0x01, 0x01),
                          "unknown result count 0x01 (at 14)");
    binary_assert_refused(COMPONENT(0x07, 0x07, 0x01, 0x71, 0x01, 0x01, 'a', 0x00, 0x01),
                          "unknown refinement of a variant case 0x01 (at 16)");
    binary_assert_refused(COMPONENT(0x07, 0x05, 0x01, 0x42, 0x01, 0x05, 0x00),
                          "unknown declaration in a type 0x05 (at 13)");
    binary_assert_refused(COMPONENT(0x07, 0x04, 0x01, 0x3f, 0x7f, 0x02),
                          "unknown optional destructor 0x02 (at 13)");
    binary_assert_refused(COMPONENT(0x03, 0x03, 0x01, 0x61, 0x00),
                          "unknown core type 0x61 (at 11)");
    binary_assert_refused(COMPONENT(0x03, 0x05, 0x01, 0x60, 0x01, 0x41, 0x00),
                          "unknown core value type 0x41 (at 13)");
    binary_assert_refused(COMPONENT(0x03, 0x05, 0x01, 0x50, 0x01, 0x04, 0x00),
                          "unknown declaration in a module type 0x04 (at 13)");
    binary_assert_refused(COMPONENT(0x08, 0x02, 0x01, 0x07),
                          "unknown canonical definition 0x07 (at 11)");
    binary_assert_refused(COMPONENT(0x08, 0x04, 0x01, 0x1c, 0x01, 0x0a),
                          "unknown canonical option 0x0a (at 13)");
    binary_assert_refused(COMPONENT(0x08, 0x03, 0x01, 0x0c, 0x02), "unknown flag 0x02 (at 12)");
    binary_assert_refused(COMPONENT(FUNC_IMPORT, 0x08, 0x05, 0x01, 0x01, 0x01, 0x00, 0x00),
                          "unknown sort of a lifted or lowered function 0x01 (at 27)");
    binary_assert_refused(COMPONENT(0x06, 0x05, 0x01, 0x03, 0x03, 0x00, 0x00),
                          "unknown alias 0x03 (at 12)");
    binary_assert_refused(COMPONENT(0x06, 0x05, 0x01, 0x06, 0x02, 0x00, 0x00),
                          "unknown sort 0x06 (at 11)");
    binary_assert_refused(COMPONENT(0x06, 0x06, 0x01, 0x00, 0x05, 0x02, 0x00, 0x00),
                          "unknown sort 0x05 (at 12)");
    binary_assert_refused(COMPONENT(0x02, 0x03, 0x01, 0x02, 0x00),
                          "unknown instance expression 0x02 (at 11)");
    binary_assert_refused(COMPONENT(0x05, 0x03, 0x01, 0x02, 0x00),
                          "unknown instance expression 0x02 (at 11)");
    binary_assert_refused(COMPONENT(0x0a, 0x06, 0x01, 0x03, 0x01, 'a', 0x01, 0x00),
                          "unknown form of an extern name 0x03 (at 11)");
    binary_assert_refused(COMPONENT(0x0a, 0x08, 0x01, 0x02, 0x01, 'a', 0x01, 0x03, 0x00, 0x00),
                          "unknown name attribute 0x03 (at 15)");
    binary_assert_refused(COMPONENT(0x0a, 0x06, 0x01, 0x00, 0x01, 'a', 0x03, 0x02),
                          "unknown type bound 0x02 (at 15)");
    binary_assert_refused(
        COMPONENT(FUNC_IMPORT, 0x0b, 0x07, 0x01, 0x00, 0x01, 'g', 0x01, 0x00, 0x02),
        "unknown export ascription 0x02 (at 31)");
}

static void reader_refuses_imports_inside_instance_types(void **state) {
    (void)state;
    binary_assert_refused(
        COMPONENT(0x07, 0x09, 0x01, 0x42, 0x01, 0x03, 0x00, 0x01, 'a', 0x03, 0x01),
        "unknown declaration in a type 0x03 (at 13)");
}

static void reader_refuses_core_types_of_the_gc_proposal_by_name(void **state) {
    (void)state;
    binary_assert_refused(COMPONENT(0x03, 0x03, 0x01, 0x5f, 0x00),
                          "core type 0x5f belongs to the GC proposal, which weft does not read in "
                          "components (at 11)");
}

static void reader_refuses_sorts_where_they_cannot_stand(void **state) {
    (void)state;
    binary_assert_refused(COMPONENT(0x06, 0x05, 0x01, 0x01, 0x02, 0x00, 0x00),
                          "a func cannot be aliased from an outer scope (at 13)");
    binary_assert_refused(COMPONENT(0x06, 0x06, 0x01, 0x00, 0x02, 0x00, 0x00, 0x00),
                          "an instance exports no core memory (at 14)");
    binary_assert_refused(COMPONENT(0x06, 0x05, 0x01, 0x01, 0x01, 0x00, 0x00),
                          "a core instance exports no func (at 13)");
    binary_assert_refused(COMPONENT(0x0a, 0x07, 0x01, 0x00, 0x01, 'a', 0x00, 0x02, 0x00),
                          "a core memory cannot be imported or exported (at 16)");
    binary_assert_refused(COMPONENT(FUNC_IMPORT, 0x09, 0x03, 0x00, 0x00, 0x02),
                          "a start function with 2 results, at most 1 is valid (at 28)");
}

/* ---- indices ------------------------------------------------------------------------------------ */

static void reader_refuses_indices_out_of_bounds(void **state) {
    (void)state;
    binary_assert_refused(COMPONENT(0x07, 0x03, 0x01, 0x70, 0x00),
                          "type index 0 is out of bounds (0 are defined) (at 12)");
    binary_assert_refused(COMPONENT(0x07, 0x04, 0x02, 0x7d, 0x69, 0x01),
                          "type index 1 is out of bounds (1 are defined) (at 13)");
    binary_assert_refused(COMPONENT(FUNC_TYPE, 0x0a, 0x06, 0x01, 0x00, 0x01, 'f', 0x01, 0x01),
                          "type index 1 is out of bounds (1 are defined) (at 22)");
    binary_assert_refused(COMPONENT(FUNC_IMPORT, 0x08, 0x05, 0x01, 0x01, 0x00, 0x01, 0x00),
                          "func index 1 is out of bounds (1 are defined) (at 28)");
    binary_assert_refused(COMPONENT(0x06, 0x06, 0x01, 0x01, 0x00, 0x07, 0x01, 'a'),
                          "instance index 7 is out of bounds (0 are defined) (at 13)");
    binary_assert_refused(COMPONENT(0x06, 0x07, 0x01, 0x00, 0x02, 0x01, 0x07, 0x01, 'a'),
                          "core instance index 7 is out of bounds (0 are defined) (at 14)");
    binary_assert_refused(COMPONENT(0x02, 0x04, 0x01, 0x00, 0x00, 0x00),
                          "core module index 0 is out of bounds (0 are defined) (at 12)");
    binary_assert_refused(COMPONENT(0x05, 0x04, 0x01, 0x00, 0x00, 0x00),
                          "component index 0 is out of bounds (0 are defined) (at 12)");
    binary_assert_refused(COMPONENT(0x09, 0x03, 0x00, 0x00, 0x00),
                          "func index 0 is out of bounds (0 are defined) (at 10)");
    binary_assert_refused(COMPONENT(0x08, 0x04, 0x01, 0x20, 0x00, 0x00),
                          "core memory index 0 is out of bounds (0 are defined) (at 13)");
}

static void reader_refuses_outer_aliases_beyond_the_root(void **state) {
    (void)state;
    binary_assert_refused(COMPONENT(0x06, 0x05, 0x01, 0x03, 0x02, 0x01, 0x00),
                          "an outer alias over 1 scopes where 0 enclose it (at 13)");
    binary_assert_refused(COMPONENT(0x04, 0x0f, PREAMBLE, 0x06, 0x05, 0x01, 0x03, 0x02, 0x02, 0x00),
                          "an outer alias over 2 scopes where 1 enclose it (at 23)");
    binary_assert_refused(
        COMPONENT(0x06, 0x09, 0x01, 0x03, 0x02, 0xff, 0xff, 0xff, 0xff, 0x0f, 0x00),
        "an outer alias over 4294967295 scopes where 0 enclose it (at 13)");
}

#define ALIAS_OF_TYPE_0 0x04, 0x0f, PREAMBLE, 0x06, 0x05, 0x01, 0x03, 0x02, 0x01, 0x00

static void reader_refuses_outer_aliases_of_what_comes_later(void **state) {
    (void)state;
    binary_assert_refused(COMPONENT(ALIAS_OF_TYPE_0, 0x07, 0x02, 0x01, 0x7d),
                          "type 0 is defined only after its use here (at 24)");
    document_t *document;
    binary_ok(binary_read(COMPONENT(0x07, 0x02, 0x01, 0x7d, ALIAS_OF_TYPE_0), &document));
    weft_document_delete(document);
}

/* A component that could refer to itself could contain itself. */
static void reader_refuses_an_outer_alias_of_the_component_around_it(void **state) {
    (void)state;
    binary_assert_refused(COMPONENT(0x04, 0x0f, PREAMBLE, 0x06, 0x05, 0x01, 0x04, 0x02, 0x01, 0x00),
                          "component 0 is defined only after its use here (at 24)");
    binary_assert_refused(COMPONENT(0x04, 0x19, PREAMBLE, 0x04, 0x0f, PREAMBLE, 0x06, 0x05, 0x01,
                                    0x04, 0x02, 0x02, 0x00),
                          "component 0 is defined only after its use here (at 34)");
}

/* ---- depth -------------------------------------------------------------------------------------- */

static void assert_depth_is_read(buf_t file) {
    document_t *document;
    binary_ok(binary_read(weft_buf_as_bytes(&file), &document));
    weft_document_delete(document);
    weft_buf_free(&file);
}

static void assert_depth_is_refused(buf_t file, const char *expected) {
    binary_assert_refused(weft_buf_as_bytes(&file), expected);
    weft_buf_free(&file);
}

static void reader_limits_the_depth_of_nested_components(void **state) {
    (void)state;
    assert_depth_is_read(binary_nested_components(1000));
    assert_depth_is_refused(binary_nested_components(1001),
                            "components nested deeper than 1000 (at 10999)");
    assert_depth_is_refused(binary_nested_components(50000),
                            "components nested deeper than 1000 (at 12012)");
}

static void reader_limits_the_depth_of_nested_types(void **state) {
    (void)state;
    assert_depth_is_read(binary_nested_types(999));
    assert_depth_is_refused(binary_nested_types(1000), "types nested deeper than 1000 (at 3013)");
    assert_depth_is_refused(binary_nested_types(1000000),
                            "types nested deeper than 1000 (at 3015)");
}

/* ---- components of other files ------------------------------------------------------------------ */

static void assert_adopting_fails(document_t *document, weft_bytes_t bytes, const char *expected) {
    def_t *component;
    char *text = wat_error(weft_component_adopt(document->root, bytes, &component));
    assert_string_equal(text, expected);
    weft_free(text);
}

static void outer_aliases_end_at_the_root_of_an_adopted_file(void **state) {
    (void)state;
    document_t *document;
    binary_ok(weft_document_new(&document));
    assert_adopting_fails(document, COMPONENT(0x06, 0x05, 0x01, 0x03, 0x02, 0x01, 0x00),
                          "an outer alias over 1 scopes where 0 enclose it (at 13)");
    weft_document_delete(document);
}

/* Two files may be mapped side by side in memory. */
static void an_adopted_file_may_begin_where_the_other_ends(void **state) {
    (void)state;
    document_t *document;
    weft_bytes_t both =
        BYTES(PREAMBLE, 0x07, 0x02, 0x01, 0x7d, PREAMBLE, 0x06, 0x05, 0x01, 0x03, 0x02, 0x01, 0x00);
    binary_ok(binary_read((weft_bytes_t){both.ptr, 12}, &document));
    assert_adopting_fails(document, (weft_bytes_t){both.ptr + 12, both.len - 12},
                          "an outer alias over 1 scopes where 0 enclose it (at 13)");
    weft_document_delete(document);
}

static void offsets_in_an_adopted_file_count_from_its_start(void **state) {
    (void)state;
    document_t *document;
    binary_ok(binary_read(COMPONENT(0x07, 0x02, 0x01, 0x7d), &document));
    assert_adopting_fails(document, COMPONENT(0x07, 0x02, 0x01, 0x62), "unknown type 0x62 (at 11)");
    weft_document_delete(document);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reader_refuses_an_empty_file),
        cmocka_unit_test(reader_refuses_text),
        cmocka_unit_test(reader_refuses_a_core_module_and_helps),
        cmocka_unit_test(reader_refuses_other_versions),
        cmocka_unit_test(reader_refuses_unknown_sections),
        cmocka_unit_test(reader_refuses_truncated_sections),
        cmocka_unit_test(reader_refuses_bytes_left_in_a_section),
        cmocka_unit_test(reader_takes_empty_sections),
        cmocka_unit_test(reader_refuses_counts_larger_than_the_bytes_left),
        cmocka_unit_test(reader_takes_over_long_integers_that_fit),
        cmocka_unit_test(reader_refuses_integers_that_do_not_fit),
        cmocka_unit_test(reader_refuses_names_that_are_not_utf8),
        cmocka_unit_test(reader_refuses_nested_sections_without_a_preamble),
        cmocka_unit_test(reader_names_unknown_bytes_with_their_offset),
        cmocka_unit_test(reader_refuses_imports_inside_instance_types),
        cmocka_unit_test(reader_refuses_core_types_of_the_gc_proposal_by_name),
        cmocka_unit_test(reader_refuses_sorts_where_they_cannot_stand),
        cmocka_unit_test(reader_refuses_indices_out_of_bounds),
        cmocka_unit_test(reader_refuses_outer_aliases_beyond_the_root),
        cmocka_unit_test(reader_refuses_outer_aliases_of_what_comes_later),
        cmocka_unit_test(reader_refuses_an_outer_alias_of_the_component_around_it),
        cmocka_unit_test(reader_limits_the_depth_of_nested_components),
        cmocka_unit_test(reader_limits_the_depth_of_nested_types),
        cmocka_unit_test(outer_aliases_end_at_the_root_of_an_adopted_file),
        cmocka_unit_test(an_adopted_file_may_begin_where_the_other_ends),
        cmocka_unit_test(offsets_in_an_adopted_file_count_from_its_start),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
