/* Making and unmaking worlds. */
#include "fuzz/world.h"

/* Where in `order` the types stand that `wanted` has, one after another. */
static void find_places(const uint32_t *order, const uint32_t *wanted, uint32_t count,
                        uint32_t *places) {
    uint32_t place[MAX_PARAMS];
    for (uint32_t i = 0; i < count; i++) place[order[i]] = i;
    for (uint32_t i = 0; i < count; i++) places[i] = place[wanted[i]];
}

/* From the parameters to what is asked for (the result, or the parameters of the level below), and from what is got
 * (what was kept, or the result of the level below) to the result. */
static void describe_func(world_t *world, uint32_t number, uint32_t k) {
    const shape_t *shape = &world->shapes[number];
    func_t *func = &world->levels[k].funcs[number];
    const func_t *below = k ? &world->levels[k - 1].funcs[number] : NULL;
    const layout_t *params = func->lifted.params, *result = func->lifted.result;
    uint32_t places[MAX_PARAMS];
    find_places(func->params, k ? below->params : func->results, shape->count, places);
    if (shape->bare) func->there = describe(world, shape->types[0]);
    else func->there = describe_tuple(world, k ? below->lifted.params : result, params, places);
    if (!k || shape->bare) {
        func->back = describe(world, func->type->result);
        return;
    }
    find_places(below->results, func->results, shape->count, places);
    func->back = describe_tuple(world, result, below->lifted.result, places);
}

static rebuild_t make_rebuild(random_source_t *source) {
    return (rebuild_t){random_below(source, 2) != 0, random_below(source, 2) != 0};
}

static void make_level(level_t *level, random_source_t *source) {
    level->encoding = (encoding_t)random_below(source, 3);
    level->there = make_rebuild(source);
    level->back = make_rebuild(source);
}

void world_new(world_t *world, random_source_t *source, bool fixed, bool lies, uint32_t funcs) {
    *world = (world_t){.abi = {.address = ABI_32}, .fixed = fixed, .func_count = funcs};
    must(weft_type_pool_new(&world->pool));
    world->handles = random_below(source, 2) != 0;
    world->own_resources = random_below(source, 2) != 0;
    for (unsigned i = 0; i < RESOURCES; i++)
        must(weft_resource_new(world->pool, weft_str(i ? "r1" : "r0"), NULL, &world->resources[i]));
    world->level_count = 1 + (uint32_t)random_below(source, MAX_LEVELS);
    for (uint32_t k = 0; k < world->level_count; k++) {
        make_level(&world->levels[k], source);
        world->levels[k].lies = lies && random_below(source, 2);
    }
    make_shapes(world, source);
    for (uint32_t i = 0; i < world->func_count; i++) {
        for (uint32_t k = 0; k < world->level_count; k++) describe_func(world, i, k);
        for (uint32_t k = 0; k < world->shapes[i].count; k++) {
            collect_named(world, world->shapes[i].types[k]);
            collect_named(world, world->shapes[i].results[k]);
        }
    }
    write_component(world, source);
}

void world_delete(world_t *world) {
    VEC_FREE(&world->named);
    VEC_FREE(&world->described);
    weft_buf_free(&world->descriptions);
    weft_buf_free(&world->text);
    for (uint32_t i = 0; i < world->part_count; i++) weft_buf_free(&world->parts[i]);
    weft_abi_free(&world->abi);
    weft_type_pool_delete(world->pool);
}
