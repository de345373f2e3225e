#include "weave/proxy/interface.h"

extern_name_t weft_proxy_name(const extern_item_t *item) {
    return item->written ? *item->written : (extern_name_t){.name = item->name};
}

static weft_error_t *refuse(const extern_item_t *item) {
    return weft_error_new(WEFT_UNSUPPORTED, "'%.*s' is a %s, which no proxy stands for",
                          STR_ARG(item->name), weft_extern_type_words(&item->type));
}

/* ---- imports -------------------------------------------------------------------------------- */

/* What an item is imported or declared as. */
static weft_error_t *describe(naming_t *naming, const extern_item_t *item, extern_desc_t *desc) {
    *desc = (extern_desc_t){.sort = item->type.sort};
    if (desc->sort == SORT_TYPE) return weft_naming_define(naming, item->type.type, &desc->type);
    if (desc->sort == SORT_FUNC) return weft_naming_func(naming, item->type.type, &desc->type);
    return refuse(item);
}

/* In an instance type an export is declared as an import is made. */
static weft_error_t *make_import(naming_t *naming, def_kind_t kind, const extern_item_t *item,
                                 const extern_desc_t *desc, def_t **import) {
    TRY(weft_def_new(naming->b.scope, kind, desc->sort, import));
    (*import)->import.name = weft_proxy_name(item);
    (*import)->import.desc = *desc;
    weft_def_insert(naming->b.scope, NULL, *import);
    return NULL;
}

static weft_error_t *declare(naming_t *naming, const extern_list_t *interface, bool types_only) {
    for (uint32_t i = 0; i < interface->count; i++) {
        const extern_item_t *item = &interface->items[i];
        extern_desc_t desc;
        def_t *def;
        if (types_only && item->type.sort != SORT_TYPE) continue;
        TRY(describe(naming, item, &desc));
        TRY(make_import(naming, DEF_EXPORT_DECL, item, &desc, &def));
        if (desc.sort == SORT_TYPE) TRY(weft_naming_bind(naming, item->type.type, def));
    }
    return NULL;
}

static weft_error_t *bring_alias(naming_t *naming, const ctype_t *type, def_t *there,
                                 def_t **here) {
    (void)type;
    *here = weft_build_outer_alias(&naming->b, there);
    return naming->b.error ? weft_naming_error(naming) : NULL;
}

/* The instance type is put behind the definitions of the root that it turned out to need. */
static weft_error_t *instance_type(naming_t *root, const extern_list_t *interface, bool types_only,
                                   def_t **type) {
    scope_t *scope = root->b.scope, *body;
    TRY(weft_def_new(scope, DEF_TYPE, SORT_TYPE, type));
    (*type)->type.op = TYPE_OP_INSTANCE;
    TRY(weft_scope_new(scope->document, scope, *type, SCOPE_INSTANCE_TYPE, &body));
    (*type)->type.body = body;
    naming_t inner;
    weft_naming_init(&inner, body);
    inner.around = root;
    inner.bring = bring_alias;
    weft_error_t *error = declare(&inner, interface, types_only);
    weft_naming_free(&inner);
    if (!error) weft_def_insert(scope, NULL, *type);
    return error;
}

weft_error_t *weft_proxy_import(naming_t *root, const extern_item_t *item,
                                const extern_item_t *twin, bool types_only, def_t **import) {
    extern_desc_t desc = {.sort = SORT_INSTANCE};
    if (item->type.sort != SORT_INSTANCE) {
        TRY(describe(root, item, &desc));
        TRY(make_import(root, DEF_IMPORT, item, &desc, import));
        return desc.sort == SORT_TYPE ? weft_naming_bind(root, item->type.type, *import) : NULL;
    }
    const extern_list_t *interface = &item->type.type->instance.exports;
    TRY(instance_type(root, interface, types_only, &desc.type));
    TRY(make_import(root, DEF_IMPORT, item, &desc, import));
    const extern_list_t *others =
        twin && twin->type.sort == SORT_INSTANCE ? &twin->type.type->instance.exports : NULL;
    return weft_naming_add_source(root, interface, others, *import);
}

/* ---- exports --------------------------------------------------------------------------------
 *
 * Names like [method]file.read are allowed only where the resource has its name, so the instance is made by
 * a component without code, as wit-component makes it: it imports types ("t0") and functions ("f0") and exports
 * them under their names, the functions in terms of the exported types. */

typedef struct rename {
    naming_t *root;
    naming_t imported, exported; /* both of the component's body */
    VEC(named_def_t) args;
    uint32_t type_count;
} rename_t;

/* A type of the root becomes an import with an argument. */
static weft_error_t *bring_import(naming_t *naming, const ctype_t *type, def_t *there,
                                  def_t **here) {
    rename_t *rename = naming->context;
    def_t *equal = NULL;
    if (type->kind == CTYPE_VALUE) TRY(weft_naming_define(naming, type, &equal));
    weft_str_t name = weft_build_name(&naming->b, "t%u", rename->type_count++);
    *here = weft_build_import(&naming->b, name, SORT_TYPE, equal);
    if (naming->b.error) return weft_naming_error(naming);
    return VEC_PUSH(&rename->args, weft_named(name, there));
}

static weft_error_t *import_types(rename_t *rename, const extern_list_t *interface) {
    for (uint32_t i = 0; i < interface->count; i++) {
        def_t *def;
        if (interface->items[i].type.sort == SORT_TYPE)
            TRY(weft_naming_find(&rename->imported, interface->items[i].type.type, &def));
    }
    return NULL;
}

static weft_error_t *export_type(rename_t *rename, const extern_item_t *item) {
    builder_t *b = &rename->exported.b;
    def_t *def;
    TRY(weft_naming_define(&rename->exported, item->type.type, &def));
    def = weft_build_export(b, item->name, def);
    if (!def) return weft_naming_error(&rename->exported);
    def->export_.name = weft_proxy_name(item);
    return weft_naming_bind(&rename->exported, item->type.type, def);
}

static weft_error_t *export_func(rename_t *rename, const extern_item_t *item, uint32_t number,
                                 const proxy_export_t *given) {
    builder_t *b = &rename->exported.b;
    def_t *inner, *outer;
    weft_str_t name = weft_build_name(b, "f%u", number);
    TRY(weft_naming_func(&rename->imported, given->type, &inner));
    TRY(weft_naming_func(&rename->exported, given->type, &outer));
    def_t *def = weft_build_export(b, item->name, weft_build_import(b, name, SORT_FUNC, inner));
    if (!def) return weft_naming_error(&rename->exported);
    def->export_.name = weft_proxy_name(item);
    def->export_.has_desc = true;
    def->export_.desc = (extern_desc_t){.sort = SORT_FUNC, .type = outer};
    return VEC_PUSH(&rename->args, weft_named(name, given->func));
}

static weft_error_t *rename_all(rename_t *rename, const extern_list_t *interface,
                                const proxy_export_t *funcs) {
    uint32_t number = 0;
    TRY(import_types(rename, interface));
    for (uint32_t i = 0; i < interface->count; i++) {
        const extern_item_t *item = &interface->items[i];
        if (item->type.sort == SORT_TYPE) TRY(export_type(rename, item));
        else if (item->type.sort == SORT_FUNC) {
            TRY(export_func(rename, item, number, &funcs[number]));
            number++;
        } else return refuse(item);
    }
    return NULL;
}

static weft_error_t *instantiate_renamed(naming_t *root, const extern_list_t *interface,
                                         const proxy_export_t *funcs, def_t **instance) {
    scope_t *body;
    def_t *component = weft_build_component(&root->b, &body);
    if (!component) return weft_naming_error(root);
    rename_t rename = {.root = root};
    weft_naming_init(&rename.imported, body);
    rename.imported.around = root;
    rename.imported.bring = bring_import;
    rename.imported.context = &rename;
    weft_naming_init_beside(&rename.exported, &rename.imported);
    weft_error_t *error = rename_all(&rename, interface, funcs);
    if (!error) {
        *instance = weft_build_instance(&root->b, component, rename.args.items,
                                        (uint32_t)rename.args.count);
        if (!*instance) error = weft_naming_error(root);
    }
    weft_naming_free(&rename.imported);
    weft_naming_free(&rename.exported);
    VEC_FREE(&rename.args);
    return error;
}

/* ---- without names -------------------------------------------------------------------------- */

/* Whether the functions mention no type that has a name, and their own names are plain. */
static bool is_simple(naming_t *root, const extern_list_t *interface) {
    for (uint32_t i = 0; i < interface->count; i++) {
        const extern_item_t *item = &interface->items[i];
        if (item->type.sort != SORT_FUNC || weft_ascribe_needed(&root->ascribe, item->type.type))
            return false;
    }
    return true;
}

static weft_error_t *inline_instance(naming_t *root, const extern_list_t *interface,
                                     const proxy_export_t *funcs, def_t **instance) {
    VEC(named_def_t) exports = {0};
    weft_error_t *error = NULL;
    for (uint32_t i = 0; i < interface->count && !error; i++)
        error =
            VEC_PUSH(&exports, (named_def_t){weft_proxy_name(&interface->items[i]), funcs[i].func});
    if (!error) {
        *instance = weft_build_inline(&root->b, exports.items, (uint32_t)exports.count);
        if (!*instance) error = weft_naming_error(root);
    }
    VEC_FREE(&exports);
    return error;
}

weft_error_t *weft_proxy_instance(naming_t *root, const extern_list_t *interface,
                                  const proxy_export_t *funcs, def_t **instance) {
    if (is_simple(root, interface)) return inline_instance(root, interface, funcs, instance);
    return instantiate_renamed(root, interface, funcs, instance);
}
