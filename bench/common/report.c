#include "common/report.h"

#include <stdio.h>

bench_report_t bench_report_new(const char *title) {
    return (bench_report_t){.rows = json_array(), .title = title};
}

/* ---- JSON ----------------------------------------------------------------------------------- */

static json_t *number_or_null(double value, const char *failure) {
    return failure ? json_null() : json_real(value);
}

static json_t *reference_json(const bench_reference_t *reference, const bench_row_t *of) {
    json_t *object = json_object();
    json_object_set_new(object, "what", json_string(reference->what));
    json_object_set_new(object, "value", number_or_null(reference->value, reference->failure));
    if (reference->failure) json_object_set_new(object, "failure", json_string(reference->failure));
    else if (!of->failure && reference->value > 0)
        json_object_set_new(object, "ratio", json_real(of->value / reference->value));
    return object;
}

static json_t *peers_json(const bench_row_t *row) {
    json_t *peers = json_array();
    for (int i = 0; i < BENCH_PEERS; i++)
        if (row->peers[i].what) json_array_append_new(peers, reference_json(&row->peers[i], row));
    return peers;
}

/* ---- the table ------------------------------------------------------------------------------ */

static void print_reference(const bench_reference_t *reference, const bench_row_t *of) {
    if (!reference->what) return;
    if (reference->failure) {
        printf("    %s: %s\n", reference->what, reference->failure);
        return;
    }
    printf("    %s: %.4g %s", reference->what, reference->value, of->unit);
    if (!of->failure && reference->value > 0) printf(", ratio %.3g", of->value / reference->value);
    printf("\n");
}

static void print_row(const bench_row_t *row) {
    printf("  %-58s", row->name);
    if (row->failure) printf(" -\n    no figure: %s\n", row->failure);
    else {
        printf(" %9.4g %s", row->value, row->unit);
        if (row->target > 0)
            printf("  %s %.4g", row->value <= row->target ? "within" : "OVER", row->target);
        printf("\n");
    }
    print_reference(&row->floor, row);
    for (int i = 0; i < BENCH_PEERS; i++) print_reference(&row->peers[i], row);
    fflush(stdout);
}

void bench_report_add(bench_report_t *report, bench_row_t row) {
    if (json_array_size(report->rows) == 0) printf("%s\n", report->title);
    print_row(&row);
    json_t *object = json_object();
    json_object_set_new(object, "case", json_string(row.name));
    json_object_set_new(object, "unit", json_string(row.unit));
    json_object_set_new(object, "value", number_or_null(row.value, row.failure));
    if (row.failure) json_object_set_new(object, "failure", json_string(row.failure));
    if (row.target > 0) json_object_set_new(object, "target", json_real(row.target));
    if (row.floor.what) json_object_set_new(object, "floor", reference_json(&row.floor, &row));
    json_object_set_new(object, "peers", peers_json(&row));
    json_array_append_new(report->rows, object);
}

int bench_report_finish(bench_report_t *report, const char *json_path) {
    json_t *whole = json_object();
    json_object_set_new(whole, "title", json_string(report->title));
    json_object_set_new(whole, "rows", report->rows);
    int failed = 0;
    if (json_path)
        failed = json_dump_file(whole, json_path, JSON_INDENT(2) | JSON_REAL_PRECISION(6));
    if (failed) fprintf(stderr, "%s cannot be written\n", json_path);
    json_decref(whole);
    return failed ? 1 : 0;
}
