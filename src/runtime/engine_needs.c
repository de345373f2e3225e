#include "runtime/engine_needs.h"

#include "core/read.h"
#include "runtime/image.h"

/* ---- async ------------------------------------------------------------------------------------ */

static bool is_async_opts(const canon_opts_t *opts) {
    for (uint32_t i = 0; i < opts->count; i++)
        if (opts->items[i].opt == OPT_ASYNC || opts->items[i].opt == OPT_CALLBACK) return true;
    return false;
}

static bool is_async_canon(const canon_def_t *canon) {
    switch (canon->op) {
    case CANON_RESOURCE_NEW:
    case CANON_RESOURCE_DROP:
    case CANON_RESOURCE_REP:
    case CANON_THREAD_SPAWN_REF:
    case CANON_THREAD_SPAWN_INDIRECT:
    case CANON_THREAD_AVAILABLE_PARALLELISM: return false;
    case CANON_LIFT:
    case CANON_LOWER: return is_async_opts(&canon->opts);
    default:
        return true; /* tasks, subtasks, streams, futures, error contexts, waitables, threads */
    }
}

static bool is_async_type(const type_def_t *type) {
    return type->op == TYPE_OP_ASYNC_FUNC || type->op == TYPE_OP_STREAM ||
           type->op == TYPE_OP_FUTURE ||
           (type->op == TYPE_OP_PRIM && type->element.prim == PRIM_ERROR_CONTEXT);
}

/* ---- data ------------------------------------------------------------------------------------- */

static weft_error_t *count_data(weft_bytes_t bytes, size_t *data) {
    arena_t arena = {0};
    core_module_t *module;
    weft_error_t *error = weft_core_module_open(&arena, bytes.ptr, bytes, &module);
    if (!error) *data += weft_core_module_data(module);
    weft_arena_free(&arena);
    return error;
}

/* ---- both ------------------------------------------------------------------------------------- */

typedef struct found {
    bool async;
    size_t data;
} found_t;

/* The reader bounds how deep bodies nest. */
static weft_error_t *look_through(scope_t *scope, found_t *found) {
    for (def_t *def = scope->first; def; def = def->next) {
        scope_t *body = NULL;
        if (def->kind == DEF_CANON) found->async |= is_async_canon(&def->canon);
        if (def->kind == DEF_TYPE) found->async |= is_async_type(&def->type);
        if (def->kind == DEF_TYPE) body = def->type.body;
        if (def->kind == DEF_CORE_MODULE)
            TRY(weft_error_with_offset(count_data(def->bytes, &found->data), weft_def_offset(def)));
        if (def->kind == DEF_COMPONENT) TRY(weft_component_body(def, &body));
        if (body) TRY(look_through(body, found));
    }
    return NULL;
}

weft_error_t *weft_engine_needs(scope_t *root, unsigned *needs) {
    found_t found = {0};
    TRY(look_through(root, &found));
    *needs = (found.async ? ENGINE_ASYNC : 0U) | (found.data > IMAGE_LEAST ? ENGINE_IMAGES : 0U);
    return NULL;
}
