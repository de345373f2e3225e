/* weft_component_validate: here and not beside the other functions of <weft/component.h>, because the signatures
 * that the canonical ABI gives, and the values in the file, are part of it. */
#include "component/public.h"
#include "value/validate.h"

/* The component's own document is left alone: what types it is given would live no longer than their pool. */
weft_error_t *weft_component_validate(weft_component_t *component) {
    return weft_validate_bytes(component->bytes);
}
