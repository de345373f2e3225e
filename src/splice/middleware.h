/* Middleware: a component file, and what kind of middleware it is. The kind follows from what it exports:
 *
 *   the interface of the edge itself    it is wired in, between consumer and provider
 *   hook interfaces, one tier, family   the edge is woven: hooks are called around the calls
 *   neither                             it cannot be put there
 *
 * The first depends on the edge, so it is asked per interface. */
#ifndef WEFT_SPLICE_MIDDLEWARE_H
#define WEFT_SPLICE_MIDDLEWARE_H

#include "component/types/typing.h"
#include "splice/rules.h"

typedef enum hook_kind {
    HOOK_NONE,
    HOOK_HELPER, /* catalog, fault: of use only beside others */
    HOOK_BEFORE,
    HOOK_AFTER,
    HOOK_GATE, /* may skip or refuse the call: gate, blocking */
    HOOK_OBSERVE,
    HOOK_TRANSFORM,
    HOOK_VIRTUALIZE
} hook_kind_t;

/* One row of the table of hook interfaces. */
typedef struct hook_interface {
    const char *name;   /* without version */
    const char *family; /* "weft:hooks" or "splicer" */
    unsigned tier;      /* 0: goes with any */
    hook_kind_t kind;
} hook_interface_t;

/* The row of an interface, with or without version; NULL: it is no hook. */
const hook_interface_t *weft_hook_interface(weft_str_t interface);

typedef struct exported {
    weft_str_t name;
    const hook_interface_t *hook; /* NULL: none */
    def_t *def;                   /* the DEF_EXPORT */
} exported_t;

/* A component file that one or more injections name. */
typedef struct middleware {
    weft_str_t path; /* as it was found */
    weft_bytes_t bytes;
    buf_t made; /* the bytes, when values were sealed into it for one injection; else empty */
    document_t *document;
    exported_t *exports; /* interfaces */
    uint32_t export_count;
    const char *family; /* of its hooks; NULL: it has none */
    unsigned tier;
    bool has_gate;
    bool
        joined; /* several of its interfaces are about one resource of its own: all are one instance's (plan.c asks) */
} middleware_t;

/* Where files come from: `open` gives the bytes of a component file (text converted), which live as long as
 * the job; an error names the file. */
typedef struct opener {
    weft_error_t *(*open)(void *context, const char *path, weft_bytes_t *bytes);
    void *context;
} opener_t;

/* The middleware of a job, each file once. All zero is empty. */
typedef struct middlewares {
    arena_t arena;
    opener_t opener;
    const char *builtins_dir; /* where builtins are looked for; NULL: nowhere */
    VEC(middleware_t *) items;
} middlewares_t;

void weft_middlewares_free(middlewares_t *all);

/* Finds and reads what an injection names. *middleware is NULL when it names no file (only a plan can do with
 * that). Errors point into the rules file. */
weft_error_t *weft_middleware_load(middlewares_t *all, const rules_t *rules, const inject_t *inject,
                                   middleware_t **middleware);

/* The export that can stand for `interface` as it is: the same name, else a version compatible with it. NULL:
 * none. */
const exported_t *weft_middleware_export(const middleware_t *middleware, weft_str_t interface);

/* The import of the middleware's root by that name or a compatible version; NULL: none. */
const def_t *weft_middleware_import(const middleware_t *middleware, weft_str_t interface);

/* Finds out `joined`. */
weft_error_t *weft_middleware_join(middleware_t *middleware, type_pool_t *pool);

/* Appends "`a`, `b` and `c`": what it exports; "nothing". */
void weft_middleware_list_exports(buf_t *out, const middleware_t *middleware);

#endif
