/* A splice from beginning to end: rules and a component in, the edited document out.
 *
 *   rules text --> rules --.
 *                           +--> plan --> apply --> document
 *   component --> graph ---'
 *
 * A component that has code at its root (a plain component) is wrapped first: a new root with the component as its
 * only node. */
#ifndef WEFT_SPLICE_SPLICE_H
#define WEFT_SPLICE_SPLICE_H

#include "splice/apply.h"
#include "splice/plan.h"

typedef struct splice_options {
    plan_options_t plan;
    apply_options_t apply;
    opener_t opener;          /* of middleware files */
    const char *builtins_dir; /* NULL: none */
} splice_options_t;

typedef struct splice {
    splice_options_t options;
    rules_t rules;
    middlewares_t middlewares;
    document_t *document;
    weft_bytes_t input; /* the document's bytes before any edit */
    type_pool_t *pool;
    graph_t *graph; /* of the document before any edit */
    plan_t plan;
    findings_t warnings; /* beside those of rules and plan */
    bool complete;       /* every middleware's file is known: it can be applied */
    bool changes;        /* false: the output is the input, byte for byte */
} splice_t;

/* Reads the rules and makes the plan. `name` is what a plain component without a name is called. What is passed must
 * outlive the splice, which is freed with weft_splice_free, also after an error. */
weft_error_t *weft_splice_plan(weft_str_t rules_name, weft_str_t rules_text, document_t *document,
                               weft_str_t name, const splice_options_t *options, splice_t *splice);

/* Does what the plan says. After an error the document is half edited. */
weft_error_t *weft_splice_apply(splice_t *splice);

/* All warnings since the last time, in one list, to the caller. */
weft_error_t *weft_splice_take_warnings(splice_t *splice);
void weft_splice_free(splice_t *splice);

#endif
