/* Spelling: definitions for a type that was worked out, by its structure alone.
 *
 * Where identity does not matter (what a canonical built-in works on, for instance) a type may be written anew out of
 * its parts. Resources are what they are by their definition: those must be known. */
#ifndef WEFT_COMPONENT_EDIT_SPELL_H
#define WEFT_COMPONENT_EDIT_SPELL_H

#include "component/edit/build.h"
#include "component/types/type.h"

/* The primitive of a kind up to TYPE_ERROR_CONTEXT; the opcode of a kind above. */
prim_t weft_spell_prim(type_kind_t kind);
type_op_t weft_spell_op(type_kind_t kind);

typedef struct spelling {
    map_t resources; /* resource_t* -> def_t* of the builder's scope */
    map_t types;     /* type_t* -> def_t*: what was built */
} spelling_t;

void weft_spelling_free(spelling_t *spelling);

/* A reference to the type; what it needs is built, each type once. Every resource it mentions must be in
 * `resources`, else WEFT_INTERNAL. */
weft_error_t *weft_spell(spelling_t *spelling, builder_t *builder, const type_t *type,
                         valtype_t *out);

#endif
