/* The direct engine: a component on Wasmtime's core API, in a store of its own. weft instantiates the
 * component and moves its values itself.
 *
 *   direct_t      a component with its compiled modules and its store
 *     frame_t     one instantiation of one component body: a component instance of the specification.
 *                 For each definition of the body it has the entity that came of it.
 *     entity:     rt_t: a core item, a module, a core instance, a function, a resource type, a
 *                 component (its definition and the frame it closes over), an instance, a value
 *
 * Everything lives in the direct_t's arena until it is deleted, but for handle tables, which grow. */
#ifndef WEFT_RUNTIME_DIRECT_DIRECT_H
#define WEFT_RUNTIME_DIRECT_DIRECT_H

#include <wasmtime.h>

#include "abi/func.h"
#include "abi/side.h"
#include "component/types/typing.h"
#include "runtime/given.h"
#include "runtime/guard.h"
#include "runtime/link.h"
#include "runtime/program.h"
#include "support/buf.h"
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

/* ---- supports.c ------------------------------------------------------------------------------- */

/* Why the direct engine cannot run the component (WEFT_UNSUPPORTED); NULL when it can. */
weft_error_t *weft_direct_supports(program_t *program, const given_funcs_t *given,
                                   const links_t *links, bool asked);

/* ---- direct.c: the seam ----------------------------------------------------------------------- */

/* `program` and `given` outlive it. Compiles the modules. */
weft_error_t *weft_direct_new(weft_engine_t *engine, program_t *program, const given_funcs_t *given,
                              const weft_options_t *options, direct_t **direct);
void weft_direct_delete(direct_t *direct);

/* Before it is started: the import is what the provider exports under another name, perhaps. Its types were checked.
 * The provider outlives it. */
weft_error_t *weft_direct_link(direct_t *direct, weft_str_t import, direct_t *provider,
                               weft_str_t export_);

weft_error_t *weft_direct_start(direct_t *direct);

/* An exported function; `interface` empty: at the root. The component is started. */
weft_error_t *weft_direct_find(const direct_t *direct, weft_str_t interface, weft_str_t name,
                               const direct_func_t **func);

/* Visits the store of a plugin that has not trapped. */
weft_error_t *weft_direct_enter(direct_t *direct, visit_t *visit);

/* As many args as the type has; `result` is written when it has one. The function may be another plugin's, which this
 * one passes on: then both are visited, and the limits of both hold. */
weft_error_t *weft_direct_call(direct_t *direct, const direct_func_t *func,
                               const weft_value_t *args, weft_value_t *result);

/* The same from the instance `caller`, which is being made: its store is visited. */
weft_error_t *weft_direct_call_inside(frame_t *caller, const direct_func_t *func,
                                      const weft_value_t *args, weft_value_t *result);

/* ---- flat.c ----------------------------------------------------------------------------------- */

/* Sets what depends on func->abi. */
void weft_direct_flat(direct_func_t *func);

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

/* For scalars that were checked, if there is anything to check, and a function of its own. */
weft_error_t *weft_direct_call_scalars(direct_t *direct, const direct_func_t *func, flat_t *values);

/* For all flat functions. */
weft_error_t *weft_direct_call_checked(direct_t *direct, const direct_func_t *func, flat_t *values,
                                       buf_t *room);

/* weft_direct_call for a function that is flat: `values` has room for the parameters and the result. A result that is
 * text or bytes is put into `room`, in place of what was there. */
static inline weft_error_t *weft_direct_call_flat(direct_t *direct, const direct_func_t *func,
                                                  flat_t *values, buf_t *room) {
    if (func->flat == FLAT_NUMBERS && func->frame->direct == direct)
        return weft_direct_call_scalars(direct, func, values);
    return weft_direct_call_checked(direct, func, values, room);
}

/* ---- instantiate.c, core.c, canon.c ----------------------------------------------------------- */

/* A new instance of a component body. */
weft_error_t *weft_frame_new(direct_t *direct, scope_t *scope, frame_t *outer, frame_t *parent,
                             rt_list_t given, frame_t **frame);

/* Where in the file the error (which may be NULL) arose, unless it is one of running. */
weft_error_t *weft_direct_at(weft_error_t *error, const def_t *def);

weft_error_t *weft_core_instantiate(frame_t *frame, const def_t *def, rt_t *made);
weft_error_t *weft_core_inline(frame_t *frame, const def_t *def, rt_t *made);
weft_error_t *weft_canon(frame_t *frame, def_t *def, rt_t *made);

/* The entity of a core item. */
weft_error_t *weft_core_made(frame_t *frame, wasmtime_extern_t item, rt_t *made);

/* The entity of a core definition: RT_CORE or RT_ABSENT; that of an export is made when it is first asked for. The store
 * is visited. */
weft_error_t *weft_core_entity(frame_t *frame, const def_t *def, const rt_t **entity);

/* ---- lifts.c ---------------------------------------------------------------------------------- */

/* The resources of a type are all known to the frame, and it does not nest too deep: calls rely on it. */
weft_error_t *weft_frame_check_type(const frame_t *frame, const func_type_t *type);

weft_error_t *weft_lift(frame_t *frame, def_t *def, rt_t *made);

/* The function of a lift, made when it is first asked for. The store is visited. */
weft_error_t *weft_lift_func(lift_t *lift, const direct_func_t **func);

/* The same of RT_FUNC and RT_LIFT, from wherever: visits the store when there is something to make. */
weft_error_t *weft_rt_func(const rt_t *entity, const direct_func_t **func);

/* values.c: DEF_VALUE and DEF_START, whose entity is the result. */
weft_error_t *weft_value_define(frame_t *frame, const def_t *def, rt_t *made);
weft_error_t *weft_value_start(frame_t *frame, const def_t *def, rt_t *made);
void weft_values_free(direct_t *direct);

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

/* Whether a core function has the signature. */
bool weft_core_func_is(direct_t *direct, const wasmtime_func_t *func, core_sig_t sig);

/* A core function that calls back; `env` outlives the store. */
weft_error_t *weft_core_host_func(frame_t *frame, core_sig_t sig,
                                  wasmtime_func_unchecked_callback_t callback, void *env,
                                  rt_t *made);

/* ---- handles.c -------------------------------------------------------------------------------- */

weft_error_t *weft_handle_add(frame_t *frame, handle_t handle, uint32_t *index);
weft_error_t *weft_handle_get(frame_t *frame, uint32_t index, const rtype_t *type,
                              handle_t **handle);
void weft_handle_remove(frame_t *frame, uint32_t index);

/* Takes an owned handle out of the table: what it stands for. */
weft_error_t *weft_handle_take(frame_t *frame, uint32_t index, const rtype_t *type, uint32_t *rep);

/* Lends a handle to the call that runs, until weft_lends_end. */
weft_error_t *weft_handle_lend(frame_t *frame, uint32_t index, const rtype_t *type, uint32_t *rep);
void weft_lends_end(direct_t *direct, size_t mark);

/* Takes away what a call was given that did not come about. */
void weft_handles_forget(frame_t *frame, const task_t *task);

/* Drops the resources of other plugins that the table still has: they go on. */
void weft_handles_give_back(frame_t *frame);

/* ---- call.c ----------------------------------------------------------------------------------- */

/* A side of a call: abi_side_t first. */
typedef struct side {
    abi_side_t abi;
    frame_t *frame;
    const options_t *options;
    task_t *task;  /* of the callee: takes the borrows */
    uint64_t room; /* left of direct_t.room */
} side_t;

/* Before values are made for the host, of about so many bytes. Lists can overlap: a few pages of a guest's memory may stand
 * for more values than any host has room for. */
weft_error_t *weft_side_take_room(abi_side_t *abi, uint64_t bytes);

/* Written part by part where it is wanted: copied as a whole, it would be waited for. */
void weft_side_begin(side_t *side, frame_t *frame, const options_t *options, task_t *task);

/* What a core function failed with: one of the two. */
weft_error_t *weft_core_failed(direct_t *direct, wasmtime_error_t *failure, wasm_trap_t *trap);

/* The same on another stack (stack.h). */
weft_error_t *weft_core_call_moved(direct_t *direct, const wasmtime_func_t *func, flat_t *values,
                                   size_t count);

/* The values are passed as they are (see flat_t). */
_Static_assert(sizeof(flat_t) == sizeof(wasmtime_val_raw_t), "flat_t is wasmtime_val_raw_t");

/* Calls a core function. What it fails with comes back as an error, also what host functions inside it
 * failed with. */
static inline weft_error_t *weft_core_call(direct_t *direct, const wasmtime_func_t *func,
                                           flat_t *values, size_t count) {
    visit_t *visit = direct->guard.visit;
    bool before = visit->in_guest;
    wasm_trap_t *trap = NULL;
    if (!weft_visit_has_stack(visit)) return weft_core_call_moved(direct, func, values, count);
    visit->in_guest = true;
    wasmtime_error_t *failure = wasmtime_func_call_unchecked(
        direct->context, func, (wasmtime_val_raw_t *)values, count, &trap);
    visit->in_guest = before;
    return failure || trap ? weft_core_failed(direct, failure, trap) : NULL;
}

/* What a callback returns for its error (NULL: for success): the error waits where the call came in from, the
 * guests in between only see a trap. */
wasm_trap_t *weft_direct_trap(direct_t *direct, weft_error_t *error);

/* Enters an instance, and those around it up to (not including) `stop`. */
WEFT_NEVER_NULL weft_error_t *weft_frame_entered(void);

static inline weft_error_t *weft_frame_enter(frame_t *frame, const frame_t *stop) {
    for (const frame_t *at = frame; at != stop; at = at->parent)
        if (at->flags->entered) return weft_frame_entered();
    for (frame_t *at = frame; at != stop; at = at->parent) at->flags->entered = true;
    return NULL;
}

static inline void weft_frame_leave(frame_t *frame, const frame_t *stop) {
    for (frame_t *at = frame; at != stop; at = at->parent) at->flags->entered = false;
}

/* Whether the instance may call its imports now. */
weft_error_t *weft_frame_check_leave(const frame_t *frame);

/* The innermost instance around both (or one of them); NULL: none. */
frame_t *weft_frame_common(frame_t *a, frame_t *b);

/* After the call: the borrowed handles that it was given must be dropped. */
weft_error_t *weft_task_check_borrows(const task_t *task);

/* Runs the destructor of a resource that the guest `caller` drops. */
weft_error_t *weft_rtype_destroy(const rtype_t *type, uint32_t rep, frame_t *caller);

/* After the results were taken: the post-return function, which most have not. `results` are the core results. */
weft_error_t *weft_func_call_post_return(const direct_func_t *func, const flat_t *results);
static inline weft_error_t *weft_func_post_return(const direct_func_t *func,
                                                  const flat_t *results) {
    return func->options.has_post_return ? weft_func_call_post_return(func, results) : NULL;
}

/* ---- dispatch.c ------------------------------------------------------------------------------- */

/* Runs the destructor of a resource in the plugin that owns it, from outside; when that is busy, afterwards. What the
 * destructor does wrong spends the owner and is no error. */
weft_error_t *weft_direct_drop(const rtype_t *type, uint32_t rep);

/* ---- lower.c, lift.c, resource.c --------------------------------------------------------------------- */

/* Host values into the guest. The value was checked against the type. */
weft_error_t *weft_value_store(const transfer_t *transfer, const layout_t *layout,
                               const weft_value_t *value, uint64_t ptr);
weft_error_t *weft_value_lower(const transfer_t *transfer, const layout_t *layout,
                               const weft_value_t *value, flat_t *out);

/* Of a scalar: the core value. */
uint64_t weft_value_bits(type_kind_t kind, const weft_value_t *value);

/* And back, from one that was checked (weft_abi_scalar). */
void weft_value_of_bits(type_kind_t kind, uint64_t bits, weft_value_t *value);

/* And out of it. On failure nothing is written. */
weft_error_t *weft_value_load(abi_side_t *side, const layout_t *layout, uint64_t ptr,
                              weft_value_t *value);
weft_error_t *weft_value_lift(abi_side_t *side, const layout_t *layout, const flat_t *in,
                              weft_value_t *value);

/* A handle that the host has. */
struct direct_resource {
    held_t held;
    direct_t *owner;
    const rtype_t *type;
    uint32_t rep;
};

weft_error_t *weft_direct_resource_new(direct_t *direct, const rtype_t *type, weft_str_t name,
                                       uint32_t rep, bool owned, weft_value_t *value);
void weft_direct_resources_orphan(direct_t *direct);

/* Whether all handles in a value can be passed to the frame's function; marks those given away. */
weft_error_t *weft_direct_pass(const frame_t *frame, const type_t *type, const weft_value_t *value,
                               passed_t *given);

#endif
