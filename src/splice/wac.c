#include "splice/wac.h"

#include "component/edit/copy.h"
#include "support/alloc.h"
#include "support/map.h"
#include "support/version.h"

static weft_error_t *no_form(const char *what, weft_str_t name) {
    weft_error_t *error = weft_error_new(WEFT_UNSUPPORTED, "%s has no form in WAC", what);
    return name.len ? weft_error_with_note(error, "it is `%.*s`", STR_ARG(name)) : error;
}

/* ---- components that stand alone ------------------------------------------------------------ */

static bool is_inside(const scope_t *scope, const scope_t *outer) {
    while (scope && scope != outer) scope = scope->parent;
    return scope == outer;
}

/* Takes a copy of what an alias reaches outside the part. */
static weft_error_t *take_in(scope_t *scope, def_t *alias) {
    def_t *target = weft_def_origin(alias), *copy;
    if (target->kind != DEF_CORE_MODULE && target->kind != DEF_COMPONENT)
        return no_form("a type that one component takes from around it", alias->name);
    TRY(weft_def_new(scope, (def_kind_t)target->kind, (sort_t)target->sort, &copy));
    if (target->kind == DEF_CORE_MODULE) copy->bytes = target->bytes;
    else copy->component = target->component;
    copy->name = alias->name.len ? alias->name : target->name;
    weft_def_insert(scope, alias, copy);
    TRY(weft_scope_repoint(scope, alias, copy));
    weft_def_remove(alias);
    return NULL;
}

static weft_error_t *stand_alone(scope_t *scope, const scope_t *part) {
    for (def_t *def = scope->first, *next; def; def = next) {
        next = def->next;
        if (def->kind == DEF_ALIAS_OUTER && !is_inside(def->alias.target->scope, part))
            TRY(take_in(scope, def));
        /* a body that nobody has looked into takes nothing that was made by an edit */
        else if (def->kind == DEF_COMPONENT && def->component.body)
            TRY(stand_alone(def->component.body, part));
    }
    return NULL;
}

/* The edited document, written and read again: so the components of its root are bytes. */
static weft_error_t *settle(document_t *document, wac_t *wac) {
    for (def_t *def = document->root->first; def; def = def->next)
        if (def->kind == DEF_COMPONENT && def->component.body)
            TRY(stand_alone(def->component.body, def->component.body));
    pieces_t pieces;
    TRY(weft_document_write(document, &pieces));
    size_t at = 0;
    wac->bytes = weft_alloc((size_t)pieces.length);
    for (size_t i = 0; i < pieces.count && wac->bytes; i++) {
        memcpy(wac->bytes + at, pieces.items[i].ptr, pieces.items[i].len);
        at += pieces.items[i].len;
    }
    weft_pieces_free(&pieces);
    if (!wac->bytes) return weft_error_oom();
    return weft_document_read((weft_bytes_t){wac->bytes, at}, &wac->document);
}

/* ---- names ---------------------------------------------------------------------------------- */

typedef struct writer {
    wac_t *wac;
    const wac_alias_t *aliases;
    size_t alias_count;
    map_t variables; /* DEF_INSTANTIATE -> its variable, a C string */
    map_t packages;  /* DEF_COMPONENT -> the name of its part, a C string */
    map_t taken;     /* variables, then parts: names in use */
    map_t taken_parts;
} writer_t;

static bool is_keyword(const char *word) {
    static const char *const keywords[] = {
        "as",      "bool",  "borrow", "char",   "constructor", "enum",    "export",  "f32",
        "f64",     "flags", "from",   "func",   "future",      "import",  "include", "interface",
        "let",     "list",  "new",    "option", "own",         "package", "record",  "resource",
        "result",  "s16",   "s32",    "s64",    "s8",          "static",  "stream",  "string",
        "targets", "tuple", "type",   "u16",    "u32",         "u64",     "u8",      "use",
        "variant", "with",  "world"};
    for (size_t i = 0; i < sizeof keywords / sizeof *keywords; i++)
        if (strcmp(word, keywords[i]) == 0) return true;
    return false;
}

/* An identifier out of any name: words of small letters and digits, each begun by a letter. */
static void put_identifier(buf_t *out, weft_str_t name) {
    bool begins = true; /* a word */
    for (size_t i = 0; i < name.len; i++) {
        char c = name.ptr[i];
        if (c >= 'A' && c <= 'Z') c = (char)(c - 'A' + 'a');
        bool letter = c >= 'a' && c <= 'z', digit = c >= '0' && c <= '9';
        if (!letter && !digit) {
            begins = true;
            continue;
        }
        if (begins && out->len) weft_buf_byte(out, '-');
        if (begins && digit) weft_buf_byte(out, 'n');
        weft_buf_byte(out, (uint8_t)c);
        begins = false;
    }
    if (!out->len) weft_buf_str(out, STR_LIT("part"));
}

static weft_error_t *make_name(writer_t *w, map_t *taken, weft_str_t from, const char **name) {
    buf_t text = {0};
    put_identifier(&text, from);
    weft_buf_byte(&text, '\0');
    if (!text.failed && is_keyword((const char *)text.data)) {
        text.len--;
        weft_buf_str(&text, STR_LIT("-n1"));
        weft_buf_byte(&text, '\0');
    }
    size_t base = text.len - 1;
    for (unsigned n = 2;
         !text.failed && weft_map_get(taken, (weft_str_t){(char *)text.data, text.len - 1}); n++) {
        text.len = base;
        weft_buf_printf(&text, "-n%u", n);
        weft_buf_byte(&text, '\0');
    }
    weft_str_t kept = {0};
    if (!text.failed)
        kept =
            weft_arena_str(&w->wac->document->arena, (weft_str_t){(char *)text.data, text.len - 1});
    weft_buf_free(&text);
    if (!kept.ptr) return weft_error_oom();
    *name = kept.ptr;
    return weft_map_set(taken, kept, (void *)(uintptr_t)kept.ptr);
}

static weft_str_t wanted_name(const writer_t *w, const def_t *instance, const def_t *component) {
    weft_str_t name = instance->name.len ? instance->name : component->name;
    for (size_t i = 0; i < w->alias_count; i++)
        if (weft_str_eq(w->aliases[i].instance, name)) return w->aliases[i].alias;
    return name.len ? name : STR_LIT("instance");
}

/* ---- statements ----------------------------------------------------------------------------- */

static weft_error_t *find_part(writer_t *w, def_t *component, weft_str_t wanted,
                               const char **name) {
    *name = weft_map_get_ptr(&w->packages, component);
    if (*name) return NULL;
    weft_str_t from = component->name.len ? component->name : wanted;
    TRY(make_name(w, &w->taken_parts, from, name));
    TRY(weft_map_set_ptr(&w->packages, component, (void *)(uintptr_t)*name));
    wac_part_t part = {weft_str(*name), component->component.bytes};
    return VEC_PUSH(&w->wac->parts, part);
}

static void put_string(buf_t *out, weft_str_t text) {
    weft_buf_byte(out, '"');
    weft_buf_str(out, text);
    weft_buf_byte(out, '"');
}

static weft_error_t *put_expression(writer_t *w, def_t *def) {
    def = weft_def_origin(def);
    if (def->kind == DEF_ALIAS_EXPORT) {
        TRY(put_expression(w, def->alias.target));
        weft_buf_byte(&w->wac->text, '[');
        put_string(&w->wac->text, def->alias.name);
        weft_buf_byte(&w->wac->text, ']');
        return NULL;
    }
    const char *variable =
        def->kind == DEF_INSTANTIATE ? weft_map_get_ptr(&w->variables, def) : NULL;
    if (variable) {
        weft_buf_printf(&w->wac->text, "%s", variable);
        return NULL;
    }
    if (def->kind == DEF_IMPORT)
        return no_form("an import that is handed on under another name", def->import.name.name);
    return no_form("an instance that is put together at the root", def->name);
}

static bool holds_only_types(const def_t *inline_instance) {
    for (uint32_t i = 0; i < inline_instance->inline_.count; i++)
        if (inline_instance->inline_.exports[i].def->sort != SORT_TYPE) return false;
    return true;
}

/* What `...` takes care of: imports of the root under their own name, and types alone. */
static bool is_implied(const named_def_t *arg) {
    const def_t *def = weft_def_origin(arg->def);
    if (def->kind == DEF_IMPORT)
        return weft_interface_compatible(def->import.name.name, arg->name.name);
    return def->sort == SORT_TYPE || (def->kind == DEF_INLINE && holds_only_types(def));
}

static weft_error_t *put_instance(writer_t *w, def_t *def) {
    buf_t *out = &w->wac->text;
    const char *variable, *part;
    def_t *component = weft_def_origin(def->instantiate.target);
    if (component->kind != DEF_COMPONENT)
        return no_form("a component that the host provides", component->name);
    weft_str_t wanted = wanted_name(w, def, component);
    TRY(find_part(w, component, wanted, &part));
    TRY(make_name(w, &w->taken, wanted, &variable));
    TRY(weft_map_set_ptr(&w->variables, def, (void *)(uintptr_t)variable));
    weft_buf_printf(out, "\nlet %s = new part:%s {\n", variable, part);
    bool implied = false;
    for (uint32_t i = 0; i < def->instantiate.count; i++) {
        const named_def_t *arg = &def->instantiate.args[i];
        if (is_implied(arg)) {
            implied = true;
            continue;
        }
        weft_buf_str(out, STR_LIT("    "));
        put_string(out, arg->name.name);
        weft_buf_str(out, STR_LIT(": "));
        TRY(put_expression(w, arg->def));
        weft_buf_str(out, STR_LIT(",\n"));
    }
    weft_buf_str(out, implied ? STR_LIT("    ...\n};\n") : STR_LIT("};\n"));
    return NULL;
}

static weft_error_t *put_export(writer_t *w, const def_t *def) {
    buf_t *out = &w->wac->text;
    const def_t *target = weft_def_origin(def->export_.target);
    weft_buf_str(out, STR_LIT("\nexport "));
    TRY(put_expression(w, def->export_.target));
    bool same =
        target->kind == DEF_ALIAS_EXPORT && weft_str_eq(target->alias.name, def->export_.name.name);
    if (!same) {
        weft_buf_str(out, STR_LIT(" as "));
        put_string(out, def->export_.name.name);
    }
    weft_buf_str(out, STR_LIT(";\n"));
    return NULL;
}

static weft_error_t *put_statement(writer_t *w, def_t *def) {
    switch (def->kind) {
    case DEF_INSTANTIATE: return put_instance(w, def);
    case DEF_EXPORT: return put_export(w, def);
    case DEF_CUSTOM:
    case DEF_COMPONENT:
    case DEF_CORE_MODULE: /* hoisted out of components, taken in by each again */
    case DEF_TYPE:
    case DEF_IMPORT:
    case DEF_INLINE:
    case DEF_ALIAS_EXPORT:
    case DEF_ALIAS_OUTER: return NULL;
    default: return no_form("code at the root of a composition", def->name);
    }
}

weft_error_t *weft_wac_make(document_t *document, weft_str_t package, const wac_alias_t *aliases,
                            size_t alias_count, wac_t *wac) {
    writer_t w = {.wac = wac, .aliases = aliases, .alias_count = alias_count};
    weft_error_t *error = settle(document, wac);
    weft_buf_printf(&wac->text, "package %.*s;\n", STR_ARG(package));
    for (def_t *def = error ? NULL : wac->document->root->first; def && !error; def = def->next)
        error = put_statement(&w, def);
    if (!error && wac->text.failed) error = weft_error_oom();
    weft_map_free(&w.variables);
    weft_map_free(&w.packages);
    weft_map_free(&w.taken);
    weft_map_free(&w.taken_parts);
    return error;
}

void weft_wac_free(wac_t *wac) {
    weft_document_delete(wac->document);
    weft_free(wac->bytes);
    weft_buf_free(&wac->text);
    VEC_FREE(&wac->parts);
    *wac = (wac_t){0};
}
