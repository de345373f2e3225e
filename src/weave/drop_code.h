/* Core code that drops the handles in the arguments of a call.
 *
 *   arguments          code
 *   core parameters    in place; a variant by a function of its flat values, since its payloads are joined
 *   in memory          a function of the address for each record, tuple and variant that holds handles
 *   list               a function of address and count: a loop over the elements
 *
 * Each type has one function of a form, whoever holds it, so that the code is linear in the type and not in what it
 * spells out. What holds no handle is not looked at. (Maps never hold any: they may have a key twice.)
 *
 * What a guest passes is believed as far as it harms itself only: a bad address traps in its load, a bad handle in
 * the built-in, and a count of elements that the canonical ABI would not take traps (CanonicalABI.md,
 * MAX_LIST_BYTE_LENGTH), so that a loop ends in reasonable time. Alignment and numbers of cases are not checked: what is
 * read is in the guest's own memory, what is dropped in its own table. */
#ifndef WEFT_WEAVE_DROP_CODE_H
#define WEFT_WEAVE_DROP_CODE_H

#include "abi/layout.h"
#include "core/emit.h"

typedef struct drop_code {
    emit_t *module;
    const type_t *const *types; /* of handles, each once */
    uint32_t type_count;
    uint32_t first; /* the imported functions (i32) -> () that drop them, in the same order */
    uint32_t memory;
    uint8_t address; /* of the memory: CORE_I32 or CORE_I64 */

    /* All zero before the first use. type_t -> its place in `types`; layout_t -> function of an address (of a list:
     * address and count), of a variant's flat values. Numbers plus one. */
    map_t numbers, at_address, of_flat;
} drop_code_t;

void weft_drop_code_free(drop_code_t *code);

/* Makes the functions that dropping needs: before the body that drops is begun. `args` are the parameters as a
 * tuple, flat or behind an address. */
weft_error_t *weft_drop_code_prepare(drop_code_t *code, const layout_t *args, bool in_memory);

/* Drops all handles of the arguments of a function of this signature. */
void weft_drop_code_put(const drop_code_t *code, buf_t *body, const layout_t *args, bool in_memory,
                        core_sig_t sig);

#endif
