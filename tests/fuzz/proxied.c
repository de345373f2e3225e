/* Proxies between the levels of a world: a level's instance is taken by the others, and by the host, through a
 * component that passes everything on (weave/proxy/proxy.h). The host may take the last one through one more, which has text
 * for bytes. */
#include "component/edit/build.h"
#include "fuzz/world.h"
#include "weave/proxy/proxy.h"

/* A level's instance or the export of one, and the bytes of a proxy of it. */
typedef struct passed {
    def_t *def;
    buf_t bytes;
} passed_t;

typedef struct passing {
    document_t *document;
    type_pool_t *pool;
    passed_t items[MAX_LEVELS + 1];
    uint32_t count;
} passing_t;

static void make_proxy(passing_t *passing, def_t *def, def_t *instance, bool text) {
    extern_item_t item = {.name = STR_LIT("up")};
    proxy_options_t options = {.bytes = text ? PROXY_TEXT : PROXY_BYTES};
    passed_t *passed = &passing->items[passing->count++];
    passed->def = def;
    must(weft_typing_def(passing->pool, instance, &item.type));
    must(weft_proxy_make(passing->pool, &item, 1, &options, &passed->bytes));
}

/* The types of the other levels are those that the levels above them mention. */
static bool is_last_export(const def_t *def) {
    if (def->kind != DEF_EXPORT) return false;
    for (const def_t *later = def->next; later; later = later->next)
        if (later->kind == DEF_EXPORT) return false;
    return true;
}

static void make_proxies(passing_t *passing, random_source_t *source) {
    for (def_t *def = passing->document->root->first; def; def = def->next) {
        bool is_level = def->kind == DEF_INSTANTIATE && def->name.len && def->name.ptr[0] == 'c';
        if (is_level && random_below(source, 3)) make_proxy(passing, def, def, false);
        if (is_last_export(def) && random_below(source, 2))
            make_proxy(passing, def, def->export_.target, true);
    }
}

static void repoint(def_t *from, def_t *to) {
    for (def_t *def = to->next; def; def = def->next) {
        if (def->kind == DEF_EXPORT && def->export_.target == from) def->export_.target = to;
        for (uint32_t i = 0; def->kind == DEF_INSTANTIATE && i < def->instantiate.count; i++)
            if (def->instantiate.args[i].def == from) def->instantiate.args[i].def = to;
    }
}

static void put(const passed_t *passed) {
    bool is_export = passed->def->kind == DEF_EXPORT;
    def_t *component, *instance = is_export ? passed->def->export_.target : passed->def;
    builder_t b = {instance->scope, is_export ? passed->def : instance->next, NULL};
    must(weft_component_adopt(b.scope, weft_buf_as_bytes(&passed->bytes), &component));
    weft_def_insert(b.scope, b.before, component);
    named_def_t up = weft_named(STR_LIT("up"), instance);
    def_t *proxy = weft_build_instance(&b, component, &up, 1);
    def_t *passed_on = weft_build_alias(&b, SORT_INSTANCE, proxy, STR_LIT("up"));
    must(b.error);
    if (is_export) passed->def->export_.target = passed_on;
    else repoint(instance, passed_on);
}

void put_proxies(weft_bytes_t component, random_source_t *source, buf_t *out) {
    passing_t passing = {0};
    pieces_t pieces;
    must(weft_document_read(component, &passing.document));
    must(weft_type_pool_new(&passing.pool));
    make_proxies(&passing, source);
    for (uint32_t i = 0; i < passing.count; i++) put(&passing.items[i]);
    must(weft_document_write(passing.document, &pieces));
    must(weft_pieces_join(&pieces, out));
    weft_pieces_free(&pieces);
    weft_document_delete(passing.document);
    weft_type_pool_delete(passing.pool);
    for (uint32_t i = 0; i < passing.count; i++) weft_buf_free(&passing.items[i].bytes);
}
