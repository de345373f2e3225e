/* Small files that ask for much: what they cost grows with their size, or ends in an error that says "too large".
 * Processor time is measured, so that a busy machine does not matter. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>

#include "common/sanitized.h"
#include "component/model.h"
#include "hostile/survive.h"

enum { SECONDS_MAX = SANITIZED ? 30 : 10, USED_MAX = 320 << 20 };

/* ---- writing components --------------------------------------------------------------------------- */

typedef struct file {
    buf_t out;
    buf_t section;
    uint32_t count;
} file_t;

static void begin(file_t *file) {
    static const uint8_t preamble[8] = {0x00, 0x61, 0x73, 0x6d, 0x0d, 0x00, 0x01, 0x00};
    *file = (file_t){0};
    weft_buf_bytes(&file->out, preamble, sizeof preamble);
}

/* Ends the section that `file->section` holds the definitions of. */
static void end_section(file_t *file, section_t id) {
    weft_buf_byte(&file->out, (uint8_t)id);
    size_t start = file->out.len;
    weft_buf_u32(&file->out, file->count);
    weft_buf_bytes(&file->out, file->section.data, file->section.len);
    weft_buf_close_sized(&file->out, start);
    file->section.len = 0;
    file->count = 0;
}

#define PUT(file, ...)                                                                             \
    weft_buf_bytes(&(file)->section, (const uint8_t[]){__VA_ARGS__},                               \
                   sizeof((const uint8_t[]){__VA_ARGS__}))

static void put_u32(file_t *file, uint32_t value) {
    weft_buf_u32(&file->section, value);
}

/* A value type that is an index. */
static void put_ref(file_t *file, uint32_t index) {
    weft_buf_s33(&file->section, index);
}

static void put_name(file_t *file, const char *format, ...) {
    char text[512];
    va_list args;
    va_start(args, format);
    int len = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    weft_buf_name(&file->section, (weft_str_t){text, (size_t)len});
}

static void put_component(file_t *file, file_t *nested) {
    assert_false(nested->out.failed || nested->section.failed);
    weft_buf_byte(&file->out, SECTION_COMPONENT);
    weft_buf_u32(&file->out, (uint32_t)nested->out.len);
    weft_buf_bytes(&file->out, nested->out.data, nested->out.len);
    weft_buf_free(&nested->out);
    weft_buf_free(&nested->section);
}

/* Runs everything over the file and frees it; the steps named in `fails` must fail (t: type, w: WIT, v: validate, g: graph),
 * all others succeed. */
static void finish(file_t *file, const char *fails) {
    static const char letters[STEP_COUNT + 1] = "rbmtwvpgea"; /* e: write, a: again */
    survival_t survival;
    assert_false(file->out.failed || file->section.failed);
    clock_t start = clock();
    char *wrong = survive(weft_buf_as_bytes(&file->out), &survival);
    double seconds = (double)(clock() - start) / CLOCKS_PER_SEC;
    print_message("             %zu bytes: %.2f s, %zu KiB\n", file->out.len, seconds,
                  survival.used / 1024);
    weft_buf_free(&file->out);
    weft_buf_free(&file->section);
    if (wrong) fail_msg("%s", wrong);
    if (seconds > (double)SECONDS_MAX) fail_msg("%.1f s", seconds);
    if (survival.used > USED_MAX) fail_msg("%zu bytes used", survival.used);
    for (int step = 0; step < STEP_COUNT; step++) {
        bool expected = !strchr(fails, letters[step]);
        if (step == STEP_PROXY) continue; /* it is told by no offset what cannot be passed on */
        if (survival.done[step] != expected)
            fail_msg("%s %s", survive_step_words((step_t)step), expected ? "fails" : "succeeds");
    }
}

/* ---- types ------------------------------------------------------------------------------------------ */

/* (type u8), then `levels` tuples of two of the one before. */
static void put_doubling_types(file_t *file, uint32_t levels) {
    PUT(file, 0x7d);
    for (uint32_t i = 0; i < levels; i++) {
        PUT(file, 0x6f, 0x02);
        put_ref(file, i);
        put_ref(file, i);
    }
    file->count += levels + 1;
}

static void types_that_double_are_refused_by_their_size(void **state) {
    (void)state;
    file_t file;
    begin(&file);
    put_doubling_types(&file, 900);
    end_section(&file, SECTION_TYPE);
    finish(&file, "twv");
}

static void a_large_type_is_imported_often(void **state) {
    (void)state;
    file_t file;
    begin(&file);
    put_doubling_types(&file, 13);
    PUT(&file, 0x40, 0x01, 0x01, 'x');
    put_ref(&file, 13);
    PUT(&file, 0x01, 0x00);
    file.count++;
    end_section(&file, SECTION_TYPE);
    for (uint32_t i = 0; i < 50; i++, file.count++) {
        PUT(&file, 0x00);
        put_name(&file, "f%u", i);
        PUT(&file, 0x01);
        put_u32(&file, 14);
    }
    end_section(&file, SECTION_IMPORT);
    finish(&file, "");
}

static void a_chain_of_lists_is_refused_by_its_depth(void **state) {
    (void)state;
    file_t file;
    begin(&file);
    PUT(&file, 0x7d);
    for (uint32_t i = 0; i < 100000; i++) {
        PUT(&file, 0x70);
        put_ref(&file, i);
    }
    file.count = 100001;
    end_section(&file, SECTION_TYPE);
    finish(&file, "twv");
}

static void a_hundred_thousand_equal_records(void **state) {
    (void)state;
    file_t file;
    begin(&file);
    for (; file.count < 100000; file.count++) PUT(&file, 0x72, 0x01, 0x01, 'a', 0x7d);
    end_section(&file, SECTION_TYPE);
    finish(&file, "");
}

/* A tuple of ten thousand handles, and ten thousand instance types that each bring a resource of their own and
 * name that tuple. */
static void many_types_that_bind_resources_beside_a_large_open_one(void **state) {
    (void)state;
    file_t file;
    begin(&file);
    PUT(&file, 0x00, 0x01, 'r', 0x03, 0x01); /* import "r" (type (sub resource)) */
    file.count = 1;
    end_section(&file, SECTION_IMPORT);
    PUT(&file, 0x69, 0x00, 0x6f); /* own 0, tuple */
    put_u32(&file, 10000);
    for (int i = 0; i < 10000; i++) put_ref(&file, 1);
    for (int i = 0; i < 10000; i++) {
        PUT(&file, 0x42, 0x03);
        PUT(&file, 0x02, 0x03, 0x02, 0x01, 0x02);            /* alias outer 1 2 */
        PUT(&file, 0x04, 0x00, 0x01, 'q', 0x03, 0x01);       /* export "q" (sub resource) */
        PUT(&file, 0x04, 0x00, 0x01, 't', 0x03, 0x00, 0x00); /* export "t" (eq 0) */
    }
    file.count = 10002;
    end_section(&file, SECTION_TYPE);
    finish(&file, "twv");
}

/* ---- names -------------------------------------------------------------------------------------------- */

static void a_hundred_thousand_imports_and_exports_with_one_beginning(void **state) {
    (void)state;
    file_t file;
    begin(&file);
    PUT(&file, 0x40, 0x00, 0x01, 0x00);
    file.count = 1;
    end_section(&file, SECTION_TYPE);
    for (; file.count < 100000; file.count++) {
        PUT(&file, 0x00);
        put_name(&file, "a%0100d-n%u", 0, file.count);
        PUT(&file, 0x01, 0x00);
    }
    end_section(&file, SECTION_IMPORT);
    for (; file.count < 100000; file.count++) {
        PUT(&file, 0x00);
        put_name(&file, "a%0100d-n%u", 1, file.count);
        PUT(&file, 0x01);
        put_u32(&file, file.count);
        PUT(&file, 0x00);
    }
    end_section(&file, SECTION_EXPORT);
    finish(&file, "");
}

/* ---- chains ------------------------------------------------------------------------------------------- */

static void a_hundred_thousand_exports_of_one_another(void **state) {
    (void)state;
    file_t file;
    begin(&file);
    PUT(&file, 0x40, 0x00, 0x01, 0x00);
    file.count = 1;
    end_section(&file, SECTION_TYPE);
    PUT(&file, 0x00, 0x01, 'f', 0x01, 0x00);
    file.count = 1;
    end_section(&file, SECTION_IMPORT);
    for (; file.count < 100000; file.count++) {
        PUT(&file, 0x00);
        put_name(&file, "e%u", file.count);
        PUT(&file, 0x01);
        put_u32(&file, file.count);
        PUT(&file, 0x00);
    }
    end_section(&file, SECTION_EXPORT);
    finish(&file, "g");
}

/* Instance types in one another, as deep as may be, and an alias down the whole way many times over. */
static void a_hundred_thousand_aliases_in_chains(void **state) {
    (void)state;
    file_t file;
    begin(&file);
    PUT(&file, 0x40, 0x00, 0x01, 0x00);
    for (uint32_t i = 0; i < 400; i++) { /* alias outer 1 i; export "a" of it */
        PUT(&file, 0x42, 0x02, 0x02, 0x03, 0x02, 0x01);
        put_u32(&file, i);
        PUT(&file, 0x04, 0x00, 0x01, 'a', i ? 0x05 : 0x01, 0x00);
    }
    file.count = 401;
    end_section(&file, SECTION_TYPE);
    PUT(&file, 0x00, 0x01, 'i', 0x05);
    put_u32(&file, 400);
    file.count = 1;
    end_section(&file, SECTION_IMPORT);
    for (uint32_t chain = 0; chain < 250; chain++) {
        for (uint32_t i = 0; i < 399; i++, file.count++) {
            PUT(&file, 0x05, 0x00);
            put_u32(&file, i ? file.count : 0);
            put_name(&file, "a");
        }
    }
    end_section(&file, SECTION_ALIAS);
    finish(&file, "");
}

/* Without an instance type behind them: nothing to be typed, but the graph must get through. */
static void a_chain_of_aliases_of_nothing_is_refused(void **state) {
    (void)state;
    file_t file;
    begin(&file);
    PUT(&file, 0x42, 0x00);
    file.count = 1;
    end_section(&file, SECTION_TYPE);
    PUT(&file, 0x00, 0x01, 'i', 0x05, 0x00);
    file.count = 1;
    end_section(&file, SECTION_IMPORT);
    for (; file.count < 100000; file.count++) {
        PUT(&file, 0x05, 0x00);
        put_u32(&file, file.count);
        put_name(&file, "a");
    }
    end_section(&file, SECTION_ALIAS);
    for (; file.count < 1000; file.count++) {
        PUT(&file, 0x00);
        put_name(&file, "e%u", file.count);
        PUT(&file, 0x05);
        put_u32(&file, 100000 - file.count);
        PUT(&file, 0x00);
    }
    end_section(&file, SECTION_EXPORT);
    finish(&file, "twvg");
}

/* A core instance, a nested component with code, then lowered functions at the end of a long chain of aliases. */
static void many_lowered_functions_behind_a_long_chain(void **state) {
    (void)state;
    file_t file, nested;
    begin(&file);
    PUT(&file, 0x42, 0x00);
    file.count = 1;
    end_section(&file, SECTION_TYPE);
    PUT(&file, 0x00, 0x01, 'i', 0x05, 0x00);
    file.count = 1;
    end_section(&file, SECTION_IMPORT);
    begin(&nested);
    PUT(&nested, 0x24);
    nested.count = 1;
    end_section(&nested, SECTION_CANON);
    put_component(&file, &nested);
    PUT(&file, 0x00, 0x00, 0x00);
    file.count = 1;
    end_section(&file, SECTION_INSTANCE);
    for (; file.count < 50000; file.count++) {
        PUT(&file, 0x05, 0x00);
        put_u32(&file, file.count ? file.count + 1 : 0);
        put_name(&file, "a");
    }
    PUT(&file, 0x01, 0x00);
    put_u32(&file, 50001);
    put_name(&file, "f");
    file.count++;
    end_section(&file, SECTION_ALIAS);
    for (; file.count < 50000; file.count++) PUT(&file, 0x01, 0x00, 0x00, 0x00);
    end_section(&file, SECTION_CANON);
    finish(&file, "twvg");
}

/* ---- instances ---------------------------------------------------------------------------------------- */

static void ten_thousand_instantiations_with_an_argument(void **state) {
    (void)state;
    file_t file, nested;
    begin(&file);
    PUT(&file, 0x40, 0x00, 0x01, 0x00);
    file.count = 1;
    end_section(&file, SECTION_TYPE);
    PUT(&file, 0x00, 0x01, 'f', 0x01, 0x00);
    file.count = 1;
    end_section(&file, SECTION_IMPORT);
    begin(&nested);
    PUT(&nested, 0x40, 0x00, 0x01, 0x00);
    nested.count = 1;
    end_section(&nested, SECTION_TYPE);
    PUT(&nested, 0x00, 0x01, 'f', 0x01, 0x00);
    nested.count = 1;
    end_section(&nested, SECTION_IMPORT);
    PUT(&nested, 0x24);
    nested.count = 1;
    end_section(&nested, SECTION_CANON);
    PUT(&nested, 0x00, 0x01, 'g', 0x01, 0x00, 0x00);
    nested.count = 1;
    end_section(&nested, SECTION_EXPORT);
    put_component(&file, &nested);
    for (; file.count < 10000; file.count++) PUT(&file, 0x00, 0x00, 0x01, 0x01, 'f', 0x01, 0x00);
    end_section(&file, SECTION_INSTANCE);
    finish(&file, "");
}

/* Each instance has the resource anew, and so all types that mention it. */
static void instances_of_a_component_with_many_types_of_a_resource(void **state) {
    (void)state;
    file_t file, nested;
    begin(&file);
    begin(&nested);
    PUT(&nested, 0x3f, 0x7f, 0x00); /* a resource */
    PUT(&nested, 0x69, 0x00, 0x6f); /* own, tuple of many */
    put_u32(&nested, 100);
    for (int i = 0; i < 100; i++) put_ref(&nested, 1);
    nested.count = 3;
    end_section(&nested, SECTION_TYPE);
    for (; nested.count < 2000; nested.count++) {
        PUT(&nested, 0x00);
        put_name(&nested, "t%u", nested.count);
        PUT(&nested, 0x03);
        put_u32(&nested, nested.count % 3);
        PUT(&nested, 0x00);
    }
    end_section(&nested, SECTION_EXPORT);
    put_component(&file, &nested);
    for (; file.count < 20000; file.count++) PUT(&file, 0x00, 0x00, 0x00);
    end_section(&file, SECTION_INSTANCE);
    finish(&file, "twv");
}

/* Each component instantiates the one before it twice. */
static file_t doubling_instances(uint32_t levels, size_t name_length) {
    file_t file, nested;
    begin(&file);
    begin(&nested);
    PUT(&nested, 0x24);
    nested.count = 1;
    end_section(&nested, SECTION_CANON);
    put_component(&file, &nested);
    for (uint32_t i = 0; i < levels; i++) {
        begin(&nested);
        PUT(&nested, 0x04, 0x02, 0x01);
        put_u32(&nested, i);
        nested.count = 1;
        end_section(&nested, SECTION_ALIAS);
        PUT(&nested, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00);
        nested.count = 2;
        end_section(&nested, SECTION_INSTANCE);
        if (name_length) { /* of its first instance */
            buf_t *out = &nested.out;
            weft_buf_byte(out, SECTION_CUSTOM);
            size_t section = out->len;
            weft_buf_name(out, STR_LIT("component-name"));
            weft_buf_byte(out, 1);
            size_t part = out->len;
            weft_buf_byte(out, 0x05);
            weft_buf_byte(out, 1);
            weft_buf_byte(out, 0);
            weft_buf_u32(out, (uint32_t)name_length);
            for (size_t c = 0; c < name_length; c++) weft_buf_byte(out, 'n');
            weft_buf_close_sized(out, part);
            weft_buf_close_sized(out, section);
        }
        put_component(&file, &nested);
    }
    PUT(&file, 0x00);
    put_u32(&file, levels);
    PUT(&file, 0x00);
    file.count = 1;
    end_section(&file, SECTION_INSTANCE);
    return file;
}

static void instances_that_double_are_refused_by_their_number(void **state) {
    (void)state;
    file_t file = doubling_instances(40, 0);
    finish(&file, "g");
}

static void paths_of_long_names_are_refused_by_their_length(void **state) {
    (void)state;
    file_t file = doubling_instances(12, 100000);
    finish(&file, "g");
}

/* ---- depth -------------------------------------------------------------------------------------------- */

/* As deep as the reader allows: whatever recurses must get down and back. */
static void components_as_deep_as_may_be(void **state) {
    (void)state;
    file_t file;
    begin(&file);
    for (int i = 0; i < 1000; i++) {
        file_t outer;
        begin(&outer);
        put_component(&outer, &file);
        PUT(&outer, 0x00, 0x00, 0x00);
        outer.count = 1;
        end_section(&outer, SECTION_INSTANCE);
        file = outer;
    }
    finish(&file, "");
}

static void types_as_deep_as_may_be(void **state) {
    (void)state;
    file_t file;
    begin(&file);
    for (int i = 0; i < 999; i++) PUT(&file, 0x42, 0x01, 0x01);
    PUT(&file, 0x42, 0x00);
    file.count = 1;
    end_section(&file, SECTION_TYPE);
    finish(&file, "");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(types_that_double_are_refused_by_their_size),
        cmocka_unit_test(a_large_type_is_imported_often),
        cmocka_unit_test(a_chain_of_lists_is_refused_by_its_depth),
        cmocka_unit_test(a_hundred_thousand_equal_records),
        cmocka_unit_test(many_types_that_bind_resources_beside_a_large_open_one),
        cmocka_unit_test(a_hundred_thousand_imports_and_exports_with_one_beginning),
        cmocka_unit_test(a_hundred_thousand_exports_of_one_another),
        cmocka_unit_test(a_hundred_thousand_aliases_in_chains),
        cmocka_unit_test(a_chain_of_aliases_of_nothing_is_refused),
        cmocka_unit_test(many_lowered_functions_behind_a_long_chain),
        cmocka_unit_test(ten_thousand_instantiations_with_an_argument),
        cmocka_unit_test(instances_of_a_component_with_many_types_of_a_resource),
        cmocka_unit_test(instances_that_double_are_refused_by_their_number),
        cmocka_unit_test(paths_of_long_names_are_refused_by_their_length),
        cmocka_unit_test(components_as_deep_as_may_be),
        cmocka_unit_test(types_as_deep_as_may_be),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
