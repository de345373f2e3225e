#include "hostile/files.h"

#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "support/file.h"
#include "support/vec.h"

static VEC(char *) paths; /* nftw has no context */

static int collect(const char *path, const struct stat *info, int type, struct FTW *place) {
    (void)info;
    (void)place;
    const char *end = strrchr(path, '.');
    if (type != FTW_F || !end || strcmp(end, ".wasm") != 0) return 0;
    return VEC_PUSH(&paths, strdup(path)) ? 1 : 0;
}

static int compare(const void *a, const void *b) {
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void collect_under(const char *variable, const char *below) {
    char path[4096];
    const char *folder = getenv(variable);
    if (!folder) skip();
    snprintf(path, sizeof path, "%s%s", folder, below);
    assert_int_equal(nftw(path, collect, 16, 0), 0);
}

static weft_bytes_t copy_of(const char *path) {
    file_t file;
    assert_null(weft_file_open(path, &file));
    uint8_t *copy = malloc(file.bytes.len ? file.bytes.len : 1);
    assert_non_null(copy);
    if (file.bytes.len) memcpy(copy, file.bytes.ptr, file.bytes.len);
    weft_bytes_t bytes = {copy, file.bytes.len};
    weft_file_close(&file);
    return bytes;
}

size_t files_each(void (*visit)(const char *path, weft_bytes_t bytes)) {
    collect_under("WEFT_CORPUS_DIR", "");
    if (!paths.count) skip();
    collect_under("WEFT_TESTS_DIR", "/guests");
    collect_under("WEFT_SOURCE_DIR", "/examples");
    size_t count = paths.count;
    qsort(paths.items, count, sizeof *paths.items, compare);
    for (size_t i = 0; i < count; i++) {
        weft_bytes_t bytes = copy_of(paths.items[i]);
        visit(paths.items[i], bytes);
        free((void *)(uintptr_t)bytes.ptr);
        free(paths.items[i]);
    }
    VEC_FREE(&paths);
    return count;
}

weft_bytes_t files_guest(const char *name) {
    char path[4096];
    const char *folder = getenv("WEFT_TESTS_DIR");
    if (!folder) skip();
    snprintf(path, sizeof path, "%s/guests/%s.wasm", folder, name);
    return copy_of(path);
}
