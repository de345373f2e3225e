#include "weave/proxy/ports.h"

#include "component/names.h"

static const void *key_of(const ctype_t *type) {
    return type->kind == CTYPE_RESOURCE ? (const void *)type->resource : type;
}

static weft_error_t *own(proxy_t *proxy, port_t *port, const ctype_t *type) {
    if (weft_map_get_ptr(&proxy->owners, key_of(type))) return NULL;
    return weft_map_set_ptr(&proxy->owners, key_of(type), port);
}

static weft_error_t *own_types(proxy_t *proxy, port_t *port, const extern_type_t *type) {
    if (type->sort == SORT_TYPE) return own(proxy, port, type->type);
    if (type->sort != SORT_INSTANCE) return NULL;
    const extern_list_t *exports = &type->type->instance.exports;
    for (uint32_t i = 0; i < exports->count; i++)
        if (exports->items[i].type.sort == SORT_TYPE)
            TRY(own(proxy, port, exports->items[i].type.type));
    return NULL;
}

/* Marks the ports whose names a type mentions, and theirs in turn. */
typedef struct need {
    proxy_t *proxy;
    VEC(port_t *) found;
    map_t seen; /* ctype_t */
} need_t;

static weft_error_t *need_named(need_t *need, port_t *port) {
    if (!port || port->is_needed) return NULL;
    port->is_needed = true;
    port->is_passed = port->item->type.sort == SORT_TYPE; /* methods are exported beside it */
    return VEC_PUSH(&need->found, port);
}

static weft_error_t *need_type(need_t *need, const ctype_t *type) {
    if (!type || weft_map_get_ptr(&need->seen, type)) return NULL;
    TRY(weft_map_set_ptr(&need->seen, type, need));
    TRY(need_named(need, weft_map_get_ptr(&need->proxy->owners, key_of(type))));
    TRY(need_type(need, type->renames));
    if (type->kind == CTYPE_FUNC) {
        for (uint32_t i = 0; i < type->func.type->param_count; i++)
            TRY(need_type(need, type->func.params[i]));
        return need_type(need, type->func.result);
    }
    for (uint32_t i = 0; type->kind == CTYPE_VALUE && i < type->value.part_count; i++)
        TRY(need_type(need, type->value.parts[i]));
    return NULL;
}

/* Of a bare [static]file.open, the resource. */
static weft_error_t *need_resource(need_t *need, weft_str_t name) {
    const char *close = memchr(name.ptr, ']', name.len);
    if (!close) return NULL;
    size_t at = (size_t)(close - name.ptr) + 1;
    weft_str_t resource = {name.ptr + at, name.len - at};
    const char *dot = memchr(resource.ptr, '.', resource.len);
    if (dot) resource.len = (size_t)(dot - resource.ptr);
    return need_named(need, weft_map_get(&need->proxy->by_name, resource));
}

static weft_error_t *need_port(need_t *need, const port_t *port) {
    const ctype_t *type = port->item->type.type;
    if (port->item->type.sort == SORT_FUNC) TRY(need_resource(need, port->item->name));
    if (port->item->type.sort != SORT_INSTANCE) return type ? need_type(need, type) : NULL;
    const extern_list_t *exports = &type->instance.exports;
    for (uint32_t i = 0; i < exports->count; i++)
        if (port->is_passed || exports->items[i].type.sort == SORT_TYPE)
            TRY(need_type(need, exports->items[i].type.type));
    return NULL;
}

static weft_error_t *find_needed(proxy_t *proxy) {
    need_t need = {.proxy = proxy};
    weft_error_t *error = NULL;
    for (uint32_t i = 0; i < proxy->port_count && !error; i++)
        if (proxy->ports[i].is_passed) error = VEC_PUSH(&need.found, &proxy->ports[i]);
    for (size_t i = 0; i < need.found.count && !error; i++)
        error = need_port(&need, need.found.items[i]);
    VEC_FREE(&need.found);
    weft_map_free(&need.seen);
    return error;
}

/* A dependency, URL or hash names what a component wants, never what it offers. */
static weft_error_t *check_name(weft_str_t text) {
    name_t name;
    TRY(weft_name_parse(text, &name));
    if (name.kind != NAME_DEPENDENCY && name.kind != NAME_URL && name.kind != NAME_HASH)
        return NULL;
    return weft_error_new(WEFT_UNSUPPORTED, "'%.*s' is a name for imports, which no export has",
                          STR_ARG(text));
}

weft_error_t *weft_proxy_take(proxy_t *proxy, const extern_item_t *items, uint32_t count) {
    const bool *wanted = proxy->options->wanted;
    proxy->ports = weft_proxy_alloc(proxy, count, sizeof *proxy->ports);
    if (!proxy->ports) return weft_error_oom();
    for (uint32_t i = 0; i < count; i++) {
        port_t *port = weft_map_get(&proxy->by_name, items[i].name);
        if (port) port->twin = &items[i];
        else port = &proxy->ports[proxy->port_count++];
        if (!port->item) port->item = &items[i];
        port->is_passed = port->is_needed = port->is_needed || !wanted || wanted[i];
        TRY(weft_map_set(&proxy->by_name, items[i].name, port));
        TRY(own_types(proxy, port, &items[i].type));
        if (port->is_passed) TRY(check_name(items[i].name));
    }
    return find_needed(proxy);
}
