#include "splice/builtins.h"

#include <stdio.h>
#include <sys/stat.h>

#include "support/nearest.h"

/* Those that splicer ships. */
static const char *const builtins[] = {
    "hello-tier1",       "hello-tier2",     "otel-bare-logs",
    "otel-bare-metrics", "otel-bare-spans", "recorder",
};
enum { BUILTINS = sizeof builtins / sizeof *builtins };

static bool is_builtin(weft_str_t name) {
    for (size_t i = 0; i < BUILTINS; i++)
        if (weft_str_eq(name, weft_str(builtins[i]))) return true;
    return false;
}

static weft_error_t *unknown(const rules_t *rules, const inject_t *inject) {
    nearest_t nearest = {0};
    for (size_t i = 0; i < BUILTINS; i++)
        weft_nearest_offer(&nearest, inject->builtin.str, weft_str(builtins[i]));
    weft_error_t *error =
        weft_yaml_error(&rules->file, inject->builtin.at, "there is no builtin `%.*s`",
                        STR_ARG(inject->builtin.str));
    error = weft_error_with_note(error, "known: `hello-tier1`, `hello-tier2`, `otel-bare-logs`, "
                                        "`otel-bare-metrics`, `otel-bare-spans` and `recorder`");
    if (!nearest.best.len) return error;
    return weft_error_with_help(error, "did you mean `%.*s`?", STR_ARG(nearest.best));
}

/* A name that cannot lead out of the folder. */
static bool is_plain(weft_str_t name) {
    return !memchr(name.ptr, '/', name.len) && name.ptr[0] != '.';
}

weft_error_t *weft_builtin_path(arena_t *arena, const rules_t *rules, const inject_t *inject,
                                const char *folder, weft_str_t *path) {
    weft_str_t name = inject->builtin.str;
    struct stat info;
    if (folder && is_plain(name)) {
        size_t size = strlen(folder) + name.len + sizeof "/.wasm";
        char *text = ARENA_ARRAY(arena, char, size);
        if (!text) return weft_error_oom();
        snprintf(text, size, "%s/%.*s.wasm", folder, STR_ARG(name));
        *path = weft_str(text);
        if (stat(text, &info) == 0) return NULL;
        weft_error_t *error =
            is_builtin(name)
                ? weft_yaml_error(&rules->file, inject->builtin.at,
                                  "there is no file for the builtin `%.*s`", STR_ARG(name))
                : unknown(rules, inject);
        return weft_error_with_note(error, "looked for as `%s` ($SPLICER_BUILTINS_DIR)", text);
    }
    if (!is_builtin(name)) return unknown(rules, inject);
    weft_error_t *error =
        weft_yaml_error(&rules->file, inject->builtin.at,
                        "this weft does not come with the builtin `%.*s`", STR_ARG(name));
    return weft_error_with_help(
        error, "set SPLICER_BUILTINS_DIR to the folder that holds `%.*s.wasm`", STR_ARG(name));
}
