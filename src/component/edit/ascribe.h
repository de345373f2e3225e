/* Ascribing: definitions for a type that was worked out (types/typing.h), so that an export can state it.
 *
 * A function may be exported only with records, variants, enums, flags and resources that the component itself
 * imports or exports, by identity. When the source of an export is another one than before, its type therefore
 * is written anew in terms of the types that the component exports:
 *
 *   (alias export $a "rec" (type $t))       the type of $a's function f mentions $t
 *   (export $r "rec" (type $t))             weft_ascribe_name: $r is the name of $t here
 *   (type $f' (func (param "x" $r)))        weft_ascribe_func: built
 *   (export "f" (func $f) (func (type $f')))
 */
#ifndef WEFT_COMPONENT_EDIT_ASCRIBE_H
#define WEFT_COMPONENT_EDIT_ASCRIBE_H

#include "component/edit/build.h"
#include "component/types/typing.h"

typedef struct ascribe {
    builder_t *builder;
    map_t names; /* ctype_t* -> def_t* of the builder's scope; also what was built */
} ascribe_t;

void weft_ascribe_free(ascribe_t *ascribe);

/* The type is called `def` from now on. */
weft_error_t *weft_ascribe_name(ascribe_t *ascribe, const ctype_t *type, def_t *def);

/* Whether a function's type mentions a type with a name: else it may be exported as it is. */
bool weft_ascribe_needed(const ascribe_t *ascribe, const ctype_t *func);

/* A definition of what the type is made of, in terms of types that have names; it has none itself yet, so that an
 * import or export can give it one. Not for resources. */
weft_error_t *weft_ascribe_structure(ascribe_t *ascribe, const ctype_t *type, def_t **def);

/* A definition of the function type. A type that must have a name and has none is WEFT_UNSUPPORTED. */
weft_error_t *weft_ascribe_func(ascribe_t *ascribe, const ctype_t *func, def_t **type);

#endif
