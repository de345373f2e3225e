#include "peer.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum { RUNS = 3 };

static void keep(bench_peer_t *peer, const char *name, double ns) {
    unsigned i = 0;
    while (i < peer->count && strcmp(peer->cases[i].name, name) != 0) i++;
    if (i == PEER_CASES) return;
    if (i == peer->count) {
        snprintf(peer->cases[i].name, sizeof peer->cases[i].name, "%s", name);
        peer->cases[peer->count++].ns = ns;
    } else if (ns < peer->cases[i].ns) peer->cases[i].ns = ns;
}

static bool run_once(bench_peer_t *peer, const char *command) {
    char name[32];
    double ns;
    FILE *out = popen(command, "r");
    if (!out) return false;
    while (fscanf(out, "%31s %lf", name, &ns) == 2) keep(peer, name, ns);
    return pclose(out) == 0;
}

void bench_peer_run(bench_peer_t *peer, const char *what, const char *program,
                    const char *arguments) {
    char command[9000];
    *peer = (bench_peer_t){.what = what};
    if (!program || !*program) {
        snprintf(peer->failure, sizeof peer->failure, "not built");
        return;
    }
    snprintf(command, sizeof command, "'%s' %s", program, arguments);
    for (int i = 0; i < RUNS && !peer->failure[0]; i++)
        if (!run_once(peer, command)) snprintf(peer->failure, sizeof peer->failure, "it failed");
}

bench_subject_t bench_peer_case(const bench_peer_t *peer, const char *name) {
    bench_subject_t subject = {.what = peer->what, .failure = "no such case"};
    if (peer->failure[0]) subject.failure = peer->failure;
    for (unsigned i = 0; i < peer->count; i++) {
        if (strcmp(peer->cases[i].name, name) != 0) continue;
        subject.best = peer->cases[i].ns;
        subject.failure = NULL;
    }
    return subject;
}
