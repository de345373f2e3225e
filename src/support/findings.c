#include "support/findings.h"

static bool is_known(const findings_t *findings, const weft_error_t *error) {
    for (size_t i = 0; i < findings->count && i < FINDINGS_KEPT; i++)
        if (weft_error_same(findings->kept[i], error)) return true;
    return false;
}

void weft_findings_add(findings_t *findings, weft_error_t *error) {
    if (!error) return;
    if (is_known(findings, error)) weft_error_delete(error);
    else if (weft_error_code(error) == WEFT_NO_MEMORY) findings->oom = error;
    else if (findings->count < FINDINGS_KEPT) findings->kept[findings->count++] = error;
    else {
        findings->count++;
        weft_error_delete(error);
    }
}

void weft_findings_add_all(findings_t *findings, findings_t *from) {
    for (size_t i = 0; i < from->count && i < FINDINGS_KEPT; i++)
        weft_findings_add(findings, from->kept[i]);
    if (from->count > FINDINGS_KEPT) findings->count += from->count - FINDINGS_KEPT;
    weft_findings_add(findings, from->oom);
    *from = (findings_t){0};
}

static bool stands_before(const weft_error_t *a, const weft_error_t *b) {
    if (weft_error_line(a) != weft_error_line(b)) return weft_error_line(a) < weft_error_line(b);
    return weft_error_column(a) < weft_error_column(b);
}

/* Few and nearly in order: insertion. */
static void sort(weft_error_t **errors, size_t count) {
    for (size_t i = 1; i < count; i++) {
        weft_error_t *error = errors[i];
        size_t at = i;
        for (; at > 0 && stands_before(error, errors[at - 1]); at--) errors[at] = errors[at - 1];
        errors[at] = error;
    }
}

weft_error_t *weft_findings_take(findings_t *findings) {
    size_t kept = findings->count < FINDINGS_KEPT ? findings->count : FINDINGS_KEPT;
    sort(findings->kept, kept);
    weft_error_t *list = NULL;
    for (size_t i = kept; i-- > 0;) list = weft_error_join(findings->kept[i], list);
    if (findings->count > kept)
        list = weft_error_join(list, weft_error_new(weft_error_code(list),
                                                    "%zu more problems are not shown",
                                                    findings->count - kept));
    if (findings->oom) list = weft_error_join(list, findings->oom);
    *findings = (findings_t){0};
    return list;
}

void weft_findings_free(findings_t *findings) {
    weft_error_delete(weft_findings_take(findings));
}
