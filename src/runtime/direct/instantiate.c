/* Instantiating a component body: its definitions are gone through in order, each makes its entity from those
 * before it. */
#include "runtime/direct/absent.h"
#include "runtime/direct/frame.h"
#include "runtime/direct/host.h"
#include "runtime/shared.h"

/* ---- resources -------------------------------------------------------------------------------- */

/* The resources of the body's types are told apart by what typing made for the definition that brings them in;
 * here each gets what it stands for in this instance. */
static weft_error_t *bind(frame_t *frame, const extern_type_t *type, const rt_t *entity) {
    if (type->sort == SORT_TYPE && type->type->kind == CTYPE_RESOURCE) {
        if (entity->kind != RT_RESOURCE) return weft_error_new(WEFT_INTERNAL, "not a resource");
        return weft_map_set_ptr(&frame->resources, type->type->resource,
                                (void *)(uintptr_t)entity->resource);
    }
    if (type->sort != SORT_INSTANCE) return NULL;
    const extern_list_t *exports = &type->type->instance.exports;
    for (uint32_t i = 0; i < exports->count; i++) {
        const extern_item_t *item = &exports->items[i];
        if (item->type.sort != SORT_TYPE && item->type.sort != SORT_INSTANCE) continue;
        const rt_t *inner = weft_rt_find(&entity->exports, item->name);
        if (inner) TRY(bind(frame, &item->type, inner));
    }
    return NULL;
}

static weft_error_t *bind_def(frame_t *frame, def_t *def, const rt_t *entity) {
    extern_type_t type;
    TRY(weft_typing_def(frame->direct->program->pool, def, &type));
    return bind(frame, &type, entity);
}

static weft_error_t *check_dtor(frame_t *frame, const def_t *def, const wasmtime_func_t *dtor) {
    static const uint8_t params[] = {CORE_I32};
    program_t *program = frame->direct->program;
    if (weft_program_is_sound(program, def)) return NULL;
    if (weft_core_func_is(frame->direct, dtor, (core_sig_t){params, NULL, 1, 0}))
        return weft_core_is_fixed(def->type.dtor) ? weft_program_set_sound(program, def) : NULL;
    return weft_error_new(WEFT_INVALID, "a destructor is not of the type (func (param i32))");
}

static weft_error_t *make_resource(frame_t *frame, def_t *def, rt_t *made) {
    rtype_t *resource = ARENA_NEW(&frame->direct->arena, rtype_t);
    if (!resource) return weft_error_oom();
    resource->frame = frame;
    if (def->type.rep != CORE_I32)
        return weft_error_new(WEFT_UNSUPPORTED, "a resource that is not represented by an i32");
    if (def->type.dtor) {
        resource->has_dtor = true;
        TRY(weft_core_func_of(frame, def->type.dtor, &resource->dtor));
        TRY(check_dtor(frame, def, &resource->dtor));
    }
    *made = (rt_t){.kind = RT_RESOURCE, .resource = resource};
    return bind_def(frame, def, made);
}

/* ---- instances -------------------------------------------------------------------------------- */

static weft_error_t *list_of(frame_t *frame, const named_def_t *named, uint32_t count,
                             rt_list_t *list) {
    rt_named_t *items = ARENA_ARRAY(&frame->direct->arena, rt_named_t, count);
    if (!items) return weft_error_oom();
    for (uint32_t i = 0; i < count; i++)
        items[i] = (rt_named_t){named[i].name.name, weft_frame_entity(frame, named[i].def)};
    *list = (rt_list_t){.items = items, .count = count};
    return weft_rt_list_complete(&frame->direct->arena, list);
}

static weft_error_t *instantiate(frame_t *frame, def_t *def, rt_t *made) {
    const rt_t *component = weft_frame_entity(frame, def->instantiate.target);
    rt_list_t given;
    scope_t *body;
    frame_t *inner;
    TRY(weft_component_body(component->component.def, &body));
    TRY(list_of(frame, def->instantiate.args, def->instantiate.count, &given));
    TRY(weft_frame_new(frame->direct, body, component->component.frame, frame, given, &inner));
    *made = (rt_t){.kind = RT_INSTANCE, .exports = inner->exports};
    return bind_def(frame, def, made);
}

static weft_error_t *make_inline(frame_t *frame, const def_t *def, rt_t *made) {
    made->kind = RT_INSTANCE;
    return list_of(frame, def->inline_.exports, def->inline_.count, &made->exports);
}

/* ---- names and aliases ------------------------------------------------------------------------ */

static weft_error_t *take_import(frame_t *frame, def_t *def, rt_t *made) {
    const rt_t *given = weft_rt_find(&frame->given, def->import.name.name);
    extern_type_t type;
    TRY(weft_typing_def(frame->direct->program->pool, def, &type));
    if (!given) TRY(weft_direct_import(frame, def, &type, &given));
    *made = *given;
    return bind(frame, &type, made);
}

static weft_error_t *add_export(frame_t *frame, def_t *def, rt_t *made) {
    *made = *weft_frame_entity(frame, def->export_.target);
    frame->exports.items[frame->exports.count++] = (rt_named_t){def->export_.name.name, made};
    return bind_def(frame, def, made);
}

static weft_error_t *alias_export(const frame_t *frame, const def_t *def, rt_t *made) {
    const rt_t *instance = weft_frame_entity(frame, def->alias.target);
    const rt_t *entity = weft_rt_find(&instance->exports, def->alias.name);
    if (entity) *made = *entity;
    else if (def->sort != SORT_TYPE)
        return weft_error_new(WEFT_INTERNAL, "an instance lacks its export `%.*s`",
                              STR_ARG(def->alias.name));
    return NULL;
}

static void alias_outer(const frame_t *frame, const def_t *def, rt_t *made) {
    while (frame && frame->scope != def->alias.target->scope) frame = frame->outer;
    if (frame) *made = *weft_frame_entity(frame, def->alias.target);
}

/* ---- definitions ------------------------------------------------------------------------------ */

static weft_error_t *make(frame_t *frame, def_t *def) {
    rt_t *made = weft_frame_entity(frame, def);
    switch ((def_kind_t)def->kind) {
    case DEF_CORE_MODULE:
        *made = (rt_t){.kind = RT_MODULE, .module = weft_map_get_ptr(frame->direct->modules, def)};
        return NULL;
    case DEF_CORE_INSTANTIATE: return weft_core_instantiate(frame, def, made);
    case DEF_CORE_INLINE: return weft_core_inline(frame, def, made);
    case DEF_COMPONENT:
        *made = (rt_t){.kind = RT_COMPONENT, .component = {def, frame}};
        return NULL;
    case DEF_INSTANTIATE: return instantiate(frame, def, made);
    case DEF_INLINE: return make_inline(frame, def, made);
    case DEF_ALIAS_EXPORT: return alias_export(frame, def, made);
    case DEF_ALIAS_OUTER: alias_outer(frame, def, made); return NULL;
    case DEF_TYPE: return make_resource(frame, def, made);
    case DEF_CANON: return weft_canon(frame, def, made);
    case DEF_IMPORT: return take_import(frame, def, made);
    case DEF_EXPORT: return add_export(frame, def, made);
    case DEF_VALUE: return weft_value_define(frame, def, made);
    case DEF_START: return weft_value_start(frame, def, made);
    case DEF_START_RESULT: *made = *weft_frame_entity(frame, def->start_result); return NULL;
    default: return NULL;
    }
}

weft_error_t *weft_direct_at(weft_error_t *error, const def_t *def) {
    weft_code_t code = weft_error_code(error);
    if (!error || code == WEFT_TRAP || code == WEFT_LIMIT) return error;
    return weft_error_with_offset(error, weft_def_offset(def));
}

static weft_error_t *make_all(frame_t *frame) {
    arena_t *arena = &frame->direct->arena;
    const steps_t *steps = weft_program_steps(frame->direct->program, frame->scope);
    frame->entities = ARENA_ARRAY(arena, rt_t, steps->entities);
    frame->exports.items = ARENA_ARRAY(arena, rt_named_t, steps->exports);
    if (!frame->entities || !frame->exports.items) return weft_error_oom();
    for (uint32_t i = 0; i < steps->count; i++) {
        def_t *def = steps->items[i];
        weft_error_t *error = make(frame, def);
        if (error) return weft_direct_at(error, def);
    }
    return NULL;
}

/* Bodies that instantiate a body twice, and are instantiated twice, and so on, would be instances without end. An instance
 * takes the host's memory for as many entities beside those that it has. */
enum { MOST_ENTITIES = 1 << 22, ENTITIES_OF_FRAME = 16, ENTITIES_PER_LOOK = 4096 };

static weft_error_t *count_frame(direct_t *direct, const scope_t *scope) {
    uint64_t before = direct->entity_count;
    direct->entity_count +=
        weft_program_steps(direct->program, scope)->entities + ENTITIES_OF_FRAME;
    if (direct->entity_count > MOST_ENTITIES)
        return weft_error_new(WEFT_LIMIT,
                              "the component instances in the component have more than %d "
                              "definitions",
                              MOST_ENTITIES);
    bool looks = before / ENTITIES_PER_LOOK != direct->entity_count / ENTITIES_PER_LOOK;
    return looks ? weft_guard_check_time() : NULL;
}

/* While its core modules start, an instance is entered: nobody but those it calls runs. */
weft_error_t *weft_frame_new(direct_t *direct, scope_t *scope, frame_t *outer, frame_t *parent,
                             rt_list_t given, frame_t **out) {
    TRY(count_frame(direct, scope));
    frame_t *frame = ARENA_NEW(&direct->arena, frame_t);
    if (!frame) return weft_error_oom();
    frame->direct = direct;
    frame->scope = scope;
    frame->outer = outer;
    frame->parent = parent;
    frame->given = given;
    frame->flags = &frame->own_flags;
    frame->next = direct->frames;
    direct->frames = frame;
    frame->flags->entered = true;
    TRY(make_all(frame));
    TRY(weft_rt_list_complete(&direct->arena, &frame->exports));
    frame->flags->entered = false;
    *out = frame;
    return NULL;
}
