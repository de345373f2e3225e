/* The type of every entity of a component.
 *
 * type.h has value types as structure alone. A component also cares about *identity*: whether the record
 * in a function's parameter is the very type that the component exports under a name, or only looks like it.
 * So each entry of a type index space is a ctype_t: it has a structure and is told apart by its address.
 *
 *   (type $r (record ...))              one ctype_t                            C1
 *   (export $p "point" (type $r))       another, which renames the first       C2 -renames-> C1
 *   (func (param "p" $p))               its parameter is                       C2
 *
 * Two ctypes are the same type when their structures are equal (C1->value.type == C2->value.type); they are
 * the same *named* type when they are the same pointer. Everything is immutable and lives in the pool. */
#ifndef WEFT_COMPONENT_TYPES_TYPING_H
#define WEFT_COMPONENT_TYPES_TYPING_H

#include "component/model.h"
#include "component/types/type.h"

typedef struct ctype ctype_t;

typedef enum ctype_kind {
    CTYPE_VALUE,
    CTYPE_FUNC,
    CTYPE_RESOURCE,
    CTYPE_COMPONENT,
    CTYPE_INSTANCE
} ctype_kind_t;

/* The type of something that is imported, exported or passed as an argument. */
typedef struct extern_type {
    sort_t sort;         /* SORT_CORE_MODULE, FUNC, VALUE, TYPE, COMPONENT or INSTANCE */
    const ctype_t *type; /* of a type: the type itself; NULL for a core module */
    const def_t *
        module; /* of a core module: the module (DEF_CORE_MODULE) or its type (DEF_CORE_MODULE_TYPE) */
} extern_type_t;

typedef struct extern_item {
    weft_str_t name;
    const extern_name_t
        *written; /* the name with its attributes, where it was written; may be NULL */
    extern_type_t type;
    const def_t *def; /* the import or export definition or declaration; may be NULL */
} extern_item_t;

/* Imports or exports, in order, with an index by name. */
typedef struct extern_list {
    const extern_item_t *items;
    const uint32_t *by_name; /* positions in `items`, sorted by name */
    uint32_t count;
    /* Of the items' types together, as in ctype_t. */
    bool is_open;
    uint32_t depth;
    uint64_t size;
} extern_list_t;

typedef struct resource_list {
    const resource_t *const *items;
    uint32_t count;
} resource_list_t;

struct ctype {
    ctype_kind_t kind;
    bool is_open;           /* mentions a resource that it does not bind itself */
    uint32_t size;          /* written out as a tree, at most CTYPE_SIZE_MAX */
    uint32_t depth;         /* of nesting and renaming, at most TYPE_DEPTH_MAX */
    weft_str_t name;        /* given by the import or export that made it; may be empty */
    const ctype_t *renames; /* the type that an import or export (type (eq ...)) renames, or NULL */
    const def_t *def;       /* where it was made; may be NULL */
    union {
        /* The ctypes of a value type's parts: of its fields in order, else of key, element, error as far as
         * the kind can have them; of own and borrow the resource. NULL where there is no type and for a
         * primitive that is written in place (no import or export can have given it a name). */
        struct {
            const type_t *type;
            const ctype_t *const *parts;
            uint32_t part_count;
        } value;
        struct {
            const func_type_t *type;
            const ctype_t *const *params; /* as many as type->param_count */
            const ctype_t *result; /* NULL as for parts; whether there is one says type->result */
        } func;
        const resource_t *resource;
        struct {
            extern_list_t imports, exports;
            resource_list_t imported; /* bound by what is passed for the imports */
            resource_list_t defined;  /* fresh in each instance */
        } component;
        struct {
            extern_list_t exports;
            /* Of an instance *type*: the resources that each instance of it brings along. The type of an
             * instance that exists has none: they belong to the scope that holds it. */
            resource_list_t defined;
        } instance;
    };
};

enum { CTYPE_SIZE_MAX = 1000000 };

/* ---- asking --------------------------------------------------------------------------------- */

/* Types all definitions of a body (and what they need of nested ones) and gives the type of the whole:
 * CTYPE_COMPONENT for the body of a component or a component type, CTYPE_INSTANCE for that of an
 * instance type. What is known already is not done again. Errors (WEFT_INVALID, WEFT_MISMATCH,
 * WEFT_LIMIT) have the offset of the definition. */
weft_error_t *weft_typing_scope(type_pool_t *pool, scope_t *scope, const ctype_t **type);

/* The type of the entity that a definition defines. Types the scopes around it as far as they are needed:
 * everything before it. A definition without a component-level entity (and not a core module) is a
 * WEFT_USAGE error. */
weft_error_t *weft_typing_def(type_pool_t *pool, def_t *def, extern_type_t *type);

/* After an edit: what was found out about the definitions of this scope, of the types written in it and of
 * the scopes around it is forgotten. The types given out before stay valid, but the resources that are made
 * anew differ from theirs. */
void weft_typing_forget(scope_t *scope);

/* The same for every scope that was edited, each once. */
void weft_typing_forget_edits(document_t *document);

/* NULL when there is no such name. */
const extern_item_t *weft_extern_find(const extern_list_t *list, weft_str_t name);
const extern_item_t *weft_instance_type_find(const ctype_t *instance, weft_str_t name);

/* The type behind all renamings. */
const ctype_t *weft_ctype_origin(const ctype_t *type);

/* "func", "instance", "resource", ...: what people call it. */
const char *weft_extern_type_words(const extern_type_t *type);

#endif
