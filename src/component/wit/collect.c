/* Collects the scopes of names of a component: see wit.h. */
#include <stdlib.h>

#include "component/wit/wit.h"
#include "support/alloc.h"

/* ---- scopes and packages -------------------------------------------------------------------- */

static weft_error_t *new_scope(wit_t *wit, wit_scope_t **scope) {
    wit_scope_t *made = ARENA_NEW(&wit->arena, wit_scope_t);
    if (!made) return weft_error_oom();
    TRY(VEC_PUSH(&wit->scopes, made));
    *scope = made;
    return NULL;
}

static weft_error_t *add_remark(wit_scope_t *scope, const char *before, weft_str_t name,
                                const char *after, const char *words) {
    buf_t text = {0};
    weft_buf_printf(&text, "%s `%.*s` %s%s", before, STR_ARG(name), after, words);
    weft_buf_byte(&text, 0);
    weft_error_t *error =
        text.failed ? weft_error_oom() : VEC_PUSH(&scope->remarks, (char *)text.data);
    if (error) weft_buf_free(&text);
    return error;
}

static weft_error_t *concat(wit_t *wit, weft_str_t a, weft_str_t b, weft_str_t *out) {
    char *text = weft_arena_alloc(&wit->arena, a.len + b.len + 1, 1);
    if (!text) return weft_error_oom();
    if (a.len) memcpy(text, a.ptr, a.len);
    if (b.len) memcpy(text + a.len, b.ptr, b.len);
    *out = (weft_str_t){text, a.len + b.len};
    return NULL;
}

static weft_error_t *package_of(wit_t *wit, const name_t *name, weft_str_t version,
                                wit_package_t **package) {
    weft_str_t key;
    TRY(concat(wit, name->package, STR_LIT("@"), &key));
    TRY(concat(wit, key, version, &key));
    *package = weft_map_get(&wit->package_by_name, key);
    if (*package) return NULL;
    *package = ARENA_NEW(&wit->arena, wit_package_t);
    if (!*package) return weft_error_oom();
    (*package)->name = name->package;
    (*package)->version = version;
    TRY(VEC_PUSH(&wit->packages, *package));
    return weft_map_set(&wit->package_by_name, key, *package);
}

static weft_str_t attribute(const extern_name_t *written, attribute_kind_t kind) {
    for (uint32_t i = 0; written && i < written->attribute_count; i++)
        if (written->attributes[i].kind == kind) return written->attributes[i].text;
    return (weft_str_t){NULL, 0};
}

/* The scope of a named interface, made when it is new. */
static weft_error_t *named_interface(wit_t *wit, weft_str_t path, const name_t *name,
                                     const extern_name_t *written, wit_scope_t **scope) {
    weft_str_t version;
    *scope = weft_map_get(&wit->by_name, path);
    if (*scope) return NULL;
    TRY(concat(wit, name->version, attribute(written, ATTRIBUTE_VERSION_SUFFIX), &version));
    TRY(new_scope(wit, scope));
    (*scope)->name = name->interface_;
    TRY(package_of(wit, name, version, &(*scope)->package));
    TRY(VEC_PUSH(&(*scope)->package->interfaces, *scope));
    return weft_map_set(&wit->by_name, path, *scope);
}

/* ---- what is in a scope --------------------------------------------------------------------- */

static weft_error_t *set_local(wit_t *wit, wit_scope_t *scope, const void *key, weft_str_t name) {
    weft_str_t *copy = ARENA_NEW(&wit->arena, weft_str_t);
    if (!copy) return weft_error_oom();
    *copy = name;
    if (weft_map_get_ptr(&scope->local, key)) return NULL; /* the first name stays */
    return weft_map_set_ptr(&scope->local, key, copy);
}

/* Where such a type is used by another of its names, the one it has here will do. */
static bool must_be_named(const ctype_t *type) {
    type_kind_t kind = type->value.type->kind;
    return kind == TYPE_RECORD || kind == TYPE_VARIANT || kind == TYPE_ENUM || kind == TYPE_FLAGS;
}

static weft_error_t *declare(wit_t *wit, wit_scope_t *scope, const ctype_t *type, weft_str_t name) {
    TRY(set_local(wit, scope, type, name));
    if (type->kind == CTYPE_RESOURCE) TRY(set_local(wit, scope, type->resource, name));
    else if (must_be_named(type)) TRY(set_local(wit, scope, weft_ctype_origin(type), name));
    if (weft_map_get_ptr(&wit->decls, type)) return NULL;
    wit_decl_t *decl = ARENA_NEW(&wit->arena, wit_decl_t);
    if (!decl) return weft_error_oom();
    *decl = (wit_decl_t){scope, name};
    return weft_map_set_ptr(&wit->decls, type, decl);
}

static const wit_decl_t *first_decl(const wit_t *wit, const ctype_t *type) {
    const wit_decl_t *decl = NULL;
    for (; type && !decl; type = type->renames) decl = weft_map_get_ptr(&wit->decls, type);
    return decl;
}

/* The declaration so far that the type is another name for. `use` takes from interfaces of packages only; a type
 * that is the same as one elsewhere is declared again, then. */
static void find_alias(const wit_t *wit, const wit_scope_t *scope, wit_item_t *item) {
    const wit_decl_t *decl = first_decl(wit, item->type);
    if (decl && (decl->scope == scope || decl->scope->package)) item->alias = decl;
    else if (decl && !item->remark)
        item->remark =
            "the same type as one elsewhere in this component, which WIT cannot say here";
}

static weft_error_t *add_type(wit_t *wit, wit_scope_t *scope, const extern_item_t *item,
                              const char *remark) {
    const ctype_t *type = item->type.type;
    if (type->kind != CTYPE_VALUE && type->kind != CTYPE_RESOURCE)
        return add_remark(scope, "the type", item->name,
                          "is the type of a function, an instance or a component", "");
    if (!weft_label_valid(item->name))
        return add_remark(scope, "the type", item->name, "has a name that WIT cannot write", "");
    wit_item_t made = {item->name, type, item->written, remark, NULL};
    if (!weft_map_get(&scope->type_names, item->name)) {
        TRY(weft_map_set(&scope->type_names, item->name, (void *)(uintptr_t)item));
        find_alias(wit, scope, &made);
        TRY(VEC_PUSH(&scope->types, made));
    }
    return declare(wit, scope, type, item->name);
}

/* A name that is none is taken for one that WIT cannot write. */
static weft_error_t *parse_name(weft_str_t text, name_t *name) {
    weft_error_t *error = weft_name_parse(text, name);
    if (!error || weft_error_code(error) != WEFT_INVALID) return error;
    weft_error_delete(error);
    name->kind = NAME_URL;
    return NULL;
}

static bool is_plain(const name_t *name) {
    return name->kind == NAME_LABEL || name->kind == NAME_CONSTRUCTOR ||
           name->kind == NAME_METHOD || name->kind == NAME_STATIC;
}

static weft_error_t *add_func(wit_scope_t *scope, const extern_item_t *item, const char *remark) {
    name_t name;
    TRY(parse_name(item->name, &name));
    if (!is_plain(&name))
        return add_remark(scope, "function", item->name, "has a name that WIT cannot write", "");
    if (weft_map_get(&scope->func_names, item->name)) return NULL;
    TRY(weft_map_set(&scope->func_names, item->name, (void *)(uintptr_t)item));
    return VEC_PUSH(&scope->funcs,
                    (wit_item_t){item->name, item->type.type, item->written, remark, NULL});
}

static weft_error_t *fill_interface(wit_t *wit, wit_scope_t *scope, const ctype_t *instance) {
    const extern_list_t *exports = &instance->instance.exports;
    for (uint32_t i = 0; i < exports->count; i++) {
        const extern_item_t *item = &exports->items[i];
        if (wit->count++ >= WIT_ITEMS_MAX)
            return weft_error_new(WEFT_LIMIT, "the component's WIT has more than %d items",
                                  WIT_ITEMS_MAX);
        if (item->type.sort == SORT_TYPE) TRY(add_type(wit, scope, item, NULL));
        else if (item->type.sort == SORT_FUNC) TRY(add_func(scope, item, NULL));
        else
            TRY(add_remark(scope, weft_extern_type_words(&item->type), item->name,
                           "has no form in WIT", ""));
    }
    return NULL;
}

/* ---- the world ------------------------------------------------------------------------------ */

static bool is_wit_package(weft_str_t package) {
    const char *colon = memchr(package.ptr, ':', package.len);
    return memchr(colon + 1, ':', (size_t)(package.ptr + package.len - colon - 1)) == NULL;
}

static bool is_wit_interface(const name_t *name) {
    return name->kind == NAME_INTERFACE && is_wit_package(name->package) &&
           !memchr(name->interface_.ptr, '/', name->interface_.len);
}

static weft_error_t *add_world_interface(wit_t *wit, bool is_export, const extern_item_t *item) {
    weft_str_t implements = attribute(item->written, ATTRIBUTE_IMPLEMENTS);
    weft_str_t path = implements.ptr ? implements : item->name;
    wit_scope_t *scope;
    name_t name;
    TRY(parse_name(path, &name));
    if (name.kind == NAME_LABEL) TRY(new_scope(wit, &scope));
    else if (is_wit_interface(&name)) TRY(named_interface(wit, path, &name, item->written, &scope));
    else
        return add_remark(wit->world, "instance", item->name, "has a name that WIT cannot write",
                          "");
    wit_world_item_t made = {.is_export = is_export, .interface_ = scope};
    made.item = (wit_item_t){item->name, item->type.type, item->written, NULL, NULL};
    made.by_name = implements.ptr || name.kind == NAME_LABEL;
    TRY(VEC_PUSH(&wit->items, made));
    return fill_interface(wit, scope, item->type.type);
}

static weft_error_t *add_world_func(wit_t *wit, bool is_export, const extern_item_t *item) {
    name_t name;
    TRY(parse_name(item->name, &name));
    if (name.kind == NAME_LABEL) {
        wit_world_item_t made = {.is_export = is_export};
        made.item = (wit_item_t){item->name, item->type.type, item->written, NULL, NULL};
        return VEC_PUSH(&wit->items, made);
    }
    return add_func(wit->world, item, is_export ? "exported" : NULL);
}

static weft_error_t *add_world_item(wit_t *wit, bool is_export, const extern_item_t *item) {
    switch (item->type.sort) {
    case SORT_INSTANCE: return add_world_interface(wit, is_export, item);
    case SORT_FUNC: return add_world_func(wit, is_export, item);
    case SORT_TYPE:
        return add_type(wit, wit->world, item,
                        is_export ? "exported, which WIT can say of an interface's types only"
                                  : NULL);
    default:
        return add_remark(wit->world, is_export ? "the export" : "the import", item->name, "is a ",
                          weft_extern_type_words(&item->type));
    }
}

/* ---- order ---------------------------------------------------------------------------------- */

typedef VEC(wit_package_t *) packages_t;

/* Where a walk over a package's types stands. */
typedef struct visit {
    wit_package_t *package;
    size_t interface_, type;
} visit_t;

typedef VEC(visit_t) visits_t;

/* The next package that this one uses and that nobody has visited; NULL at the end. */
static wit_package_t *next_used(visit_t *at) {
    while (at->interface_ < at->package->interfaces.count) {
        const wit_scope_t *scope = at->package->interfaces.items[at->interface_];
        while (at->type < scope->types.count) {
            const wit_decl_t *decl = scope->types.items[at->type++].alias;
            if (decl && decl->scope->package && !decl->scope->package->visited)
                return decl->scope->package;
        }
        at->interface_++;
        at->type = 0;
    }
    return NULL;
}

/* A package comes after those whose interfaces it uses. Depth first, by a stack on the heap: nothing limits
 * how long a chain of packages may be. */
static weft_error_t *visit(wit_package_t *package, visits_t *stack, packages_t *order) {
    if (package->visited) return NULL;
    package->visited = 1;
    TRY(VEC_PUSH(stack, (visit_t){package, 0, 0}));
    while (stack->count) {
        wit_package_t *used = next_used(&stack->items[stack->count - 1]);
        if (used) {
            used->visited = 1;
            TRY(VEC_PUSH(stack, (visit_t){used, 0, 0}));
        } else {
            TRY(VEC_PUSH(order, stack->items[--stack->count].package));
        }
    }
    return NULL;
}

static weft_error_t *sort_packages(wit_t *wit) {
    packages_t order = {0};
    visits_t stack = {0};
    weft_error_t *error = NULL;
    for (size_t i = 0; i < wit->packages.count && !error; i++)
        error = visit(wit->packages.items[i], &stack, &order);
    if (!error && order.count)
        memcpy(wit->packages.items, order.items, order.count * sizeof *order.items);
    VEC_FREE(&stack);
    VEC_FREE(&order);
    return error;
}

/* ---- all ------------------------------------------------------------------------------------ */

static weft_error_t *collect(const ctype_t *component, wit_t *wit) {
    const extern_list_t *imports = &component->component.imports;
    const extern_list_t *exports = &component->component.exports;
    TRY(new_scope(wit, &wit->world));
    wit->world->is_world = true;
    for (uint32_t i = 0; i < imports->count; i++)
        TRY(add_world_item(wit, false, &imports->items[i]));
    for (uint32_t i = 0; i < exports->count; i++)
        TRY(add_world_item(wit, true, &exports->items[i]));
    return sort_packages(wit);
}

weft_error_t *weft_wit_collect(const ctype_t *component, wit_t *wit) {
    *wit = (wit_t){0};
    weft_error_t *error = collect(component, wit);
    if (error) weft_wit_free(wit);
    return error;
}

static void free_scope(wit_scope_t *scope) {
    for (size_t i = 0; i < scope->remarks.count; i++) weft_free(scope->remarks.items[i]);
    VEC_FREE(&scope->remarks);
    VEC_FREE(&scope->types);
    VEC_FREE(&scope->funcs);
    weft_map_free(&scope->type_names);
    weft_map_free(&scope->func_names);
    weft_map_free(&scope->local);
}

void weft_wit_free(wit_t *wit) {
    for (size_t i = 0; i < wit->scopes.count; i++) free_scope(wit->scopes.items[i]);
    for (size_t i = 0; i < wit->packages.count; i++) VEC_FREE(&wit->packages.items[i]->interfaces);
    VEC_FREE(&wit->scopes);
    VEC_FREE(&wit->packages);
    VEC_FREE(&wit->items);
    weft_map_free(&wit->by_name);
    weft_map_free(&wit->package_by_name);
    weft_map_free(&wit->decls);
    weft_arena_free(&wit->arena);
}

/* ---- asking --------------------------------------------------------------------------------- */

weft_str_t weft_wit_local_name(const wit_scope_t *scope, const ctype_t *type) {
    const weft_str_t *name = NULL;
    if (!type) return (weft_str_t){NULL, 0};
    for (const ctype_t *at = type; at && !name; at = at->renames)
        name = weft_map_get_ptr(&scope->local, at);
    if (!name && type->kind == CTYPE_RESOURCE)
        name = weft_map_get_ptr(&scope->local, type->resource);
    return name ? *name : (weft_str_t){NULL, 0};
}

void weft_wit_path(buf_t *out, const wit_scope_t *interface_) {
    const wit_package_t *package = interface_->package;
    if (package) weft_buf_printf(out, "%.*s/", STR_ARG(package->name));
    weft_buf_str(out, interface_->name);
    if (package && package->version.len) weft_buf_printf(out, "@%.*s", STR_ARG(package->version));
}
