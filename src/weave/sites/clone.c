#include "weave/sites/clone.h"

#include "component/edit/copy.h"

/* ---- moving parts out ---- */

/* The body nested in a definition; NULL: there is none. */
static weft_error_t *nested_body(def_t *def, scope_t **body) {
    *body = NULL;
    if (def->kind == DEF_COMPONENT) return weft_component_body(def, body);
    if (def->kind == DEF_TYPE) *body = def->type.body;
    if (def->kind == DEF_CORE_MODULE_TYPE) *body = def->body;
    return NULL;
}

/* Whether a body, or one nested in it, takes something from `scope` or from further out. */
static weft_error_t *reaches_out(const scope_t *body, const scope_t *scope, bool *reaches) {
    for (size_t i = 0; i < body->outer_aliases.count && !*reaches; i++)
        if (body->outer_aliases.items[i]->alias.target->scope->depth <= scope->depth)
            *reaches = true;
    for (def_t *def = body->first; def && !*reaches; def = def->next) {
        scope_t *nested;
        TRY(nested_body(def, &nested));
        if (nested) TRY(reaches_out(nested, scope, reaches));
    }
    return NULL;
}

/* A body stands one level further out than it did, with all that is nested in it. */
static weft_error_t *raise(scope_t *body) {
    body->depth--;
    for (def_t *def = body->first; def; def = def->next) {
        scope_t *nested;
        TRY(nested_body(def, &nested));
        if (nested) TRY(raise(nested));
    }
    return NULL;
}

/* Puts the definition into the scope around, in front of `component`, and leaves an alias in its place. A
 * body goes along as it is: sites and paths know definitions of it. */
static weft_error_t *move_out(def_t *def, def_t *component) {
    scope_t *outer = component->scope;
    def_t *moved;
    TRY(weft_def_new(outer, (def_kind_t)def->kind, (sort_t)def->sort, &moved));
    if (def->kind == DEF_CORE_MODULE) {
        moved->bytes = def->bytes;
    } else {
        moved->component = def->component;
        moved->component.body->parent = outer;
        moved->component.body->owner = moved;
        TRY(raise(moved->component.body));
    }
    weft_def_insert(outer, component, moved);
    def->kind = DEF_ALIAS_OUTER;
    def->starts_section = false;
    def->alias.target = moved;
    def->alias.name = (weft_str_t){0};
    weft_def_touch(def);
    return VEC_PUSH(&def->scope->outer_aliases, def);
}

static weft_error_t *move_parts_out(def_t *component, scope_t *body) {
    for (def_t *def = body->first; def; def = def->next) {
        if (def->kind == DEF_CORE_MODULE) {
            TRY(move_out(def, component));
        } else if (def->kind == DEF_COMPONENT) {
            scope_t *nested;
            bool reaches = false;
            TRY(weft_component_body(def, &nested));
            TRY(reaches_out(nested, body, &reaches));
            bool untouched = def->source.ptr && !nested->edited && !nested->holds_edits;
            if (!reaches && untouched) TRY(move_out(def, component));
        }
    }
    return NULL;
}

/* ---- copying ---- */

typedef struct copier {
    document_t *document;
    clone_t *clone;
} copier_t;

static weft_error_t *repoint(def_t **ref, void *context) {
    copier_t *c = context;
    def_t *copy = weft_map_get_ptr(&c->clone->copies, *ref);
    if (copy) *ref = copy;
    return NULL;
}

static weft_error_t *copy_body(copier_t *c, scope_t *from, scope_t *parent, def_t *owner,
                               scope_t **body);

static weft_error_t *copy_nested(copier_t *c, def_t *def, scope_t *parent) {
    if (def->kind == DEF_TYPE && def->type.body)
        return copy_body(c, def->type.body, parent, def, &def->type.body);
    if (def->kind == DEF_CORE_MODULE_TYPE) return copy_body(c, def->body, parent, def, &def->body);
    if (def->kind == DEF_COMPONENT) {
        scope_t *body = def->component.body;
        return copy_body(c, body, parent, def, &def->component.body);
    }
    return NULL;
}

/* The index spaces are those of the file: bodies parsed later resolve by them. */
static weft_error_t *copy_spaces(copier_t *c, const scope_t *from, scope_t *to) {
    for (int sort = 0; sort < SORT_COUNT; sort++) {
        const index_space_t *space = &from->spaces[sort];
        for (uint32_t i = 0; i < space->count; i++) {
            def_t *def = weft_map_get_ptr(&c->clone->copies, space->items[i]);
            TRY(weft_scope_number(to, (sort_t)sort, def ? def : space->items[i]));
        }
    }
    return NULL;
}

static weft_error_t *copy_def(copier_t *c, def_t *def, scope_t *scope) {
    def_t *copy;
    TRY(weft_def_copy(scope, def, &copy));
    copy->source = def->source;
    TRY(weft_map_set_ptr(&c->clone->copies, def, copy));
    if (def->kind == DEF_COMPONENT) TRY(weft_component_body(def, &copy->component.body));
    TRY(copy_nested(c, copy, scope));
    TRY(weft_def_refs(copy, false, repoint, c));
    weft_def_insert(scope, NULL, copy);
    copy->starts_section = def->starts_section;
    return copy->kind == DEF_ALIAS_OUTER ? VEC_PUSH(&scope->outer_aliases, copy) : NULL;
}

static weft_error_t *copy_body(copier_t *c, scope_t *from, scope_t *parent, def_t *owner,
                               scope_t **body) {
    scope_t *to;
    TRY(weft_scope_new(c->document, parent, owner, from->kind, &to));
    to->source = from->source;
    to->file = from->file;
    to->is_file_root = from->is_file_root;
    to->name = from->name;
    if (from->kind == SCOPE_COMPONENT) TRY(VEC_PUSH(&c->clone->bodies, (cloned_body_t){to, from}));
    for (def_t *def = from->first; def; def = def->next) TRY(copy_def(c, def, to));
    TRY(copy_spaces(c, from, to));
    to->edited = true;
    *body = to;
    return NULL;
}

static weft_error_t *clone_component(def_t *component, clone_t *clone) {
    scope_t *body;
    copier_t copier = {component->scope->document, clone};
    TRY(weft_component_body(component, &body));
    TRY(move_parts_out(component, body));
    TRY(weft_def_new(component->scope, DEF_COMPONENT, SORT_COMPONENT, &clone->component));
    clone->component->component.bytes = component->component.bytes;
    clone->component->name = component->name;
    TRY(copy_body(&copier, body, component->scope, clone->component,
                  &clone->component->component.body));
    weft_def_insert(component->scope, component->next, clone->component);
    return NULL;
}

weft_error_t *weft_clone_component(def_t *component, clone_t *clone) {
    clone_t made = {0};
    weft_error_t *error = clone_component(component, &made);
    if (error) weft_clone_free(&made);
    else *clone = made;
    return error;
}

void weft_clone_free(clone_t *clone) {
    weft_map_free(&clone->copies);
    VEC_FREE(&clone->bodies);
}
