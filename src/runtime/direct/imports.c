/* What the host gives for the imports of the outermost component: entities made along the import's type. */
#include "runtime/direct/host.h"

static weft_error_t *nothing_provides(weft_str_t interface, weft_str_t name) {
    return weft_error_new(WEFT_NOT_FOUND, "nothing provides the import `%.*s%s%.*s`",
                          STR_ARG(interface), interface.len ? "#" : "", STR_ARG(name));
}

static weft_error_t *give_func(direct_t *direct, weft_str_t interface, const extern_item_t *item,
                               rt_t *made) {
    const host_func_t *host;
    TRY(weft_host_given(direct, interface, item->name, &host));
    if (!host && direct->source && interface.len)
        TRY(direct->source->func(direct->source, interface, item, &host));
    if (!host) return nothing_provides(interface, item->name);
    direct_func_t *func = ARENA_NEW(&direct->arena, direct_func_t);
    if (!func) return weft_error_oom();
    func->host = host;
    func->type = item->type.type->func.type;
    *made = (rt_t){.kind = RT_FUNC, .func = func};
    return NULL;
}

static weft_error_t *give(direct_t *direct, weft_str_t interface, const extern_item_t *item,
                          rt_t *made);

static weft_error_t *give_instance(direct_t *direct, weft_str_t interface,
                                   const extern_list_t *exports, rt_t *made) {
    *made = (rt_t){.kind = RT_INSTANCE};
    made->exports.items = ARENA_ARRAY(&direct->arena, rt_named_t, exports->count);
    rt_t *entities = ARENA_ARRAY(&direct->arena, rt_t, exports->count);
    if (!made->exports.items || !entities) return weft_error_oom();
    for (uint32_t i = 0; i < exports->count; i++) {
        TRY(give(direct, interface, &exports->items[i], &entities[i]));
        made->exports.items[i] = (rt_named_t){exports->items[i].name, &entities[i]};
    }
    made->exports.count = exports->count;
    return weft_rt_list_complete(&direct->arena, &made->exports);
}

static weft_error_t *give(direct_t *direct, weft_str_t interface, const extern_item_t *item,
                          rt_t *made) {
    const ctype_t *type = item->type.type;
    switch (item->type.sort) {
    case SORT_FUNC: return give_func(direct, interface, item, made);
    case SORT_INSTANCE: return give_instance(direct, item->name, &type->instance.exports, made);
    case SORT_TYPE:
        *made = (rt_t){.kind = RT_NONE};
        if (type->kind != CTYPE_RESOURCE) return NULL;
        if (!direct->source) return nothing_provides(interface, item->name);
        made->kind = RT_RESOURCE;
        return direct->source->resource(direct->source, type->resource, &made->resource);
    default: return nothing_provides(interface, item->name);
    }
}

weft_error_t *weft_direct_import(frame_t *frame, const def_t *import, const extern_type_t *type,
                                 const rt_t **given) {
    extern_item_t item = {.name = import->import.name.name, .type = *type};
    rt_t *made = ARENA_NEW(&frame->direct->arena, rt_t);
    if (!made) return weft_error_oom();
    TRY(give(frame->direct, STR_LIT(""), &item, made));
    *given = made;
    return NULL;
}
