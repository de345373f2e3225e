#include "value/validate.h"

#include "abi/validate.h"
#include "component/validate/validate.h"
#include "value/literal.h"

weft_error_t *weft_validate_all(type_pool_t *pool, document_t *document) {
    TRY(weft_validate(pool, document));
    TRY(weft_abi_validate(pool, document));
    return weft_literals_validate(document);
}

weft_error_t *weft_validate_bytes(weft_bytes_t component) {
    document_t *document = NULL;
    type_pool_t *pool = NULL;
    weft_error_t *error = weft_document_read(component, &document);
    if (!error) error = weft_type_pool_new(&pool);
    if (!error) error = weft_validate_all(pool, document);
    weft_document_delete(document);
    weft_type_pool_delete(pool);
    return error;
}
