#include "component/validate/limits.h"

typedef struct counts {
    uint32_t defined;        /* core modules and components, at any depth */
    uint32_t most_instances; /* instances, core and component, of the body that has most */
} counts_t;

static weft_error_t *count(scope_t *scope, counts_t *counts) {
    uint32_t instances = 0;
    for (def_t *def = scope->first; def; def = def->next) {
        scope_t *body;
        if (def->sort == SORT_INSTANCE || def->sort == SORT_CORE_INSTANCE) instances++;
        if (def->kind == DEF_CORE_MODULE) counts->defined++;
        if (def->kind != DEF_COMPONENT) continue;
        counts->defined++;
        TRY(weft_component_body(def, &body));
        TRY(count(body, counts));
    }
    if (instances > counts->most_instances) counts->most_instances = instances;
    return NULL;
}

static void check(findings_t *findings, const char *what, uint32_t has, uint32_t most) {
    if (has <= most) return;
    weft_error_t *error =
        weft_error_new(WEFT_LIMIT, "the output has %u %s; engines allow %u", has, what, most);
    weft_findings_add(findings,
                      weft_error_with_note(error, "Wasmtime and the tools built on wasmparser "
                                                  "refuse such a file"));
}

weft_error_t *weft_document_check_limits(document_t *document, findings_t *findings) {
    counts_t counts = {0};
    TRY(count(document->root, &counts));
    check(findings, "core modules and components", counts.defined, ENGINE_MAX_DEFINED);
    check(findings, "instances in one component", counts.most_instances, ENGINE_MAX_INSTANCES);
    return NULL;
}
