/* Plugins: a component, what is known of its exports, and the engine that runs it. */
#ifndef WEFT_RUNTIME_PLUGIN_H
#define WEFT_RUNTIME_PLUGIN_H

#include "runtime/direct/direct.h"
#include "runtime/exports.h"
#include "runtime/hosted/hosted.h"
#include "runtime/link.h"
#include "runtime/program.h"
#include "support/file.h"

struct weft_func {
    weft_plugin_t *plugin;
    const exported_func_t *exported;
    hosted_func_t hosted;
    _Atomic(const direct_func_t *) direct; /* NULL: not looked up yet */
    buf_t room;                            /* for the result of a flat call */
};

struct weft_plugin {
    weft_engine_t *engine;
    atomic_size_t references; /* of the host, and of those that import from it */
    VEC(weft_plugin_t *) providers;
    file_t file;        /* closed when the bytes came from the caller */
    uint8_t *converted; /* the binary made from text; may be NULL */
    program_t *program;
    given_funcs_t given;      /* imports that the embedder serves */
    links_t links;            /* and those that other plugins serve */
    hosted_t *hosted;         /* either this */
    direct_t *direct;         /* or this, the other is NULL */
    const char *why;          /* it was chosen */
    char *why_text;           /* the same, when it is no constant */
    pthread_mutex_t lock;     /* of what follows */
    VEC(weft_func_t *) funcs; /* those that were asked for */
};

/* As weft_plugin_func, for what a text says. (WEFT_API: for the program, which loads the library.) */
WEFT_API weft_error_t *weft_plugin_query(weft_plugin_t *plugin, const func_query_t *query,
                                         weft_func_t **func);

static inline const func_type_t *weft_func_type(const weft_func_t *func) {
    return func->exported->type;
}

#endif
