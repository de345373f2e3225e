#include "cli/splice_wac.h"

#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>

#include "splice/wac.h"
#include "support/file.h"

/* wac looks for the package part:NAME in its folder of dependencies as part/NAME.wasm. */
static weft_error_t *make_folder(const char *path) {
    if (mkdir(path, 0777) == 0 || errno == EEXIST) return NULL;
    return weft_error_with_file(
        weft_error_new(WEFT_IO, "cannot make the folder: %s", strerror(errno)), weft_str(path));
}

static weft_error_t *write_part(const char *folder, const wac_part_t *part) {
    buf_t path = {0};
    weft_buf_printf(&path, "%s/part/%.*s.wasm", folder, STR_ARG(part->name));
    weft_buf_byte(&path, '\0');
    weft_error_t *error =
        path.failed ? weft_error_oom() : weft_file_write((const char *)path.data, &part->bytes, 1);
    weft_buf_free(&path);
    return error;
}

static weft_error_t *write_parts(const char *folder, const wac_t *wac) {
    buf_t inner = {0};
    weft_buf_printf(&inner, "%s/part", folder);
    weft_buf_byte(&inner, '\0');
    weft_error_t *error = inner.failed ? weft_error_oom() : make_folder(folder);
    if (!error) error = make_folder((const char *)inner.data);
    for (size_t i = 0; i < wac->parts.count && !error; i++)
        error = write_part(folder, &wac->parts.items[i]);
    weft_buf_free(&inner);
    return error;
}

/* The aliases that rules give to nodes of the outermost level. */
typedef struct aliases {
    VEC(wac_alias_t) items;
} aliases_t;

static weft_error_t *add_alias(aliases_t *aliases, const node_t *node, const text_t *alias) {
    if (!node || node->parent || !alias->str.len) return NULL;
    return VEC_PUSH(&aliases->items, (wac_alias_t){node->name, alias->str});
}

static weft_error_t *find_aliases(const plan_t *plan, aliases_t *aliases) {
    for (uint32_t s = 0; s < plan->step_count; s++) {
        const plan_step_t *step = &plan->steps[s];
        for (uint32_t i = 0; i < step->edge_count; i++) {
            const edge_t *edge = step->edges[i].edge;
            TRY(add_alias(aliases, edge->provider, &step->rule->provider.alias));
            TRY(add_alias(aliases, edge->consumer, &step->rule->consumer.alias));
        }
    }
    return NULL;
}

static weft_error_t *write_document(const char *path, const char *folder, const wac_t *wac) {
    buf_t head = {0};
    if (strcmp(path, "-") == 0) {
        fwrite(wac->text.data, 1, wac->text.len, stdout);
        return NULL;
    }
    weft_buf_printf(&head, "// wac compose --deps-dir %s %s -o composed.wasm\n", folder, path);
    weft_bytes_t pieces[2] = {weft_buf_as_bytes(&head), weft_buf_as_bytes(&wac->text)};
    weft_error_t *error = head.failed ? weft_error_oom() : weft_file_write(path, pieces, 2);
    weft_buf_free(&head);
    return error;
}

bool weft_emits_wac(const invocation_t *invocation) {
    return weft_option(invocation, "emit-wac") || weft_option_given(invocation, "splits-dir");
}

weft_error_t *weft_emit_wac(const invocation_t *invocation, splice_t *splice) {
    const char *path = weft_option(invocation, "emit-wac"),
               *folder = weft_option(invocation, "splits-dir");
    aliases_t aliases = {0};
    wac_t wac = {0};
    weft_error_t *error = find_aliases(&splice->plan, &aliases);
    if (!error)
        error = weft_wac_make(splice->document, weft_str(weft_option(invocation, "package")),
                              aliases.items.items, aliases.items.count, &wac);
    if (!error) error = write_parts(folder, &wac);
    if (!error && path) error = write_document(path, folder, &wac);
    weft_wac_free(&wac);
    VEC_FREE(&aliases.items);
    return error;
}
