#include "component/wat.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "common/oracle.h"

void wat_read(wat_t *wat, const char *text) {
    *wat = (wat_t){.bytes = oracle_parse(text)};
    wat->error = weft_document_read(wat->bytes, &wat->document);
    if (!wat->error) wat->error = weft_type_pool_new(&wat->pool);
}

void wat_load(wat_t *wat, const char *text) {
    wat_read(wat, text);
    if (!wat->error) wat->error = weft_typing_scope(wat->pool, wat->document->root, &wat->type);
}

void wat_free(wat_t *wat) {
    weft_error_delete(wat->error);
    weft_document_delete(wat->document);
    weft_type_pool_delete(wat->pool);
    free((void *)(uintptr_t)wat->bytes.ptr);
}

static void describe_list(buf_t *out, const char *heading, const extern_list_t *list, int indent);

static void describe_item(buf_t *out, const extern_item_t *item, int indent) {
    const ctype_t *type = item->type.type;
    weft_buf_printf(out, "%*s%.*s: %s", indent, "", STR_ARG(item->name),
                    weft_extern_type_words(&item->type));
    if (type && type->kind == CTYPE_FUNC) {
        weft_buf_printf(out, " ");
        weft_func_type_print(out, type->func.type);
    } else if (type && type->kind == CTYPE_VALUE) {
        weft_buf_printf(out, " ");
        weft_type_print(out, type->value.type);
    } else if (type && type->kind == CTYPE_RESOURCE) {
        weft_buf_printf(out, " %.*s", STR_ARG(type->resource->name));
    }
    weft_buf_printf(out, "\n");
    if (type && type->kind == CTYPE_INSTANCE) {
        describe_list(out, NULL, &type->instance.exports, indent + 2);
    } else if (type && type->kind == CTYPE_COMPONENT) {
        describe_list(out, "import ", &type->component.imports, indent + 2);
        describe_list(out, "export ", &type->component.exports, indent + 2);
    }
}

static void describe_list(buf_t *out, const char *heading, const extern_list_t *list, int indent) {
    for (uint32_t i = 0; i < list->count; i++) {
        if (heading) weft_buf_printf(out, "%*s%s", indent, "", heading);
        describe_item(out, &list->items[i], heading ? 0 : indent);
    }
}

char *wat_describe(const ctype_t *type) {
    buf_t out = {0};
    describe_list(&out, "import ", &type->component.imports, 0);
    describe_list(&out, "export ", &type->component.exports, 0);
    weft_buf_byte(&out, 0);
    assert_false(out.failed);
    return (char *)out.data;
}

char *wat_error(weft_error_t *error) {
    buf_t out = {0};
    assert_non_null(error);
    weft_buf_str(&out, weft_error_message(error));
    if (weft_error_offset(error) != WEFT_NO_OFFSET)
        weft_buf_printf(&out, " (at %llu)", (unsigned long long)weft_error_offset(error));
    for (size_t i = 0; i < weft_error_note_count(error); i++) {
        weft_buf_printf(&out, "\n");
        weft_buf_str(&out, weft_error_note(error, i));
    }
    weft_buf_byte(&out, 0);
    weft_error_delete(error);
    assert_false(out.failed);
    return (char *)out.data;
}
