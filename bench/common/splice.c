#include "common/splice.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const char *bench_path(const char *folder, const char *name) {
    static char paths[4][4096];
    static unsigned next;
    char *path = paths[next++ % 4];
    snprintf(path, sizeof paths[0], "%s/%s", folder, name);
    return path;
}

static const char *need(const char *variable) {
    const char *value = getenv(variable);
    if (value && *value) return value;
    fprintf(stderr, "%s is not set; run bench/run\n", variable);
    exit(2);
}

/* A copy that lasts. */
static const char *keep(const char *text) {
    char *copy = text ? strdup(text) : NULL;
    if (text && !copy) exit(3);
    return copy;
}

bench_tools_t bench_tools_begin(const char *argv0) {
    bench_tools_t tools = {.weft = need("WEFT"),
                           .corpus = need("WEFT_CORPUS_DIR"),
                           .splicer = keep(bench_find("WEFT_SPLICER", "splicer"))};
    tools.guests = keep(bench_path(need("WEFT_SOURCE_DIR"), "tests/guests"));
    const char *slash = strrchr(argv0, '/');
    char here[4000] = ".";
    if (slash) snprintf(here, sizeof here, "%.*s", (int)(slash - argv0), argv0);
    tools.copy = keep(bench_path(here, "bench-copy"));

    const char *base = getenv("TMPDIR");
    char *folder = strdup(bench_path(base && *base ? base : "/tmp", "weft-bench-XXXXXX"));
    tools.folder = folder;
    if (!folder || !mkdtemp(folder)) {
        perror("a temporary folder");
        exit(3);
    }
    if (!tools.splicer)
        printf("splicer is not in PATH and WEFT_SPLICER not set: no figures of the peer\n");
    return tools;
}

void bench_tools_end(const bench_tools_t *tools) {
    DIR *folder = opendir(tools->folder);
    for (struct dirent *entry; folder && (entry = readdir(folder));)
        if (entry->d_name[0] != '.') unlink(bench_path(tools->folder, entry->d_name));
    if (folder) closedir(folder);
    rmdir(tools->folder);
}

static bool write_rules(const char *path, const bench_rule_t *rule) {
    FILE *file = fopen(path, "w");
    if (!file) return false;
    bool one = rule->inner != NULL;
    fprintf(file, "version: 1\nrules:\n  - %s:\n      interface: %s\n", one ? "between" : "before",
            rule->interface);
    if (one)
        fprintf(file, "      inner: { name: %s }\n      outer: { name: %s }\n", rule->inner,
                rule->outer);
    fprintf(file, "    inject:\n      - { name: bench-hooks, path: \"%s\" }\n", rule->middleware);
    return fclose(file) == 0;
}

bool bench_splice_new(const char *program, const bench_rule_t *rule, const char *in,
                      const char *out, bench_splice_t *splice, bench_child_t *child) {
    const char *const argv[] = {program, "splice", splice->rules, in, "-o", out, NULL};
    memcpy(splice->argv, argv, sizeof argv);
    snprintf(splice->rules, sizeof splice->rules, "%s.yaml", out);
    if (write_rules(splice->rules, rule)) return true;
    *child = (bench_child_t){.message = "the rules file cannot be written"};
    return false;
}

bench_child_t bench_splice_once(const char *program, const bench_rule_t *rule, const char *in,
                                const char *out) {
    bench_splice_t splice;
    bench_contender_t once = {.times = 1};
    if (bench_splice_new(program, rule, in, out, &splice, &once.child)) {
        once.argv = bench_argv(splice.argv);
        bench_take_turns(&once, 1);
    }
    return once.child;
}
