/* Proxies between the levels of a world: each level's instance is taken by the others, and by the host, through a
 * component that passes everything on (weave/proxy.h). */
#include "component/build.h"
#include "fuzz/world.h"
#include "weave/proxy.h"

/* A level's instance, and the bytes of a proxy of it. */
typedef struct passed {
    def_t *instance;
    buf_t bytes;
} passed_t;

typedef struct passing {
    document_t *document;
    type_pool_t *pool;
    passed_t levels[MAX_LEVELS];
    uint32_t count;
} passing_t;

static void make_proxies(passing_t *passing, random_source_t *source) {
    for (def_t *def = passing->document->root->first; def; def = def->next) {
        bool is_level = def->kind == DEF_INSTANTIATE && def->name.len && def->name.ptr[0] == 'c';
        if (!is_level || random_below(source, 3) == 0) continue;
        extern_item_t item = {.name = STR_LIT("up")};
        passed_t *passed = &passing->levels[passing->count++];
        passed->instance = def;
        must(weft_typing_def(passing->pool, def, &item.type));
        must(weft_proxy_make(passing->pool, &item, 1, NULL, &passed->bytes));
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
    def_t *instance = passed->instance, *component;
    builder_t b = {instance->scope, instance->next, NULL};
    must(weft_component_adopt(b.scope, weft_buf_as_bytes(&passed->bytes), &component));
    weft_def_insert(b.scope, b.before, component);
    named_def_t up = weft_named(STR_LIT("up"), instance);
    def_t *proxy = weft_build_instance(&b, component, &up, 1);
    def_t *passed_on = weft_build_alias(&b, SORT_INSTANCE, proxy, STR_LIT("up"));
    must(b.error);
    repoint(instance, passed_on);
}

void put_proxies(weft_bytes_t component, random_source_t *source, buf_t *out) {
    passing_t passing = {0};
    pieces_t pieces;
    must(weft_document_read(component, &passing.document));
    must(weft_type_pool_new(&passing.pool));
    make_proxies(&passing, source);
    for (uint32_t i = 0; i < passing.count; i++) put(&passing.levels[i]);
    must(weft_document_write(passing.document, &pieces));
    must(weft_pieces_join(&pieces, out));
    weft_pieces_free(&pieces);
    weft_document_delete(passing.document);
    weft_type_pool_delete(passing.pool);
    for (uint32_t i = 0; i < passing.count; i++) weft_buf_free(&passing.levels[i].bytes);
}
