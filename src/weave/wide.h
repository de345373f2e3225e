/* Whether a core memory has 64-bit addresses: then pointers and lengths are i64 in core signatures. */
#ifndef WEFT_WEAVE_WIDE_H
#define WEFT_WEAVE_WIDE_H

#include "component/model.h"

/* `memory` is a definition of sort core memory. */
weft_error_t *weft_is_wide_memory(def_t *memory, bool *wide);

#endif
