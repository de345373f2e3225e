/* `weft version`: what this build is. */
#include <stdio.h>

#include <jansson.h>

#include <weft/version.h>
#ifdef WEFT_HAVE_RUNTIME
#include <wasmtime.h>
#endif

#include "cli/command.h"

#ifdef WEFT_HAVE_RUNTIME
static const char *const engine = "wasmtime " WASMTIME_VERSION;
#else
static const char *const engine = NULL;
#endif

static const char *const features[] = {
#ifdef WEFT_HAVE_RUNTIME
    "runtime",
#endif
#ifdef WEFT_HAVE_GRAPHVIZ
    "graphviz",
#endif
    NULL};

static weft_error_t *print_json(void) {
    json_t *list = json_array();
    for (const char *const *feature = features; *feature; feature++)
        json_array_append_new(list, json_string(*feature));
    json_t *document =
        json_pack("{s:s, s:s?, s:o}", "weft", WEFT_VERSION, "engine", engine, "features", list);
    if (!document) return weft_error_oom();
    json_dumpf(document, stdout, JSON_INDENT(2));
    putchar('\n');
    json_decref(document);
    return NULL;
}

static weft_error_t *run(invocation_t *invocation) {
    if (weft_option_given(invocation, "json")) return print_json();
    printf("weft %s\n", WEFT_VERSION);
    printf("engine: %s\n", engine ? engine : "none (built without the runtime)");
    printf("features:");
    for (const char *const *feature = features; *feature; feature++) printf(" %s", *feature);
    printf("%s\n", *features ? "" : " none");
    return NULL;
}

const command_t weft_cmd_version = {
    .name = "version",
    .summary = "Show the version of weft, of its engine, and the features",
    .description = "Shows the version of weft, of the engine it was built with, and the optional "
                   "features it has. "
                   "'weft --version' is the same.",
    .options = (const option_t[]){OPTION_JSON, {0}},
    .run = run,
};
