/* weft_component_validate: here and not beside the other functions of <weft/component.h>, because the signatures
 * that the canonical ABI gives, and the values in the file, are part of it. */
#include "component/public.h"
#include "abi/validate.h"
#include "component/validate.h"
#include "value/literal.h"

weft_error_t *weft_component_validate(weft_component_t *component) {
    type_pool_t *pool;
    document_t *document; /* of its own: types live as long as their pool */
    TRY(weft_type_pool_new(&pool));
    weft_error_t *error = weft_document_read(component->bytes, &document);
    if (!error) {
        error = weft_validate(pool, document);
        if (!error) error = weft_abi_validate(pool, document);
        if (!error) error = weft_literals_validate(document);
        weft_document_delete(document);
    }
    weft_type_pool_delete(pool);
    return error;
}
