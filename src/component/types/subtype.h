/* Subtyping: may one thing be used where another is asked for, and if not, why not.
 *
 * What is asked for (the imports of a component, an ascription) may bind resources: a match first binds each
 * of them to the resource that is given, then checks item by item.
 *
 *   match_t match;
 *   weft_match_init(&match, pool);
 *   for each pair: weft_match_bind(&match, &asked, &given)
 *   for each pair: weft_match_check(&match, name, &asked, &given)
 *   weft_match_free(&match);
 *
 * A mismatch is a WEFT_MISMATCH error. Its message has the path to the first difference in the user's words
 * (`interface my:app/x, function "f", parameter "p", field "y"`), its notes what each side has there. */
#ifndef WEFT_COMPONENT_TYPES_SUBTYPE_H
#define WEFT_COMPONENT_TYPES_SUBTYPE_H

#include "component/types/ctype.h"

typedef struct match {
    csubst_t subst; /* what is asked for -> what is given */
    /* What the notes call the sides, as in "%s has ...". Set to "what is given" and "what is asked for"
     * by weft_match_init. */
    const char *given_words, *asked_words;
} match_t;

void weft_match_init(match_t *match, type_pool_t *pool); /* `match` must not be moved */
void weft_match_free(match_t *match);

/* Binds the resources of `bound` that `asked` introduces to those in the same places of `given`. */
weft_error_t *weft_match_bind(match_t *match, resource_list_t bound, const extern_type_t *asked,
                              const extern_type_t *given);

/* `name` is the first part of the path; empty: none. */
weft_error_t *weft_match_check(match_t *match, weft_str_t name, const extern_type_t *asked,
                               const extern_type_t *given);

/* After all checks: from now on the substitution also replaces the types that `asked` introduces by those
 * that were given for them. */
weft_error_t *weft_match_rename(match_t *match, const extern_type_t *asked,
                                const extern_type_t *given);

/* Both of an instantiation in one: everything that `imports` asks for is in `given`, and fits. */
weft_error_t *weft_match_imports(match_t *match, const ctype_t *component,
                                 const extern_list_t *given);

/* Without resources to be bound. */
weft_error_t *weft_subtype_check(type_pool_t *pool, const extern_type_t *asked,
                                 const extern_type_t *given);

#endif
