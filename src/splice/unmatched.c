/* What to say about a rule that selects nothing. The parts of the rule are tried in turn, the interface, the nodes,
 * the functions, and the first that fits nothing is shown with what there is instead. */
#include "splice/match.h"
#include "splice/names.h"
#include "splice/select.h"
#include "support/version.h"

/* ---- no such interface ------------------------------------------------------------------------- */

/* The same interface in another version is what was meant most often. */
static weft_error_t *with_other_versions(weft_error_t *error, weft_str_t wanted,
                                         const names_t *names, bool *found) {
    weft_str_t name, version, other, other_version;
    weft_split_version(wanted, &name, &version);
    for (size_t i = 0; i < names->items.count; i++) {
        weft_split_version(names->items.items[i], &other, &other_version);
        if (!weft_glob(name, other, '\0')) continue;
        *found = true;
        return weft_error_with_help(error, "did you mean `%.*s`?", STR_ARG(names->items.items[i]));
    }
    return error;
}

static weft_error_t *no_interface(const rules_t *rules, const rule_t *rule,
                                  const names_t *interfaces) {
    const text_t *wanted = &rule->interfaces.items[0];
    weft_error_t *error =
        rule->interfaces.count == 1
            ? weft_yaml_error(&rules->file, wanted->at,
                              "rule %u selects nothing: no interface here is `%.*s`", rule->number,
                              STR_ARG(wanted->str))
            : weft_yaml_error(&rules->file, wanted->at,
                              "rule %u selects nothing: none of its %u interfaces is here",
                              rule->number, rule->interfaces.count);
    error = weft_names_note(error, "the interfaces here", interfaces,
                            "no calls go between components here");
    bool found = false;
    error = with_other_versions(error, wanted->str, interfaces, &found);
    return found ? error : weft_names_nearest(error, wanted->str, interfaces);
}

/* ---- no such node ------------------------------------------------------------------------------ */

typedef struct sides {
    names_t providers, consumers;
} sides_t;

static weft_error_t *add_sides(graph_t *graph, const edges_t *all, const rule_t *rule,
                               sides_t *sides) {
    for (size_t i = 0; i < all->count; i++) {
        edge_t *edge = all->items[i];
        weft_error_t *error;
        if (!weft_select_interface(rule, edge)) continue;
        bool calls = weft_edge_has_function(graph, edge, NULL, &error);
        if (error) return error;
        if (!calls) continue;
        TRY(weft_names_add(&sides->providers, weft_node_name(edge->provider)));
        TRY(weft_names_add(&sides->consumers, weft_node_name(edge->consumer)));
    }
    return NULL;
}

static bool is_among(weft_str_t pattern, const names_t *names) {
    for (size_t i = 0; i < names->items.count; i++)
        if (weft_match_node(pattern, names->items.items[i])) return true;
    return false;
}

/* The first node pattern that fits nobody, else the first; and the side it is for. */
static const text_t *wrong_node(const rule_t *rule, const sides_t *sides, const names_t **names) {
    *names = &sides->providers;
    if (rule->kind == RULE_BEFORE) return rule->provider.name.str.ptr ? &rule->provider.name : NULL;
    if (rule->kind == RULE_BETWEEN) {
        if (!is_among(rule->provider.name.str, &sides->providers)) return &rule->provider.name;
        if (!is_among(rule->consumer.name.str, &sides->consumers)) {
            *names = &sides->consumers;
            return &rule->consumer.name;
        }
        return NULL;
    }
    *names = rule->direction == DIRECTION_IN ? &sides->providers : &sides->consumers;
    for (uint32_t i = 0; i < rule->nodes.count; i++)
        if (!is_among(rule->nodes.items[i].str, *names)) return &rule->nodes.items[i];
    return NULL;
}

static weft_error_t *no_nodes(const rules_t *rules, const rule_t *rule, const sides_t *sides) {
    const names_t *names;
    const text_t *wrong = wrong_node(rule, sides, &names);
    weft_error_t *error;
    if (!wrong)
        error = weft_yaml_error(&rules->file, rule->at,
                                "rule %u selects nothing: no edge goes between "
                                "such nodes",
                                rule->number);
    else
        error = weft_yaml_error(&rules->file, wrong->at,
                                "rule %u selects nothing: `%.*s` is no %s of "
                                "such an interface",
                                rule->number, STR_ARG(wrong->str),
                                names == &sides->providers ? "provider" : "consumer");
    error = weft_names_note(error, "provided by", &sides->providers, NULL);
    error = weft_names_note(error, "consumed by", &sides->consumers, NULL);
    if (!wrong && rule->kind == RULE_BEFORE && is_among(STR_LIT("host"), &sides->providers))
        return weft_error_with_help(error, "`before` means the host where it says so: "
                                           "`provider: { name: host }`");
    return wrong ? weft_names_nearest(error, wrong->str, names) : error;
}

/* ---- nothing left ------------------------------------------------------------------------------ */

static weft_error_t *no_functions(graph_t *graph, const edges_t *all, const rules_t *rules,
                                  const rule_t *rule) {
    names_t names = {0};
    weft_error_t *failed = NULL;
    for (size_t i = 0; i < all->count && !failed; i++) {
        edge_t *edge = all->items[i];
        if (!weft_select_interface(rule, edge) || !weft_select_nodes(rule, edge)) continue;
        failed = weft_edge_members(graph, edge);
        for (uint32_t k = 0; k < edge->member_count && !failed; k++)
            if (edge->members[k].sort == SORT_FUNC)
                failed = weft_names_add(&names, edge->members[k].name);
    }
    weft_error_t *error = failed;
    if (!failed) {
        bool listed = rule->functions.count > 0;
        uint32_t at = listed ? rule->functions.items[0].at : rule->at;
        const char *why = !names.items.count ? "only types are used over its edges"
                          : listed           ? "no function here has such a name"
                                             : "its exceptions leave out everything";
        error = weft_yaml_error(&rules->file, at, "rule %u selects nothing: %s", rule->number, why);
        error = weft_names_note(error, "the functions", &names, NULL);
        if (listed) error = weft_names_nearest(error, rule->functions.items[0].str, &names);
    }
    weft_names_free(&names);
    return error;
}

/* What is there: every interface over which calls go. */
static weft_error_t *add_interfaces(graph_t *graph, const edges_t *all, names_t *names) {
    for (size_t i = 0; i < all->count; i++) {
        weft_error_t *error;
        bool calls = weft_edge_has_function(graph, all->items[i], NULL, &error);
        if (error) return error;
        if (calls) TRY(weft_names_add(names, all->items[i]->interface));
    }
    return NULL;
}

weft_error_t *weft_unmatched(graph_t *graph, const edges_t *all, const rules_t *rules,
                             const rule_t *rule) {
    names_t interfaces = {0};
    sides_t sides = {0};
    weft_error_t *error;
    TRY_OR(done, add_interfaces(graph, all, &interfaces));
    TRY_OR(done, add_sides(graph, all, rule, &sides));
    bool fits_interface = sides.providers.items.count > 0, fits_nodes = false;
    for (size_t i = 0; i < all->count; i++)
        fits_nodes |=
            weft_select_interface(rule, all->items[i]) && weft_select_nodes(rule, all->items[i]);
    if (!interfaces.items.count)
        error = weft_yaml_error(
            &rules->file, rule->at,
            "rule %u selects nothing: no calls cross a component's boundary here", rule->number);
    else if (!fits_interface && rule->interfaces.count)
        error = no_interface(rules, rule, &interfaces);
    else if (!fits_nodes) error = no_nodes(rules, rule, &sides);
    else error = no_functions(graph, all, rules, rule);
done:
    weft_names_free(&interfaces);
    weft_names_free(&sides.providers);
    weft_names_free(&sides.consumers);
    return error;
}
