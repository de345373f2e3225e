/* The plan for people and for programs. Both say the same: what each rule does, edge by edge and why, then the
 * chain of middleware on each edge. */
#include <jansson.h>

#include "splice/plan.h"
#include "support/alloc.h"

/* ---- text ----------------------------------------------------------------------------------- */

static const char *const way_words[] = {"not decided", "wired in", "woven into the provider",
                                        "woven into the consumer"};

/* Names come from components, which may be anyone's. */
static void put(buf_t *out, const char *before, weft_str_t name, const char *after) {
    weft_buf_str(out, weft_str(before));
    weft_buf_plain(out, name);
    weft_buf_str(out, weft_str(after));
}

static void text_list(buf_t *out, const texts_t *texts) {
    for (uint32_t i = 0; i < texts->count; i++) put(out, i ? ", " : " ", texts->items[i].str, "");
}

static void text_selector(buf_t *out, const rule_t *rule) {
    weft_str_t provider = rule->provider.name.str, consumer = rule->consumer.name.str;
    weft_buf_printf(out, "%s", weft_rule_kind_name(rule->kind));
    if (rule->kind == RULE_ON_NODE || rule->kind == RULE_ON_SUBGRAPH) text_list(out, &rule->nodes);
    text_list(out, &rule->interfaces);
    if (rule->kind == RULE_BETWEEN) {
        put(out, ", ", consumer, " -> ");
        put(out, "", provider, "");
    } else if (provider.ptr) {
        put(out, ", provider ", provider, "");
    }
}

static void text_middleware(buf_t *out, const plan_step_t *step) {
    const middleware_t *m = step->middleware;
    put(out, "  ", step->name, "");
    if (!m) {
        weft_buf_printf(out, " (no file)\n");
        return;
    }
    put(out, " (", m->path, ")");
    if (!m->family || (step->edge_count && step->edges[0].export)) {
        weft_buf_byte(out, '\n');
        return;
    }
    weft_buf_printf(out, ", tier %u of %s:", m->tier, m->family);
    const char *joint = " ";
    for (uint32_t i = 0; i < m->export_count; i++) {
        if (!m->exports[i].hook) continue;
        const char *name = strchr(m->exports[i].hook->name, '/') + 1;
        weft_buf_printf(out, "%s%s", joint, name);
        joint = ", ";
    }
    weft_buf_byte(out, '\n');
}

static void text_wires(buf_t *out, const plan_step_t *step) {
    for (uint32_t i = 0; i < step->wire_count; i++) {
        const plan_wire_t *wire = &step->wires[i];
        put(out, "    wired to ", weft_node_name(wire->node), "  ");
        put(out, "", wire->name, "\n");
    }
}

static void text_edge(buf_t *out, const plan_edge_t *pe) {
    const edge_t *edge = pe->edge;
    weft_str_t from = weft_node_name(edge->consumer), to = weft_node_name(edge->provider);
    put(out, "    ", from, " -> ");
    put(out, "", to, "  ");
    put(out, "", edge->interface, "\n");
    if (weft_rule_limits(pe->step->rule, edge)) {
        weft_buf_printf(out, "      only");
        const char *joint = " ";
        for (uint32_t i = 0; i < edge->member_count; i++) {
            const member_t *member = &edge->members[i];
            if (member->sort != SORT_FUNC || !weft_rule_means(pe->step->rule, edge, member->name))
                continue;
            put(out, joint, member->name, "");
            joint = ", ";
        }
        weft_buf_byte(out, '\n');
    }
    weft_buf_printf(out, "      %s", way_words[pe->way]);
    if (pe->why) weft_buf_printf(out, ": %s", pe->why);
    weft_buf_byte(out, '\n');
}

static void text_chain(buf_t *out, const edge_t *edge, const chain_t *chain) {
    weft_str_t from = weft_node_name(edge->consumer), to = weft_node_name(edge->provider);
    put(out, "  ", from, "");
    bool replaced = false;
    for (uint32_t i = 0; i < chain->count && !replaced; i++) {
        bool wired = chain->items[i]->way == WAY_WIRE;
        put(out, wired ? " -> " : " [", chain->items[i]->step->name, wired ? "" : "]");
        replaced = weft_plan_replaces(chain->items[i]);
    }
    put(out, replaced ? " instead of " : " -> ", to, "  ");
    put(out, "", edge->interface, "\n");
}

weft_error_t *weft_plan_text(const plan_t *plan, buf_t *out) {
    uint32_t s = 0;
    for (uint32_t r = 0; r < plan->rules->count; r++) {
        const rule_t *rule = &plan->rules->items[r];
        uint32_t line, column, count = plan->selected[r];
        weft_yaml_place(&plan->rules->file, rule->at, &line, &column);
        weft_buf_printf(out, "rule %u (line %u): ", rule->number, line);
        text_selector(out, rule);
        weft_buf_printf(out, ": %u edge%s\n", count, count == 1 ? "" : "s");
        for (; s < plan->step_count && plan->steps[s].rule == rule; s++) {
            text_middleware(out, &plan->steps[s]);
            text_wires(out, &plan->steps[s]);
            for (uint32_t i = 0; i < plan->steps[s].edge_count; i++)
                text_edge(out, &plan->steps[s].edges[i]);
        }
    }
    bool any = false;
    for (size_t e = 0; e < plan->edges.count && plan->chains; e++) {
        const edge_t *edge = plan->edges.items[e];
        if (!plan->chains[e].count && !weft_plan_place(plan, edge)) continue;
        if (!any) weft_buf_printf(out, "then\n");
        any = true;
        text_chain(out, edge, &plan->chains[e]);
    }
    return out->failed ? weft_error_oom() : NULL;
}

/* ---- JSON ----------------------------------------------------------------------------------- */

/* Each of these gives NULL where memory ran out, which jansson's *_new functions pass on: a NULL in an object or
 * array fails there, and the dump at the end has no value. */

static json_t *json_str(weft_str_t str) {
    return json_stringn(str.ptr ? str.ptr : "", str.len);
}

static json_t *json_node(const node_t *node) {
    return node ? json_str(node->path) : json_null();
}

static json_t *json_functions(const plan_edge_t *pe) {
    if (!weft_rule_limits(pe->step->rule, pe->edge)) return json_null();
    json_t *list = json_array();
    for (uint32_t i = 0; i < pe->edge->member_count; i++) {
        const member_t *member = &pe->edge->members[i];
        if (member->sort == SORT_FUNC && weft_rule_means(pe->step->rule, pe->edge, member->name))
            json_array_append_new(list, json_str(member->name));
    }
    return list;
}

static json_t *json_edge(const plan_edge_t *pe) {
    return json_pack("{s:o, s:o, s:o, s:o, s:s, s:s?}", "consumer", json_node(pe->edge->consumer),
                     "provider", json_node(pe->edge->provider), "interface",
                     json_str(pe->edge->interface), "functions", json_functions(pe), "way",
                     weft_way_name(pe->way), "why", pe->why);
}

static json_t *json_hooks(const middleware_t *m) {
    if (!m || !m->family) return json_null();
    json_t *names = json_array();
    for (uint32_t i = 0; i < m->export_count; i++)
        if (m->exports[i].hook) json_array_append_new(names, json_str(m->exports[i].name));
    return json_pack("{s:s, s:i, s:o}", "family", m->family, "tier", (int)m->tier, "interfaces",
                     names);
}

static json_t *json_wires(const plan_step_t *step) {
    json_t *wires = json_array();
    for (uint32_t i = 0; i < step->wire_count; i++) {
        const plan_wire_t *wire = &step->wires[i];
        weft_str_t export_ = wire->export_ ? wire->export_->export_.name.name : wire->name;
        json_array_append_new(wires,
                              json_pack("{s:o, s:o, s:o}", "import", json_str(wire->name), "node",
                                        json_node(wire->node), "export", json_str(export_)));
    }
    return wires;
}

static json_t *json_step(const plan_step_t *step) {
    json_t *edges = json_array();
    for (uint32_t i = 0; i < step->edge_count; i++)
        json_array_append_new(edges, json_edge(&step->edges[i]));
    json_t *path = step->middleware ? json_str(step->middleware->path) : json_null();
    return json_pack("{s:o, s:o, s:o, s:o, s:o}", "name", json_str(step->name), "path", path,
                     "hooks", json_hooks(step->middleware), "wires", json_wires(step), "edges",
                     edges);
}

static json_t *json_rule(const plan_t *plan, const rule_t *rule, uint32_t *s) {
    json_t *middleware = json_array();
    for (; *s < plan->step_count && plan->steps[*s].rule == rule; (*s)++)
        json_array_append_new(middleware, json_step(&plan->steps[*s]));
    uint32_t line, column;
    weft_yaml_place(&plan->rules->file, rule->at, &line, &column);
    return json_pack("{s:i, s:i, s:i, s:s, s:i, s:o}", "rule", (int)rule->number, "line", (int)line,
                     "column", (int)column, "kind", weft_rule_kind_name(rule->kind), "edges",
                     (int)plan->selected[rule->number - 1], "middleware", middleware);
}

static json_t *json_chain(const edge_t *edge, const chain_t *chain) {
    json_t *names = json_array();
    for (uint32_t i = 0; i < chain->count; i++)
        json_array_append_new(names, json_str(chain->items[i]->step->name));
    return json_pack("{s:o, s:o, s:o, s:o}", "consumer", json_node(edge->consumer), "provider",
                     json_node(edge->provider), "interface", json_str(edge->interface), "chain",
                     names);
}

static json_t *json_plan(const plan_t *plan) {
    json_t *rules = json_array(), *chains = json_array();
    uint32_t s = 0;
    for (uint32_t r = 0; r < plan->rules->count; r++)
        json_array_append_new(rules, json_rule(plan, &plan->rules->items[r], &s));
    for (size_t e = 0; e < plan->edges.count && plan->chains; e++)
        if (plan->chains[e].count || weft_plan_place(plan, plan->edges.items[e]))
            json_array_append_new(chains, json_chain(plan->edges.items[e], &plan->chains[e]));
    return json_pack("{s:o, s:o}", "rules", rules, "chains", chains);
}

static int append(const char *text, size_t size, void *context) {
    weft_buf_bytes(context, text, size);
    return 0;
}

weft_error_t *weft_plan_json(const plan_t *plan, buf_t *out) {
    json_t *root = json_plan(plan);
    int failed = root ? json_dump_callback(root, append, out, JSON_INDENT(2)) : -1;
    json_decref(root);
    weft_buf_byte(out, '\n');
    return failed || out->failed ? weft_error_oom() : NULL;
}
