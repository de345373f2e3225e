/* Wrapping a plain component: the whole document becomes a nested component of a new root that instantiates
 * it and has the same imports and exports. Then something can be put beside it. */
#ifndef WEFT_COMPONENT_EDIT_WRAP_H
#define WEFT_COMPONENT_EDIT_WRAP_H

#include "component/model.h"

/* `name` names the instance (in the name section); empty: nothing. *instance is the DEF_INSTANTIATE. */
weft_error_t *weft_document_wrap(document_t *document, weft_str_t name, def_t **instance);

#endif
