#include "component/edit/build.h"

#include <stdio.h>

static void fail(builder_t *b, weft_error_t *error) {
    if (b->error) weft_error_delete(error);
    else b->error = error;
}

static def_t *make(builder_t *b, def_kind_t kind, sort_t sort) {
    def_t *def = NULL;
    if (!b->error) b->error = weft_def_new(b->scope, kind, sort, &def);
    return def;
}

static def_t *insert(builder_t *b, def_t *def) {
    if (b->error) return NULL;
    weft_def_insert(b->scope, b->before, def);
    return def;
}

/* A copy in the document's arena; NULL for an empty run or after an error. */
static void *keep(builder_t *b, const void *items, size_t count, size_t size) {
    if (b->error || count == 0) return NULL;
    void *copy = weft_arena_alloc(&b->scope->document->arena, count, size);
    if (!copy) fail(b, weft_error_oom());
    else memcpy(copy, items, count * size);
    return copy;
}

weft_str_t weft_build_name(builder_t *b, const char *format, ...) {
    char text[512];
    va_list args;
    va_start(args, format);
    int length = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (length < 0) return weft_str("");
    size_t len = (size_t)length < sizeof text ? (size_t)length : sizeof text - 1;
    weft_str_t name = weft_arena_str(&b->scope->document->arena, (weft_str_t){text, len});
    if (!name.ptr) fail(b, weft_error_oom());
    return name;
}

def_t *weft_build_type(builder_t *b, const type_def_t *shape) {
    def_t *def = make(b, DEF_TYPE, SORT_TYPE);
    if (!def) return NULL;
    def->type = *shape;
    def->type.labels = keep(b, shape->labels, shape->label_count, sizeof(label_t));
    return insert(b, def);
}

def_t *weft_build_import(builder_t *b, weft_str_t name, sort_t sort, def_t *type) {
    def_t *def = make(b, DEF_IMPORT, sort);
    if (!def) return NULL;
    def->import.name.name = name;
    def->import.desc.sort = sort;
    def->import.desc.type = type;
    return insert(b, def);
}

def_t *weft_build_export(builder_t *b, weft_str_t name, def_t *target) {
    def_t *def = target ? make(b, DEF_EXPORT, (sort_t)target->sort) : NULL;
    if (!def) return NULL;
    def->export_.name.name = name;
    def->export_.target = target;
    return insert(b, def);
}

static def_t *make_canon(builder_t *b, canon_op_t op, def_t *func, const canon_opt_t *opts,
                         uint32_t count) {
    def_t *def = make(b, DEF_CANON, op == CANON_LIFT ? SORT_FUNC : SORT_CORE_FUNC);
    if (!def) return NULL;
    def->canon.op = op;
    def->canon.func = func;
    def->canon.opts.items = keep(b, opts, count, sizeof *opts);
    def->canon.opts.count = count;
    return def;
}

def_t *weft_build_lower(builder_t *b, def_t *func, const canon_opt_t *opts, uint32_t count) {
    return insert(b, make_canon(b, CANON_LOWER, func, opts, count));
}

def_t *weft_build_canon(builder_t *b, canon_op_t op, def_t *type) {
    def_t *def = make_canon(b, op, NULL, NULL, 0);
    if (def) def->canon.type = type;
    return insert(b, def);
}

def_t *weft_build_lift(builder_t *b, def_t *core_func, def_t *type, const canon_opt_t *opts,
                       uint32_t count) {
    def_t *def = make_canon(b, CANON_LIFT, core_func, opts, count);
    if (def) def->canon.type = type;
    return insert(b, def);
}

static def_t *make_alias(builder_t *b, def_kind_t kind, sort_t sort, def_t *target,
                         weft_str_t name) {
    def_t *def = make(b, kind, sort);
    if (!def) return NULL;
    def->alias.target = target;
    def->alias.name = name;
    return insert(b, def);
}

def_t *weft_build_alias(builder_t *b, sort_t sort, def_t *instance, weft_str_t name) {
    return make_alias(b, DEF_ALIAS_EXPORT, sort, instance, name);
}

def_t *weft_build_core_alias(builder_t *b, sort_t sort, def_t *core_instance, weft_str_t name) {
    return make_alias(b, DEF_ALIAS_CORE_EXPORT, sort, core_instance, name);
}

def_t *weft_build_outer_alias(builder_t *b, def_t *target) {
    if (!target) return NULL;
    def_t *def = make_alias(b, DEF_ALIAS_OUTER, (sort_t)target->sort, target, (weft_str_t){0});
    if (def) {
        weft_error_t *error = VEC_PUSH(&b->scope->outer_aliases, def);
        if (error) fail(b, error);
    }
    return def;
}

def_t *weft_build_module(builder_t *b, weft_bytes_t bytes) {
    def_t *def = make(b, DEF_CORE_MODULE, SORT_CORE_MODULE);
    if (!def) return NULL;
    def->bytes = (weft_bytes_t){keep(b, bytes.ptr, bytes.len, 1), bytes.len};
    return insert(b, def);
}

static def_t *make_instance(builder_t *b, def_kind_t kind, sort_t sort, def_t *target,
                            const named_def_t *named, uint32_t count) {
    def_t *def = make(b, kind, sort);
    if (!def) return NULL;
    named_def_t *kept = keep(b, named, count, sizeof *named);
    if (kind == DEF_INSTANTIATE || kind == DEF_CORE_INSTANTIATE) {
        def->instantiate.target = target;
        def->instantiate.args = kept;
        def->instantiate.count = count;
    } else {
        def->inline_.exports = kept;
        def->inline_.count = count;
    }
    return insert(b, def);
}

def_t *weft_build_core_instance(builder_t *b, def_t *module, const named_def_t *args,
                                uint32_t count) {
    return make_instance(b, DEF_CORE_INSTANTIATE, SORT_CORE_INSTANCE, module, args, count);
}

def_t *weft_build_core_inline(builder_t *b, const named_def_t *exports, uint32_t count) {
    return make_instance(b, DEF_CORE_INLINE, SORT_CORE_INSTANCE, NULL, exports, count);
}

def_t *weft_build_instance(builder_t *b, def_t *component, const named_def_t *args,
                           uint32_t count) {
    return make_instance(b, DEF_INSTANTIATE, SORT_INSTANCE, component, args, count);
}

def_t *weft_build_inline(builder_t *b, const named_def_t *exports, uint32_t count) {
    return make_instance(b, DEF_INLINE, SORT_INSTANCE, NULL, exports, count);
}

def_t *weft_build_component(builder_t *b, scope_t **body) {
    def_t *def = make(b, DEF_COMPONENT, SORT_COMPONENT);
    if (!def) return NULL;
    weft_error_t *error =
        weft_scope_new(b->scope->document, b->scope, def, SCOPE_COMPONENT, &def->component.body);
    if (error) {
        fail(b, error);
        return NULL;
    }
    *body = def->component.body;
    (*body)->edited = true;
    return insert(b, def);
}

void weft_build_add_arg(builder_t *b, def_t *instantiate, weft_str_t name, def_t *def) {
    if (b->error || !instantiate) return;
    uint32_t count = instantiate->instantiate.count;
    named_def_t *args = ARENA_ARRAY(&b->scope->document->arena, named_def_t, count + 1);
    if (!args) {
        fail(b, weft_error_oom());
        return;
    }
    if (count) memcpy(args, instantiate->instantiate.args, count * sizeof *args);
    args[count] = weft_named(name, def);
    instantiate->instantiate.args = args;
    instantiate->instantiate.count = count + 1;
    weft_def_touch(instantiate);
}
