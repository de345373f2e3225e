/* What was wired to what, as text and as JSON. */
#include <jansson.h>

#include "compose/compose.h"
#include "support/alloc.h"

/* ---- text ----------------------------------------------------------------------------------- */

static size_t widest_import(const compose_t *compose) {
    size_t width = 0;
    for (size_t i = 0; i < compose->unit_count; i++)
        for (uint32_t k = 0; k < compose->units[i].want_count; k++)
            if (compose->units[i].wants[k].name.len > width)
                width = compose->units[i].wants[k].name.len;
    return width < 48 ? width : 48;
}

/* Names come from components, which may be anyone's. */
static void put(buf_t *out, const char *before, weft_str_t name, const char *after) {
    weft_buf_str(out, weft_str(before));
    weft_buf_plain(out, name);
    weft_buf_str(out, weft_str(after));
}

static void put_want(buf_t *out, const want_t *want, size_t width) {
    put(out, "  ", want->name, "");
    for (size_t i = want->name.len; i < width; i++) weft_buf_byte(out, ' ');
    put(out, "  from ", want->offer ? want->offer->unit->name : STR_LIT("the host"), "");
    if (want->offer && !weft_str_eq(want->offer->name, want->name))
        put(out, ", as ", want->offer->name, "");
    if (!want->offer && !weft_str_eq(want->leftover->name->name, want->name))
        put(out, ", as ", want->leftover->name->name, "");
    weft_buf_byte(out, '\n');
}

weft_error_t *weft_compose_plan_text(const compose_t *compose, buf_t *out) {
    size_t width = widest_import(compose);
    for (size_t i = 0; i < compose->order.count; i++) {
        const unit_t *unit = compose->order.items[i];
        put(out, "", unit->name, " (");
        put(out, "", unit->path, ")\n");
        for (uint32_t k = 0; k < unit->want_count; k++) put_want(out, &unit->wants[k], width);
    }
    weft_buf_printf(out, "imports of the result%s\n", compose->leftovers.count ? "" : ": none");
    for (size_t i = 0; i < compose->leftovers.count; i++) {
        const leftover_t *left = compose->leftovers.items[i];
        put(out, "  ", left->name->name, left->full ? "\n" : "  (its types only)\n");
    }
    weft_buf_printf(out, "exports of the result%s\n", compose->exports.count ? "" : ": none");
    for (size_t i = 0; i < compose->exports.count; i++) {
        const offer_t *offer = compose->exports.items[i];
        put(out, "  ", offer->name, "  of ");
        put(out, "", offer->unit->name, "\n");
    }
    return out->failed ? weft_error_oom() : NULL;
}

/* ---- JSON ----------------------------------------------------------------------------------- */

static json_t *str(weft_str_t text) {
    return json_stringn(text.ptr ? text.ptr : "", text.len);
}

static json_t *want_json(const want_t *want) {
    json_t *provider = want->offer ? str(want->offer->unit->name) : json_null();
    json_t *as = str(want->offer ? want->offer->name : want->leftover->name->name);
    return json_pack("{s:o, s:o, s:o}", "import", str(want->name), "provider", provider, "as", as);
}

static json_t *unit_json(const unit_t *unit) {
    json_t *imports = json_array();
    for (uint32_t k = 0; k < unit->want_count; k++)
        json_array_append_new(imports, want_json(&unit->wants[k]));
    return json_pack("{s:o, s:o, s:o}", "name", str(unit->name), "path", str(unit->path), "imports",
                     imports);
}

weft_error_t *weft_compose_plan_json(const compose_t *compose, buf_t *out) {
    json_t *nodes = json_array(), *imports = json_array(), *exports = json_array();
    for (size_t i = 0; i < compose->order.count; i++)
        json_array_append_new(nodes, unit_json(compose->order.items[i]));
    for (size_t i = 0; i < compose->leftovers.count; i++) {
        const leftover_t *left = compose->leftovers.items[i];
        json_array_append_new(imports, json_pack("{s:o, s:b}", "name", str(left->name->name),
                                                 "types-only", left->full == 0));
    }
    for (size_t i = 0; i < compose->exports.count; i++) {
        const offer_t *offer = compose->exports.items[i];
        json_array_append_new(exports, json_pack("{s:o, s:o}", "name", str(offer->name), "node",
                                                 str(offer->unit->name)));
    }
    json_t *document =
        json_pack("{s:o, s:o, s:o}", "nodes", nodes, "imports", imports, "exports", exports);
    char *text = document ? json_dumps(document, JSON_INDENT(2)) : NULL;
    json_decref(document);
    if (!text) return weft_error_oom();
    weft_buf_printf(out, "%s\n", text);
    free(text);
    return out->failed ? weft_error_oom() : NULL;
}
