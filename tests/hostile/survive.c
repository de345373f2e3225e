#include "hostile/survive.h"

#include <stdio.h>
#include <stdlib.h>

#include "component/validate/validate.h"
#include "component/wit/wit.h"
#include "core/read.h"
#include "graph/render.h"
#include "value/validate.h"
#include "weave/proxy/proxy.h"

typedef struct course {
    survival_t *survival;
    document_t *document;
    char *wrong;
} course_t;

const char *survive_step_words(step_t step) {
    static const char *const words[STEP_COUNT] = {
        "read", "bodies", "modules", "type", "wit", "validate", "proxy", "graph", "write", "again"};
    return words[step];
}

static void complain(course_t *course, step_t step, const char *what, weft_error_t *error) {
    char text[512];
    weft_str_t message = error ? weft_error_message(error) : weft_str("");
    snprintf(text, sizeof text, "%s: %s: %.*s", survive_step_words(step), what, (int)message.len,
             message.len ? message.ptr : "");
    if (!course->wrong) course->wrong = strdup(text);
}

/* Says what is wrong with an error and deletes it. Only two have no place in the file: that there is nothing in
 * it, and that it is something else as a whole. */
static void judge(course_t *course, step_t step, weft_bytes_t bytes, weft_error_t *error) {
    static const uint8_t module[8] = {0, 'a', 's', 'm', 1, 0, 0, 0};
    if (!error) {
        course->survival->done[step] = true;
        return;
    }
    bool whole = bytes.len == 0 || (bytes.len >= 8 && memcmp(bytes.ptr, module, 8) == 0);
    if (weft_error_code(error) == WEFT_INTERNAL) complain(course, step, "internal error", error);
    else if (weft_error_offset(error) == WEFT_NO_OFFSET && !whole)
        complain(course, step, "an error without offset", error);
    else if (weft_error_offset(error) != WEFT_NO_OFFSET && weft_error_offset(error) > bytes.len)
        complain(course, step, "an offset behind the end", error);
    weft_error_delete(error);
}

/* ---- steps -------------------------------------------------------------------------------------- */

static weft_error_t *parse_bodies(scope_t *scope) {
    for (def_t *def = scope->first; def; def = def->next) {
        scope_t *body;
        if (def->kind != DEF_COMPONENT) continue;
        TRY(weft_component_body(def, &body));
        TRY(parse_bodies(body));
    }
    return NULL;
}

static weft_error_t *look_into_module(arena_t *arena, const uint8_t *file, weft_bytes_t bytes) {
    core_module_t *module;
    const core_import_t *imports;
    const core_export_t *exports, *found;
    uint32_t count;
    bool has_start;
    TRY(weft_core_module_open(arena, file, bytes, &module));
    TRY(weft_core_module_imports(module, &imports, &count));
    TRY(weft_core_module_exports(module, &exports, &count));
    for (uint32_t i = 0; i < count; i++) {
        core_item_t type;
        TRY(weft_core_module_export(module, exports[i].name, &found));
        TRY(weft_core_module_type(module, exports[i].kind, exports[i].index, &type));
    }
    for (core_kind_t kind = CORE_FUNC; kind <= CORE_TAG; kind++)
        TRY(weft_core_module_count(module, kind, &count));
    return weft_core_module_start(module, &has_start, &count);
}

static weft_error_t *look_into_modules(arena_t *arena, const scope_t *scope) {
    for (def_t *def = scope->first; def; def = def->next) {
        if (def->kind == DEF_CORE_MODULE) TRY(look_into_module(arena, scope->file.ptr, def->bytes));
        if (def->kind == DEF_COMPONENT && def->component.body)
            TRY(look_into_modules(arena, def->component.body));
    }
    return NULL;
}

static weft_error_t *show_types(const ctype_t *type) {
    wit_t wit;
    buf_t out = {0};
    size_t count;
    TRY(weft_wit_collect(type, &wit));
    weft_error_t *error = weft_wit_text(&wit, NULL, NULL, &out, &count);
    weft_wit_free(&wit);
    weft_buf_free(&out);
    return error;
}

/* What cannot be passed on is no fault of the bytes: such errors have no offset. */
static void pass_on(course_t *course, type_pool_t *pool, const extern_list_t *items,
                    proxy_bytes_t bytes) {
    proxy_options_t options = {.bytes = bytes};
    buf_t made = {0};
    weft_error_t *error = weft_proxy_make(pool, items->items, items->count, &options, &made);
    if (weft_error_code(error) == WEFT_INTERNAL)
        complain(course, STEP_PROXY, "internal error", error);
    else if (!error) {
        error = weft_validate_bytes(weft_buf_as_bytes(&made));
        if (error) complain(course, STEP_PROXY, "it is not valid", error);
        else course->survival->done[STEP_PROXY] = true;
    }
    weft_error_delete(error);
    weft_buf_free(&made);
}

static void type_all(course_t *course, weft_bytes_t bytes) {
    type_pool_t *pool;
    const ctype_t *type;
    weft_error_t *error = weft_type_pool_new(&pool);
    if (error) {
        judge(course, STEP_TYPE, bytes, error);
        return;
    }
    judge(course, STEP_TYPE, bytes, weft_typing_scope(pool, course->document->root, &type));
    if (course->survival->done[STEP_TYPE]) {
        judge(course, STEP_WIT, bytes, show_types(type));
        judge(course, STEP_VALIDATE, bytes, weft_validate_all(pool, course->document));
    }
    if (course->survival->done[STEP_VALIDATE]) {
        pass_on(course, pool, &type->component.imports, PROXY_BYTES);
        pass_on(course, pool, &type->component.exports, PROXY_TEXT);
        pass_on(course, pool, &type->component.exports, PROXY_PLACES);
    }
    course->survival->used += weft_type_pool_arena(pool)->used;
    weft_type_pool_delete(pool);
}

static weft_error_t *show_graph(graph_t *graph) {
    view_t *view;
    buf_t out = {0};
    TRY(weft_view_new(graph, DETAIL_FULL, weft_str("title"), 80, weft_str(""), &view));
    weft_error_t *error = weft_render_text(view, &out);
    weft_view_delete(view);
    weft_buf_free(&out);
    return error;
}

static weft_error_t *draw(course_t *course) {
    graph_t *graph;
    weft_error_t *error = NULL;
    TRY(weft_graph_new(course->document, &graph));
    for (uint32_t i = 0; i < graph->edge_count && !error; i++)
        error = weft_edge_members(graph, &graph->edges[i]);
    if (!error) error = show_graph(graph);
    course->survival->used += graph->arena.used;
    weft_graph_delete(graph);
    return error;
}

static weft_error_t *write_all(document_t *document, buf_t *out) {
    pieces_t pieces;
    TRY(weft_document_edit_all(document));
    TRY(weft_document_write(document, &pieces));
    weft_error_t *error = weft_pieces_join(&pieces, out);
    weft_pieces_free(&pieces);
    return error;
}

static weft_error_t *read_and_write(weft_bytes_t bytes, buf_t *out) {
    document_t *document;
    TRY(weft_document_read(bytes, &document));
    weft_error_t *error = write_all(document, out);
    weft_document_delete(document);
    return error;
}

static void write_twice(course_t *course, weft_bytes_t bytes) {
    buf_t once = {0}, twice = {0};
    judge(course, STEP_WRITE, bytes, write_all(course->document, &once));
    if (course->survival->done[STEP_WRITE]) {
        weft_error_t *error = read_and_write(weft_buf_as_bytes(&once), &twice);
        if (error) complain(course, STEP_AGAIN, "what was written is refused", error);
        else if (once.len != twice.len || memcmp(once.data, twice.data, once.len) != 0)
            complain(course, STEP_AGAIN, "what was written comes back different", NULL);
        else course->survival->done[STEP_AGAIN] = true;
        weft_error_delete(error);
    }
    weft_buf_free(&once);
    weft_buf_free(&twice);
}

char *survive(weft_bytes_t bytes, survival_t *survival) {
    course_t course = {.survival = survival};
    *survival = (survival_t){0};
    judge(&course, STEP_READ, bytes, weft_document_read(bytes, &course.document));
    if (!survival->done[STEP_READ]) return course.wrong;
    judge(&course, STEP_GRAPH, bytes, draw(&course));
    type_all(&course, bytes);
    judge(&course, STEP_BODIES, bytes, parse_bodies(course.document->root));
    arena_t arena = {0};
    judge(&course, STEP_MODULES, bytes, look_into_modules(&arena, course.document->root));
    survival->used += course.document->arena.used + arena.used;
    weft_arena_free(&arena);
    write_twice(&course, bytes);
    weft_document_delete(course.document);
    return course.wrong;
}
