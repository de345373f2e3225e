/* What there is of a component on the direct engine.
 *
 *   direct_t      a component with its compiled modules and its store
 *     frame_t     one instantiation of one component body: a component instance of the specification.
 *                 For each definition of the body it has the entity that came of it.
 *     entity:     rt_t: a core item, a module, a core instance, a function, a resource type, a
 *                 component (its definition and the frame it closes over), an instance, a value
 *
 * Everything lives in the direct_t's arena until it is deleted, but for handle tables, which grow. */
#ifndef WEFT_RUNTIME_DIRECT_ENTITY_H
#define WEFT_RUNTIME_DIRECT_ENTITY_H

#include <wasmtime.h>

#include "abi/func.h"
#include "abi/side.h"
#include "component/types/typing.h"
#include "runtime/given.h"
#include "runtime/guard.h"
#include "runtime/link.h"
#include "runtime/program.h"
#include "value/value.h"

typedef struct direct direct_t;
typedef struct fusing fusing_t; /* fuse/fuse.h */
typedef struct frame frame_t;
typedef struct direct_func direct_func_t;
typedef struct lift lift_t;
typedef struct direct_resource direct_resource_t;
typedef struct host_func host_func_t; /* host.h */
typedef struct absent absent_t;       /* absent.h */
typedef struct host_resource host_resource_t;
typedef struct host_source host_source_t;

/* As much as one string of the greatest length needs, and more than most hosts want to see. */
enum { DIRECT_ROOM = 1 << 30 };

/* ---- entities --------------------------------------------------------------------------------- */

/* A resource type: fresh in each instantiation of the component that defines it. */
typedef struct rtype {
    frame_t *frame; /* that defines it; NULL: the host */
    const host_resource_t *host;
    bool has_dtor;
    wasmtime_func_t dtor;
} rtype_t;

typedef struct rt rt_t;

/* Exports by name: of an instance, or what an instantiation is given. */
typedef struct rt_named {
    weft_str_t name;
    const rt_t *entity;
} rt_named_t;

typedef struct rt_list {
    rt_named_t *items;
    const rt_named_t *sorted; /* the same by name; NULL: they are few, or not all there yet */
    uint32_t count;
} rt_list_t;

typedef enum rt_kind {
    RT_NONE, /* a type that is no resource; or not there yet: the core exports that nobody needed so far */
    RT_CORE,
    RT_ABSENT, /* a core function that is not here (absent.h) */
    RT_MODULE,
    RT_CORE_INSTANCE, /* of a module */
    RT_CORE_BUNDLE,   /* of inline exports */
    RT_FUNC,          /* of the host */
    RT_LIFT,          /* of a guest */
    RT_RESOURCE,
    RT_COMPONENT,
    RT_INSTANCE,
    RT_VALUE
} rt_kind_t;

struct rt {
    rt_kind_t kind;
    union {
        const wasmtime_extern_t *core;
        const absent_t *absent;
        const shared_module_t *module;
        wasmtime_instance_t core_instance;
        rt_list_t exports; /* bundle, instance */
        const direct_func_t *func;
        lift_t *lift;
        const rtype_t *resource;
        const weft_value_t *value; /* of a direct_value_t */
        struct {
            def_t *def;
            frame_t *frame; /* that it was defined in */
        } component;
    };
};

/* ---- functions -------------------------------------------------------------------------------- */

/* Where a memory is that never moves, and how large it is at least. */
typedef struct known_memory {
    uint8_t *base; /* NULL: not looked up yet */
    uint64_t size;
} known_memory_t;

/* The options of a lift or lower. */
typedef struct options {
    encoding_t encoding;
    abi_t *abi; /* by the memory's address type */
    bool has_memory, has_realloc, has_post_return;
    wasmtime_memory_t memory;
    known_memory_t *known; /* NULL: it may move, or there is none */
    wasmtime_func_t realloc, post_return;
} options_t;

/* How a function can be called without weft_value_t (flat.c). */
typedef enum flat_kind {
    FLAT_NOT,
    FLAT_NUMBERS, /* the parameters and the result are numbers of 32 and 64 bits, which can be any bits */
    FLAT_SCALARS, /* they are core values */
    FLAT_BYTES    /* there are strings or byte lists among them */
} flat_kind_t;

/* Those of FLAT_NUMBERS. */
typedef struct numbers {
    uint8_t params[ABI_MAX_FLAT_PARAMS], result; /* weft_kind_t */
} numbers_t;

/* A core function that was lifted: what a component function is. Or one of the host, which has but a type. */
struct direct_func {
    const host_func_t *host; /* NULL: a guest's */
    const absent_t *absent;  /* NULL: it is here */
    frame_t *frame;
    const func_type_t *type; /* with the resources as its frame knows them */
    options_t options;
    abi_func_t abi;
    wasmtime_func_t core;
    flat_kind_t flat;
    numbers_t numbers;
};

static inline bool weft_func_has_scalars(const direct_func_t *func) {
    return func->flat == FLAT_NUMBERS || func->flat == FLAT_SCALARS;
}

static inline bool weft_number_is_wide(uint8_t kind) {
    return kind == WEFT_S64 || kind == WEFT_U64 || kind == WEFT_F64;
}

/* The bits of a result, without those that a core value of 32 bits leaves unknown. */
static inline uint64_t weft_number_bits(uint8_t kind, uint64_t bits) {
    return weft_number_is_wide(kind) ? bits : (uint32_t)bits;
}

/* A function that an instance lifts. Few of them are ever called; so an instantiation makes no more than this of each,
 * and lifts.c the function when somebody needs it. */
struct lift {
    frame_t *frame;
    def_t *def;
    _Atomic(const direct_func_t *) func; /* NULL: nobody needed it yet */
};

/* ---- instances -------------------------------------------------------------------------------- */

/* One call of a lifted function. Borrowed handles that it was given must be dropped before it returns. */
typedef struct task {
    uint32_t borrows;
} task_t;

/* CanonicalABI.md, ResourceHandle. */
typedef struct handle {
    const rtype_t *type; /* NULL: the place is free */
    uint32_t rep;
    uint32_t lends; /* calls that it is lent to; of a free place: the next free one */
    task_t *task;   /* of a borrowed one: the call it was given to */
    bool own;
} handle_t;

typedef struct handles {
    VEC(handle_t) table; /* 0 is never used */
    uint32_t free;       /* the place that was freed last, 0: none */
} handles_t;

/* What an instance may do now. Generated code may share it (fuse/fuse.h): then it lies in a memory of the store. */
typedef struct frame_flags {
    uint8_t entered;      /* !may_enter */
    uint8_t cannot_leave; /* !may_leave */
} frame_flags_t;

struct frame {
    direct_t *direct;
    scope_t *scope;
    frame_t *outer;  /* that the component closes over: what aliases of the outside count from */
    frame_t *parent; /* that instantiated it; NULL: the host */
    rt_t *entities;  /* by def_t.order */
    map_t resources; /* resource_t, as this body knows it -> rtype_t */
    rt_list_t given, exports;
    handles_t handles;
    frame_flags_t own_flags,
        *flags; /* where they are: own_flags as long as only the host uses them */
    wasmtime_global_t flags_address; /* for generated code, when they are elsewhere */
    frame_t *next;                   /* all of them */
};

/* A handle that a call lends, to be given back at its end. */
typedef struct lend {
    frame_t *frame;
    uint32_t handle;
} lend_t;

/* A component value. It is used once, by a start function or as an export, and stays until the end. */
typedef struct direct_value direct_value_t;
struct direct_value {
    weft_value_t value;
    direct_value_t *next;
};

/* An import that another component serves. */
typedef struct direct_link {
    weft_str_t import, export_;
    direct_t *provider;
} direct_link_t;

struct direct {
    weft_engine_t *engine;
    guard_t guard; /* of its store */
    wasm_engine_t *wasmtime;
    unsigned needs; /* of that */
    program_t *program;
    const given_funcs_t *given;
    arena_t arena;
    host_source_t *source; /* NULL: no import needs one */
    const map_t *modules;  /* of the program: def_t (a core module) -> shared_module_t */
    wasmtime_context_t *context;
    VEC(direct_link_t) links;
    frame_t *frames, *root;
    uint64_t entity_count; /* about, in all of them */
    VEC(lend_t) lends;     /* of all calls that run, innermost last */
    uint64_t room;         /* bytes that the values of one call to the host may take, about */
    direct_value_t *values;
    uint64_t literal_room; /* bytes that the values in the file may still take, about */
    bool exited;           /* the guest called wasi:cli/exit */
    int exit_status;
    weft_error_t *pending; /* why a host function made the guest trap */

    fusing_t *fusing; /* NULL: no call was fused yet */
    bool never_fuses; /* all calls go through the host */
};

/* ---- finding them ------------------------------------------------------------------------------ */

/* The entity of a definition of this scope. */
static inline rt_t *weft_frame_entity(const frame_t *frame, const def_t *def) {
    return &frame->entities[def->order];
}

/* What finding in a long list needs; from there on it does not change. */
weft_error_t *weft_rt_list_complete(arena_t *arena, rt_list_t *list);

/* NULL: no such name. */
const rt_t *weft_rt_find(const rt_list_t *list, weft_str_t name);

/* What a resource of the frame's types is at run time; never NULL for those of functions it lifts or lowers. */
static inline const rtype_t *weft_frame_resource(const frame_t *frame, const resource_t *resource) {
    return weft_map_get_ptr(&frame->resources, resource);
}

#endif
