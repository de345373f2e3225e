#include "weave/body/body.h"

#include <stdio.h>

#include "component/edit/build.h"
#include "support/alloc.h"
#include "weave/code/module.h"

/* ---- groups ----
 *
 * A group is woven by one module, inserted in front of the first definition that uses one of its
 * originals. An original that is defined behind that point joins the group when it can be moved up: an alias
 * or a lower whose own references stand before the point. In practice that gives one group on the
 * provider's side and two on the consumer's: lowers without a memory feed the main module's imports, lowers
 * with one need the main instance first. */

/* Whether everything that `def` refers to stands before `order`, or can be moved there. */
static bool can_stand_before(def_t *def, uint32_t order, unsigned depth);

typedef struct standing {
    uint32_t order;
    unsigned depth;
    bool all;
} standing_t;

static weft_error_t *check_ref(def_t **ref, void *context) {
    standing_t *s = context;
    s->all = s->all && can_stand_before(*ref, s->order, s->depth);
    return NULL;
}

static bool can_stand_before(def_t *def, uint32_t order, unsigned depth) {
    if (def->order < order) return true;
    bool movable = def->kind == DEF_ALIAS_CORE_EXPORT || def->kind == DEF_ALIAS_EXPORT ||
                   (def->kind == DEF_CANON && def->canon.op == CANON_LOWER);
    if (!movable || depth == 0) return false;
    standing_t s = {order, depth - 1, true};
    weft_error_t *error = weft_def_refs(def, false, check_ref, &s);
    return !error && s.all;
}

static weft_error_t *move_ref(def_t **ref, void *context);

/* Moves a definition, and what it needs, in front of `point`. */
static void move_before(def_t *def, def_t *point) {
    if (def->order < point->order) return;
    weft_error_t *none = weft_def_refs(def, false, move_ref, point);
    (void)none; /* move_ref never fails */
    scope_t *scope = def->scope;
    weft_def_remove(def);
    def->starts_section = false;
    weft_def_insert(scope, point, def);
    def->order =
        point->order - 1; /* until the scope is ordered again: before the point is enough */
}

static weft_error_t *move_ref(def_t **ref, void *context) {
    move_before(*ref, context);
    return NULL;
}

/* ---- one group ---- */

typedef struct group {
    scope_t *scope;
    def_t *point;
    const item_t *const *all; /* of the body */
    const item_t **items;
    uint32_t count;
    def_t *memory; /* that results are written to; NULL: none */
    core_size_t memory_type;
    weave_names_t *names; /* strings for hooks that are told names */
    weave_counter_t counter;
    def_t *counter_owner;   /* the first group's instance, when the counter is imported */
    handle_types_t handles; /* with a gate: those that the module drops */
    VEC(def_t *) drops;     /* the built-ins that do it */
} group_t;

typedef struct shapes {
    woven_func_t *funcs;
    weave_default_t *defaults;
    abi_pointers_t *pointers;
    uint32_t count;
} shapes_t;

static void free_shapes(shapes_t *shapes) {
    for (uint32_t i = 0; shapes->pointers && i < shapes->count; i++) VEC_FREE(&shapes->pointers[i]);
    weft_free(shapes->funcs);
    weft_free(shapes->defaults);
    weft_free(shapes->pointers);
}

/* A call that holds handles cannot be skipped where they cannot be dropped. */
static bool can_skip(const handles_t *handles, const item_t *item) {
    return item->can_skip && (!handles->is_incomplete || !weft_handles_any(item->type));
}

static weft_error_t *describe_skip(const item_t *item, woven_func_t *func, weave_default_t *result,
                                   abi_pointers_t *pointers) {
    func->can_skip = true;
    if (item->abi.result_in_memory) {
        TRY(weft_abi_default(item->abi.result, pointers));
        *result =
            (weave_default_t){item->abi.result->size, pointers->items, (uint32_t)pointers->count};
        func->result = result;
    }
    if (weft_handles_any(item->type)) {
        func->args = item->abi.params;
        func->args_in_memory = item->abi.params_in_memory;
    }
    return NULL;
}

static weft_error_t *gather_handles(group_t *group, const handles_t *handles) {
    map_t seen = {0};
    weft_error_t *error = NULL;
    for (uint32_t i = 0; i < group->count && !error; i++)
        if (can_skip(handles, group->items[i]))
            error = weft_handles_of(group->items[i]->type, &seen, &group->handles);
    weft_map_free(&seen);
    return error;
}

static weft_error_t *make_drops(group_t *group, const body_job_t *job, builder_t *b) {
    group->handles.count = group->drops.count = 0;
    if (!job->hooks->gate) return NULL;
    TRY(gather_handles(group, job->handles));
    for (size_t i = 0; i < group->handles.count; i++) {
        def_t *drop;
        TRY(weft_handles_drop(job->handles, b, group->handles.items[i], &drop));
        if (b->error) break;
        TRY(VEC_PUSH(&group->drops, drop));
    }
    return b->error;
}

static weft_error_t *describe(const group_t *group, const body_job_t *job, builder_t *b,
                              shapes_t *shapes) {
    shapes->count = group->count;
    shapes->funcs = weft_alloc_zero(group->count, sizeof *shapes->funcs);
    shapes->defaults = weft_alloc_zero(group->count, sizeof *shapes->defaults);
    shapes->pointers = weft_alloc_zero(group->count, sizeof *shapes->pointers);
    if (!shapes->funcs || !shapes->defaults || !shapes->pointers) return weft_error_oom();
    for (uint32_t i = 0; i < group->count; i++) {
        const item_t *item = group->items[i];
        woven_func_t *func = &shapes->funcs[i];
        func->sig = weft_abi_core_sig(&item->abi);
        func->target = item->target;
        if (job->shape->by_name) {
            TRY(weft_weave_names_add(group->names, item->interface, &func->interface_name));
            TRY(weft_weave_names_add(group->names, item->function, &func->func_name));
        }
        if (!job->hooks->gate) continue;
        if (can_skip(job->handles, item))
            TRY(describe_skip(item, func, &shapes->defaults[i], &shapes->pointers[i]));
        func->refusal =
            weft_build_name(b, "weft: %.*s.admit refused %.*s#%.*s", STR_ARG(job->middleware),
                            STR_ARG(item->interface), STR_ARG(item->function));
    }
    return b->error;
}

static weft_error_t *emit_module(const group_t *group, const body_job_t *job, builder_t *b,
                                 def_t **module) {
    shapes_t shapes = {0};
    buf_t bytes = {0};
    const hook_defs_t *hooks = job->hooks;
    weft_error_t *error = describe(group, job, b, &shapes);
    weave_module_t weave = {
        .family = job->shape->by_name ? WEAVE_BY_NAME : WEAVE_BY_TARGET,
        .without_id = job->shape->by_name && !job->shape->has_id,
        .before = hooks->before != NULL,
        .after = hooks->after != NULL,
        .gate = hooks->gate != NULL,
        .counter = group->counter,
        .takes_block = hooks->block != NULL,
        .memory = group->memory ? &group->memory_type : NULL,
        .handles = group->handles.items,
        .handle_count = (uint32_t)group->drops.count,
        .funcs = shapes.funcs,
        .func_count = group->count,
    };
    if (!error) error = weft_weave_module(&weave, &bytes);
    if (!error) *module = weft_build_module(b, weft_buf_as_bytes(&bytes));
    weft_buf_free(&bytes);
    free_shapes(&shapes);
    return error ? error : b->error;
}

/* What the generated module imports, as one inline instance. */
static def_t *arguments(const group_t *group, const hook_defs_t *lowered, builder_t *b) {
    VEC(named_def_t) args = {0};
    weft_error_t *error = NULL;
    bool first = group->counter != WEAVE_COUNTER_IMPORTED;
    const struct {
        const char *name;
        def_t *def;
    } fixed[] = {{"b", lowered->before},
                 {"a", lowered->after},
                 {"g", lowered->gate},
                 {"n", lowered->block},
                 {"m", group->memory}};
    for (size_t i = 0; i < sizeof fixed / sizeof *fixed && !error; i++)
        if (fixed[i].def)
            error = VEC_PUSH(&args, weft_named(weft_str(fixed[i].name), fixed[i].def));
    if (!first && !error) {
        def_t *counter =
            weft_build_core_alias(b, SORT_CORE_GLOBAL, group->counter_owner, STR_LIT("i"));
        error = VEC_PUSH(&args, weft_named(STR_LIT("i"), counter));
    }
    for (size_t i = 0; i < group->drops.count && !error; i++)
        error = VEC_PUSH(&args,
                         weft_named(weft_build_name(b, "x%u", (unsigned)i), group->drops.items[i]));
    for (uint32_t i = 0; i < group->count && !error; i++)
        error = VEC_PUSH(&args, weft_named(weft_build_name(b, "%u", i), group->items[i]->original));
    def_t *inline_ = error ? NULL : weft_build_core_inline(b, args.items, (uint32_t)args.count);
    VEC_FREE(&args);
    if (error && !b->error) b->error = error;
    return inline_;
}

/* After this, whoever weaves the same lift again puts its hooks inside these. */
static weft_error_t *remember(const item_t *item, def_t *args, map_t *innermost) {
    if (!item->lift) return NULL;
    for (uint32_t i = 0; i < args->inline_.count; i++) {
        named_def_t *arg = &args->inline_.exports[i];
        if (arg->def != item->original) continue;
        hop_t *slot = ARENA_NEW(&args->scope->document->arena, hop_t);
        if (!slot) return weft_error_oom();
        *slot = (hop_t){args, &arg->def};
        return weft_map_set_ptr(innermost, item->lift, slot);
    }
    return NULL;
}

static weft_error_t *weave_group(group_t *group, const body_job_t *job, const hook_defs_t *lowered,
                                 def_t **instance) {
    builder_t b = {group->scope, group->point, NULL};
    def_t *module = NULL;
    TRY(make_drops(group, job, &b));
    def_t *args = arguments(group, lowered, &b);
    TRY(b.error);
    TRY(emit_module(group, job, &b, &module));
    named_def_t with = weft_named((weft_str_t){"", 0}, args);
    *instance = weft_build_core_instance(&b, module, &with, 1);
    for (uint32_t i = 0; i < group->count && !b.error; i++) {
        const item_t *item = group->items[i];
        def_t *woven =
            weft_build_core_alias(&b, SORT_CORE_FUNC, *instance, weft_build_name(&b, "%u", i));
        for (size_t s = 0; s < item->slots.count; s++) {
            *item->slots.items[s].slot = woven;
            weft_def_touch(item->slots.items[s].user);
        }
        TRY(remember(item, args, job->innermost));
    }
    return b.error;
}

/* ---- all groups of a body ---- */

/* The names of all functions of the body in a memory, when hooks are told names. */
static weft_error_t *make_names(builder_t *b, const item_t *const *items, size_t count,
                                weave_names_t *names, def_t **memory) {
    weave_text_t text;
    buf_t bytes = {0};
    for (size_t i = 0; i < count; i++) {
        TRY(weft_weave_names_add(names, items[i]->interface, &text));
        TRY(weft_weave_names_add(names, items[i]->function, &text));
    }
    weft_error_t *error = weft_weave_names_module(names, &bytes);
    if (!error) {
        def_t *module = weft_build_module(b, weft_buf_as_bytes(&bytes));
        def_t *instance = weft_build_core_instance(b, module, NULL, 0);
        *memory = weft_build_core_alias(b, SORT_CORE_MEMORY, instance, STR_LIT("m"));
        error = b->error;
    }
    weft_buf_free(&bytes);
    return error;
}

/* Takes from `items` what fits into a group at the first open item's point; taken ones become NULL. */
static void take_group(const item_t **items, size_t count, bool gate, group_t *group) {
    group->count = 0;
    group->point = NULL;
    group->memory = NULL;
    for (size_t i = 0; i < count; i++)
        if (items[i] && (!group->point || items[i]->first_use->order < group->point->order))
            group->point = items[i]->first_use;
    for (size_t i = 0; i < count; i++) {
        const item_t *item = items[i];
        if (!item || !can_stand_before(item->original, group->point->order, 3)) continue;
        if (gate && item->memory) {
            if (group->memory && group->memory != item->memory) continue;
            group->memory = item->memory;
            group->memory_type = item->memory_type;
        }
        group->items[group->count++] = item;
        items[i] = NULL;
    }
}

static weft_error_t *weave_groups(scope_t *scope, const item_t **open, size_t count, group_t *group,
                                  const body_job_t *job) {
    hook_defs_t lowered = {0};
    def_t *memory = NULL;
    size_t left = count;
    for (bool first = true; left; first = false) {
        weft_scope_order(scope);
        take_group(open, count, job->hooks->gate != NULL, group);
        left -= group->count;
        group->counter = !first ? WEAVE_COUNTER_IMPORTED
                         : left ? WEAVE_COUNTER_EXPORTED
                                : WEAVE_COUNTER_OWN;
        if (first) {
            builder_t b = {scope, group->point, NULL};
            if (job->shape->by_name) TRY(make_names(&b, group->all, count, group->names, &memory));
            TRY(weft_lower_hooks(&b, job->hooks, memory, &lowered)); /* for all groups */
            weft_scope_order(scope);
        }
        for (uint32_t i = 0; i < group->count; i++)
            move_before(group->items[i]->original, group->point);
        def_t *instance = NULL;
        TRY(weave_group(group, job, &lowered, &instance));
        if (first) group->counter_owner = instance;
    }
    return NULL;
}

weft_error_t *weft_weave_body(scope_t *scope, const items_t *items, const body_job_t *job) {
    if (items->count == 0) return NULL;
    weave_names_t names = {0};
    const item_t **lists = weft_alloc_zero(items->count * 3, sizeof *lists);
    if (!lists) return weft_error_oom();
    const item_t **open = lists, **all = lists + items->count;
    for (size_t i = 0; i < items->count; i++) open[i] = all[i] = &items->items[i];
    group_t group = {
        .scope = scope, .items = lists + 2 * items->count, .all = all, .names = &names};
    weft_error_t *error = weave_groups(scope, open, items->count, &group, job);
    VEC_FREE(&group.handles);
    VEC_FREE(&group.drops);
    weft_weave_names_free(&names);
    weft_free(lists);
    return error;
}
