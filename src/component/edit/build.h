/* Making new definitions: each call makes one and inserts it at the builder's place.
 *
 * A builder keeps the first error and does nothing after it (its calls give NULL), so that a recipe of
 * many definitions reads straight through and asks once, at the end. Names and bytes are not copied:
 * they live in the document's arena or in its files. */
#ifndef WEFT_COMPONENT_EDIT_BUILD_H
#define WEFT_COMPONENT_EDIT_BUILD_H

#include "component/model.h"

typedef struct builder {
    scope_t *scope;
    def_t *before; /* new definitions go in front of it; NULL: at the end */
    weft_error_t *error;
} builder_t;

/* A named_def_t of a name and a definition, for arrays written in place. */
static inline named_def_t weft_named(weft_str_t name, def_t *def) {
    return (named_def_t){.name = {.name = name}, .def = def};
}

/* A string made for the document: printf into its arena. */
weft_str_t weft_build_name(builder_t *b, const char *format, ...) WEFT_PRINTF(2, 3);

def_t *weft_build_type(builder_t *b, const type_def_t *shape);
def_t *weft_build_import(builder_t *b, weft_str_t name, sort_t sort, def_t *type);
def_t *weft_build_export(builder_t *b, weft_str_t name, def_t *target);
def_t *weft_build_lower(builder_t *b, def_t *func, const canon_opt_t *opts, uint32_t count);
def_t *weft_build_lift(builder_t *b, def_t *core_func, def_t *type, const canon_opt_t *opts,
                       uint32_t count);
/* A canonical built-in of a type, `resource.drop` and the like. */
def_t *weft_build_canon(builder_t *b, canon_op_t op, def_t *type);
def_t *weft_build_alias(builder_t *b, sort_t sort, def_t *instance, weft_str_t name);
def_t *weft_build_core_alias(builder_t *b, sort_t sort, def_t *core_instance, weft_str_t name);
def_t *weft_build_outer_alias(builder_t *b, def_t *target);

/* `bytes` is copied into the arena. */
def_t *weft_build_module(builder_t *b, weft_bytes_t bytes);
def_t *weft_build_core_instance(builder_t *b, def_t *module, const named_def_t *args,
                                uint32_t count);
def_t *weft_build_core_inline(builder_t *b, const named_def_t *exports, uint32_t count);
def_t *weft_build_instance(builder_t *b, def_t *component, const named_def_t *args, uint32_t count);
def_t *weft_build_inline(builder_t *b, const named_def_t *exports, uint32_t count);

/* An empty nested component; build into its body with a builder of its own. */
def_t *weft_build_component(builder_t *b, scope_t **body);

/* Gives a DEF_INSTANTIATE one more `with` argument. */
void weft_build_add_arg(builder_t *b, def_t *instantiate, weft_str_t name, def_t *def);

#endif
