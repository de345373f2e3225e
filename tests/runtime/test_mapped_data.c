/* Plugins whose memories begin with an image of their data. */
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cmocka.h>

#include "common/random.h"
#include "runtime/engine_group.h"
#include "runtime/guest.h"
#include "runtime/memory_guest.h"
#include "runtime/plugin.h"
#include "runtime/shared.h"
#include "support/buf.h"

enum { WASM_PAGE = 65536, PAGE = 4096, MOST_PAGES = 8, MUCH = 20000 };

/* ---- guests with much data ---------------------------------------------------------------------- */

/* What a memory of so many pages is to hold, and the segments that make it so, as text. */
typedef struct memory_model {
    buf_t segments;
    unsigned pages;
    uint8_t bytes[MOST_PAGES * WASM_PAGE];
} memory_model_t;

static const memory_model_t *new_model(memory_model_t *model, unsigned pages) {
    memset(model, 0, sizeof *model);
    model->pages = pages;
    return model;
}

/* `letter` and the next ones again and again. */
static uint8_t byte_of(char letter, unsigned at) {
    return (uint8_t)((unsigned char)letter + at % 11);
}

static void put_text(buf_t *out, unsigned len, char letter) {
    for (unsigned i = 0; i < len; i++) weft_buf_byte(out, byte_of(letter, i));
}

/* The memory is what the segment makes of it where it fits. */
static void add_segment(memory_model_t *model, uint32_t at, unsigned len, char letter) {
    weft_buf_printf(&model->segments, "(data (i32.const %d) \"", (int32_t)at);
    put_text(&model->segments, len, letter);
    weft_buf_printf(&model->segments, "\")\n");
    for (unsigned i = 0; i < len && at + i < model->pages * WASM_PAGE; i++)
        model->bytes[at + i] = byte_of(letter, i);
}

static guest_component_t guest_of_model(const memory_model_t *model, const char *extra,
                                        weft_engine_choice_t choice) {
    weft_options_t options = {.engine = choice};
    return memory_guest_with(engine, model->pages, weft_buf_as_str(&model->segments), extra,
                             &options);
}

static void assert_holds(weft_plugin_t *plugin, const memory_model_t *model) {
    for (uint32_t at = 0; at < model->pages * WASM_PAGE; at += PAGE)
        assert_int_equal(call_numbers(plugin, "hash", at, at + PAGE),
                         memory_hash(model->bytes + at, PAGE));
}

/* Mappings of images in this process. */
static unsigned mapped_images(void) {
    char line[4096];
    unsigned count = 0;
    FILE *maps = fopen("/proc/self/maps", "r");
    assert_non_null(maps);
    while (fgets(line, sizeof line, maps)) count += strstr(line, "memfd:weft-image") != NULL;
    fclose(maps);
    return count;
}

static void assert_traps(weft_plugin_t *plugin, const char *name, uint32_t a, const char *text) {
    weft_value_t arg = weft_u32(a), result;
    weft_error_t *error = weft_func_call(func_of(plugin, NULL, name), &arg, 1, &result, 1);
    assert_int_equal(weft_error_code(error), WEFT_TRAP);
    assert_true(weft_str_eq(weft_error_message(error), weft_str(text)));
    weft_error_delete(error);
}

/* ---- what a plugin finds ------------------------------------------------------------------------ */

static memory_model_t model;

static void data_is_where_its_segments_put_it(void **state) {
    (void)state;
    new_model(&model, 3);
    add_segment(&model, 3 * WASM_PAGE - 9000, 9000, 'p'); /* to the very end, out of order */
    add_segment(&model, 70000, 9000, 'a');
    add_segment(&model, 72000, 1500, 'A'); /* over the one before */
    add_segment(&model, 3 * WASM_PAGE, 0, 'x');
    add_segment(&model, 0, 0, 'x');
    add_segment(&model, 69990, 20, '0');
    for (int round = 0; round < 3; round++) {
        guest_component_t guest = guest_of_model(&model, NULL, WEFT_ENGINE_DIRECT);
        assert_int_equal(mapped_images(), 0);
        assert_holds(guest.plugin, &model);
        assert_int_equal(mapped_images(), 1);
        guest_delete(&guest);
        assert_int_equal(mapped_images(), 0);
    }
    weft_buf_free(&model.segments);
}

/* As the toolchain of Go makes them; and some that go back. */
static void thousands_of_small_segments_are_put_together(void **state) {
    (void)state;
    new_model(&model, 4);
    for (uint32_t i = 0; i < 3000; i++) add_segment(&model, 100 + 70 * i, 1 + i % 20, 'a');
    for (uint32_t i = 3000; i > 0; i -= 3) add_segment(&model, 50 + 70 * i, 1 + i % 10, 'A');
    guest_component_t guest = guest_of_model(&model, NULL, WEFT_ENGINE_DIRECT);
    assert_holds(guest.plugin, &model);
    assert_int_equal(mapped_images(), 1);
    guest_delete(&guest);
    weft_buf_free(&model.segments);
}

static void plugins_do_not_see_what_others_write(void **state) {
    (void)state;
    new_model(&model, 2);
    add_segment(&model, 50000, MUCH, 'a');
    guest_component_t kept = guest_of_model(&model, NULL, WEFT_ENGINE_DIRECT);
    guest_component_t other = guest_of_model(&model, NULL, WEFT_ENGINE_DIRECT);
    assert_ok(weft_plugin_start(other.plugin));
    for (int round = 0; round < 3; round++) {
        guest_component_t guest = guest_of_model(&model, NULL, WEFT_ENGINE_DIRECT);
        assert_holds(guest.plugin, &model);
        for (uint32_t at = 0; at < 2 * WASM_PAGE; at += 1000)
            call_numbers(guest.plugin, "put", at, 255);
        assert_holds(kept.plugin, &model);
        guest_delete(&guest);
    }
    assert_holds(other.plugin, &model);
    guest_delete(&other);
    guest_delete(&kept);
    weft_buf_free(&model.segments);
}

static void start_and_soil(const memory_model_t *of) {
    guest_component_t guest = guest_of_model(of, NULL, WEFT_ENGINE_DIRECT);
    assert_holds(guest.plugin, of);
    for (uint32_t at = 0; at < of->pages * WASM_PAGE; at += 1000)
        call_numbers(guest.plugin, "put", at, 255);
    guest_delete(&guest);
}

/* A memory is used again by plugins with the same image, another one, none, and a smaller memory. As long as a plugin has the
 * image, it stays in memories that nobody uses. */
static void an_image_does_not_stay_in_the_way(void **state) {
    (void)state;
    static memory_model_t others[4];
    new_model(&model, 2);
    add_segment(&model, 50000, MUCH, 'a');
    for (int i = 0; i < 4; i++) new_model(&others[i], i == 1 ? 1 : 2);
    add_segment(&others[0], 60000, 5, 'b');
    add_segment(&others[1], 60000, 5, 'c');
    add_segment(&others[2], 40000, MUCH, 'd');
    add_segment(&others[3], 60000, MUCH, 'e');
    for (int keeps = 0; keeps < 2; keeps++)
        for (int i = 0; i < 12; i++) {
            guest_component_t keeper = {.plugin = NULL};
            weft_engine_t *groups = engine;
            assert_ok(weft_engine_new(&engine));
            if (keeps) keeper = guest_of_model(&model, NULL, WEFT_ENGINE_DIRECT);
            for (int round = 0; round < i / 4 + 1; round++) start_and_soil(&model);
            assert_int_equal(mapped_images(), keeps);
            guest_component_t other = guest_of_model(&others[i % 4], NULL, WEFT_ENGINE_DIRECT);
            assert_holds(other.plugin, &others[i % 4]);
            assert_traps(other.plugin, "get", others[i % 4].pages * WASM_PAGE,
                         "the guest trapped: out of bounds memory access");
            guest_delete(&other);
            start_and_soil(&model);
            start_and_soil(&others[i % 4]);
            if (keeps) guest_delete(&keeper);
            assert_int_equal(mapped_images(), 0);
            weft_engine_delete(engine);
            engine = groups;
        }
    weft_buf_free(&model.segments);
    for (int i = 0; i < 4; i++) weft_buf_free(&others[i].segments);
}

static void a_memory_with_an_image_grows(void **state) {
    (void)state;
    new_model(&model, 2);
    add_segment(&model, 2 * WASM_PAGE - MUCH, MUCH, 'a');
    for (int round = 0; round < 3; round++) {
        guest_component_t guest = guest_of_model(&model, NULL, WEFT_ENGINE_DIRECT);
        assert_int_equal(call_numbers(guest.plugin, "grow", 3, 0), 2);
        model.pages = 5;
        assert_holds(guest.plugin, &model);
        for (uint32_t at = 0; at < 5 * WASM_PAGE; at += 1000)
            call_numbers(guest.plugin, "put", at, 255);
        guest_delete(&guest);
        model.pages = 2;
    }
    weft_buf_free(&model.segments);
}

static void try_size(unsigned pages) {
    uint64_t size = (uint64_t)pages * WASM_PAGE;
    guest_component_t guest =
        memory_guest_with(engine, pages, weft_buf_as_str(&model.segments), NULL, NULL);
    assert_holds(guest.plugin, &model);
    assert_int_equal(mapped_images(), 1);
    for (uint64_t at = 100; at < size; at += size / 50 + 1) {
        if (at > WASM_PAGE) assert_int_equal(call_numbers(guest.plugin, "get", (uint32_t)at, 0), 0);
        call_numbers(guest.plugin, "put", (uint32_t)at, 255);
    }
    assert_int_equal(call_numbers(guest.plugin, "get", (uint32_t)(size - 1), 0), 0);
    call_numbers(guest.plugin, "put", (uint32_t)(size - 1), 255);
    guest_delete(&guest);
}

/* What is done when a memory is given back depends on its size. */
static void memories_of_any_size_have_images(void **state) {
    (void)state;
    static const unsigned sizes[] = {2, 64, 65, 1024, 1025, 65535};
    new_model(&model, 1);
    add_segment(&model, 7, MUCH, 'k');
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        guest_component_t keeper =
            memory_guest_with(engine, sizes[i], weft_buf_as_str(&model.segments), NULL, NULL);
        for (int round = 0; round < 3; round++) try_size(sizes[i]);
        guest_delete(&keeper);
    }
    weft_buf_free(&model.segments);
}

enum { THREADS = 4, STARTS = 50 };

static void *start_often(void *context) {
    for (int i = 0; i < STARTS; i++) start_and_soil(&model);
    return context;
}

static void threads_share_an_image(void **state) {
    pthread_t threads[THREADS];
    (void)state;
    new_model(&model, 1);
    add_segment(&model, 3000, MUCH, 'a');
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, start_often, NULL), 0);
    for (int i = 0; i < THREADS; i++) assert_int_equal(pthread_join(threads[i], NULL), 0);
    weft_buf_free(&model.segments);
}

static void *start_one_module(void *context) {
    for (int i = 0; i < STARTS / 2; i++) start_and_soil(context);
    return NULL;
}

/* A memory is taken for another plugin while the module of its image goes. */
static void images_go_while_memories_are_taken(void **state) {
    static memory_model_t models[THREADS];
    pthread_t threads[THREADS];
    (void)state;
    for (int i = 0; i < THREADS; i++) {
        new_model(&models[i], 1);
        add_segment(&models[i], 3000, MUCH, (char)('a' + i));
        assert_int_equal(pthread_create(&threads[i], NULL, start_one_module, &models[i]), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
        weft_buf_free(&models[i].segments);
    }
    assert_int_equal(mapped_images(), 0);
}

/* ---- what a module does with its data ------------------------------------------------------------ */

static void a_start_function_sees_the_data(void **state) {
    (void)state;
    static const char extra[] =
        "(global $seen (mut i32) (i32.const 0))"
        "(func $s (global.set $seen (i32.load8_u (i32.const 20010)))"
        " (i32.store8 (i32.const 20010) (i32.const 1)))"
        "(start $s)"
        "(func (export \"extra\") (param i32) (result i32) (global.get $seen))";
    new_model(&model, 1);
    add_segment(&model, 20000, MUCH, 'a');
    guest_component_t guest = guest_of_model(&model, extra, WEFT_ENGINE_DIRECT);
    assert_int_equal(call_numbers(guest.plugin, "extra", 0, 0), 'k');
    model.bytes[20010] = 1;
    assert_holds(guest.plugin, &model);
    guest_delete(&guest);
    weft_buf_free(&model.segments);
}

/* Segment 0 is the active one, 1 the passive one. */
static void segments_can_be_copied_and_dropped_as_ever(void **state) {
    (void)state;
    static const char extra[] =
        "(data $passive \"PASSIVE\")"
        "(func (export \"extra\") (param i32) (result i32)"
        " (if (i32.eq (local.get 0) (i32.const 0)) (then"
        "  (memory.init $passive (i32.const 10) (i32.const 0) (i32.const 7))))"
        " (if (i32.eq (local.get 0) (i32.const 1)) (then"
        "  (data.drop 0) (memory.init 0 (i32.const 10) (i32.const 0) (i32.const 0))))"
        " (if (i32.eq (local.get 0) (i32.const 2)) (then"
        "  (memory.init 0 (i32.const 10) (i32.const 0) (i32.const 1))))"
        " (if (i32.eq (local.get 0) (i32.const 3)) (then"
        "  (data.drop $passive) (memory.init $passive (i32.const 10) (i32.const 0)"
        "   (i32.const 7))))"
        " (i32.load8_u (i32.const 16)))";
    for (uint32_t trapping = 2; trapping <= 3; trapping++) {
        new_model(&model, 1);
        add_segment(&model, 20000, MUCH, 'a');
        guest_component_t guest = guest_of_model(&model, extra, WEFT_ENGINE_DIRECT);
        assert_holds(guest.plugin, &model);
        assert_int_equal(call_numbers(guest.plugin, "extra", 9, 0), 0);
        assert_int_equal(call_numbers(guest.plugin, "extra", 1, 0), 0);
        assert_int_equal(call_numbers(guest.plugin, "extra", 0, 0), 'E');
        memcpy(model.bytes + 10, "PASSIVE", 7);
        assert_holds(guest.plugin, &model);
        assert_int_equal(mapped_images(), 1);
        assert_traps(guest.plugin, "extra", trapping,
                     "the guest trapped: out of bounds memory access");
        guest_delete(&guest);
        weft_buf_free(&model.segments);
    }
}

static void another_module_can_import_the_memory(void **state) {
    (void)state;
    buf_t text = {0};
    weft_buf_printf(&text, "(component (core module $a (memory (export \"m\") 1)"
                           " (data (i32.const 1000) \"");
    put_text(&text, MUCH, 'a');
    weft_buf_printf(&text, "\"))"
                           " (core module $b (import \"a\" \"m\" (memory 1))"
                           "  (data (i32.const 1005) \"");
    put_text(&text, MUCH, 'A');
    weft_buf_printf(&text, "\")"
                           "  (func (export \"get\") (param i32) (result i32)"
                           "   (i32.load8_u (local.get 0))))"
                           " (core instance $a (instantiate $a))"
                           " (core instance $b (instantiate $b (with \"a\" (instance $a))))"
                           " (func (export \"get\") (param \"a\" u32) (result u32)"
                           "  (canon lift (core func $b \"get\"))))");
    weft_buf_byte(&text, 0);
    guest_component_t guest = guest_of(engine, weft_buf_as_str(&text).ptr, NULL);
    assert_int_equal(call_numbers(guest.plugin, "get", 1004, 0), 'e');
    assert_int_equal(call_numbers(guest.plugin, "get", 1005, 0), 'A');
    assert_int_equal(call_numbers(guest.plugin, "get", 1005 + MUCH - 1, 0), byte_of('A', MUCH - 1));
    assert_int_equal(call_numbers(guest.plugin, "get", 1005 + MUCH, 0), 0);
    assert_int_equal(mapped_images(), 1);
    guest_delete(&guest);
    weft_buf_free(&text);
}

/* Wasmtime makes its heap for references before the memory. */
static void a_heap_for_references_gets_no_image(void **state) {
    (void)state;
    static const char extra[] = "(table 3 externref)"
                                "(func (export \"extra\") (param i32) (result i32) (table.size 0))";
    new_model(&model, 1);
    add_segment(&model, 20000, MUCH, 'a');
    guest_component_t guest = guest_of_model(&model, extra, WEFT_ENGINE_DIRECT);
    assert_int_equal(call_numbers(guest.plugin, "extra", 0, 0), 3);
    assert_holds(guest.plugin, &model);
    assert_int_equal(mapped_images(), 1);
    guest_delete(&guest);
    weft_buf_free(&model.segments);
}

/* On Wasmtime's component API, where no image is offered. */
static void assert_is_empty(void *context) {
    weft_options_t options = {.engine = WEFT_ENGINE_HOSTED};
    guest_component_t guest = memory_guest_with(engine, 2, STR_LIT(""), NULL, &options);
    (void)context;
    for (uint32_t at = 0; at < 2 * WASM_PAGE; at += 100)
        assert_int_equal(call_numbers(guest.plugin, "get", at, 0), 0);
    guest_delete(&guest);
}

static weft_error_t *start_another(void *context, const weft_value_t *args, size_t count,
                                   weft_value_t *result) {
    (void)args, (void)count, (void)result;
    assert_is_empty(context);
    return NULL;
}

static void what_a_start_function_starts_gets_no_image(void **state) {
    (void)state;
    weft_host_func_t func = {.name = "f", .callback = start_another};
    weft_options_t options = {.funcs = &func, .func_count = 1};
    buf_t text = {0};
    weft_buf_printf(&text,
                    "(component (import \"f\" (func $f)) (core func $l (canon lower (func $f)))"
                    " (core module $m (import \"\" \"f\" (func $f)) (memory 2) (start $f)"
                    "  (func (export \"get\") (param i32) (result i32)"
                    "   (i32.load8_u (local.get 0)))"
                    "  (data (i32.const 1000) \"");
    put_text(&text, MUCH, 'a');
    weft_buf_printf(&text, "\")) (core instance $i (instantiate $m"
                           "  (with \"\" (instance (export \"f\" (func $l))))))"
                           " (func (export \"get\") (param \"a\" u32) (result u32)"
                           "  (canon lift (core func $i \"get\"))))");
    weft_buf_byte(&text, 0);
    guest_component_t guest = guest_of(engine, weft_buf_as_str(&text).ptr, &options);
    assert_int_equal(call_numbers(guest.plugin, "get", 1001, 0), 'b');
    guest_delete(&guest);
    weft_buf_free(&text);
}

static void limits_hold_with_an_image(void **state) {
    (void)state;
    new_model(&model, 2);
    add_segment(&model, 20000, MUCH, 'a');
    weft_options_t options = {.memory = 3 * WASM_PAGE, .fuel = 10000000};
    guest_component_t guest =
        memory_guest_with(engine, 2, weft_buf_as_str(&model.segments), NULL, &options);
    assert_holds(guest.plugin, &model);
    assert_int_equal(mapped_images(), 1);
    assert_int_equal(call_numbers(guest.plugin, "grow", 1, 0), 2);
    assert_int_equal((int32_t)call_numbers(guest.plugin, "grow", 1, 0), -1);
    guest_delete(&guest);
    options.memory = WASM_PAGE;
    guest = memory_guest_with(engine, 2, weft_buf_as_str(&model.segments), NULL, &options);
    weft_error_t *error = weft_plugin_start(guest.plugin);
    assert_int_equal(weft_error_code(error), WEFT_LIMIT);
    weft_error_delete(error);
    assert_is_empty(NULL); /* the image was offered to that one only */
    guest_delete(&guest);
    weft_buf_free(&model.segments);
}

/* ---- segments at random -------------------------------------------------------------------------- */

static void add_random_segment(random_source_t *source, uint32_t end) {
    unsigned len = (unsigned)random_below(source, random_below(source, 3) ? 12000 : 3);
    uint32_t at = (uint32_t)random_below(source, end + 1);
    if (at + len > end) at = end - len;
    if (random_below(source, 24) == 0) at = end - len + 1;
    add_segment(&model, at, len, (char)('a' + random_below(source, 12)));
    if (random_below(source, 5) == 0) weft_buf_printf(&model.segments, "(data \"passive\")");
}

/* Both engines; one that ends beyond the memory makes both fail. */
static void random_segments_make_what_they_should(void **state) {
    (void)state;
    random_source_t source = {.state = 11};
    unsigned images = 0, failed = 0;
    for (int round = 0; round < 60; round++) {
        new_model(&model, 1 + (unsigned)random_below(&source, MOST_PAGES));
        uint32_t end = model.pages * WASM_PAGE;
        for (uint64_t i = random_below(&source, 9); i; i--) add_random_segment(&source, end);
        guest_component_t guest = guest_of_model(&model, NULL, WEFT_ENGINE_DIRECT);
        guest_component_t twin = guest_of_model(&model, NULL, WEFT_ENGINE_HOSTED);
        weft_error_t *error = weft_plugin_start(guest.plugin);
        weft_error_t *other = weft_plugin_start(twin.plugin);
        assert_int_equal(error != NULL, other != NULL);
        images += mapped_images();
        failed += error != NULL;
        if (!error) assert_holds(guest.plugin, &model);
        if (!error) assert_holds(twin.plugin, &model);
        else assert_int_equal(weft_error_code(error), WEFT_TRAP);
        weft_error_delete(error);
        weft_error_delete(other);
        guest_delete(&guest);
        guest_delete(&twin);
        weft_buf_free(&model.segments);
    }
    assert_in_range(images, 20, 50);
    assert_in_range(failed, 5, 30);
}

/* Segments that are a GiB apart are copied. */
static void a_gigabyte_between_segments_takes_none(void **state) {
    (void)state;
    new_model(&model, 1);
    add_segment(&model, 7, MUCH, 'a');
    add_segment(&model, 1 << 30, MUCH, 'b');
    guest_component_t guest =
        memory_guest_with(engine, 65535, weft_buf_as_str(&model.segments), NULL, NULL);
    assert_holds(guest.plugin, &model);
    assert_int_equal(call_numbers(guest.plugin, "get", (1 << 30) + 1, 0), 'c');
    assert_int_equal(mapped_images(), 0);
    guest_delete(&guest);
    weft_buf_free(&model.segments);
}

/* ---- when something cannot be had ---------------------------------------------------------------- */

static void without_a_file_data_is_copied(void **state) {
    struct rlimit before, less;
    (void)state;
    new_model(&model, 1);
    add_segment(&model, 20000, MUCH, 'n');
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
    less = before;
    less.rlim_cur = 0;
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &less), 0);
    guest_component_t guest = guest_of_model(&model, NULL, WEFT_ENGINE_DIRECT);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
    assert_holds(guest.plugin, &model);
    assert_int_equal(mapped_images(), 0);
    guest_delete(&guest);
    weft_buf_free(&model.segments);
}

static image_t *image_of(const weft_plugin_t *plugin) {
    const map_t *modules = plugin->direct->modules;
    for (size_t i = 0; i < modules->capacity; i++) {
        const shared_module_t *module = modules->entries[i].value;
        if (module && module->image) return module->image;
    }
    return NULL;
}

static void try_an_image_whose_file_is_another(void) {
    new_model(&model, 1);
    add_segment(&model, 20000, MUCH, 'o');
    guest_component_t guest = guest_of_model(&model, NULL, WEFT_ENGINE_DIRECT);
    image_t *image = image_of(guest.plugin);
    assert_non_null(image);
    int file = image->file;
    int wrong = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
    assert_true(wrong >= 0 && dup2(wrong, file) == file);
    close(wrong);
    weft_error_t *error = weft_plugin_start(guest.plugin);
    assert_int_equal(weft_error_code(error), WEFT_LIMIT);
    assert_error(error, "weft: the data of the plugin is gone: its file descriptor was closed\n");
    guest_delete(&guest);
    assert_true(fcntl(file, F_GETFD) >= 0); /* it is not weft's any more */
    close(file);
    guest = guest_of_model(&model, NULL, WEFT_ENGINE_DIRECT);
    assert_holds(guest.plugin, &model);
    guest_delete(&guest);
    weft_buf_free(&model.segments);
}

static void an_image_whose_file_is_another_is_not_mapped(void **state) {
    (void)state;
    try_an_image_whose_file_is_another();
    weft_engine_t *groups = engine;
    assert_ok(weft_engine_new(&engine));
    assert_ok(weft_engine_pool(engine, 1)); /* of which no memory gets lost */
    try_an_image_whose_file_is_another();
    weft_engine_delete(engine);
    engine = groups;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(data_is_where_its_segments_put_it),
        cmocka_unit_test(thousands_of_small_segments_are_put_together),
        cmocka_unit_test(plugins_do_not_see_what_others_write),
        cmocka_unit_test(an_image_does_not_stay_in_the_way),
        cmocka_unit_test(a_memory_with_an_image_grows),
        cmocka_unit_test(memories_of_any_size_have_images),
        cmocka_unit_test(threads_share_an_image),
        cmocka_unit_test(images_go_while_memories_are_taken),
        cmocka_unit_test(a_start_function_sees_the_data),
        cmocka_unit_test(segments_can_be_copied_and_dropped_as_ever),
        cmocka_unit_test(another_module_can_import_the_memory),
        cmocka_unit_test(a_heap_for_references_gets_no_image),
        cmocka_unit_test(what_a_start_function_starts_gets_no_image),
        cmocka_unit_test(limits_hold_with_an_image),
        cmocka_unit_test(random_segments_make_what_they_should),
        cmocka_unit_test(a_gigabyte_between_segments_takes_none),
        cmocka_unit_test(without_a_file_data_is_copied),
        cmocka_unit_test(an_image_whose_file_is_another_is_not_mapped),
    };
    return cmocka_run_group_tests(tests, make_engine, delete_engine);
}
