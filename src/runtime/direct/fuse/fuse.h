/* Calls from one instance to another inside one component, without the host between them.
 *
 * `canon lower` of a function that was lifted in the same store becomes a generated core function, where the types
 * allow it: it does what canon.c's call_lowered does, in the same order, in code that the engine compiles. Calls
 * that pass handles, memories of 64 bits, types that are too large to be written out and calls of an
 * instance by itself stay with the host.
 *
 *   caller ----> fused function ----> callee's core function
 *                  |      |   \.....> realloc, post-return
 *                  |      `---------> flags of the instances, in a memory that only fused functions and the host see
 *                  `----------------> `ask`: the host, to say what is wrong, or for a string that is long or to change its form
 *
 * The code depends on the shape of the function alone (code.h): everything else is imported. So a shape is
 * compiled once, and each pair of instances makes an instance of it. Checks are made twice: the generated code only
 * sees that something is wrong and asks the host, which makes the check again with the functions that it uses
 * itself and gives their error. */
#ifndef WEFT_RUNTIME_DIRECT_FUSE_FUSE_H
#define WEFT_RUNTIME_DIRECT_FUSE_FUSE_H

#include "runtime/direct/lowered.h"

/* At most so many functions of a component are fused. */
enum { FUSE_MOST = 4096 };

/* Makes the core function, unless the call must go through the host (*fused false). `lowered` lives as long as
 * the store. */
weft_error_t *weft_fuse(lowered_t *lowered, rt_t *made, bool *fused);

/* What the direct_t keeps for it; NULL is allowed. */
void weft_fusing_delete(fusing_t *fusing);

/* How many functions were fused. */
uint32_t weft_fusing_count(const direct_t *direct);

#endif
