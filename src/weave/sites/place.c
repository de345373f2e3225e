#include "weave/sites/place.h"

#include "component/edit/copy.h"
#include "component/edit/reach.h"
#include "component/edit/transplant.h"
#include "support/version.h"

/* ---- where ---- */

/* How many steps all paths share, leaving each its last one. */
static size_t common_depth(const paths_t *paths) {
    const path_t *first = &paths->items[0];
    size_t depth = first->count - 1;
    for (size_t i = 1; i < paths->count; i++) {
        const path_t *path = &paths->items[i];
        size_t d = 0;
        while (d < depth && d + 1 < path->count && path->steps[d] == first->steps[d]) d++;
        depth = d;
    }
    return depth;
}

static def_t *first_step(const paths_t *paths, size_t depth) {
    def_t *first = paths->items[0].steps[depth];
    weft_scope_order(first->scope);
    for (size_t i = 1; i < paths->count; i++) {
        def_t *step = paths->items[i].steps[depth];
        if (step->order < first->order) first = step;
    }
    return first;
}

static bool leads_through(const path_t *path, const def_t *component) {
    for (size_t i = 0; i < path->count; i++)
        if (weft_def_origin(path->steps[i]->instantiate.target) == component) return true;
    return false;
}

/* Whether the component, or something in it, is about to be woven. */
static bool to_be_woven(const paths_t *paths, const def_t *component) {
    for (size_t i = 0; paths && i < paths->count; i++)
        if (leads_through(&paths->items[i], component)) return true;
    return false;
}

/* A component is stored once, however often it is put to use. `paths` may be NULL. */
static def_t *find_stored(const scope_t *scope, const paths_t *paths, weft_bytes_t bytes) {
    for (def_t *def = scope->first; def; def = def->next) {
        if (def->kind != DEF_COMPONENT || def->component.bytes.len != bytes.len) continue;
        if (def->component.body && def->component.body->edited) continue;
        const uint8_t *stored = def->component.bytes.ptr;
        if (stored && (stored == bytes.ptr || memcmp(stored, bytes.ptr, bytes.len) == 0) &&
            !to_be_woven(paths, def))
            return def;
    }
    return NULL;
}

bool weft_import_types_only(const def_t *import) {
    const def_t *type = import->import.desc.type;
    if (import->sort != SORT_INSTANCE || !type || type->kind != DEF_TYPE || !type->type.body)
        return false;
    for (const def_t *def = type->type.body->first; def; def = def->next)
        if (def->kind == DEF_EXPORT_DECL && (def->sort != SORT_TYPE || !def->import.desc.type))
            return false;
    return true;
}

static def_t *given(const placement_t *p, const def_t *import) {
    for (uint32_t i = 0; i < p->given_count; i++)
        if (weft_str_eq(p->given[i].name.name, import->import.name.name)) return p->given[i].def;
    return NULL;
}

static const def_t *host_import(const placement_t *p) {
    for (const def_t *def = p->alone->root->first; def; def = def->next)
        if (def->kind == DEF_IMPORT && !weft_import_types_only(def) && !given(p, def)) return def;
    return NULL;
}

/* A stored one may stand behind the place; it refers to nothing, so it can be moved up. */
static weft_error_t *store(placement_t *p, const paths_t *paths, weft_bytes_t middleware) {
    p->component = find_stored(p->scope, paths, middleware);
    if (p->component) {
        TRY(weft_component_body(p->component, &p->body));
        if (!p->before || p->component->order < p->before->order) return NULL;
        if (p->body->is_file_root) {
            weft_def_remove(p->component);
            weft_def_insert(p->scope, p->before, p->component);
            return NULL;
        }
    }
    TRY(weft_component_adopt(p->scope, middleware, &p->component));
    p->component->name = p->name;
    weft_def_insert(p->scope, p->before, p->component);
    return weft_component_body(p->component, &p->body);
}

/* Where the givens' definitions are by now: the scope may be a clone. */
static weft_error_t *follow_givens(const copies_t *copies, const scope_t *scope,
                                   const weave_job_t *job, weave_givens_t *givens) {
    for (size_t i = 0; i < job->given_count; i++) {
        weave_given_t given = job->givens[i];
        given.from = weft_copies_live(copies, given.from, scope);
        if (!given.from)
            return weft_error_new(WEFT_INTERNAL, "what `%.*s` is given for %.*s is elsewhere",
                                  STR_ARG(job->name), STR_ARG(given.import));
        TRY(VEC_PUSH(givens, given));
    }
    return NULL;
}

/* Puts what is given in front of what the caller has set. */
static weft_error_t *give(placement_t *p, const weave_given_t *givens, size_t count) {
    builder_t b = {p->scope, p->before, NULL};
    named_def_t *all = ARENA_ARRAY(&p->scope->document->arena, named_def_t, count + p->given_count);
    uint32_t made = 0;
    if (count + p->given_count && !all) return weft_error_oom();
    for (size_t i = 0; i < count; i++) {
        const def_t *import = weft_import_named(p->alone->root, givens[i].import);
        if (!import) continue;
        def_t *def;
        TRY(weft_give(&b, &givens[i], (sort_t)import->sort, &def));
        all[made++] = weft_named(givens[i].import, def);
    }
    for (uint32_t i = 0; i < p->given_count; i++) all[made++] = p->given[i];
    p->given = all;
    p->given_count = made;
    return NULL;
}

static weft_error_t *give_job(const copies_t *copies, const weave_job_t *job, placement_t *p) {
    weave_givens_t givens = {0};
    weft_error_t *error = follow_givens(copies, p->scope, job, &givens);
    if (!error) error = give(p, givens.items, givens.count);
    VEC_FREE(&givens);
    return error;
}

weft_error_t *weft_place_find(const paths_t *paths, const copies_t *copies, const weave_job_t *job,
                              placement_t *p) {
    p->name = job->name;
    p->depth = common_depth(paths);
    TRY(weft_document_read(job->middleware, &p->alone));
    TRY(weft_hooks_find(p->alone->root, &p->hooks));
    if (!weft_hooks_any(&p->hooks))
        return weft_error_new(WEFT_INVALID, "middleware %.*s exports no hooks of tier 1",
                              STR_ARG(p->name));
    if (job->level) p->depth = job->level->depth;
    else if (host_import(p)) p->depth = 0;
    p->scope = p->depth ? paths->items[0].steps[p->depth]->scope : copies->document->root;
    p->before = first_step(paths, p->depth);
    TRY(store(p, paths, job->middleware));
    return give_job(copies, job, p);
}

static weft_error_t *cannot_reach_host(const def_t *import) {
    weft_error_t *error = weft_error_new(
        WEFT_UNSUPPORTED,
        "it stands inside a nested composition and imports %.*s, which only the outermost "
        "level can get from the host",
        STR_ARG(import->import.name.name));
    return weft_error_with_help(error,
                                "`wire` that to a node in there, or use a middleware of hooks, "
                                "which can stand further out");
}

weft_error_t *weft_place_at(placement_t *p, weft_bytes_t middleware, const weave_given_t *givens,
                            size_t given_count) {
    TRY(weft_document_read(middleware, &p->alone));
    TRY(give(p, givens, given_count));
    const def_t *import = host_import(p);
    if (import && p->scope != p->scope->document->root) return cannot_reach_host(import);
    weft_scope_order(p->scope);
    return store(p, NULL, middleware);
}

void weft_place_free(placement_t *placement) {
    weft_document_delete(placement->alone);
    placement->alone = NULL;
}

/* ---- imports ---- */

/* An inline instance of types, copied from the import's own description. */
static weft_error_t *make_types(builder_t *b, transplant_t *transplant, def_t *import,
                                def_t **instance) {
    VEC(named_def_t) exports = {0};
    weft_error_t *error = NULL;
    scope_t *body = import->import.desc.type->type.body;
    for (def_t *def = body->first; def && !error; def = def->next) {
        def_t *type;
        if (def->kind != DEF_EXPORT_DECL) continue;
        error = weft_transplant_type(transplant, def->import.desc.type, &type);
        if (!error) error = weft_transplant_bind(transplant, def, type);
        if (!error) error = VEC_PUSH(&exports, weft_named(def->import.name.name, type));
    }
    if (!error) {
        builder_t here = {b->scope, transplant->before, NULL};
        *instance = weft_build_inline(&here, exports.items, (uint32_t)exports.count);
        error = here.error;
    }
    VEC_FREE(&exports);
    return error;
}

/* The import of that name, or of a version of it that goes for both. */
static def_t *find_import(const scope_t *scope, weft_str_t wanted) {
    for (def_t *def = scope->first; def; def = def->next)
        if (def->kind == DEF_IMPORT && weft_interface_compatible(wanted, def->import.name.name))
            return def;
    return NULL;
}

/* Of two imports the one with the higher version. */
static const def_t *newer(const def_t *a, const def_t *b) {
    weft_str_t name, a_version, b_version;
    weft_split_version(a->import.name.name, &name, &a_version);
    weft_split_version(b->import.name.name, &name, &b_version);
    return weft_version_newer(b_version, a_version) ? b : a;
}

/* What `def` leans on and stands behind it goes in front of `place`. */
static weft_error_t *move_up_needs(def_t *def, def_t *place) {
    reach_t reach = {0};
    weft_error_t *error = weft_reach_from(&reach, def);
    if (!error) weft_reach_move_up(&reach, def->next, place);
    weft_reach_free(&reach);
    return error;
}

/* The root's import of that name, widened by what the middleware takes from it; a new one where there is
 * none. The widened one stands where the other stood, since others lean on it; what it leans on itself may be
 * new and stand behind the imports that were there (a newer wasi:io/streams needs wasi:io/poll). */
static weft_error_t *join_import(scope_t *root, transplant_t *transplant, def_t *import,
                                 def_t **joined) {
    def_t *there = find_import(root, import->import.name.name);
    if (!there) {
        def_t *last = transplant->before ? transplant->before->prev : root->last;
        TRY(weft_transplant_imports(transplant, &import, 1, 1, &import->import.name, joined));
        return move_up_needs(*joined, last ? last->next : root->first);
    }
    if (there->sort != import->sort)
        return weft_error_new(
            WEFT_MISMATCH, "the composition imports %.*s as a %s, the middleware as a %s",
            STR_ARG(import->import.name.name), weft_sort_words((sort_t)there->sort),
            weft_sort_words((sort_t)import->sort));
    if (there->sort != SORT_INSTANCE) {
        *joined = there;
        return weft_transplant_bind(transplant, import, there);
    }
    def_t *both[2] = {there, import};
    def_t *before = transplant->before, *in_front = there->prev;
    transplant->before = there;
    weft_error_t *error =
        weft_transplant_imports(transplant, both, 2, 2, &newer(there, import)->import.name, joined);
    transplant->before = before;
    TRY(error);
    TRY(weft_scope_repoint(root, there, *joined));
    (*joined)->name = there->name;
    weft_def_remove(there);
    return move_up_needs(*joined, in_front ? in_front->next : root->first);
}

/* ---- an instance ---- */

static def_t *find_decl(const def_t *import, weft_str_t name) {
    const def_t *type = import->import.desc.type;
    if (!type || type->kind != DEF_TYPE || !type->type.body) return NULL;
    for (def_t *def = type->type.body->first; def; def = def->next)
        if (def->kind == DEF_EXPORT_DECL && weft_str_eq(def->import.name.name, name)) return def;
    return NULL;
}

/* Whether a type that an interface exports is, or has in it, a resource that the interface brings along. */
static weft_error_t *has_resource(const def_t *import, weft_str_t name, bool *has) {
    def_t *decl = find_decl(import, name);
    if (!decl) return NULL;
    if (!decl->import.desc.type) *has = true;
    for (const def_t *def = decl->scope->first; def && !*has; def = def->next)
        if (def->kind == DEF_EXPORT_DECL && def->sort == SORT_TYPE && !def->import.desc.type)
            TRY(weft_leans_on(decl, def, has));
    return NULL;
}

/* Whether the type of an import mentions a resource that another one, an interface, brings along. */
static weft_error_t *shares_resource(def_t *import, const def_t *other, bool *shares) {
    reach_t reach = {0};
    const def_t *type = other->import.desc.type;
    *shares = false;
    if (!type || type->kind != DEF_TYPE || !type->type.body) return NULL;
    weft_error_t *error = weft_reach_from(&reach, import);
    for (const def_t *def = other->next; def && !error && !*shares; def = def->next)
        if (def->kind == DEF_ALIAS_EXPORT && def->alias.target == other &&
            weft_reach_has(&reach, def))
            error = has_resource(other, def->alias.name, shares);
    weft_reach_free(&reach);
    return error;
}

/* Whether what stands for an import of the middleware's comes from a node, not from the host. */
static bool from_node(const placement_t *p, const def_t *import) {
    def_t *from = import->kind == DEF_IMPORT ? given(p, import) : NULL;
    return from && weft_def_origin(from)->kind != DEF_IMPORT;
}

/* The import given by a node whose resources the type of `import` mentions; NULL: none. */
static weft_error_t *find_owner(const placement_t *p, def_t *import, const def_t **owner) {
    bool shares = false;
    *owner = NULL;
    for (const def_t *def = p->body->first; def && !*owner; def = def->next) {
        if (!from_node(p, def)) continue;
        TRY(shares_resource(import, def, &shares));
        if (shares) *owner = def;
    }
    return NULL;
}

/* The host cannot know a resource that an instance of the composition defines. */
static weft_error_t *host_cannot(const def_t *import, const def_t *owner) {
    weft_error_t *error = weft_error_new(
        WEFT_UNSUPPORTED, "the host cannot give it %.*s, whose types are those of a node",
        STR_ARG(import->import.name.name));
    error = weft_error_with_note(error, "they come with %.*s, which a node gives it",
                                 STR_ARG(owner->import.name.name));
    return weft_error_with_help(error, "wire both to that node");
}

/* A type that an interface exports, made anew, and those of the interface that it has in it. */
static weft_error_t *make_type(transplant_t *apart, def_t *decl, def_t **type) {
    reach_t reach = {0};
    weft_error_t *error = weft_reach_from(&reach, decl);
    for (def_t *def = decl->scope->first; def && !error; def = def->next) {
        if (def->kind != DEF_EXPORT_DECL || !weft_reach_has(&reach, def)) continue;
        *type = weft_map_get_ptr(&apart->stand_ins, def);
        if (!*type) error = weft_transplant_type(apart, def->import.desc.type, type);
        if (!error) error = weft_transplant_bind(apart, def, *type);
        if (def == decl) break;
    }
    weft_reach_free(&reach);
    return error;
}

/* Plain types that an import of the host's has from a node are made anew for it: an import that leans on a node could not
 * stand in front of it, where others may need it. */
static weft_error_t *make_plain_types(const placement_t *p, transplant_t *apart, def_t *import) {
    reach_t reach = {0};
    weft_error_t *error = weft_reach_from(&reach, import);
    for (def_t *def = p->body->first; def && !error; def = def->next) {
        if (def->kind != DEF_ALIAS_EXPORT || def->sort != SORT_TYPE) continue;
        def_t *type, *decl = NULL;
        if (weft_reach_has(&reach, def) && from_node(p, def->alias.target))
            decl = find_decl(def->alias.target, def->alias.name);
        if (decl) error = make_type(apart, decl, &type);
        if (decl && !error) error = weft_transplant_bind(apart, def, type);
    }
    weft_reach_free(&reach);
    return error;
}

/* New imports follow those that are there, so that whatever is put in later, and further in front, finds them
 * before it. Not where imports stand behind the place already: what they need may come late, too. */
static def_t *place_of_imports(const builder_t *b) {
    scope_t *scope = b->scope;
    def_t *last = NULL;
    weft_scope_order(scope);
    for (def_t *def = scope->first; def; def = def->next)
        if (def->kind == DEF_IMPORT) last = def;
    if (last && b->before && last->order > b->before->order) return b->before;
    return last ? last->next : scope->first;
}

/* `apart` is for what the host gives, which leans on no node. */
static weft_error_t *satisfy(builder_t *b, const placement_t *p, transplant_t *transplant,
                             transplant_t *apart, def_t *import, def_t **argument) {
    const def_t *owner;
    *argument = given(p, import);
    if (*argument) return weft_transplant_bind(transplant, import, *argument);
    TRY(find_owner(p, import, &owner));
    if (owner && !weft_import_types_only(import)) return host_cannot(import, owner);
    transplant->before = b->before;
    apart->before = place_of_imports(b);
    if (!owner) TRY(make_plain_types(p, apart, import));
    if (weft_import_types_only(import))
        TRY(make_types(b, owner ? transplant : apart, import, argument));
    else TRY(join_import(p->scope, apart, import, argument));
    TRY(weft_give(b, &(weave_given_t){.from = *argument}, (sort_t)import->sort, argument));
    return weft_transplant_bind(transplant, import, *argument);
}

weft_error_t *weft_place_instance(builder_t *b, const placement_t *p, def_t **instance) {
    transplant_t transplant = {.to = p->scope};
    transplant_t apart = {.to = p->scope, .around = &transplant};
    VEC(named_def_t) args = {0};
    weft_error_t *error = NULL;
    for (def_t *def = p->body->first; def && !error; def = def->next) {
        def_t *argument;
        if (def->kind != DEF_IMPORT) continue;
        error = satisfy(b, p, &transplant, &apart, def, &argument);
        if (!error) error = VEC_PUSH(&args, weft_named(def->import.name.name, argument));
    }
    if (!error) {
        *instance = weft_build_instance(b, p->component, args.items, (uint32_t)args.count);
        if (*instance) (*instance)->name = p->name;
        error = b->error;
    }
    VEC_FREE(&args);
    weft_transplant_free(&apart);
    weft_transplant_free(&transplant);
    return error;
}
