/* Types of a core module (core specification, Binary Format, Types), with those of the GC, stack-switching,
 * shared-everything and custom-descriptor proposals as far as stepping over them needs. */
#include "core/module.h"

enum {
    HEAP_SHARED = 0x65, /* prefix of an abstract heap type or of a composite type */
    HEAP_EXACT = 0x62,  /* prefix of a type index */

    TYPE_REC = 0x4e,
    TYPE_SUB_FINAL = 0x4f,
    TYPE_SUB = 0x50,
    TYPE_DESCRIBES = 0x4c,
    TYPE_DESCRIPTOR = 0x4d,
    COMPOSITE_FUNC = 0x60,
    COMPOSITE_STRUCT = 0x5f,
    COMPOSITE_ARRAY = 0x5e,
    COMPOSITE_CONT = 0x5d,

    PACKED_I8 = 0x78,
    PACKED_I16 = 0x77
};

/* ---- value types ---------------------------------------------------------------------------- */

static weft_error_t *skip_heap_type(cursor_t *cursor) {
    int64_t heap;
    if (weft_cursor_left(cursor) && (*cursor->at == HEAP_SHARED || *cursor->at == HEAP_EXACT))
        cursor->at++;
    return weft_read_s33(cursor, &heap);
}

weft_error_t *weft_core_read_value(cursor_t *cursor, uint8_t *value) {
    cursor_t start = *cursor;
    uint8_t byte;
    TRY(weft_read_byte(cursor, &byte));
    if (byte == CORE_REF || byte == CORE_REF_NULL) {
        TRY(skip_heap_type(cursor));
    } else if (byte == HEAP_SHARED) { /* short for a nullable reference */
        uint8_t abstract;
        TRY(weft_read_byte(cursor, &abstract));
        byte = CORE_REF_NULL;
    } else if (!(byte >= CORE_V128 && byte <= CORE_I32) && !(byte >= 0x68 && byte <= 0x75)) {
        return weft_cursor_error(&start, "0x%02x is no value type", byte);
    }
    *value = byte;
    return NULL;
}

/* A list of value types. Where each is one byte the bytes of the file serve as they are. */
static weft_error_t *read_values(arena_t *arena, cursor_t *cursor, const uint8_t **values,
                                 uint32_t *count) {
    uint32_t n;
    TRY(weft_read_count(cursor, 1, "value types", &n));
    cursor_t start = *cursor;
    uint8_t value;
    for (uint32_t i = 0; i < n; i++) TRY(weft_core_read_value(cursor, &value));
    *values = start.at;
    *count = n;
    if ((size_t)(cursor->at - start.at) == n) return NULL;

    uint8_t *copy = ARENA_ARRAY(arena, uint8_t, n);
    if (!copy) return weft_error_oom();
    for (uint32_t i = 0; i < n; i++) TRY(weft_core_read_value(&start, &copy[i]));
    *values = copy;
    return NULL;
}

/* ---- the type section ----------------------------------------------------------------------- */

typedef struct type_list {
    arena_t *arena;
    core_type_t *items;
    uint32_t count, capacity;
} type_list_t;

/* The type of a struct's field or an array's element, with its mutability. */
static weft_error_t *skip_field(cursor_t *cursor) {
    uint8_t byte;
    if (weft_cursor_left(cursor) && (*cursor->at == PACKED_I8 || *cursor->at == PACKED_I16))
        cursor->at++;
    else TRY(weft_core_read_value(cursor, &byte));
    return weft_read_byte(cursor, &byte);
}

static bool take(cursor_t *cursor, uint8_t byte) {
    if (!weft_cursor_left(cursor) || *cursor->at != byte) return false;
    cursor->at++;
    return true;
}

static weft_error_t *read_composite(arena_t *arena, cursor_t *cursor, core_type_t *type) {
    uint32_t n;
    uint8_t form;
    take(cursor, HEAP_SHARED);
    if (take(cursor, TYPE_DESCRIBES)) TRY(weft_read_u32(cursor, &n));
    if (take(cursor, TYPE_DESCRIPTOR)) TRY(weft_read_u32(cursor, &n));
    cursor_t start = *cursor;
    TRY(weft_read_byte(cursor, &form));
    switch (form) {
    case COMPOSITE_FUNC:
        type->is_func = true;
        TRY(read_values(arena, cursor, &type->sig.params, &type->sig.param_count));
        return read_values(arena, cursor, &type->sig.results, &type->sig.result_count);
    case COMPOSITE_STRUCT:
        TRY(weft_read_count(cursor, 2, "fields", &n));
        for (uint32_t i = 0; i < n; i++) TRY(skip_field(cursor));
        return NULL;
    case COMPOSITE_ARRAY: return skip_field(cursor);
    case COMPOSITE_CONT: return skip_heap_type(cursor);
    default: return weft_cursor_error(&start, "0x%02x starts no type", form);
    }
}

static weft_error_t *read_subtype(type_list_t *list, cursor_t *cursor) {
    if (list->count == CORE_MAX_ITEMS)
        return weft_error_at(WEFT_LIMIT, weft_cursor_offset(cursor), "more than %d types",
                             CORE_MAX_ITEMS);
    if (!weft_arena_grow(list->arena, (void **)&list->items, &list->capacity, list->count,
                         sizeof *list->items))
        return weft_error_oom();
    core_type_t *type = &list->items[list->count++];
    *type = (core_type_t){0};
    if (take(cursor, TYPE_SUB) || take(cursor, TYPE_SUB_FINAL)) {
        uint32_t supertypes, index;
        TRY(weft_read_count(cursor, 1, "supertypes", &supertypes));
        for (uint32_t i = 0; i < supertypes; i++) TRY(weft_read_u32(cursor, &index));
    }
    return read_composite(list->arena, cursor, type);
}

weft_error_t *weft_core_read_types(arena_t *arena, cursor_t section, core_type_t **types,
                                   uint32_t *count) {
    type_list_t list = {.arena = arena};
    uint32_t groups;
    TRY(weft_read_count(&section, 1, "types", &groups));
    for (uint32_t i = 0; i < groups; i++) {
        uint32_t members = 1;
        if (take(&section, TYPE_REC)) TRY(weft_read_count(&section, 2, "types", &members));
        for (uint32_t k = 0; k < members; k++) TRY(read_subtype(&list, &section));
    }
    *types = list.items;
    *count = list.count;
    return NULL;
}

/* ---- tables, memories, globals -------------------------------------------------------------- */

/* Limits: bit 0 has a maximum, 1 shared, 2 64-bit, 3 a page size follows (memories). */
static weft_error_t *read_size(cursor_t *cursor, uint8_t allowed, core_size_t *size) {
    cursor_t start = *cursor;
    uint8_t flags;
    uint32_t page = 0;
    *size = (core_size_t){0};
    TRY(weft_read_byte(cursor, &flags));
    if (flags & ~allowed) return weft_cursor_error(&start, "unknown limits flags 0x%02x", flags);
    size->has_max = flags & 1;
    size->shared = flags & 2;
    size->is_64 = flags & 4;
    TRY(weft_read_u64(cursor, &size->min));
    if (size->has_max) TRY(weft_read_u64(cursor, &size->max));
    size->has_page = flags & 8;
    if (size->has_page) TRY(weft_read_u32(cursor, &page));
    if (page > 16) return weft_cursor_error(&start, "a page size of 2^%u bytes", page);
    size->page_log2 = (uint8_t)page;
    return NULL;
}

weft_error_t *weft_core_read_table_type(cursor_t *cursor, core_item_t *item) {
    item->kind = CORE_TABLE;
    TRY(weft_core_read_value(cursor, &item->value));
    return read_size(cursor, 7, &item->size);
}

weft_error_t *weft_core_read_memory_type(cursor_t *cursor, core_item_t *item) {
    item->kind = CORE_MEMORY;
    return read_size(cursor, 15, &item->size);
}

weft_error_t *weft_core_read_global_type(cursor_t *cursor, core_item_t *item) {
    uint8_t flags;
    item->kind = CORE_GLOBAL;
    TRY(weft_core_read_value(cursor, &item->value));
    cursor_t start = *cursor;
    TRY(weft_read_byte(cursor, &flags));
    if (flags > 3) return weft_cursor_error(&start, "unknown flags 0x%02x of a global", flags);
    item->is_mutable = flags & 1;
    return NULL;
}

/* ---- constant expressions ------------------------------------------------------------------- */

/* Instructions of the GC proposal, behind 0xfb, by how many indices follow them; -1: not constant. */
static int gc_operands(uint32_t op) {
    switch (op) {
    case 0:  /* struct.new */
    case 1:  /* struct.new_default */
    case 6:  /* array.new */
    case 7:  /* array.new_default */
    case 32: /* struct.new_desc */
    case 33: /* struct.new_default_desc */ return 1;
    case 8: /* array.new_fixed */ return 2;
    case 26: /* any.convert_extern */
    case 27: /* extern.convert_any */
    case 28: /* ref.i31 */ return 0;
    default: return -1;
    }
}

static weft_error_t *skip_gc_op(cursor_t *cursor) {
    cursor_t start = *cursor;
    uint32_t op, index;
    TRY(weft_read_u32(cursor, &op));
    int operands = gc_operands(op);
    if (operands < 0)
        return weft_cursor_error(&start, "instruction 0xfb %u in a constant expression", op);
    while (operands--) TRY(weft_read_u32(cursor, &index));
    return NULL;
}

static weft_error_t *skip_vector_op(cursor_t *cursor) {
    cursor_t start = *cursor;
    uint32_t op;
    weft_bytes_t bits;
    TRY(weft_read_u32(cursor, &op));
    if (op != 12) /* v128.const */
        return weft_cursor_error(&start, "instruction 0xfd %u in a constant expression", op);
    return weft_read_bytes(cursor, 16, &bits);
}

weft_error_t *weft_core_skip_expr(cursor_t *cursor) {
    for (;;) {
        cursor_t start = *cursor;
        uint8_t op;
        uint32_t index;
        int64_t number;
        weft_bytes_t bits;
        TRY(weft_read_byte(cursor, &op));
        switch (op) {
        case 0x0b: /* end */ return NULL;
        case 0x41: /* i32.const */
        case 0x42: /* i64.const */ TRY(weft_read_s64(cursor, &number)); break;
        case 0x43: /* f32.const */ TRY(weft_read_bytes(cursor, 4, &bits)); break;
        case 0x44: /* f64.const */ TRY(weft_read_bytes(cursor, 8, &bits)); break;
        case 0x23: /* global.get */
        case 0xd2: /* ref.func */ TRY(weft_read_u32(cursor, &index)); break;
        case 0xd0: /* ref.null */ TRY(skip_heap_type(cursor)); break;
        case 0x6a: /* add, sub and mul of i32 and i64 */
        case 0x6b:
        case 0x6c:
        case 0x7c:
        case 0x7d:
        case 0x7e: break;
        case 0xfb: TRY(skip_gc_op(cursor)); break;
        case 0xfd: TRY(skip_vector_op(cursor)); break;
        default:
            return weft_cursor_error(&start, "instruction 0x%02x in a constant expression", op);
        }
    }
}
