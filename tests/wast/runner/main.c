/* weft-wast FILE.json [--engine direct|hosted|auto] [-v]
 *
 * Each script is one that `wasm-tools json-from-wast` made of component test scripts; the binaries it names lie
 * beside it. Prints what failed, and for each file `N passed, N failed, N skipped`. Exit status 1 when
 * something failed.
 *
 * A skipped command is one that the engine refuses as not supported (WEFT_UNSUPPORTED), and what depends on
 * the instance that it would have made. */
#include <stdio.h>
#include <stdlib.h>

#include <weft/component.h>

#include "runner.h"
#include "support/alloc.h"
#include "support/file.h"

/* A definition, or an instance when `plugin` is there. */
typedef struct item {
    const char *name; /* NULL: none */
    file_t file;
    uint8_t *converted;
    weft_bytes_t bytes;
    weft_plugin_t *plugin;
    bool is_spent; /* by something that the engine lacks */
} item_t;

typedef struct runner {
    const char *path;
    bool verbose;
    weft_options_t options;
    weft_engine_t *engine;
    VEC(item_t *) items; /* latest last */
    item_t *current;     /* instance; NULL: none, or it was skipped */
    unsigned passed, failed, skipped;
} runner_t;

typedef enum verdict { PASSED, FAILED, SKIPPED } verdict_t;

/* ---- saying ----------------------------------------------------------------------------------- */

static verdict_t fail(const runner_t *runner, const json_t *command, const char *what,
                      weft_error_t *error) {
    fprintf(stderr, "%s:%lld: %s: %s", runner->path,
            (long long)json_integer_value(json_object_get(command, "line")),
            json_string_value(json_object_get(command, "type")), what);
    if (error) {
        weft_str_t message = weft_error_message(error);
        fprintf(stderr, ": %.*s", STR_ARG(message));
    }
    fputc('\n', stderr);
    weft_error_delete(error);
    return FAILED;
}

/* What an error means that should not have come. */
static verdict_t judge(const runner_t *runner, const json_t *command, weft_error_t *error) {
    if (!error) return PASSED;
    if (weft_error_code(error) != WEFT_UNSUPPORTED && weft_error_code(error) != WEFT_NOT_FOUND)
        return fail(runner, command, "unexpected", error);
    if (runner->verbose) fail(runner, command, "skipped", error);
    else weft_error_delete(error);
    return SKIPPED;
}

/* ---- items ------------------------------------------------------------------------------------ */

static void delete_item(item_t *item) {
    weft_plugin_delete(item->plugin);
    weft_free(item->converted);
    weft_file_close(&item->file);
    weft_free(item);
}

static weft_error_t *open_item(item_t *item, const char *path) {
    TRY(weft_file_open(path, &item->file));
    item->bytes = item->file.bytes;
    if (item->bytes.len && item->bytes.ptr[0] == 0) return NULL;
    TRY(weft_wat_to_wasm((weft_str_t){(const char *)item->bytes.ptr, item->bytes.len},
                         &item->bytes));
    item->converted = (uint8_t *)(uintptr_t)item->bytes.ptr;
    return NULL;
}

/* The file of a command. The item is there also after an error. */
static weft_error_t *read_item(runner_t *runner, const json_t *command, item_t **out) {
    const char *file = json_string_value(json_object_get(command, "filename"));
    const char *slash = strrchr(runner->path, '/');
    char path[4096];
    item_t *item = weft_alloc_zero(1, sizeof *item);
    if (!item) abort();
    item->name = json_string_value(json_object_get(command, "name"));
    snprintf(path, sizeof path, "%.*s%s", slash ? (int)(slash - runner->path) + 1 : 0, runner->path,
             file ? file : "");
    *out = item;
    weft_error_t *error = VEC_PUSH(&runner->items, item);
    return error ? error : open_item(item, path);
}

static item_t *find_item(const runner_t *runner, const char *name, bool instance) {
    for (size_t i = runner->items.count; i-- > 0;) {
        item_t *item = runner->items.items[i];
        if (!name && !instance) return item;
        if (instance && !item->plugin) continue;
        if (name && item->name && strcmp(item->name, name) == 0) return item;
    }
    return NULL;
}

static bool is_core(weft_bytes_t bytes) {
    return bytes.len >= 8 && bytes.ptr[6] == 0;
}

/* Loads and starts. */
static weft_error_t *instantiate(runner_t *runner, item_t *item) {
    if (is_core(item->bytes)) return weft_error_new(WEFT_UNSUPPORTED, "a core module");
    TRY(weft_plugin_read(runner->engine, item->bytes, &runner->options, &item->plugin));
    return weft_plugin_start(item->plugin);
}

/* As far as weft says it. */
static weft_error_t *validate(const item_t *item) {
    weft_component_t *component;
    TRY(weft_component_read(item->bytes, &component));
    weft_error_t *error = weft_component_validate(component);
    weft_component_delete(component);
    return error;
}

/* Whether it is valid, which does not depend on whether somebody provides its imports. */
static weft_error_t *check(runner_t *runner, item_t *item) {
    if (is_core(item->bytes)) return weft_error_new(WEFT_UNSUPPORTED, "a core module");
    weft_plugin_t *plugin = NULL;
    TRY(validate(item));
    if (runner->options.engine == WEFT_ENGINE_HOSTED)
        return weft_engine_check(runner->engine, item->bytes);
    weft_error_t *error = weft_plugin_read(runner->engine, item->bytes, &runner->options, &plugin);
    weft_plugin_delete(plugin);
    if (!error) return NULL;
    bool cannot_run =
        weft_error_code(error) == WEFT_UNSUPPORTED || weft_error_code(error) == WEFT_NOT_FOUND;
    if (!cannot_run) return error;
    weft_error_delete(error);
    return NULL;
}

/* ---- actions ---------------------------------------------------------------------------------- */

static weft_error_t *call(weft_func_t *func, const json_t *args, weft_value_t *result) {
    const func_type_t *type = weft_func_type(func);
    value_vec_t values = {0};
    weft_error_t *error = NULL;
    for (size_t i = 0; i < json_array_size(args) && i < type->param_count && !error; i++) {
        weft_value_t value;
        error = wast_value(json_array_get(args, i), type->params[i].type, &value);
        if (!error) error = VEC_PUSH(&values, value);
    }
    if (!error)
        error =
            weft_func_call(func, values.items, values.count, result, weft_func_result_count(func));
    weft_value_vec_free(&values);
    return error;
}

static weft_error_t *act(runner_t *runner, const json_t *command, weft_func_t **func,
                         weft_value_t *result) {
    const json_t *action = json_object_get(command, "action");
    const char *name = json_string_value(json_object_get(action, "module"));
    const char *field = json_string_value(json_object_get(action, "field"));
    item_t *item = name ? find_item(runner, name, true) : runner->current;
    if (!item || item->is_spent)
        return weft_error_new(WEFT_UNSUPPORTED, "there is no such instance");
    TRY(weft_plugin_func(item->plugin, NULL, field, func));
    weft_error_t *error = call(*func, json_object_get(action, "args"), result);
    item->is_spent = error && weft_error_code(error) == WEFT_UNSUPPORTED;
    return error;
}

/* ---- commands --------------------------------------------------------------------------------- */

static verdict_t on_module(runner_t *runner, const json_t *command) {
    item_t *item;
    runner->current = NULL;
    weft_error_t *error = read_item(runner, command, &item);
    if (!error) error = instantiate(runner, item);
    if (!error) runner->current = item;
    return judge(runner, command, error);
}

static verdict_t on_definition(runner_t *runner, const json_t *command) {
    item_t *item;
    weft_error_t *error = read_item(runner, command, &item);
    if (!error) error = check(runner, item);
    return judge(runner, command, error);
}

static verdict_t on_instance(runner_t *runner, const json_t *command) {
    const char *of = json_string_value(json_object_get(command, "module"));
    const item_t *definition = find_item(runner, of, false);
    runner->current = NULL;
    if (!definition) return fail(runner, command, "there is no such definition", NULL);
    item_t *item = weft_alloc_zero(1, sizeof *item);
    if (!item) abort();
    item->name = json_string_value(json_object_get(command, "instance"));
    item->bytes = definition->bytes;
    weft_error_t *error = VEC_PUSH(&runner->items, item);
    if (!error) error = instantiate(runner, item);
    if (!error) runner->current = item;
    return judge(runner, command, error);
}

static verdict_t on_return(runner_t *runner, const json_t *command) {
    const json_t *expected = json_object_get(command, "expected");
    weft_func_t *func;
    weft_value_t result = weft_bool(false);
    weft_error_t *error = act(runner, command, &func, &result);
    if (error) return judge(runner, command, error);
    const type_t *type = weft_func_type(func)->result;
    bool same = json_array_size(expected) == (type ? 1 : 0) &&
                (!type || wast_matches(json_array_get(expected, 0), type, &result));
    weft_value_clear(&result);
    return same ? PASSED : fail(runner, command, "the result is another", NULL);
}

static bool contains(weft_str_t message, const char *text) {
    return memmem(message.ptr, message.len, text, strlen(text)) != NULL;
}

/* weft leaves Wasmtime's "wasm trap: wasm" away, and says of an instance that trapped that it did. */
static bool says(const weft_error_t *error, const json_t *command) {
    const char *text = json_string_value(json_object_get(command, "text"));
    weft_str_t message = weft_error_message(error);
    if (!text) return true;
    if (strncmp(text, "wasm trap: ", 11) == 0) text += 11;
    if (strncmp(text, "wasm `", 6) == 0) text += 5;
    if (contains(message, "it trapped before"))
        return strcmp(text, "cannot enter component instance") == 0;
    return contains(message, text);
}

static verdict_t expect_trap(runner_t *runner, const json_t *command, weft_error_t *error) {
    char what[512];
    if (!error) return fail(runner, command, "it did not trap", NULL);
    if (weft_error_code(error) != WEFT_TRAP) return judge(runner, command, error);
    if (says(error, command)) {
        weft_error_delete(error);
        return PASSED;
    }
    snprintf(what, sizeof what, "expected the trap `%s`",
             json_string_value(json_object_get(command, "text")));
    return fail(runner, command, what, error);
}

static verdict_t on_trap(runner_t *runner, const json_t *command) {
    weft_func_t *func;
    weft_value_t result = weft_bool(false);
    weft_error_t *error = act(runner, command, &func, &result);
    weft_value_clear(&result);
    return expect_trap(runner, command, error);
}

static verdict_t on_uninstantiable(runner_t *runner, const json_t *command) {
    item_t *item;
    weft_error_t *error = read_item(runner, command, &item);
    if (!error) error = instantiate(runner, item);
    return expect_trap(runner, command, error);
}

/* Refused is what matters; the words of the specification's tests are those of one implementation. */
static verdict_t on_refused(runner_t *runner, const json_t *command) {
    item_t *item;
    weft_error_t *error = read_item(runner, command, &item);
    if (!error && is_core(item->bytes)) error = check(runner, item);
    else if (!error) error = validate(item);
    if (!error) error = instantiate(runner, item);
    if (!error) return fail(runner, command, "it was taken", NULL);
    /* of what the hosted engine refuses, nobody can say for which reason */
    bool is_hosted = runner->options.engine == WEFT_ENGINE_HOSTED;
    if ((weft_error_code(error) == WEFT_UNSUPPORTED && !is_hosted) ||
        weft_error_code(error) == WEFT_NOT_FOUND)
        return judge(runner, command, error);
    if (weft_error_code(error) == WEFT_TRAP || weft_error_code(error) == WEFT_INTERNAL)
        return fail(runner, command, "it was not refused but", error);
    weft_error_delete(error);
    return PASSED;
}

static verdict_t on_action(runner_t *runner, const json_t *command) {
    weft_func_t *func;
    weft_value_t result = weft_bool(false);
    weft_error_t *error = act(runner, command, &func, &result);
    weft_value_clear(&result);
    return judge(runner, command, error);
}

static verdict_t on_register(runner_t *runner, const json_t *command) {
    (void)runner, (void)command;
    return SKIPPED; /* no component can import another yet */
}

static verdict_t run_command(runner_t *runner, const json_t *command) {
    static const struct {
        const char *type;
        verdict_t (*run)(runner_t *runner, const json_t *command);
    } commands[] = {
        {"module", on_module},
        {"module_definition", on_definition},
        {"module_instance", on_instance},
        {"assert_return", on_return},
        {"assert_trap", on_trap},
        {"assert_uninstantiable", on_uninstantiable},
        {"assert_invalid", on_refused},
        {"assert_malformed", on_refused},
        {"assert_unlinkable", on_refused},
        {"action", on_action},
        {"register", on_register},
    };
    const char *type = json_string_value(json_object_get(command, "type"));
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        if (type && strcmp(commands[i].type, type) == 0) return commands[i].run(runner, command);
    return fail(runner, command, "an unknown command", NULL);
}

/* ---- files ------------------------------------------------------------------------------------ */

static bool run_file(runner_t *runner) {
    json_error_t problem;
    json_t *script = json_load_file(runner->path, 0, &problem);
    if (!script) {
        fprintf(stderr, "%s: %s\n", runner->path, problem.text);
        return false;
    }
    const json_t *commands = json_object_get(script, "commands");
    for (size_t i = 0; i < json_array_size(commands); i++) {
        verdict_t verdict = run_command(runner, json_array_get(commands, i));
        if (verdict == PASSED) runner->passed++;
        else if (verdict == FAILED) runner->failed++;
        else runner->skipped++;
    }
    for (size_t i = 0; i < runner->items.count; i++) delete_item(runner->items.items[i]);
    VEC_FREE(&runner->items);
    json_decref(script);
    printf("%s: %u passed, %u failed, %u skipped\n", runner->path, runner->passed, runner->failed,
           runner->skipped);
    return !runner->failed;
}

static int usage(void) {
    fprintf(stderr, "usage: weft-wast FILE.json... [--engine direct|hosted|auto] [-v]\n");
    return 2;
}

static bool read_engine(const char *word, weft_options_t *options) {
    static const char *const words[] = {"auto", "direct", "hosted"};
    for (unsigned i = 0; word && i < 3; i++) {
        if (strcmp(word, words[i]) != 0) continue;
        options->engine = (weft_engine_choice_t)i;
        return true;
    }
    return false;
}

int main(int argc, char **argv) {
    weft_options_t options = {.engine = WEFT_ENGINE_DIRECT};
    weft_engine_t *engine;
    bool verbose = false, good = true;
    int files = 0;
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "-v") == 0) verbose = true;
        else if (strcmp(argv[i], "--engine") != 0) argv[1 + files++] = argv[i];
        else if (!read_engine(argv[++i], &options)) return usage();
    }
    if (!files) return usage();
    weft_error_t *error = weft_engine_new(&engine);
    if (error) return 2;
    for (int i = 1; i <= files; i++) {
        runner_t runner = {
            .path = argv[i], .verbose = verbose, .options = options, .engine = engine};
        good &= run_file(&runner);
    }
    weft_engine_delete(engine);
    return good ? 0 : 1;
}
