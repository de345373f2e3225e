/* Which imports are WASI's, and their proxy. */
#include "weave/proxy/proxy.h"

#include "runtime/needs.h"
#include "runtime/wasi/wasi.h"
#include "support/alloc.h"

weft_error_t *weft_wasi_proxy(type_pool_t *pool, const ctype_t *component,
                              const given_funcs_t *given, const links_t *links, buf_t *proxy) {
    const extern_list_t *imports = &component->component.imports;
    if (!imports->count) return NULL;
    bool *wanted = weft_alloc_zero(imports->count, sizeof *wanted), any = false;
    if (!wanted) return weft_error_oom();
    for (uint32_t i = 0; i < imports->count; i++)
        any |= wanted[i] = weft_needs_wasi(&imports->items[i], given, links);
    proxy_options_t options = {.bytes_as_text = true, .wanted = wanted};
    weft_error_t *error =
        any ? weft_proxy_make(pool, imports->items, imports->count, &options, proxy) : NULL;
    weft_free(wanted);
    return error;
}
