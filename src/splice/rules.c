#include "splice/rules.h"

#include "splice/match.h"
#include "splice/rules_fields.h"
#include "support/map.h"

/* ---- one node, interfaces ------------------------------------------------------------------- */

/* `{ name, alias }`, or the name alone. `what` is the key it stands under. */
static weft_error_t *read_node(form_t *form, const yaml_t *map, const char *key, bool required,
                               node_pattern_t *node) {
    static const char *const keys[] = {"name", "alias", NULL};
    yaml_t *value = weft_yaml_get(map, key);
    if (!value) return required ? weft_form_missing(form, map, key) : NULL;
    if (value->kind == YAML_TEXT) return weft_form_text(form, map, key, required, &node->name);
    if (value->kind != YAML_MAP) return weft_form_wrong_kind(form, value, key, "a node's name");
    TRY(weft_form_keys(form, value, keys));
    TRY(weft_form_text(form, value, "name", required, &node->name));
    return weft_form_text(form, value, "alias", false, &node->alias);
}

static weft_error_t *read_interfaces(form_t *form, const yaml_t *map, bool required,
                                     texts_t *interfaces) {
    TRY(weft_form_texts(form, map, "interface", required, interfaces));
    for (uint32_t i = 0; i < interfaces->count; i++) {
        const text_t *interface = &interfaces->items[i];
        const char *problem = weft_interface_pattern_problem(interface->str);
        if (!problem || !interface->str.len) continue; /* an empty one is reported already */
        weft_error_t *error =
            weft_form_error(form, interface->at, "`%.*s`: %s", STR_ARG(interface->str), problem);
        weft_form_add(form, weft_error_with_help(error, "write it like `ns:pkg/name`, "
                                                        "`ns:pkg/name@1.2.3` or `ns:pkg/*@^1.2`"));
    }
    return NULL;
}

static weft_error_t *read_direction(form_t *form, const yaml_t *map, direction_t *direction) {
    static const char *const words[] = {"in", "out", "both", NULL};
    size_t word = 2;
    TRY(weft_form_word(form, map, "direction", words, &word));
    *direction = (direction_t)(word + 1);
    return NULL;
}

/* ---- selectors ------------------------------------------------------------------------------ */

static weft_error_t *read_before(form_t *form, const yaml_t *map, rule_t *rule) {
    static const char *const keys[] = {"interface", "provider", NULL};
    TRY(weft_form_keys(form, map, keys));
    TRY(read_interfaces(form, map, true, &rule->interfaces));
    return read_node(form, map, "provider", false, &rule->provider);
}

static weft_error_t *read_between(form_t *form, const yaml_t *map, rule_t *rule) {
    static const char *const keys[] = {"interface", "inner", "outer", NULL};
    TRY(weft_form_keys(form, map, keys));
    TRY(read_interfaces(form, map, true, &rule->interfaces));
    TRY(read_node(form, map, "inner", true, &rule->provider));
    TRY(read_node(form, map, "outer", true, &rule->consumer));
    weft_str_t inner = rule->provider.name.str, outer = rule->consumer.name.str;
    if (inner.len && weft_str_eq(inner, outer) && !weft_is_glob(inner))
        weft_form_add(form, weft_form_error(form, rule->consumer.name.at,
                                            "`inner` and `outer` name the same node, `%.*s`",
                                            STR_ARG(inner)));
    return NULL;
}

static weft_error_t *read_on_node(form_t *form, const yaml_t *map, rule_t *rule) {
    static const char *const keys[] = {"name", "direction", "interface", NULL};
    TRY(weft_form_keys(form, map, keys));
    text_t name = {0};
    TRY(weft_form_text(form, map, "name", true, &name));
    rule->nodes.items = ARENA_NEW(&form->file->arena, text_t);
    if (!rule->nodes.items) return weft_error_oom();
    rule->nodes.items[0] = name;
    rule->nodes.count = 1;
    TRY(read_direction(form, map, &rule->direction));
    return read_interfaces(form, map, false, &rule->interfaces);
}

static weft_error_t *read_on_subgraph(form_t *form, const yaml_t *map, rule_t *rule) {
    static const char *const keys[] = {"nodes", "direction", "interface", NULL};
    TRY(weft_form_keys(form, map, keys));
    TRY(weft_form_texts(form, map, "nodes", true, &rule->nodes));
    TRY(read_direction(form, map, &rule->direction));
    return read_interfaces(form, map, false, &rule->interfaces);
}

typedef struct selector {
    const char *key;
    const char *example;
    weft_error_t *(*read)(form_t *form, const yaml_t *map, rule_t *rule);
} selector_t;

/* By rule_kind_t. */
static const selector_t selectors[] = {
    {"before", "before: { interface: ns:pkg/name }", read_before},
    {"between", "between: { interface: ns:pkg/name, inner: ..., outer: ... }", read_between},
    {"on-node", "on-node: { name: ... }", read_on_node},
    {"on-subgraph", "on-subgraph: { nodes: [...] }", read_on_subgraph},
};
enum { SELECTORS = sizeof selectors / sizeof *selectors };

const char *weft_rule_kind_name(rule_kind_t kind) {
    return selectors[kind].key;
}

/* Exactly one selector: what is missing or too many is said; the first one is read in any case, for what else
 * is wrong with it. */
static weft_error_t *read_selector(form_t *form, const yaml_t *map, rule_t *rule) {
    const selector_t *first = NULL;
    for (size_t i = 0; i < SELECTORS; i++) {
        if (!weft_yaml_get(map, selectors[i].key)) continue;
        if (first) {
            uint32_t at = weft_form_key_at(map, selectors[i].key);
            weft_error_t *error =
                weft_form_error(form, at, "a rule has one selector, this has `%s` and `%s`",
                                first->key, selectors[i].key);
            weft_form_add(form, weft_error_with_help(error, "make two rules of it"));
        } else {
            first = &selectors[i];
            rule->kind = (rule_kind_t)i;
        }
    }
    if (!first) {
        weft_error_t *error = weft_form_error(form, map->at, "the rule does not say which edges");
        weft_form_add(form, weft_error_with_help(error, "give it `before`, `between`, `on-node` or "
                                                        "`on-subgraph`"));
        return NULL;
    }
    yaml_t *value = weft_yaml_get(map, first->key);
    if (value->kind == YAML_REFUSED) return NULL;
    if (value->kind != YAML_MAP) {
        weft_error_t *error = weft_form_kind_error(form, value, first->key, "a mapping");
        weft_form_add(form, weft_error_with_help(error, "write `%s`", first->example));
        return NULL;
    }
    return first->read(form, value, rule);
}

/* ---- exceptions ----------------------------------------------------------------------------- */

static weft_error_t *read_exception(form_t *form, const yaml_t *map, exception_t *out) {
    static const char *const keys[] = {"interface", "provider", "consumer", "functions", NULL};
    out->at = map->at;
    if (map->kind != YAML_MAP) return weft_form_wrong_entry(form, map, "except");
    TRY(weft_form_keys(form, map, keys));
    TRY(read_interfaces(form, map, false, &out->interfaces));
    TRY(weft_form_texts(form, map, "provider", false, &out->providers));
    TRY(weft_form_texts(form, map, "consumer", false, &out->consumers));
    TRY(weft_form_texts(form, map, "functions", false, &out->functions));
    if (out->interfaces.count + out->providers.count + out->consumers.count + out->functions.count)
        return NULL;
    weft_error_t *error = weft_form_error(form, map->at, "this exception leaves out everything");
    weft_form_add(form,
                  weft_error_with_help(error, "give it an `interface`, `provider`, `consumer` "
                                              "or `functions`"));
    return NULL;
}

static weft_error_t *read_exceptions(form_t *form, const yaml_t *map, rule_t *rule) {
    yaml_t *value = weft_yaml_get(map, "except");
    if (!value) return NULL;
    bool list = value->kind == YAML_LIST;
    uint32_t count = list ? value->count : 1;
    rule->exceptions = ARENA_ARRAY(&form->file->arena, exception_t, count);
    if (count && !rule->exceptions) return weft_error_oom();
    rule->exception_count = count;
    for (uint32_t i = 0; i < count; i++)
        TRY(read_exception(form, list ? value->items[i] : value, &rule->exceptions[i]));
    return NULL;
}

/* ---- middleware ----------------------------------------------------------------------------- */

static weft_error_t *read_config(form_t *form, const yaml_t *map, inject_t *inject) {
    yaml_t *value = weft_yaml_get(map, "config");
    if (!value) return NULL;
    if (value->kind != YAML_MAP) return weft_form_wrong_kind(form, value, "config", "a mapping");
    inject->config = value;
    return NULL;
}

static weft_error_t *read_wires(form_t *form, const yaml_t *map, inject_t *inject) {
    yaml_t *value = weft_yaml_get(map, "wire");
    if (!value) return NULL;
    if (value->kind != YAML_MAP)
        return weft_form_wrong_kind(form, value, "wire", "a mapping from interfaces to nodes");
    inject->wires = ARENA_ARRAY(&form->file->arena, wire_t, value->count);
    if (value->count && !inject->wires) return weft_error_oom();
    for (uint32_t i = 0; i < value->count; i++) {
        yaml_t *key = value->keys[i], *node = value->items[i];
        if (node->kind != YAML_TEXT || !node->text.len) {
            TRY(weft_form_wrong_kind(form, node, "wire", "the name of a node for each interface"));
            continue;
        }
        inject->wires[inject->wire_count++] =
            (wire_t){{key->text, key->at}, {node->text, node->at}};
    }
    return NULL;
}

/* `builtin: NAME` or `builtin: { name, alias, config }`. The name in the composition is the alias, else the
 * builtin's. */
static weft_error_t *read_builtin(form_t *form, const yaml_t *map, inject_t *inject) {
    static const char *const keys[] = {"name", "alias", "config", NULL};
    static const char *const outside[] = {"name", "path", NULL};
    yaml_t *value = weft_yaml_get(map, "builtin");
    for (size_t i = 0; outside[i]; i++) {
        if (!weft_yaml_get(map, outside[i])) continue;
        weft_error_t *error = weft_form_error(form, weft_form_key_at(map, outside[i]),
                                              "`%s` cannot stand beside `builtin`", outside[i]);
        weft_form_add(form,
                      i == 0 ? weft_error_with_help(error, "another name for a builtin is "
                                                           "`builtin: { name: ..., alias: ... }`")
                             : weft_error_with_help(error, "drop one of the two"));
    }
    if (value->kind == YAML_TEXT) {
        TRY(weft_form_text(form, map, "builtin", true, &inject->builtin));
    } else if (value->kind == YAML_MAP) {
        TRY(weft_form_keys(form, value, keys));
        TRY(weft_form_text(form, value, "name", true, &inject->builtin));
        TRY(weft_form_text(form, value, "alias", false, &inject->name));
        TRY(read_config(form, value, inject));
    } else {
        return weft_form_wrong_kind(form, value, "builtin", "a name or a mapping");
    }
    if (!inject->name.str.ptr) inject->name = inject->builtin;
    return NULL;
}

static weft_error_t *read_middleware(form_t *form, const yaml_t *map, inject_t *inject) {
    if (!weft_yaml_get(map, "name")) {
        weft_error_t *error = weft_form_error(form, map->at, "the middleware has no `name`");
        weft_form_add(form, weft_error_with_help(error, "write `name: ...` and `path: ...`, or "
                                                        "`builtin: ...`"));
    }
    TRY(weft_form_text(form, map, "name", false, &inject->name));
    return weft_form_text(form, map, "path", false, &inject->path);
}

static weft_error_t *read_inject(form_t *form, const yaml_t *map, inject_t *inject) {
    static const char *const keys[] = {"name", "path",      "builtin", "config",
                                       "wire", "instances", NULL};
    static const char *const words[] = {"shared", "per-edge", NULL};
    inject->at = map->at;
    if (map->kind != YAML_MAP) return weft_form_wrong_entry(form, map, "inject");
    TRY(weft_form_keys(form, map, keys));
    if (weft_yaml_get(map, "builtin")) TRY(read_builtin(form, map, inject));
    else TRY(read_middleware(form, map, inject));
    size_t word = 0;
    TRY(weft_form_word(form, map, "instances", words, &word));
    inject->per_edge = word == 1;
    TRY(read_wires(form, map, inject));
    return inject->config ? NULL : read_config(form, map, inject);
}

static weft_error_t *read_injects(form_t *form, const yaml_t *map, rule_t *rule) {
    yaml_t *value = weft_yaml_get(map, "inject");
    if (!value) return weft_form_missing(form, map, "inject");
    if (value->kind != YAML_LIST)
        return weft_form_wrong_kind(form, value, "inject", "a list of middleware");
    if (!value->count) {
        weft_form_add(form, weft_form_error(form, value->at,
                                            "`inject` is empty: the rule puts "
                                            "nothing anywhere"));
        return NULL;
    }
    rule->injects = ARENA_ARRAY(&form->file->arena, inject_t, value->count);
    if (!rule->injects) return weft_error_oom();
    rule->inject_count = value->count;
    for (uint32_t i = 0; i < value->count; i++)
        TRY(read_inject(form, value->items[i], &rule->injects[i]));
    return NULL;
}

/* ---- the file ------------------------------------------------------------------------------- */

static weft_error_t *read_rule(form_t *form, const yaml_t *map, rule_t *rule) {
    static const char *const keys[] = {"before",    "between", "on-node", "on-subgraph", "inject",
                                       "functions", "except",  "how",     NULL};
    static const char *const hows[] = {"auto", "weave", "proxy", NULL};
    rule->at = map->at;
    if (map->kind != YAML_MAP) return weft_form_wrong_entry(form, map, "rules");
    TRY(weft_form_keys(form, map, keys));
    TRY(read_selector(form, map, rule));
    TRY(weft_form_texts(form, map, "functions", false, &rule->functions));
    TRY(read_exceptions(form, map, rule));
    size_t how = 0;
    TRY(weft_form_word(form, map, "how", hows, &how));
    rule->how = (how_t)how;
    return read_injects(form, map, rule);
}

static weft_error_t *read_version(form_t *form, const yaml_t *root) {
    yaml_t *value = weft_yaml_get(root, "version");
    if (!value) return weft_form_missing(form, root, "version");
    if (value->kind != YAML_TEXT) return weft_form_wrong_kind(form, value, "version", "a number");
    if (weft_str_eq(value->text, weft_str("1"))) return NULL;
    weft_error_t *error = weft_form_error(form, value->at,
                                          "version `%.*s` of the rules file is not "
                                          "known",
                                          STR_ARG(value->text));
    weft_form_add(form, weft_error_with_help(error, "write `version: 1`"));
    return NULL;
}

/* A middleware's name is the name of its instance: two of them cannot bear the same. */
static weft_error_t *check_names(form_t *form, const rules_t *rules, map_t *seen) {
    for (uint32_t i = 0; i < rules->count; i++) {
        for (uint32_t k = 0; k < rules->items[i].inject_count; k++) {
            inject_t *inject = &rules->items[i].injects[k];
            if (!inject->name.str.len) continue;
            inject_t *first = weft_map_get(seen, inject->name.str);
            if (!first) {
                TRY(weft_map_set(seen, inject->name.str, inject));
                continue;
            }
            uint32_t line, column;
            weft_yaml_place(form->file, first->name.at, &line, &column);
            weft_error_t *error =
                weft_form_error(form, inject->name.at, "two middlewares have the name `%.*s`",
                                STR_ARG(inject->name.str));
            error = weft_error_with_note(error, "the first stands at %u:%u", line, column);
            weft_form_add(form, inject->builtin.str.ptr
                                    ? weft_error_with_help(error, "give it another name: `builtin: "
                                                                  "{ name: ..., alias: ... }`")
                                    : error);
        }
    }
    return NULL;
}

static weft_error_t *read_root(form_t *form, rules_t *rules) {
    static const char *const keys[] = {"version", "rules", NULL};
    const yaml_t *root = form->file->root;
    if (root->kind != YAML_MAP) {
        weft_error_t *error = weft_form_error(
            form, root->at, "a rules file is a mapping, this is %s", weft_yaml_kind_name(root));
        weft_form_add(form, weft_error_with_help(error, "begin it with `version: 1` and `rules:`"));
        return NULL;
    }
    TRY(weft_form_keys(form, root, keys));
    TRY(read_version(form, root));
    yaml_t *list = weft_yaml_get(root, "rules");
    if (!list) return weft_form_missing(form, root, "rules");
    if (list->kind != YAML_LIST) return weft_form_wrong_kind(form, list, "rules", "a list");
    if (!list->count && !form->errors->count)
        weft_form_warn(form, weft_form_error(form, list->at, "there are no rules in this file"));
    rules->items = ARENA_ARRAY(&form->file->arena, rule_t, list->count);
    if (list->count && !rules->items) return weft_error_oom();
    rules->count = list->count;
    for (uint32_t i = 0; i < list->count; i++) {
        rules->items[i].number = i + 1;
        TRY(read_rule(form, list->items[i], &rules->items[i]));
    }
    map_t seen = {0};
    weft_error_t *error = check_names(form, rules, &seen);
    weft_map_free(&seen);
    return error;
}

weft_error_t *weft_rules_read(weft_str_t name, weft_str_t text, rules_t *out) {
    rules_t rules = {0};
    findings_t errors = {0}, warnings = {0};
    weft_error_t *fatal = weft_yaml_read(name, text, "a rules file", &errors, &rules.file);
    if (!fatal) {
        form_t form = {&rules.file, &errors, &warnings};
        fatal = read_root(&form, &rules);
    }
    weft_findings_add(&errors, fatal);
    if (errors.count || errors.oom) {
        /* A key that is not known is often why another is missing: it belongs to the report. */
        weft_findings_add_all(&errors, &warnings);
        weft_rules_free(&rules);
        return weft_findings_take(&errors);
    }
    rules.warnings = weft_findings_take(&warnings);
    *out = rules;
    return NULL;
}

void weft_rules_free(rules_t *rules) {
    weft_error_delete(rules->warnings);
    weft_yaml_free(&rules->file);
    *rules = (rules_t){0};
}
