/* Composes the shop, puts a middleware on one of its edges, and shows the result, with libweft alone: no engine.
 *
 *     cc trace.c $(pkg-config --cflags --libs weft) -o trace
 *     ./trace examples traced.wasm */
#include <stdio.h>
#include <stdlib.h>

#include <weft/weft.h>

static void check(weft_error_t *error) {
    char *text;
    if (!error) return;
    if (!weft_error_render(error, &text)) fputs(text, stderr);
    exit(1);
}

static weft_component_t *load(const char *examples, const char *name) {
    char path[4096];
    weft_component_t *component;
    snprintf(path, sizeof path, "%s/shop/%s.wasm", examples, name);
    check(weft_component_load(path, &component));
    return component;
}

int main(int argc, char **argv) {
    static const char rules[] = "version: 1\n"
                                "rules:\n"
                                "  - before: { interface: \"shop:store/stock@1.0.0\" }\n"
                                "    inject:\n"
                                "      - { name: print, path: middleware/print.wasm }\n";
    if (argc != 3) {
        fprintf(stderr, "usage: trace EXAMPLES OUT\n");
        return 2;
    }
    weft_part_t parts[] = {{"front", load(argv[1], "front")},
                           {"orders", load(argv[1], "orders")},
                           {"store", load(argv[1], "store")}};
    weft_component_t *shop, *traced;
    check(weft_compose(parts, 3, NULL, 0, &shop));

    char rules_name[4096]; /* paths in the rules are looked for beside this file */
    snprintf(rules_name, sizeof rules_name, "%s/rules.yaml", argv[1]);
    check(weft_splice(shop, rules_name, weft_str(rules), NULL, &traced, NULL));
    check(weft_component_save(traced, argv[2]));

    char *graph;
    check(weft_component_graph(traced, WEFT_GRAPH_TEXT, WEFT_GRAPH_INTERFACES, "traced", &graph));
    fputs(graph, stdout);

    weft_free(graph);
    weft_component_delete(traced);
    weft_component_delete(shop);
    for (size_t i = 0; i < 3; i++) weft_component_delete((weft_component_t *)parts[i].component);
    return 0;
}
