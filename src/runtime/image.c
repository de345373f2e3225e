#include "runtime/image.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/data.h"
#include "support/alloc.h"

enum { WASM_PAGE = 64 << 10, MOST_WASM_PAGES = 1 << 16 };

/* Wasmtime takes no module that has more. */
enum { MOST_SEGMENTS = 100000 };

/* What lies between segments takes memory, once, when somebody reads it. So a large image has data in half of it at
 * least. */
enum { ANY_DENSITY = 16 << 20 };

/* What is known of a module before its image is made. */
typedef struct plan {
    const core_segment_t *segments;
    uint32_t count;
    uint64_t minimum; /* bytes of the memory */
    uint64_t from, to,
        sum; /* of the active segments: where they begin and end, how many bytes they are */
} plan_t;

/* ---- planning --------------------------------------------------------------------------------- */

/* Whether it has one memory of the usual kind, and no other. */
static weft_error_t *plan_memory(core_module_t *module, plan_t *plan, bool *suits) {
    const core_import_t *imports;
    core_item_t memory;
    uint32_t count;
    *suits = false;
    TRY(weft_core_module_imports(module, &imports, &count));
    for (uint32_t i = 0; i < count; i++)
        if (imports[i].type.kind == CORE_MEMORY) return NULL;
    TRY(weft_core_module_count(module, CORE_MEMORY, &count));
    if (count != 1) return NULL;
    TRY(weft_core_module_type(module, CORE_MEMORY, 0, &memory));
    const core_size_t *size = &memory.size;
    if (size->is_64 || size->shared || size->has_page) return NULL;
    *suits = size->min <= MOST_WASM_PAGES;
    plan->minimum = size->min * WASM_PAGE;
    return NULL;
}

/* Whether every active segment is sure to be copied, and all of them are worth an image. */
static bool plan_data(plan_t *plan) {
    plan->from = plan->minimum;
    for (uint32_t i = 0; i < plan->count; i++) {
        const core_segment_t *segment = &plan->segments[i];
        if (!segment->active) continue;
        uint64_t end = segment->offset + (uint64_t)segment->bytes.len;
        if (segment->memory || !segment->is_constant || end > plan->minimum) return false;
        if (!segment->bytes.len) continue;
        if (segment->offset < plan->from) plan->from = segment->offset;
        if (end > plan->to) plan->to = end;
        plan->sum += segment->bytes.len;
    }
    return plan->sum > IMAGE_LEAST;
}

/* In whole pages, of which a memory has a whole number. */
static bool plan_pages(plan_t *plan) {
    uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);
    plan->from -= plan->from % page;
    plan->to += page - 1;
    plan->to -= plan->to % page;
    uint64_t length = plan->to - plan->from;
    return plan->to <= plan->minimum && (length <= ANY_DENSITY || length / 2 <= plan->sum);
}

/* ---- the file --------------------------------------------------------------------------------- */

#ifdef __linux__

#define NOT_EXECUTABLE 0x0008U /* MFD_NOEXEC_SEAL, which can be sealed otherwise, too */

static bool write_at(int file, const uint8_t *bytes, size_t len, uint64_t at) {
    while (len) {
        ssize_t written = pwrite(file, bytes, len, (off_t)at);
        if (written <= 0) return false;
        bytes += written;
        len -= (size_t)written;
        at += (uint64_t)written;
    }
    return true;
}

/* What is being written of a file: some toolchains make tens of thousands of small segments. */
enum { WINDOW = 8 << 10 };
typedef struct window {
    int file;
    uint64_t at;      /* a multiple of WINDOW */
    size_t low, high; /* what has changed, none when they are the same */
    uint8_t bytes[WINDOW];
} window_t;

static bool flush(window_t *window) {
    size_t low = window->low, len = window->high - low;
    window->low = window->high = 0;
    return write_at(window->file, window->bytes + low, len, window->at + low);
}

/* What was written there before stays. */
static bool move_to(window_t *window, uint64_t at) {
    if (window->high && at == window->at) return true;
    if (!flush(window)) return false;
    ssize_t len = pread(window->file, window->bytes, WINDOW, (off_t)at);
    if (len < 0) return false;
    memset(window->bytes + len, 0, WINDOW - (size_t)len);
    window->at = at;
    window->low = WINDOW;
    return true;
}

static bool put(window_t *window, uint64_t at, weft_bytes_t bytes) {
    if (bytes.len >= WINDOW)
        return flush(window) && write_at(window->file, bytes.ptr, bytes.len, at);
    while (bytes.len) {
        size_t from = at % WINDOW, len = WINDOW - from;
        if (len > bytes.len) len = bytes.len;
        if (!move_to(window, at - from)) return false;
        memcpy(window->bytes + from, bytes.ptr, len);
        if (from < window->low) window->low = from;
        if (from + len > window->high) window->high = from + len;
        bytes = (weft_bytes_t){bytes.ptr + len, bytes.len - len};
        at += len;
    }
    return true;
}

/* In order: of segments that overlap the later one wins. */
static bool fill(int file, const plan_t *plan) {
    window_t window = {.file = file};
    if (ftruncate(file, (off_t)(plan->to - plan->from)) != 0) return false;
    for (uint32_t i = 0; i < plan->count; i++) {
        const core_segment_t *segment = &plan->segments[i];
        if (!segment->active) continue;
        if (!put(&window, segment->offset - plan->from, segment->bytes)) return false;
    }
    if (!flush(&window)) return false;
    return fcntl(file, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL) == 0;
}

/* A program needs some of its descriptors itself; and a file that may not be so large would end it. */
static bool has_room(int file, const plan_t *plan) {
    struct rlimit files, size;
    if (getrlimit(RLIMIT_NOFILE, &files) != 0 || getrlimit(RLIMIT_FSIZE, &size) != 0) return false;
    return (rlim_t)file < files.rlim_cur / 4 * 3 && plan->to - plan->from <= size.rlim_cur;
}

/* Older kernels do not know that a file is not to be executed, some newer ones want to be told. */
static int open_file(void) {
    int file = memfd_create("weft-image", MFD_CLOEXEC | NOT_EXECUTABLE);
    return file >= 0 ? file : memfd_create("weft-image", MFD_CLOEXEC | MFD_ALLOW_SEALING);
}

/* -1: the system gives none. */
static int make_file(const plan_t *plan) {
    int file = open_file();
    if (file < 0 || (has_room(file, plan) && fill(file, plan))) return file;
    close(file);
    return -1;
}

#else

static int make_file(const plan_t *plan) {
    (void)plan;
    return -1;
}

#endif

/* ---- both ------------------------------------------------------------------------------------- */

/* false: there is no file. */
static bool identify(int file, uint64_t *device, uint64_t *node) {
    struct stat status;
    if (file < 0 || fstat(file, &status) != 0) return false;
    *device = status.st_dev;
    *node = status.st_ino;
    return true;
}

bool weft_image_is_there(const image_t *image) {
    uint64_t device, node;
    return identify(image->file, &device, &node) && device == image->device && node == image->node;
}

/* *image stays NULL where there is none. */
static weft_error_t *make(arena_t *arena, weft_bytes_t source, buf_t *rest, image_t **image) {
    core_module_t *module;
    plan_t plan = {0};
    bool suits;
    TRY(weft_core_module_open(arena, source.ptr, source, &module));
    if (weft_core_module_data(module) <= IMAGE_LEAST) return NULL;
    TRY(plan_memory(module, &plan, &suits));
    if (!suits) return NULL;
    TRY(weft_core_module_segments(arena, module, &plan.segments, &plan.count));
    if (plan.count > MOST_SEGMENTS || !plan_data(&plan) || !plan_pages(&plan)) return NULL;
    TRY(weft_core_module_without_data(module, plan.segments, plan.count, rest));
    image_t *made = weft_alloc_zero(1, sizeof *made);
    if (!made) return weft_error_oom();
    *made = (image_t){.file = make_file(&plan),
                      .start = plan.from,
                      .length = plan.to - plan.from,
                      .minimum = plan.minimum};
    if (identify(made->file, &made->device, &made->node)) *image = made;
    else weft_free(made);
    return NULL;
}

weft_error_t *weft_image_make(weft_bytes_t source, buf_t *rest, image_t **image) {
    arena_t arena = {0};
    *image = NULL;
    weft_error_t *error = make(&arena, source, rest, image);
    weft_arena_free(&arena);
    if (!error || weft_error_code(error) == WEFT_NO_MEMORY) return error;
    weft_error_delete(error);
    return NULL;
}

void weft_image_delete(image_t *image) {
    if (!image) return;
    if (weft_image_is_there(image)) close(image->file);
    weft_free(image);
}
