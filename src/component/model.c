#include "component/model.h"

#include "support/alloc.h"

weft_error_t *weft_scope_new(document_t *document, scope_t *parent, def_t *owner, scope_kind_t kind,
                             scope_t **scope) {
    scope_t *s = ARENA_NEW(&document->arena, scope_t);
    if (!s) return weft_error_oom();
    s->document = document;
    s->parent = parent;
    s->owner = owner;
    s->kind = kind;
    if (parent) {
        s->depth = parent->depth + 1;
        s->file = parent->file;
    }
    s->next_scope = document->scopes;
    document->scopes = s;
    *scope = s;
    return NULL;
}

weft_error_t *weft_document_new(document_t **document) {
    document_t *d = weft_alloc_zero(1, sizeof *d);
    if (!d) return weft_error_oom();
    weft_error_t *error = weft_scope_new(d, NULL, NULL, SCOPE_COMPONENT, &d->root);
    if (error) {
        weft_document_delete(d);
        return error;
    }
    d->root->edited = true;
    d->root->is_file_root = true;
    *document = d;
    return NULL;
}

void weft_document_delete(document_t *document) {
    if (!document) return;
    for (scope_t *s = document->scopes; s; s = s->next_scope) VEC_FREE(&s->outer_aliases);
    weft_arena_free(&document->arena);
    weft_free(document);
}

weft_error_t *weft_def_new(scope_t *scope, def_kind_t kind, sort_t sort, def_t **def) {
    def_t *d = ARENA_NEW(&scope->document->arena, def_t);
    if (!d) return weft_error_oom();
    d->scope = scope;
    d->kind = (uint8_t)kind;
    d->sort = (uint8_t)sort;
    *def = d;
    return NULL;
}

static void link_before(scope_t *scope, def_t *before, def_t *def) {
    def->scope = scope;
    def->next = before;
    def->prev = before ? before->prev : scope->last;
    if (def->prev) def->prev->next = def;
    else scope->first = def;
    if (before) before->prev = def;
    else scope->last = def;
    scope->def_count++;
}

weft_error_t *weft_scope_number(scope_t *scope, sort_t sort, def_t *def) {
    index_space_t *space = &scope->spaces[sort];
    if (!weft_arena_grow(&scope->document->arena, (void **)&space->items, &space->capacity,
                         space->count, sizeof(def_t *)))
        return weft_error_oom();
    space->items[space->count++] = def;
    return NULL;
}

weft_error_t *weft_scope_append_read(scope_t *scope, def_t *def) {
    if (def->sort != SORT_NONE) {
        def->index = scope->spaces[def->sort].count;
        TRY(weft_scope_number(scope, (sort_t)def->sort, def));
    }
    if (def->kind == DEF_ALIAS_OUTER) TRY(VEC_PUSH(&scope->outer_aliases, def));
    link_before(scope, NULL, def);
    def->order = scope->def_count;
    scope->ordered = true;
    return NULL;
}

/* A body that is written anew changes the length of every body around it. */
static void mark_edited(scope_t *scope) {
    scope->edited = true;
    for (scope_t *s = scope->parent; s && !s->holds_edits; s = s->parent) s->holds_edits = true;
}

void weft_def_insert(scope_t *scope, def_t *before, def_t *def) {
    link_before(scope, before, def);
    /* a new first definition of a section takes over the section's beginning */
    if (before && before->starts_section &&
        weft_def_section(before->kind) == weft_def_section(def->kind)) {
        def->starts_section = true;
        before->starts_section = false;
    }
    scope->ordered = false;
    mark_edited(scope);
}

void weft_def_remove(def_t *def) {
    scope_t *scope = def->scope;
    if (def->starts_section && def->next &&
        weft_def_section(def->next->kind) == weft_def_section(def->kind))
        def->next->starts_section = true;
    if (def->prev) def->prev->next = def->next;
    else scope->first = def->next;
    if (def->next) def->next->prev = def->prev;
    else scope->last = def->prev;
    def->prev = def->next = NULL;
    scope->def_count--;
    mark_edited(scope);
}

void weft_def_touch(def_t *def) {
    mark_edited(def->scope);
}

void weft_scope_order(scope_t *scope) {
    if (scope->ordered) return;
    uint32_t order = 0;
    for (def_t *def = scope->first; def; def = def->next) def->order = ++order;
    scope->ordered = true;
}

uint64_t weft_def_offset(const def_t *def) {
    return def->source.ptr ? (uint64_t)(def->source.ptr - def->scope->file.ptr) : WEFT_NO_OFFSET;
}

uint64_t weft_scope_offset(const scope_t *scope) {
    return scope->source.ptr ? (uint64_t)(scope->source.ptr - scope->file.ptr) : WEFT_NO_OFFSET;
}

def_t *weft_def_origin(def_t *def) {
    for (;;) {
        if (def->kind == DEF_EXPORT) def = def->export_.target;
        else if (def->kind == DEF_ALIAS_OUTER) def = def->alias.target;
        else return def;
    }
}

section_t weft_def_section(uint8_t kind) {
    static const uint8_t sections[DEF_KIND_COUNT] = {
        [DEF_CUSTOM] = SECTION_CUSTOM,
        [DEF_CORE_MODULE] = SECTION_CORE_MODULE,
        [DEF_CORE_INSTANTIATE] = SECTION_CORE_INSTANCE,
        [DEF_CORE_INLINE] = SECTION_CORE_INSTANCE,
        [DEF_CORE_TYPE] = SECTION_CORE_TYPE,
        [DEF_CORE_MODULE_TYPE] = SECTION_CORE_TYPE,
        [DEF_COMPONENT] = SECTION_COMPONENT,
        [DEF_INSTANTIATE] = SECTION_INSTANCE,
        [DEF_INLINE] = SECTION_INSTANCE,
        [DEF_ALIAS_EXPORT] = SECTION_ALIAS,
        [DEF_ALIAS_CORE_EXPORT] = SECTION_ALIAS,
        [DEF_ALIAS_OUTER] = SECTION_ALIAS,
        [DEF_TYPE] = SECTION_TYPE,
        [DEF_CANON] = SECTION_CANON,
        [DEF_START] = SECTION_START,
        [DEF_START_RESULT] = SECTION_COUNT, /* not written */
        [DEF_IMPORT] = SECTION_IMPORT,
        [DEF_EXPORT] = SECTION_EXPORT,
        [DEF_EXPORT_DECL] = SECTION_COUNT, /* in type bodies only, which have no sections */
        [DEF_VALUE] = SECTION_VALUE,
        [DEF_CORE_IMPORT_DECL] = SECTION_COUNT,
        [DEF_CORE_EXPORT_DECL] = SECTION_COUNT,
    };
    return (section_t)sections[kind];
}
