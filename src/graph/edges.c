/* The edges. Every import of a node with code is followed to its end. Where that is in a node with code,
 * or the host's, there is one edge. Where it is an instance that a composite (or the root) put together, or
 * a composite itself, each member is followed on, and there is one edge per provider and export.
 *
 * What an edge says about its provider's side is read off the way: the door is the first export of the
 * provider that the way goes through, and the exports of nodes that do not hold the end are those passed. */
#include "graph/build.h"

/* Steps and parts looked at, in all: a bound for files made to be expensive. */
enum { MAX_WORK = 1 << 26 };

typedef struct linker {
    graph_t *graph;
    VEC(edge_t) edges;
    VEC(node_t *) passed;
    member_vec_t members;
    VEC(edge_t) parts;
    VEC(uint32_t) part_of; /* member -> part */
    map_t inner;           /* ends that the node at hand consumes inside itself */
    uint32_t serial;       /* for node->mark */
    uint32_t work;
} linker_t;

static weft_error_t *spend(linker_t *linker, size_t work) {
    if (work > MAX_WORK - linker->work)
        return weft_error_new(WEFT_LIMIT, "the composition is too entangled to be followed");
    linker->work += (uint32_t)work;
    return NULL;
}

static weft_str_t interface_of(const extern_name_t *name) {
    for (uint32_t i = 0; i < name->attribute_count; i++)
        if (name->attributes[i].kind == ATTRIBUTE_IMPLEMENTS) return name->attributes[i].text;
    return name->name;
}

/* ---- who provides ----------------------------------------------------------------------------------- */

node_t *weft_graph_owner(const place_t *end) {
    const context_t *context = end->inside ? end->inside : end->context;
    return context->owner;
}

/* The instance of a component of the host's that an END_UNKNOWN is, or is taken from. */
static node_t *unknown_node(const graph_t *graph, const place_t *end) {
    while (end->def->kind == DEF_ALIAS_EXPORT) end = end->via->end;
    return weft_map_get_ptr(&graph->by_place, end);
}

static bool is_glue(const node_t *node) {
    return !node || !node->has_code;
}

/* A node with code and nodes inside may itself have put an instance together. */
static bool may_assemble(const graph_t *graph, const node_t *node) {
    return is_glue(node) || node->child_count || (node == graph->root && graph->node_count > 1);
}

/* ---- what the way tells ------------------------------------------------------------------------------- */

static weft_error_t *note_export(linker_t *linker, edge_t *edge, const place_t *place,
                                 const place_t *alias) {
    if (place->def->kind != DEF_EXPORT) return NULL;
    node_t *node = place->context->owner;
    if (!node || node->inside != place->context) return NULL;
    if (node == edge->provider) {
        if (edge->door) return NULL;
        edge->door = place;
        if (alias && edge->sort != SORT_INSTANCE) edge->export_member = alias->def->alias.name;
        return NULL;
    }
    bool holds_end = weft_context_encloses(place->context, edge->end->context);
    if (holds_end || node->mark == linker->serial) return NULL;
    node->mark = linker->serial;
    return VEC_PUSH(&linker->passed, node);
}

/* The whole way from a place to its end, the ways of the instances that aliases go through included. */
static weft_error_t *walk(linker_t *linker, edge_t *edge, const place_t *start) {
    for (const place_t *place = start; place; place = place->next) {
        const place_t *via = place->def->kind == DEF_ALIAS_EXPORT ? place->via : NULL;
        while (via) {
            for (const place_t *at = via; at; at = at->next) {
                TRY(spend(linker, 1));
                TRY(note_export(linker, edge, at, place));
            }
            via = via->def->kind == DEF_ALIAS_EXPORT ? via->via : NULL;
        }
        TRY(spend(linker, 1));
        TRY(note_export(linker, edge, place, NULL));
    }
    return NULL;
}

static weft_error_t *keep_passed(linker_t *linker, edge_t *edge) {
    size_t count = linker->passed.count;
    if (!count) return NULL;
    edge->passed = ARENA_ARRAY(&linker->graph->arena, node_t *, count);
    if (!edge->passed) return weft_error_oom();
    memcpy(edge->passed, linker->passed.items, count * sizeof *edge->passed);
    edge->passed_count = (uint32_t)count;
    return NULL;
}

static void name_given(edge_t *edge, const extern_name_t *name) {
    edge->export_name = name->name;
    edge->export_interface = interface_of(name);
}

/* An export of a component that is not known: the names stand in the aliases. */
static void name_unknown(edge_t *edge) {
    const place_t *outer = edge->end, *inner = NULL;
    while (outer->def->kind == DEF_ALIAS_EXPORT && outer->via->end->def->kind == DEF_ALIAS_EXPORT) {
        inner = outer;
        outer = outer->via->end;
    }
    if (outer->def->kind == DEF_ALIAS_EXPORT)
        edge->export_name = edge->export_interface = outer->def->alias.name;
    if (inner) edge->export_member = inner->def->alias.name;
}

static weft_error_t *describe_provider(edge_t *edge) {
    if (edge->door) {
        edge->given = edge->door->def;
        name_given(edge, &edge->given->export_.name);
    } else if (!edge->provider) {
        const def_t *import;
        TRY(weft_place_host(edge->end, &import, NULL));
        edge->given = (def_t *)import;
        name_given(edge, &import->import.name);
        if (edge->sort != SORT_INSTANCE && edge->end->def->kind == DEF_ALIAS_EXPORT)
            edge->export_member = edge->end->def->alias.name;
    } else {
        edge->export_name = edge->name;
        edge->export_interface = edge->interface;
        if (edge->end->kind == END_UNKNOWN) name_unknown(edge);
    }
    return NULL;
}

static uint32_t depth_of(const node_t *node) {
    uint32_t depth = 0;
    for (; node; node = node->parent) depth++;
    return depth;
}

static node_t *meet_of(node_t *a, node_t *b) {
    uint32_t depth_a = depth_of(a), depth_b = depth_of(b);
    for (; depth_a > depth_b; depth_a--) a = a->parent;
    for (; depth_b > depth_a; depth_b--) b = b->parent;
    while (a != b) {
        a = a->parent;
        b = b->parent;
    }
    return a;
}

/* Completes an edge whose ends are known and keeps it. `member` is the first member of a part. */
static weft_error_t *add_edge(linker_t *linker, edge_t *edge, const place_t *member) {
    linker->passed.count = 0;
    linker->serial++;
    edge->door = NULL;
    TRY(walk(linker, edge, edge->from));
    if (member) TRY(walk(linker, edge, member));
    TRY(keep_passed(linker, edge));
    edge->meet = edge->consumer && edge->provider ? meet_of(edge->consumer, edge->provider) : NULL;
    TRY(describe_provider(edge));
    return VEC_PUSH(&linker->edges, *edge);
}

/* ---- interfaces put together from several ------------------------------------------------------------- */

/* Who provides a member; false: nobody does (a type of a composite, an instance it made of instances). */
static bool member_provider(const graph_t *graph, const place_t *place, node_t **provider) {
    const place_t *end = place->end;
    *provider = NULL;
    if (end->kind == END_HOST) return true;
    *provider = end->kind == END_UNKNOWN ? unknown_node(graph, end) : weft_graph_owner(end);
    return !is_glue(*provider);
}

/* The part of the edge that a member belongs to, a new one if need be. */
static weft_error_t *part_for(linker_t *linker, const edge_t *whole, const place_t *place,
                              uint32_t *part) {
    edge_t shape = *whole;
    shape.end = place->end;
    if (!member_provider(linker->graph, place, &shape.provider)) {
        *part = UINT32_MAX;
        return NULL;
    }
    linker->passed.count = 0;
    linker->serial++;
    TRY(walk(linker, &shape, place));
    TRY(describe_provider(&shape));
    TRY(spend(linker, linker->parts.count));
    for (size_t i = linker->parts.count; i > 0; i--) {
        const edge_t *known = &linker->parts.items[i - 1];
        if (known->provider == shape.provider && known->given == shape.given) {
            *part = (uint32_t)(i - 1);
            return NULL;
        }
    }
    shape.partial = true;
    *part = (uint32_t)linker->parts.count;
    return VEC_PUSH(&linker->parts, shape);
}

static weft_error_t *sort_members(linker_t *linker, const edge_t *whole, bool types) {
    graph_t *graph = linker->graph;
    linker->members.count = linker->part_of.count = linker->parts.count = 0;
    TRY(weft_graph_list_members(graph, whole, types, &linker->members));
    TRY(spend(linker, linker->members.count));
    for (size_t i = 0; i < linker->members.count; i++) {
        uint32_t part;
        TRY(weft_graph_place_member(graph, whole->end, &linker->members.items[i]));
        TRY(part_for(linker, whole, linker->members.items[i].place, &part));
        TRY(VEC_PUSH(&linker->part_of, part));
    }
    return NULL;
}

/* Hands each part its members, in their order. */
static weft_error_t *deal_members(linker_t *linker) {
    size_t total = linker->members.count;
    member_t *kept = ARENA_ARRAY(&linker->graph->arena, member_t, total ? total : 1);
    if (!kept) return weft_error_oom();
    for (size_t i = 0; i < total; i++)
        if (linker->part_of.items[i] != UINT32_MAX)
            linker->parts.items[linker->part_of.items[i]].member_count++;
    for (size_t p = 0; p < linker->parts.count; p++) {
        edge_t *part = &linker->parts.items[p];
        part->members = kept;
        kept += part->member_count;
        part->member_count = 0;
    }
    for (size_t i = 0; i < total; i++) {
        if (linker->part_of.items[i] == UINT32_MAX) continue;
        edge_t *part = &linker->parts.items[linker->part_of.items[i]];
        ((member_t *)part->members)[part->member_count++] = linker->members.items[i];
    }
    return NULL;
}

static weft_error_t *split(linker_t *linker, const edge_t *whole) {
    TRY(sort_members(linker, whole, false));
    bool types = linker->members.count == 0;
    if (types) TRY(sort_members(linker, whole, true));
    TRY(deal_members(linker));
    for (size_t i = 0; i < linker->parts.count; i++) {
        edge_t *part = &linker->parts.items[i];
        const place_t *first = part->members[0].place;
        part->partial = linker->parts.count > 1;
        if (types) part->member_count = 0;
        TRY(add_edge(linker, part, first));
    }
    return NULL;
}

/* ---- from each consumer ---------------------------------------------------------------------------------- */

static weft_error_t *follow_to_end(linker_t *linker, edge_t *edge) {
    const place_t *end = edge->end = edge->from->end;
    switch (end->kind) {
    case END_HOST: break;
    case END_UNKNOWN: edge->provider = unknown_node(linker->graph, end); break;
    case END_INSTANCE:
        edge->provider = weft_graph_owner(end);
        if (may_assemble(linker->graph, edge->provider)) return split(linker, edge);
        break;
    default:
        edge->provider = weft_graph_owner(end);
        if (is_glue(edge->provider)) return NULL; /* a type or a component of a composite */
    }
    return add_edge(linker, edge, NULL);
}

/* Follows what `edge` starts from and adds the edges that it turns out to be. */
static weft_error_t *follow(linker_t *linker, edge_t *edge) {
    return weft_error_with_offset(follow_to_end(linker, edge), weft_def_offset(edge->from->def));
}

static weft_error_t *link_imports(linker_t *linker, node_t *node) {
    resolver_t *resolver = linker->graph->resolver;
    const scope_facts_t *facts = node->inside->facts;
    for (uint32_t i = 0; i < facts->import_count; i++) {
        def_t *import = facts->imports[i];
        if (import->import.desc.sort == SORT_TYPE) continue;
        const extern_name_t *name = &import->import.name;
        edge_t edge = {.consumer = node,
                       .sort = import->import.desc.sort,
                       .name = name->name,
                       .interface = interface_of(name),
                       .wanted = import};
        TRY(weft_resolve(resolver, node->inside, import, &edge.from));
        TRY(weft_context_arg(resolver, node->inside, name->name, &edge.arg));
        TRY(follow(linker, &edge));
    }
    return NULL;
}

/* Of a component that is not known, the arguments say what it imports. */
static weft_error_t *link_args(linker_t *linker, node_t *node) {
    for (uint32_t i = 0; i < node->instance->instantiate.count; i++) {
        const named_def_t *arg = &node->instance->instantiate.args[i];
        if (arg->def->sort == SORT_TYPE) continue;
        edge_t edge = {.consumer = node,
                       .sort = (sort_t)arg->def->sort,
                       .name = arg->name.name,
                       .interface = arg->name.name,
                       .arg = arg};
        TRY(weft_resolve(linker->graph->resolver, node->outside, arg->def, &edge.from));
        TRY(follow(linker, &edge));
    }
    return NULL;
}

/* Whether a place in a node's own body came in by one of its imports. */
static weft_error_t *is_imported(linker_t *linker, const place_t *place, bool *imported) {
    const context_t *context = place->context;
    *imported = false;
    while (place && place->context == context) {
        TRY(spend(linker, 1));
        *imported = place->def->kind == DEF_IMPORT;
        if (*imported) return NULL;
        bool through =
            place->def->kind == DEF_ALIAS_EXPORT && place->via->end->def->kind != DEF_INLINE;
        place = through ? place->via : place->next;
    }
    return NULL;
}

/* A function that a node lowers and that is not imported comes from an instance inside the node: an edge
 * to that instance's node, one per interface. */
static weft_error_t *link_lowered(linker_t *linker, node_t *node, def_t *func) {
    const place_t *place;
    bool imported;
    TRY(weft_resolve(linker->graph->resolver, node->inside, func, &place));
    weft_error_t *error = is_imported(linker, place, &imported);
    if (error) return weft_error_with_offset(error, weft_def_offset(func));
    if (imported || weft_graph_owner(place->end) == node) return NULL;
    edge_t edge = {.consumer = node, .sort = SORT_FUNC, .from = place};
    if (place->def->kind == DEF_ALIAS_EXPORT) {
        edge.name = place->def->alias.name;
        if (place->via->def->kind == DEF_ALIAS_EXPORT) {
            edge.from = place->via;
            edge.sort = SORT_INSTANCE;
            edge.name = place->via->def->alias.name;
        }
    }
    edge.interface = edge.name;
    if (weft_map_get_ptr(&linker->inner, edge.from->end)) return NULL;
    TRY(weft_map_set_ptr(&linker->inner, edge.from->end, node));
    return follow(linker, &edge);
}

static weft_error_t *link_inner(linker_t *linker, node_t *node) {
    weft_map_free(&linker->inner);
    for (def_t *def = node->inside->scope->first; def; def = def->next)
        if (def->kind == DEF_CANON && def->canon.op == CANON_LOWER)
            TRY(link_lowered(linker, node, def->canon.func));
    return NULL;
}

static weft_error_t *link_node(linker_t *linker, node_t *node) {
    if (!node->has_code) return NULL;
    if (!node->inside) return link_args(linker, node);
    TRY(link_imports(linker, node));
    return may_assemble(linker->graph, node) ? link_inner(linker, node) : NULL;
}

static weft_error_t *link_host(linker_t *linker) {
    const context_t *root = weft_resolver_root(linker->graph->resolver);
    for (uint32_t i = 0; i < root->facts->export_count; i++) {
        def_t *export_ = root->facts->exports[i];
        if (export_->sort == SORT_TYPE) continue;
        const extern_name_t *name = &export_->export_.name;
        edge_t edge = {.sort = (sort_t)export_->sort,
                       .name = name->name,
                       .interface = interface_of(name),
                       .wanted = export_};
        TRY(weft_resolve(linker->graph->resolver, root, export_, &edge.from));
        TRY(follow(linker, &edge));
    }
    return NULL;
}

static void free_linker(linker_t *linker) {
    VEC_FREE(&linker->edges);
    VEC_FREE(&linker->passed);
    VEC_FREE(&linker->members);
    VEC_FREE(&linker->parts);
    VEC_FREE(&linker->part_of);
    weft_map_free(&linker->inner);
}

weft_error_t *weft_graph_what_if(graph_t *graph, node_t *consumer, weft_str_t name, def_t *wanted,
                                 const place_t *from, edge_t **edges, uint32_t *count) {
    linker_t linker = {.graph = graph};
    edge_t edge = {.consumer = consumer,
                   .sort = (sort_t)from->def->sort,
                   .name = name,
                   .interface = name,
                   .wanted = wanted,
                   .from = from};
    for (uint32_t i = 0; i < graph->node_count; i++) graph->nodes[i].mark = 0;
    weft_error_t *error = follow(&linker, &edge);
    size_t made = linker.edges.count;
    edge_t *kept = error ? NULL : ARENA_ARRAY(&graph->arena, edge_t, made ? made : 1);
    if (!error && !kept) error = weft_error_oom();
    if (!error) {
        if (made) memcpy(kept, linker.edges.items, made * sizeof *kept);
        *edges = kept;
        *count = (uint32_t)made;
    }
    free_linker(&linker);
    return error;
}

/* ---- filing --------------------------------------------------------------------------------------------- */

static edge_list_t *list_of(graph_t *graph, node_t *node, bool consumes) {
    if (!node) return consumes ? &graph->host_consumes : &graph->host_provides;
    return consumes ? &node->consumes : &node->provides;
}

static weft_error_t *make_room(graph_t *graph, edge_list_t *list) {
    list->items = ARENA_ARRAY(&graph->arena, edge_t *, list->count ? list->count : 1);
    list->count = 0;
    return list->items ? NULL : weft_error_oom();
}

static weft_error_t *file_by_node(graph_t *graph) {
    for (uint32_t i = 0; i < graph->edge_count; i++) {
        list_of(graph, graph->edges[i].consumer, true)->count++;
        list_of(graph, graph->edges[i].provider, false)->count++;
    }
    TRY(make_room(graph, &graph->host_consumes));
    TRY(make_room(graph, &graph->host_provides));
    for (uint32_t i = 0; i < graph->node_count; i++) {
        TRY(make_room(graph, &graph->nodes[i].consumes));
        TRY(make_room(graph, &graph->nodes[i].provides));
    }
    for (uint32_t i = 0; i < graph->edge_count; i++) {
        edge_t *edge = &graph->edges[i];
        edge_list_t *consumes = list_of(graph, edge->consumer, true);
        edge_list_t *provides = list_of(graph, edge->provider, false);
        consumes->items[consumes->count++] = edge;
        provides->items[provides->count++] = edge;
    }
    return NULL;
}

static weft_error_t *count_in_interface(graph_t *graph, weft_str_t name) {
    interface_t *interface = weft_map_get(&graph->by_interface, name);
    if (!interface) {
        interface = &graph->interfaces[graph->interface_count++];
        interface->name = name;
        TRY(weft_map_set(&graph->by_interface, name, interface));
    }
    interface->edges.count++;
    return NULL;
}

static void put_in_interface(graph_t *graph, weft_str_t name, edge_t *edge) {
    interface_t *interface = weft_map_get(&graph->by_interface, name);
    interface->edges.items[interface->edges.count++] = edge;
}

static bool has_two_names(const edge_t *edge) {
    return !weft_str_eq(edge->interface, edge->export_interface);
}

static weft_error_t *file_by_interface(graph_t *graph) {
    graph->interfaces = ARENA_ARRAY(&graph->arena, interface_t, 2 * (size_t)graph->edge_count + 1);
    if (!graph->interfaces) return weft_error_oom();
    for (uint32_t i = 0; i < graph->edge_count; i++) {
        const edge_t *edge = &graph->edges[i];
        TRY(count_in_interface(graph, edge->interface));
        if (has_two_names(edge)) TRY(count_in_interface(graph, edge->export_interface));
    }
    for (uint32_t i = 0; i < graph->interface_count; i++)
        TRY(make_room(graph, &graph->interfaces[i].edges));
    for (uint32_t i = 0; i < graph->edge_count; i++) {
        edge_t *edge = &graph->edges[i];
        put_in_interface(graph, edge->interface, edge);
        if (has_two_names(edge)) put_in_interface(graph, edge->export_interface, edge);
    }
    return NULL;
}

static weft_error_t *keep_edges(linker_t *linker) {
    graph_t *graph = linker->graph;
    size_t count = linker->edges.count;
    graph->edges = ARENA_ARRAY(&graph->arena, edge_t, count ? count : 1);
    if (!graph->edges) return weft_error_oom();
    for (size_t i = 0; i < count; i++) {
        graph->edges[i] = linker->edges.items[i];
        graph->edges[i].index = (uint32_t)i;
    }
    graph->edge_count = (uint32_t)count;
    return NULL;
}

weft_error_t *weft_graph_find_edges(graph_t *graph) {
    linker_t linker = {.graph = graph};
    weft_error_t *error = NULL;
    for (uint32_t i = 0; i < graph->node_count; i++)
        TRY_OR(done, link_node(&linker, &graph->nodes[i]));
    TRY_OR(done, link_host(&linker));
    TRY_OR(done, keep_edges(&linker));
    TRY_OR(done, file_by_node(graph));
    TRY_OR(done, file_by_interface(graph));
done:
    free_linker(&linker);
    return error;
}
