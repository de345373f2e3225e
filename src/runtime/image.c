#include "runtime/image.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "core/data.h"
#include "support/alloc.h"

enum { WASM_PAGE = 64 << 10, MOST_WASM_PAGES = 1 << 16 };

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

/* -1: the system gives none. */
static int make_file(const plan_t *plan) {
    int file = memfd_create("weft-image", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (file < 0 || fill(file, plan)) return file;
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
    if (!plan_data(&plan) || !plan_pages(&plan)) return NULL;
    TRY(weft_core_module_without_data(module, plan.segments, plan.count, rest));
    image_t *made = weft_alloc_zero(1, sizeof *made);
    if (!made) return weft_error_oom();
    *made = (image_t){make_file(&plan), plan.from, plan.to - plan.from, plan.minimum};
    if (made->file >= 0) *image = made;
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
    close(image->file);
    weft_free(image);
}
