/* Shapes of core modules, from their bytes or from a module type. */
#include "abi/core_shape.h"

const core_item_t weft_core_unknown = {.kind = (core_kind_t)0xff};

static bool is_unknown(const core_item_t *item) {
    return item->kind == weft_core_unknown.kind;
}

void weft_core_shape_free(core_shape_t *shape) {
    weft_map_free(&shape->items);
}

const char *weft_core_kind_words(core_kind_t kind) {
    static const char *const words[] = {"func", "table", "memory", "global", "tag"};
    return (unsigned)kind < sizeof words / sizeof *words ? words[kind] : "item of another kind";
}

/* ---- module types --------------------------------------------------------------------------- */

static weft_error_t *value_bytes(arena_t *arena, const core_valtype_t *types, uint32_t count,
                                 const uint8_t **bytes) {
    uint8_t *made = ARENA_ARRAY(arena, uint8_t, count);
    if (!made) return weft_error_oom();
    for (uint32_t i = 0; i < count; i++) made[i] = types[i].code;
    *bytes = made;
    return NULL;
}

static weft_error_t *item_of_func(arena_t *arena, const def_t *type, core_item_t *item) {
    if (type) type = weft_def_origin((def_t *)(uintptr_t)type);
    if (!type || type->kind != DEF_CORE_TYPE) {
        *item = weft_core_unknown;
        return NULL;
    }
    item->sig.param_count = type->core_func.param_count;
    item->sig.result_count = type->core_func.result_count;
    TRY(value_bytes(arena, type->core_func.params, item->sig.param_count, &item->sig.params));
    return value_bytes(arena, type->core_func.results, item->sig.result_count, &item->sig.results);
}

static weft_error_t *item_of(arena_t *arena, const core_extern_t *desc, core_item_t *item) {
    *item = (core_item_t){.kind = (core_kind_t)desc->kind};
    if (desc->kind == CORE_EXTERN_FUNC || desc->kind == CORE_EXTERN_TAG)
        return item_of_func(arena, desc->type, item);
    item->value = desc->value.code;
    item->is_mutable = desc->is_mutable;
    item->size.min = desc->limits.min;
    item->size.has_max = desc->limits.flags & 1;
    item->size.max = item->size.has_max ? desc->limits.max : 0;
    item->size.shared = desc->limits.flags & 2;
    item->size.is_64 = desc->limits.flags & 4;
    item->size.has_page = desc->limits.flags & 8;
    item->size.page_log2 = item->size.has_page ? (uint8_t)desc->limits.page_size_log2 : 0;
    return NULL;
}

/* Core specification, Validation, Limits; pages are 64 KiB unless the type says otherwise. */
static weft_error_t *check_size(const def_t *decl) {
    const core_extern_t *desc = &decl->core_decl.desc;
    if (desc->kind != CORE_EXTERN_TABLE && desc->kind != CORE_EXTERN_MEMORY) return NULL;
    const core_limits_t *limits = &desc->limits;
    uint64_t bits = limits->flags & 4 ? 64 : 32, most = bits == 64 ? UINT64_MAX : UINT32_MAX;
    uint64_t page = limits->flags & 8 ? limits->page_size_log2 : 16;
    if (desc->kind == CORE_EXTERN_MEMORY && page && page < bits)
        most = UINT64_C(1) << (bits - page);
    bool has_max = limits->flags & 1;
    if (limits->min > most || (has_max && limits->max > most))
        return weft_error_at(WEFT_INVALID, weft_def_offset(decl),
                             "the size of `%.*s` is more than the %llu that there can be",
                             STR_ARG(decl->core_decl.name), (unsigned long long)most);
    if (!has_max || limits->min <= limits->max) return NULL;
    return weft_error_at(WEFT_INVALID, weft_def_offset(decl),
                         "the smallest size of `%.*s` is more than the largest",
                         STR_ARG(decl->core_decl.name));
}

static weft_error_t *add_export(arena_t *arena, const def_t *decl, core_shape_t *shape) {
    core_item_t *item = ARENA_NEW(arena, core_item_t);
    if (!item) return weft_error_oom();
    TRY(item_of(arena, &decl->core_decl.desc, item));
    if (weft_map_get(&shape->items, decl->core_decl.name))
        return weft_error_at(WEFT_INVALID, weft_def_offset(decl),
                             "the export `%.*s` is there twice", STR_ARG(decl->core_decl.name));
    return weft_map_set(&shape->items, decl->core_decl.name, item);
}

/* Both names of an import as one key. */
static weft_error_t *import_key(arena_t *arena, weft_str_t from, weft_str_t name, weft_str_t *key) {
    buf_t joined = {0};
    weft_buf_name(&joined, from);
    weft_buf_str(&joined, name);
    *key = joined.failed ? (weft_str_t){NULL, 0} : weft_arena_str(arena, weft_buf_as_str(&joined));
    weft_buf_free(&joined);
    return key->ptr ? NULL : weft_error_oom();
}

/* No import is there twice, in a module type and in a module inside a component: one name is made of both
 * (Explainer.md, Core Definitions). Core WebAssembly by itself allows it. */
static weft_error_t *check_import_once(arena_t *arena, map_t *seen, const core_import_t *import,
                                       const def_t *def) {
    weft_str_t key;
    TRY(import_key(arena, import->from, import->name, &key));
    if (weft_map_get(seen, key))
        return weft_error_at(WEFT_INVALID, weft_def_offset(def),
                             "the import `%.*s` of `%.*s` is there twice", STR_ARG(import->name),
                             STR_ARG(import->from));
    return weft_map_set(seen, key, (void *)(uintptr_t)def);
}

static weft_error_t *fill_from_module(arena_t *arena, const def_t *module, map_t *seen,
                                      core_shape_t *shape) {
    TRY(weft_core_module_open(arena, module->scope->file.ptr, module->bytes, &shape->module));
    TRY(weft_core_module_imports(shape->module, &shape->imports, &shape->import_count));
    for (uint32_t i = 0; i < shape->import_count; i++)
        TRY(check_import_once(arena, seen, &shape->imports[i], module));
    return NULL;
}

static weft_error_t *fill_from_type(arena_t *arena, const scope_t *body, map_t *seen,
                                    core_shape_t *shape) {
    core_import_t *imports = ARENA_ARRAY(arena, core_import_t, body->def_count);
    if (!imports) return weft_error_oom();
    shape->imports = imports;
    for (const def_t *decl = body->first; decl; decl = decl->next) {
        bool is_import = decl->kind == DEF_CORE_IMPORT_DECL;
        if (!is_import && decl->kind != DEF_CORE_EXPORT_DECL) continue;
        TRY(check_size(decl));
        if (!is_import) TRY(add_export(arena, decl, shape));
        if (!is_import) continue;
        core_import_t *import = &imports[shape->import_count++];
        import->from = decl->core_decl.module;
        import->name = decl->core_decl.name;
        TRY(item_of(arena, &decl->core_decl.desc, &import->type));
        TRY(check_import_once(arena, seen, import, decl));
    }
    return NULL;
}

weft_error_t *weft_core_shape_of(arena_t *arena, const def_t *module, core_shape_t *shape) {
    map_t seen = {0};
    weft_error_t *error = module->kind == DEF_CORE_MODULE
                              ? fill_from_module(arena, module, &seen, shape)
                              : fill_from_type(arena, module->body, &seen, shape);
    weft_map_free(&seen);
    return error;
}

/* ---- looking up ----------------------------------------------------------------------------- */

weft_error_t *weft_core_shape_export(const core_shape_t *shape, weft_str_t name, bool *found,
                                     core_item_t *item) {
    if (!shape->module) {
        const core_item_t *there = weft_map_get(&shape->items, name);
        *found = there != NULL;
        if (there) *item = *there;
        return NULL;
    }
    const core_export_t *export_;
    TRY(weft_core_module_export(shape->module, name, &export_));
    *found = export_ != NULL;
    return export_ ? weft_core_module_type(shape->module, export_->kind, export_->index, item)
                   : NULL;
}

/* ---- matching ------------------------------------------------------------------------------- */

static bool has_reference(core_sig_t sig) {
    for (uint32_t i = 0; i < sig.param_count; i++)
        if (sig.params[i] == CORE_REF || sig.params[i] == CORE_REF_NULL) return true;
    for (uint32_t i = 0; i < sig.result_count; i++)
        if (sig.results[i] == CORE_REF || sig.results[i] == CORE_REF_NULL) return true;
    return false;
}

static const char *size_mismatch(const core_size_t *asked, const core_size_t *given) {
    if (asked->shared != given->shared) return "one is shared, the other is not";
    if (asked->is_64 != given->is_64) return "one has 64-bit addresses, the other has not";
    uint8_t asked_page = asked->has_page ? asked->page_log2 : 16;
    uint8_t given_page = given->has_page ? given->page_log2 : 16;
    if (asked_page != given_page) return "their page sizes differ";
    if (given->min < asked->min) return "it may be smaller than is asked for";
    if (asked->has_max && (!given->has_max || given->max > asked->max))
        return "it may grow larger than is asked for";
    return NULL;
}

const char *weft_core_item_mismatch(const core_item_t *asked, const core_item_t *given) {
    if (is_unknown(asked) || is_unknown(given)) return NULL;
    if (asked->kind != given->kind) return "it is of another kind";
    switch (asked->kind) {
    case CORE_FUNC:
    case CORE_TAG:
        /* what a reference refers to is not told: an engine's matter */
        if (has_reference(asked->sig) && has_reference(given->sig)) return NULL;
        return weft_core_sig_eq(asked->sig, given->sig) ? NULL : "its signature differs";
    case CORE_TABLE:
        if (asked->value != given->value) return "its elements are of another type";
        return size_mismatch(&asked->size, &given->size);
    case CORE_MEMORY: return size_mismatch(&asked->size, &given->size);
    case CORE_GLOBAL:
        if (asked->is_mutable != given->is_mutable) return "one is mutable, the other is not";
        return asked->value == given->value ? NULL : "its type differs";
    }
    return NULL;
}

static weft_error_t *match_item(const char *words, weft_str_t name, const core_item_t *asked,
                                const core_item_t *given) {
    const char *why = weft_core_item_mismatch(asked, given);
    if (!why) return NULL;
    return weft_error_new(WEFT_MISMATCH, "the %s `%.*s` of the core module does not fit: %s", words,
                          STR_ARG(name), why);
}

static weft_error_t *missing(const char *words, weft_str_t name) {
    return weft_error_new(WEFT_MISMATCH, "the core module has %s `%.*s`", words, STR_ARG(name));
}

static weft_error_t *index_imports(arena_t *arena, const core_shape_t *shape, map_t *index) {
    for (uint32_t i = 0; i < shape->import_count; i++) {
        weft_str_t key;
        TRY(import_key(arena, shape->imports[i].from, shape->imports[i].name, &key));
        TRY(weft_map_set(index, key, (void *)(uintptr_t)&shape->imports[i]));
    }
    return NULL;
}

static weft_error_t *match_imports(arena_t *arena, const map_t *asked, const core_shape_t *given) {
    for (uint32_t i = 0; i < given->import_count; i++) {
        const core_import_t *import = &given->imports[i], *there;
        weft_str_t key;
        TRY(import_key(arena, import->from, import->name, &key));
        there = weft_map_get(asked, key);
        if (!there) return missing("an import that is not asked for,", import->name);
        TRY(match_item("import", import->name, &import->type, &there->type));
    }
    return NULL;
}

static weft_error_t *match_exports(const core_shape_t *asked, const core_shape_t *given) {
    for (size_t i = 0; i < asked->items.capacity; i++) {
        const map_entry_t *entry = &asked->items.entries[i];
        core_item_t item;
        bool found;
        if (!entry->value) continue;
        TRY(weft_core_shape_export(given, entry->key, &found, &item));
        if (!found) return missing("no export", entry->key);
        TRY(match_item("export", entry->key, entry->value, &item));
    }
    return NULL;
}

weft_error_t *weft_core_shape_match(arena_t *arena, const core_shape_t *asked,
                                    const core_shape_t *given) {
    map_t index = {0};
    weft_error_t *error = index_imports(arena, asked, &index);
    if (!error) error = match_imports(arena, &index, given);
    weft_map_free(&index);
    return error ? error : match_exports(asked, given);
}
