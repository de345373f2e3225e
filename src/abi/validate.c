/* Walks the core definitions of every component, in order, and gives each its type: see validate.h. */
#include "abi/validate.h"

#include "abi/validation.h"

weft_error_t *weft_check_item(const core_check_t *check, const def_t *def,
                              const core_item_t **item) {
    *item = weft_map_get_ptr(&check->items, def);
    if (*item) return NULL;
    return weft_error_new(WEFT_INVALID, "a definition refers to a %s that comes after it",
                          weft_sort_words((sort_t)def->sort));
}

static weft_error_t *set_item(core_check_t *check, const def_t *def, const core_item_t *item) {
    core_item_t *copy = ARENA_NEW(&check->arena, core_item_t);
    if (!copy) return weft_error_oom();
    *copy = *item;
    return weft_map_set_ptr(&check->items, def, copy);
}

/* ---- shapes --------------------------------------------------------------------------------- */

static weft_error_t *new_shape(core_check_t *check, const def_t *def, core_shape_t **shape) {
    core_shape_t *made = ARENA_NEW(&check->arena, core_shape_t);
    if (!made) return weft_error_oom();
    TRY(weft_map_set_ptr(&check->shapes, def, made));
    *shape = made;
    return NULL;
}

/* The shape of a module, made when it is first asked for. */
static weft_error_t *shape_of(core_check_t *check, const def_t *module, core_shape_t **shape) {
    *shape = weft_map_get_ptr(&check->shapes, module);
    if (*shape) return NULL;
    TRY(new_shape(check, module, shape));
    return weft_core_shape_of(&check->arena, module, *shape);
}

static weft_error_t *shape_of_instance(const core_check_t *check, const def_t *def,
                                       const core_shape_t **shape) {
    *shape = weft_map_get_ptr(&check->shapes, def);
    if (*shape) return NULL;
    return weft_error_new(WEFT_INVALID, "a definition refers to a core instance that comes after "
                                        "it");
}

/* What a module imports and exports has types, also when nothing makes an instance of it. */
static weft_error_t *check_module(core_check_t *check, const def_t *def) {
    const core_export_t *exports;
    core_shape_t *shape;
    core_item_t item;
    uint32_t count;
    TRY(shape_of(check, def, &shape));
    TRY(weft_core_module_exports(shape->module, &exports, &count));
    for (uint32_t i = 0; i < count; i++)
        TRY(weft_core_module_type(shape->module, exports[i].kind, exports[i].index, &item));
    return NULL;
}

/* ---- core instances ------------------------------------------------------------------------- */

static weft_error_t *argument_index(const def_t *def, map_t *args) {
    for (uint32_t i = 0; i < def->instantiate.count; i++) {
        const named_def_t *arg = &def->instantiate.args[i];
        if (weft_map_get(args, arg->name.name))
            return weft_error_new(WEFT_INVALID, "the argument `%.*s` is there twice",
                                  STR_ARG(arg->name.name));
        TRY(weft_map_set(args, arg->name.name, arg->def));
    }
    return NULL;
}

static weft_error_t *check_argument(const core_check_t *check, const map_t *args,
                                    const core_import_t *import) {
    const def_t *arg = weft_map_get(args, import->from);
    const core_shape_t *shape;
    core_item_t item;
    bool found;
    if (!arg)
        return weft_error_new(WEFT_MISMATCH,
                              "the core module imports from `%.*s`, which no "
                              "argument is named",
                              STR_ARG(import->from));
    TRY(shape_of_instance(check, arg, &shape));
    TRY(weft_core_shape_export(shape, import->name, &found, &item));
    if (!found)
        return weft_error_new(WEFT_MISMATCH, "the argument `%.*s` has no export `%.*s`",
                              STR_ARG(import->from), STR_ARG(import->name));
    const char *why = weft_core_item_mismatch(&import->type, &item);
    if (!why) return NULL;
    return weft_error_new(WEFT_MISMATCH,
                          "the export `%.*s` of the argument `%.*s` does not fit: %s",
                          STR_ARG(import->name), STR_ARG(import->from), why);
}

static weft_error_t *check_arguments(core_check_t *check, const def_t *def,
                                     const core_shape_t *module) {
    map_t args = {0};
    weft_error_t *error = weft_type_pool_work(check->pool, module->import_count);
    if (!error) error = argument_index(def, &args);
    for (uint32_t i = 0; i < module->import_count && !error; i++)
        error = check_argument(check, &args, &module->imports[i]);
    weft_map_free(&args);
    return error;
}

/* A core instance has the exports of its module. */
static weft_error_t *check_core_instantiate(core_check_t *check, const def_t *def) {
    const entity_t *module = def->instantiate.target->typed;
    core_shape_t *shape;
    TRY(shape_of(check, module->type.module, &shape));
    TRY(check_arguments(check, def, shape));
    return weft_map_set_ptr(&check->shapes, def, shape);
}

static weft_error_t *check_core_inline(core_check_t *check, const def_t *def) {
    core_shape_t *shape;
    TRY(new_shape(check, def, &shape));
    for (uint32_t i = 0; i < def->inline_.count; i++) {
        const named_def_t *export_ = &def->inline_.exports[i];
        const core_item_t *item;
        TRY(weft_check_item(check, export_->def, &item));
        if (weft_map_get(&shape->items, export_->name.name))
            return weft_error_new(WEFT_INVALID, "the export `%.*s` is there twice",
                                  STR_ARG(export_->name.name));
        TRY(weft_map_set(&shape->items, export_->name.name, (void *)(uintptr_t)item));
    }
    return NULL;
}

static weft_error_t *check_core_alias(core_check_t *check, const def_t *def) {
    const core_shape_t *shape;
    core_item_t item;
    bool found;
    TRY(shape_of_instance(check, def->alias.target, &shape));
    TRY(weft_core_shape_export(shape, def->alias.name, &found, &item));
    if (!found)
        return weft_error_new(WEFT_INVALID, "core instance %u has no export named `%.*s`",
                              (unsigned)def->alias.target->index, STR_ARG(def->alias.name));
    /* the first five sorts are the kinds of core items, in the same order */
    if (item.kind != weft_core_unknown.kind && (unsigned)item.kind != (unsigned)def->sort)
        return weft_error_new(WEFT_INVALID,
                              "the export `%.*s` of core instance %u is a %s, not a %s",
                              STR_ARG(def->alias.name), (unsigned)def->alias.target->index,
                              weft_core_kind_words(item.kind), weft_sort_words((sort_t)def->sort));
    return set_item(check, def, &item);
}

/* ---- modules as arguments and exports of components ----------------------------------------- */

static weft_error_t *match_modules(core_check_t *check, const extern_type_t *asked,
                                   const extern_type_t *given);

static weft_error_t *match_lists(core_check_t *check, const extern_list_t *asked,
                                 const extern_list_t *given) {
    for (uint32_t i = 0; i < asked->count; i++) {
        const extern_item_t *item = weft_extern_find(given, asked->items[i].name);
        if (item) TRY(match_modules(check, &asked->items[i].type, &item->type));
    }
    return NULL;
}

/* Typing has matched everything else. */
static weft_error_t *match_modules(core_check_t *check, const extern_type_t *asked,
                                   const extern_type_t *given) {
    core_shape_t *a, *b;
    TRY(weft_type_pool_work(check->pool, 1));
    if (asked->sort == SORT_INSTANCE)
        return match_lists(check, &asked->type->instance.exports, &given->type->instance.exports);
    if (asked->sort == SORT_COMPONENT) {
        TRY(match_lists(check, &given->type->component.imports, &asked->type->component.imports));
        return match_lists(check, &asked->type->component.exports, &given->type->component.exports);
    }
    if (asked->sort != SORT_CORE_MODULE || asked->module == given->module) return NULL;
    TRY(shape_of(check, asked->module, &a));
    TRY(shape_of(check, given->module, &b));
    TRY(weft_type_pool_work(check->pool, a->import_count + b->import_count));
    return weft_core_shape_match(&check->arena, a, b);
}

static weft_error_t *check_instantiate(core_check_t *check, const def_t *def) {
    const entity_t *target = def->instantiate.target->typed;
    const extern_list_t *imports = &target->type.type->component.imports;
    for (uint32_t i = 0; i < def->instantiate.count; i++) {
        const named_def_t *arg = &def->instantiate.args[i];
        const extern_item_t *import = weft_extern_find(imports, arg->name.name);
        const entity_t *given = arg->def->typed;
        if (import) TRY(match_modules(check, &import->type, &given->type));
    }
    return NULL;
}

static weft_error_t *check_export(core_check_t *check, const def_t *def) {
    const entity_t *asked = def->typed, *given = def->export_.target->typed;
    return def->export_.has_desc ? match_modules(check, &asked->type, &given->type) : NULL;
}

/* ---- definitions and scopes ----------------------------------------------------------------- */

static weft_error_t *check_scope(core_check_t *check, scope_t *scope);

static weft_error_t *check_type(core_check_t *check, const def_t *def) {
    if (def->type.body) return check_scope(check, def->type.body);
    return def->type.op == TYPE_OP_RESOURCE && def->type.dtor ? weft_check_destructor(check, def)
                                                              : NULL;
}

static weft_error_t *check_canon(core_check_t *check, const def_t *def) {
    core_item_t item;
    bool makes;
    TRY(weft_check_canon(check, def, &makes, &item));
    return makes ? set_item(check, def, &item) : NULL;
}

static weft_error_t *check_def(core_check_t *check, def_t *def) {
    core_shape_t *shape;
    scope_t *body;
    switch (def->kind) {
    case DEF_COMPONENT: TRY(weft_component_body(def, &body)); return check_scope(check, body);
    case DEF_CORE_MODULE: return check_module(check, def);
    case DEF_CORE_MODULE_TYPE: return shape_of(check, def, &shape);
    case DEF_CORE_INSTANTIATE: return check_core_instantiate(check, def);
    case DEF_CORE_INLINE: return check_core_inline(check, def);
    case DEF_ALIAS_CORE_EXPORT: return check_core_alias(check, def);
    case DEF_TYPE: return check_type(check, def);
    case DEF_CANON: return check_canon(check, def);
    case DEF_INSTANTIATE: return check_instantiate(check, def);
    case DEF_EXPORT: return check_export(check, def);
    default: return NULL;
    }
}

static weft_error_t *check_scope(core_check_t *check, scope_t *scope) {
    for (def_t *def = scope->first; def; def = def->next)
        TRY(weft_error_with_offset(check_def(check, def), weft_def_offset(def)));
    return NULL;
}

/* A shape stands in the map once for its module and once for each instance; freeing a map twice is harmless. */
static void free_check(core_check_t *check) {
    for (size_t i = 0; i < check->shapes.capacity; i++)
        if (check->shapes.entries[i].value) weft_core_shape_free(check->shapes.entries[i].value);
    weft_map_free(&check->shapes);
    weft_map_free(&check->items);
    weft_abi_free(&check->abi32);
    weft_abi_free(&check->abi64);
    weft_arena_free(&check->arena);
}

weft_error_t *weft_abi_validate(type_pool_t *pool, document_t *document) {
    core_check_t check = {.pool = pool, .abi32.address = ABI_32, .abi64.address = ABI_64};
    weft_error_t *error = check_scope(&check, document->root);
    free_check(&check);
    return error;
}
