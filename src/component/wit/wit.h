/* A component's types as WIT: its world, and the interfaces it imports and exports as nested packages.
 *
 * Collecting (collect.c) turns the imports and exports into scopes of names: the world, and one scope
 * per interface. An interface that is both imported and exported, or imported in two places, is one scope.
 * What gives a type its name there is recorded by identity (types/typing.h), so that a type is printed as `use`
 * where another scope named it first. Printing (text.c, json.c) only reads.
 *
 * What WIT has no words for (core modules, components, values, exported types of the world, ...) is kept as
 * remarks and printed as comments. */
#ifndef WEFT_COMPONENT_WIT_WIT_H
#define WEFT_COMPONENT_WIT_WIT_H

#include "component/names.h"
#include "component/types/typing.h"
#include "support/vec.h"

typedef struct wit_scope wit_scope_t;

/* Where a type got its first name. */
typedef struct wit_decl {
    wit_scope_t *scope;
    weft_str_t name;
} wit_decl_t;

/* A type or function of a scope. */
typedef struct wit_item {
    weft_str_t name; /* of a function as written: `[method]file.read` */
    const ctype_t *type;
    const extern_name_t *written; /* for its attributes; may be NULL */
    const char *remark;           /* printed as a comment before it; NULL: none */
    const wit_decl_t *alias;      /* of a type: what it is another name for; NULL: a new one */
} wit_item_t;

typedef struct wit_package {
    weft_str_t name;    /* `ns:pkg` */
    weft_str_t version; /* empty: none */
    VEC(wit_scope_t *) interfaces;
    uint8_t visited; /* while they are put in order */
} wit_package_t;

/* The world, or an interface. */
struct wit_scope {
    wit_package_t *package; /* NULL: the world, or an interface written in place */
    weft_str_t name;        /* of an interface in a package */
    bool is_world;
    VEC(wit_item_t) types, funcs;
    VEC(char *) remarks;
    map_t type_names; /* name -> itself: declared already */
    map_t func_names;
    map_t local; /* ctype_t* and resource_t* -> weft_str_t*: what is named here */
};

/* What the world imports or exports: an interface or a function. */
typedef struct wit_world_item {
    bool is_export;
    wit_item_t item;
    wit_scope_t *interface_; /* NULL: a function */
    bool by_name;            /* `name: interface` or `name: path`, not the path alone */
} wit_world_item_t;

/* One instance type may be imported any number of times: the text has a limit, and so has the way to it. */
enum { WIT_ITEMS_MAX = 1 << 20, WIT_BYTES_MAX = 64 << 20 };

typedef struct wit {
    arena_t arena;
    wit_scope_t *world;
    VEC(wit_world_item_t) items;
    VEC(wit_package_t *) packages; /* each before those that use it */
    VEC(wit_scope_t *) scopes;     /* all */
    map_t by_name;                 /* `ns:pkg/name@version` -> wit_scope_t* */
    map_t package_by_name;         /* `ns:pkg@version` -> wit_package_t* */
    map_t decls;                   /* ctype_t* -> wit_decl_t* */
    size_t count;                  /* of types and functions, at most WIT_ITEMS_MAX */
} wit_t;

/* Of a component's type (weft_typing_scope of its body), which must outlive it. */
weft_error_t *weft_wit_collect(const ctype_t *component, wit_t *wit);
void weft_wit_free(wit_t *wit);

/* What a type is called in a scope; ptr NULL: it has no name there. */
weft_str_t weft_wit_local_name(const wit_scope_t *scope, const ctype_t *type);

/* Appends `ns:pkg/name@version`. */
void weft_wit_path(buf_t *out, const wit_scope_t *interface_);

/* Says which interfaces are printed, by their path (or plain name). */
typedef bool wit_wanted_t(weft_str_t path, void *context);

/* The whole as one WIT document; with `wanted` only the interfaces that it wants, without the world.
 * `count` says how many that were. */
weft_error_t *weft_wit_text(const wit_t *wit, wit_wanted_t *wanted, void *context, buf_t *out,
                            size_t *count);

/* The same as one JSON document. */
weft_error_t *weft_wit_json(const wit_t *wit, wit_wanted_t *wanted, void *context, buf_t *out,
                            size_t *count);

#endif
