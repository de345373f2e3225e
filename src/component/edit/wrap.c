#include "component/edit/wrap.h"

#include "component/edit/build.h"
#include "component/edit/transplant.h"

/* The old root becomes the body of a component definition of the new one. */
static weft_error_t *enclose(document_t *document, def_t **component) {
    scope_t *inner = document->root, *outer;
    TRY(weft_scope_new(document, NULL, NULL, SCOPE_COMPONENT, &outer));
    outer->is_file_root = true;
    outer->edited = true;
    for (scope_t *s = document->scopes; s; s = s->next_scope)
        if (s != outer) s->depth++;
    document->root = outer;
    TRY(weft_def_new(outer, DEF_COMPONENT, SORT_COMPONENT, component));
    (*component)->component.bytes = inner->source;
    (*component)->component.body = inner;
    inner->parent = outer;
    inner->owner = *component;
    return NULL;
}

static weft_error_t *copy_imports(transplant_t *transplant, builder_t *b, def_t *component,
                                  def_t **instance) {
    VEC(named_def_t) args = {0};
    weft_error_t *error = NULL;
    for (def_t *def = component->component.body->first; def && !error; def = def->next) {
        def_t *copy;
        if (def->kind != DEF_IMPORT) continue;
        error = weft_transplant_imports(transplant, &def, 1, 1, &def->import.name, &copy);
        if (!error) error = VEC_PUSH(&args, weft_named(def->import.name.name, copy));
    }
    if (!error) {
        weft_def_insert(b->scope, NULL, component);
        *instance = weft_build_instance(b, component, args.items, (uint32_t)args.count);
        error = b->error;
    }
    VEC_FREE(&args);
    return error;
}

/* The type of an exported function as a definition of the inner root; NULL: nothing says it directly. */
static def_t *func_type_of(const def_t *export) {
    if (export->export_.has_desc) return export->export_.desc.type;
    const def_t *func = export->export_.target;
    while (func->kind == DEF_EXPORT) func = func->export_.target;
    return func->kind == DEF_CANON && func->canon.op == CANON_LIFT ? func->canon.type : NULL;
}

/* A function may mention named types only as this component exports them, so it is ascribed a type made
 * of those. Where that type cannot be copied it needs none of them. */
static weft_error_t *ascribe(transplant_t *transplant, const def_t *old, def_t *new) {
    def_t *type = func_type_of(old), *copy;
    if (!type) return NULL;
    transplant->before = new;
    weft_error_t *error = weft_transplant_type(transplant, type, &copy);
    transplant->before = NULL;
    if (error && weft_error_code(error) == WEFT_UNSUPPORTED) {
        weft_error_delete(error);
        return NULL;
    }
    TRY(error);
    new->export_.has_desc = true;
    new->export_.desc = (extern_desc_t){.sort = SORT_FUNC, .type = copy};
    return NULL;
}

static weft_error_t *copy_export(transplant_t *transplant, builder_t *b, def_t *instance,
                                 def_t *old) {
    def_t *alias = weft_build_alias(b, (sort_t)old->sort, instance, old->export_.name.name);
    def_t *new = weft_build_export(b, old->export_.name.name, alias);
    TRY(b->error);
    new->export_.name = old->export_.name;
    if (old->sort == SORT_FUNC) return ascribe(transplant, old, new);
    TRY(weft_transplant_bind(transplant, old, new));
    return old->sort == SORT_TYPE ? weft_transplant_bind(transplant, old->export_.target, new)
                                  : NULL;
}

weft_error_t *weft_document_wrap(document_t *document, weft_str_t name, def_t **instance) {
    def_t *component, *made = NULL;
    TRY(enclose(document, &component));
    transplant_t transplant = {.to = document->root};
    builder_t b = {document->root, NULL, NULL};
    weft_error_t *error = copy_imports(&transplant, &b, component, &made);
    if (!error) made->name = name;
    for (def_t *def = component->component.body->first; def && !error; def = def->next)
        if (def->kind == DEF_EXPORT) error = copy_export(&transplant, &b, made, def);
    weft_transplant_free(&transplant);
    if (!error) *instance = made;
    return error;
}
