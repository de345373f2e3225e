/* Compiled code that is kept: found again, never trusted. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>
#include <wasmtime.h>

#include "common/sanitized.h"
#include "runtime/cache.h"
#include "runtime/guest.h"
#include "support/alloc.h"

/* Under a sanitizer a sample of the damages is enough. */
enum { STEP = SANITIZED ? 61 : 1 };

static char folder[64];

static int make_folder(void **state) {
    (void)state;
    strcpy(folder, "weft-cache-XXXXXX");
    return mkdtemp(folder) ? 0 : -1;
}

/* What `sh` prints of a command that has the folder as $0. */
static void shell(const char *command, char *out, size_t room) {
    char line[1024];
    snprintf(line, sizeof line, "set -- '%s'; %s", folder, command);
    FILE *pipe = popen(line, "r");
    assert_non_null(pipe);
    out[fread(out, 1, room - 1, pipe)] = 0;
    pclose(pipe);
}

static int remove_folder(void **state) {
    char out[64];
    (void)state;
    shell("rm -rf \"$1\"", out, sizeof out);
    return 0;
}

static unsigned count_of(const char *what) {
    char command[128], out[64];
    snprintf(command, sizeof command, "find \"$1\" -name '%s' | wc -l", what);
    shell(command, out, sizeof out);
    return (unsigned)strtoul(out, NULL, 10);
}

/* The path of the one entry. */
static const char *only_entry(void) {
    static char path[256];
    assert_int_equal(count_of("*"), 2); /* the folder itself, too */
    shell("printf %s \"$1\"/*", path, sizeof path);
    return path;
}

static cache_t *opened(void) {
    cache_t *cache;
    assert_ok(weft_cache_open(folder, &cache));
    return cache;
}

/* ---- entries ---------------------------------------------------------------------------------- */

static const cache_key_t key = {CACHE_MODULE, {(const uint8_t *)"a module", 8}, {"settings", 8}};

static bool is_there(cache_t *cache, cache_key_t asked) {
    char *path = weft_cache_find(cache, &asked);
    weft_free(path);
    return path != NULL;
}

static void an_entry_is_found_by_all_of_its_key(void **state) {
    (void)state;
    cache_t *cache = opened();
    cache_key_t other = key;
    assert_false(is_there(cache, key));
    weft_cache_add(cache, &key, (weft_bytes_t){(const uint8_t *)"image", 5});
    assert_true(is_there(cache, key));
    other.kind = CACHE_COMPONENT;
    assert_false(is_there(cache, other));
    other = key;
    other.settings = STR_LIT("sittings");
    assert_false(is_there(cache, other));
    other = key;
    other.source.ptr = (const uint8_t *)"a nodule";
    assert_false(is_there(cache, other));
    weft_cache_close(cache);
}

/* As if the two had the same hash. */
static void an_entry_under_the_name_of_another_is_not_taken(void **state) {
    (void)state;
    char name[256], command[600], out[8];
    cache_t *cache = opened();
    cache_key_t other = key;
    other.source.ptr = (const uint8_t *)"b module";
    weft_cache_add(cache, &other, (weft_bytes_t){(const uint8_t *)"image", 5});
    snprintf(name, sizeof name, "%s", only_entry());
    weft_cache_add(cache, &key, (weft_bytes_t){(const uint8_t *)"other", 5});
    char *path = weft_cache_find(cache, &key);
    assert_non_null(path);
    snprintf(command, sizeof command, "mv '%s' '%s'", name, path);
    shell(command, out, sizeof out);
    weft_free(path);
    assert_false(is_there(cache, key));
    assert_false(is_there(cache, other));
    weft_cache_close(cache);
}

static void flip(int file, off_t at, int bit) {
    uint8_t byte;
    assert_int_equal(pread(file, &byte, 1, at), 1);
    byte ^= (uint8_t)(1 << bit);
    assert_int_equal(pwrite(file, &byte, 1, at), 1);
}

/* A real one, made by Wasmtime. */
static void every_flipped_bit_is_noticed(void **state) {
    (void)state;
    weft_bytes_t wasm;
    wasm_byte_vec_t image;
    wasmtime_module_t *module;
    wasm_engine_t *engine = wasm_engine_new();
    cache_t *cache = opened();
    give_signals_back();
    assert_ok(weft_wat_to_wasm(
        weft_str("(module (func (export \"one\") (result i32) i32.const 1))"), &wasm));
    assert_null(wasmtime_module_new(engine, wasm.ptr, wasm.len, &module));
    assert_null(wasmtime_module_serialize(module, &image));
    cache_key_t real = {CACHE_MODULE, wasm, STR_LIT("some settings")};
    weft_cache_add(cache, &real, (weft_bytes_t){(const uint8_t *)image.data, image.size});
    assert_true(is_there(cache, real));

    int file = open(only_entry(), O_RDWR);
    off_t size = lseek(file, 0, SEEK_END);
    assert_true(size > (off_t)image.size);
    for (off_t bit = 0; bit < 8 * size; bit += STEP) {
        flip(file, bit / 8, (int)(bit % 8));
        if (is_there(cache, real)) fail_msg("bit %lld is not looked at", (long long)bit);
        flip(file, bit / 8, (int)(bit % 8));
    }
    assert_true(is_there(cache, real));
    for (off_t length = size - 1; length >= 0; length -= 1 + size / 100) {
        assert_int_equal(ftruncate(file, length), 0);
        assert_false(is_there(cache, real));
    }
    close(file);
    wasm_byte_vec_delete(&image);
    wasmtime_module_delete(module);
    wasm_engine_delete(engine);
    weft_free((void *)(uintptr_t)wasm.ptr);
    weft_cache_close(cache);
}

static void the_oldest_go_when_there_are_too_many(void **state) {
    (void)state;
    char out[64];
    cache_t *cache = opened();
    shell("truncate -s 2G \"$1\"/old.cwasm; touch -d '1 hour ago' \"$1\"/old.cwasm; "
          "truncate -s 1M \"$1\"/young.cwasm \"$1\"/not-ours; ls \"$1\" | wc -l",
          out, sizeof out);
    assert_int_equal(strtoul(out, NULL, 10), 3);
    weft_cache_add(cache, &key, (weft_bytes_t){(const uint8_t *)"image", 5});
    assert_int_equal(count_of("old.cwasm"), 0);
    assert_int_equal(count_of("young.cwasm") + count_of("not-ours"), 2);
    assert_true(is_there(cache, key));
    weft_cache_close(cache);
}

/* ---- the folder ------------------------------------------------------------------------------- */

static void a_folder_that_others_can_write_is_refused(void **state) {
    (void)state;
    cache_t *cache;
    char text[256];
    assert_int_equal(chmod(folder, 0770), 0);
    snprintf(text, sizeof text,
             "weft: compiled code cannot be kept in '%s': others may write there\n", folder);
    assert_error(weft_cache_open(folder, &cache), text);
}

static void what_is_no_folder_is_refused(void **state) {
    (void)state;
    cache_t *cache;
    assert_error(weft_cache_open("/dev/null/x", &cache),
                 "weft: compiled code cannot be kept in '/dev/null/x': Not a directory\n");
    assert_error(weft_cache_open("", &cache), "weft: '' is no name for a folder\n");
}

static void folders_are_made(void **state) {
    (void)state;
    cache_t *cache;
    struct stat info;
    char below[128];
    snprintf(below, sizeof below, "%s/a/b", folder);
    assert_ok(weft_cache_open(below, &cache));
    weft_cache_close(cache);
    assert_int_equal(stat(below, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0700);
}

/* ---- through the engine ----------------------------------------------------------------------- */

static const char *const guest =
    "(component (core module $m (func (export \"f\") (result i32) i32.const 41))"
    " (core instance $i (instantiate $m))"
    " (func (export \"f\") (result u32) (canon lift (core func $i \"f\"))))";

static void call_with(weft_engine_t *engine, weft_engine_choice_t choice) {
    weft_value_t result;
    weft_options_t options = {.engine = choice};
    guest_component_t component = guest_of(engine, guest, &options);
    assert_ok(weft_func_call(func_of(component.plugin, NULL, "f"), NULL, 0, &result, 1));
    assert_int_equal(result.of.u32, 41);
    guest_delete(&component);
}

/* Calls the guest's function in an engine of its own. */
static void call_guest(weft_engine_choice_t choice) {
    weft_engine_t *engine;
    give_signals_back();
    assert_ok(weft_engine_new(&engine));
    assert_ok(weft_engine_keep_code(engine, folder));
    call_with(engine, choice);
    weft_engine_delete(engine);
}

static ino_t inode_of(const char *path) {
    struct stat info;
    assert_int_equal(stat(path, &info), 0);
    return info.st_ino;
}

static void both_engines_keep_their_code(void **state) {
    (void)state;
    call_guest(WEFT_ENGINE_DIRECT);
    ino_t first = inode_of(only_entry());
    call_guest(WEFT_ENGINE_DIRECT);
    assert_true(inode_of(only_entry()) == first); /* it was not written anew */
    call_guest(WEFT_ENGINE_HOSTED);
    assert_int_equal(count_of("*.cwasm"), 2);
    call_guest(WEFT_ENGINE_HOSTED);
    assert_int_equal(count_of("*"), 3);
}

static void a_damaged_entry_is_written_anew(void **state) {
    (void)state;
    call_guest(WEFT_ENGINE_DIRECT);
    ino_t first = inode_of(only_entry());
    int file = open(only_entry(), O_RDWR);
    flip(file, 5000, 3);
    call_guest(WEFT_ENGINE_DIRECT);
    ino_t second = inode_of(only_entry());
    assert_true(second != first);
    close(file); /* until here, so that the number is not given to the new one */
    call_guest(WEFT_ENGINE_DIRECT);
    assert_true(inode_of(only_entry()) == second);
}

static void a_folder_that_cannot_be_written_is_no_error(void **state) {
    char out[8];
    weft_engine_t *engine;
    (void)state;
    give_signals_back();
    assert_ok(weft_engine_new(&engine));
    assert_ok(weft_engine_keep_code(engine, folder));
    shell("rmdir \"$1\"", out, sizeof out);
    call_with(engine, WEFT_ENGINE_DIRECT);
    weft_engine_delete(engine);
}

static void many_may_write_at_once(void **state) {
    (void)state;
    enum { WRITERS = 6 };
    pid_t writers[WRITERS];
    for (int i = 0; i < WRITERS; i++) {
        writers[i] = fork();
        assert_true(writers[i] >= 0);
        if (writers[i]) continue;
        cache_t *cache = opened();
        uint8_t image[40000];
        memset(image, i, sizeof image);
        for (int n = 0; n < 100; n++) {
            weft_cache_add(cache, &key, (weft_bytes_t){image, sizeof image});
            if (!is_there(cache, key)) _exit(1);
        }
        _exit(0);
    }
    for (int i = 0; i < WRITERS; i++) {
        int status;
        assert_int_equal(waitpid(writers[i], &status, 0), writers[i]);
        assert_int_equal(status, 0);
    }
    only_entry(); /* nothing else is left */
}

int main(void) {
    weft_engine_t *engine = engine_of_tests(); /* takes the signals */
#define TEST(name) cmocka_unit_test_setup_teardown(name, make_folder, remove_folder)
    const struct CMUnitTest tests[] = {
        TEST(an_entry_is_found_by_all_of_its_key),
        TEST(an_entry_under_the_name_of_another_is_not_taken),
        TEST(every_flipped_bit_is_noticed),
        TEST(the_oldest_go_when_there_are_too_many),
        TEST(a_folder_that_others_can_write_is_refused),
        TEST(what_is_no_folder_is_refused),
        TEST(folders_are_made),
        TEST(both_engines_keep_their_code),
        TEST(a_damaged_entry_is_written_anew),
        TEST(a_folder_that_cannot_be_written_is_no_error),
        TEST(many_may_write_at_once),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    weft_engine_delete(engine);
    return failed;
}
