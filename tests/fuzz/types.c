/* Random types. */
#include <stdio.h>
#include <stdlib.h>

#include "fuzz/world.h"

/* Of one function. */
enum { MOST_NODES = 90, WIDEST = 300 };

typedef struct maker {
    world_t *world;
    random_source_t *source;
    uint32_t nodes; /* left to make */
    bool handles;   /* may be made here */
} maker_t;

void must(weft_error_t *error) {
    if (!error) return;
    weft_str_t message = weft_error_message(error);
    fprintf(stderr, "%.*s\n", STR_ARG(message));
    abort();
}

static uint32_t below(const maker_t *maker, uint32_t count) {
    return (uint32_t)random_below(maker->source, count);
}

static const type_t *interned(const maker_t *maker, const type_t *shape) {
    const type_t *type;
    must(weft_type_intern(maker->world->pool, shape, &type));
    return type;
}

static const type_t *make_type(maker_t *maker, unsigned depth);

static const type_t *make_maybe(maker_t *maker, unsigned depth) {
    return below(maker, 4) ? make_type(maker, depth) : NULL;
}

static const type_t *make_scalar(const maker_t *maker) {
    return weft_type_prim(maker->world->pool, (type_kind_t)below(maker, TYPE_CHAR + 1));
}

/* "f0", "f1", ...: the names of fields, cases and labels. */
static weft_str_t name_of(uint32_t index) {
    static char names[WIDEST][8];
    if (!names[index][0]) snprintf(names[index], sizeof *names, "f%u", (unsigned)index);
    return weft_str(names[index]);
}

static const type_t *make_fields(maker_t *maker, type_kind_t kind, unsigned depth) {
    type_field_t fields[6] = {0};
    type_t shape = {.kind = kind, .fields = fields, .field_count = 1 + below(maker, 6)};
    for (uint32_t i = 0; i < shape.field_count; i++) {
        if (kind != TYPE_TUPLE) fields[i].name = name_of(i);
        fields[i].type = kind == TYPE_VARIANT ? make_maybe(maker, depth) : make_type(maker, depth);
    }
    return interned(maker, &shape);
}

/* Names alone; now and then more than one byte can tell apart. */
static const type_t *make_names(maker_t *maker) {
    type_field_t fields[WIDEST] = {0};
    bool flags = below(maker, 2), wide = below(maker, 8) == 0;
    type_t shape = {.kind = flags ? TYPE_FLAGS : TYPE_ENUM, .fields = fields};
    shape.field_count = 1 + below(maker, flags ? 32 : wide ? WIDEST : 6);
    for (uint32_t i = 0; i < shape.field_count; i++) fields[i].name = name_of(i);
    return interned(maker, &shape);
}

static const type_t *make_map(maker_t *maker, unsigned depth) {
    static const type_kind_t keys[] = {TYPE_BOOL, TYPE_S8,   TYPE_U8,    TYPE_S16,
                                       TYPE_U16,  TYPE_S32,  TYPE_U32,   TYPE_S64,
                                       TYPE_U64,  TYPE_CHAR, TYPE_STRING};
    type_t shape = {.kind = TYPE_MAP};
    shape.key = weft_type_prim(maker->world->pool, keys[below(maker, sizeof keys / sizeof *keys)]);
    bool handles = maker->handles;
    maker->handles = false; /* as wasm-tools and Wasmtime have it */
    shape.element = make_type(maker, depth);
    maker->handles = handles;
    return interned(maker, &shape);
}

static const type_t *make_around(maker_t *maker, type_kind_t kind, unsigned depth) {
    type_t shape = {.kind = kind};
    if (kind == TYPE_RESULT) {
        shape.element = make_maybe(maker, depth);
        shape.error = make_maybe(maker, depth);
    } else {
        shape.element = make_type(maker, depth);
    }
    if (kind == TYPE_FIXED_LIST) shape.length = 1 + below(maker, 4);
    return interned(maker, &shape);
}

static const type_t *make_handle(const maker_t *maker) {
    type_t shape = {.kind = below(maker, 2) ? TYPE_OWN : TYPE_BORROW};
    shape.resource = maker->world->resources[below(maker, RESOURCES)];
    return interned(maker, &shape);
}

static const type_t *make_type(maker_t *maker, unsigned depth) {
    uint32_t kind = below(maker, 16);
    bool inner = depth < DEEPEST && maker->nodes;
    if (maker->nodes) maker->nodes--;
    if (!inner && kind >= 7) kind = 0;
    switch (kind) {
    case 5:
    case 6: return weft_type_prim(maker->world->pool, TYPE_STRING);
    case 7:
    case 8: return make_around(maker, TYPE_LIST, depth + 1);
    case 9: return make_around(maker, TYPE_OPTION, depth + 1);
    case 10: return make_around(maker, TYPE_RESULT, depth + 1);
    case 11: return make_fields(maker, TYPE_TUPLE, depth + 1);
    case 12: return make_fields(maker, TYPE_RECORD, depth + 1);
    case 13: return make_fields(maker, TYPE_VARIANT, depth + 1);
    case 14: return make_names(maker);
    case 15:
        if (maker->handles && below(maker, 2)) return make_handle(maker);
        if (maker->world->fixed && below(maker, 2))
            return make_around(maker, TYPE_FIXED_LIST, depth + 1);
        return make_map(maker, depth + 1);
    default: return make_scalar(maker);
    }
}

/* ---- without borrowed handles ----------------------------------------------------------------- */

static const type_t *read(const maker_t *maker, const type_t *type) {
    type_field_t fields[WIDEST];
    if (!type || !type->has_borrow) return type;
    if (type->kind == TYPE_BORROW) return weft_type_prim(maker->world->pool, TYPE_U32);
    type_t shape = *type;
    shape.element = read(maker, type->element);
    shape.error = read(maker, type->error);
    for (uint32_t i = 0; i < type->field_count; i++)
        fields[i] = (type_field_t){type->fields[i].name, read(maker, type->fields[i].type)};
    shape.fields = fields;
    return interned(maker, &shape);
}

/* ---- functions -------------------------------------------------------------------------------- */

/* Often few and flat; up to as many as there may be. */
static uint32_t make_count(const maker_t *maker) {
    if (below(maker, 4) == 0) return 1 + below(maker, MAX_PARAMS);
    return 1 + below(maker, 5);
}

static void make_shape(maker_t *maker, shape_t *shape) {
    maker->nodes = MOST_NODES;
    shape->count = make_count(maker);
    for (uint32_t i = 0; i < shape->count; i++) {
        shape->types[i] = make_type(maker, 1);
        shape->results[i] = read(maker, shape->types[i]);
    }
    shape->bare = shape->count == 1 && below(maker, 2);
}

static void shuffle(random_source_t *source, uint32_t *order, uint32_t count) {
    for (uint32_t i = 0; i < count; i++) order[i] = i;
    for (uint32_t i = count; i > 1; i--) {
        uint32_t at = (uint32_t)random_below(source, i), other = order[at];
        order[at] = order[i - 1];
        order[i - 1] = other;
    }
}

static weft_str_t param_name(uint32_t index) {
    static char names[MAX_PARAMS][8];
    if (!names[index][0]) snprintf(names[index], sizeof *names, "p%u", (unsigned)index);
    return weft_str(names[index]);
}

static void make_func(const maker_t *maker, const shape_t *shape, func_t *func) {
    type_field_t params[MAX_PARAMS] = {0}, items[MAX_PARAMS] = {0};
    shuffle(maker->source, func->params, shape->count);
    shuffle(maker->source, func->results, shape->count);
    for (uint32_t i = 0; i < shape->count; i++) {
        params[i] = (type_field_t){param_name(i), shape->types[func->params[i]]};
        items[i].type = shape->results[func->results[i]];
    }
    type_t tuple = {.kind = TYPE_TUPLE, .fields = items, .field_count = shape->count};
    func_type_t type = {.params = params, .param_count = shape->count};
    type.result = shape->bare ? items[0].type : interned(maker, &tuple);
    must(weft_func_type_intern(maker->world->pool, &type, &func->type));
    must(weft_abi_lift(&maker->world->abi, func->type, (abi_options_t){0}, &func->lifted));
    must(weft_abi_lower(&maker->world->abi, func->type, (abi_options_t){0}, &func->lowered));
}

void make_shapes(world_t *world, random_source_t *source) {
    maker_t maker = {world, source, 0, world->handles};
    for (uint32_t i = 0; i < world->func_count; i++) {
        make_shape(&maker, &world->shapes[i]);
        for (uint32_t k = 0; k < world->level_count; k++)
            make_func(&maker, &world->shapes[i], &world->levels[k].funcs[i]);
    }
}
