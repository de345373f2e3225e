/* A splice from beginning to end: rules and a component in, the edited document out.
 *
 *   rules text ---> rules --.
 *                            +--> plan --> wire.c, then weave --> document --> bytes
 *   component --> graph ----'
 *
 * A component that has code at its root (a plain component) is wrapped first: a new root with the component as its
 * only node. */
#ifndef WEFT_SPLICE_SPLICE_H
#define WEFT_SPLICE_SPLICE_H

#include "component/typing.h"
#include "splice/plan.h"

typedef struct splice_options {
    plan_options_t plan;
    opener_t opener;          /* of middleware files */
    const char *builtins_dir; /* NULL: none */
    bool skip_type_check;     /* a middleware whose types do not fit is a warning */
} splice_options_t;

typedef struct splice {
    splice_options_t options;
    rules_t rules;
    middlewares_t middlewares;
    document_t *source;   /* what was read */
    document_t *document; /* what is edited: the same, or one around it */
    document_t *output;   /* what to write: `source` where nothing is to be done */
    type_pool_t *pool;
    graph_t *graph; /* of `document` before any edit */
    plan_t plan;
    findings_t warnings; /* beside those of rules and plan */
} splice_t;

/* Reads the rules and makes the plan. `name` is the component's, for a plain component without one. Everything passed
 * must outlive the splice, which is freed with weft_splice_free, also after an error. */
weft_error_t *weft_splice_plan(weft_str_t rules_name, weft_str_t rules_text, document_t *source,
                               weft_str_t name, const splice_options_t *options, splice_t *splice);

/* Does what the plan says. After an error the document is half edited. */
weft_error_t *weft_splice_apply(splice_t *splice);

/* All warnings so far, in one list, to the caller. */
weft_error_t *weft_splice_take_warnings(splice_t *splice);
void weft_splice_free(splice_t *splice);

/* ---- between the parts of splicing ---- */

/* A new document whose root instantiates `source` and passes on all imports and exports (wrap.c). */
weft_error_t *weft_wrap(document_t *source, weft_str_t name, document_t **document);

/* Puts the middleware that is wired in between components (wire.c). */
weft_error_t *weft_wire_all(splice_t *splice);

/* Forgets the types of all edited scopes. */
void weft_forget_edited(document_t *document);

#endif
