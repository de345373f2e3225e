/* The functions to be woven in one component body. */
#ifndef WEFT_WEAVE_BODY_ITEM_H
#define WEFT_WEAVE_BODY_ITEM_H

#include "abi/func.h"
#include "component/types/typing.h"
#include "weave/body/handles.h"
#include "weave/body/memory.h"
#include "weave/body/trace.h"
#include "weave/weave.h"

/* One core function, and the references to it that will lead to the woven one. */
typedef struct item {
    def_t *original;
    hops_t slots;
    def_t *first_use; /* the first definition (in order) that holds one of the slots */
    def_t
        *memory; /* that a gate which skips writes the result to or reads handles from; else NULL */
    core_size_t memory_type;
    const func_type_t *type;
    abi_func_t abi;
    bool can_skip; /* there is a gate, and the result has a default */
    uint32_t target;
    weft_str_t interface, function;
    def_t *lift; /* provider side; NULL: consumer side */
} item_t;

typedef VEC(item_t) items_t;

/* The canonical ABI for memories of both address types. */
typedef struct abis {
    abi_t narrow, wide;
} abis_t;

/* What collecting needs; one per body and job. */
typedef struct collector {
    resolver_t *resolver;
    type_pool_t *pool;
    abis_t *abis;
    memories_t memories;
    uses_t uses;      /* of the body */
    map_t *innermost; /* lift -> hop_t: the slot of its original core function, when woven before */
    bool edit;        /* definitions that several exports share may be cloned */
    bool copied_instances; /* that has happened to one of these */
    bool skips;            /* there is a gate: calls may be skipped */
    handles_t handles;     /* with a gate: those in the arguments */
    const char *why_not;   /* the first reason why something cannot be woven */
    items_t items;
} collector_t;

/* Adds the functions of a site. What cannot be woven sets why_not and is left out. */
weft_error_t *weft_collect(collector_t *collector, const weave_site_t *site);
void weft_collector_free(collector_t *collector);

#endif
