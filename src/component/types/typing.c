/* Types the definitions of a scope, in binary order: whatever a definition refers to comes before it, so each
 * is done once, without recursion along chains of aliases; only nesting recurses, and the reader limits it. */
#include "component/types/typing.h"

#include "component/types/entity.h"
#include "support/vec.h"

static weft_error_t *type_scope(type_pool_t *pool, scope_t *scope, const ctype_t **type);

/* ---- references ----------------------------------------------------------------------------- */

weft_error_t *weft_entity_ref(const def_t *def, const def_t *ref, const entity_t **entity) {
    if (!ref->typed) {
        return weft_error_at(WEFT_INVALID, weft_def_offset(def),
                             "a definition refers to a %s that comes after it",
                             weft_sort_words((sort_t)ref->sort));
    }
    *entity = ref->typed;
    return NULL;
}

weft_error_t *weft_entity_extern(const def_t *def, const def_t *ref, const entity_t **entity) {
    TRY(weft_entity_ref(def, ref, entity));
    if ((*entity)->type.sort != SORT_NONE) return NULL;
    return weft_error_at(WEFT_INVALID, weft_def_offset(def),
                         "a %s cannot be exported from or passed to a component",
                         weft_sort_words((sort_t)ref->sort));
}

static const char *kind_words(ctype_kind_t kind) {
    static const char *const words[] = {
        [CTYPE_VALUE] = "a value type",        [CTYPE_FUNC] = "a function type",
        [CTYPE_RESOURCE] = "a resource type",  [CTYPE_COMPONENT] = "a component type",
        [CTYPE_INSTANCE] = "an instance type",
    };
    return words[kind];
}

weft_error_t *weft_entity_ctype(const def_t *def, const def_t *ref, ctype_kind_t kind,
                                const ctype_t **type) {
    const entity_t *entity;
    TRY(weft_entity_ref(def, ref, &entity));
    if (entity->type.sort != SORT_TYPE || entity->type.type->kind != kind) {
        return weft_error_at(WEFT_INVALID, weft_def_offset(def),
                             "type %u is not %s, as it must be here", (unsigned)ref->index,
                             kind_words(kind));
    }
    *type = entity->type.type;
    return NULL;
}

/* ---- aliases -------------------------------------------------------------------------------- */

static weft_error_t *type_alias_export(def_t *def, entity_t *entity) {
    const entity_t *instance;
    TRY(weft_entity_ref(def, def->alias.target, &instance));
    const extern_item_t *item = weft_instance_type_find(instance->type.type, def->alias.name);
    if (!item) {
        return weft_error_new(WEFT_INVALID, "instance %u has no export named `%.*s`",
                              (unsigned)def->alias.target->index, STR_ARG(def->alias.name));
    }
    if (item->type.sort != (sort_t)def->sort) {
        return weft_error_new(WEFT_INVALID, "the export `%.*s` of instance %u is a %s, not a %s",
                              STR_ARG(def->alias.name), (unsigned)def->alias.target->index,
                              weft_extern_type_words(&item->type),
                              weft_sort_words((sort_t)def->sort));
    }
    entity->type = item->type;
    return NULL;
}

/* Whether the way from `outer` in to `scope` passes into a component (and not only into types). */
static bool enters_component(const scope_t *outer, const scope_t *scope) {
    if (scope == outer) return false;
    while (scope->parent && scope->parent != outer) scope = scope->parent;
    return scope->kind == SCOPE_COMPONENT;
}

static weft_error_t *type_alias_outer(def_t *def, entity_t *entity) {
    const entity_t *target;
    TRY(weft_entity_ref(def, def->alias.target, &target));
    entity->type = target->type;
    if (def->sort == SORT_TYPE && target->type.type->is_open &&
        enters_component(def->alias.target->scope, def->scope)) {
        return weft_error_new(WEFT_INVALID, "an outer type that mentions a resource cannot be "
                                            "aliased into a component");
    }
    return NULL;
}

/* ---- the other kinds ------------------------------------------------------------------------ */

static weft_error_t *type_lift(const def_t *def, entity_t *entity) {
    entity->type.sort = SORT_FUNC;
    return weft_entity_ctype(def, def->canon.type, CTYPE_FUNC, &entity->type.type);
}

static weft_error_t *type_start_result(type_pool_t *pool, const def_t *def, entity_t *entity) {
    const entity_t *func;
    TRY(weft_entity_ref(def, def->start_result->start.func, &func));
    const ctype_t *type = func->type.type;
    if (!type->func.type->result) {
        return weft_error_new(WEFT_INVALID, "the start function returns nothing");
    }
    entity->type = (extern_type_t){.sort = SORT_VALUE, .type = type->func.result};
    if (entity->type.type) return NULL;
    return weft_ctype_prim(pool, type->func.type->result->kind, &entity->type.type);
}

static weft_error_t *type_component(type_pool_t *pool, def_t *def, entity_t *entity) {
    scope_t *body;
    entity->type.sort = SORT_COMPONENT;
    TRY(weft_component_body(def, &body));
    return type_scope(pool, body, &entity->type.type);
}

static weft_error_t *type_by_kind(type_pool_t *pool, def_t *def, entity_t *entity) {
    switch (def->kind) {
    case DEF_COMPONENT: return type_component(pool, def, entity);
    case DEF_INSTANTIATE: return weft_type_instantiate(pool, def, entity);
    case DEF_INLINE: return weft_type_inline(pool, def, entity);
    case DEF_ALIAS_EXPORT: return type_alias_export(def, entity);
    case DEF_ALIAS_OUTER: return type_alias_outer(def, entity);
    case DEF_TYPE:
        entity->type.sort = SORT_TYPE;
        if (def->type.body) return type_scope(pool, def->type.body, &entity->type.type);
        return weft_type_type(pool, def, entity);
    case DEF_CANON: return def->canon.op == CANON_LIFT ? type_lift(def, entity) : NULL;
    case DEF_START_RESULT: return type_start_result(pool, def, entity);
    case DEF_IMPORT:
    case DEF_EXPORT_DECL: return weft_type_import(pool, def, entity);
    case DEF_EXPORT: return weft_type_export(pool, def, entity);
    case DEF_VALUE: return weft_entity_value(pool, def, def->value.type, &entity->type);
    case DEF_CORE_MODULE:
        entity->type = (extern_type_t){.sort = SORT_CORE_MODULE, .module = def};
        return NULL;
    default: return NULL; /* core definitions and custom sections */
    }
}

static void set_entity(def_t *def, const entity_t *entity) {
    def->typed = (void *)(uintptr_t)entity;
    for (scope_t *scope = def->scope; scope; scope = scope->parent) {
        scope->typed_count++;
        if (scope->kind == SCOPE_COMPONENT) break;
    }
}

/* Core definitions and custom sections share one entity. */
static weft_error_t *keep_entity(type_pool_t *pool, def_t *def, const entity_t *entity) {
    static const entity_t core = {.type.sort = SORT_NONE};
    if (entity->type.sort == SORT_NONE) {
        set_entity(def, &core);
        return NULL;
    }
    entity_t *kept = ARENA_NEW(weft_type_pool_arena(pool), entity_t);
    if (!kept) return weft_error_oom();
    *kept = *entity;
    set_entity(def, kept);
    return NULL;
}

static weft_error_t *type_def(type_pool_t *pool, def_t *def) {
    if (def->typed) return NULL;
    entity_t entity = {.type.sort = SORT_NONE};
    weft_error_t *error = type_by_kind(pool, def, &entity);
    if (error) return weft_error_with_offset(error, weft_def_offset(def));
    return keep_entity(pool, def, &entity);
}

/* ---- whole bodies --------------------------------------------------------------------------- */

/* What a body adds up to, gathered from its definitions. */
typedef struct summary {
    VEC(extern_item_t) imports;
    VEC(extern_item_t) exports;
    VEC(const resource_t *) imported;
    VEC(const resource_t *) defined;
} summary_t;

static void free_summary(summary_t *summary) {
    VEC_FREE(&summary->imports);
    VEC_FREE(&summary->exports);
    VEC_FREE(&summary->imported);
    VEC_FREE(&summary->defined);
}

static weft_error_t *add_def(summary_t *summary, const def_t *def) {
    const entity_t *entity = def->typed;
    const extern_name_t *name = def->kind == DEF_EXPORT ? &def->export_.name : &def->import.name;
    for (uint32_t i = 0; i < entity->imported.count; i++)
        TRY(VEC_PUSH(&summary->imported, entity->imported.items[i]));
    for (uint32_t i = 0; i < entity->defined.count; i++)
        TRY(VEC_PUSH(&summary->defined, entity->defined.items[i]));
    if (def->kind == DEF_IMPORT)
        return VEC_PUSH(&summary->imports, (extern_item_t){name->name, name, entity->type, def});
    if (def->kind == DEF_EXPORT || def->kind == DEF_EXPORT_DECL)
        return VEC_PUSH(&summary->exports, (extern_item_t){name->name, name, entity->type, def});
    return NULL;
}

/* Of the resources that a component defines only those count that its exports mention. */
static weft_error_t *keep_exported(type_pool_t *pool, const extern_list_t *exports,
                                   summary_t *summary) {
    map_t free_in_exports = {0};
    size_t kept = 0;
    if (!summary->defined.count) return NULL;
    weft_error_t *error = weft_extern_free_resources(pool, exports, &free_in_exports);
    for (size_t i = 0; i < summary->defined.count && !error; i++) {
        const resource_t *resource = summary->defined.items[i];
        if (weft_map_get_ptr(&free_in_exports, resource)) summary->defined.items[kept++] = resource;
    }
    summary->defined.count = kept;
    weft_map_free(&free_in_exports);
    return error;
}

static weft_error_t *component_of(type_pool_t *pool, const scope_t *scope, summary_t *summary,
                                  const ctype_t **type) {
    ctype_t shape = {.kind = CTYPE_COMPONENT, .def = scope->owner};
    TRY(weft_extern_list_new(pool, summary->imports.items, summary->imports.count,
                             &shape.component.imports));
    TRY(weft_extern_list_new(pool, summary->exports.items, summary->exports.count,
                             &shape.component.exports));
    TRY(keep_exported(pool, &shape.component.exports, summary));
    TRY(weft_resource_list_new(pool, summary->imported.items, summary->imported.count,
                               &shape.component.imported));
    TRY(weft_resource_list_new(pool, summary->defined.items, summary->defined.count,
                               &shape.component.defined));
    return weft_ctype_new(pool, &shape, type);
}

static weft_error_t *instance_of(type_pool_t *pool, const scope_t *scope, const summary_t *summary,
                                 const ctype_t **type) {
    ctype_t shape = {.kind = CTYPE_INSTANCE, .def = scope->owner};
    TRY(weft_extern_list_new(pool, summary->exports.items, summary->exports.count,
                             &shape.instance.exports));
    TRY(weft_resource_list_new(pool, summary->defined.items, summary->defined.count,
                               &shape.instance.defined));
    return weft_ctype_new(pool, &shape, type);
}

static weft_error_t *type_scope(type_pool_t *pool, scope_t *scope, const ctype_t **type) {
    summary_t summary = {0};
    const ctype_t *made;
    weft_error_t *error = NULL;
    if (scope->typed) {
        *type = scope->typed;
        return NULL;
    }
    for (def_t *def = scope->first; def; def = def->next) {
        TRY_OR(done, type_def(pool, def));
        TRY_OR(done, add_def(&summary, def));
    }
    if (scope->kind == SCOPE_INSTANCE_TYPE) error = instance_of(pool, scope, &summary, &made);
    else error = component_of(pool, scope, &summary, &made);
    if (error) {
        error = weft_error_with_offset(error, weft_scope_offset(scope));
        goto done;
    }
    scope->typed = (void *)(uintptr_t)made;
    *type = made;
done:
    free_summary(&summary);
    return error;
}

/* ---- asking --------------------------------------------------------------------------------- */

/* Everything before `end` in this scope and, before that, everything around the scope. */
static weft_error_t *type_before(type_pool_t *pool, scope_t *scope, const def_t *end) {
    if (scope->parent) TRY(type_before(pool, scope->parent, scope->owner));
    for (def_t *def = scope->first; def && def != end; def = def->next) TRY(type_def(pool, def));
    return NULL;
}

weft_error_t *weft_typing_scope(type_pool_t *pool, scope_t *scope, const ctype_t **type) {
    if (scope->kind == SCOPE_MODULE_TYPE) {
        return weft_error_new(WEFT_USAGE, "a core module type has no component-level type");
    }
    if (!scope->typed && scope->parent) TRY(type_before(pool, scope->parent, scope->owner));
    return type_scope(pool, scope, type);
}

weft_error_t *weft_typing_def(type_pool_t *pool, def_t *def, extern_type_t *type) {
    if (!def->typed) {
        TRY(type_before(pool, def->scope, def));
        TRY(type_def(pool, def));
    }
    const entity_t *entity;
    TRY(weft_entity_ref(def, def, &entity));
    if (entity->type.sort == SORT_NONE) {
        return weft_error_new(WEFT_USAGE, "a %s has no component-level type",
                              weft_sort_words((sort_t)def->sort));
    }
    *type = entity->type;
    return NULL;
}

/* Goes no further than there are types: most scopes have none, or few in front. */
static void forget(scope_t *scope) {
    scope->typed = NULL;
    for (def_t *def = scope->first; def && scope->typed_count; def = def->next) {
        if (def->typed) scope->typed_count--;
        def->typed = NULL;
        if (def->kind != DEF_TYPE || !def->type.body) continue;
        scope->typed_count -= def->type.body->typed_count;
        forget(def->type.body);
    }
    scope->typed_count = 0;
}

void weft_typing_forget(scope_t *scope) {
    for (; scope; scope = scope->parent) forget(scope);
}

void weft_typing_forget_edits(document_t *document) {
    for (scope_t *scope = document->scopes; scope; scope = scope->next_scope)
        if (scope->edited || scope->holds_edits) forget(scope);
}
