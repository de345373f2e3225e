#include "runtime/memories.h"

#include <inttypes.h>
#include <pthread.h>
#include <sys/mman.h>
#include <unistd.h>

#include "support/alloc.h"

/* Of each that is kept, the pages that are there stay, unless they are more than so many bytes or the guest could reach more
 * than so many: some 4 MiB in all, while nobody uses them. */
enum { KEPT_RESIDENT = 64 << 10, LOOKED_AT = 4 << 20, LEAST_PAGE = 4096 };

/* The kernel's tables of a larger range are worth giving up, too. */
enum { KEPT_REACH = 64 << 20 };

/* Address space of a memory, and before and behind it. It is as much as one with 32-bit addresses can grow to, so that it
 * never moves. (Wasmtime has the same by itself.) */
#define MEMORY_RESERVED (UINT64_C(4) << 30)
#define MEMORY_GUARD (UINT64_C(32) << 20)
#define MEMORY_SPACE (MEMORY_RESERVED + 2 * MEMORY_GUARD)

struct linear_memories {
    pthread_mutex_t lock;  /* of what follows */
    linear_memory_t *kept; /* the last that came first */
    uint32_t count, most;  /* of those; and how many there may be */
    uint32_t used;         /* that are not here */
    uint32_t limit;        /* on that; 0: none */
    size_t page;
};

/* From `base` on, `size` bytes are the guest's; what is behind them, and `guard` bytes before, makes it trap. */
struct linear_memory {
    linear_memories_t *of;
    uint8_t *base;
    size_t size;
    size_t reach; /* `size` in whole pages: what can be read and written */
    size_t capacity, guard;
    bool spoiled;         /* more may be in reach: the system failed halfway, twice */
    size_t reserved;      /* what Wasmtime asked for; `capacity` is more when that is not enough */
    const image_t *image; /* mapped into it, from where on and how much; NULL: none */
    size_t image_start, image_length;
    linear_memory_t *next;
};

/* ---- instantiations --------------------------------------------------------------------------- */

/* Wasmtime hands nothing through: this is the innermost on the thread. */
static _Thread_local making_t *now __attribute__((tls_model("initial-exec")));

void weft_memories_begin(making_t *making, const image_t *image) {
    *making = (making_t){.offered = image, .outer = now};
    now = making;
}

void weft_memories_end(making_t *making) {
    now = making->outer;
    if (now && making->made) now->made = making->made;
}

weft_error_t *weft_memories_refusal(const linear_memories_t *memories, const making_t *making) {
    switch (making->refusal) {
    case REFUSED_NOT: return NULL;
    case REFUSED_HEAP: return weft_error_oom();
    case REFUSED_SPACE:
        return weft_error_with_help(
            weft_error_new(WEFT_LIMIT, "there is no address space for a memory of the plugin"),
            "raise the limit (ulimit -v)");
    case REFUSED_SYSTEM:
        return weft_error_with_help(
            weft_error_new(WEFT_LIMIT, "the system has no memory for one of the plugin"),
            "see the limits on data (ulimit -d) and on mappings (sysctl vm.max_map_count)");
    case REFUSED_IMAGE:
        return weft_error_new(WEFT_LIMIT,
                              "the data of the plugin is gone: its file descriptor was closed");
    case REFUSED_LIMIT: break;
    }
    return weft_error_with_note(
        weft_error_new(WEFT_LIMIT, "the component cannot be instantiated: all memories are in use"),
        "the engine has a pool of %" PRIu32 " memories (weft_engine_pool)", memories->limit);
}

static void refuse(enum refusal refusal) {
    if (now) now->refusal = refusal;
}

uint8_t *weft_memory_at(const linear_memory_t *memory, uint64_t ptr, uint64_t len) {
    return ptr <= memory->size && len <= memory->size - ptr ? memory->base + ptr : NULL;
}

/* ---- mapping ---------------------------------------------------------------------------------- */

/* In whole pages; false: no machine has that many. */
static bool round_up(const linear_memories_t *memories, size_t size, size_t *rounded) {
    *rounded = size + (memories->page - 1);
    if (*rounded < size) return false;
    *rounded -= *rounded % memories->page;
    return true;
}

/* Address space for `size` bytes and the guards. What is larger than what Wasmtime reserves can grow by as much again before
 * it moves. */
static bool map(linear_memory_t *memory, size_t size) {
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
static bool replace(const linear_memory_t *memory, size_t at, size_t length, int file) {
    int flags = MAP_PRIVATE | MAP_FIXED | MAP_NORESERVE | (file < 0 ? MAP_ANONYMOUS : 0);
    return mmap(memory->base + at, length, PROT_READ | PROT_WRITE, flags, file, 0) != MAP_FAILED;
}

static bool map_image(linear_memory_t *memory, const image_t *image) {
    memory->image = image;
    memory->image_start = image->start;
    memory->image_length = image->length;
    if (weft_image_is_there(image))
        return replace(memory, image->start, image->length, image->file);
    refuse(REFUSED_IMAGE);
    return false;
}

/* Of a memory that is nobody's the image may be gone meanwhile. */
static bool unmap_image(linear_memory_t *memory) {
    bool has = memory->image != NULL;
    memory->image = NULL;
    return !has || replace(memory, memory->image_start, memory->image_length, -1);
}

static void unmap(const linear_memory_t *memory) {
    munmap(memory->base - memory->guard, memory->capacity + 2 * memory->guard);
}

static void discard(linear_memory_t *memory) {
    unmap(memory);
    weft_free(memory);
}

/* What is out of reach is zero before and after. */
static bool set_size(linear_memory_t *memory, size_t size) {
    size_t reach, from = memory->reach;
    if (!round_up(memory->of, size, &reach) || reach > memory->capacity) return false;
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
static bool clear_run(const linear_memories_t *memories, uint8_t *from, size_t pages, bool there) {
    if (!there) return drop_pages(from, pages * memories->page);
    memset(from, 0, pages * memories->page);
    return true;
}

/* Makes a part that is in reach zero; false: it cannot. */
static bool clear(const linear_memory_t *memory, size_t start, size_t end) {
    unsigned char there[LOOKED_AT / LEAST_PAGE];
    uint8_t *from = memory->base + start;
    size_t page = memory->of->page, pages = (end - start) / page, resident = 0;
    if (!pages) return true;
    if (mincore(from, end - start, there) != 0) return drop_pages(from, end - start);
    for (size_t i = 0; i < pages; i++) resident += there[i] & 1;
    if (resident * page > KEPT_RESIDENT) return drop_pages(from, end - start);
    for (size_t i = 0, next; i < pages; i = next) {
        for (next = i + 1; next < pages && !((there[next] ^ there[i]) & 1);) next++;
        if (!clear_run(memory->of, from + i * page, next - i, there[i] & 1)) return false;
    }
    return true;
}

/* Nothing is in reach. */
static bool hide(linear_memory_t *memory) {
    const int flags = MAP_PRIVATE | MAP_FIXED | MAP_ANONYMOUS | MAP_NORESERVE;
    if (mmap(memory->base, memory->reach, PROT_NONE, flags, -1, 0) == MAP_FAILED) return false;
    memory->size = memory->reach = 0;
    memory->image = NULL;
    return true;
}

/* As new, with its image: what was written to that goes with the pages. */
static bool renew(linear_memory_t *memory) {
    size_t start = memory->image_start, end = start + memory->image_length;
    if (memory->reach > KEPT_REACH) return hide(memory);
    if (memory->reach > LOOKED_AT) return drop_pages(memory->base, memory->reach);
    if (!memory->image) return clear(memory, 0, memory->reach);
    return clear(memory, 0, start) && drop_pages(memory->base + start, end - start) &&
           clear(memory, end, memory->reach);
}

/* One less is in use. It is kept; NULL: it cannot be. */
static void leave(linear_memories_t *memories, linear_memory_t *memory) {
    pthread_mutex_lock(&memories->lock);
    bool keeps = memory && memories->count < memories->most;
    memories->used--;
    if (keeps) {
        memory->next = memories->kept;
        memories->kept = memory;
        memories->count++;
    }
    pthread_mutex_unlock(&memories->lock);
    if (memory && !keeps) discard(memory);
}

static void give_back(void *context) {
    linear_memory_t *memory = context;
    linear_memories_t *of = memory->of;
    bool usual = memory->capacity == memory->reserved && !memory->spoiled;
    bool renewed = usual && renew(memory);
    if (!renewed) discard(memory);
    leave(of, renewed ? memory : NULL);
}

static linear_memory_t *detach_kept(linear_memories_t *memories) {
    linear_memory_t *kept = memories->kept;
    memories->kept = NULL;
    memories->count = 0;
    return kept;
}

static void discard_all(linear_memory_t *list) {
    for (linear_memory_t *next; list; list = next) {
        next = list->next;
        discard(list);
    }
}

/* Where the system comes to an end, what is kept is in the way: all of it, or of a pool what is not address space. */
static void give_up(linear_memories_t *memories) {
    pthread_mutex_lock(&memories->lock);
    linear_memory_t *kept = memories->limit ? NULL : detach_kept(memories);
    for (linear_memory_t *at = memories->kept; at; at = at->next)
        if (at->reach) hide(at);
    pthread_mutex_unlock(&memories->lock);
    discard_all(kept);
}

/* What Wasmtime asks for, and the image that is offered for it. */
typedef struct wanted {
    size_t minimum, reserved, guard;
    const image_t *image; /* NULL: none */
} wanted_t;

/* How little is to be done to it; 0: it will not do. */
static int suits(const linear_memory_t *memory, const wanted_t *wanted) {
    if (memory->reserved != wanted->reserved || memory->guard != wanted->guard) return 0;
    if (wanted->minimum > memory->capacity) return 0;
    return 1 + (memory->size == wanted->minimum) + 2 * (memory->image == wanted->image);
}

/* Of those that suit best, the one that came last. In a pool there can be many; those that were used come first. */
static linear_memory_t **find(linear_memories_t *memories, const wanted_t *wanted) {
    linear_memory_t **found = NULL, **at = &memories->kept;
    int best = 0;
    for (unsigned i = 0; i < MEMORIES_KEPT && *at && best < 4; i++, at = &(*at)->next) {
        int how_well = suits(*at, wanted);
        if (how_well <= best) continue;
        best = how_well;
        found = at;
    }
    return found;
}

/* Whether there may be one more. NULL: it is to be made. */
static bool take(linear_memories_t *memories, const wanted_t *wanted, linear_memory_t **memory) {
    linear_memory_t **found = NULL;
    *memory = NULL;
    pthread_mutex_lock(&memories->lock);
    bool may = !memories->limit || memories->used < memories->limit;
    if (may) {
        memories->used++;
        found = find(memories, wanted);
    }
    if (found) {
        *memory = *found;
        *found = (*found)->next;
        memories->count--;
    }
    pthread_mutex_unlock(&memories->lock);
    return may;
}

void weft_memories_forget(linear_memories_t *memories, const image_t *image) {
    pthread_mutex_lock(&memories->lock);
    for (linear_memory_t **at = &memories->kept; *at;) {
        linear_memory_t *memory = *at;
        if (memory->image != image || unmap_image(memory)) {
            at = &memory->next;
            continue;
        }
        *at = memory->next;
        memories->count--;
        discard(memory);
    }
    pthread_mutex_unlock(&memories->lock);
}

/* ---- what Wasmtime calls ---------------------------------------------------------------------- */

static uint8_t *get(void *context, size_t *size, size_t *capacity) {
    const linear_memory_t *memory = context;
    *size = memory->size;
    *capacity = memory->capacity;
    return memory->base;
}

static bool grow_to(linear_memory_t *memory, size_t size) {
    return size > memory->capacity ? move(memory, size) : set_size(memory, size);
}

static wasmtime_error_t *grow(void *context, size_t size) {
    linear_memory_t *memory = context;
    if (grow_to(memory, size)) return NULL;
    give_up(memory->of);
    return grow_to(memory, size) ? NULL : wasmtime_error_new("the memory cannot grow");
}

static linear_memory_t *new_one(linear_memories_t *memories, size_t reserved, size_t guard) {
    linear_memory_t *made = weft_alloc_zero(1, sizeof *made);
    if (!made) return NULL;
    made->of = memories;
    made->reserved = reserved;
    made->guard = guard;
    return made;
}

/* What is in place of another image must be in reach. */
static bool prepare(linear_memory_t *memory, const wanted_t *wanted) {
    if (memory->image != wanted->image && !unmap_image(memory)) return false;
    if (!set_size(memory, wanted->minimum)) return false;
    return memory->image == wanted->image || map_image(memory, wanted->image);
}

/* What is offered to a memory of that size. (Wasmtime may make one before that of the module: its own heap for references,
 * which is empty.) */
static const image_t *take_offered(size_t minimum) {
    const image_t *image = now ? now->offered : NULL;
    if (!image || image->minimum != minimum) return NULL;
    now->offered = NULL;
    return image;
}

static linear_memory_t *make(linear_memories_t *memories, const wanted_t *wanted) {
    linear_memory_t *made = new_one(memories, wanted->reserved, wanted->guard);
    refuse(made ? REFUSED_SPACE : REFUSED_HEAP);
    if (!made || map(made, wanted->minimum)) return made;
    give_up(memories);
    if (map(made, wanted->minimum)) return made;
    weft_free(made);
    return NULL;
}

/* Takes it. NULL: the system failed somewhere on the way, and it is gone. */
static linear_memory_t *prepared(linear_memory_t *memory, const wanted_t *wanted) {
    if (!memory) return NULL;
    refuse(REFUSED_SYSTEM);
    if (prepare(memory, wanted)) return memory;
    discard(memory);
    return NULL;
}

/* NULL: refused. */
static linear_memory_t *take_or_make(linear_memories_t *memories, const wanted_t *wanted) {
    linear_memory_t *memory;
    refuse(REFUSED_LIMIT);
    if (!take(memories, wanted, &memory)) return NULL;
    memory = prepared(memory ? memory : make(memories, wanted), wanted);
    if (!memory && now && now->refusal == REFUSED_SYSTEM) {
        give_up(memories);
        memory = prepared(make(memories, wanted), wanted);
    }
    if (memory) refuse(REFUSED_NOT);
    else leave(memories, NULL);
    return memory;
}

static wasmtime_error_t *new_memory(void *context, const wasm_memorytype_t *type, size_t minimum,
                                    size_t maximum, size_t reserved, size_t guard,
                                    wasmtime_linear_memory_t *out) {
    wanted_t wanted = {minimum, reserved, guard, take_offered(minimum)};
    linear_memory_t *memory = take_or_make(context, &wanted);
    (void)type;
    (void)maximum; /* Wasmtime sees to it */
    if (!memory) return wasmtime_error_new("there is no memory for a linear memory");
    if (now) now->made = memory;
    *out = (wasmtime_linear_memory_t){memory, get, grow, give_back};
    return NULL;
}

void weft_memories_configure(linear_memories_t *memories, wasm_config_t *config) {
    wasmtime_memory_creator_t creator = {.env = memories, .new_memory = new_memory};
    wasmtime_config_memory_reservation_set(config, MEMORY_RESERVED);
    wasmtime_config_memory_guard_size_set(config, MEMORY_GUARD);
    wasmtime_config_host_memory_creator_set(config, &creator);
}

/* ---- all of them ------------------------------------------------------------------------------ */

weft_error_t *weft_memories_new(linear_memories_t **memories) {
    linear_memories_t *made = weft_alloc_zero(1, sizeof *made);
    if (!made) return weft_error_oom();
    pthread_mutex_init(&made->lock, NULL);
    made->most = MEMORIES_KEPT;
    made->page = (size_t)sysconf(_SC_PAGESIZE);
    *memories = made;
    return NULL;
}

void weft_memories_delete(linear_memories_t *memories) {
    discard_all(detach_kept(memories));
    pthread_mutex_destroy(&memories->lock);
    weft_free(memories);
}

static weft_error_t *no_space(uint32_t count) {
    weft_error_t *error = weft_error_new(WEFT_LIMIT,
                                         "there is no address space for a pool of %" PRIu32
                                         " memories: it takes %" PRIu64 " GiB",
                                         count, count * (MEMORY_SPACE >> 20) >> 10);
    return weft_error_with_help(error, "make the pool smaller, or raise the limit (ulimit -v)");
}

/* One mapping, of which each memory has its part. */
static weft_error_t *lay_out(linear_memories_t *memories, uint32_t count) {
    const int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;
    size_t total;
    if (__builtin_mul_overflow(MEMORY_SPACE, count, &total)) return no_space(count);
    uint8_t *space = mmap(NULL, total, PROT_NONE, flags, -1, 0);
    if (space == MAP_FAILED) return no_space(count);
    for (; total; space += MEMORY_SPACE, total -= MEMORY_SPACE) {
        linear_memory_t *memory = new_one(memories, MEMORY_RESERVED, MEMORY_GUARD);
        if (!memory) break;
        memory->base = space + MEMORY_GUARD;
        memory->capacity = MEMORY_RESERVED;
        memory->next = memories->kept;
        memories->kept = memory;
        memories->count++;
    }
    if (!total) return NULL;
    munmap(space, total);
    discard_all(detach_kept(memories));
    return weft_error_oom();
}

weft_error_t *weft_memories_limit(linear_memories_t *memories, uint32_t count) {
    discard_all(detach_kept(memories));
    memories->limit = 0;
    memories->most = MEMORIES_KEPT;
    TRY(lay_out(memories, count));
    memories->limit = memories->most = count;
    return NULL;
}
