#include "component/edit/transplant.h"

#include "component/edit/copy.h"

#include <stdlib.h>

#include "support/alloc.h"

void weft_transplant_free(transplant_t *transplant) {
    weft_map_free(&transplant->stand_ins);
    weft_map_free(&transplant->aliases);
}

weft_error_t *weft_transplant_bind(transplant_t *transplant, const def_t *there, def_t *here) {
    return weft_map_set_ptr(&transplant->stand_ins, there, here);
}

static bool encloses(const scope_t *outer, const scope_t *inner) {
    while (inner && inner->depth > outer->depth) inner = inner->parent;
    return inner == outer;
}

/* What stands for a definition: itself when the destination can see it. NULL: it is yet to be copied. */
static def_t *stand_in(const transplant_t *transplant, def_t *def) {
    for (const transplant_t *t = transplant; t; t = t->around) {
        def_t *here = weft_map_get_ptr(&t->stand_ins, def);
        if (here) return here;
    }
    return encloses(def->scope, transplant->to) ? def : NULL;
}

/* ---- what a type needs ---------------------------------------------------------------------- */

typedef struct need {
    transplant_t *transplant;
    VEC(def_t *) defs; /* in no order until sorted; each has no stand-in yet */
    map_t seen;
    const def_t *walked; /* whose references are being visited */
} need_t;

static weft_error_t *need(need_t *needs, def_t *def) {
    if (stand_in(needs->transplant, def) || weft_map_get_ptr(&needs->seen, def)) return NULL;
    TRY(weft_map_set_ptr(&needs->seen, def, def));
    return VEC_PUSH(&needs->defs, def);
}

/* References between the definitions of a type's own body are no need of it. */
static weft_error_t *need_ref(def_t **ref, void *context) {
    need_t *needs = context;
    for (const scope_t *scope = (*ref)->scope; scope; scope = scope->parent)
        if (scope->owner == needs->walked) return NULL;
    return need(needs, *ref);
}

static weft_error_t *need_of(need_t *needs, def_t *def) {
    needs->walked = def;
    return weft_def_refs(def, true, need_ref, needs);
}

/* Outer scopes first, each in its order: so every definition comes after those it refers to. */
static int by_place(const void *a, const void *b) {
    const def_t *x = *(def_t *const *)a, *y = *(def_t *const *)b;
    if (x->scope->depth != y->scope->depth) return x->scope->depth < y->scope->depth ? -1 : 1;
    return x->order < y->order ? -1 : x->order > y->order;
}

/* Everything that the definitions in `needs` refer to joins them; then all are put in order. */
static weft_error_t *need_all(need_t *needs) {
    for (size_t i = 0; i < needs->defs.count; i++) {
        weft_scope_order(needs->defs.items[i]->scope);
        TRY(need_of(needs, needs->defs.items[i]));
    }
    if (needs->defs.count)
        qsort(needs->defs.items, needs->defs.count, sizeof *needs->defs.items, by_place);
    return NULL;
}

/* ---- copying one definition ----------------------------------------------------------------- */

static weft_error_t *copy_def(transplant_t *transplant, def_t *def, scope_t *into);

static weft_error_t *refuse(const transplant_t *transplant, const def_t *def) {
    const def_t *import = transplant->subject;
    buf_t what = {0};
    if (def->kind == DEF_IMPORT)
        weft_buf_printf(&what, "the import '%.*s'", STR_ARG(def->import.name.name));
    else if (def->kind == DEF_TYPE)
        weft_buf_printf(&what, "a resource that the component itself defines");
    else weft_buf_printf(&what, "an instance that the component itself makes");
    weft_error_t *error =
        import ? weft_error_new(WEFT_UNSUPPORTED, "the type of the import '%.*s' depends on %.*s",
                                STR_ARG(import->import.name.name), STR_ARG(weft_buf_as_str(&what)))
               : weft_error_new(WEFT_UNSUPPORTED, "the type depends on %.*s",
                                STR_ARG(weft_buf_as_str(&what)));
    weft_buf_free(&what);
    return error;
}

static void insert(transplant_t *transplant, scope_t *into, def_t *def) {
    weft_def_insert(into, into == transplant->to ? transplant->before : NULL, def);
}

/* An alias in `into` of a target and a name, made at the first request. */
static weft_error_t *alias(transplant_t *transplant, scope_t *into, def_kind_t kind, sort_t sort,
                           def_t *target, weft_str_t name, def_t **out) {
    arena_t *arena = &into->document->arena;
    buf_t key = {0};
    weft_buf_bytes(&key, &into, sizeof into);
    weft_buf_bytes(&key, &target, sizeof target);
    weft_buf_byte(&key, (uint8_t)sort);
    weft_buf_str(&key, name);
    weft_str_t kept = key.failed ? (weft_str_t){0} : weft_arena_str(arena, weft_buf_as_str(&key));
    weft_buf_free(&key);
    if (!kept.ptr) return weft_error_oom();
    *out = weft_map_get(&transplant->aliases, kept);
    if (*out) return NULL;

    TRY(weft_def_new(into, kind, sort, out));
    (*out)->alias.target = target;
    (*out)->alias.name = name;
    insert(transplant, into, *out);
    if (kind == DEF_ALIAS_OUTER) TRY(VEC_PUSH(&into->outer_aliases, *out));
    return weft_map_set(&transplant->aliases, kept, *out);
}

/* What stands for `def`, as a definition of `into`. */
static weft_error_t *reach(transplant_t *transplant, scope_t *into, def_t *def, def_t **out) {
    def_t *here = stand_in(transplant, def);
    if (!here) return refuse(transplant, def);
    if (here->scope == into) *out = here;
    else
        TRY(alias(transplant, into, DEF_ALIAS_OUTER, (sort_t)here->sort, here, (weft_str_t){0},
                  out));
    return NULL;
}

typedef struct fix {
    transplant_t *transplant;
    scope_t *into;
} fix_t;

static weft_error_t *fix_ref(def_t **ref, void *context) {
    fix_t *fix = context;
    return reach(fix->transplant, fix->into, *ref, ref);
}

static weft_error_t *copy_body(transplant_t *transplant, const scope_t *body, def_t *owner,
                               scope_t **copy) {
    TRY(weft_scope_new(owner->scope->document, owner->scope, owner, body->kind, copy));
    for (def_t *def = body->first; def; def = def->next) TRY(copy_def(transplant, def, *copy));
    return NULL;
}

/* A definition of the same kind and content that refers to stand-ins. */
static weft_error_t *clone(transplant_t *transplant, def_t *def, scope_t *into, def_t **out) {
    def_t *copy;
    TRY(weft_def_copy(into, def, &copy));
    fix_t fix = {transplant, into};
    TRY(weft_def_refs(copy, false, fix_ref, &fix));
    if (copy->kind == DEF_TYPE && def->type.body)
        TRY(copy_body(transplant, def->type.body, copy, &copy->type.body));
    if (copy->kind == DEF_CORE_MODULE_TYPE)
        TRY(copy_body(transplant, def->body, copy, &copy->body));
    insert(transplant, into, copy);
    *out = copy;
    return NULL;
}

static weft_error_t *copy_alias_export(transplant_t *transplant, def_t *def, scope_t *into,
                                       def_t **out) {
    def_t *instance;
    TRY(reach(transplant, into, def->alias.target, &instance));
    return alias(transplant, into, DEF_ALIAS_EXPORT, (sort_t)def->sort, instance, def->alias.name,
                 out);
}

/* Copies a definition into `into` and makes the copy its stand-in; what it refers to has one already. */
static weft_error_t *copy_def(transplant_t *transplant, def_t *def, scope_t *into) {
    def_t *copy;
    bool in_body = into != transplant->to;
    switch (def->kind) {
    case DEF_ALIAS_OUTER: TRY(reach(transplant, into, def->alias.target, &copy)); break;
    case DEF_EXPORT: TRY(reach(transplant, into, def->export_.target, &copy)); break;
    case DEF_ALIAS_EXPORT: TRY(copy_alias_export(transplant, def, into, &copy)); break;
    case DEF_TYPE:
        if (def->type.op == TYPE_OP_RESOURCE) return refuse(transplant, def);
        TRY(clone(transplant, def, into, &copy));
        break;
    case DEF_CORE_TYPE:
    case DEF_CORE_MODULE_TYPE: TRY(clone(transplant, def, into, &copy)); break;
    default:
        if (!in_body) return refuse(transplant, def);
        TRY(clone(transplant, def, into, &copy));
    }
    return weft_transplant_bind(transplant, def, copy);
}

static weft_error_t *copy_needs(need_t *needs) {
    TRY(need_all(needs));
    for (size_t i = 0; i < needs->defs.count; i++)
        TRY(copy_def(needs->transplant, needs->defs.items[i], needs->transplant->to));
    return NULL;
}

static void free_needs(need_t *needs) {
    VEC_FREE(&needs->defs);
    weft_map_free(&needs->seen);
}

weft_error_t *weft_transplant_type(transplant_t *transplant, def_t *type, def_t **copy) {
    need_t needs = {.transplant = transplant};
    weft_error_t *error = need(&needs, type);
    if (!error) error = copy_needs(&needs);
    free_needs(&needs);
    TRY(error);
    return reach(transplant, transplant->to, type, copy);
}

/* ---- imports -------------------------------------------------------------------------------- */

/* The body of the instance type that an import has. */
static weft_error_t *instance_body(const def_t *import, scope_t **body) {
    def_t *type = weft_def_origin(import->import.desc.type);
    if (type->kind != DEF_TYPE || type->type.op != TYPE_OP_INSTANCE)
        return weft_error_new(
            WEFT_UNSUPPORTED,
            "the type of the import '%.*s' is not written out where it is imported",
            STR_ARG(import->import.name.name));
    *body = type->type.body;
    return NULL;
}

/* Chooses what of a body is copied: the exports that the union lacks, with what of the body they need. Those
 * that it has stand in for the others. */
static weft_error_t *choose(need_t *local, const scope_t *body, const map_t *exports,
                            bool types_only) {
    for (def_t *def = body->first; def; def = def->next) {
        if (def->kind != DEF_EXPORT_DECL) continue;
        def_t *there = weft_map_get(exports, def->import.name.name);
        if (there) TRY(weft_transplant_bind(local->transplant, def, there));
        else if (!types_only || def->sort == SORT_TYPE) TRY(need(local, def));
    }
    return NULL;
}

/* As need_ref, but stays in the body; what lies outside is needed by the destination. */
typedef struct split {
    need_t *local, *outside;
    const scope_t *body;
} split_t;

static weft_error_t *split_ref(def_t **ref, void *context) {
    split_t *split = context;
    const scope_t *scope = (*ref)->scope;
    if (scope == split->body) return need(split->local, *ref);
    return encloses(split->body, scope) ? NULL : need(split->outside, *ref);
}

static weft_error_t *join_exports(transplant_t *transplant, const need_t *local, map_t *exports) {
    for (size_t i = 0; i < local->defs.count; i++) {
        def_t *def = local->defs.items[i];
        if (def->kind != DEF_EXPORT_DECL) continue;
        TRY(weft_map_set(exports, def->import.name.name,
                         weft_map_get_ptr(&transplant->stand_ins, def)));
    }
    return NULL;
}

/* Adds to a union's body what `body` has and it lacks. `inner` keeps the stand-ins inside the body apart: the
 * same type may be the source of several unions. */
static weft_error_t *add_body(transplant_t *inner, scope_t *body, bool types_only, map_t *exports,
                              scope_t *into) {
    need_t local = {.transplant = inner}, outside = {.transplant = inner->around};
    split_t split = {&local, &outside, body};
    weft_scope_order(body);
    weft_error_t *error = choose(&local, body, exports, types_only);
    for (size_t i = 0; !error && i < local.defs.count; i++)
        error = weft_def_refs(local.defs.items[i], true, split_ref, &split);
    if (!error) error = copy_needs(&outside);
    if (!error && local.defs.count)
        qsort(local.defs.items, local.defs.count, sizeof *local.defs.items, by_place);
    for (size_t i = 0; !error && i < local.defs.count; i++)
        error = copy_def(inner, local.defs.items[i], into);
    if (!error) error = join_exports(inner, &local, exports);
    free_needs(&local);
    free_needs(&outside);
    weft_map_free(&inner->stand_ins);
    return error;
}

static weft_error_t *add_bodies(transplant_t *inner, def_t *const *imports, size_t count,
                                size_t full, scope_t *into) {
    map_t exports = {0};
    weft_error_t *error = NULL;
    for (size_t i = 0; i < count && !error; i++) {
        scope_t *body;
        error = instance_body(imports[i], &body);
        if (!error) error = add_body(inner, body, i >= full, &exports, into);
    }
    weft_map_free(&exports);
    return error;
}

/* An instance type with the union of the imports' exports. */
static weft_error_t *unite(transplant_t *transplant, def_t *const *imports, size_t count,
                           size_t full, def_t **type) {
    scope_t *to = transplant->to, *body;
    TRY(weft_def_new(to, DEF_TYPE, SORT_TYPE, type));
    (*type)->type.op = TYPE_OP_INSTANCE;
    TRY(weft_scope_new(to->document, to, *type, SCOPE_INSTANCE_TYPE, &body));
    (*type)->type.body = body;
    transplant_t inner = {.to = to,
                          .before = transplant->before,
                          .subject = transplant->subject,
                          .around = transplant};
    weft_error_t *error = add_bodies(&inner, imports, count, full, body);
    weft_transplant_free(&inner);
    if (!error) insert(transplant, to, *type);
    return error;
}

/* The type of the new import. */
static weft_error_t *import_desc(transplant_t *transplant, def_t *const *imports, size_t count,
                                 size_t full, extern_desc_t *desc) {
    *desc = imports[0]->import.desc;
    if (desc->sort == SORT_INSTANCE && (count > 1 || full == 0))
        return unite(transplant, imports, count, full, &desc->type);
    if (desc->type) return weft_transplant_type(transplant, desc->type, &desc->type);
    if (desc->sort == SORT_VALUE && desc->valtype.prim == PRIM_NONE)
        return weft_transplant_type(transplant, desc->valtype.def, &desc->valtype.def);
    return NULL;
}

weft_error_t *weft_transplant_imports(transplant_t *transplant, def_t *const *imports, size_t count,
                                      size_t full, const extern_name_t *name, def_t **copy) {
    extern_desc_t desc;
    def_t *made;
    transplant->subject = imports[0];
    weft_error_t *error = import_desc(transplant, imports, count, full, &desc);
    transplant->subject = NULL;
    TRY(error);
    TRY(weft_def_new(transplant->to, DEF_IMPORT, (sort_t)imports[0]->sort, &made));
    made->import.name = *name;
    made->import.desc = desc;
    insert(transplant, transplant->to, made);
    for (size_t i = 0; i < count; i++) TRY(weft_transplant_bind(transplant, imports[i], made));
    *copy = made;
    return NULL;
}
