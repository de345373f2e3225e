/* Which imports are WASI's, and their proxy. */
#include "weave/proxy/proxy.h"

#include "runtime/needs.h"
#include "runtime/wasi/wasi.h"
#include "support/alloc.h"

static weft_error_t *make(const program_t *program, const bool *wanted, buf_t *proxy) {
    const extern_list_t *imports = &program->type->component.imports;
    proxy_options_t options = {.bytes = PROXY_PLACES, .wanted = wanted};
    return weft_proxy_make(program->pool, imports->items, imports->count, &options, proxy);
}

static weft_error_t *append(buf_t *to, const buf_t *bytes) {
    weft_buf_bytes(to, bytes->data, bytes->len);
    return to->failed ? weft_error_oom() : NULL;
}

/* Takes `wanted`, which is kept with the proxy. */
static weft_error_t *keep(program_t *program, bool **wanted) {
    weft_error_t *error = make(program, *wanted, &program->proxy);
    if (error) {
        weft_buf_free(&program->proxy);
        return error;
    }
    program->proxied = *wanted;
    *wanted = NULL;
    return NULL;
}

/* Under the program's lock: making one brings types into its pool. */
static weft_error_t *find(program_t *program, bool **wanted, buf_t *proxy) {
    size_t size = program->type->component.imports.count * sizeof **wanted;
    if (program->proxied && memcmp(program->proxied, *wanted, size) != 0)
        return make(program, *wanted, proxy);
    if (!program->proxied) TRY(keep(program, wanted));
    return append(proxy, &program->proxy);
}

weft_error_t *weft_wasi_proxy(program_t *program, const given_funcs_t *given, const links_t *links,
                              buf_t *proxy) {
    const extern_list_t *imports = &program->type->component.imports;
    weft_error_t *error = NULL;
    bool any = false;
    if (!imports->count) return NULL;
    bool *wanted = weft_alloc_zero(imports->count, sizeof *wanted);
    if (!wanted) return weft_error_oom();
    for (uint32_t i = 0; i < imports->count; i++)
        any |= wanted[i] = weft_needs_wasi(&imports->items[i], given, links);
    if (any) {
        pthread_mutex_lock(&program->lock);
        error = find(program, &wanted, proxy);
        pthread_mutex_unlock(&program->lock);
    }
    weft_free(wanted);
    return error;
}
