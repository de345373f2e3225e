/* A call on each engine: the same answer, and the one that was foretold. */
#include "fuzz/cases.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "runtime/plugin.h"
#include "support/alloc.h"
#include "value/value.h"
#include "value/wave.h"

/* How many handles have been dropped, and the sum of what they stood for (component.c): both in one number. */
static uint64_t dropping(uint32_t resource, uint32_t rep, uint32_t times) {
    uint32_t sum = rep * (resource ? 7 : 1) * times;
    return (uint64_t)times << 32 | sum;
}

static uint64_t add_drops(uint64_t a, uint64_t b) {
    return ((a >> 32) + (b >> 32)) << 32 | (uint32_t)(a + b);
}

/* ---- failing ---------------------------------------------------------------------------------- */

static void fail(char **failure, const runner_t *runner, const char *what, weft_error_t *error) {
    buf_t out = {0};
    char *text = NULL;
    if (error) must(weft_error_render(error, &text));
    weft_buf_printf(&out, "%s: %s%s%s", runner ? runner->name : "", what, text ? ": " : "",
                    text ? text : "");
    weft_buf_byte(&out, 0);
    weft_free(text);
    weft_error_delete(error);
    *failure = (char *)out.data;
}

/* ---- opening and closing ---------------------------------------------------------------------- */

/* A function of a level. */
static weft_error_t *find(const world_t *world, const runner_t *runner, uint32_t level,
                          const char *name, const char *number, weft_func_t **func) {
    char full[16], interface[16];
    uint32_t first = world->part_count - world->level_count;
    snprintf(full, sizeof full, "%s%s", name, number);
    snprintf(interface, sizeof interface, "l%u", (unsigned)level);
    if (!runner->split) return weft_plugin_func(runner->plugins[0], interface, full, func);
    return weft_plugin_func(runner->plugins[first + level], "up", full, func);
}

static weft_error_t *find_all(const world_t *world, runner_t *runner) {
    static const char *const numbers[] = {"0", "1", "2", "3"};
    for (unsigned i = 0; i < world->func_count; i++) {
        for (uint32_t k = 0; k < world->level_count; k++)
            TRY(find(world, runner, k, "f", numbers[i], &runner->funcs[k][i]));
        TRY(find(world, runner, 0, "put", numbers[i], &runner->put[i]));
        TRY(find(world, runner, 0, "get", numbers[i], &runner->get[i]));
    }
    for (unsigned i = 0; i < RESOURCES && world->handles; i++) {
        TRY(find(world, runner, 0, "make", numbers[i], &runner->make[i]));
        TRY(find(world, runner, 0, "peek", numbers[i], &runner->peek[i]));
    }
    return world->handles ? find(world, runner, 0, "drops", "", &runner->drops) : NULL;
}

/* A guest that lies may never come back, and may ask for all there is. */
static weft_options_t options_of(bool hosted, bool lies) {
    weft_options_t options = {.engine = hosted ? WEFT_ENGINE_HOSTED : WEFT_ENGINE_DIRECT};
    if (lies) options.deadline_ns = 500 * 1000 * 1000;
    if (lies) options.memory = 1 << 20;
    return options;
}

static weft_error_t *load(weft_engine_t *engine, weft_bytes_t binary, weft_options_t options,
                          weft_plugin_t **plugin) {
    TRY(weft_plugin_read(engine, binary, &options, plugin));
    if (options.memory) (*plugin)->direct->room = 1 << 24;
    return NULL;
}

/* A function of the host that stands for one of the level below. */
static weft_error_t *relay(void *func, const weft_value_t *args, size_t count,
                           weft_value_t *result) {
    return weft_func_call(*(weft_func_t **)func, args, count, result, 1);
}

/* What part i imports from the one before. */
static void serve(const trial_t *trial, runner_t *runner, uint32_t i, weft_host_func_t funcs[FUNCS],
                  weft_options_t *options) {
    static const char *const names[] = {"f0", "f1", "f2", "f3"};
    if (!i) return;
    for (uint32_t k = 0; k < trial->world.func_count; k++)
        funcs[k] = (weft_host_func_t){"up", names[k], relay, &runner->funcs[i - 1][k]};
    options->funcs = runner->split == SPLIT_BY_HOST ? funcs : NULL;
    options->func_count = runner->split == SPLIT_BY_HOST ? trial->world.func_count : 0;
    options->providers = runner->split == SPLIT_LINKED ? &runner->plugins[i - 1] : NULL;
    options->provider_count = runner->split == SPLIT_LINKED;
}

/* Resources cannot go through the host, and hosted plugins cannot import from one another. */
static split_t split_of(const trial_t *trial, bool hosted) {
    if (!trial->parts[0].ptr) return SPLIT_NOT;
    if (!hosted) return trial->split;
    return trial->split == SPLIT_BY_HOST ? SPLIT_BY_HOST : SPLIT_NOT;
}

static weft_error_t *open_runner(trial_t *trial, weft_engine_t *engine, bool lies,
                                 runner_t *runner) {
    bool hosted = runner != trial->runners;
    weft_options_t options = options_of(hosted, lies);
    weft_host_func_t funcs[FUNCS];
    *runner = (runner_t){.name = hosted ? "hosted" : "direct"};
    runner->split = split_of(trial, hosted);
    if (!runner->split) TRY(load(engine, trial->binary, options, &runner->plugins[0]));
    for (uint32_t i = 0; i < trial->world.part_count && runner->split; i++) {
        serve(trial, runner, i, funcs, &options);
        TRY(load(engine, trial->parts[i], options, &runner->plugins[i]));
    }
    return find_all(&trial->world, runner);
}

static weft_error_t *assemble(const buf_t *text, weft_bytes_t *binary) {
    return weft_wat_to_wasm(weft_str((const char *)text->data), binary);
}

/* The binaries. */
static weft_error_t *assemble_all(trial_t *trial, random_source_t *source) {
    const world_t *world = &trial->world;
    TRY(assemble(&world->text, &trial->binary));
    trial->split = random_below(source, 3) == 0 ? SPLIT_LINKED : SPLIT_NOT;
    if (trial->split && !world->handles && random_below(source, 2)) trial->split = SPLIT_BY_HOST;
    for (uint32_t i = 0; i < world->part_count && trial->split; i++)
        TRY(assemble(&world->parts[i], &trial->parts[i]));
    if (random_below(source, 2) == 0) return NULL;
    buf_t proxied = {0};
    put_proxies(trial->binary, source, &proxied);
    weft_free((void *)(uintptr_t)trial->binary.ptr);
    trial->binary = weft_buf_as_bytes(&proxied);
    return NULL;
}

void trial_open(trial_t *trial, weft_engine_t *engine, random_source_t *source, trial_kind_t kind,
                char **failure) {
    bool fixed = kind != TRIAL_BOTH || random_below(source, 16) == 0, lies = kind == TRIAL_LIES;
    *trial = (trial_t){.runner_count = fixed ? 1 : 2};
    world_new(&trial->world, source, fixed, lies, kind == TRIAL_BOTH ? FUNCS : 1);
    weft_error_t *error = assemble_all(trial, source);
    if (error) fail(failure, NULL, "the component's text", error);
    for (uint32_t i = 0; i < trial->runner_count && !*failure; i++) {
        error = open_runner(trial, engine, lies, &trial->runners[i]);
        if (error) fail(failure, &trial->runners[i], "the component", error);
    }
}

void trial_close(trial_t *trial) {
    for (uint32_t i = 0; i < trial->runner_count; i++)
        for (uint32_t k = 0; k < MAX_PARTS; k++) weft_plugin_delete(trial->runners[i].plugins[k]);
    weft_free((void *)(uintptr_t)trial->binary.ptr);
    for (uint32_t i = 0; i < MAX_PARTS; i++) weft_free((void *)(uintptr_t)trial->parts[i].ptr);
    world_delete(&trial->world);
}

/* ---- values ----------------------------------------------------------------------------------- */

static uint32_t resource_of(const world_t *world, const type_t *type) {
    return type->resource == world->resources[1];
}

const type_t *part_of(const type_t *type, size_t at) {
    if (type->field_count) return type->fields[at].type;
    return type->kind == TYPE_MAP && at % 2 == 0 ? type->key : type->element;
}

const type_t *payload_of(const type_t *type, uint32_t index) {
    if (type->kind == TYPE_VARIANT) return type->fields[index].type;
    return type->kind == TYPE_RESULT && index ? type->error : type->element;
}

bool has_items(const weft_value_t *value) {
    return value->kind == WEFT_LIST || value->kind == WEFT_MAP || value->kind == WEFT_RECORD ||
           value->kind == WEFT_TUPLE;
}

bool has_payload(const weft_value_t *value) {
    return (value->kind == WEFT_VARIANT || value->kind == WEFT_OPTION ||
            value->kind == WEFT_RESULT) &&
           value->of.payload;
}

/* Lists turned around, in place; not those of fixed length. */
static void reverse(const type_t *type, weft_value_t *value) {
    if (has_payload(value)) reverse(payload_of(type, value->index), value->of.payload);
    if (value->kind == WEFT_BYTES && type->kind == TYPE_LIST) {
        uint8_t *bytes = (uint8_t *)(uintptr_t)value->of.bytes.ptr;
        for (size_t i = 0, end = value->of.bytes.len; i + 1 < end; i++, end--) {
            uint8_t byte = bytes[i];
            bytes[i] = bytes[end - 1];
            bytes[end - 1] = byte;
        }
    }
    if (!has_items(value)) return;
    weft_value_t *items = value->of.list.items;
    for (size_t i = 0; i < value->of.list.count; i++) reverse(part_of(type, i), &items[i]);
    if (type->kind != TYPE_LIST) return;
    for (size_t i = 0, end = value->of.list.count; i + 1 < end; i++, end--) {
        weft_value_t item = items[i];
        items[i] = items[end - 1];
        items[end - 1] = item;
    }
}

/* The drops that come of the handles in a value: each is dropped once, an owned one as often more as it is
 * renewed. */
static uint64_t drops_of(const world_t *world, const type_t *type, const weft_value_t *value,
                         uint32_t renewals) {
    uint64_t drops = 0;
    if (!type->has_own && !type->has_borrow) return 0;
    if (type->resource)
        return dropping(resource_of(world, type), value->of.u32,
                        type->kind == TYPE_OWN ? 1 + renewals : 1);
    if (has_payload(value))
        return drops_of(world, payload_of(type, value->index), value->of.payload, renewals);
    for (size_t i = 0; has_items(value) && i < value->of.list.count; i++)
        drops =
            add_drops(drops, drops_of(world, part_of(type, i), &value->of.list.items[i], renewals));
    return drops;
}

/* The value with handles that stand for the numbers in it. *made is a value also after an error. */
static weft_error_t *with_handles(const world_t *world, const runner_t *runner, const type_t *type,
                                  const weft_value_t *value, weft_value_t *made) {
    *made = weft_bool(false);
    if (type->resource)
        return weft_func_call(runner->make[resource_of(world, type)], value, 1, made, 1);
    if ((!type->has_own && !type->has_borrow) || !(has_payload(value) || has_items(value))) {
        *made = *value;
        made->borrowed = true;
        return NULL;
    }
    weft_error_t *error = NULL;
    if (has_payload(value)) {
        weft_value_t payload;
        error = with_handles(world, runner, payload_of(type, value->index), value->of.payload,
                             &payload);
        must(weft_value_of_case((weft_kind_t)value->kind, value->index, &payload, made));
        return error;
    }
    value_vec_t items = {0};
    for (size_t i = 0; i < value->of.list.count && !error; i++) {
        weft_value_t item;
        error = with_handles(world, runner, part_of(type, i), &value->of.list.items[i], &item);
        must(VEC_PUSH(&items, item));
    }
    *made = weft_value_of_vec((weft_kind_t)value->kind, &items);
    return error;
}

/* The other way around, in place; handles are dropped, and every NaN becomes the canonical one. */
static weft_error_t *without_handles(const runner_t *runner, weft_value_t *value) {
    if (value->kind == WEFT_F32 && isnan(value->of.f32)) value->of.f32 = (float)NAN;
    if (value->kind == WEFT_F64 && isnan(value->of.f64)) value->of.f64 = (double)NAN;
    if (has_payload(value)) return without_handles(runner, value->of.payload);
    for (size_t i = 0; has_items(value) && i < value->of.list.count; i++)
        TRY(without_handles(runner, &value->of.list.items[i]));
    if (value->kind != WEFT_RESOURCE) return NULL;
    weft_value_t rep;
    bool second = weft_str_eq(value->of.resource->name, weft_str("r1"));
    TRY(weft_func_call(runner->peek[second], value, 1, &rep, 1));
    weft_value_clear(value);
    *value = rep;
    return NULL;
}

/* ---- calls ------------------------------------------------------------------------------------ */

/* A call as it should go. */
typedef struct plan {
    uint32_t number, level;
    const func_type_t *type;
    bool in_two; /* put and get */
    value_vec_t args;
    weft_value_t expected;
    uint64_t drops;
} plan_t;

/* The values in the order of the shape's types, as the levels up to this one change them. */
static void foretell(const world_t *world, plan_t *plan, value_vec_t *values) {
    const shape_t *shape = &world->shapes[plan->number];
    const func_t *func = &world->levels[plan->level].funcs[plan->number];
    bool reversed = world->levels[0].there.reverse;
    uint32_t renewals = world->levels[0].there.renew;
    for (uint32_t k = 1; k <= plan->level; k++) {
        const level_t *level = &world->levels[k];
        reversed ^= level->there.reverse ^ level->back.reverse;
        renewals += (uint32_t)level->there.renew + level->back.renew;
    }
    value_vec_t results = {0};
    for (uint32_t i = 0; i < shape->count; i++) {
        uint32_t which = func->results[i];
        weft_value_t copy;
        must(weft_value_copy(&values->items[which], &copy));
        plan->drops = add_drops(plan->drops, drops_of(world, shape->types[which], &copy, renewals));
        if (reversed) reverse(shape->types[which], &copy);
        must(VEC_PUSH(&results, copy));
    }
    plan->expected = weft_value_of_vec(WEFT_TUPLE, &results);
}

static void make_plan(const world_t *world, random_source_t *source, plan_t *plan) {
    value_vec_t values = {0};
    *plan = (plan_t){.number = (uint32_t)random_below(source, world->func_count)};
    plan->level = (uint32_t)random_below(source, world->level_count);
    plan->in_two = plan->level == 0 && random_below(source, 4) == 0;
    const shape_t *shape = &world->shapes[plan->number];
    const func_t *func = &world->levels[plan->level].funcs[plan->number];
    plan->type = func->type;
    source->elements = 0;
    for (uint32_t i = 0; i < shape->count; i++)
        must(VEC_PUSH(&values, random_value(source, shape->types[i])));
    foretell(world, plan, &values);
    for (uint32_t i = 0; i < shape->count; i++)
        must(VEC_PUSH(&plan->args, values.items[func->params[i]]));
    VEC_FREE(&values);
}

static void free_plan(plan_t *plan) {
    weft_value_vec_free(&plan->args);
    weft_value_clear(&plan->expected);
}

static weft_error_t *call(const runner_t *runner, const plan_t *plan, const value_vec_t *args,
                          weft_value_t *result) {
    weft_func_t *func = runner->funcs[plan->level][plan->number];
    if (!plan->in_two) return weft_func_call(func, args->items, args->count, result, 1);
    TRY(weft_func_call(runner->put[plan->number], args->items, args->count, NULL, 0));
    return weft_func_call(runner->get[plan->number], NULL, 0, result, 1);
}

static void describe_value(buf_t *out, const char *what, const plan_t *plan,
                           const weft_value_t *value) {
    const type_t *type = plan->type->result;
    weft_buf_printf(out, "\n%s: ", what);
    if (type->has_own) weft_buf_printf(out, "(with handles)");
    else weft_wave_write(out, type, value);
}

static void fail_result(char **failure, const runner_t *runner, const plan_t *plan,
                        const weft_value_t *expected, const weft_value_t *found) {
    buf_t out = {0};
    weft_buf_printf(&out, "%s: f%u at level %u%s gives something else", runner->name,
                    (unsigned)plan->number, (unsigned)plan->level,
                    plan->in_two ? " by put and get" : "");
    describe_value(&out, "expected", plan, expected);
    describe_value(&out, "found", plan, found);
    weft_buf_byte(&out, 0);
    *failure = (char *)out.data;
}

static void check_result(const world_t *world, const runner_t *runner, plan_t *plan,
                         const weft_value_t *found, char **failure) {
    const weft_value_t *expected = &plan->expected;
    if (world->shapes[plan->number].bare) expected = &expected->of.list.items[0];
    if (!weft_value_equal(expected, found)) fail_result(failure, runner, plan, expected, found);
}

static void check_drops(runner_t *runner, const plan_t *plan, char **failure) {
    weft_value_t said;
    char what[128];
    runner->dropped = add_drops(runner->dropped, plan->drops);
    weft_error_t *error = weft_func_call(runner->drops, NULL, 0, &said, 1);
    if (error) fail(failure, runner, "drops", error);
    else if (said.of.u64 != runner->dropped) {
        snprintf(what, sizeof what, "f%u at level %u: %llu handles are dropped by now, not %llu",
                 (unsigned)plan->number, (unsigned)plan->level,
                 (unsigned long long)(said.of.u64 >> 32),
                 (unsigned long long)(runner->dropped >> 32));
        fail(failure, runner, what, NULL);
    }
}

/* An argument as the runner's function has it; `kept` gets what it leans on. */
static weft_error_t *make_arg(const world_t *world, const runner_t *runner, const plan_t *plan,
                              uint32_t i, value_vec_t *kept, weft_value_t *arg) {
    const weft_func_t *func =
        plan->in_two ? runner->put[plan->number] : runner->funcs[plan->level][plan->number];
    const type_t *type = plan->type->params[i].type;
    weft_value_t value;
    must(weft_value_copy(&plan->args.items[i], &value));
    convert(type, weft_func_type(func)->params[i].type, &value);
    must(VEC_PUSH(kept, value));
    return with_handles(world, runner, type, &kept->items[i], arg);
}

static void take_result(const runner_t *runner, const plan_t *plan, weft_value_t *result) {
    const weft_func_t *func =
        plan->in_two ? runner->get[plan->number] : runner->funcs[plan->level][plan->number];
    convert(weft_func_type(func)->result, plan->type->result, result);
}

/* *result is a value also after an error. */
static weft_error_t *call_with_handles(const world_t *world, const runner_t *runner,
                                       const plan_t *plan, weft_value_t *result) {
    value_vec_t args = {0}, kept = {0};
    weft_error_t *error = NULL;
    *result = weft_bool(false);
    for (uint32_t i = 0; i < plan->args.count && !error; i++) {
        weft_value_t arg = weft_bool(false);
        error = make_arg(world, runner, plan, i, &kept, &arg);
        must(VEC_PUSH(&args, arg));
    }
    if (!error) error = call(runner, plan, &args, result);
    weft_value_vec_free(&args);
    weft_value_vec_free(&kept);
    return error;
}

static void call_runner(const world_t *world, runner_t *runner, plan_t *plan, char **failure) {
    weft_value_t result;
    weft_error_t *error = call_with_handles(world, runner, plan, &result);
    if (!error) error = without_handles(runner, &result);
    if (error) fail(failure, runner, "a call", error);
    else {
        take_result(runner, plan, &result);
        check_result(world, runner, plan, &result, failure);
    }
    weft_value_clear(&result);
    if (!*failure && world->handles) check_drops(runner, plan, failure);
}

void trial_call(trial_t *trial, random_source_t *source, char **failure) {
    plan_t plan;
    make_plan(&trial->world, source, &plan);
    for (uint32_t i = 0; i < trial->runner_count && !*failure; i++)
        call_runner(&trial->world, &trial->runners[i], &plan, failure);
    free_plan(&plan);
}

void trial_call_liars(trial_t *trial, random_source_t *source, char **failure) {
    runner_t *runner = trial->runners;
    weft_value_t result;
    plan_t plan;
    make_plan(&trial->world, source, &plan);
    weft_error_t *error = call_with_handles(&trial->world, runner, &plan, &result);
    weft_func_t *func = runner->funcs[plan.level][plan.number];
    if (!error) {
        error = weft_value_check(&result, weft_func_type(func)->result);
        if (error) fail(failure, runner, "a value that is none", error);
    } else if (weft_error_code(error) != WEFT_TRAP) {
        fail(failure, runner, "no trap", error);
    } else {
        weft_error_delete(error);
    }
    weft_value_clear(&result);
    free_plan(&plan);
}
