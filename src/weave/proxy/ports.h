/* What a proxy that is being made consists of (proxy.h): an import is a port, a function on its way through is passed. */
#ifndef WEFT_WEAVE_PROXY_PORTS_H
#define WEFT_WEAVE_PROXY_PORTS_H

#include "weave/proxy/module.h"
#include "weave/proxy/naming.h"
#include "weave/proxy/proxy.h"

/* A function on its way through. */
typedef struct passed {
    proxy_func_t core;
    const extern_item_t *item;
    weft_str_t interface; /* empty: a bare function */
    const ctype_t *outer; /* its type as it is exported */
    bool is_straight;     /* the lowered function is lifted as it is */
    bool has_text;        /* `outer` has text for bytes somewhere */
    def_t *func;          /* imported, then lifted */
    def_t *lowered, *core_func;
    uint32_t number; /* in the module, unless it is straight */
} passed_t;

/* An import. */
typedef struct port {
    const extern_item_t *item;
    const extern_item_t *twin; /* another one of this name, or NULL */
    bool is_needed, is_passed; /* imported; exported again */
    def_t *import;
    passed_t *funcs; /* those of an instance, in its order; of a bare function the one */
    uint32_t func_count;
} port_t;

typedef struct proxy {
    type_pool_t *pool;
    const proxy_options_t *options;
    document_t *document;
    naming_t names; /* of the root */
    abi_t abi;
    port_t *ports;
    uint32_t port_count;
    map_t owners; /* ctype_t or resource_t -> the port that brings its name */
    map_t by_name;
    VEC(proxy_func_t *) woven; /* not straight */
    map_t drops;               /* resource_t -> number plus one */
    map_t seen;                /* ctype_t that were looked into for borrowed handles */
    VEC(const ctype_t *) dropped;
    def_t *memory, *realloc, *memory_instance, *funcs_instance;
} proxy_t;

/* Zeroed, in the document's arena. */
static inline void *weft_proxy_alloc(proxy_t *proxy, uint32_t count, size_t size) {
    return weft_arena_alloc(&proxy->document->arena, count, size);
}

/* Makes ports of the items, and finds out which of them are needed. */
weft_error_t *weft_proxy_take(proxy_t *proxy, const extern_item_t *items, uint32_t count);

#endif
