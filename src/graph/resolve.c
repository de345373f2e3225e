/* Resolving works with a stack of its own instead of recursion: a file may chain as many aliases as it
 * has bytes for. A place is taken from the stack when its end is known; before that, whatever it needs
 * first is put on top of it. What a finished way has in common for all places on it (the end, the doors,
 * the detours) is handed back from each place to the one before it. */
#include "graph/resolve.h"

/* 64 times what engines accept of instances in one component, and as deep as bodies may nest. */
enum { MAX_CONTEXTS = 64 * 4096, MAX_DEPTH = 1000 };

/* Lists of names (arguments, inline exports) up to this length are searched without a table. */
enum { SHORT_LIST = 8 };

typedef struct name_table name_table_t;
struct name_table {
    map_t map; /* name -> named_def_t */
    name_table_t *next_table;
};

struct resolver {
    arena_t arena;
    context_t *root;
    map_t places;      /* (context, def) -> place */
    map_t facts;       /* scope -> kept_facts_t */
    map_t name_tables; /* definition with a long list -> name_table_t */
    name_table_t *first_table;
    struct kept_facts *first_facts;
    uint32_t context_count;
    VEC(place_t *) stack;
};

/* The facts with what only this file needs: their table of exports. */
typedef struct kept_facts kept_facts_t;
struct kept_facts {
    scope_facts_t facts; /* first: weft_scope_export gets from the one to the other */
    map_t exports;
    kept_facts_t *next_facts;
};

/* ---- facts of a scope --------------------------------------------------------------------------- */

static void count_facts(scope_facts_t *facts, const scope_t *scope) {
    for (const def_t *def = scope->first; def; def = def->next) {
        switch (def->kind) {
        case DEF_INSTANTIATE: facts->instance_count++; break;
        case DEF_IMPORT: facts->import_count++; break;
        case DEF_EXPORT: facts->export_count++; break;
        case DEF_CORE_INSTANTIATE:
        case DEF_CANON: facts->has_code = true; break;
        default: break;
        }
    }
}

static weft_error_t *fill_facts(resolver_t *resolver, kept_facts_t *kept, scope_t *scope) {
    scope_facts_t *facts = &kept->facts;
    uint32_t total = facts->instance_count + facts->import_count + facts->export_count;
    def_t **slots = ARENA_ARRAY(&resolver->arena, def_t *, total ? total : 1);
    if (!slots) return weft_error_oom();
    facts->instances = slots;
    facts->imports = facts->instances + facts->instance_count;
    facts->exports = facts->imports + facts->import_count;

    def_t **instance = facts->instances, **import = facts->imports, **export_ = facts->exports;
    for (def_t *def = scope->first; def; def = def->next) {
        if (def->kind == DEF_INSTANTIATE) {
            *instance++ = def;
        } else if (def->kind == DEF_IMPORT) {
            *import++ = def;
        } else if (def->kind == DEF_EXPORT) {
            *export_++ = def;
            TRY(weft_map_set(&kept->exports, def->export_.name.name, def));
        }
    }
    return NULL;
}

weft_error_t *weft_scope_facts(resolver_t *resolver, scope_t *scope, const scope_facts_t **facts) {
    kept_facts_t *kept = weft_map_get_ptr(&resolver->facts, scope);
    if (!kept) {
        kept = ARENA_NEW(&resolver->arena, kept_facts_t);
        if (!kept) return weft_error_oom();
        kept->next_facts = resolver->first_facts; /* from here on freed with the resolver */
        resolver->first_facts = kept;
        kept->facts.scope = scope;
        count_facts(&kept->facts, scope);
        TRY(fill_facts(resolver, kept, scope));
        TRY(weft_map_set_ptr(&resolver->facts, scope, kept));
    }
    *facts = &kept->facts;
    return NULL;
}

def_t *weft_scope_export(const scope_facts_t *facts, weft_str_t name) {
    return weft_map_get(&((const kept_facts_t *)facts)->exports, name);
}

/* ---- finding a name in the list of a definition --------------------------------------------------- */

static weft_error_t *name_table(resolver_t *resolver, const def_t *def, named_def_t *list,
                                uint32_t count, name_table_t **out) {
    name_table_t *table = weft_map_get_ptr(&resolver->name_tables, def);
    if (!table) {
        table = ARENA_NEW(&resolver->arena, name_table_t);
        if (!table) return weft_error_oom();
        table->next_table = resolver->first_table;
        resolver->first_table = table;
        for (uint32_t i = 0; i < count; i++)
            TRY(weft_map_set(&table->map, list[i].name.name, &list[i]));
        TRY(weft_map_set_ptr(&resolver->name_tables, def, table));
    }
    *out = table;
    return NULL;
}

/* *found NULL: no such name. `list` is the arguments or the inline exports of `def`. */
static weft_error_t *find_named(resolver_t *resolver, const def_t *def, named_def_t *list,
                                uint32_t count, weft_str_t name, const named_def_t **found) {
    *found = NULL;
    if (count > SHORT_LIST) {
        name_table_t *table;
        TRY(name_table(resolver, def, list, count, &table));
        *found = weft_map_get(&table->map, name);
        return NULL;
    }
    for (uint32_t i = 0; i < count && !*found; i++)
        if (weft_str_eq(list[i].name.name, name)) *found = &list[i];
    return NULL;
}

weft_error_t *weft_context_arg(resolver_t *resolver, const context_t *context, weft_str_t name,
                               const named_def_t **arg) {
    *arg = NULL;
    if (!context->instance) return NULL;
    def_t *instance = context->instance;
    return find_named(resolver, instance, instance->instantiate.args, instance->instantiate.count,
                      name, arg);
}

/* ---- contexts and places -------------------------------------------------------------------------- */

static weft_error_t *new_context(resolver_t *resolver, context_t *shape, context_t **out) {
    if (resolver->context_count == MAX_CONTEXTS)
        return weft_error_at(WEFT_LIMIT, weft_def_offset(shape->instance),
                             "the composition unfolds into more than %d instances", MAX_CONTEXTS);
    if (shape->depth > MAX_DEPTH)
        return weft_error_at(WEFT_LIMIT, weft_def_offset(shape->instance),
                             "instances nested deeper than %d", MAX_DEPTH);
    TRY(weft_scope_facts(resolver, shape->scope, &shape->facts));
    context_t *context = ARENA_NEW(&resolver->arena, context_t);
    if (!context) return weft_error_oom();
    *context = *shape;
    context->index = resolver->context_count++;
    *out = context;
    return NULL;
}

static weft_error_t *place_of(resolver_t *resolver, const context_t *context, def_t *def,
                              place_t **out) {
    const place_t wanted = {.context = context, .def = def};
    const size_t key_size = offsetof(place_t, def) + sizeof wanted.def;
    place_t *place = weft_map_get(&resolver->places, (weft_str_t){(const char *)&wanted, key_size});
    if (!place) {
        place = ARENA_NEW(&resolver->arena, place_t);
        if (!place) return weft_error_oom();
        place->context = context;
        place->def = def;
        TRY(weft_map_set(&resolver->places, (weft_str_t){(const char *)place, key_size}, place));
    }
    *out = place;
    return NULL;
}

bool weft_context_encloses(const context_t *outer, const context_t *inner) {
    if (!outer || !inner) return false;
    while (inner->depth > outer->depth) inner = inner->parent;
    return inner == outer;
}

/* What a resolved DEF_INSTANTIATE of a known component makes. */
static weft_error_t *enter(resolver_t *resolver, place_t *place, context_t **inside) {
    if (!place->inside) {
        const place_t *component = place->via->end;
        context_t shape = {.parent = place->context,
                           .lexical = component->context,
                           .instance = place->def,
                           .component = component->def,
                           .depth = place->context->depth + 1};
        TRY(weft_component_body(component->def, &shape.scope));
        TRY(new_context(resolver, &shape, &place->inside));
    }
    *inside = place->inside;
    return NULL;
}

weft_error_t *weft_enter(resolver_t *resolver, const context_t *context, def_t *instance,
                         context_t **inside) {
    const place_t *place;
    TRY(weft_resolve(resolver, context, instance, &place));
    if (place->end->kind == END_UNKNOWN) {
        *inside = NULL;
        return NULL;
    }
    place_t *own;
    TRY(place_of(resolver, place->end->context, place->end->def, &own));
    return enter(resolver, own, inside);
}

/* ---- one step ------------------------------------------------------------------------------------- */

/* The outcome of a step: `next` is where the way goes on, or `need` must be resolved before the step can
 * be taken; neither: the place is an end of the given kind. */
typedef struct step {
    place_t *next, *need;
    end_kind_t kind;
} step_t;

static weft_error_t *step_import(resolver_t *resolver, const place_t *place, step_t *step) {
    const context_t *context = place->context;
    if (!context->parent) {
        step->kind = END_HOST;
        return NULL;
    }
    weft_str_t name = place->def->import.name.name;
    const named_def_t *arg;
    TRY(weft_context_arg(resolver, context, name, &arg));
    if (!arg)
        return weft_error_at(WEFT_INVALID, weft_def_offset(context->instance),
                             "the instance lacks the argument \"%.*s\" that its component imports",
                             STR_ARG(name));
    return place_of(resolver, context->parent, arg->def, &step->next);
}

static weft_error_t *step_outer(resolver_t *resolver, const place_t *place, step_t *step) {
    def_t *target = place->def->alias.target;
    const context_t *context = place->context;
    while (context && context->scope != target->scope) context = context->lexical;
    if (!context)
        return weft_error_at(WEFT_INVALID, weft_def_offset(place->def),
                             "an outer alias of something that does not enclose it");
    return place_of(resolver, context, target, &step->next);
}

/* The export `name` of an instance that is resolved; *next NULL: there is none. */
static weft_error_t *member(resolver_t *resolver, place_t *instance, weft_str_t name,
                            place_t **next) {
    *next = NULL;
    def_t *def = instance->def;
    if (def->kind == DEF_INLINE) {
        const named_def_t *found;
        TRY(find_named(resolver, def, def->inline_.exports, def->inline_.count, name, &found));
        return found ? place_of(resolver, instance->context, found->def, next) : NULL;
    }
    context_t *inside;
    TRY(enter(resolver, instance, &inside));
    def_t *found = weft_scope_export(inside->facts, name);
    return found ? place_of(resolver, inside, found, next) : NULL;
}

static weft_error_t *step_export(resolver_t *resolver, place_t *place, step_t *step) {
    def_t *def = place->def;
    place_t *via;
    TRY(place_of(resolver, place->context, def->alias.target, &via));
    place->via = via;
    if (!via->end) {
        step->need = via;
        return NULL;
    }
    if (via->end->kind == END_HOST || via->end->kind == END_UNKNOWN) {
        step->kind = (end_kind_t)via->end->kind;
        return NULL;
    }
    if (via->end->kind != END_INSTANCE)
        return weft_error_at(WEFT_INVALID, weft_def_offset(def),
                             "an export is aliased of something that is not an instance");
    place_t *instance;
    TRY(place_of(resolver, via->end->context, via->end->def, &instance));
    TRY(member(resolver, instance, def->alias.name, &step->next));
    if (!step->next)
        return weft_error_at(WEFT_INVALID, weft_def_offset(def),
                             "the instance has no export \"%.*s\"", STR_ARG(def->alias.name));
    return NULL;
}

static weft_error_t *step_instantiate(resolver_t *resolver, place_t *place, step_t *step) {
    place_t *component;
    TRY(place_of(resolver, place->context, place->def->instantiate.target, &component));
    place->via = component;
    if (!component->end) {
        step->need = component;
        return NULL;
    }
    switch (component->end->kind) {
    case END_COMPONENT: step->kind = END_INSTANCE; return NULL;
    case END_HOST:
    case END_UNKNOWN: step->kind = END_UNKNOWN; return NULL;
    default:
        return weft_error_at(WEFT_INVALID, weft_def_offset(place->def),
                             "what is instantiated is not a component");
    }
}

static weft_error_t *take_step(resolver_t *resolver, place_t *place, step_t *step) {
    def_t *def = place->def;
    *step = (step_t){0};
    switch (def->kind) {
    case DEF_IMPORT: return step_import(resolver, place, step);
    case DEF_EXPORT: return place_of(resolver, place->context, def->export_.target, &step->next);
    case DEF_ALIAS_OUTER: return step_outer(resolver, place, step);
    case DEF_ALIAS_EXPORT: return step_export(resolver, place, step);
    case DEF_INSTANTIATE: return step_instantiate(resolver, place, step);
    case DEF_INLINE: step->kind = END_INSTANCE; return NULL;
    case DEF_COMPONENT: step->kind = END_COMPONENT; return NULL;
    case DEF_CORE_MODULE: step->kind = END_MODULE; return NULL;
    case DEF_TYPE: step->kind = END_TYPE; return NULL;
    case DEF_VALUE:
    case DEF_START_RESULT: step->kind = END_VALUE; return NULL;
    case DEF_CANON:
        if (def->canon.op == CANON_LIFT) {
            step->kind = END_FUNC;
            return NULL;
        }
        break;
    default: break;
    }
    return weft_error_at(WEFT_INTERNAL, weft_def_offset(def),
                         "a definition of kind %d cannot be resolved", def->kind);
}

/* ---- the way ---------------------------------------------------------------------------------------- */

/* The place's end is known, or that of the place after it. */
static void finish(place_t *place) {
    const place_t *next = place->next;
    place->end = next ? next->end : place;
    place->door = next ? next->door : NULL;
    place->detour = next ? next->detour : NULL;
    place->busy = false;
    if (place->def->kind != DEF_EXPORT) return;
    if (weft_context_encloses(place->context, place->end->context)) place->door = place;
    else place->detour = place;
}

static weft_error_t *push(resolver_t *resolver, place_t *place) {
    if (place->busy)
        return weft_error_at(WEFT_INVALID, weft_def_offset(place->def),
                             "a definition that depends on itself");
    place->busy = true;
    return VEC_PUSH(&resolver->stack, place);
}

/* Does what can be done for the place on top of the stack. */
static weft_error_t *advance(resolver_t *resolver, place_t *place) {
    if (!place->next) {
        step_t step;
        TRY(take_step(resolver, place, &step));
        if (step.need) return push(resolver, step.need);
        place->next = step.next;
        place->kind = (uint8_t)step.kind;
    }
    if (place->next && !place->next->end) return push(resolver, (place_t *)place->next);
    finish(place);
    resolver->stack.count--;
    return NULL;
}

/* After an error the same question must give the same answer. */
static weft_error_t *give_up(resolver_t *resolver, place_t *start, weft_error_t *error) {
    start->busy = false;
    while (resolver->stack.count) resolver->stack.items[--resolver->stack.count]->busy = false;
    return error;
}

weft_error_t *weft_resolve(resolver_t *resolver, const context_t *context, def_t *def,
                           const place_t **place) {
    place_t *start;
    TRY(place_of(resolver, context, def, &start));
    if (!start->end) {
        weft_error_t *error = push(resolver, start);
        while (!error && resolver->stack.count)
            error = advance(resolver, resolver->stack.items[resolver->stack.count - 1]);
        if (error) return give_up(resolver, start, error);
    }
    *place = start;
    return NULL;
}

weft_error_t *weft_resolve_member(resolver_t *resolver, const place_t *instance, weft_str_t name,
                                  const place_t **place) {
    *place = NULL;
    if (instance->end->kind != END_INSTANCE) return NULL;
    place_t *own, *next;
    TRY(place_of(resolver, instance->end->context, instance->end->def, &own));
    TRY(member(resolver, own, name, &next));
    return next ? weft_resolve(resolver, next->context, next->def, place) : NULL;
}

weft_error_t *weft_place_host(const place_t *place, const def_t **import, buf_t *path) {
    VEC(const place_t *) way = {0};
    weft_error_t *error = NULL;
    for (place = place->end; place->def->kind == DEF_ALIAS_EXPORT; place = place->via->end)
        TRY_OR(done, VEC_PUSH(&way, place));
    *import = place->kind == END_HOST ? place->def : NULL;
    for (size_t i = way.count; path && i > 0; i--) {
        weft_buf_byte(path, '#');
        weft_buf_str(path, way.items[i - 1]->def->alias.name);
    }
done:
    VEC_FREE(&way);
    return error;
}

/* ---- the resolver ------------------------------------------------------------------------------------ */

weft_error_t *weft_resolver_new(document_t *document, resolver_t **resolver) {
    resolver_t *r = weft_alloc_zero(1, sizeof *r);
    if (!r) return weft_error_oom();
    context_t shape = {.scope = document->root};
    weft_error_t *error = new_context(r, &shape, &r->root);
    if (error) {
        weft_resolver_delete(r);
        return error;
    }
    *resolver = r;
    return NULL;
}

void weft_resolver_delete(resolver_t *resolver) {
    if (!resolver) return;
    for (kept_facts_t *f = resolver->first_facts; f; f = f->next_facts) weft_map_free(&f->exports);
    for (name_table_t *t = resolver->first_table; t; t = t->next_table) weft_map_free(&t->map);
    weft_map_free(&resolver->places);
    weft_map_free(&resolver->facts);
    weft_map_free(&resolver->name_tables);
    VEC_FREE(&resolver->stack);
    weft_arena_free(&resolver->arena);
    weft_free(resolver);
}

context_t *weft_resolver_root(const resolver_t *resolver) {
    return resolver->root;
}
