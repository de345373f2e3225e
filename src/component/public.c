#include "component/public.h"

#include "component/types/typing.h"
#include "component/wit/wit.h"
#include "support/alloc.h"

/* ---- making them ---- */

static weft_error_t *new_component(weft_component_t **component) {
    *component = weft_alloc_zero(1, sizeof **component);
    return *component ? NULL : weft_error_oom();
}

/* Reads the bytes that are set; the component is deleted after an error. */
static weft_error_t *read_bytes(weft_component_t *made, weft_component_t **component) {
    weft_error_t *error = weft_document_read(made->bytes, &made->document);
    if (error) weft_component_delete(made);
    else *component = made;
    return error;
}

weft_error_t *weft_component_load(const char *path, weft_component_t **component) {
    weft_component_t *made;
    TRY(new_component(&made));
    weft_error_t *error = weft_file_open(path, &made->file);
    if (error) {
        weft_free(made);
        return error;
    }
    made->bytes = made->file.bytes;
    return weft_error_with_file(read_bytes(made, component), weft_str(path));
}

weft_error_t *weft_component_read(weft_bytes_t bytes, weft_component_t **component) {
    weft_component_t *made;
    TRY(new_component(&made));
    made->bytes = bytes;
    return read_bytes(made, component);
}

weft_error_t *weft_component_of(document_t *document, weft_component_t **component) {
    weft_component_t *made;
    pieces_t pieces;
    TRY(weft_document_write(document, &pieces));
    weft_error_t *error = new_component(&made);
    if (!error) {
        error = weft_pieces_join(&pieces, &made->made);
        if (error) weft_component_delete(made);
    }
    weft_pieces_free(&pieces);
    TRY(error);
    made->bytes = weft_buf_as_bytes(&made->made);
    return read_bytes(made, component);
}

void weft_component_delete(weft_component_t *component) {
    if (!component) return;
    weft_document_delete(component->document);
    weft_file_close(&component->file);
    weft_buf_free(&component->made);
    weft_free(component);
}

/* ---- asking them ---- */

weft_error_t *weft_text_of(buf_t *buf, char **text) {
    weft_buf_byte(buf, '\0');
    if (buf->failed) {
        weft_buf_free(buf);
        return weft_error_oom();
    }
    *text = (char *)buf->data;
    return NULL;
}

weft_bytes_t weft_component_bytes(const weft_component_t *component) {
    return component->bytes;
}

weft_error_t *weft_component_save(const weft_component_t *component, const char *path) {
    return weft_file_write(path, &component->bytes, 1);
}

static weft_error_t *wit_of(type_pool_t *pool, document_t *document, char **text) {
    const ctype_t *type;
    wit_t wit = {0};
    buf_t out = {0};
    size_t count;
    TRY(weft_typing_scope(pool, document->root, &type));
    weft_error_t *error = weft_wit_collect(type, &wit);
    if (!error) error = weft_wit_text(&wit, NULL, NULL, &out, &count);
    weft_wit_free(&wit);
    if (error) {
        weft_buf_free(&out);
        return error;
    }
    return weft_text_of(&out, text);
}

weft_error_t *weft_component_wit(weft_component_t *component, char **text) {
    type_pool_t *pool;
    document_t *document;
    TRY(weft_type_pool_new(&pool));
    weft_error_t *error = weft_document_read(component->bytes, &document);
    if (!error) {
        error = wit_of(pool, document, text);
        weft_document_delete(document);
    }
    weft_type_pool_delete(pool);
    return error;
}

weft_error_t *weft_component_reencode(const weft_component_t *component,
                                      weft_component_t **reencoded) {
    document_t *document;
    TRY(weft_document_read(component->bytes, &document));
    weft_error_t *error = weft_document_edit_all(document);
    if (!error) error = weft_component_of(document, reencoded);
    weft_document_delete(document);
    return error;
}
