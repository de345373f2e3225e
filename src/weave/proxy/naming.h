/* Names for types, scope by scope: how a type worked out (component/types/typing.h) is said in a scope being made.
 *
 * A function can mention records, variants, enums, flags and resources only by a definition of its own scope that has a
 * name (component/edit/ascribe.h). Such a definition is found here for each type, and made where the scope has none
 * but the one around it has:
 *
 *   (component
 *     (import "a:b/types" (instance $types ...))    a source of the type "point"
 *     (alias export $types "point" (type $p))       made when "point" is first mentioned
 *     (type (instance
 *       (alias outer 1 $p (type $q))                brought in from the scope around
 *       (export "point" (type (eq $q)))             bound: what mentions "point" from here on means this
 *       ...
 *
 * Value types are known by identity, or by that of a type that renames them; resources by what they are, since one resource
 * has several identities. */
#ifndef WEFT_WEAVE_PROXY_NAMING_H
#define WEFT_WEAVE_PROXY_NAMING_H

#include "component/edit/ascribe.h"

typedef struct naming naming_t;

struct naming {
    builder_t b;
    ascribe_t ascribe; /* by `b` */
    map_t resources;   /* resource_t -> the first def_t that was bound to it */
    map_t brought;     /* def_t of the scope around, or resource_t -> def_t that came from there */
    map_t sources;     /* ctype_t or resource_t -> where it is exported from (naming.c) */
    map_t reached;     /* ctype_t -> itself */
    naming_t *around;  /* NULL: none */
    /* Makes a definition of this scope for one of the scope around, which is bound then. */
    weft_error_t *(*bring)(naming_t *naming, const ctype_t *type, def_t *there, def_t **here);
    void *context;
};

void weft_naming_init(naming_t *naming, scope_t *scope); /* must not be moved afterwards */
/* For a second set of names in one scope: those of `around` are known, until a type is bound to another one. */
void weft_naming_init_beside(naming_t *naming, naming_t *around);
void weft_naming_free(naming_t *naming);

/* The error of the builder, which is given away. */
weft_error_t *weft_naming_error(naming_t *naming);

/* The type has a definition in this scope; replaces an earlier one. */
weft_error_t *weft_naming_bind(naming_t *naming, const ctype_t *type, def_t *def);

/* Types can be taken from an instance of the scope by their names: those it has (`exports`), and those of another instance
 * with this name that it stands for (`twin`, may be NULL) as far as it has them, too. */
weft_error_t *weft_naming_add_source(naming_t *naming, const extern_list_t *exports,
                                     const extern_list_t *twin, def_t *instance);

/* The definition of a type that has a name; NULL when it is known nowhere. */
weft_error_t *weft_naming_find(naming_t *naming, const ctype_t *type, def_t **def);

/* What an import or export of the type equals: a definition of a type that it renames, or of its structure; NULL for
 * a resource that is known nowhere. */
weft_error_t *weft_naming_define(naming_t *naming, const ctype_t *type, def_t **def);

/* A definition of a function's type. */
weft_error_t *weft_naming_func(naming_t *naming, const ctype_t *func, def_t **def);

#endif
