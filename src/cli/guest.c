#include "cli/guest.h"

#include <stdio.h>

#include "support/alloc.h"

static weft_error_t *wrong(const char *option, const char *value, const char *form) {
    return weft_error_with_help(
        weft_error_new(WEFT_USAGE, "'--%s' does not take '%s'", option, value), "%s", form);
}

/* ---- numbers with a unit ---------------------------------------------------------------------- */

typedef struct unit {
    const char *name;
    uint64_t factor;
} unit_t;

/* Digits (with `_` between them where that helps to read) and a unit of the table, which ends with a
 * row without name. */
static bool read_quantity(const char *text, const unit_t *units, uint64_t *quantity) {
    uint64_t number = 0;
    bool digits = false;
    for (; (*text >= '0' && *text <= '9') || (*text == '_' && digits); text++) {
        if (*text == '_') continue;
        uint64_t digit = (uint64_t)(*text - '0');
        if (number > (UINT64_MAX - digit) / 10) return false;
        number = number * 10 + digit;
        digits = true;
    }
    if (!digits || !number) return false;
    for (; units->name; units++) {
        if (strcmp(units->name, text) != 0) continue;
        if (number > UINT64_MAX / units->factor) return false;
        *quantity = number * units->factor;
        return true;
    }
    return false;
}

static weft_error_t *read_limits(const invocation_t *invocation, weft_options_t *options) {
    static const unit_t counts[] = {{"", 1}, {0}};
    static const unit_t times[] = {{"ns", 1},         {"us", 1000},       {"ms", 1000000},
                                   {"s", 1000000000}, {"m", 60000000000}, {0}};
    static const unit_t sizes[] = {{"", 1},          {"B", 1},         {"KiB", 1 << 10},
                                   {"MiB", 1 << 20}, {"GiB", 1 << 30}, {0}};
    const struct {
        const char *option;
        const unit_t *units;
        uint64_t *limit;
        const char *form;
    } limits[] = {
        {"fuel", counts, &options->fuel, "a number: 10_000_000"},
        {"deadline", times, &options->deadline_ns, "a number and ns, us, ms, s or m: 50ms"},
        {"memory", sizes, &options->memory, "a number and B, KiB, MiB or GiB: 64MiB"},
    };
    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
        const char *value = weft_option(invocation, limits[i].option);
        if (value && !read_quantity(value, limits[i].units, limits[i].limit))
            return wrong(limits[i].option, value, limits[i].form);
    }
    return NULL;
}

/* ---- WASI ------------------------------------------------------------------------------------- */

/* A copy of `len` bytes that the guest's options own. */
static weft_error_t *copy(guest_t *guest, const char *text, size_t len, const char **made) {
    char *bytes = weft_alloc_str((weft_str_t){text, len});
    if (!bytes) return weft_error_oom();
    weft_error_t *error = VEC_PUSH(&guest->copies, bytes);
    if (error) weft_free(bytes);
    else *made = bytes;
    return error;
}

static weft_error_t *read_env(const invocation_t *invocation, guest_t *guest) {
    size_t at = 0;
    for (const char *value; (value = weft_option_next(invocation, "env", &at));) {
        weft_env_var_t variable;
        const char *equals = strchr(value, '=');
        if (!equals || equals == value) return wrong("env", value, "a name, `=` and the value");
        TRY(copy(guest, value, (size_t)(equals - value), &variable.name));
        variable.value = equals + 1;
        TRY(VEC_PUSH(&guest->env, variable));
    }
    return NULL;
}

/* HOST[::GUEST][:ro] */
static weft_error_t *read_dir(guest_t *guest, const char *value) {
    weft_dir_t dir = {0};
    size_t len = strlen(value);
    if (len >= 3 && strcmp(value + len - 3, ":ro") == 0) {
        dir.read_only = true;
        len -= 3;
    }
    const char *marks = memmem(value, len, "::", 2);
    size_t host = marks ? (size_t)(marks - value) : len;
    TRY(copy(guest, value, host, &dir.host));
    dir.guest = dir.host;
    if (marks) TRY(copy(guest, marks + 2, len - host - 2, &dir.guest));
    if (!*dir.host || !*dir.guest)
        return wrong("dir", value, "HOST, HOST::GUEST, or either with :ro");
    return VEC_PUSH(&guest->dirs, dir);
}

static weft_error_t *read_dirs(const invocation_t *invocation, guest_t *guest) {
    size_t at = 0;
    for (const char *value; (value = weft_option_next(invocation, "dir", &at));)
        TRY(read_dir(guest, value));
    return NULL;
}

static weft_error_t *read_args(const invocation_t *invocation, const char *program,
                               guest_t *guest) {
    size_t at = 0;
    TRY(VEC_PUSH(&guest->args, program));
    for (const char *value; (value = weft_option_next(invocation, "arg", &at));)
        TRY(VEC_PUSH(&guest->args, value));
    for (size_t i = 0; i < invocation->rest.count; i++)
        TRY(VEC_PUSH(&guest->args, invocation->rest.items[i]));
    return NULL;
}

/* One of the words that the option's table has. */
static weft_engine_choice_t read_engine(const char *word) {
    if (!word || strcmp(word, "auto") == 0) return WEFT_ENGINE_AUTO;
    return strcmp(word, "direct") == 0 ? WEFT_ENGINE_DIRECT : WEFT_ENGINE_HOSTED;
}

/* ---- all of it -------------------------------------------------------------------------------- */

static weft_error_t *read_guest(const invocation_t *invocation, const char *program,
                                guest_t *guest) {
    TRY(read_limits(invocation, &guest->options));
    TRY(read_env(invocation, guest));
    TRY(read_dirs(invocation, guest));
    return read_args(invocation, program, guest);
}

weft_error_t *weft_guest_read(const invocation_t *invocation, const char *program, guest_t *guest) {
    guest_t read = {0};
    weft_error_t *error = read_guest(invocation, program, &read);
    if (error) {
        weft_guest_free(&read);
        return error;
    }
    weft_options_t *options = &read.options;
    options->stdio = true;
    options->engine = read_engine(weft_option(invocation, "engine"));
    options->inherit_env = weft_option_given(invocation, "inherit-env");
    options->name_lookup = weft_option_given(invocation, "name-lookup");
    options->args = read.args.items;
    options->arg_count = read.args.count;
    options->env = read.env.items;
    options->env_count = read.env.count;
    options->dirs = read.dirs.items;
    options->dir_count = read.dirs.count;
    *guest = read;
    return NULL;
}

void weft_guest_free(guest_t *guest) {
    for (size_t i = 0; i < guest->copies.count; i++) weft_free(guest->copies.items[i]);
    VEC_FREE(&guest->copies);
    VEC_FREE(&guest->args);
    VEC_FREE(&guest->env);
    VEC_FREE(&guest->dirs);
}

#ifdef WEFT_HAVE_RUNTIME
weft_error_t *weft_guest_engine(const invocation_t *invocation, weft_engine_t **engine) {
    TRY(weft_engine_new(engine));
    if (weft_option_given(invocation, "no-cache")) return NULL;
    weft_error_t *error = weft_engine_keep_code(*engine, NULL);
    if (error && weft_option_given(invocation, "explain"))
        fprintf(stderr, "cache: none (%.*s)\n", STR_ARG(weft_error_message(error)));
    weft_error_delete(error);
    return NULL;
}

void weft_guest_explain(const invocation_t *invocation, const weft_plugin_t *plugin) {
    const char *why;
    if (!weft_option_given(invocation, "explain")) return;
    weft_engine_choice_t engine = weft_plugin_engine(plugin, &why);
    fprintf(stderr, "engine: %s (%s)\n", engine == WEFT_ENGINE_DIRECT ? "direct" : "hosted", why);
}
#endif
