#include "runtime/grants.h"

#include <errno.h>
#include <sys/stat.h>

#include "runtime/failure.h"
#include "support/alloc.h"
#include "support/utf8.h"
#include "support/vec.h"

extern char **environ;

typedef VEC(const char *) strings_t;

typedef struct env_lists {
    strings_t names, values;
    VEC(char *) copies; /* names that were cut out of the process's environment */
} env_lists_t;

static bool is_overridden(const weft_options_t *options, weft_str_t name) {
    for (size_t i = 0; i < options->env_count; i++)
        if (weft_str_eq(weft_str(options->env[i].name), name)) return true;
    return false;
}

/* The process's variables but those that are given anew, and those that are not UTF-8. */
static weft_error_t *inherit_env(const weft_options_t *options, env_lists_t *lists) {
    for (char **entry = environ; entry && *entry; entry++) {
        const char *equals = strchr(*entry, '=');
        if (!equals || equals == *entry || !weft_utf8_valid(weft_str(*entry))) continue;
        weft_str_t name = {*entry, (size_t)(equals - *entry)};
        if (is_overridden(options, name)) continue;
        char *copy = weft_alloc_str(name);
        if (!copy) return weft_error_oom();
        weft_error_t *error = VEC_PUSH(&lists->copies, copy);
        if (error) {
            weft_free(copy);
            return error;
        }
        TRY(VEC_PUSH(&lists->names, copy));
        TRY(VEC_PUSH(&lists->values, equals + 1));
    }
    return NULL;
}

static weft_error_t *list_env(const weft_options_t *options, env_lists_t *lists) {
    if (options->inherit_env) TRY(inherit_env(options, lists));
    for (size_t i = 0; i < options->env_count; i++) {
        TRY(VEC_PUSH(&lists->names, options->env[i].name));
        TRY(VEC_PUSH(&lists->values, options->env[i].value));
    }
    return NULL;
}

static weft_error_t *set_env(wasi_config_t *config, const weft_options_t *options) {
    env_lists_t lists = {0};
    weft_error_t *error = list_env(options, &lists);
    if (!error && lists.names.count &&
        !wasi_config_set_env(config, lists.names.count, lists.names.items, lists.values.items))
        error = weft_error_new(WEFT_USAGE, "an environment variable is not UTF-8");
    for (size_t i = 0; i < lists.copies.count; i++) weft_free(lists.copies.items[i]);
    VEC_FREE(&lists.copies);
    VEC_FREE(&lists.names);
    VEC_FREE(&lists.values);
    return error;
}

static weft_error_t *set_args(wasi_config_t *config, const weft_options_t *options) {
    if (!options->arg_count) return NULL;
    /* The parameter is not const in depth, but nothing is written. */
    const char **args = (const char **)(uintptr_t)options->args;
    if (wasi_config_set_argv(config, options->arg_count, args)) return NULL;
    return weft_error_new(WEFT_USAGE, "an argument for the guest is not UTF-8");
}

static weft_error_t *unopened(const char *folder) {
    struct stat info;
    const char *reason = stat(folder, &info) != 0 ? strerror(errno)
                         : S_ISDIR(info.st_mode)  ? strerror(EACCES)
                                                  : strerror(ENOTDIR);
    return weft_error_new(WEFT_IO, "the folder '%s' cannot be opened for the guest: %s", folder,
                          reason);
}

static weft_error_t *set_dirs(wasi_config_t *config, const weft_options_t *options) {
    for (size_t i = 0; i < options->dir_count; i++) {
        const weft_dir_t *dir = &options->dirs[i];
        if (!wasi_config_preopen_dir(config, dir->host, dir->guest, !dir->read_only))
            return unopened(dir->host);
    }
    return NULL;
}

static weft_error_t *configure(wasi_config_t *config, const weft_options_t *options) {
    if (options->stdio) {
        wasi_config_inherit_stdin(config);
        wasi_config_inherit_stdout(config);
        wasi_config_inherit_stderr(config);
    }
    wasi_config_allow_ip_name_lookup(config, options->name_lookup);
    TRY(set_args(config, options));
    TRY(set_env(config, options));
    return set_dirs(config, options);
}

weft_error_t *weft_grants_apply(wasmtime_context_t *context, const weft_options_t *options) {
    wasi_config_t *config = wasi_config_new();
    weft_error_t *error = configure(config, options);
    if (error) {
        wasi_config_delete(config);
        return error;
    }
    wasmtime_error_t *failure = wasmtime_context_set_wasi(context, config);
    return failure ? weft_failure_refusal(WEFT_INTERNAL, "WASI cannot be set up", failure) : NULL;
}
