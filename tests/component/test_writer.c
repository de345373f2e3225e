/* What edits do to the bytes: what changes, and what stays as it came in. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include <weft/version.h>

#include "component/binary.h"
#include "component/edit/build.h"
#include "component/wat.h"

static document_t *read_ok(weft_bytes_t bytes) {
    document_t *document;
    binary_ok(binary_read(bytes, &document));
    return document;
}

static def_t *nth(const scope_t *scope, unsigned n) {
    def_t *def = scope->first;
    while (n-- && def) def = def->next;
    assert_non_null(def);
    return def;
}

/* `(type u8)` and so on in front of `before`. */
static def_t *insert_prim(scope_t *scope, def_t *before, prim_t prim) {
    builder_t b = {scope, before, NULL};
    type_def_t shape = {.op = TYPE_OP_PRIM, .has_element = true, .element = {.prim = prim}};
    def_t *def = weft_build_type(&b, &shape);
    binary_ok(b.error);
    return def;
}

/* ---- what nobody edited --------------------------------------------------------------------------- */

#define LONG_TYPE 0x07, 0x82, 0x00, 0x01, 0x7d /* (type u8), its length written over-long */

static void unedited_documents_are_the_bytes_that_came_in(void **state) {
    (void)state;
    weft_bytes_t bytes = COMPONENT(LONG_TYPE, 0x00, 0x03, 0x01, 'x', 0xff, 0x0b, 0x01, 0x00);
    document_t *document = read_ok(bytes);
    binary_assert_writes(document, bytes);
    weft_document_delete(document);
}

/* Not copied either, when there are many. */
static void long_runs_are_pieces_of_the_input(void **state) {
    (void)state;
    static uint8_t file[2048] = {PREAMBLE, 0x00, 0xf5, 0x0f, 0x01, 'x'};
    pieces_t pieces;
    document_t *document = read_ok((weft_bytes_t){file, sizeof file});
    binary_ok(weft_document_write(document, &pieces));
    assert_int_equal(pieces.count, 1);
    assert_ptr_equal(pieces.items[0].ptr, file);
    assert_int_equal(pieces.length, sizeof file);
    weft_pieces_free(&pieces);
    weft_document_delete(document);
}

static void an_edited_scope_is_written_in_the_shortest_form(void **state) {
    (void)state;
    document_t *document = read_ok(COMPONENT(LONG_TYPE, 0x07, 0x03, 0x81, 0x00, 0x7c));
    weft_def_touch(document->root->first);
    binary_assert_writes(document, COMPONENT(0x07, 0x02, 0x01, 0x7d, 0x07, 0x02, 0x01, 0x7c));
    weft_document_delete(document);
}

static void a_new_document_is_a_preamble(void **state) {
    (void)state;
    document_t *document;
    binary_ok(weft_document_new(&document));
    binary_assert_writes(document, BYTES(PREAMBLE));
    weft_document_delete(document);
}

/* ---- renumbering ---------------------------------------------------------------------------------- */

static void insertion_renumbers_what_comes_after(void **state) {
    (void)state;
    document_t *document =
        read_ok(COMPONENT(0x07, 0x06, 0x03, 0x7d, 0x70, 0x00, 0x6b, 0x01, /* u8, list 0, option 1 */
                          0x0b, 0x07, 0x01, 0x00, 0x01, 't', 0x03, 0x02, 0x00)); /* export "t" 2 */
    insert_prim(document->root, document->root->first, PRIM_STRING);
    binary_assert_writes(document, COMPONENT(0x07, 0x07, 0x04, 0x73, 0x7d, 0x70, 0x01, 0x6b,
                                             0x02, /* one more */
                                             0x0b, 0x07, 0x01, 0x00, 0x01, 't', 0x03, 0x03, 0x00));
    weft_document_delete(document);
}

/* Index 63 is the last that is one byte of s33: a type reference grows where an index does not. */
static void insertion_renumbers_across_the_width_of_an_index(void **state) {
    (void)state;
    document_t *document;
    binary_ok(weft_document_new(&document));
    for (int i = 0; i < 63; i++) insert_prim(document->root, NULL, PRIM_U8);
    def_t *last = insert_prim(document->root, NULL, PRIM_U8);
    builder_t b = {document->root, NULL, NULL};
    type_def_t list = {.op = TYPE_OP_LIST, .has_element = true, .element = {.def = last}};
    weft_build_type(&b, &list);
    binary_ok(b.error);
    uint8_t expected[8 + 3 + 65 + 3] = {PREAMBLE, 0x07, 67, 65};
    memset(expected + 11, 0x7d, 64);
    expected[75] = 0x70;
    expected[76] = 0x3f;
    binary_assert_writes(document, (weft_bytes_t){expected, 77});

    insert_prim(document->root, document->root->first, PRIM_U8);
    expected[9]++, expected[9]++;
    expected[10]++;
    expected[75] = 0x7d;
    memcpy(expected + 76, (const uint8_t[]){0x70, 0xc0, 0x00}, 3);
    binary_assert_writes(document, (weft_bytes_t){expected, 79});
    weft_document_delete(document);
}

#define OUTER_TYPE(count, index) 0x06, 0x05, 0x01, 0x03, 0x02, count, index

static void insertion_renumbers_nested_outer_aliases(void **state) {
    (void)state;
    document_t *document =
        read_ok(COMPONENT(0x07, 0x02, 0x01, 0x7d,                         /* u8 */
                          0x04, 0x19, PREAMBLE,                           /* depth 1 */
                          0x04, 0x0f, PREAMBLE, OUTER_TYPE(0x02, 0x00))); /* depth 2 */
    insert_prim(document->root, document->root->first, PRIM_STRING);
    binary_assert_writes(document, COMPONENT(0x07, 0x03, 0x02, 0x73, 0x7d, 0x04, 0x19, PREAMBLE,
                                             0x04, 0x0f, PREAMBLE, OUTER_TYPE(0x02, 0x01)));
    weft_document_delete(document);
}

static void insertion_renumbers_outer_aliases_inside_types(void **state) {
    (void)state;
    document_t *document = read_ok(COMPONENT(0x07, 0x02, 0x01, 0x7d, /* u8 */
                                             0x07, 0x08, 0x01, 0x42, 0x01, 0x02, 0x03, 0x02, 0x01,
                                             0x00)); /* instance */
    insert_prim(document->root, document->root->first, PRIM_STRING);
    binary_assert_writes(document, COMPONENT(0x07, 0x03, 0x02, 0x73, 0x7d, 0x07, 0x08, 0x01, 0x42,
                                             0x01, 0x02, 0x03, 0x02, 0x01, 0x01));
    weft_document_delete(document);
}

/* Also when nobody has looked into them before the edit. */
static void insertion_renumbers_bodies_that_were_not_parsed(void **state) {
    (void)state;
    document_t *document;
    binary_ok(weft_document_read(
        COMPONENT(0x07, 0x02, 0x01, 0x7d, 0x04, 0x0f, PREAMBLE, OUTER_TYPE(0x01, 0x00)),
        &document));
    insert_prim(document->root, document->root->first, PRIM_STRING);
    binary_assert_writes(document, COMPONENT(0x07, 0x03, 0x02, 0x73, 0x7d, 0x04, 0x0f, PREAMBLE,
                                             OUTER_TYPE(0x01, 0x01)));
    weft_document_delete(document);
}

/* The over-long lengths tell which bodies were written anew. */
static void only_bodies_whose_aliases_reach_an_edit_are_written_anew(void **state) {
    (void)state;
    document_t *document = read_ok(
        COMPONENT(0x07, 0x02, 0x01, 0x7d,                                  /* u8 */
                  0x04, 0x0d, PREAMBLE, LONG_TYPE,                         /* reaches nothing */
                  0x04, 0x14, PREAMBLE, LONG_TYPE, OUTER_TYPE(0x01, 0x00), /* reaches the edit */
                  0x04, 0x23, PREAMBLE, LONG_TYPE, /* its child reaches this */
                  0x04, 0x14, PREAMBLE, LONG_TYPE, OUTER_TYPE(0x01, 0x00)));
    insert_prim(document->root, document->root->first, PRIM_STRING);
    binary_assert_writes(
        document,
        COMPONENT(0x07, 0x03, 0x02, 0x73, 0x7d, 0x04, 0x0d, PREAMBLE, LONG_TYPE,        /**/
                  0x04, 0x13, PREAMBLE, 0x07, 0x02, 0x01, 0x7d, OUTER_TYPE(0x01, 0x01), /**/
                  0x04, 0x23, PREAMBLE, LONG_TYPE,                                      /**/
                  0x04, 0x14, PREAMBLE, LONG_TYPE, OUTER_TYPE(0x01, 0x00)));
    weft_document_delete(document);
}

/* The scopes around an edit are written anew for its length; their other bodies are copied. */
static void an_edit_inside_leaves_its_neighbours_alone(void **state) {
    (void)state;
    document_t *document = read_ok(COMPONENT(0x04, 0x0d, PREAMBLE, LONG_TYPE, /**/
                                             0x04, 0x0c, PREAMBLE, 0x07, 0x02, 0x01, 0x7d));
    scope_t *body;
    binary_ok(weft_component_body(document->root->last, &body));
    insert_prim(body, NULL, PRIM_STRING);
    binary_assert_writes(document, COMPONENT(0x04, 0x0d, PREAMBLE, LONG_TYPE, /**/
                                             0x04, 0x0d, PREAMBLE, 0x07, 0x03, 0x02, 0x7d, 0x73));
    weft_document_delete(document);
}

static void a_reference_to_what_comes_later_is_not_written(void **state) {
    (void)state;
    document_t *document = read_ok(COMPONENT(0x07, 0x04, 0x02, 0x7d, 0x70, 0x7d));
    pieces_t pieces;
    def_t *list = nth(document->root, 1);
    list->type.element = (valtype_t){.def = insert_prim(document->root, NULL, PRIM_U8)};
    char *text = wat_error(weft_document_write(document, &pieces));
    assert_string_equal(text, "a reference to a type that comes later");
    weft_free(text);
    weft_document_delete(document);
}

/* ---- section boundaries ----------------------------------------------------------------------------- */

#define TWO_SECTIONS 0x07, 0x02, 0x01, 0x7d, 0x07, 0x02, 0x01, 0x7c

static void repeated_sections_stay_apart(void **state) {
    (void)state;
    document_t *document = read_ok(COMPONENT(TWO_SECTIONS));
    weft_def_touch(document->root->first);
    binary_assert_writes(document, COMPONENT(TWO_SECTIONS));
    weft_document_delete(document);
}

static void a_new_first_definition_takes_over_the_beginning_of_its_section(void **state) {
    (void)state;
    document_t *document = read_ok(COMPONENT(TWO_SECTIONS));
    insert_prim(document->root, document->root->last, PRIM_STRING);
    binary_assert_writes(document, COMPONENT(0x07, 0x02, 0x01, 0x7d, 0x07, 0x03, 0x02, 0x73, 0x7c));
    weft_document_delete(document);
}

static void a_new_last_definition_joins_the_section_before_it(void **state) {
    (void)state;
    document_t *document = read_ok(COMPONENT(TWO_SECTIONS));
    insert_prim(document->root, NULL, PRIM_STRING);
    binary_assert_writes(document, COMPONENT(0x07, 0x02, 0x01, 0x7d, 0x07, 0x03, 0x02, 0x7c, 0x73));
    weft_document_delete(document);
}

static void a_definition_of_another_section_splits_the_one_it_stands_in(void **state) {
    (void)state;
    document_t *document = read_ok(COMPONENT(0x07, 0x03, 0x02, 0x7d, 0x7c));
    builder_t b = {document->root, document->root->last, NULL};
    weft_build_export(&b, STR_LIT("t"), document->root->first);
    binary_ok(b.error);
    binary_assert_writes(document,
                         COMPONENT(0x07, 0x02, 0x01, 0x7d,                              /**/
                                   0x0b, 0x07, 0x01, 0x00, 0x01, 't', 0x03, 0x00, 0x00, /**/
                                   0x07, 0x02, 0x01, 0x7c));
    weft_document_delete(document);
}

static void the_definition_behind_a_removed_first_one_begins_its_section(void **state) {
    (void)state;
    document_t *document = read_ok(COMPONENT(0x07, 0x02, 0x01, 0x7d, 0x07, 0x03, 0x02, 0x7c, 0x7b));
    weft_def_remove(nth(document->root, 1));
    binary_assert_writes(document, COMPONENT(0x07, 0x02, 0x01, 0x7d, 0x07, 0x02, 0x01, 0x7b));
    weft_document_delete(document);
}

/* ---- adopted components ------------------------------------------------------------------------------- */

static void an_adopted_component_is_written_as_its_file(void **state) {
    (void)state;
    document_t *document = read_ok(COMPONENT(0x07, 0x02, 0x01, 0x7d));
    def_t *component;
    binary_ok(weft_component_adopt(document->root, COMPONENT(LONG_TYPE), &component));
    binary_assert_writes(document, COMPONENT(0x07, 0x02, 0x01, 0x7d)); /* not inserted yet */
    weft_def_insert(document->root, document->root->first, component);
    binary_assert_writes(document,
                         COMPONENT(0x04, 0x0d, PREAMBLE, LONG_TYPE, 0x07, 0x02, 0x01, 0x7d));
    weft_document_delete(document);
}

/* ---- names ---------------------------------------------------------------------------------------------- */

/* "component-name" with the names of types: `"\03" type 1: "two"` of two types. */
#define NAME_HEADER(length)                                                                        \
    0x00, length, 0x0e, 'c', 'o', 'm', 'p', 'o', 'n', 'e', 'n', 't', '-', 'n', 'a', 'm', 'e'
#define TWO_TYPES 0x07, 0x03, 0x02, 0x7d, 0x7c

static void names_are_given_to_definitions(void **state) {
    (void)state;
    document_t *document =
        read_ok(COMPONENT(TWO_TYPES, NAME_HEADER(0x1b), 0x00, 0x02, 0x01, 'c', /**/
                          0x01, 0x06, 0x03, 0x01, 0x01, 0x02, 't', 'w'));
    assert_true(weft_str_eq(document->root->name, STR_LIT("c")));
    assert_int_equal(nth(document->root, 0)->name.len, 0);
    assert_true(weft_str_eq(nth(document->root, 1)->name, STR_LIT("tw")));
    weft_document_delete(document);
}

static void names_follow_their_definitions_when_edited(void **state) {
    (void)state;
    document_t *document = read_ok(
        COMPONENT(TWO_TYPES, NAME_HEADER(0x17), 0x01, 0x06, 0x03, 0x01, 0x01, 0x02, 't', 'w'));
    insert_prim(document->root, document->root->first, PRIM_STRING);
    binary_assert_writes(document, COMPONENT(0x07, 0x04, 0x03, 0x73, 0x7d, 0x7c, NAME_HEADER(0x17),
                                             0x01, 0x06, 0x03, 0x01, 0x02, 0x02, 't', 'w'));
    weft_def_remove(nth(document->root, 2)); /* the one with the name */
    binary_assert_writes(document, COMPONENT(0x07, 0x03, 0x02, 0x73, 0x7d, NAME_HEADER(0x0f)));
    weft_document_delete(document);
}

static void a_name_of_nothing_is_dropped_by_an_edit(void **state) {
    (void)state;
    document_t *document = read_ok(COMPONENT(TWO_TYPES, NAME_HEADER(0x1a), 0x01, 0x09, 0x03, 0x02,
                                             0x01, 0x01, 't', 0x07, 0x02, 'n', 'o'));
    weft_def_touch(document->root->first);
    binary_assert_writes(
        document, COMPONENT(TWO_TYPES, NAME_HEADER(0x16), 0x01, 0x05, 0x03, 0x01, 0x01, 0x01, 't'));
    weft_document_delete(document);
}

static void a_name_section_that_is_not_valid_is_kept_and_names_nothing(void **state) {
    (void)state;
    /* the first subsections are right, the last ends too early */
    document_t *document =
        read_ok(COMPONENT(TWO_TYPES, NAME_HEADER(0x22), 0x00, 0x02, 0x01, 'c', /**/
                          0x01, 0x06, 0x03, 0x01, 0x01, 0x02, 't', 'w',        /**/
                          0x01, 0x05, 0x03, 0x01, 0x00, 0x02, 't'));
    assert_int_equal(document->root->name.len, 0);
    assert_int_equal(nth(document->root, 1)->name.len, 0);
    insert_prim(document->root, document->root->first, PRIM_STRING);
    binary_assert_writes(document, COMPONENT(0x07, 0x04, 0x03, 0x73, 0x7d, 0x7c, NAME_HEADER(0x22),
                                             0x00, 0x02, 0x01, 'c',                        /**/
                                             0x01, 0x06, 0x03, 0x01, 0x01, 0x02, 't', 'w', /**/
                                             0x01, 0x05, 0x03, 0x01, 0x00, 0x02, 't'));
    weft_document_delete(document);
}

static void new_names_make_a_section(void **state) {
    (void)state;
    document_t *document = read_ok(COMPONENT(TWO_TYPES));
    insert_prim(document->root, document->root->first, PRIM_STRING)->name = STR_LIT("s");
    binary_assert_writes(document, COMPONENT(0x07, 0x04, 0x03, 0x73, 0x7d, 0x7c, NAME_HEADER(0x16),
                                             0x01, 0x05, 0x03, 0x01, 0x00, 0x01, 's'));
    weft_document_delete(document);
}

/* ---- producers ------------------------------------------------------------------------------------------ */

#define PRODUCERS 0x09, 'p', 'r', 'o', 'd', 'u', 'c', 'e', 'r', 's'
#define PROCESSED_BY 0x0c, 'p', 'r', 'o', 'c', 'e', 's', 's', 'e', 'd', '-', 'b', 'y'

/* The section has the one field processed-by, with `before` (so many values) and then weft. */
static void assert_producers(const document_t *document, uint32_t count, weft_bytes_t before) {
    buf_t expected = {0};
    const def_t *def = document->root->last;
    weft_buf_u32(&expected, 1);
    weft_buf_name(&expected, STR_LIT("processed-by"));
    weft_buf_u32(&expected, count + 1);
    weft_buf_bytes(&expected, before.ptr, before.len);
    weft_buf_name(&expected, STR_LIT("weft"));
    weft_buf_name(&expected, STR_LIT(WEFT_VERSION));
    assert_true(weft_str_eq(def->custom.name, STR_LIT("producers")));
    assert_int_equal(def->custom.data.len, expected.len);
    assert_memory_equal(def->custom.data.ptr, expected.data, expected.len);
    weft_buf_free(&expected);
}

static void stamp_makes_a_producers_section(void **state) {
    (void)state;
    document_t *document;
    binary_ok(weft_document_new(&document));
    binary_ok(weft_document_stamp(document));
    assert_producers(document, 0, (weft_bytes_t){NULL, 0});
    weft_document_delete(document);
}

static void stamp_adds_weft_to_the_tools_once(void **state) {
    (void)state;
    document_t *document =
        read_ok(COMPONENT(0x00, 0x1d, PRODUCERS, 0x01, PROCESSED_BY, 0x01, 0x01, 'x', 0x01, '1'));
    for (int i = 0; i < 2; i++) {
        binary_ok(weft_document_stamp(document));
        assert_producers(document, 1, BYTES(0x01, 'x', 0x01, '1'));
    }
    weft_document_delete(document);
}

static void stamp_leaves_a_section_alone_that_is_not_valid(void **state) {
    (void)state;
    weft_bytes_t bytes = COMPONENT(0x00, 0x0b, PRODUCERS, 0x7f);
    document_t *document = read_ok(bytes);
    binary_ok(weft_document_stamp(document));
    binary_assert_writes(document, bytes);
    weft_document_delete(document);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(unedited_documents_are_the_bytes_that_came_in),
        cmocka_unit_test(long_runs_are_pieces_of_the_input),
        cmocka_unit_test(an_edited_scope_is_written_in_the_shortest_form),
        cmocka_unit_test(a_new_document_is_a_preamble),
        cmocka_unit_test(insertion_renumbers_what_comes_after),
        cmocka_unit_test(insertion_renumbers_across_the_width_of_an_index),
        cmocka_unit_test(insertion_renumbers_nested_outer_aliases),
        cmocka_unit_test(insertion_renumbers_outer_aliases_inside_types),
        cmocka_unit_test(insertion_renumbers_bodies_that_were_not_parsed),
        cmocka_unit_test(only_bodies_whose_aliases_reach_an_edit_are_written_anew),
        cmocka_unit_test(an_edit_inside_leaves_its_neighbours_alone),
        cmocka_unit_test(a_reference_to_what_comes_later_is_not_written),
        cmocka_unit_test(repeated_sections_stay_apart),
        cmocka_unit_test(a_new_first_definition_takes_over_the_beginning_of_its_section),
        cmocka_unit_test(a_new_last_definition_joins_the_section_before_it),
        cmocka_unit_test(a_definition_of_another_section_splits_the_one_it_stands_in),
        cmocka_unit_test(the_definition_behind_a_removed_first_one_begins_its_section),
        cmocka_unit_test(an_adopted_component_is_written_as_its_file),
        cmocka_unit_test(names_are_given_to_definitions),
        cmocka_unit_test(names_follow_their_definitions_when_edited),
        cmocka_unit_test(a_name_of_nothing_is_dropped_by_an_edit),
        cmocka_unit_test(a_name_section_that_is_not_valid_is_kept_and_names_nothing),
        cmocka_unit_test(new_names_make_a_section),
        cmocka_unit_test(stamp_makes_a_producers_section),
        cmocka_unit_test(stamp_adds_weft_to_the_tools_once),
        cmocka_unit_test(stamp_leaves_a_section_alone_that_is_not_valid),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
