/* Validation of a document, scope by scope. Typing has been done for the whole before: here every type is known. */
#include "component/validate/validate.h"

#include "component/validate/validation.h"

static weft_error_t *validate_scope(type_pool_t *pool, buf_t *text, scope_t *scope);

/* ---- values --------------------------------------------------------------------------------- */

/* A value is used exactly once. */
static weft_error_t *use_value(validation_t *validation, const def_t *value) {
    if (value->sort != SORT_VALUE) return NULL;
    if (weft_map_get_ptr(&validation->used, value))
        return weft_error_new(WEFT_INVALID, "value %u is used more than once",
                              (unsigned)value->index);
    return weft_map_set_ptr(&validation->used, value, (void *)(uintptr_t)value);
}

static weft_error_t *use_values(validation_t *validation, const named_def_t *named,
                                uint32_t count) {
    for (uint32_t i = 0; i < count; i++) TRY(use_value(validation, named[i].def));
    return NULL;
}

static weft_error_t *check_values_used(const validation_t *validation) {
    for (const def_t *def = validation->scope->first; def; def = def->next) {
        /* an export of a value makes a value that is used by being exported */
        if (def->sort != SORT_VALUE || def->kind == DEF_EXPORT || def->kind == DEF_EXPORT_DECL)
            continue;
        if (!weft_map_get_ptr(&validation->used, def))
            return weft_error_at(WEFT_INVALID, weft_def_offset(def), "value %u is never used",
                                 (unsigned)def->index);
    }
    return NULL;
}

static weft_error_t *validate_start(validation_t *validation, const def_t *def) {
    const entity_t *entity;
    if (validation->has_start)
        return weft_error_new(WEFT_INVALID, "a component has one start function at most");
    validation->has_start = true;
    TRY(weft_entity_ref(def, def->start.func, &entity));
    const func_type_t *func = entity->type.type->func.type;
    if (func->param_count != def->start.arg_count)
        return weft_error_new(WEFT_INVALID, "the start function takes %u values, not %u",
                              (unsigned)func->param_count, (unsigned)def->start.arg_count);
    if ((func->result ? 1U : 0U) != def->start.result_count)
        return weft_error_new(WEFT_INVALID, "the start function returns %u values, not %u",
                              func->result ? 1U : 0U, (unsigned)def->start.result_count);
    for (uint32_t i = 0; i < func->param_count; i++) {
        const entity_t *arg = def->start.args[i]->typed;
        TRY(use_value(validation, def->start.args[i]));
        if (arg->type.type->value.type != func->params[i].type)
            return weft_error_new(WEFT_INVALID, "value %u has not the type of parameter `%.*s`",
                                  (unsigned)def->start.args[i]->index,
                                  STR_ARG(func->params[i].name));
    }
    return NULL;
}

/* ---- imports, exports, inline exports ------------------------------------------------------- */

static weft_error_t *validate_extern(validation_t *validation, side_t *side, const def_t *def,
                                     const extern_name_t *name) {
    const entity_t *entity = def->typed;
    TRY(weft_validate_visible(validation, side, name->name, &entity->type));
    TRY(weft_validate_name(validation, side, name, &entity->type));
    if (def->kind != DEF_EXPORT) return NULL;
    if (entity->type.sort == SORT_VALUE && entity->type.type->value.type->has_borrow)
        return weft_error_new(WEFT_INVALID, "an exported value cannot hold a borrow");
    return use_value(validation, def->export_.target);
}

static void free_side(side_t *side) {
    weft_map_free(&side->keys);
    weft_map_free(&side->getters);
    weft_map_free(&side->named);
    weft_map_free(&side->checked);
    weft_map_free(&side->resources);
    weft_map_free(&side->resource_names);
}

/* Inline exports have no index space of their own, so no annotated name can refer to a resource in them. */
static weft_error_t *validate_inline(validation_t *validation, const def_t *def) {
    side_t side = {.words = "export"};
    weft_error_t *error = NULL;
    for (uint32_t i = 0; i < def->inline_.count && !error; i++) {
        const named_def_t *item = &def->inline_.exports[i];
        const entity_t *entity = item->def->typed;
        error = weft_validate_name(validation, &side, &item->name, &entity->type);
    }
    free_side(&side);
    return error ? error : use_values(validation, def->inline_.exports, def->inline_.count);
}

/* A type has no entities of its own but types and instances. */
static weft_error_t *validate_alias(const validation_t *validation, const def_t *def) {
    if (validation->scope->kind == SCOPE_COMPONENT || def->sort == SORT_TYPE ||
        def->sort == SORT_INSTANCE || def->sort == SORT_CORE_TYPE)
        return NULL;
    return weft_error_new(WEFT_INVALID, "a %s cannot be aliased inside a type",
                          weft_sort_words((sort_t)def->sort));
}

/* ---- definitions ---------------------------------------------------------------------------- */

static weft_error_t *validate_def(validation_t *validation, def_t *def) {
    scope_t *body;
    switch (def->kind) {
    case DEF_COMPONENT:
        TRY(weft_component_body(def, &body));
        return validate_scope(validation->pool, validation->text, body);
    case DEF_TYPE:
        if (def->type.body)
            return validate_scope(validation->pool, validation->text, def->type.body);
        return weft_validate_type(validation, def);
    case DEF_IMPORT:
        return validate_extern(validation, &validation->imports, def, &def->import.name);
    case DEF_EXPORT_DECL:
        return validate_extern(validation, &validation->exports, def, &def->import.name);
    case DEF_EXPORT:
        return validate_extern(validation, &validation->exports, def, &def->export_.name);
    case DEF_ALIAS_EXPORT:
    case DEF_ALIAS_OUTER: return validate_alias(validation, def);
    case DEF_INLINE: return validate_inline(validation, def);
    case DEF_INSTANTIATE:
        return use_values(validation, def->instantiate.args, def->instantiate.count);
    case DEF_CANON: return weft_validate_canon(validation, def);
    case DEF_START: return validate_start(validation, def);
    default: return NULL;
    }
}

/* ---- resources of a whole component --------------------------------------------------------- */

static weft_error_t *add_explicit(const extern_list_t *exports, map_t *set) {
    for (uint32_t i = 0; i < exports->count; i++) {
        const extern_type_t *type = &exports->items[i].type;
        if (type->sort == SORT_TYPE && type->type->kind == CTYPE_RESOURCE)
            TRY(weft_map_set_ptr(set, type->type->resource,
                                 (void *)(uintptr_t)type->type->resource));
        if (type->sort == SORT_INSTANCE && type->type->is_open)
            TRY(add_explicit(&type->type->instance.exports, set));
    }
    return NULL;
}

static weft_error_t *check_not_imported(const scope_t *scope, const map_t *in_imports) {
    for (const def_t *def = scope->first; def; def = def->next) {
        const entity_t *entity = def->typed;
        for (uint32_t i = 0; i < entity->defined.count; i++)
            if (weft_map_get_ptr(in_imports, entity->defined.items[i]))
                return weft_error_at(WEFT_INVALID, weft_def_offset(def),
                                     "a resource that the component defines is mentioned by an "
                                     "import");
    }
    return NULL;
}

/* A resource that a component defines is in no import, and in exports only when it is exported itself. */
static weft_error_t *check_resources(type_pool_t *pool, const scope_t *scope) {
    const ctype_t *type = scope->typed;
    map_t in_imports = {0}, exported = {0};
    weft_error_t *error = weft_extern_free_resources(pool, &type->component.imports, &in_imports);
    if (!error) error = check_not_imported(scope, &in_imports);
    if (!error) error = add_explicit(&type->component.exports, &exported);
    for (uint32_t i = 0; i < type->component.defined.count && !error; i++)
        if (!weft_map_get_ptr(&exported, type->component.defined.items[i]))
            error = weft_error_new(
                WEFT_INVALID,
                "an export mentions a resource of the component that is not exported");
    weft_map_free(&in_imports);
    weft_map_free(&exported);
    return error;
}

/* ---- scopes --------------------------------------------------------------------------------- */

static weft_error_t *validate_defs(validation_t *validation) {
    for (def_t *def = validation->scope->first; def; def = def->next)
        TRY(weft_error_with_offset(validate_def(validation, def), weft_def_offset(def)));
    if (validation->scope->kind == SCOPE_COMPONENT) TRY(check_values_used(validation));
    if (validation->scope->kind == SCOPE_INSTANCE_TYPE) return NULL;
    return weft_error_with_offset(check_resources(validation->pool, validation->scope),
                                  weft_scope_offset(validation->scope));
}

static weft_error_t *validate_scope(type_pool_t *pool, buf_t *text, scope_t *scope) {
    arena_t arena = {0};
    validation_t validation = {.pool = pool, .arena = &arena, .text = text, .scope = scope};
    validation.imports.words = "import";
    validation.exports.words = "export";
    weft_error_t *error = validate_defs(&validation);
    free_side(&validation.imports);
    free_side(&validation.exports);
    weft_map_free(&validation.used);
    weft_arena_free(&arena);
    return error;
}

weft_error_t *weft_validate(type_pool_t *pool, document_t *document) {
    const ctype_t *type;
    buf_t text = {0};
    TRY(weft_typing_scope(pool, document->root, &type));
    weft_error_t *error = validate_scope(pool, &text, document->root);
    weft_buf_free(&text);
    return error;
}

/* ---- what is wrong -------------------------------------------------------------------------- */

static weft_error_t *find_unnamed(validation_t *validation, const def_t **unnamed) {
    for (const def_t *def = validation->scope->first; def && !*unnamed; def = def->next) {
        bool import = def->kind == DEF_IMPORT;
        if (!import && def->kind != DEF_EXPORT) continue;
        const entity_t *entity = def->typed;
        weft_error_t *error = weft_validate_visible(
            validation, import ? &validation->imports : &validation->exports,
            import ? def->import.name.name : def->export_.name.name, &entity->type);
        if (error && weft_error_code(error) != WEFT_INVALID) return error;
        if (error) *unnamed = def;
        weft_error_delete(error);
    }
    return NULL;
}

weft_error_t *weft_validate_find_unnamed(type_pool_t *pool, document_t *document,
                                         const def_t **unnamed) {
    const ctype_t *type;
    arena_t arena = {0};
    validation_t validation = {.pool = pool, .arena = &arena, .scope = document->root};
    *unnamed = NULL;
    TRY(weft_typing_scope(pool, document->root, &type));
    weft_error_t *error = find_unnamed(&validation, unnamed);
    free_side(&validation.imports);
    free_side(&validation.exports);
    weft_arena_free(&arena);
    return error;
}
