/* A root around a plain component: it imports what the component imports, instantiates it, and exports what it
 * exports. Weaving edits what is inside, and what is woven in stands beside it. */
#include "component/build.h"
#include "component/transplant.h"
#include "splice/splice.h"
#include "support/alloc.h"

typedef struct wrapper {
    document_t *document;
    scope_t *inner; /* the component's body, in the new document */
    transplant_t transplant;
    builder_t builder;
    VEC(named_def_t) args;
    def_t *instance;
} wrapper_t;

static weft_error_t *pass_import(wrapper_t *w, def_t *import) {
    def_t *outer;
    TRY(weft_transplant_imports(&w->transplant, &import, 1, &import->import.name, false, &outer));
    outer->name = import->name;
    return VEC_PUSH(&w->args, weft_named(import->import.name.name, outer));
}

static weft_error_t *pass_imports(wrapper_t *w) {
    for (def_t *def = w->inner->first; def; def = def->next)
        if (def->kind == DEF_IMPORT) TRY(pass_import(w, def));
    return NULL;
}

/* The names of attributes and versions go with the export. */
static weft_error_t *pass_export(wrapper_t *w, const def_t *export) {
    builder_t *b = &w->builder;
    def_t *alias =
        weft_build_alias(b, (sort_t) export->sort, w->instance, export->export_.name.name);
    def_t *outer = alias ? weft_build_export(b, export->export_.name.name, alias) : NULL;
    if (outer) outer->export_.name = export->export_.name;
    return b->error;
}

static weft_error_t *fill(wrapper_t *w, weft_bytes_t bytes, weft_str_t name) {
    def_t *component;
    scope_t *root = w->document->root;
    TRY(weft_component_adopt(root, bytes, &component));
    weft_def_insert(root, NULL, component);
    TRY(weft_component_body(component, &w->inner));
    component->name = w->inner->name.len ? w->inner->name : name;
    TRY(pass_imports(w));
    w->instance =
        weft_build_instance(&w->builder, component, w->args.items, (uint32_t)w->args.count);
    if (!w->instance) return w->builder.error;
    w->instance->name = component->name;
    for (def_t *def = w->inner->first; def; def = def->next)
        if (def->kind == DEF_EXPORT) TRY(pass_export(w, def));
    return NULL;
}

weft_error_t *weft_wrap(document_t *source, weft_str_t name, document_t **document) {
    wrapper_t w = {0};
    TRY(weft_document_new(&w.document));
    w.transplant.to = w.builder.scope = w.document->root;
    weft_error_t *error = fill(&w, source->root->source, name);
    weft_transplant_free(&w.transplant);
    VEC_FREE(&w.args);
    if (error) weft_document_delete(w.document);
    else *document = w.document;
    return error;
}
