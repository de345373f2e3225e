#include "weave/proxy/proxy.h"

#include <strings.h>

#include "component/types/ctype.h"
#include "weave/proxy/bytes.h"
#include "weave/proxy/interface.h"
#include "weave/proxy/ports.h"

static weft_error_t *build_error(proxy_t *proxy) {
    return weft_naming_error(&proxy->names);
}

/* ---- functions ------------------------------------------------------------------------------ */

static weft_error_t *with_name(const passed_t *passed, weft_error_t *error) {
    weft_str_t slash = weft_str(passed->interface.len ? "#" : "");
    return weft_error_with_note(error, "in the function '%.*s%.*s%.*s'", STR_ARG(passed->interface),
                                STR_ARG(slash), STR_ARG(passed->item->name));
}

/* Memory addresses in a proxy are 32 bits wide. */
static weft_error_t *check_size(const layout_t *layout) {
    if (!layout || layout->size <= INT32_MAX) return NULL;
    return weft_error_new(WEFT_LIMIT, "values of more than 2 GiB");
}

static weft_error_t *add_drops(proxy_t *proxy, const ctype_t *type) {
    if (!type || type->kind != CTYPE_VALUE || !type->value.type->has_borrow) return NULL;
    if (weft_map_get_ptr(&proxy->seen, type)) return NULL;
    TRY(weft_map_set_ptr(&proxy->seen, type, proxy));
    const resource_t *resource = type->value.type->resource;
    if (type->value.type->kind == TYPE_BORROW && !weft_map_get_ptr(&proxy->drops, resource)) {
        TRY(VEC_PUSH(&proxy->dropped, type->value.parts[0]));
        TRY(weft_map_set_ptr(&proxy->drops, resource, (void *)(uintptr_t)proxy->dropped.count));
    }
    if (type->value.type->kind == TYPE_BORROW) return NULL;
    for (uint32_t i = 0; i < type->value.part_count; i++)
        TRY(add_drops(proxy, type->value.parts[i]));
    return NULL;
}

static weft_error_t *find_drops(proxy_t *proxy, const ctype_t *func, bool *found) {
    *found = false;
    for (uint32_t i = 0; i < func->func.type->param_count; i++) {
        *found |= func->func.type->params[i].type->has_borrow;
        TRY(add_drops(proxy, func->func.params[i]));
    }
    return NULL;
}

static bool params_differ(const func_type_t *a, const func_type_t *b) {
    for (uint32_t i = 0; i < a->param_count; i++)
        if (a->params[i].type != b->params[i].type) return true;
    return false;
}

/* Finds out how a function is passed on. */
static weft_error_t *plan_func(proxy_t *proxy, passed_t *passed) {
    const ctype_t *inner = passed->item->type.type;
    proxy_func_t *core = &passed->core;
    passed->outer = inner;
    if (proxy->options->bytes)
        TRY(weft_proxy_replace_bytes(proxy->pool, inner, proxy->options->bytes, &passed->outer));
    TRY(weft_abi_lower(&proxy->abi, inner->func.type, (abi_options_t){0}, &core->lower));
    TRY(weft_abi_lift(&proxy->abi, passed->outer->func.type, (abi_options_t){0}, &core->lift));
    TRY(check_size(core->lower.params));
    TRY(check_size(core->lower.result));
    TRY(find_drops(proxy, inner, &core->has_borrows));
    passed->has_text = passed->outer != inner && proxy->options->bytes == PROXY_TEXT;
    core->checks_bytes =
        passed->has_text && params_differ(inner->func.type, passed->outer->func.type);
    core->uses_memory = core->lift.needs_memory || core->lower.needs_memory;
    passed->is_straight = !core->uses_memory && !core->has_borrows;
    if (passed->is_straight) return NULL;
    passed->number = (uint32_t)proxy->woven.count;
    return VEC_PUSH(&proxy->woven, core);
}

static weft_error_t *plan_item(proxy_t *proxy, port_t *port, const extern_item_t *item,
                               weft_str_t interface) {
    if (item->type.sort != SORT_FUNC) return NULL;
    passed_t *passed = &port->funcs[port->func_count++];
    passed->item = item;
    passed->interface = interface;
    return with_name(passed, plan_func(proxy, passed));
}

static weft_error_t *plan_port(proxy_t *proxy, port_t *port) {
    const extern_item_t *item = port->item;
    const ctype_t *type = item->type.type;
    uint32_t count = item->type.sort == SORT_INSTANCE ? type->instance.exports.count : 1;
    port->funcs = weft_proxy_alloc(proxy, count, sizeof *port->funcs);
    if (!port->funcs) return weft_error_oom();
    if (item->type.sort != SORT_INSTANCE) return plan_item(proxy, port, item, (weft_str_t){0});
    for (uint32_t i = 0; i < count; i++)
        TRY(plan_item(proxy, port, &type->instance.exports.items[i], item->name));
    return NULL;
}

/* ---- definitions ---------------------------------------------------------------------------- */

static weft_error_t *import_ports(proxy_t *proxy) {
    builder_t *b = &proxy->names.b;
    for (uint32_t i = 0; i < proxy->port_count; i++) {
        port_t *port = &proxy->ports[i];
        if (!port->is_needed) continue;
        TRY(weft_proxy_import(&proxy->names, port->item, port->twin, !port->is_passed,
                              &port->import));
        if (!port->is_passed) continue;
        TRY(plan_port(proxy, port));
        if (port->import->sort == SORT_FUNC) port->funcs[0].func = port->import;
        for (uint32_t k = 0; port->import->sort == SORT_INSTANCE && k < port->func_count; k++)
            port->funcs[k].func =
                weft_build_alias(b, SORT_FUNC, port->import, port->funcs[k].item->name);
    }
    return build_error(proxy);
}

static bool has_room(const proxy_t *proxy) {
    return proxy->options->bytes == PROXY_PLACES;
}

static weft_error_t *build_memory(proxy_t *proxy) {
    builder_t *b = &proxy->names.b;
    buf_t bytes = {0};
    bool needed = false;
    for (size_t i = 0; i < proxy->woven.count; i++) needed |= proxy->woven.items[i]->uses_memory;
    if (!needed) return NULL;
    weft_error_t *error = weft_proxy_memory_module(has_room(proxy), &bytes);
    if (!error) {
        def_t *module = weft_build_module(b, weft_buf_as_bytes(&bytes));
        def_t *instance = weft_build_core_instance(b, module, NULL, 0);
        proxy->memory = weft_build_core_alias(b, SORT_CORE_MEMORY, instance, STR_LIT("m"));
        proxy->realloc = weft_build_core_alias(b, SORT_CORE_FUNC, instance, STR_LIT("r"));
        proxy->memory_instance = instance;
        error = build_error(proxy);
    }
    weft_buf_free(&bytes);
    return error;
}

typedef struct options {
    canon_opt_t items[4];
    uint32_t count;
} options_t;

/* What the two sides of a function say of strings must agree, since those are passed on as they are. */
static options_t options_of(const proxy_t *proxy, const passed_t *passed, const abi_func_t *side) {
    options_t options = {.count = 0};
    if (side->needs_encoding) {
        opt_t encoding = passed->has_text ? OPT_LATIN1_UTF16 : OPT_UTF8;
        options.items[options.count++] = (canon_opt_t){encoding, NULL};
    }
    if (side->needs_memory || side->needs_realloc)
        options.items[options.count++] = (canon_opt_t){OPT_MEMORY, proxy->memory};
    if (side->needs_realloc)
        options.items[options.count++] = (canon_opt_t){OPT_REALLOC, proxy->realloc};
    return options;
}

typedef weft_error_t *each_passed_t(proxy_t *proxy, passed_t *passed);

static weft_error_t *for_each_passed(proxy_t *proxy, each_passed_t *visit) {
    for (uint32_t i = 0; i < proxy->port_count; i++)
        for (uint32_t k = 0; k < proxy->ports[i].func_count; k++)
            TRY(visit(proxy, &proxy->ports[i].funcs[k]));
    return NULL;
}

static weft_error_t *lower(proxy_t *proxy, passed_t *passed) {
    options_t options = options_of(proxy, passed, &passed->core.lower);
    passed->lowered = weft_build_lower(&proxy->names.b, passed->func, options.items, options.count);
    passed->core_func = passed->lowered;
    return build_error(proxy);
}

/* ---- the module of functions ---- */

typedef VEC(named_def_t) named_defs_t;

static weft_error_t *give_lowered(proxy_t *proxy, named_defs_t *given) {
    for (uint32_t i = 0; i < proxy->port_count; i++) {
        const port_t *port = &proxy->ports[i];
        for (uint32_t k = 0; k < port->func_count; k++) {
            const passed_t *passed = &port->funcs[k];
            if (passed->is_straight) continue;
            weft_str_t name = weft_build_name(&proxy->names.b, "%u", passed->number);
            TRY(VEC_PUSH(given, weft_named(name, passed->lowered)));
        }
    }
    return NULL;
}

static weft_error_t *give_drops(proxy_t *proxy, named_defs_t *given) {
    builder_t *b = &proxy->names.b;
    for (uint32_t i = 0; i < proxy->dropped.count; i++) {
        def_t *resource;
        TRY(weft_naming_find(&proxy->names, proxy->dropped.items[i], &resource));
        def_t *drop = weft_build_canon(b, CANON_RESOURCE_DROP, resource);
        TRY(VEC_PUSH(given, weft_named(weft_build_name(b, "d%u", i), drop)));
    }
    return NULL;
}

static weft_error_t *give_memory(proxy_t *proxy, named_defs_t *given) {
    builder_t *b = &proxy->names.b;
    if (!proxy->memory) return NULL;
    def_t *free = weft_build_core_alias(b, SORT_CORE_GLOBAL, proxy->memory_instance, STR_LIT("p"));
    if (has_room(proxy)) {
        def_t *first =
            weft_build_core_alias(b, SORT_CORE_GLOBAL, proxy->memory_instance, STR_LIT("f"));
        TRY(VEC_PUSH(given, weft_named(STR_LIT("f"), first)));
    }
    TRY(VEC_PUSH(given, weft_named(STR_LIT("m"), proxy->memory)));
    TRY(VEC_PUSH(given, weft_named(STR_LIT("r"), proxy->realloc)));
    return VEC_PUSH(given, weft_named(STR_LIT("p"), free));
}

static weft_error_t *instantiate_funcs(proxy_t *proxy, weft_bytes_t bytes, named_defs_t *given) {
    builder_t *b = &proxy->names.b;
    TRY(give_memory(proxy, given));
    TRY(give_lowered(proxy, given));
    TRY(give_drops(proxy, given));
    def_t *module = weft_build_module(b, bytes);
    def_t *inline_ = weft_build_core_inline(b, given->items, (uint32_t)given->count);
    named_def_t from = weft_named(STR_LIT(""), inline_);
    proxy->funcs_instance = weft_build_core_instance(b, module, &from, 1);
    return build_error(proxy);
}

static weft_error_t *build_funcs(proxy_t *proxy) {
    proxy_module_t shape = {.funcs = (const proxy_func_t *const *)proxy->woven.items,
                            .func_count = (uint32_t)proxy->woven.count,
                            .drops = &proxy->drops,
                            .drop_count = (uint32_t)proxy->dropped.count,
                            .has_room = has_room(proxy)};
    named_defs_t given = {0};
    buf_t bytes = {0};
    if (!proxy->woven.count) return NULL;
    weft_error_t *error = weft_proxy_func_module(&shape, &bytes);
    if (!error) error = instantiate_funcs(proxy, weft_buf_as_bytes(&bytes), &given);
    weft_buf_free(&bytes);
    VEC_FREE(&given);
    return error;
}

/* ---- exports ---- */

static weft_error_t *lift(proxy_t *proxy, passed_t *passed) {
    builder_t *b = &proxy->names.b;
    options_t options = options_of(proxy, passed, &passed->core.lift);
    def_t *type;
    TRY(weft_naming_func(&proxy->names, passed->outer, &type));
    if (!passed->is_straight)
        passed->core_func = weft_build_core_alias(b, SORT_CORE_FUNC, proxy->funcs_instance,
                                                  weft_build_name(b, "%u", passed->number));
    if (passed->core.uses_memory) {
        def_t *post_return = weft_build_core_alias(b, SORT_CORE_FUNC, proxy->funcs_instance,
                                                   weft_proxy_post_return(&passed->core));
        options.items[options.count++] = (canon_opt_t){OPT_POST_RETURN, post_return};
    }
    passed->func = weft_build_lift(b, passed->core_func, type, options.items, options.count);
    return build_error(proxy);
}

static weft_error_t *export_as(proxy_t *proxy, const port_t *port, def_t *def, def_t **export) {
    *export = weft_build_export(&proxy->names.b, port->item->name, def);
    if (!*export) return build_error(proxy);
    (*export)->export_.name = weft_proxy_name(port->item);
    return NULL;
}

static weft_error_t *export_instance(proxy_t *proxy, const port_t *port) {
    proxy_export_t *funcs = weft_proxy_alloc(proxy, port->func_count, sizeof *funcs);
    def_t *instance, *export;
    if (!funcs) return weft_error_oom();
    for (uint32_t i = 0; i < port->func_count; i++)
        funcs[i] = (proxy_export_t){port->funcs[i].outer, port->funcs[i].func};
    TRY(weft_proxy_instance(&proxy->names, &port->item->type.type->instance.exports, funcs,
                            &instance));
    return export_as(proxy, port, instance, &export);
}

/* A method that is exported by itself needs its resource exported beside it. */
static weft_error_t *export_func(proxy_t *proxy, naming_t *exported, const port_t *port) {
    def_t *type, *export;
    TRY(weft_naming_func(exported, port->funcs[0].outer, &type));
    TRY(export_as(proxy, port, port->funcs[0].func, &export));
    export->export_.has_desc = true;
    export->export_.desc = (extern_desc_t){.sort = SORT_FUNC, .type = type};
    return NULL;
}

static weft_error_t *export_type(proxy_t *proxy, naming_t *exported, const port_t *port) {
    def_t *type, *export;
    TRY(weft_naming_define(exported, port->item->type.type, &type));
    TRY(export_as(proxy, port, type, &export));
    return weft_naming_bind(exported, port->item->type.type, export);
}

static weft_error_t *export_ports(proxy_t *proxy, naming_t *exported) {
    for (uint32_t i = 0; i < proxy->port_count; i++) {
        const port_t *port = &proxy->ports[i];
        sort_t sort = port->item->type.sort;
        if (!port->is_passed) continue;
        if (sort == SORT_INSTANCE) TRY(export_instance(proxy, port));
        else if (sort == SORT_TYPE) TRY(export_type(proxy, exported, port));
        else TRY(export_func(proxy, exported, port));
    }
    return NULL;
}

static weft_error_t *room_type(proxy_t *proxy, const ctype_t **type) {
    const ctype_t **u32 = ARENA_ARRAY(weft_type_pool_arena(proxy->pool), const ctype_t *, 1);
    ctype_t made = {.kind = CTYPE_FUNC};
    if (!u32) return weft_error_oom();
    TRY(weft_ctype_prim(proxy->pool, TYPE_U32, u32));
    type_field_t size = {STR_LIT("size"), (*u32)->value.type};
    func_type_t shape = {.params = &size, .param_count = 1, .result = size.type};
    TRY(weft_func_type_intern(proxy->pool, &shape, &made.func.type));
    made.func.params = u32;
    made.func.result = *u32;
    return weft_ctype_new(proxy->pool, &made, type);
}

/* Names that differ in case only are the same. */
static weft_error_t *check_name_is_free(const proxy_t *proxy) {
    for (uint32_t i = 0; i < proxy->port_count; i++) {
        weft_str_t name = proxy->ports[i].item->name;
        if (proxy->ports[i].is_passed && name.len == 4 && strncasecmp(name.ptr, "room", 4) == 0)
            return weft_error_new(WEFT_UNSUPPORTED,
                                  "`%.*s` has the name of a function of the proxy", STR_ARG(name));
    }
    return NULL;
}

static weft_error_t *export_room(proxy_t *proxy) {
    builder_t *b = &proxy->names.b;
    const ctype_t *shape;
    def_t *type;
    if (!has_room(proxy) || !proxy->memory) return NULL;
    TRY(check_name_is_free(proxy));
    TRY(room_type(proxy, &shape));
    TRY(weft_naming_func(&proxy->names, shape, &type));
    def_t *core = weft_build_core_alias(b, SORT_CORE_FUNC, proxy->memory_instance, STR_LIT("room"));
    def_t *func = weft_build_lift(b, core, type, NULL, 0);
    weft_build_export(b, STR_LIT("room"), func);
    return build_error(proxy);
}

static weft_error_t *export_all(proxy_t *proxy) {
    naming_t exported;
    weft_naming_init_beside(&exported, &proxy->names);
    weft_error_t *error = export_ports(proxy, &exported);
    weft_naming_free(&exported);
    return error;
}

/* ---- the whole ------------------------------------------------------------------------------ */

static weft_error_t *make(proxy_t *proxy, const extern_item_t *imports, uint32_t count,
                          buf_t *out) {
    pieces_t pieces;
    TRY(weft_proxy_take(proxy, imports, count));
    TRY(import_ports(proxy));
    TRY(build_memory(proxy));
    TRY(for_each_passed(proxy, lower));
    TRY(build_funcs(proxy));
    TRY(for_each_passed(proxy, lift));
    TRY(export_all(proxy));
    TRY(export_room(proxy));
    TRY(weft_document_stamp(proxy->document));
    TRY(weft_document_write(proxy->document, &pieces));
    weft_error_t *error = weft_pieces_join(&pieces, out);
    weft_pieces_free(&pieces);
    return error;
}

weft_error_t *weft_proxy_make(type_pool_t *pool, const extern_item_t *imports, uint32_t count,
                              const proxy_options_t *options, buf_t *out) {
    static const proxy_options_t defaults = {0};
    proxy_t proxy = {
        .pool = pool, .options = options ? options : &defaults, .abi = {.address = ABI_32}};
    TRY(weft_document_new(&proxy.document));
    weft_naming_init(&proxy.names, proxy.document->root);
    weft_error_t *error = make(&proxy, imports, count, out);
    weft_naming_free(&proxy.names);
    weft_abi_free(&proxy.abi);
    weft_map_free(&proxy.owners);
    weft_map_free(&proxy.by_name);
    weft_map_free(&proxy.drops);
    weft_map_free(&proxy.seen);
    VEC_FREE(&proxy.woven);
    VEC_FREE(&proxy.dropped);
    weft_document_delete(proxy.document);
    return error;
}
