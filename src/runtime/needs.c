#include "runtime/needs.h"

static bool is_wasi(weft_str_t name) {
    return name.len >= 5 && memcmp(name.ptr, "wasi:", 5) == 0;
}

bool weft_needs_provider(const extern_type_t *import) {
    if (import->sort == SORT_TYPE) return import->type->kind == CTYPE_RESOURCE;
    if (import->sort != SORT_INSTANCE) return true;
    const extern_list_t *exports = &import->type->instance.exports;
    for (uint32_t i = 0; i < exports->count; i++)
        if (weft_needs_provider(&exports->items[i].type)) return true;
    return false;
}

bool weft_needs_wasi(const extern_item_t *import, const given_funcs_t *given,
                     const links_t *links) {
    return import->type.sort == SORT_INSTANCE && is_wasi(import->name) &&
           weft_needs_provider(&import->type) && !weft_given_serves(given, import->name) &&
           !weft_links_find(links, import->name);
}

static weft_error_t *with_missing(weft_error_t *error, const extern_item_t *item,
                                  weft_str_t interface) {
    if (!error)
        error = weft_error_new(WEFT_NOT_FOUND, "the component has an import that nothing provides");
    return weft_error_with_note(error, "%s %.*s%s%.*s", weft_extern_type_words(&item->type),
                                STR_ARG(interface), interface.len ? "#" : "", STR_ARG(item->name));
}

/* What the embedder serves of an interface must be all of it. */
static weft_error_t *with_rest(weft_error_t *error, const extern_item_t *import,
                               const given_funcs_t *given) {
    const extern_list_t *exports = &import->type.type->instance.exports;
    for (uint32_t i = 0; i < exports->count; i++) {
        const extern_item_t *item = &exports->items[i];
        if (!weft_needs_provider(&item->type)) continue;
        if (item->type.sort == SORT_FUNC && weft_given_find(given, import->name, item->name))
            continue;
        error = with_missing(error, item, import->name);
    }
    return error;
}

weft_error_t *weft_needs_provided(const ctype_t *component, const given_funcs_t *given,
                                  const links_t *links) {
    const extern_list_t *imports = &component->component.imports;
    weft_error_t *error = NULL;
    for (uint32_t i = 0; i < imports->count; i++) {
        const extern_item_t *import = &imports->items[i];
        if (!weft_needs_provider(&import->type)) continue;
        if (weft_links_find(links, import->name)) continue;
        if (import->type.sort == SORT_INSTANCE && weft_given_serves(given, import->name))
            error = with_rest(error, import, given);
        else if (!is_wasi(import->name) && !weft_given_find(given, STR_LIT(""), import->name))
            error = with_missing(error, import, STR_LIT(""));
    }
    return weft_error_with_help(error,
                                "compose it with a component that exports this: weft compose");
}
