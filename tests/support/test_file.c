/* Files that are replaced whole or not at all. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "support/file.h"

static char old_folder[4096];

/* Each test begins in an empty folder of its own. */
static int enter_folder(void **state) {
    char *folder = strdup("/tmp/weft-file-XXXXXX");
    *state = folder;
    return !getcwd(old_folder, sizeof old_folder) || !mkdtemp(folder) || chdir(folder) != 0;
}

static int leave_folder(void **state) {
    DIR *here = opendir(".");
    for (struct dirent *entry; here && (entry = readdir(here));) unlink(entry->d_name);
    if (here) closedir(here);
    int left = chdir(old_folder) != 0 || rmdir(*state) != 0;
    free(*state);
    return left;
}

static size_t entries(void) {
    size_t count = 0;
    DIR *here = opendir(".");
    for (struct dirent *entry; here && (entry = readdir(here));) count += entry->d_name[0] != '.';
    if (here) closedir(here);
    return count;
}

static void put(const char *path, const char *text) {
    weft_bytes_t pieces[2] = {{(const uint8_t *)text, 1},
                              {(const uint8_t *)text + 1, strlen(text) - 1}};
    assert_null(weft_file_write(path, pieces, 2));
}

static void assert_holds(const char *path, const char *text) {
    file_t file;
    assert_null(weft_file_open(path, &file));
    assert_int_equal(file.bytes.len, strlen(text));
    assert_memory_equal(file.bytes.ptr, text, file.bytes.len);
    weft_file_close(&file);
}

static mode_t mode_of(const char *path) {
    struct stat info;
    assert_int_equal(lstat(path, &info), 0);
    return info.st_mode & (S_IFMT | 0777);
}

static void a_file_is_made_and_replaced(void **state) {
    (void)state;
    mode_t mask = umask(027);
    put("out", "first");
    umask(mask);
    assert_int_equal(mode_of("out"), S_IFREG | 0640);
    put("out", "second, longer");
    assert_holds("out", "second, longer");
    assert_int_equal(mode_of("out"), S_IFREG | 0640);
    assert_int_equal(entries(), 1);
}

static void a_reader_keeps_what_it_opened(void **state) {
    (void)state;
    file_t before;
    put("out", "first");
    assert_null(weft_file_open("out", &before));
    put("out", "other");
    assert_memory_equal(before.bytes.ptr, "first", 5);
    weft_file_close(&before);
}

static void a_link_leads_to_what_is_replaced(void **state) {
    (void)state;
    put("real", "first");
    assert_int_equal(symlink("real", "link"), 0);
    put("link", "second");
    assert_int_equal(mode_of("link") & S_IFMT, S_IFLNK);
    assert_holds("real", "second");
    assert_int_equal(entries(), 2);
}

static void a_failure_leaves_nothing(void **state) {
    (void)state;
    weft_bytes_t none = {NULL, 0};
    weft_error_t *error = weft_file_write("no/out", &none, 1);
    assert_int_equal(weft_error_code(error), WEFT_IO);
    weft_error_delete(error);
    char name[5000];
    memset(name, 'x', sizeof name - 1);
    name[sizeof name - 1] = 0;
    error = weft_file_write(name, &none, 1);
    assert_int_equal(weft_error_code(error), WEFT_IO);
    weft_error_delete(error);
    assert_int_equal(entries(), 0);
}

static unsigned umasks;

/* In place of the C library's. */
mode_t umask(mode_t mask) {
    umasks++;
    return (mode_t)syscall(SYS_umask, mask);
}

/* The umask is one for the process: asking for it would change it for what other threads open() meanwhile. */
static void writing_leaves_the_umask_alone(void **state) {
    (void)state;
    umasks = 0;
    put("out", "first");
    put("out", "second");
    assert_int_equal(umasks, 0);
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, enter_folder, leave_folder)

int main(void) {
    const struct CMUnitTest tests[] = {
        IN_FOLDER(a_file_is_made_and_replaced),      IN_FOLDER(a_reader_keeps_what_it_opened),
        IN_FOLDER(a_link_leads_to_what_is_replaced), IN_FOLDER(a_failure_leaves_nothing),
        IN_FOLDER(writing_leaves_the_umask_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
