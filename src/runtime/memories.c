#include "runtime/memories.h"

#include <pthread.h>
#include <sys/mman.h>
#include <unistd.h>

#include "support/alloc.h"

/* So many are kept, each with so many bytes that the guest could reach, of which so many in pages that are there: at most
 * 4 MiB in all, while nobody uses them. */
enum { KEPT = 64, KEPT_REACH = 4 << 20, KEPT_RESIDENT = 64 << 10, LEAST_PAGE = 4096 };

/* Shared by the memories of an engine. */
typedef struct memories {
    pthread_mutex_t lock;
    struct memory *kept; /* the last that came first */
    unsigned count;
    size_t page;
} memories_t;

/* From `base` on, `size` bytes are the guest's; what is behind them, and `guard` bytes before, makes it trap. */
typedef struct memory {
    memories_t *of;
    uint8_t *base;
    size_t size;
    size_t reach; /* `size` in whole pages: what can be read and written */
    size_t capacity, guard;
    bool spoiled;    /* more may be in reach: the system failed halfway, twice */
    size_t reserved; /* what Wasmtime asked for; `capacity` is more when that is not enough */
    size_t image, image_length; /* what of it an image is mapped into; 0 while it is kept */
    struct memory *next;
} memory_t;

static _Thread_local const image_t *offered;

typedef enum refusal { REFUSED_NOT, REFUSED_HEAP, REFUSED_SPACE } refusal_t;
static _Thread_local refusal_t refused;

weft_error_t *weft_memories_refusal(void) {
    refusal_t why = refused;
    refused = REFUSED_NOT;
    if (why == REFUSED_NOT) return NULL;
    if (why == REFUSED_HEAP) return weft_error_oom();
    return weft_error_with_help(
        weft_error_new(WEFT_LIMIT, "there is no address space for a memory of the plugin"),
        "raise the limit (ulimit -v)");
}

/* ---- mapping ---------------------------------------------------------------------------------- */

/* In whole pages; false: no machine has that many. */
static bool round_up(const memories_t *memories, size_t size, size_t *rounded) {
    *rounded = size + (memories->page - 1);
    if (*rounded < size) return false;
    *rounded -= *rounded % memories->page;
    return true;
}

/* Address space for `size` bytes and the guards. What is larger than what Wasmtime reserves can grow by as much again before
 * it moves. */
static bool map(memory_t *memory, size_t size) {
    const int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;
    size_t capacity = memory->reserved, total;
    if (size > capacity && __builtin_add_overflow(size, memory->reserved, &capacity)) return false;
    if (!round_up(memory->of, capacity, &capacity)) return false;
    if (__builtin_add_overflow(capacity, 2 * memory->guard, &total)) return false;
    uint8_t *space = mmap(NULL, total, PROT_NONE, flags, -1, 0);
    if (space == MAP_FAILED) return false;
    memory->base = space + memory->guard;
    memory->capacity = capacity;
    memory->size = memory->reach = 0;
    return true;
}

/* Something else in the place of what is in reach of the guest, from where on and how much; no file: zeroes. */
static bool replace(const memory_t *memory, size_t at, size_t length, int file) {
    int flags = MAP_PRIVATE | MAP_FIXED | MAP_NORESERVE | (file < 0 ? MAP_ANONYMOUS : 0);
    return mmap(memory->base + at, length, PROT_READ | PROT_WRITE, flags, file, 0) != MAP_FAILED;
}

static bool map_image(memory_t *memory, const image_t *image) {
    if (!replace(memory, image->start, image->length, image->file)) return false;
    memory->image = image->start;
    memory->image_length = image->length;
    return true;
}

static bool unmap_image(memory_t *memory) {
    size_t length = memory->image_length;
    memory->image_length = 0;
    return !length || replace(memory, memory->image, length, -1);
}

static void unmap(const memory_t *memory) {
    munmap(memory->base - memory->guard, memory->capacity + 2 * memory->guard);
}

static void discard(memory_t *memory) {
    unmap(memory);
    weft_free(memory);
}

/* What is out of reach is zero before and after. */
static bool set_size(memory_t *memory, size_t size) {
    size_t reach, from = memory->reach;
    if (!round_up(memory->of, size, &reach) || reach > memory->capacity) return false;
    if (reach > from && mprotect(memory->base + from, reach - from, PROT_READ | PROT_WRITE) != 0) {
        memory->spoiled = mprotect(memory->base + from, reach - from, PROT_NONE) != 0;
        return false;
    }
    if (reach < from && mprotect(memory->base + reach, from - reach, PROT_NONE) != 0) return false;
    memory->reach = reach;
    memory->size = size;
    return true;
}

/* Only a memory with 64-bit addresses comes here. */
static bool move(memory_t *memory, size_t size) {
    memory_t old = *memory;
    if (!map(memory, size)) return false;
    if (!set_size(memory, size)) {
        unmap(memory);
        *memory = old;
        return false;
    }
    memcpy(memory->base, old.base, old.size);
    unmap(&old);
    return true;
}

/* ---- keeping ---------------------------------------------------------------------------------- */

static bool drop_pages(uint8_t *from, size_t size) {
    return madvise(from, size, MADV_DONTNEED) == 0;
}

/* Pages that are there are zeroed, which takes a tenth of what giving them up and faulting them in takes; what is not
 * there may be swapped out. */
static bool clear_run(const memories_t *memories, uint8_t *from, size_t pages, bool there) {
    if (!there) return drop_pages(from, pages * memories->page);
    memset(from, 0, pages * memories->page);
    return true;
}

/* Makes everything in reach zero; false: it cannot. */
static bool clear(const memory_t *memory) {
    unsigned char there[KEPT_REACH / LEAST_PAGE];
    size_t page = memory->of->page, pages = memory->reach / page, resident = 0;
    if (!pages) return true;
    if (mincore(memory->base, memory->reach, there) != 0)
        return drop_pages(memory->base, memory->reach);
    for (size_t i = 0; i < pages; i++) resident += there[i] & 1;
    if (resident * page > KEPT_RESIDENT) return drop_pages(memory->base, memory->reach);
    for (size_t i = 0, end; i < pages; i = end) {
        for (end = i + 1; end < pages && !((there[end] ^ there[i]) & 1);) end++;
        if (!clear_run(memory->of, memory->base + i * page, end - i, there[i] & 1)) return false;
    }
    return true;
}

static bool push(memories_t *memories, memory_t *memory) {
    pthread_mutex_lock(&memories->lock);
    bool room = memories->count < KEPT;
    if (room) {
        memory->next = memories->kept;
        memories->kept = memory;
        memories->count++;
    }
    pthread_mutex_unlock(&memories->lock);
    return room;
}

static void give_back(void *context) {
    memory_t *memory = context;
    bool usual = memory->capacity == memory->reserved && memory->reach <= KEPT_REACH;
    usual &= !memory->spoiled;
    if (!usual || !unmap_image(memory) || !clear(memory) || !push(memory->of, memory))
        discard(memory);
}

/* The one that came last of those that were as large, or else the one that came last. */
static memory_t *pop(memories_t *memories, size_t minimum, size_t reserved, size_t guard) {
    memory_t **found = NULL, *memory = NULL;
    pthread_mutex_lock(&memories->lock);
    for (memory_t **at = &memories->kept; *at; at = &(*at)->next) {
        if ((*at)->reserved != reserved || (*at)->guard != guard) continue;
        if (minimum > (*at)->capacity) continue;
        if (!found) found = at;
        if ((*at)->size != minimum) continue;
        found = at;
        break;
    }
    if (found) {
        memory = *found;
        *found = memory->next;
        memories->count--;
    }
    pthread_mutex_unlock(&memories->lock);
    return memory;
}

/* ---- what Wasmtime calls ---------------------------------------------------------------------- */

static uint8_t *get(void *context, size_t *size, size_t *capacity) {
    const memory_t *memory = context;
    *size = memory->size;
    *capacity = memory->capacity;
    return memory->base;
}

static wasmtime_error_t *grow(void *context, size_t size) {
    memory_t *memory = context;
    bool grown = size > memory->capacity ? move(memory, size) : set_size(memory, size);
    return grown ? NULL : wasmtime_error_new("the memory cannot grow");
}

static memory_t *make(memories_t *memories, size_t minimum, size_t reserved, size_t guard) {
    memory_t *made = weft_alloc_zero(1, sizeof *made);
    refused = REFUSED_HEAP;
    if (!made) return NULL;
    made->of = memories;
    made->reserved = reserved;
    made->guard = guard;
    refused = REFUSED_SPACE;
    if (map(made, minimum)) return made;
    weft_free(made);
    return NULL;
}

/* What is offered to a memory of that size. (Wasmtime may make one before that of the module: its own heap for references,
 * which is empty.) */
static const image_t *take_offered(size_t minimum) {
    const image_t *image = offered;
    if (!image || image->minimum != minimum) return NULL;
    offered = NULL;
    return image;
}

static wasmtime_error_t *new_memory(void *context, const wasm_memorytype_t *type, size_t minimum,
                                    size_t maximum, size_t reserved, size_t guard,
                                    wasmtime_linear_memory_t *out) {
    memories_t *memories = context;
    const image_t *image = take_offered(minimum);
    memory_t *memory = pop(memories, minimum, reserved, guard);
    (void)type;
    (void)maximum; /* Wasmtime sees to it */
    if (!memory) memory = make(memories, minimum, reserved, guard);
    if (memory && !(set_size(memory, minimum) && (!image || map_image(memory, image)))) {
        refused = REFUSED_SPACE;
        discard(memory);
        memory = NULL;
    }
    if (!memory) return wasmtime_error_new("there is no memory for a linear memory");
    refused = REFUSED_NOT;
    *out = (wasmtime_linear_memory_t){memory, get, grow, give_back};
    return NULL;
}

void weft_memories_offer(const image_t *image) {
    offered = image;
}

static void finalize(void *context) {
    memories_t *memories = context;
    for (memory_t *at = memories->kept, *next; at; at = next) {
        next = at->next;
        discard(at);
    }
    pthread_mutex_destroy(&memories->lock);
    weft_free(memories);
}

weft_error_t *weft_memories_configure(wasm_config_t *config) {
    memories_t *made = weft_alloc_zero(1, sizeof *made);
    if (!made) return weft_error_oom();
    pthread_mutex_init(&made->lock, NULL);
    made->page = (size_t)sysconf(_SC_PAGESIZE);
    wasmtime_memory_creator_t creator = {made, new_memory, finalize};
    wasmtime_config_host_memory_creator_set(config, &creator);
    return NULL;
}
