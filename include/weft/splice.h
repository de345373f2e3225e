/* Putting middleware on the edges of a composition, by a rules file (docs/splice.md). */
#ifndef WEFT_SPLICE_H
#define WEFT_SPLICE_H

#include <weft/component.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum weft_splice_how { WEFT_HOW_AUTO, WEFT_HOW_WEAVE, WEFT_HOW_PROXY } weft_splice_how_t;

/* All zero are the defaults. */
typedef struct weft_splice_options {
    weft_splice_how_t how;    /* for rules that do not say */
    bool strict;              /* a rule that selects nothing is an error */
    bool allow_unmatched;     /* ... is not even a warning */
    bool skip_type_check;     /* middleware whose types do not fit is a warning */
    const char *builtins_dir; /* where builtins are looked for; NULL: nowhere */
} weft_splice_options_t;

/* Applies rules to a component. `rules_name` is the rules file's path: paths in it are looked for beside it,
 * then in the current directory, and errors name it. All problems of the rules come in one list, each with
 * line and column.
 *
 * `warnings` (may be NULL: they are dropped) gets a list, NULL for none, that the caller deletes; also after
 * an error. The result has bytes of its own. */
WEFT_API weft_error_t *weft_splice(const weft_component_t *component, const char *rules_name,
                                   weft_str_t rules, const weft_splice_options_t *options,
                                   weft_component_t **result, weft_error_t **warnings);

/* Tells what weft_splice would do, edge by edge, and why: as text, or as JSON. Middleware without a path is
 * allowed. The caller frees *text with weft_free. */
WEFT_API weft_error_t *weft_splice_explain(const weft_component_t *component,
                                           const char *rules_name, weft_str_t rules,
                                           const weft_splice_options_t *options, bool json,
                                           char **text, weft_error_t **warnings);

#ifdef __cplusplus
}
#endif
#endif
