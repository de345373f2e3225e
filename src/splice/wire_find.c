/* What an entry of `wire` means: an import of the middleware, a node, and which export of it. */
#include "splice/match.h"
#include "splice/names.h"
#include "splice/wires.h"
#include "support/nearest.h"
#include "support/version.h"

#define WIRE_ERROR(plan, text, ...) weft_yaml_error(&(plan)->rules->file, (text)->at, __VA_ARGS__)

/* ---- names ---------------------------------------------------------------------------------- */

static weft_str_t after_package(weft_str_t name) {
    for (size_t i = name.len; i > 0; i--)
        if (name.ptr[i - 1] == '/') return (weft_str_t){name.ptr + i, name.len - i};
    return name;
}

/* How well what was written names an interface; 0: not at all. The version may be left out, and the package. */
static int fit(weft_str_t written, weft_str_t interface) {
    weft_str_t base, version, own;
    if (weft_str_eq(written, interface)) return 4;
    weft_split_version(interface, &base, &version);
    if (weft_str_eq(written, base)) return 3;
    if (weft_interface_compatible(written, interface)) return 2;
    weft_split_version(written, &own, &version);
    if (after_package(own).len != own.len || !weft_str_eq(own, after_package(base))) return 0;
    return own.len == written.len || weft_interface_compatible(written, after_package(interface));
}

/* ---- the import ----------------------------------------------------------------------------- */

static weft_error_t *list_imports(const middleware_t *m, names_t *names) {
    for (def_t *def = m->document->root->first; def; def = def->next)
        if (def->kind == DEF_IMPORT && def->sort != SORT_TYPE)
            TRY(weft_names_add(names, def->import.name.name));
    return NULL;
}

/* "did you mean": names are compared without versions. */
static weft_error_t *with_nearest(weft_error_t *error, weft_str_t written, const names_t *names) {
    weft_str_t base, own, version;
    nearest_t nearest = {0};
    weft_split_version(written, &base, &version);
    for (size_t i = 0; i < names->items.count; i++) {
        weft_split_version(names->items.items[i], &own, &version);
        weft_nearest_offer(&nearest, base, own);
        bool same = weft_str_eq(base, own) || weft_str_eq(base, after_package(own));
        if (same || (nearest.best.len && nearest.best.ptr == own.ptr))
            nearest.best = names->items.items[i];
        if (same) break;
    }
    return nearest.best.len
               ? weft_error_with_help(error, "did you mean `%.*s`?", STR_ARG(nearest.best))
               : error;
}

static weft_error_t *no_import(const plan_t *plan, const plan_step_t *step, const text_t *written,
                               weft_error_t **wrong) {
    names_t names = {0};
    weft_error_t *error = list_imports(step->middleware, &names);
    if (!error) {
        *wrong = WIRE_ERROR(plan, written, "`%.*s` does not import `%.*s`",
                            STR_ARG(step->inject->name.str), STR_ARG(written->str));
        *wrong = weft_names_note(*wrong, "it imports", &names, "it imports nothing");
        *wrong = with_nearest(*wrong, written->str, &names);
    }
    weft_names_free(&names);
    return error;
}

static weft_error_t *several_imports(const plan_t *plan, const plan_step_t *step,
                                     const text_t *written, int best, weft_error_t **wrong) {
    names_t names = {0};
    weft_error_t *error = NULL;
    for (def_t *def = step->middleware->document->root->first; def && !error; def = def->next)
        if (def->kind == DEF_IMPORT && fit(written->str, def->import.name.name) == best)
            error = weft_names_add(&names, def->import.name.name);
    if (!error) {
        *wrong = WIRE_ERROR(plan, written, "`%.*s` may be several imports of `%.*s`",
                            STR_ARG(written->str), STR_ARG(step->inject->name.str));
        *wrong = weft_names_note(*wrong, "it imports", &names, NULL);
        *wrong = weft_error_with_help(*wrong, "write the whole name");
    }
    weft_names_free(&names);
    return error;
}

static weft_error_t *find_import(const plan_t *plan, const plan_step_t *step, const text_t *written,
                                 plan_wire_t *wire, weft_error_t **wrong) {
    int best = 0, count = 0;
    wire->name = written->str;
    if (!step->middleware) return NULL;
    for (def_t *def = step->middleware->document->root->first; def; def = def->next) {
        if (def->kind != DEF_IMPORT || def->sort == SORT_TYPE) continue;
        int fits = fit(written->str, def->import.name.name);
        if (!fits || fits < best) continue;
        count = fits == best ? count + 1 : 1;
        best = fits;
        wire->import = def;
        wire->name = def->import.name.name;
    }
    if (!best) return no_import(plan, step, written, wrong);
    if (count > 1) return several_imports(plan, step, written, best, wrong);
    for (uint32_t i = 0; i < step->wire_count && !*wrong; i++)
        if (step->wires[i].import == wire->import)
            *wrong = weft_error_with_note(
                WIRE_ERROR(plan, written, "`%.*s` is wired twice", STR_ARG(wire->name)),
                "as `%.*s` above", STR_ARG(step->wires[i].written->interface.str));
    return NULL;
}

/* ---- the node ------------------------------------------------------------------------------- */

static bool is_middleware(const plan_t *plan, weft_str_t name) {
    for (uint32_t r = 0; r < plan->rules->count; r++)
        for (uint32_t i = 0; i < plan->rules->items[r].inject_count; i++)
            if (weft_str_eq(plan->rules->items[r].injects[i].name.str, name)) return true;
    return false;
}

static weft_error_t *no_node(const plan_t *plan, const text_t *written, weft_error_t **wrong) {
    names_t names = {0};
    weft_error_t *error = NULL;
    for (uint32_t i = 0; i < plan->graph->node_count && !error; i++)
        error = weft_names_add(&names, plan->graph->nodes[i].path);
    if (!error) {
        *wrong =
            WIRE_ERROR(plan, written, "there is no node `%.*s` to wire to", STR_ARG(written->str));
        *wrong = weft_names_note(*wrong, "the nodes here", &names, NULL);
        if (is_middleware(plan, written->str))
            *wrong = weft_error_with_note(*wrong, "it is a middleware of this file; a wire leads "
                                                  "to a node of the component");
        else *wrong = weft_names_nearest(*wrong, written->str, &names);
    }
    weft_names_free(&names);
    return error;
}

static weft_error_t *several_nodes(const plan_t *plan, const text_t *written, const names_t *names,
                                   weft_error_t **wrong) {
    *wrong = WIRE_ERROR(plan, written, "`%.*s` fits several nodes, a wire leads to one",
                        STR_ARG(written->str));
    *wrong = weft_names_note(*wrong, "they are", names, NULL);
    *wrong = weft_error_with_help(*wrong, "write the name of one of them");
    return NULL;
}

static weft_error_t *find_by_glob(const plan_t *plan, const text_t *written, node_t **node,
                                  weft_error_t **wrong) {
    names_t names = {0};
    weft_error_t *error = NULL;
    for (uint32_t i = 0; i < plan->graph->node_count && !error; i++) {
        if (!weft_match_node(written->str, plan->graph->nodes[i].path)) continue;
        *node = &plan->graph->nodes[i];
        error = weft_names_add(&names, (*node)->path);
    }
    if (!error && names.items.count > 1) error = several_nodes(plan, written, &names, wrong);
    weft_names_free(&names);
    return error;
}

/* *node NULL without anything wrong: the host. */
static weft_error_t *find_node(const plan_t *plan, const text_t *written, node_t **node,
                               weft_error_t **wrong) {
    *node = weft_graph_node(plan->graph, written->str);
    if (*node || weft_str_eq(written->str, STR_LIT("host"))) return NULL;
    if (weft_is_glob(written->str)) TRY(find_by_glob(plan, written, node, wrong));
    return *node || *wrong ? NULL : no_node(plan, written, wrong);
}

/* ---- the export ----------------------------------------------------------------------------- */

static weft_error_t *list_exports(const node_t *node, names_t *names) {
    for (uint32_t i = 0; node->inside && i < node->inside->facts->export_count; i++) {
        const def_t *export_ = node->inside->facts->exports[i];
        if (export_->sort != SORT_TYPE) TRY(weft_names_add(names, export_->export_.name.name));
    }
    return NULL;
}

static weft_error_t *no_export(const plan_t *plan, const plan_wire_t *wire, weft_error_t **wrong) {
    const text_t *written = &wire->written->node;
    names_t names = {0};
    weft_error_t *error = list_exports(wire->node, &names);
    if (!error) {
        *wrong = WIRE_ERROR(plan, written, "`%.*s` does not export `%.*s`",
                            STR_ARG(wire->node->path), STR_ARG(wire->name));
        *wrong = weft_names_note(*wrong, "it exports", &names,
                                 wire->node->inside ? "it exports nothing"
                                                    : "the host provides its component");
        *wrong = with_nearest(*wrong, wire->name, &names);
    }
    weft_names_free(&names);
    return error;
}

/* The same name, else the highest version that goes with it. */
static weft_error_t *find_export(const plan_t *plan, plan_wire_t *wire, weft_error_t **wrong) {
    const context_t *inside = wire->node->inside;
    weft_str_t base, best = {0}, version;
    for (uint32_t i = 0; inside && i < inside->facts->export_count; i++) {
        def_t *export_ = inside->facts->exports[i];
        weft_str_t name = export_->export_.name.name;
        bool exact = weft_str_eq(name, wire->name);
        if (wire->import ? export_->sort != wire->import->sort ||
                               !(exact || weft_interface_compatible(name, wire->name))
                         : !fit(wire->name, name))
            continue;
        weft_split_version(name, &base, &version);
        if (wire->export_ && !exact && !weft_version_newer(version, best)) continue;
        wire->export_ = export_;
        best = version;
        if (exact) break;
    }
    return wire->export_ ? NULL : no_export(plan, wire, wrong);
}

/* ---- all of it ------------------------------------------------------------------------------ */

weft_error_t *weft_wire_find(const plan_t *plan, const plan_step_t *step, const wire_t *written,
                             plan_wire_t *wire, weft_error_t **wrong) {
    *wire = (plan_wire_t){.written = written};
    *wrong = NULL;
    TRY(find_import(plan, step, &written->interface, wire, wrong));
    if (!*wrong) TRY(find_node(plan, &written->node, &wire->node, wrong));
    return *wrong || !wire->node ? NULL : find_export(plan, wire, wrong);
}
