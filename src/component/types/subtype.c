/* Subtyping (Explainer.md, Type Checking): functions and values are equal or not; an instance may have more
 * exports than are asked for; a component may ask for less and give more. */
#include "component/types/subtype.h"

#include "component/types/mismatch.h"

void weft_match_init(match_t *match, type_pool_t *pool) {
    weft_csubst_init(&match->subst, pool);
    match->given_words = "what is given";
    match->asked_words = "what is asked for";
}

void weft_match_free(match_t *match) {
    weft_csubst_free(&match->subst);
}

/* ---- binding -------------------------------------------------------------------------------- */

static weft_error_t *bind_resource(match_t *match, const map_t *bound, const resource_t *asked,
                                   const resource_t *given) {
    if (!weft_map_get_ptr(bound, asked)) return NULL;
    if (weft_map_get_ptr(&match->subst.resources, asked)) return NULL; /* the first place counts */
    return weft_csubst_resource(&match->subst, asked, given);
}

static weft_error_t *bind(match_t *match, const map_t *bound, const extern_type_t *asked,
                          const extern_type_t *given) {
    TRY(weft_type_pool_work(match->subst.pool, 1));
    if (asked->sort != given->sort || !asked->type || !asked->type->is_open) return NULL;
    if (asked->type->kind != given->type->kind) return NULL; /* the check will say so */
    if (asked->sort == SORT_TYPE && asked->type->kind == CTYPE_RESOURCE) {
        return bind_resource(match, bound, asked->type->resource, given->type->resource);
    }
    if (asked->sort != SORT_INSTANCE) return NULL;
    const extern_list_t *exports = &asked->type->instance.exports;
    for (uint32_t i = 0; i < exports->count; i++) {
        const extern_item_t *item = weft_instance_type_find(given->type, exports->items[i].name);
        if (item) TRY(bind(match, bound, &exports->items[i].type, &item->type));
    }
    return NULL;
}

static weft_error_t *set_of(resource_list_t list, map_t *set) {
    for (uint32_t i = 0; i < list.count; i++) {
        TRY(weft_map_set_ptr(set, list.items[i], (void *)(uintptr_t)list.items[i]));
    }
    return NULL;
}

weft_error_t *weft_match_bind(match_t *match, resource_list_t bound, const extern_type_t *asked,
                              const extern_type_t *given) {
    if (!bound.count) return NULL;
    map_t set = {0};
    weft_error_t *error = set_of(bound, &set);
    if (!error) error = bind(match, &set, asked, given);
    weft_map_free(&set);
    return error;
}

/* Every item of `asked` against the one of that name in `given`, if there is one. */
static weft_error_t *bind_list(match_t *match, resource_list_t bound, const extern_list_t *asked,
                               const extern_list_t *given) {
    if (!bound.count) return NULL;
    map_t set = {0};
    weft_error_t *error = set_of(bound, &set);
    for (uint32_t i = 0; i < asked->count && !error; i++) {
        const extern_item_t *item = weft_extern_find(given, asked->items[i].name);
        if (item) error = bind(match, &set, &asked->items[i].type, &item->type);
    }
    weft_map_free(&set);
    return error;
}

/* ---- checking ------------------------------------------------------------------------------- */

static weft_error_t *check(match_t *match, const place_t *place, const extern_type_t *asked,
                           const extern_type_t *given);

static weft_error_t *check_list(match_t *match, const place_t *place, const extern_list_t *asked,
                                const extern_list_t *given) {
    for (uint32_t i = 0; i < asked->count; i++) {
        const extern_item_t *wanted = &asked->items[i];
        const extern_item_t *item = weft_extern_find(given, wanted->name);
        place_t inner = weft_place_of_item(place, wanted->name, &wanted->type);
        if (!item) return weft_mismatch_missing(match, &inner);
        TRY(check(match, &inner, &wanted->type, &item->type));
    }
    return NULL;
}

static weft_error_t *check_func(match_t *match, const place_t *place, const func_type_t *asked,
                                const func_type_t *given) {
    TRY(weft_substitute_func_type(&match->subst.structure, asked, &asked));
    return asked == given ? NULL : weft_mismatch_funcs(match, place, asked, given);
}

static weft_error_t *check_value(match_t *match, const place_t *place, const type_t *asked,
                                 const type_t *given) {
    TRY(weft_substitute_type(&match->subst.structure, asked, &asked));
    return asked == given ? NULL : weft_mismatch_types(match, place, asked, given);
}

static weft_error_t *check_resource(match_t *match, const place_t *place, const resource_t *asked,
                                    const resource_t *given) {
    buf_t a = {0}, b = {0};
    weft_str_t name = asked->name; /* what it stands for may have none */
    asked = weft_substitute_resource(&match->subst.structure, asked);
    if (asked == given) return NULL;
    if (asked->name.len) name = asked->name;
    weft_buf_printf(&a, "the resource \"%.*s\"", STR_ARG(name));
    weft_buf_printf(&b, "the resource \"%.*s\", another one", STR_ARG(given->name));
    weft_buf_byte(&a, 0);
    weft_buf_byte(&b, 0);
    weft_error_t *error = a.failed || b.failed
                              ? weft_error_oom()
                              : weft_mismatch(match, place, (char *)a.data, (char *)b.data);
    weft_buf_free(&a);
    weft_buf_free(&b);
    return error;
}

/* What is given must be content with the imports that the asked type promises, and give all of its exports. */
static weft_error_t *check_component(match_t *match, const place_t *place, const ctype_t *asked,
                                     const ctype_t *given) {
    match_t imports, exports;
    extern_list_t made;
    weft_error_t *error;
    TRY(weft_csubst_type(&match->subst, asked, &asked));
    weft_match_init(&imports, match->subst.pool);
    weft_match_init(&exports, match->subst.pool);
    exports.given_words = imports.asked_words = match->given_words;
    exports.asked_words = imports.given_words = match->asked_words;

    TRY_OR(done, bind_list(&imports, given->component.imported, &given->component.imports,
                           &asked->component.imports));
    TRY_OR(done, check_list(&imports, place, &given->component.imports, &asked->component.imports));
    TRY_OR(done, weft_csubst_externs(&imports.subst, &given->component.exports, &made));
    TRY_OR(done, bind_list(&exports, asked->component.defined, &asked->component.exports, &made));
    TRY_OR(done, check_list(&exports, place, &asked->component.exports, &made));
done:
    weft_match_free(&imports);
    weft_match_free(&exports);
    return error;
}

static weft_error_t *check_type(match_t *match, const place_t *place, const ctype_t *asked,
                                const ctype_t *given) {
    switch (asked->kind) {
    case CTYPE_VALUE: return check_value(match, place, asked->value.type, given->value.type);
    case CTYPE_FUNC: return check_func(match, place, asked->func.type, given->func.type);
    case CTYPE_RESOURCE: return check_resource(match, place, asked->resource, given->resource);
    case CTYPE_COMPONENT: return check_component(match, place, asked, given);
    case CTYPE_INSTANCE:
        return check_list(match, place, &asked->instance.exports, &given->instance.exports);
    }
    return NULL;
}

static weft_error_t *check(match_t *match, const place_t *place, const extern_type_t *asked,
                           const extern_type_t *given) {
    TRY(weft_type_pool_work(match->subst.pool, 1));
    if (asked->sort != given->sort ||
        (asked->sort != SORT_CORE_MODULE && asked->type->kind != given->type->kind)) {
        return weft_mismatch(match, place, weft_extern_type_words(asked),
                             weft_extern_type_words(given));
    }
    if (asked->sort == SORT_CORE_MODULE) return NULL;
    if (asked->type == given->type && !asked->type->is_open) return NULL;
    return check_type(match, place, asked->type, given->type);
}

weft_error_t *weft_match_check(match_t *match, weft_str_t name, const extern_type_t *asked,
                               const extern_type_t *given) {
    place_t place = weft_place_of_item(NULL, name, asked);
    return check(match, name.len ? &place : NULL, asked, given);
}

weft_error_t *weft_subtype_check(type_pool_t *pool, const extern_type_t *asked,
                                 const extern_type_t *given) {
    match_t match;
    weft_match_init(&match, pool);
    weft_error_t *error = check(&match, NULL, asked, given);
    weft_match_free(&match);
    return error;
}

/* ---- after the check ------------------------------------------------------------------------ */

weft_error_t *weft_match_rename(match_t *match, const extern_type_t *asked,
                                const extern_type_t *given) {
    TRY(weft_type_pool_work(match->subst.pool, 1));
    if (asked->sort == SORT_TYPE)
        return weft_csubst_rename(&match->subst, asked->type, given->type);
    if (asked->sort != SORT_INSTANCE) return NULL;
    const extern_list_t *exports = &asked->type->instance.exports;
    for (uint32_t i = 0; i < exports->count; i++) {
        const extern_item_t *item = weft_instance_type_find(given->type, exports->items[i].name);
        if (item) TRY(weft_match_rename(match, &exports->items[i].type, &item->type));
    }
    return NULL;
}

weft_error_t *weft_match_imports(match_t *match, const ctype_t *component,
                                 const extern_list_t *given) {
    const extern_list_t *imports = &component->component.imports;
    TRY(bind_list(match, component->component.imported, imports, given));
    TRY(check_list(match, NULL, imports, given));
    weft_map_free(&match->subst.types); /* worked out in the checks, without the renames */
    for (uint32_t i = 0; i < imports->count; i++) {
        const extern_item_t *item = weft_extern_find(given, imports->items[i].name);
        TRY(weft_match_rename(match, &imports->items[i].type, &item->type));
    }
    return NULL;
}
