#include "runtime/plugin.h"

#include "runtime/needs.h"
#include "runtime/wasi/wasi.h"
#include "support/alloc.h"

/* ---- loading ---------------------------------------------------------------------------------- */

static weft_error_t *read_types(weft_plugin_t *plugin, weft_bytes_t component,
                                const weft_options_t *options) {
    TRY(weft_program_take(plugin->engine, component, options->provider_count > 0,
                          &plugin->program));
    const ctype_t *type = plugin->program->type;
    TRY(weft_given_match(type, options, &plugin->given));
    TRY(weft_links_make(&plugin->links, plugin->program->pool, type, &plugin->given,
                        options->providers, options->provider_count));
    return weft_needs_provided(type, &plugin->given, &plugin->links);
}

/* They live as long as those that import from them. */
static weft_error_t *take_providers(weft_plugin_t *plugin, const weft_options_t *options) {
    for (size_t i = 0; i < options->provider_count; i++) {
        weft_plugin_t *provider = options->providers[i];
        if (provider->engine != plugin->engine)
            return weft_error_new(WEFT_USAGE, "a plugin and its providers are of one engine");
        TRY(VEC_PUSH(&plugin->providers, provider));
        atomic_fetch_add(&provider->references, 1);
    }
    return NULL;
}

/* Only the direct engine reaches other plugins. */
static weft_error_t *cannot_link(const char *which, weft_str_t import, const char *why) {
    weft_error_t *error = weft_error_new(
        WEFT_UNSUPPORTED, "the import `%.*s` cannot be served by another plugin: %s is hosted",
        STR_ARG(import), which);
    return weft_error_with_note(error, "%s", why);
}

static weft_error_t *link_providers(weft_plugin_t *plugin) {
    for (size_t i = 0; i < plugin->links.items.count; i++) {
        const link_t *link = &plugin->links.items.items[i];
        if (!plugin->direct) return cannot_link("the plugin", link->import->name, plugin->why);
        if (!link->provider->direct)
            return cannot_link("that one", link->import->name, link->provider->why);
        TRY(weft_direct_link(plugin->direct, link->import->name, link->provider->direct,
                             link->export_->name));
    }
    return NULL;
}

static weft_error_t *choose(weft_plugin_t *plugin, const char *why) {
    plugin->why = why;
    return NULL;
}

static weft_error_t *may_be_direct(const weft_plugin_t *plugin, bool asked, buf_t *proxy) {
    TRY(weft_direct_supports(plugin->program, &plugin->given, &plugin->links, asked));
    return weft_wasi_proxy(plugin->program, &plugin->given, &plugin->links, proxy);
}

/* Whether to run it directly, and why. `proxy` is what it then needs for WASI. */
static weft_error_t *choose_engine(weft_plugin_t *plugin, weft_engine_choice_t asked, buf_t *proxy,
                                   bool *direct) {
    *direct = false;
    if (asked == WEFT_ENGINE_HOSTED) return choose(plugin, "it was asked for");
    weft_error_t *error = may_be_direct(plugin, asked == WEFT_ENGINE_DIRECT, proxy);
    *direct = !error;
    if (!error && asked == WEFT_ENGINE_DIRECT) return choose(plugin, "it was asked for");
    if (!error) return choose(plugin, "it needs no async");
    if (weft_error_code(error) != WEFT_UNSUPPORTED) return error;
    if (asked == WEFT_ENGINE_DIRECT)
        return weft_error_with_help(
            weft_error_with_note(error, "the direct engine was asked for, which cannot run that"),
            "use --engine hosted, or auto");
    plugin->why_text = weft_alloc_str(weft_error_message(error));
    weft_error_delete(error);
    return plugin->why_text ? choose(plugin, plugin->why_text) : weft_error_oom();
}

static weft_error_t *make_direct(weft_plugin_t *plugin, weft_bytes_t proxy,
                                 const weft_options_t *options) {
    TRY(weft_direct_new(plugin->engine, plugin->program, &plugin->given, options, &plugin->direct));
    return proxy.len ? weft_wasi_serve(plugin->direct, proxy, options) : NULL;
}

static weft_error_t *make_hosted(weft_plugin_t *plugin, weft_bytes_t component,
                                 const weft_options_t *options) {
    unsigned needs;
    TRY(weft_engine_needs(plugin->program->document->root, &needs));
    if (options->fuel) needs |= ENGINE_FUEL;
    return weft_hosted_new(plugin->engine, needs, component, &plugin->given, options,
                           &plugin->hosted);
}

static weft_error_t *make(weft_plugin_t *plugin, weft_bytes_t component,
                          const weft_options_t *options) {
    bool direct;
    buf_t proxy = {0};
    weft_error_t *error = choose_engine(plugin, options->engine, &proxy, &direct);
    if (!error && direct) error = make_direct(plugin, weft_buf_as_bytes(&proxy), options);
    else if (!error) error = make_hosted(plugin, component, options);
    weft_buf_free(&proxy);
    return error;
}

static weft_error_t *load(weft_plugin_t *plugin, weft_bytes_t component,
                          const weft_options_t *options) {
    static const weft_options_t none = {0};
    if (!options) options = &none;
    TRY(take_providers(plugin, options));
    TRY(read_types(plugin, component, options));
    TRY(make(plugin, component, options));
    return link_providers(plugin);
}

static weft_plugin_t *new_plugin(weft_engine_t *engine) {
    weft_plugin_t *made = weft_alloc_zero(1, sizeof *made);
    if (!made) return NULL;
    made->engine = engine;
    atomic_init(&made->references, 1);
    pthread_mutex_init(&made->lock, NULL);
    return made;
}

weft_error_t *weft_plugin_read(weft_engine_t *engine, weft_bytes_t component,
                               const weft_options_t *options, weft_plugin_t **plugin) {
    weft_plugin_t *made = new_plugin(engine);
    if (!made) return weft_error_oom();
    weft_error_t *error = load(made, component, options);
    if (error) weft_plugin_delete(made);
    else *plugin = made;
    return error;
}

static weft_error_t *load_file(weft_plugin_t *plugin, const char *path,
                               const weft_options_t *options) {
    TRY(weft_file_open(path, &plugin->file));
    weft_bytes_t bytes = plugin->file.bytes;
    if (bytes.len && bytes.ptr[0] != 0) {
        TRY(weft_wat_to_wasm((weft_str_t){(const char *)bytes.ptr, bytes.len}, &bytes));
        plugin->converted = (uint8_t *)(uintptr_t)bytes.ptr;
    }
    return load(plugin, bytes, options);
}

weft_error_t *weft_plugin_load(weft_engine_t *engine, const char *path,
                               const weft_options_t *options, weft_plugin_t **plugin) {
    weft_plugin_t *made = new_plugin(engine);
    if (!made) return weft_error_oom();
    weft_error_t *error = load_file(made, path, options);
    if (error) {
        weft_plugin_delete(made);
        return weft_error_with_file(error, weft_str(path));
    }
    *plugin = made;
    return NULL;
}

void weft_plugin_delete(weft_plugin_t *plugin) {
    if (!plugin || atomic_fetch_sub(&plugin->references, 1) > 1) return;
    for (size_t i = 0; i < plugin->funcs.count; i++) {
        weft_hosted_func_free(&plugin->funcs.items[i]->hosted);
        weft_buf_free(&plugin->funcs.items[i]->room);
        weft_free(plugin->funcs.items[i]);
    }
    VEC_FREE(&plugin->funcs);
    weft_hosted_delete(plugin->hosted);
    weft_direct_delete(plugin->direct);
    VEC_FREE(&plugin->given);
    weft_links_free(&plugin->links);
    weft_free(plugin->why_text);
    weft_program_leave(plugin->engine, plugin->program);
    weft_free(plugin->converted);
    weft_file_close(&plugin->file);
    pthread_mutex_destroy(&plugin->lock);
    for (size_t i = 0; i < plugin->providers.count; i++)
        weft_plugin_delete(plugin->providers.items[i]);
    VEC_FREE(&plugin->providers);
    weft_free(plugin);
}

weft_error_t *weft_plugin_start(weft_plugin_t *plugin) {
    return plugin->direct ? weft_direct_start(plugin->direct) : weft_hosted_start(plugin->hosted);
}

weft_engine_choice_t weft_plugin_engine(const weft_plugin_t *plugin, const char **why) {
    if (why) *why = plugin->why;
    return plugin->direct ? WEFT_ENGINE_DIRECT : WEFT_ENGINE_HOSTED;
}

void weft_plugin_cancel(weft_plugin_t *plugin) {
    weft_guard_cancel(plugin->direct ? &plugin->direct->guard : &plugin->hosted->guard);
}

/* ---- functions -------------------------------------------------------------------------------- */

static bool cannot_cross(const type_t *type) {
    return type && (type->has_stream_or_future || type->has_error_context);
}

/* Wasmtime's C API aborts the process on such values. */
static weft_error_t *check_callable(const exported_func_t *func) {
    bool bad = cannot_cross(func->type->result);
    for (uint32_t i = 0; i < func->type->param_count; i++)
        bad |= cannot_cross(func->type->params[i].type);
    if (!bad) return NULL;
    buf_t text = {0};
    weft_func_type_print(&text, func->type);
    weft_str_t type = weft_buf_as_str(&text);
    weft_error_t *error = weft_error_with_note(
        weft_error_new(
            WEFT_UNSUPPORTED,
            "`%.*s` cannot be called from outside: its type has a stream, a future or an "
            "error context",
            STR_ARG(func->name)),
        "%.*s", STR_ARG(type));
    weft_buf_free(&text);
    return error;
}

static weft_error_t *add_func(weft_plugin_t *plugin, const exported_func_t *exported,
                              weft_func_t **func) {
    weft_func_t *made = weft_alloc_zero(1, sizeof *made);
    if (!made) return weft_error_oom();
    made->plugin = plugin;
    made->exported = exported;
    weft_error_t *error = NULL;
    if (plugin->hosted)
        error = weft_hosted_find(plugin->hosted, exported->interface, exported->name,
                                 exported->type, &made->hosted);
    if (!error) error = VEC_PUSH(&plugin->funcs, made);
    if (error) {
        weft_hosted_func_free(&made->hosted);
        weft_free(made);
        return error;
    }
    *func = made;
    return NULL;
}

/* Under the lock. */
static weft_error_t *find_func(weft_plugin_t *plugin, const exported_func_t *exported,
                               weft_func_t **func) {
    for (size_t i = 0; i < plugin->funcs.count; i++) {
        if (plugin->funcs.items[i]->exported != exported) continue;
        *func = plugin->funcs.items[i];
        return NULL;
    }
    TRY(check_callable(exported));
    return add_func(plugin, exported, func);
}

weft_error_t *weft_plugin_query(weft_plugin_t *plugin, const func_query_t *query,
                                weft_func_t **func) {
    const exported_func_t *exported;
    TRY(weft_exports_find(&plugin->program->exports, query, &exported));
    pthread_mutex_lock(&plugin->lock);
    weft_error_t *error = find_func(plugin, exported, func);
    pthread_mutex_unlock(&plugin->lock);
    return error;
}

weft_error_t *weft_plugin_func(weft_plugin_t *plugin, const char *interface, const char *name,
                               weft_func_t **func) {
    func_query_t query = {false, weft_str(interface), weft_str(name)};
    return weft_plugin_query(plugin, &query, func);
}

size_t weft_func_param_count(const weft_func_t *func) {
    return weft_func_type(func)->param_count;
}

size_t weft_func_result_count(const weft_func_t *func) {
    return weft_func_type(func)->result ? 1 : 0;
}

/* The function of a plugin that is run directly; starts it. */
static weft_error_t *find_direct(weft_func_t *func) {
    direct_t *direct = func->plugin->direct;
    const exported_func_t *exported = func->exported;
    const direct_func_t *found;
    if (func->direct) return NULL;
    TRY(weft_direct_start(direct));
    TRY(weft_direct_find(direct, exported->interface, exported->name, &found));
    func->direct = found;
    return NULL;
}

weft_error_t *weft_func_call(weft_func_t *func, const weft_value_t *args, size_t arg_count,
                             weft_value_t *results, size_t result_count) {
    const func_type_t *type = weft_func_type(func);
    if (arg_count != type->param_count)
        return weft_error_new(WEFT_MISMATCH, "the function takes %u argument%s, not %zu",
                              type->param_count, type->param_count == 1 ? "" : "s", arg_count);
    if (result_count != weft_func_result_count(func))
        return weft_error_new(WEFT_MISMATCH, "the function has %zu result%s, not %zu",
                              weft_func_result_count(func), type->result ? "" : "s", result_count);
    if (func->plugin->direct) {
        if (!func->direct) TRY(find_direct(func));
        return weft_direct_call(func->plugin->direct, func->direct, args, results);
    }
    TRY(weft_hosted_start(func->plugin->hosted));
    return weft_hosted_call(func->plugin->hosted, &func->hosted, args, results);
}

weft_error_t *weft_func_prepare_flat(weft_func_t *func) {
    if (!func->plugin->direct)
        return weft_error_new(WEFT_UNSUPPORTED, "flat calls need the direct engine");
    TRY(find_direct(func));
    const direct_func_t *found = func->direct;
    if (found->flat != FLAT_NOT) return NULL;
    return weft_error_new(WEFT_UNSUPPORTED,
                          "`%.*s` has more than %d core parameters, or more than scalars, "
                          "strings and byte lists",
                          STR_ARG(func->exported->name), ABI_MAX_FLAT_PARAMS);
}

weft_error_t *weft_func_call_flat(weft_func_t *func, weft_flat_t *values) {
    return weft_direct_call_flat(func->plugin->direct, func->direct, values, &func->room);
}

/* ---- commands --------------------------------------------------------------------------------- */

/* The `run` of wasi:cli/run, in whichever version; NULL: this is not a command. */
static const exported_func_t *find_run(const weft_plugin_t *plugin) {
    static const char interface[] = "wasi:cli/run@";
    const exported_funcs_t *exports = &plugin->program->exports;
    for (size_t i = 0; i < exports->count; i++) {
        const exported_func_t *func = &exports->items[i];
        bool in_run = func->interface.len >= sizeof interface - 1 &&
                      memcmp(func->interface.ptr, interface, sizeof interface - 1) == 0;
        if (in_run && weft_str_eq(func->name, STR_LIT("run"))) return func;
    }
    return NULL;
}

static weft_error_t *not_a_command(void) {
    return weft_error_with_help(
        weft_error_new(WEFT_NOT_FOUND, "this is not a command: it does not export wasi:cli/run"),
        "call one of its functions: weft call");
}

/* Whether the guest ended the program, and how. */
static bool exited(const weft_plugin_t *plugin, int *status) {
    bool direct = plugin->direct != NULL;
    if (!(direct ? plugin->direct->exited : plugin->hosted->exited)) return false;
    *status = (direct ? plugin->direct->exit_status : plugin->hosted->exit_status) & 0xFF;
    return true;
}

weft_error_t *weft_plugin_run(weft_plugin_t *plugin, int *status) {
    const exported_func_t *run = find_run(plugin);
    if (!run) return not_a_command();
    if (run->type->param_count || !run->type->result || run->type->result->kind != TYPE_RESULT)
        return weft_error_new(WEFT_MISMATCH, "`wasi:cli/run` is not `run: func() -> result`");
    func_query_t query = {false, run->interface, run->name};
    weft_func_t *func;
    weft_value_t result;
    TRY(weft_plugin_query(plugin, &query, &func));
    weft_error_t *error = weft_func_call(func, NULL, 0, &result, 1);
    if (error && exited(plugin, status)) {
        weft_error_delete(error);
        return NULL;
    }
    if (error) return error;
    *status = result.index ? 1 : 0;
    weft_value_clear(&result);
    return NULL;
}
