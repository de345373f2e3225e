/* The shop as three plugins: each with its own memory and limits, one importing from the other. What one of them does
 * wrong, or takes too long, ends its call and leaves the rest as it was.
 *
 *     cc plugins.c $(pkg-config --cflags --libs weft-runtime) -o plugins
 *     ./plugins examples */
#include <stdio.h>
#include <stdlib.h>

#include <weft/runtime.h>

static void check(weft_error_t *error) {
    char *text;
    if (!error) return;
    if (!weft_error_render(error, &text)) fputs(text, stderr);
    exit(1);
}

static weft_plugin_t *load(weft_engine_t *engine, const char *examples, const char *name,
                           weft_plugin_t *const *providers, size_t count) {
    weft_options_t options = {.engine = WEFT_ENGINE_DIRECT,
                              .providers = providers,
                              .provider_count = count,
                              .memory = 1 << 20,
                              .deadline_ns = 1000000000};
    char path[4096];
    weft_plugin_t *plugin;
    snprintf(path, sizeof path, "%s/shop/%s.wasm", examples, name);
    check(weft_plugin_load(engine, path, &options, &plugin));
    return plugin;
}

int main(int argc, char **argv) {
    weft_engine_t *engine;
    weft_func_t *order;
    if (argc != 2) {
        fprintf(stderr, "usage: plugins EXAMPLES\n");
        return 2;
    }
    check(weft_engine_new(&engine));
    weft_plugin_t *store = load(engine, argv[1], "store", NULL, 0);
    weft_plugin_t *orders = load(engine, argv[1], "orders", &store, 1);
    weft_plugin_t *below[] = {store, orders};
    weft_plugin_t *front = load(engine, argv[1], "front", below, 2);

    weft_value_t tea[2] = {weft_string("tea"), weft_u32(2)};
    weft_value_t line = weft_record(tea, 2);
    weft_value_t in[2] = {weft_string("Ada"), weft_list(&line, 1)}, out;
    check(weft_plugin_func(front, "shop:front/app", "order", &order));
    check(weft_func_call(order, in, 2, &out, 1));
    printf("%.*s\n", (int)out.of.string.len, out.of.string.ptr);

    weft_value_clear(&out);
    weft_plugin_delete(front);
    weft_plugin_delete(orders);
    weft_plugin_delete(store);
    weft_engine_delete(engine);
    return 0;
}
