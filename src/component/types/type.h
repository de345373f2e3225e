/* Value types, resolved and interned: structural equality is pointer equality. Resources are nominal:
 * a resource_t is equal to itself only.
 *
 * Types live in a pool (one per document or per job that joins several documents) and are immutable.
 * How a scope's definitions get these types is component/types/typing.h. */
#ifndef WEFT_COMPONENT_TYPES_TYPE_H
#define WEFT_COMPONENT_TYPES_TYPE_H

#include "component/opcodes.h"
#include "support/arena.h"
#include "support/buf.h"
#include "support/error.h"
#include "support/map.h"

typedef struct type type_t;
typedef struct resource resource_t;
typedef struct type_pool type_pool_t;

typedef enum type_kind {
    TYPE_BOOL,
    TYPE_S8,
    TYPE_U8,
    TYPE_S16,
    TYPE_U16,
    TYPE_S32,
    TYPE_U32,
    TYPE_S64,
    TYPE_U64,
    TYPE_F32,
    TYPE_F64,
    TYPE_CHAR,
    TYPE_STRING,
    TYPE_ERROR_CONTEXT, /* the last primitive */
    TYPE_RECORD,        /* fields: name and type */
    TYPE_VARIANT,       /* fields: name, type may be NULL */
    TYPE_LIST,          /* element */
    TYPE_FIXED_LIST,    /* element, length */
    TYPE_TUPLE,         /* fields: type, empty names */
    TYPE_FLAGS,         /* fields: name, type NULL */
    TYPE_ENUM,          /* fields: name, type NULL */
    TYPE_OPTION,        /* element */
    TYPE_RESULT,        /* element: ok or NULL; error: or NULL */
    TYPE_MAP,           /* key, element (the value's type) */
    TYPE_OWN,           /* resource */
    TYPE_BORROW,        /* resource */
    TYPE_STREAM,        /* element or NULL */
    TYPE_FUTURE,        /* element or NULL */
    TYPE_KIND_COUNT
} type_kind_t;

typedef struct type_field {
    weft_str_t name;
    const type_t *type; /* NULL: none */
} type_field_t;

struct type {
    type_kind_t kind;
    /* What it holds anywhere inside it (itself included); strings and lists not behind a stream or future. */
    bool has_own, has_borrow, has_stream_or_future, has_error_context, has_string, has_list;
    uint32_t depth; /* of nesting, a primitive is 1 */
    uint32_t nodes; /* of it written out as a tree, stops at TYPE_NODES_MAX */
    /* In a 64-bit memory (the larger case); the size stops at UINT64_MAX / 4. */
    uint64_t byte_size;
    uint32_t byte_align;
    uint32_t field_count;
    const type_field_t *fields;
    const type_t *element, *error, *key;
    uint32_t length; /* of a fixed-length list */
    const resource_t *resource;
    uint64_t hash;
};

/* Deeper types are refused (WEFT_LIMIT): engines stop at 100, and whoever walks a type may recurse. */
enum { TYPE_DEPTH_MAX = 1000, TYPE_NODES_MAX = 1 << 30 };

/* Resources are told apart by address. `name` is for people (the name of the import or export that
 * introduced it; may be empty), `owner` the definition that introduced it, if any. */
struct resource {
    weft_str_t name;
    const void *owner;
    uint32_t serial; /* per pool, in order of creation: for reproducible listings */
};

/* A function type: parameters with names; result NULL for none. Interned like types. */
typedef struct func_type {
    bool is_async;
    uint32_t param_count;
    const type_field_t *params;
    const type_t *result;
    uint64_t hash;
} func_type_t;

weft_error_t *weft_type_pool_new(type_pool_t **pool);
void weft_type_pool_delete(type_pool_t *pool);
arena_t *weft_type_pool_arena(type_pool_t *pool);

/* Work on types is counted per pool, so that a small crafted file cannot ask for unbounded time or memory: an
 * error (WEFT_LIMIT) when `steps` more pass TYPE_WORK_MAX, or when the pool has grown past TYPE_BYTES_MAX. */
enum { TYPE_WORK_MAX = 1 << 26, TYPE_BYTES_MAX = 1 << 28 };
weft_error_t *weft_type_pool_work(type_pool_t *pool, uint64_t steps);

/* The primitive type of a kind; never fails. */
const type_t *weft_type_prim(const type_pool_t *pool, type_kind_t kind);

/* Makes or finds the type equal to `shape` (kind, fields, element, error, key, length, resource as its
 * kind uses them; the rest is computed). Names are copied. */
weft_error_t *weft_type_intern(type_pool_t *pool, const type_t *shape, const type_t **type);
weft_error_t *weft_func_type_intern(type_pool_t *pool, const func_type_t *shape,
                                    const func_type_t **type);
weft_error_t *weft_resource_new(type_pool_t *pool, weft_str_t name, const void *owner,
                                const resource_t **resource);

/* Gives a name to a resource that has none yet: the first export of it does. */
weft_error_t *weft_resource_set_name(type_pool_t *pool, const resource_t *resource,
                                     weft_str_t name);

/* Replaces resources: `map` has resource_t* -> resource_t* (weft_map_get_ptr); others stay. */
weft_error_t *weft_type_substitute(type_pool_t *pool, const map_t *map, const type_t *type,
                                   const type_t **out);

/* The same for many types under one mapping: what they share is done once. `resources` is not owned
 * and does not change while the memo lives. */
typedef struct substitution {
    type_pool_t *pool;
    const map_t *resources;
    map_t memo; /* type_t* or func_type_t* -> its replacement */
} substitution_t;

void weft_substitution_free(substitution_t *substitution); /* not the resources */
const resource_t *weft_substitute_resource(const substitution_t *substitution,
                                           const resource_t *resource);
weft_error_t *weft_substitute_type(substitution_t *substitution, const type_t *type,
                                   const type_t **out);
weft_error_t *weft_substitute_func_type(substitution_t *substitution, const func_type_t *type,
                                        const func_type_t **out);

/* Appends the type as WIT writes it, named types spelled out (`record { x: u32 }`), resources by name:
 * for diagnostics. What is very large ends in "...". A type that is NULL is printed as "_". */
void weft_type_print(buf_t *out, const type_t *type);
void weft_func_type_print(buf_t *out, const func_type_t *type);

#endif
