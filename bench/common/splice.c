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

/* Writes the rules file, or says that it could not. */
static bool prepare(const bench_tools_t *tools, const bench_rule_t *rule, const char **rules,
                    bench_child_t *child) {
    *rules = bench_path(tools->folder, "rules.yaml");
    if (write_rules(*rules, rule)) return true;
    *child = (bench_child_t){0};
    snprintf(child->message, sizeof child->message, "the rules file cannot be written");
    return false;
}

/* argv is not written to, posix_spawn only says so less strictly */
#define SPLICE_ARGV(program, rules, in, out)                                                       \
    ((char *const *)(const char *[]){program, "splice", rules, in, "-o", out, NULL})

bench_child_t bench_splice(const bench_tools_t *tools, const char *program,
                           const bench_rule_t *rule, const char *in, const char *out,
                           unsigned times) {
    const char *rules;
    bench_child_t child;
    if (!prepare(tools, rule, &rules, &child)) return child;
    return bench_run(SPLICE_ARGV(program, rules, in, out), times);
}

bench_child_t bench_splice_count(const bench_tools_t *tools, const char *program,
                                 const bench_rule_t *rule, const char *in, const char *out,
                                 double *instructions) {
    const char *rules;
    bench_child_t child;
    if (!prepare(tools, rule, &rules, &child)) return child;
    return bench_count(SPLICE_ARGV(program, rules, in, out), instructions);
}
