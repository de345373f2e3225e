/* The figures of one program, as a table on standard output and as JSON in a file. */
#ifndef WEFT_BENCH_REPORT_H
#define WEFT_BENCH_REPORT_H

#include <jansson.h>

typedef struct bench_report {
    json_t *rows;
    const char *title;
} bench_report_t;

/* What a figure is held against; `what` NULL: nothing. */
typedef struct bench_reference {
    const char *what;    /* "copying the file", "splicer" */
    double value;        /* in the row's unit */
    const char *failure; /* why there is no value; NULL: there is one */
} bench_reference_t;

enum { BENCH_PEERS = 4 };

typedef struct bench_row {
    const char *name;
    const char *unit;
    double value;
    const char *failure; /* why there is no value; NULL: there is one */
    double target;       /* to stay at or below; 0: none */
    bench_reference_t floor, peers[BENCH_PEERS];
} bench_row_t;

bench_report_t bench_report_new(const char *title);
void bench_report_add(bench_report_t *report, bench_row_t row);

/* Prints the table; writes the rows to `json_path` unless NULL. Frees the report; 0 when all went well. */
int bench_report_finish(bench_report_t *report, const char *json_path);

#endif
