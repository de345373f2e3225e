/* A guest that reads and writes its memory, with numbers of 32 bits:
 *
 *   put: func(at, byte)   get: func(at) -> byte              grow: func(pages) -> pages before, or -1
 *   fill: func(at, len)   writes 255                         any: func(from, to) -> all bytes there, or-ed
 *   extra: func(a) -> n                                      hash: func(from, to) -> as memory_hash */
#ifndef WEFT_TESTS_RUNTIME_MEMORY_GUEST_H
#define WEFT_TESTS_RUNTIME_MEMORY_GUEST_H

#include "runtime/guest.h"

/* `data` lies from address 100 on, as WebAssembly text spells it. Fails when it cannot be loaded. */
guest_component_t memory_guest(weft_engine_t *engine, unsigned pages, const char *data,
                               const weft_options_t *options);

/* The same with any data segments, and with an exported function `extra`, i32 -> i32 (NULL: one that gives 0), both as
 * WebAssembly text. */
guest_component_t memory_guest_with(weft_engine_t *engine, unsigned pages, weft_str_t segments,
                                    const char *extra, const weft_options_t *options);

uint32_t memory_hash(const uint8_t *bytes, size_t len);

#endif
