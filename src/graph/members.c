/* What an interface consists of: its functions, by the type that the consumer imports it with or by what
 * the provider has. */
#include "graph/build.h"

static weft_error_t *add_member(member_vec_t *members, weft_str_t name, unsigned sort, bool types) {
    if ((sort == SORT_TYPE) != types) return NULL;
    return VEC_PUSH(members, (member_t){.name = name, .sort = (sort_t)sort});
}

static weft_error_t *members_of_type(const scope_t *body, bool types, member_vec_t *members) {
    for (const def_t *def = body->first; def; def = def->next)
        if (def->kind == DEF_EXPORT_DECL)
            TRY(add_member(members, def->import.name.name, def->import.desc.sort, types));
    return NULL;
}

static weft_error_t *members_of_instance(graph_t *graph, const place_t *end, bool types,
                                         member_vec_t *members) {
    def_t *def = end->def;
    if (end->kind == END_HOST && def->kind == DEF_IMPORT) return NULL;
    if (end->kind != END_INSTANCE) return NULL;
    if (def->kind == DEF_INLINE) {
        for (uint32_t i = 0; i < def->inline_.count; i++) {
            const named_def_t *entry = &def->inline_.exports[i];
            TRY(add_member(members, entry->name.name, entry->def->sort, types));
        }
        return NULL;
    }
    context_t *inside;
    TRY(weft_enter(graph->resolver, end->context, def, &inside));
    for (uint32_t i = 0; i < inside->facts->export_count; i++) {
        const def_t *export_ = inside->facts->exports[i];
        TRY(add_member(members, export_->export_.name.name, export_->sort, types));
    }
    return NULL;
}

/* The body of the instance type that an import in a context is declared with; NULL: it cannot be told. */
static weft_error_t *declared_body(graph_t *graph, const context_t *context, const def_t *import,
                                   const scope_t **body) {
    *body = NULL;
    if (!context || !import->import.desc.type) return NULL;
    const place_t *type;
    TRY(weft_resolve(graph->resolver, context, import->import.desc.type, &type));
    const def_t *def = type->end->def;
    if (def->kind == DEF_TYPE && def->type.op == TYPE_OP_INSTANCE) *body = def->type.body;
    return NULL;
}

static const def_t *declaring_import(const edge_t *edge, const context_t **context) {
    if (edge->wanted && edge->wanted->kind == DEF_IMPORT) {
        *context = edge->consumer->inside;
        return edge->wanted;
    }
    *context = edge->end->context;
    return edge->end->def->kind == DEF_IMPORT ? edge->end->def : NULL;
}

weft_error_t *weft_graph_list_members(graph_t *graph, const edge_t *edge, bool types,
                                      member_vec_t *members) {
    const context_t *context;
    const def_t *import = declaring_import(edge, &context);
    const scope_t *body = NULL;
    if (import) TRY(declared_body(graph, context, import, &body));
    if (body) return members_of_type(body, types, members);
    return members_of_instance(graph, edge->end, types, members);
}

weft_error_t *weft_graph_place_member(graph_t *graph, const place_t *end, member_t *member) {
    if (end->kind != END_INSTANCE) return NULL;
    TRY(weft_resolve_member(graph->resolver, end, member->name, &member->place));
    if (!member->place)
        return weft_error_at(WEFT_INVALID, weft_def_offset(end->def),
                             "the instance has no export \"%.*s\"", STR_ARG(member->name));
    return NULL;
}

static weft_error_t *keep(graph_t *graph, edge_t *edge, const member_vec_t *members) {
    member_t *kept = ARENA_ARRAY(&graph->arena, member_t, members->count ? members->count : 1);
    if (!kept) return weft_error_oom();
    if (members->count) memcpy(kept, members->items, members->count * sizeof *kept);
    edge->members = kept;
    edge->member_count = (uint32_t)members->count;
    return NULL;
}

weft_error_t *weft_edge_members(graph_t *graph, edge_t *edge) {
    if (edge->members || edge->sort != SORT_INSTANCE) return NULL;
    member_vec_t members = {0};
    weft_error_t *error = NULL;
    TRY_OR(done, weft_graph_list_members(graph, edge, false, &members));
    for (size_t i = 0; i < members.count; i++)
        TRY_OR(done, weft_graph_place_member(graph, edge->end, &members.items[i]));
    TRY_OR(done, keep(graph, edge, &members));
done:
    VEC_FREE(&members);
    return error;
}
