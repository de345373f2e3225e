#include "splice/middleware.h"

#include <sys/stat.h>

#include "component/types/ctype.h"
#include "splice/builtins.h"
#include "splice/config.h"
#include "support/version.h"
#include "weave/config.h"

/* The versions of the contracts; others on the track of one of them differ in nothing that matters. */
static const struct {
    const char *package, *versions[3];
} contracts[] = {
    {"weft:hooks", {"0.1.0"}},
    {"splicer:tier1", {"0.3.0", "0.2.0"}},
    {"splicer:tier2", {"0.1.0"}},
};

static const hook_interface_t hook_interfaces[] = {
    {"weft:hooks/catalog", "weft:hooks", 0, HOOK_HELPER},
    {"weft:hooks/fault", "weft:hooks", 0, HOOK_HELPER},
    {"weft:hooks/before", "weft:hooks", 1, HOOK_BEFORE},
    {"weft:hooks/after", "weft:hooks", 1, HOOK_AFTER},
    {"weft:hooks/gate", "weft:hooks", 1, HOOK_GATE},
    {"weft:hooks/observe-call", "weft:hooks", 2, HOOK_OBSERVE},
    {"weft:hooks/observe-return", "weft:hooks", 2, HOOK_OBSERVE},
    {"weft:hooks/transform", "weft:hooks", 3, HOOK_TRANSFORM},
    {"weft:hooks/virtualize", "weft:hooks", 4, HOOK_VIRTUALIZE},
    {"splicer:tier1/before", "splicer", 1, HOOK_BEFORE},
    {"splicer:tier1/after", "splicer", 1, HOOK_AFTER},
    {"splicer:tier1/blocking", "splicer", 1, HOOK_GATE},
    {"splicer:tier2/before", "splicer", 2, HOOK_OBSERVE},
    {"splicer:tier2/after", "splicer", 2, HOOK_OBSERVE},
};
enum { HOOK_INTERFACES = sizeof hook_interfaces / sizeof *hook_interfaces };

const hook_interface_t *weft_hook_interface(weft_str_t interface) {
    weft_str_t name, version;
    weft_split_version(interface, &name, &version);
    for (size_t i = 0; i < HOOK_INTERFACES; i++)
        if (weft_str_eq(name, weft_str(hook_interfaces[i].name))) return &hook_interfaces[i];
    return NULL;
}

/* ---- what it exports ------------------------------------------------------------------------ */

/* Two that cannot be in one middleware, for the message. */
static weft_error_t *clash(const middleware_t *m, const exported_t *a, const exported_t *b) {
    weft_error_t *error;
    if (strcmp(a->hook->family, b->hook->family) != 0)
        error =
            weft_error_new(WEFT_INVALID, "the middleware exports hooks of two families, %s and %s",
                           a->hook->family, b->hook->family);
    else
        error = weft_error_new(WEFT_INVALID, "the middleware exports hooks of two tiers, %u and %u",
                               a->hook->tier, b->hook->tier);
    error = weft_error_with_note(error, "%.*s exports `%.*s` and `%.*s`", STR_ARG(m->path),
                                 STR_ARG(a->name), STR_ARG(b->name));
    return weft_error_with_help(error, "make two middlewares of it");
}

/* A contract without version is taken as the one that is known. */
static weft_error_t *check_version(const middleware_t *m, const exported_t *export) {
    weft_str_t name, version;
    weft_split_version(export->name, &name, &version);
    if (!version.len) return NULL;
    for (size_t c = 0; c < sizeof contracts / sizeof *contracts; c++) {
        weft_str_t package = weft_str(contracts[c].package);
        if (name.len <= package.len || memcmp(name.ptr, package.ptr, package.len) != 0) continue;
        for (const char *const *known = contracts[c].versions; *known; known++)
            if (weft_version_compatible(weft_str(*known), version)) return NULL;
        weft_error_t *error = weft_error_new(WEFT_UNSUPPORTED, "version %.*s of %s is not known",
                                             STR_ARG(version), contracts[c].package);
        error = weft_error_with_note(error, "%.*s exports `%.*s`", STR_ARG(m->path),
                                     STR_ARG(export->name));
        return weft_error_with_help(error, "build it for version %s", contracts[c].versions[0]);
    }
    return NULL;
}

/* The family and the tier of its hooks. */
static weft_error_t *classify(middleware_t *m) {
    const exported_t *first = NULL;
    for (uint32_t i = 0; i < m->export_count; i++) {
        const exported_t *export = &m->exports[i];
        if (!export->hook || !export->hook->tier) continue;
        TRY(check_version(m, export));
        if (!first) first = export;
        else if (strcmp(first->hook->family, export->hook->family) != 0 ||
                 first->hook->tier != export->hook->tier)
            return clash(m, first, export);
        if (export->hook->kind == HOOK_GATE) m->has_gate = true;
    }
    if (!first) return NULL;
    m->family = first->hook->family;
    m->tier = first->hook->tier;
    return NULL;
}

static weft_error_t *find_exports(middleware_t *m) {
    arena_t *arena = &m->document->arena;
    uint32_t count = 0;
    for (def_t *def = m->document->root->first; def; def = def->next)
        count += def->kind == DEF_EXPORT && def->sort == SORT_INSTANCE;
    m->exports = ARENA_ARRAY(arena, exported_t, count);
    if (count && !m->exports) return weft_error_oom();
    for (def_t *def = m->document->root->first; def; def = def->next) {
        if (def->kind != DEF_EXPORT || def->sort != SORT_INSTANCE) continue;
        weft_str_t name = def->export_.name.name;
        m->exports[m->export_count++] = (exported_t){name, weft_hook_interface(name), def};
    }
    return classify(m);
}

const exported_t *weft_middleware_export(const middleware_t *m, weft_str_t interface) {
    const exported_t *compatible = NULL;
    for (uint32_t i = 0; i < m->export_count; i++) {
        if (weft_str_eq(m->exports[i].name, interface)) return &m->exports[i];
        if (!compatible && weft_interface_compatible(interface, m->exports[i].name))
            compatible = &m->exports[i];
    }
    return compatible;
}

const def_t *weft_middleware_import(const middleware_t *m, weft_str_t interface) {
    const def_t *compatible = NULL;
    for (const def_t *def = m->document->root->first; def; def = def->next) {
        if (def->kind != DEF_IMPORT) continue;
        if (weft_str_eq(def->import.name.name, interface)) return def;
        if (!compatible && weft_interface_compatible(interface, def->import.name.name))
            compatible = def;
    }
    return compatible;
}

/* Whether a resource that the component defines is in the types of several interfaces. */
static weft_error_t *find_joined(type_pool_t *pool, const ctype_t *type, bool *joined) {
    const extern_list_t *exports = &type->component.exports;
    const resource_list_t *own = &type->component.defined;
    map_t met = {0};
    weft_error_t *error = NULL;
    for (uint32_t i = 0; i < exports->count && !error; i++) {
        extern_list_t one = {.items = &exports->items[i], .count = 1};
        map_t mentioned = {0};
        error = weft_extern_free_resources(pool, &one, &mentioned);
        for (uint32_t k = 0; k < own->count && !error; k++) {
            const resource_t *resource = own->items[k];
            if (!weft_map_get_ptr(&mentioned, resource)) continue;
            *joined |= weft_map_get_ptr(&met, resource) != NULL;
            error = weft_map_set_ptr(&met, resource, (void *)(uintptr_t)resource);
        }
        weft_map_free(&mentioned);
    }
    weft_map_free(&met);
    return error;
}

weft_error_t *weft_middleware_join(middleware_t *m, type_pool_t *pool) {
    const ctype_t *type;
    if (m->export_count < 2) return NULL;
    weft_error_t *error = weft_typing_scope(pool, m->document->root, &type);
    if (!error) return find_joined(pool, type, &m->joined);
    if (weft_error_code(error) == WEFT_NO_MEMORY) return error;
    weft_error_delete(error); /* it is not valid, which is told when it is put in */
    return NULL;
}

void weft_middleware_list_exports(buf_t *out, const middleware_t *m) {
    if (!m->export_count) weft_buf_printf(out, "no interface");
    for (uint32_t i = 0; i < m->export_count; i++) {
        const char *joint = i == 0 ? "" : i + 1 < m->export_count ? ", " : " and ";
        weft_buf_printf(out, "%s`%.*s`", joint, STR_ARG(m->exports[i].name));
    }
}

/* ---- finding the file ----------------------------------------------------------------------- */

/* A path inside the folder of the rules file. */
static weft_str_t beside(arena_t *arena, weft_str_t rules_file, weft_str_t path) {
    size_t folder = rules_file.len;
    while (folder > 0 && rules_file.ptr[folder - 1] != '/') folder--;
    char *joined = ARENA_ARRAY(arena, char, folder + path.len + 1);
    if (!joined) return (weft_str_t){0};
    memcpy(joined, rules_file.ptr, folder);
    memcpy(joined + folder, path.ptr, path.len);
    return (weft_str_t){joined, folder + path.len};
}

static bool exists(weft_str_t path, bool *is_folder) {
    struct stat info;
    if (stat(path.ptr, &info) != 0) return false;
    *is_folder = S_ISDIR(info.st_mode);
    return true;
}

static weft_error_t *is_a_folder(const rules_t *rules, const inject_t *inject, arena_t *arena,
                                 weft_str_t path) {
    weft_error_t *error = weft_yaml_error(&rules->file, inject->path.at, "`%.*s` is a folder",
                                          STR_ARG(inject->path.str));
    weft_str_t with_slash = beside(arena, path, path), manifest = {0};
    char *slash = ARENA_ARRAY(arena, char, path.len + 2);
    if (slash && with_slash.ptr) {
        memcpy(slash, path.ptr, path.len);
        slash[path.len] = '/';
        manifest = beside(arena, (weft_str_t){slash, path.len + 1}, STR_LIT("Cargo.toml"));
    }
    bool folder;
    if (!manifest.ptr || !exists(manifest, &folder))
        return weft_error_with_help(error, "name the component file in it");
    error = weft_error_with_note(error, "there is a Rust crate in it; weft compiles nothing");
    return weft_error_with_help(error, "build a component that exports `weft:hooks/transform` (to "
                                       "change calls) or `weft:hooks/virtualize` (to answer them)");
}

/* Beside the rules file, else in the current directory. */
static weft_error_t *find_path(arena_t *arena, const rules_t *rules, const inject_t *inject,
                               weft_str_t *found) {
    weft_str_t written = inject->path.str, near = written;
    bool is_folder = false;
    if (written.ptr[0] != '/') near = beside(arena, rules->file.name, written);
    if (!near.ptr) return weft_error_oom();
    *found = near;
    if (!exists(near, &is_folder)) {
        *found = written;
        if (!exists(written, &is_folder)) {
            weft_error_t *error = weft_yaml_error(&rules->file, inject->path.at,
                                                  "there is no file `%.*s`", STR_ARG(written));
            if (weft_str_eq(near, written)) return error;
            return weft_error_with_note(error,
                                        "looked for beside the rules file (`%.*s`) and in the "
                                        "current directory",
                                        STR_ARG(near));
        }
    }
    return is_folder ? is_a_folder(rules, inject, arena, *found) : NULL;
}

/* ---- loading -------------------------------------------------------------------------------- */

static weft_error_t *read_file(middlewares_t *all, weft_str_t path, middleware_t **out) {
    middleware_t *m = ARENA_NEW(&all->arena, middleware_t);
    if (!m) return weft_error_oom();
    m->path = path;
    TRY(all->opener.open(all->opener.context, path.ptr, &m->bytes));
    TRY(VEC_PUSH(&all->items, m));
    TRY(weft_error_with_file(weft_document_read(m->bytes, &m->document), path));
    TRY(find_exports(m));
    *out = m;
    return NULL;
}

/* What went wrong with a file, as an error of the rules file that names it. */
static weft_error_t *at_inject(const rules_t *rules, const inject_t *inject, weft_error_t *error) {
    if (!error || weft_error_code(error) == WEFT_NO_MEMORY || weft_error_line(error)) return error;
    uint32_t at = inject->path.str.ptr ? inject->path.at : inject->builtin.at;
    weft_str_t message = weft_error_message(error), file = weft_error_file(error);
    weft_error_t *placed =
        file.len ? weft_yaml_error(&rules->file, at, "%.*s: %.*s", STR_ARG(file), STR_ARG(message))
                 : weft_yaml_error(&rules->file, at, "%.*s", STR_ARG(message));
    return weft_error_take_notes(placed, error);
}

/* Each file once. */
static weft_error_t *find_file(middlewares_t *all, weft_str_t path, middleware_t **middleware) {
    for (size_t i = 0; i < all->items.count; i++) {
        middleware_t *m = all->items.items[i];
        if (m->made.len || !m->document || !weft_str_eq(m->path, path)) continue;
        *middleware = m;
        return NULL;
    }
    return read_file(all, path, middleware);
}

/* A middleware that reads values gets those of its injection, and is one of its own. */
static weft_error_t *seal_config(middlewares_t *all, const inject_t *inject,
                                 middleware_t **middleware) {
    middleware_t *m = ARENA_NEW(&all->arena, middleware_t);
    if (!m) return weft_error_oom();
    m->path = (*middleware)->path;
    TRY(VEC_PUSH(&all->items, m));
    TRY(weft_config_apply(inject, (*middleware)->bytes, &m->made));
    m->bytes = weft_buf_as_bytes(&m->made);
    TRY(weft_document_read(m->bytes, &m->document));
    TRY(find_exports(m));
    *middleware = m;
    return NULL;
}

weft_error_t *weft_middleware_load(middlewares_t *all, const rules_t *rules, const inject_t *inject,
                                   middleware_t **middleware) {
    weft_str_t path;
    *middleware = NULL;
    if (inject->builtin.str.ptr)
        TRY(weft_builtin_path(&all->arena, rules, inject, all->builtins_dir, &path));
    else if (!inject->path.str.ptr) return NULL;
    else TRY(find_path(&all->arena, rules, inject, &path));
    weft_error_t *error = find_file(all, path, middleware);
    if (!error && weft_config_import((*middleware)->document->root))
        error = seal_config(all, inject, middleware);
    return at_inject(rules, inject, error);
}

void weft_middlewares_free(middlewares_t *all) {
    for (size_t i = 0; i < all->items.count; i++) {
        weft_document_delete(all->items.items[i]->document);
        weft_buf_free(&all->items.items[i]->made);
    }
    VEC_FREE(&all->items);
    weft_arena_free(&all->arena);
}
