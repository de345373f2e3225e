#include "runtime/cache.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#ifdef WEFT_XXHASH_DISPATCHES
#include <xxh_x86dispatch.h> /* takes the widest instructions that the processor has */
#else
#include <xxhash.h>
#endif

#include "support/alloc.h"
#include "support/file.h"
#include "support/vec.h"

struct cache {
    char *folder;
};

typedef struct trailer {
    char magic[8];
    uint64_t image, source, settings; /* lengths */
    uint64_t hash[2];                 /* of image, settings, and all of the trailer before it */
} trailer_t;

static const char magic[8] = "weftcode";
static const char suffix[] = ".cwasm";

enum { NAME_ROOM = 48 }; /* "/", 32 digits, suffix */

/* ---- the folder ------------------------------------------------------------------------------- */

static weft_error_t *refused(const char *folder, const char *why) {
    return weft_error_new(WEFT_IO, "compiled code cannot be kept in '%s': %s", folder, why);
}

/* Who can write here can have this user run any machine code. */
static weft_error_t *check_private(const char *folder) {
    struct stat info;
    if (stat(folder, &info) != 0) return refused(folder, strerror(errno));
    if (!S_ISDIR(info.st_mode)) return refused(folder, strerror(ENOTDIR));
    if (info.st_uid != geteuid()) return refused(folder, "it belongs to somebody else");
    if (info.st_mode & (S_IWGRP | S_IWOTH)) return refused(folder, "others may write there");
    return NULL;
}

/* Makes a folder and those it is in. */
static weft_error_t *make_folders(char *folder) {
    for (char *at = folder + 1;; at++) {
        char end = *at;
        if (end && end != '/') continue;
        *at = 0;
        int failed = mkdir(folder, 0700) != 0 && errno != EEXIST ? errno : 0;
        weft_error_t *error = failed ? refused(folder, strerror(failed)) : NULL;
        *at = end;
        if (error || !end) return error;
    }
}

static weft_error_t *users_folder(char *folder, size_t room) {
    static const struct {
        const char *variable, *below;
    } places[] = {
        {"WEFT_CACHE", "/code"}, {"XDG_CACHE_HOME", "/weft/code"}, {"HOME", "/.cache/weft/code"}};
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        const char *base = getenv(places[i].variable);
        if (!base || *base != '/') continue;
        int len = snprintf(folder, room, "%s%s", base, places[i].below);
        if (len > 0 && (size_t)len < room) return NULL;
    }
    return weft_error_new(WEFT_IO, "there is no folder to keep compiled code in: HOME is not set");
}

weft_error_t *weft_cache_open(const char *folder, cache_t **cache) {
    char path[PATH_MAX - NAME_ROOM];
    if (!folder) TRY(users_folder(path, sizeof path));
    else if (!*folder || strlen(folder) >= sizeof path)
        return weft_error_new(WEFT_IO, "'%s' is no name for a folder", folder);
    else memcpy(path, folder, strlen(folder) + 1);
    TRY(make_folders(path));
    TRY(check_private(path));
    cache_t *made = weft_alloc_zero(1, sizeof *made);
    if (made) made->folder = weft_alloc_str(weft_str(path));
    if (!made || !made->folder) {
        weft_free(made);
        return weft_error_oom();
    }
    *cache = made;
    return NULL;
}

void weft_cache_close(cache_t *cache) {
    if (!cache) return;
    weft_free(cache->folder);
    weft_free(cache);
}

/* ---- entries ---------------------------------------------------------------------------------- */

static void name_of(const cache_t *cache, const cache_key_t *key, char path[PATH_MAX]) {
    XXH64_hash_t seed =
        XXH3_64bits_withSeed(key->settings.ptr, key->settings.len, (XXH64_hash_t)key->kind);
    XXH128_hash_t hash = XXH3_128bits_withSeed(key->source.ptr, key->source.len, seed);
    snprintf(path, PATH_MAX, "%s/%016llx%016llx%s", cache->folder, (unsigned long long)hash.high64,
             (unsigned long long)hash.low64, suffix);
}

/* All of the trailer but its hash. */
static void fill_trailer(trailer_t *trailer, const cache_key_t *key, weft_bytes_t image) {
    *trailer =
        (trailer_t){.image = image.len, .source = key->source.len, .settings = key->settings.len};
    memcpy(trailer->magic, magic, sizeof magic);
    XXH3_state_t *state = XXH3_createState();
    if (!state) return; /* a hash of zeros will not be found right */
    XXH3_128bits_reset(state);
    XXH3_128bits_update(state, image.ptr, image.len);
    XXH3_128bits_update(state, key->settings.ptr, key->settings.len);
    XXH3_128bits_update(state, trailer, offsetof(trailer_t, hash));
    XXH128_hash_t hash = XXH3_128bits_digest(state);
    XXH3_freeState(state);
    trailer->hash[0] = hash.low64;
    trailer->hash[1] = hash.high64;
}

/* Whether the file is the entry: the trailer that belongs to its image and the key is the one that it has. */
static bool is_sound(weft_bytes_t file, const cache_key_t *key) {
    trailer_t expected;
    size_t rest = key->source.len + key->settings.len + sizeof expected;
    if (file.len <= rest) return false;
    weft_bytes_t image = {file.ptr, file.len - rest};
    const uint8_t *at = file.ptr + image.len;
    if (memcmp(at, key->source.ptr, key->source.len) != 0) return false;
    at += key->source.len;
    if (memcmp(at, key->settings.ptr, key->settings.len) != 0) return false;
    at += key->settings.len;
    fill_trailer(&expected, key, image);
    return (expected.hash[0] || expected.hash[1]) && memcmp(at, &expected, sizeof expected) == 0;
}

char *weft_cache_find(cache_t *cache, const cache_key_t *key) {
    char path[PATH_MAX];
    file_t file;
    name_of(cache, key, path);
    weft_error_t *error = weft_file_open(path, &file);
    if (error) {
        weft_error_delete(error);
        return NULL;
    }
    bool sound = is_sound(file.bytes, key);
    weft_file_close(&file);
    if (!sound) return NULL;
    utimensat(AT_FDCWD, path, NULL, 0); /* used now; that this may fail is no matter */
    return weft_alloc_str(weft_str(path));
}

/* ---- room ------------------------------------------------------------------------------------- */

typedef struct entry {
    char name[NAME_ROOM];
    uint64_t size;
    struct timespec used;
} entry_t;

typedef VEC(entry_t) entries_t;

static int by_use(const void *a, const void *b) {
    const struct timespec *one = &((const entry_t *)a)->used, *other = &((const entry_t *)b)->used;
    if (one->tv_sec != other->tv_sec) return one->tv_sec < other->tv_sec ? -1 : 1;
    return (one->tv_nsec > other->tv_nsec) - (one->tv_nsec < other->tv_nsec);
}

/* Every entry of the folder; their size. */
static uint64_t list_entries(DIR *folder, entries_t *entries) {
    uint64_t size = 0;
    for (const struct dirent *item; (item = readdir(folder));) {
        struct stat info;
        size_t len = strlen(item->d_name);
        if (len >= NAME_ROOM || !strstr(item->d_name, suffix)) continue;
        if (fstatat(dirfd(folder), item->d_name, &info, AT_SYMLINK_NOFOLLOW) != 0) continue;
        if (!S_ISREG(info.st_mode)) continue;
        entry_t entry = {.size = (uint64_t)info.st_size, .used = info.st_mtim};
        memcpy(entry.name, item->d_name, len + 1);
        weft_error_t *error = VEC_PUSH(entries, entry);
        weft_error_delete(error);
        if (!error) size += entry.size;
    }
    return size;
}

static void make_room(const cache_t *cache) {
    DIR *folder = opendir(cache->folder);
    if (!folder) return;
    entries_t entries = {0};
    uint64_t size = list_entries(folder, &entries);
    if (size > CACHE_MOST) qsort(entries.items, entries.count, sizeof *entries.items, by_use);
    for (size_t i = 0; i < entries.count && size > CACHE_MOST; i++) {
        unlinkat(dirfd(folder), entries.items[i].name, 0);
        size -= entries.items[i].size;
    }
    VEC_FREE(&entries);
    closedir(folder);
}

void weft_cache_add(cache_t *cache, const cache_key_t *key, weft_bytes_t image) {
    char path[PATH_MAX];
    trailer_t trailer;
    fill_trailer(&trailer, key, image);
    weft_bytes_t pieces[] = {
        image,
        key->source,
        {(const uint8_t *)key->settings.ptr, key->settings.len},
        {(const uint8_t *)&trailer, sizeof trailer},
    };
    name_of(cache, key, path);
    weft_error_delete(weft_file_write(path, pieces, sizeof pieces / sizeof *pieces));
    make_room(cache);
}
