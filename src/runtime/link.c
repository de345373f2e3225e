#include "runtime/link.h"

#include "component/types/mismatch.h"
#include "runtime/plugin.h"
#include "support/alloc.h"
#include "support/version.h"

void weft_links_free(links_t *links) {
    for (size_t i = 0; i < links->stand_ins.capacity; i++)
        weft_free(links->stand_ins.entries[i].value);
    weft_map_free(&links->stand_ins);
    VEC_FREE(&links->items);
    weft_map_free(&links->resources);
}

const link_t *weft_links_find(const links_t *links, weft_str_t import) {
    for (size_t i = 0; i < links->items.count; i++)
        if (weft_str_eq(links->items.items[i].import->name, import)) return &links->items.items[i];
    return NULL;
}

/* ---- names ------------------------------------------------------------------------------------ */

typedef enum fit { FITS_NOT, FITS, FITS_EXACTLY } fit_t;

static fit_t fit_of(const extern_item_t *import, const extern_item_t *export_) {
    weft_str_t name, version, other_name, other_version;
    if (import->type.sort != export_->type.sort) return FITS_NOT;
    if (weft_str_eq(import->name, export_->name)) return FITS_EXACTLY;
    weft_split_version(import->name, &name, &version);
    weft_split_version(export_->name, &other_name, &other_version);
    bool fits = weft_str_eq(name, other_name) && weft_version_compatible(version, other_version);
    return fits ? FITS : FITS_NOT;
}

static bool is_newer(const extern_item_t *a, const extern_item_t *b) {
    weft_str_t name, a_text, b_text;
    version_t x, y;
    weft_split_version(a->name, &name, &a_text);
    weft_split_version(b->name, &name, &b_text);
    return weft_version_parse(a_text, true, &x) && weft_version_parse(b_text, true, &y) &&
           weft_version_compare(&x, &y) > 0;
}

/* The provider's export for an import: of the same version, else the highest that goes together. */
static const extern_item_t *find_export(const weft_plugin_t *provider, const extern_item_t *import,
                                        fit_t *fit) {
    const extern_list_t *exports = &provider->program->type->component.exports;
    const extern_item_t *best = NULL;
    *fit = FITS_NOT;
    for (uint32_t i = 0; i < exports->count; i++) {
        const extern_item_t *item = &exports->items[i];
        fit_t found = fit_of(import, item);
        if (!found || found < *fit) continue;
        if (best && found == *fit && !is_newer(item, best)) continue;
        best = item;
        *fit = found;
    }
    return best;
}

static weft_error_t *ambiguous(const extern_item_t *import, const extern_item_t *first,
                               const extern_item_t *second) {
    weft_error_t *error =
        weft_error_new(WEFT_INVALID, "several plugins export `%.*s`", STR_ARG(import->name));
    error = weft_error_with_note(error, "one exports %.*s", STR_ARG(first->name));
    error = weft_error_with_note(error, "another exports %.*s", STR_ARG(second->name));
    return weft_error_with_help(error, "give the plugin only the providers that it shall use");
}

static weft_error_t *find_fitting(links_t *links, const extern_item_t *import, fit_t wanted,
                                  weft_plugin_t *const *providers, size_t count, bool *found) {
    link_t link = {.import = import};
    *found = false;
    for (size_t i = 0; i < count; i++) {
        fit_t fit;
        const extern_item_t *item = find_export(providers[i], import, &fit);
        if (fit != wanted || providers[i] == link.provider) continue;
        if (*found) return ambiguous(import, link.export_, item);
        link.export_ = item;
        link.provider = providers[i];
        *found = true;
    }
    return *found ? VEC_PUSH(&links->items, link) : NULL;
}

static weft_error_t *find_link(links_t *links, const extern_item_t *import,
                               weft_plugin_t *const *providers, size_t count) {
    bool found;
    TRY(find_fitting(links, import, FITS_EXACTLY, providers, count, &found));
    if (found) return NULL;
    return find_fitting(links, import, FITS, providers, count, &found);
}

/* ---- resources -------------------------------------------------------------------------------- */

/* Under the plugin's lock. */
static weft_error_t *stand_in(weft_plugin_t *plugin, const resource_t *resource,
                              const resource_t **out) {
    map_t *known = &plugin->links.stand_ins;
    resource_t *made = weft_map_get_ptr(known, resource);
    *out = made;
    if (made) return NULL;
    made = weft_alloc_zero(1, sizeof *made);
    if (!made) return weft_error_oom();
    *made = *resource;
    weft_error_t *error = weft_map_set_ptr(known, resource, made);
    if (error) weft_free(made);
    *out = made;
    return error;
}

/* What a resource of the plugin's types really is. */
static weft_error_t *real(weft_plugin_t *plugin, const resource_t *resource,
                          const resource_t **out) {
    *out = weft_map_get_ptr(&plugin->links.resources, resource);
    if (*out) return NULL;
    *out = resource;
    if (!plugin->program->shared) return NULL;
    pthread_mutex_lock(&plugin->lock);
    weft_error_t *error = stand_in(plugin, resource, out);
    pthread_mutex_unlock(&plugin->lock);
    return error;
}

/* The first place counts where a resource comes in by several. `given` is NULL for imports that no plugin serves: their
 * resources are their own. */
static weft_error_t *bind(links_t *links, const extern_type_t *asked, weft_plugin_t *of,
                          const extern_type_t *given) {
    if (asked->sort == SORT_TYPE && asked->type->kind == CTYPE_RESOURCE) {
        const resource_t *resource = asked->type->resource;
        if (weft_map_get_ptr(&links->resources, resource)) return NULL;
        bool found = given && given->sort == SORT_TYPE && given->type->kind == CTYPE_RESOURCE;
        const resource_t *is = resource;
        if (found) TRY(real(of, given->type->resource, &is));
        return weft_map_set_ptr(&links->resources, resource, (void *)(uintptr_t)is);
    }
    if (asked->sort != SORT_INSTANCE) return NULL;
    const extern_list_t *exports = &asked->type->instance.exports;
    bool matches = given && given->sort == SORT_INSTANCE;
    for (uint32_t i = 0; i < exports->count; i++) {
        const extern_item_t *item =
            matches ? weft_instance_type_find(given->type, exports->items[i].name) : NULL;
        TRY(bind(links, &exports->items[i].type, of, item ? &item->type : NULL));
    }
    return NULL;
}

/* ---- types ------------------------------------------------------------------------------------ */

/* Types of the provider in the importer's pool. */
typedef struct import_types {
    type_pool_t *pool;
    weft_plugin_t *of; /* the provider */
    map_t memo;        /* its type_t -> ours */
} import_types_t;

static weft_error_t *take_type(import_types_t *types, const type_t *type, const type_t **out);

static weft_error_t *take_fields(import_types_t *types, const type_field_t *fields, uint32_t count,
                                 type_field_t *out) {
    for (uint32_t i = 0; i < count; i++) {
        out[i].name = fields[i].name;
        TRY(take_type(types, fields[i].type, &out[i].type));
    }
    return NULL;
}

static weft_error_t *intern(import_types_t *types, const type_t *type, type_field_t *fields,
                            const type_t **out) {
    type_t shape = {.kind = type->kind,
                    .field_count = type->field_count,
                    .fields = fields,
                    .length = type->length};
    TRY(take_fields(types, type->fields, type->field_count, fields));
    TRY(take_type(types, type->key, &shape.key));
    TRY(take_type(types, type->element, &shape.element));
    TRY(take_type(types, type->error, &shape.error));
    if (type->resource) TRY(real(types->of, type->resource, &shape.resource));
    return weft_type_intern(types->pool, &shape, out);
}

static weft_error_t *take_type(import_types_t *types, const type_t *type, const type_t **out) {
    *out = type ? weft_map_get_ptr(&types->memo, type) : NULL;
    if (!type || *out) return NULL;
    TRY(weft_type_pool_work(types->pool, 1));
    type_field_t *fields = weft_alloc_zero(type->field_count, sizeof *fields);
    if (!fields) return weft_error_oom();
    weft_error_t *error = intern(types, type, fields, out);
    weft_free(fields);
    return error ? error : weft_map_set_ptr(&types->memo, type, (void *)(uintptr_t)*out);
}

static weft_error_t *take_func(import_types_t *types, const func_type_t *type,
                               const func_type_t **out) {
    func_type_t shape = {.is_async = type->is_async, .param_count = type->param_count};
    type_field_t *params = weft_alloc_zero(type->param_count, sizeof *params);
    if (!params) return weft_error_oom();
    shape.params = params;
    weft_error_t *error = take_fields(types, type->params, type->param_count, params);
    if (!error) error = take_type(types, type->result, &shape.result);
    if (!error) error = weft_func_type_intern(types->pool, &shape, out);
    weft_free(params);
    return error;
}

/* ---- checking --------------------------------------------------------------------------------- */

typedef struct check {
    match_t match; /* for its words */
    substitution_t ours;
    import_types_t theirs;
} check_t;

static weft_error_t *check_func(check_t *check, const place_t *place, const func_type_t *asked,
                                const func_type_t *given) {
    TRY(weft_substitute_func_type(&check->ours, asked, &asked));
    TRY(take_func(&check->theirs, given, &given));
    return asked == given ? NULL : weft_mismatch_funcs(&check->match, place, asked, given);
}

static weft_error_t *check_value(check_t *check, const place_t *place, const type_t *asked,
                                 const type_t *given) {
    TRY(weft_substitute_type(&check->ours, asked, &asked));
    TRY(take_type(&check->theirs, given, &given));
    return asked == given ? NULL : weft_mismatch_types(&check->match, place, asked, given);
}

static weft_error_t *check_resource(check_t *check, const place_t *place, const resource_t *asked,
                                    const resource_t *given) {
    const resource_t *is = weft_substitute_resource(&check->ours, asked);
    TRY(real(check->theirs.of, given, &given));
    if (is == given) return NULL;
    return weft_mismatch(&check->match, place, "a resource", "another resource");
}

static weft_error_t *check_item(check_t *check, const place_t *place, const extern_type_t *asked,
                                const extern_type_t *given);

static weft_error_t *check_instance(check_t *check, const place_t *place, const ctype_t *asked,
                                    const ctype_t *given) {
    const extern_list_t *exports = &asked->instance.exports;
    for (uint32_t i = 0; i < exports->count; i++) {
        const extern_item_t *item = &exports->items[i];
        const extern_item_t *found = weft_instance_type_find(given, item->name);
        place_t inner = weft_place_of_item(place, item->name, &item->type);
        if (!found) return weft_mismatch_missing(&check->match, &inner);
        TRY(check_item(check, &inner, &item->type, &found->type));
    }
    return NULL;
}

static weft_error_t *check_item(check_t *check, const place_t *place, const extern_type_t *asked,
                                const extern_type_t *given) {
    const ctype_t *a = asked->type, *b = given->type;
    bool same = asked->sort == given->sort && a && b && a->kind == b->kind;
    if (same && asked->sort == SORT_FUNC)
        return check_func(check, place, a->func.type, b->func.type);
    if (same && asked->sort == SORT_INSTANCE) return check_instance(check, place, a, b);
    if (same && asked->sort == SORT_TYPE && a->kind == CTYPE_VALUE)
        return check_value(check, place, a->value.type, b->value.type);
    if (same && asked->sort == SORT_TYPE && a->kind == CTYPE_RESOURCE)
        return check_resource(check, place, a->resource, b->resource);
    if (same && asked->sort == SORT_TYPE)
        return NULL; /* of functions, instances: not used as such */
    if (asked->sort == given->sort && asked->sort != SORT_TYPE)
        return weft_error_new(WEFT_UNSUPPORTED, "a plugin cannot give another one a %s",
                              weft_extern_type_words(asked));
    return weft_mismatch(&check->match, place, weft_extern_type_words(asked),
                         weft_extern_type_words(given));
}

static weft_error_t *check_link(const links_t *links, type_pool_t *pool, const link_t *link) {
    check_t check = {.ours = {.pool = pool, .resources = &links->resources},
                     .theirs = {.pool = pool, .of = link->provider}};
    weft_match_init(&check.match, pool);
    check.match.asked_words = "the import";
    check.match.given_words = "the plugin that provides it";
    place_t place = weft_place_of_item(NULL, link->import->name, &link->import->type);
    weft_error_t *error = check_item(&check, &place, &link->import->type, &link->export_->type);
    if (error && !weft_str_eq(link->import->name, link->export_->name))
        error = weft_error_with_note(error, "it is provided by %.*s", STR_ARG(link->export_->name));
    weft_match_free(&check.match);
    weft_substitution_free(&check.ours);
    weft_map_free(&check.theirs.memo);
    return error;
}

/* ---- all -------------------------------------------------------------------------------------- */

/* What the embedder's functions serve is theirs. */
static bool can_be_linked(const extern_item_t *import, const given_funcs_t *given) {
    if (import->type.sort == SORT_FUNC) return !weft_given_find(given, STR_LIT(""), import->name);
    return import->type.sort == SORT_INSTANCE && !weft_given_serves(given, import->name);
}

weft_error_t *weft_links_make(links_t *links, type_pool_t *pool, const ctype_t *component,
                              const given_funcs_t *given, weft_plugin_t *const *providers,
                              size_t count) {
    const extern_list_t *imports = &component->component.imports;
    weft_error_t *errors = NULL;
    if (!count) return NULL;
    for (uint32_t i = 0; i < imports->count; i++)
        if (can_be_linked(&imports->items[i], given))
            TRY(find_link(links, &imports->items[i], providers, count));
    for (uint32_t i = 0; i < imports->count; i++) {
        const link_t *link = weft_links_find(links, imports->items[i].name);
        TRY(bind(links, &imports->items[i].type, link ? link->provider : NULL,
                 link ? &link->export_->type : NULL));
    }
    for (size_t i = 0; i < links->items.count; i++)
        errors = weft_error_join(errors, check_link(links, pool, &links->items.items[i]));
    return errors;
}
