#include "support/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/alloc.h"
#include "support/buf.h"
#include "support/pages.h"

static weft_error_t *io_error(const char *path, const char *what, int code) {
    weft_error_t *error = weft_error_new(WEFT_IO, "%s: %s", what, strerror(code));
    return weft_error_with_file(error, weft_str(*path ? path : "''"));
}

/* What cannot be mapped is read to its end; a device that has none must not take all memory. As much as an engine
 * takes for a module (wasmparser, MAX_WASM_MODULE_SIZE). */
enum { READ_MOST = 1 << 30 };

static weft_error_t *too_long(const char *path) {
    weft_error_t *error =
        weft_error_new(WEFT_LIMIT, "this is no plain file, and has more than 1 GiB");
    return weft_error_with_file(error, weft_str(path));
}

static weft_error_t *read_all(int fd, const char *path, file_t *file) {
    buf_t buf = {0};
    for (;;) {
        if (buf.len > READ_MOST) {
            weft_buf_free(&buf);
            return too_long(path);
        }
        if (!weft_buf_reserve(&buf, 1 << 16)) {
            weft_buf_free(&buf);
            return weft_error_oom();
        }
        ssize_t n = read(fd, buf.data + buf.len, buf.capacity - buf.len);
        if (n == 0) break;
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) {
            int code = errno;
            weft_buf_free(&buf);
            return io_error(path, "cannot read", code);
        }
        buf.len += (size_t)n;
    }
    *file = (file_t){{buf.data, buf.len}, false};
    return NULL;
}

static weft_error_t *open_fd(int fd, const char *path, file_t *file) {
    struct stat info;
    if (fstat(fd, &info) != 0) return io_error(path, "cannot read", errno);
    if (S_ISDIR(info.st_mode)) return io_error(path, "cannot read", EISDIR);
    if (!S_ISREG(info.st_mode) || info.st_size == 0) return read_all(fd, path, file);
    void *memory = mmap(NULL, (size_t)info.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (memory == MAP_FAILED) return read_all(fd, path, file);
    *file = (file_t){{memory, (size_t)info.st_size}, true};
    return NULL;
}

weft_error_t *weft_file_open(const char *path, file_t *file) {
    if (strcmp(path, "-") == 0) return open_fd(STDIN_FILENO, "<stdin>", file);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return io_error(path, "cannot open", errno);
    weft_error_t *error = open_fd(fd, path, file);
    close(fd);
    return error;
}

void weft_file_close(file_t *file) {
    if (file->mapped) munmap((void *)(uintptr_t)file->bytes.ptr, file->bytes.len);
    else weft_free((void *)(uintptr_t)file->bytes.ptr);
    *file = (file_t){0};
}

/* At most this much is written at once. */
enum { WRITE_MOST = 4 << 20 };

static int write_pieces(int fd, const weft_bytes_t *pieces, size_t count) {
    for (size_t i = 0; i < count; i++) {
        const uint8_t *at = pieces[i].ptr;
        size_t left = pieces[i].len;
        while (left) {
            size_t len = left < WRITE_MOST ? left : WRITE_MOST;
            weft_pages_to_read(at, len); /* else write() stops at each fault */
            ssize_t n = write(fd, at, len);
            if (n < 0 && errno == EINTR) continue;
            if (n < 0) return errno;
            at += n;
            left -= (size_t)n;
        }
    }
    return 0;
}

/* A file that is replaced keeps its mode; a new one gets what open() gives. (The umask cannot be asked for, only
 * changed and changed back, for all threads of the process.) */
static int fill(int fd, const char *target, const weft_bytes_t *pieces, size_t count) {
    struct stat info;
    int code = write_pieces(fd, pieces, count);
    if (!code && stat(target, &info) == 0 && fchmod(fd, info.st_mode & 0777) != 0) code = errno;
    return code;
}

/* Nobody reads it before it has the mode of what it replaces. */
static mode_t first_mode(const char *target) {
    struct stat info;
    return stat(target, &info) == 0 ? 0600 : 0666;
}

enum { TRIES = 100 };

static void name_temporary(char *name, size_t room, const char *target, unsigned try) {
    snprintf(name, room, "%s.weft-%ld-%u", target, (long)getpid(), try);
}

/* With a file that has no name until it is whole: whatever ends the program before leaves nothing behind.
 * False where the system or the file system has no such files; then nothing is done. */
static bool replace_by_unnamed(const char *target, const weft_bytes_t *pieces, size_t count,
                               int *code) {
#ifdef O_TMPFILE
    char folder[PATH_MAX], temporary[PATH_MAX + 32], self[64];
    const char *slash = strrchr(target, '/');
    if (slash) snprintf(folder, sizeof folder, "%.*s", (int)(slash - target + 1), target);
    int fd = open(slash ? folder : ".", O_TMPFILE | O_WRONLY | O_CLOEXEC, first_mode(target));
    if (fd < 0) return false;
    *code = fill(fd, target, pieces, count);
    snprintf(self, sizeof self, "/proc/self/fd/%d", fd);
    bool named = false, taken = !*code;
    for (unsigned try = 0; taken && try < TRIES; try++) {
        name_temporary(temporary, sizeof temporary, target, try);
        named = linkat(AT_FDCWD, self, AT_FDCWD, temporary, AT_SYMLINK_FOLLOW) == 0;
        taken = !named && errno == EEXIST;
    }
    if (close(fd) != 0 && !*code) *code = errno;
    if (named && !*code && rename(temporary, target) != 0) *code = errno;
    if (named && *code) unlink(temporary);
    return named || *code;
#else
    (void)target, (void)pieces, (void)count, (void)code;
    return false;
#endif
}

static int replace(const char *target, const weft_bytes_t *pieces, size_t count) {
    char temporary[PATH_MAX + 32];
    int code = 0, fd = -1;
    if (replace_by_unnamed(target, pieces, count, &code)) return code;
    for (unsigned try = 0; fd < 0 && try < TRIES; try++) {
        name_temporary(temporary, sizeof temporary, target, try);
        fd = open(temporary, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, first_mode(target));
        if (fd < 0 && errno != EEXIST) break;
    }
    if (fd < 0) return errno;
    code = fill(fd, target, pieces, count);
    if (close(fd) != 0 && !code) code = errno;
    if (!code && rename(temporary, target) != 0) code = errno;
    if (code) unlink(temporary);
    return code;
}

weft_error_t *weft_file_write(const char *path, const weft_bytes_t *pieces, size_t count) {
    if (strcmp(path, "-") == 0) {
        int code = write_pieces(STDOUT_FILENO, pieces, count);
        return code ? io_error("<stdout>", "cannot write", code) : NULL;
    }
    struct stat info;
    if (stat(path, &info) == 0 && !S_ISREG(info.st_mode)) {
        /* a device or a pipe (/dev/null) cannot be renamed over: write to it as it is */
        int fd = open(path, O_WRONLY | O_CLOEXEC);
        int code = fd < 0 ? errno : write_pieces(fd, pieces, count);
        if (fd >= 0 && close(fd) != 0 && !code) code = errno;
        return code ? io_error(path, "cannot write", code) : NULL;
    }
    char target[PATH_MAX];
    if (!realpath(path,
                  target)) /* else a link stays what it is, and what it leads to is replaced */
        snprintf(target, sizeof target, "%s", path);
    int code = strlen(path) < sizeof target ? replace(target, pieces, count) : ENAMETOOLONG;
    return code ? io_error(path, "cannot write", code) : NULL;
}
