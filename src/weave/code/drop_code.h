/* Core code that drops the handles in the arguments of a call: own handles, streams, futures, error-contexts.
 * Borrows stay the caller's. Where the arguments lie and how they are walked is walker.h's business. */
#ifndef WEFT_WEAVE_CODE_DROP_CODE_H
#define WEFT_WEAVE_CODE_DROP_CODE_H

#include "weave/code/walker.h"

typedef struct drop_code {
    walker_t walker;
    map_t numbers;  /* handle type_t -> place among the imports, plus one */
    uint32_t first; /* of the imported functions (i32) -> () that drop */
} drop_code_t;

/* The handles are dropped by imported functions from `first` on, in the order of `types` (each once); arguments that are
 * not flat lie in `memory`. To be freed also after an error. */
weft_error_t *weft_drop_code_init(drop_code_t *code, emit_t *module, const type_t *const *types,
                                  uint32_t count, uint32_t first, uint32_t memory, uint8_t address);
void weft_drop_code_free(drop_code_t *code);

/* Emits into the body of `func`, which has the signature of the call, the drops of all handles of the arguments:
 * parameters as a tuple, flat or behind an address. Other functions may be made, so pointers to bodies are not good
 * after it. */
weft_error_t *weft_drop_code_put(drop_code_t *code, uint32_t func, const layout_t *args,
                                 bool in_memory, core_sig_t sig);

#endif
