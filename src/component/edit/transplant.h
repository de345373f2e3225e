/* Transplanting: an import with its type, or any type, made anew in another scope.
 *
 * The type of an import leans on its surroundings: on types of the scope, on types that other imports export,
 * by `alias outer` from within an instance type.
 *
 *   in a component                                      where it is transplanted to
 *   (import "wasi:io/error" (instance $error ...))      (import "wasi:io/error" (instance $E ...))
 *   (alias export $error "error" (type $e))             (alias export $E "error" (type $e'))
 *   (type $s (instance                                  (type $s' (instance
 *     (alias outer 1 $e (type $x)) ...))                  (alias outer 1 $e' (type $x)) ...))
 *   (import "wasi:io/streams" (instance (type $s)))     (import "wasi:io/streams" (instance (type $s')))
 *
 * So all that the type needs is copied in front of it. The copying ends at definitions that have a stand-in,
 * which the caller names beforehand (here: $E for $error), and at definitions of the destination itself or of
 * the scopes around it. Copies are remembered: each definition is copied once per transplant. */
#ifndef WEFT_COMPONENT_EDIT_TRANSPLANT_H
#define WEFT_COMPONENT_EDIT_TRANSPLANT_H

#include "component/model.h"
#include "support/map.h"

typedef struct transplant {
    scope_t *to;
    def_t *before;             /* new definitions go in front of it; NULL: at the end */
    map_t stand_ins;           /* def_t* -> def_t*: of the destination, or of a scope around it */
    map_t aliases;             /* what is aliased already: scope, target and name -> the alias */
    const def_t *subject;      /* the import that is being copied, for errors */
    struct transplant *around; /* NULL; its stand-ins count as well */
} transplant_t;

/* Frees what the transplant remembers; the definitions stay. */
void weft_transplant_free(transplant_t *transplant);

/* `here`, in the destination or a scope around it, stands for `there`. */
weft_error_t *weft_transplant_bind(transplant_t *transplant, const def_t *there, def_t *here);

/* Copies a type (or an alias of something an instance exports) with all it needs. What cannot be copied is a
 * WEFT_UNSUPPORTED error that names it: an import without stand-in, a resource that the scope itself
 * defines, something taken from an instance made there. The names and bytes stay those of the source, which must
 * outlive the destination. */
weft_error_t *weft_transplant_type(transplant_t *transplant, def_t *type, def_t **copy);

/* Makes one import that stands for all of `imports` (one at least; DEF_IMPORT of one sort, their types must
 * agree where they overlap, which is not checked here) and binds each of them to it. An instance gets the
 * union of their exports: all of the first `full` imports, only the types of the others. */
weft_error_t *weft_transplant_imports(transplant_t *transplant, def_t *const *imports, size_t count,
                                      size_t full, const extern_name_t *name, def_t **copy);

#endif
