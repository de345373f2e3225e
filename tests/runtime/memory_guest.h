/* A guest that reads and writes its memory, with numbers of 32 bits:
 *
 *   put: func(at, byte)   get: func(at) -> byte              grow: func(pages) -> pages before, or -1
 *   fill: func(at, len)   writes 255                         any: func(from, to) -> all bytes there, or-ed */
#ifndef WEFT_TESTS_RUNTIME_MEMORY_GUEST_H
#define WEFT_TESTS_RUNTIME_MEMORY_GUEST_H

#include "runtime/guest.h"

/* `data` lies from address 100 on, as WebAssembly text spells it. Fails when it cannot be loaded. */
guest_component_t memory_guest(weft_engine_t *engine, unsigned pages, const char *data,
                               const weft_options_t *options);

#endif
