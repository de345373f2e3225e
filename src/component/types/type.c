/* The pool of value types. Each distinct type exists once: a shape is hashed (a child by the hash it has
 * already), looked up, and copied into the arena when it is new. So equality is pointer equality, a type that
 * is shared a million times is stored once, and a walk with a memo is linear in the distinct types. */
#include "component/types/type.h"

#include "support/alloc.h"

/* An open-addressing table of interned things. */
typedef struct intern_entry {
    uint64_t hash;
    const void *item; /* NULL: free */
} intern_entry_t;

typedef struct intern_table {
    intern_entry_t *entries;
    size_t capacity; /* a power of two, or 0 */
    size_t count;
} intern_table_t;

typedef bool (*same_t)(const void *a, const void *b);

struct type_pool {
    arena_t arena;
    intern_table_t types, func_types;
    const type_t *prims[TYPE_ERROR_CONTEXT + 1];
    uint32_t resource_count;
    uint64_t work; /* steps counted by weft_type_pool_work */
};

/* Which parts of a type_t a kind uses. */
enum {
    HAS_FIELDS = 1,
    HAS_ELEMENT = 2,
    HAS_ERROR = 4,
    HAS_KEY = 8,
    HAS_LENGTH = 16,
    HAS_RESOURCE = 32
};

static const uint8_t PARTS[TYPE_KIND_COUNT] = {
    [TYPE_RECORD] = HAS_FIELDS,
    [TYPE_VARIANT] = HAS_FIELDS,
    [TYPE_LIST] = HAS_ELEMENT,
    [TYPE_FIXED_LIST] = HAS_ELEMENT | HAS_LENGTH,
    [TYPE_TUPLE] = HAS_FIELDS,
    [TYPE_FLAGS] = HAS_FIELDS,
    [TYPE_ENUM] = HAS_FIELDS,
    [TYPE_OPTION] = HAS_ELEMENT,
    [TYPE_RESULT] = HAS_ELEMENT | HAS_ERROR,
    [TYPE_MAP] = HAS_ELEMENT | HAS_KEY,
    [TYPE_OWN] = HAS_RESOURCE,
    [TYPE_BORROW] = HAS_RESOURCE,
    [TYPE_STREAM] = HAS_ELEMENT,
    [TYPE_FUTURE] = HAS_ELEMENT,
};

/* ---- the tables ----------------------------------------------------------------------------- */

static intern_entry_t *table_find(const intern_table_t *table, uint64_t hash, const void *item,
                                  same_t same) {
    size_t mask = table->capacity - 1;
    for (size_t i = hash & mask;; i = (i + 1) & mask) {
        intern_entry_t *entry = &table->entries[i];
        if (!entry->item) return entry;
        if (entry->hash == hash && same && same(entry->item, item)) return entry;
    }
}

static weft_error_t *table_reserve(intern_table_t *table) {
    if (table->count * 4 < table->capacity * 3) return NULL;
    size_t capacity = table->capacity ? table->capacity * 2 : 64;
    intern_table_t bigger = {weft_alloc_zero(capacity, sizeof(intern_entry_t)), capacity,
                             table->count};
    if (!bigger.entries) return weft_error_oom();
    for (size_t i = 0; i < table->capacity; i++) {
        const intern_entry_t *entry = &table->entries[i];
        if (entry->item) *table_find(&bigger, entry->hash, entry->item, NULL) = *entry;
    }
    weft_free(table->entries);
    *table = bigger;
    return NULL;
}

static void table_put(intern_table_t *table, intern_entry_t *entry, uint64_t hash,
                      const void *item) {
    *entry = (intern_entry_t){hash, item};
    table->count++;
}

/* ---- hashing and comparing ------------------------------------------------------------------ */

static uint64_t combine(uint64_t hash, uint64_t word) {
    uint64_t both[2] = {hash, word};
    return weft_hash(both, sizeof both);
}

static uint64_t child_hash(const type_t *type) {
    return type ? type->hash : 0;
}

static uint64_t hash_fields(uint64_t hash, const type_field_t *fields, uint32_t count) {
    hash = combine(hash, count);
    for (uint32_t i = 0; i < count; i++) {
        hash = combine(hash, weft_hash(fields[i].name.ptr, fields[i].name.len));
        hash = combine(hash, child_hash(fields[i].type));
    }
    return hash;
}

static bool same_fields(const type_field_t *a, const type_field_t *b, uint32_t count) {
    for (uint32_t i = 0; i < count; i++) {
        if (a[i].type != b[i].type || !weft_str_eq(a[i].name, b[i].name)) return false;
    }
    return true;
}

static uint64_t hash_type(const type_t *type) {
    uint64_t hash = hash_fields(type->kind, type->fields, type->field_count);
    hash = combine(hash, child_hash(type->element));
    hash = combine(hash, child_hash(type->error));
    hash = combine(hash, child_hash(type->key));
    hash = combine(hash, type->length);
    return combine(hash, type->resource ? type->resource->serial + UINT64_C(1) : 0);
}

static bool same_type(const void *left, const void *right) {
    const type_t *a = left, *b = right;
    return a->kind == b->kind && a->field_count == b->field_count && a->element == b->element &&
           a->error == b->error && a->key == b->key && a->length == b->length &&
           a->resource == b->resource && same_fields(a->fields, b->fields, a->field_count);
}

static uint64_t hash_func_type(const func_type_t *type) {
    uint64_t hash = hash_fields(type->is_async, type->params, type->param_count);
    return combine(hash, child_hash(type->result));
}

static bool same_func_type(const void *left, const void *right) {
    const func_type_t *a = left, *b = right;
    return a->is_async == b->is_async && a->param_count == b->param_count &&
           a->result == b->result && same_fields(a->params, b->params, a->param_count);
}

/* ---- what is computed once per type --------------------------------------------------------- */

/* The part of `shape` that its kind uses, nothing else. */
static type_t used_part(const type_t *shape) {
    uint8_t parts = PARTS[shape->kind];
    type_t type = {.kind = shape->kind};
    if (parts & HAS_FIELDS) type.fields = shape->fields, type.field_count = shape->field_count;
    if (parts & HAS_ELEMENT) type.element = shape->element;
    if (parts & HAS_ERROR) type.error = shape->error;
    if (parts & HAS_KEY) type.key = shape->key;
    if (parts & HAS_LENGTH) type.length = shape->length;
    if (parts & HAS_RESOURCE) type.resource = shape->resource;
    return type;
}

static void add_child(type_t *type, const type_t *child) {
    if (!child) return;
    type->has_own |= child->has_own;
    type->has_borrow |= child->has_borrow;
    type->has_stream_or_future |= child->has_stream_or_future;
    type->has_error_context |= child->has_error_context;
    /* A stream or future is a handle: its values come by themselves. */
    bool is_inside = type->kind != TYPE_STREAM && type->kind != TYPE_FUTURE;
    type->has_string |= is_inside && child->has_string;
    type->has_list |= is_inside && child->has_list;
    if (child->depth > type->depth) type->depth = child->depth;
    type->nodes += child->nodes;
    if (type->nodes > TYPE_NODES_MAX) type->nodes = TYPE_NODES_MAX;
}

static void compute_contents(type_t *type) {
    type->nodes = 1;
    type->has_own = type->kind == TYPE_OWN;
    type->has_borrow = type->kind == TYPE_BORROW;
    type->has_stream_or_future = type->kind == TYPE_STREAM || type->kind == TYPE_FUTURE;
    type->has_error_context = type->kind == TYPE_ERROR_CONTEXT;
    type->has_string = type->kind == TYPE_STRING;
    type->has_list = type->kind == TYPE_LIST || type->kind == TYPE_MAP;
    for (uint32_t i = 0; i < type->field_count; i++) add_child(type, type->fields[i].type);
    add_child(type, type->element);
    add_child(type, type->error);
    add_child(type, type->key);
    type->depth++;
}

/* ---- size in memory (CanonicalABI.md, Alignment and Element Size, with 64-bit pointers) ------- */

static const uint64_t BYTES_MAX = UINT64_MAX / 4;

static uint64_t add_bytes(uint64_t size, uint64_t more) {
    return size + more > BYTES_MAX ? BYTES_MAX : size + more;
}

static uint64_t align_to(uint64_t size, uint32_t align) {
    return (size + align - 1) / align * align;
}

static void append_member(type_t *type, const type_t *member) {
    if (member->byte_align > type->byte_align) type->byte_align = member->byte_align;
    type->byte_size = add_bytes(align_to(type->byte_size, member->byte_align), member->byte_size);
}

static void add_payload(type_t *payload, const type_t *type) {
    if (!type) return;
    if (type->byte_align > payload->byte_align) payload->byte_align = type->byte_align;
    if (type->byte_size > payload->byte_size) payload->byte_size = type->byte_size;
}

static void size_variant(type_t *type) {
    uint32_t cases =
        type->field_count ? type->field_count : 2; /* option and result have no fields */
    uint32_t tag = cases <= 1 << 8 ? 1 : cases <= 1 << 16 ? 2 : 4;
    type_t payload = {.byte_align = 1};
    for (uint32_t i = 0; i < type->field_count; i++) add_payload(&payload, type->fields[i].type);
    add_payload(&payload, type->element);
    add_payload(&payload, type->error);
    type->byte_align = payload.byte_align > tag ? payload.byte_align : tag;
    type->byte_size = add_bytes(align_to(tag, payload.byte_align), payload.byte_size);
}

static void size_fixed_list(type_t *type) {
    uint64_t size = type->element->byte_size, length = type->length;
    type->byte_align = type->element->byte_align;
    type->byte_size = size && length > BYTES_MAX / size ? BYTES_MAX : size * length;
}

static void compute_size(type_t *type) {
    type->byte_align = 1;
    switch (type->kind) {
    case TYPE_BOOL:
    case TYPE_S8:
    case TYPE_U8: type->byte_size = 1; break;
    case TYPE_S16:
    case TYPE_U16: type->byte_size = type->byte_align = 2; break;
    case TYPE_S64:
    case TYPE_U64:
    case TYPE_F64: type->byte_size = type->byte_align = 8; break;
    case TYPE_STRING:
    case TYPE_LIST:
    case TYPE_MAP: type->byte_size = 16, type->byte_align = 8; break;
    case TYPE_RECORD:
    case TYPE_TUPLE:
        for (uint32_t i = 0; i < type->field_count; i++) append_member(type, type->fields[i].type);
        break;
    case TYPE_VARIANT:
    case TYPE_ENUM:
    case TYPE_OPTION:
    case TYPE_RESULT: size_variant(type); break;
    case TYPE_FIXED_LIST: size_fixed_list(type); break;
    case TYPE_FLAGS:
        type->byte_align = type->field_count <= 8 ? 1 : type->field_count <= 16 ? 2 : 4;
        type->byte_size = type->byte_align;
        break;
    default: type->byte_size = type->byte_align = 4; break; /* 32-bit numbers, char, handles */
    }
    type->byte_size = align_to(type->byte_size, type->byte_align);
}

/* ---- interning ------------------------------------------------------------------------------ */

static weft_error_t *copy_fields(arena_t *arena, const type_field_t **fields, uint32_t count) {
    if (!count) {
        *fields = NULL;
        return NULL;
    }
    type_field_t *copy = ARENA_ARRAY(arena, type_field_t, count);
    if (!copy) return weft_error_oom();
    for (uint32_t i = 0; i < count; i++) {
        copy[i] = (*fields)[i];
        if (!copy[i].name.len) {
            copy[i].name = (weft_str_t){"", 0};
            continue;
        }
        copy[i].name = weft_arena_str(arena, copy[i].name);
        if (!copy[i].name.ptr) return weft_error_oom();
    }
    *fields = copy;
    return NULL;
}

weft_error_t *weft_type_intern(type_pool_t *pool, const type_t *shape, const type_t **type) {
    type_t wanted = used_part(shape);
    wanted.hash = hash_type(&wanted);
    TRY(table_reserve(&pool->types));
    intern_entry_t *entry = table_find(&pool->types, wanted.hash, &wanted, same_type);
    if (!entry->item) {
        compute_contents(&wanted);
        if (wanted.depth > TYPE_DEPTH_MAX) {
            return weft_error_new(WEFT_LIMIT, "a type is nested more than %d deep", TYPE_DEPTH_MAX);
        }
        compute_size(&wanted);
        TRY(copy_fields(&pool->arena, &wanted.fields, wanted.field_count));
        type_t *made = ARENA_NEW(&pool->arena, type_t);
        if (!made) return weft_error_oom();
        *made = wanted;
        table_put(&pool->types, entry, wanted.hash, made);
    }
    *type = entry->item;
    return NULL;
}

weft_error_t *weft_func_type_intern(type_pool_t *pool, const func_type_t *shape,
                                    const func_type_t **type) {
    func_type_t wanted = *shape;
    wanted.hash = hash_func_type(&wanted);
    TRY(table_reserve(&pool->func_types));
    intern_entry_t *entry = table_find(&pool->func_types, wanted.hash, &wanted, same_func_type);
    if (!entry->item) {
        TRY(copy_fields(&pool->arena, &wanted.params, wanted.param_count));
        func_type_t *made = ARENA_NEW(&pool->arena, func_type_t);
        if (!made) return weft_error_oom();
        *made = wanted;
        table_put(&pool->func_types, entry, wanted.hash, made);
    }
    *type = entry->item;
    return NULL;
}

weft_error_t *weft_resource_new(type_pool_t *pool, weft_str_t name, const void *owner,
                                const resource_t **resource) {
    resource_t *made = ARENA_NEW(&pool->arena, resource_t);
    weft_str_t copy = weft_arena_str(&pool->arena, name.len ? name : STR_LIT(""));
    if (!made || !copy.ptr) return weft_error_oom();
    *made = (resource_t){copy, owner, pool->resource_count++};
    *resource = made;
    return NULL;
}

weft_error_t *weft_resource_set_name(type_pool_t *pool, const resource_t *resource,
                                     weft_str_t name) {
    if (resource->name.len || !name.len) return NULL;
    weft_str_t copy = weft_arena_str(&pool->arena, name);
    if (!copy.ptr) return weft_error_oom();
    ((resource_t *)(uintptr_t)resource)->name = copy; /* every resource was made above, writable */
    return NULL;
}

/* ---- the pool ------------------------------------------------------------------------------- */

weft_error_t *weft_type_pool_new(type_pool_t **pool) {
    type_pool_t *made = weft_alloc_zero(1, sizeof *made);
    weft_error_t *error;
    if (!made) return weft_error_oom();
    for (int kind = 0; kind <= TYPE_ERROR_CONTEXT; kind++) {
        type_t shape = {.kind = (type_kind_t)kind};
        TRY_OR(fail, weft_type_intern(made, &shape, &made->prims[kind]));
    }
    *pool = made;
    return NULL;
fail:
    weft_type_pool_delete(made);
    return error;
}

void weft_type_pool_delete(type_pool_t *pool) {
    if (!pool) return;
    weft_free(pool->types.entries);
    weft_free(pool->func_types.entries);
    weft_arena_free(&pool->arena);
    weft_free(pool);
}

arena_t *weft_type_pool_arena(type_pool_t *pool) {
    return &pool->arena;
}

weft_error_t *weft_type_pool_work(type_pool_t *pool, uint64_t steps) {
    pool->work += steps;
    if (pool->work <= TYPE_WORK_MAX && pool->arena.used <= TYPE_BYTES_MAX) return NULL;
    return weft_error_new(WEFT_LIMIT, "the types of this component are too large to be worked out");
}

const type_t *weft_type_prim(const type_pool_t *pool, type_kind_t kind) {
    return pool->prims[kind];
}
