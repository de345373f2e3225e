/* <weft/splice.h> */
#include <weft/splice.h>

#include "component/public.h"
#include "splice/splice.h"
#include "support/alloc.h"

/* The middleware's files, open until the job is done. */
typedef struct open_files {
    VEC(file_t) items;
} open_files_t;

static weft_error_t *open_file(void *context, const char *path, weft_bytes_t *bytes) {
    open_files_t *files = context;
    file_t file;
    TRY(weft_file_open(path, &file));
    weft_error_t *error = VEC_PUSH(&files->items, file);
    if (error) weft_file_close(&file);
    else *bytes = file.bytes;
    return error;
}

/* A splice with what it stands on. */
typedef struct job {
    document_t *document;
    open_files_t files;
    splice_t splice;
} job_t;

static how_t how_of(weft_splice_how_t how) {
    return how == WEFT_HOW_WEAVE ? HOW_WEAVE : how == WEFT_HOW_PROXY ? HOW_PROXY : HOW_AUTO;
}

static weft_error_t *begin(job_t *job, const weft_component_t *component, const char *rules_name,
                           weft_str_t rules, const weft_splice_options_t *given, bool need_files) {
    static const weft_splice_options_t defaults = {.how = WEFT_HOW_AUTO};
    if (!given) given = &defaults;
    splice_options_t options = {
        .plan = {.how = how_of(given->how),
                 .strict = given->strict,
                 .allow_unmatched = given->allow_unmatched,
                 .need_files = need_files},
        .apply = {.skip_type_check = given->skip_type_check},
        .opener = {open_file, &job->files},
        .builtins_dir = given->builtins_dir,
    };
    TRY(weft_document_read(component->bytes, &job->document));
    return weft_splice_plan(weft_str(rules_name), rules, job->document, STR_LIT("component"),
                            &options, &job->splice);
}

static void end(job_t *job, weft_error_t **warnings) {
    weft_error_t *list = weft_splice_take_warnings(&job->splice);
    if (warnings) *warnings = list;
    else weft_error_delete(list);
    weft_splice_free(&job->splice);
    weft_document_delete(job->document);
    for (size_t i = 0; i < job->files.items.count; i++) weft_file_close(&job->files.items.items[i]);
    VEC_FREE(&job->files.items);
}

weft_error_t *weft_splice(const weft_component_t *component, const char *rules_name,
                          weft_str_t rules, const weft_splice_options_t *options,
                          weft_component_t **result, weft_error_t **warnings) {
    job_t job = {0};
    weft_error_t *error = begin(&job, component, rules_name, rules, options, true);
    if (!error) error = weft_splice_apply(&job.splice);
    if (!error) error = weft_component_of(job.document, result);
    end(&job, warnings);
    return error;
}

weft_error_t *weft_splice_explain(const weft_component_t *component, const char *rules_name,
                                  weft_str_t rules, const weft_splice_options_t *options, bool json,
                                  char **text, weft_error_t **warnings) {
    job_t job = {0};
    buf_t out = {0};
    weft_error_t *error = begin(&job, component, rules_name, rules, options, false);
    if (!error)
        error =
            json ? weft_plan_json(&job.splice.plan, &out) : weft_plan_text(&job.splice.plan, &out);
    if (!error) error = weft_text_of(&out, text);
    else weft_buf_free(&out);
    end(&job, warnings);
    return error;
}
