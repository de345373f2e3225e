/* What the parts of validation share (validate.c calls the others). */
#ifndef WEFT_COMPONENT_VALIDATE_VALIDATION_H
#define WEFT_COMPONENT_VALIDATE_VALIDATION_H

#include "component/names.h"
#include "component/types/entity.h"

/* One direction of a scope: its imports or its exports. */
typedef struct side {
    const char *words; /* "import" or "export" */
    map_t keys;        /* weft_name_key of each name so far -> the name (weft_str_t*) */
    map_t getters;     /* name -> the ctype_t of a `[get]` function */
    map_t named;       /* ctype_t*: what may be mentioned from outside, by identity */
    map_t checked;     /* ctype_t*: a type without a name of its own whose parts all may be */
    map_t resources;   /* ctype_t* -> the name (weft_str_t*) of a resource of this scope */
    map_t resource_names;
} side_t;

typedef struct validation {
    type_pool_t *pool;
    arena_t *arena; /* for keys, freed after the scope */
    buf_t *text;    /* for a key in the making, of the whole document */
    scope_t *scope;
    side_t imports, exports;
    map_t used; /* values, by definition */
    bool has_start;
    uint8_t context_type; /* of context.get and context.set so far; 0: none */
} validation_t;

/* What tells names apart (weft_name_key), kept until the scope is done. */
weft_error_t *weft_validate_key(const validation_t *validation, weft_str_t name, weft_str_t *key);

/* The name of an import or export: grammar, attributes, uniqueness, annotations against the type. */
weft_error_t *weft_validate_name(validation_t *validation, side_t *side, const extern_name_t *name,
                                 const extern_type_t *type);

/* What an import or export mentions has a name on that side; remembers the names it brings. `name` is empty
 * for what is inside an instance. */
weft_error_t *weft_validate_visible(validation_t *validation, side_t *side, weft_str_t name,
                                    const extern_type_t *type);

weft_error_t *weft_validate_type(const validation_t *validation, const def_t *def);
weft_error_t *weft_validate_canon(validation_t *validation, const def_t *def);

#endif
