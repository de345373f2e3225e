#include "common/contest.h"

#include "common/measure.h"

enum { ROUNDS = 100 };

static void take_turn(bench_subject_t *subject, bool first) {
    if (!subject->what || subject->failure || !subject->run) return;
    double start = bench_now();
    subject->run(subject->with, subject->times);
    double each = (bench_now() - start) * 1e9 / subject->times;
    if (first || each < subject->best) subject->best = each;
}

void bench_contest(bench_subject_t *const subjects[], size_t count) {
    for (unsigned round = 0; round < ROUNDS; round++)
        for (size_t i = 0; i < count; i++) take_turn(subjects[i], round == 0);
}

bench_reference_t bench_subject_reference(const bench_subject_t *subject) {
    return (bench_reference_t){subject->what, subject->best, subject->failure};
}
