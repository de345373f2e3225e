#include "runtime/memories.h"

#include <inttypes.h>
#include <pthread.h>
#include <sys/mman.h>
#include <unistd.h>

#include "support/alloc.h"

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

/* ---- keeping ---------------------------------------------------------------------------------- */

static void discard(linear_memory_t *memory) {
    weft_linear_unmap(memory);
    weft_free(memory);
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
    bool renewed = weft_linear_renew(memory);
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
        if (at->reach) weft_linear_hide(at);
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
        if (memory->image != image || weft_linear_lose_image(memory)) {
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

static wasmtime_error_t *grow(void *context, size_t size) {
    linear_memory_t *memory = context;
    if (weft_linear_grow(memory, size)) return NULL;
    give_up(memory->of);
    return weft_linear_grow(memory, size) ? NULL : wasmtime_error_new("the memory cannot grow");
}

static linear_memory_t *new_one(linear_memories_t *memories, size_t reserved, size_t guard) {
    linear_memory_t *made = weft_alloc_zero(1, sizeof *made);
    if (!made) return NULL;
    made->of = memories;
    made->page = (size_t)sysconf(_SC_PAGESIZE);
    made->reserved = reserved;
    made->guard = guard;
    return made;
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
    if (!made || weft_linear_map(made, wanted->minimum)) return made;
    weft_free(made);
    return NULL;
}

/* Takes it. NULL: the system failed somewhere on the way, and it is gone. */
static linear_memory_t *begin(linear_memory_t *memory, const wanted_t *wanted) {
    if (weft_linear_begin(memory, wanted->minimum, wanted->image)) return memory;
    bool lost = wanted->image && !weft_image_is_there(wanted->image);
    refuse(lost ? REFUSED_IMAGE : REFUSED_SYSTEM);
    discard(memory);
    return NULL;
}

static linear_memory_t *make_and_begin(linear_memories_t *memories, const wanted_t *wanted) {
    linear_memory_t *memory = make(memories, wanted);
    return memory ? begin(memory, wanted) : NULL;
}

/* NULL: refused. */
static linear_memory_t *take_or_make(linear_memories_t *memories, const wanted_t *wanted) {
    linear_memory_t *memory;
    refuse(REFUSED_LIMIT);
    if (!take(memories, wanted, &memory)) return NULL;
    memory = memory ? begin(memory, wanted) : make_and_begin(memories, wanted);
    if (!memory) {
        give_up(memories);
        memory = make_and_begin(memories, wanted);
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
