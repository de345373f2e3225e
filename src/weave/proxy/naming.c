#include "weave/proxy/naming.h"

typedef struct source {
    def_t *instance;
    weft_str_t name;
    def_t *alias; /* NULL: not taken yet */
} source_t;

void weft_naming_init(naming_t *naming, scope_t *scope) {
    *naming = (naming_t){.b.scope = scope};
    naming->ascribe.builder = &naming->b;
}

static weft_error_t *bring_same(naming_t *naming, const ctype_t *type, def_t *there, def_t **here) {
    (void)naming;
    (void)type;
    *here = there;
    return NULL;
}

void weft_naming_init_beside(naming_t *naming, naming_t *around) {
    weft_naming_init(naming, around->b.scope);
    naming->around = around;
    naming->bring = bring_same;
}

void weft_naming_free(naming_t *naming) {
    weft_ascribe_free(&naming->ascribe);
    weft_map_free(&naming->resources);
    weft_map_free(&naming->brought);
    weft_map_free(&naming->sources);
    weft_map_free(&naming->reached);
    weft_error_delete(naming->b.error);
}

weft_error_t *weft_naming_error(naming_t *naming) {
    weft_error_t *error = naming->b.error;
    naming->b.error = NULL;
    return error;
}

/* What a type is known by. */
static const void *key_of(const ctype_t *type) {
    return type->kind == CTYPE_RESOURCE ? (const void *)type->resource : type;
}

static bool has_name(const ctype_t *type) {
    return type->kind == CTYPE_RESOURCE || type->name.len;
}

weft_error_t *weft_naming_bind(naming_t *naming, const ctype_t *type, def_t *def) {
    if (type->kind == CTYPE_RESOURCE && !weft_map_get_ptr(&naming->resources, type->resource))
        TRY(weft_map_set_ptr(&naming->resources, type->resource, def));
    for (const ctype_t *c = type->renames; c; c = c->renames)
        if (has_name(c) && !weft_map_get_ptr(&naming->ascribe.names, c))
            TRY(weft_ascribe_name(&naming->ascribe, c, def));
    return weft_ascribe_name(&naming->ascribe, type, def);
}

static weft_error_t *add_source(naming_t *naming, const extern_item_t *item, def_t *instance) {
    source_t *source = ARENA_NEW(&naming->b.scope->document->arena, source_t);
    if (!source) return weft_error_oom();
    *source = (source_t){instance, item->name, NULL};
    for (const ctype_t *c = item->type.type; c; c = c->renames)
        if (has_name(c) && !weft_map_get_ptr(&naming->sources, key_of(c)))
            TRY(weft_map_set_ptr(&naming->sources, key_of(c), source));
    return NULL;
}

weft_error_t *weft_naming_add_source(naming_t *naming, const extern_list_t *exports,
                                     const extern_list_t *twin, def_t *instance) {
    for (uint32_t i = 0; i < exports->count; i++)
        if (exports->items[i].type.sort == SORT_TYPE)
            TRY(add_source(naming, &exports->items[i], instance));
    for (uint32_t i = 0; twin && i < twin->count; i++) {
        const extern_item_t *own = weft_extern_find(exports, twin->items[i].name);
        if (own && own->type.sort == SORT_TYPE && twin->items[i].type.sort == SORT_TYPE)
            TRY(add_source(naming, &twin->items[i], instance));
    }
    return NULL;
}

static def_t *known(const naming_t *naming, const ctype_t *type) {
    def_t *def = weft_map_get_ptr(&naming->ascribe.names, type);
    if (def || type->kind != CTYPE_RESOURCE) return def;
    def = weft_map_get_ptr(&naming->resources, type->resource);
    return def ? def : weft_map_get_ptr(&naming->brought, type->resource);
}

/* The alias of what a source exports, made once. */
static weft_error_t *take(naming_t *naming, source_t *source, def_t **def) {
    if (!source->alias)
        source->alias = weft_build_alias(&naming->b, SORT_TYPE, source->instance, source->name);
    *def = source->alias;
    return *def ? NULL : weft_naming_error(naming);
}

/* A definition of this scope for one of the scope around, made once. */
static weft_error_t *bring(naming_t *naming, const ctype_t *type, def_t *there, def_t **def) {
    *def = weft_map_get_ptr(&naming->brought, there);
    if (*def) return NULL;
    TRY(naming->bring(naming, type, there, def));
    return weft_map_set_ptr(&naming->brought, there, *def);
}

weft_error_t *weft_naming_find(naming_t *naming, const ctype_t *type, def_t **def) {
    *def = known(naming, type);
    if (*def) return NULL;
    source_t *source = weft_map_get_ptr(&naming->sources, key_of(type));
    if (source) TRY(take(naming, source, def));
    else if (naming->around) {
        def_t *there;
        TRY(weft_naming_find(naming->around, type, &there));
        if (!there) return NULL;
        TRY(bring(naming, type, there, def));
    }
    if (!*def) return NULL;
    if (type->kind == CTYPE_RESOURCE) TRY(weft_map_set_ptr(&naming->brought, type->resource, *def));
    return weft_ascribe_name(&naming->ascribe, type, *def);
}

/* Whether the outermost scope has two names for one definition: then the one is how its owner calls the other. */
static weft_error_t *is_same(naming_t *naming, const ctype_t *a, const ctype_t *b, bool *same) {
    def_t *x, *y;
    while (naming->around) naming = naming->around;
    TRY(weft_naming_find(naming, a, &x));
    TRY(weft_naming_find(naming, b, &y));
    *same = x && x == y;
    return NULL;
}

/* Every name that the type mentions is bound in this scope. */
static weft_error_t *reach(naming_t *naming, const ctype_t *type) {
    if (!type || weft_map_get_ptr(&naming->reached, type)) return NULL;
    TRY(weft_map_set_ptr(&naming->reached, type, (void *)(uintptr_t)type));
    if (has_name(type)) {
        def_t *def;
        TRY(weft_naming_find(naming, type, &def));
        if (def) return weft_ascribe_name(&naming->ascribe, type, def);
    }
    if (type->kind != CTYPE_VALUE) return NULL;
    for (uint32_t i = 0; i < type->value.part_count; i++) TRY(reach(naming, type->value.parts[i]));
    return NULL;
}

weft_error_t *weft_naming_define(naming_t *naming, const ctype_t *type, def_t **def) {
    if (type->kind == CTYPE_RESOURCE) return weft_naming_find(naming, type, def);
    if (type->kind != CTYPE_VALUE)
        return weft_error_new(WEFT_UNSUPPORTED,
                              "the type \"%.*s\" is neither a value's nor a resource",
                              STR_ARG(type->name));
    *def = NULL;
    for (const ctype_t *c = type->renames; c && !*def; c = c->renames) {
        bool same = true;
        if (has_name(c)) TRY(is_same(naming, type, c, &same));
        if (!same) TRY(weft_naming_find(naming, c, def));
    }
    if (*def) return NULL;
    for (uint32_t i = 0; i < type->value.part_count; i++) TRY(reach(naming, type->value.parts[i]));
    return weft_ascribe_structure(&naming->ascribe, type, def);
}

weft_error_t *weft_naming_func(naming_t *naming, const ctype_t *func, def_t **def) {
    for (uint32_t i = 0; i < func->func.type->param_count; i++)
        TRY(reach(naming, func->func.params[i]));
    TRY(reach(naming, func->func.result));
    return weft_ascribe_func(&naming->ascribe, func, def);
}
