#include "runtime/linear.h"

#include <sys/mman.h>

/* Of each that is used again, the pages that are there stay, unless they are more than so many bytes or the guest could reach
 * more than so many. */
enum { KEPT_RESIDENT = 64 << 10, LOOKED_AT = 4 << 20, LEAST_PAGE = 4096 };

/* The kernel's tables of a larger range are worth giving up, too. */
enum { KEPT_REACH = 64 << 20 };

uint8_t *weft_linear_at(const linear_memory_t *memory, uint64_t ptr, uint64_t len) {
    return ptr <= memory->size && len <= memory->size - ptr ? memory->base + ptr : NULL;
}

/* ---- mapping ---------------------------------------------------------------------------------- */

/* In whole pages; false: no machine has that many. */
static bool round_up(const linear_memory_t *memory, size_t size, size_t *rounded) {
    *rounded = size + (memory->page - 1);
    if (*rounded < size) return false;
    *rounded -= *rounded % memory->page;
    return true;
}

/* Address space for `size` bytes and the guards. What is larger than what Wasmtime reserves can grow by as much again before
 * it moves. */
bool weft_linear_map(linear_memory_t *memory, size_t size) {
    const int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;
    size_t capacity = memory->reserved, total;
    if (size > capacity && __builtin_add_overflow(size, memory->reserved, &capacity)) return false;
    if (!round_up(memory, capacity, &capacity)) return false;
    if (__builtin_add_overflow(capacity, 2 * memory->guard, &total)) return false;
    uint8_t *space = mmap(NULL, total, PROT_NONE, flags, -1, 0);
    if (space == MAP_FAILED) return false;
    memory->base = space + memory->guard;
    memory->capacity = capacity;
    memory->size = memory->reach = 0;
    return true;
}

/* Something else in the place of what is in reach of the guest, from where on and how much; no file: zeroes. */
static bool replace(const linear_memory_t *memory, size_t at, size_t length, int file) {
    int flags = MAP_PRIVATE | MAP_FIXED | MAP_NORESERVE | (file < 0 ? MAP_ANONYMOUS : 0);
    return mmap(memory->base + at, length, PROT_READ | PROT_WRITE, flags, file, 0) != MAP_FAILED;
}

static bool map_image(linear_memory_t *memory, const image_t *image) {
    memory->image = image;
    memory->image_start = image->start;
    memory->image_length = image->length;
    return weft_image_is_there(image) && replace(memory, image->start, image->length, image->file);
}

/* Of a memory that is nobody's the image may be gone meanwhile. */
bool weft_linear_lose_image(linear_memory_t *memory) {
    bool has = memory->image != NULL;
    memory->image = NULL;
    return !has || replace(memory, memory->image_start, memory->image_length, -1);
}

void weft_linear_unmap(const linear_memory_t *memory) {
    munmap(memory->base - memory->guard, memory->capacity + 2 * memory->guard);
}

/* What is out of reach is zero before and after. */
static bool set_size(linear_memory_t *memory, size_t size) {
    size_t reach, from = memory->reach;
    if (!round_up(memory, size, &reach) || reach > memory->capacity) return false;
    if (reach > from && mprotect(memory->base + from, reach - from, PROT_READ | PROT_WRITE) != 0) {
        memory->spoiled |= mprotect(memory->base + from, reach - from, PROT_NONE) != 0;
        return false;
    }
    if (reach < from && mprotect(memory->base + reach, from - reach, PROT_NONE) != 0) return false;
    memory->reach = reach;
    memory->size = size;
    return true;
}

/* Only a memory with 64-bit addresses comes here. */
static bool move(linear_memory_t *memory, size_t size) {
    linear_memory_t old = *memory;
    if (!weft_linear_map(memory, size)) return false;
    if (!set_size(memory, size)) {
        weft_linear_unmap(memory);
        *memory = old;
        return false;
    }
    memcpy(memory->base, old.base, old.size);
    weft_linear_unmap(&old);
    return true;
}

bool weft_linear_grow(linear_memory_t *memory, size_t size) {
    return size > memory->capacity ? move(memory, size) : set_size(memory, size);
}

/* What is in place of another image must be in reach. */
bool weft_linear_begin(linear_memory_t *memory, size_t minimum, const image_t *image) {
    if (memory->image != image && !weft_linear_lose_image(memory)) return false;
    if (!set_size(memory, minimum)) return false;
    return memory->image == image || map_image(memory, image);
}

/* ---- using it again -------------------------------------------------------------------------- */

/* They are as when they were mapped. */
static bool drop_pages(uint8_t *from, size_t size) {
#ifdef __linux__
    return madvise(from, size, MADV_DONTNEED) == 0;
#else /* where that is advice, and images there are none */
    const int flags = MAP_PRIVATE | MAP_FIXED | MAP_ANONYMOUS | MAP_NORESERVE;
    return mmap(from, size, PROT_READ | PROT_WRITE, flags, -1, 0) != MAP_FAILED;
#endif
}

/* Pages that are there are zeroed, which takes a tenth of what giving them up and faulting them in takes; what is not
 * there may be swapped out. */
static bool clear_run(const linear_memory_t *memory, uint8_t *from, size_t pages, bool there) {
    if (!there) return drop_pages(from, pages * memory->page);
    memset(from, 0, pages * memory->page);
    return true;
}

/* Makes a part that is in reach zero; false: it cannot. */
static bool clear(const linear_memory_t *memory, size_t start, size_t end) {
    unsigned char there[LOOKED_AT / LEAST_PAGE];
    uint8_t *from = memory->base + start;
    size_t page = memory->page, pages = (end - start) / page, resident = 0;
    if (!pages) return true;
    if (mincore(from, end - start, there) != 0) return drop_pages(from, end - start);
    for (size_t i = 0; i < pages; i++) resident += there[i] & 1;
    if (resident * page > KEPT_RESIDENT) return drop_pages(from, end - start);
    for (size_t i = 0, next; i < pages; i = next) {
        for (next = i + 1; next < pages && !((there[next] ^ there[i]) & 1);) next++;
        if (!clear_run(memory, from + i * page, next - i, there[i] & 1)) return false;
    }
    return true;
}

/* Nothing is in reach. */
bool weft_linear_hide(linear_memory_t *memory) {
    const int flags = MAP_PRIVATE | MAP_FIXED | MAP_ANONYMOUS | MAP_NORESERVE;
    if (mmap(memory->base, memory->reach, PROT_NONE, flags, -1, 0) == MAP_FAILED) return false;
    memory->size = memory->reach = 0;
    memory->image = NULL;
    return true;
}

/* As new, with its image: what was written to that goes with the pages. */
bool weft_linear_renew(linear_memory_t *memory) {
    size_t start = memory->image_start, end = start + memory->image_length;
    if (memory->capacity != memory->reserved || memory->spoiled) return false;
    if (memory->reach > KEPT_REACH) return weft_linear_hide(memory);
    if (memory->reach > LOOKED_AT) return drop_pages(memory->base, memory->reach);
    if (!memory->image) return clear(memory, 0, memory->reach);
    return clear(memory, 0, start) && drop_pages(memory->base + start, end - start) &&
           clear(memory, end, memory->reach);
}
