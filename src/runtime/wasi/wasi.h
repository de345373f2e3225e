/* WASI for components on the direct engine. Wasmtime implements it, for components on its component API; so a proxy
 * of exactly the interfaces that a plugin imports (weave/proxy/proxy.h) is instantiated there, in the plugin's store, and
 * what the plugin calls is passed to the proxy's exports:
 *
 *   plugin's core code -> canon lower (direct/host.c) -> values (lift.c) -> the proxy -> Wasmtime's WASI
 *                                                     <- values (lower.c) <-
 *
 * In a list, a byte passes through Wasmtime's value type as a value of 24 bytes. So the proxy says where its bytes lie where
 * WASI says `list<u8>` (PROXY_PLACES), and they are copied into its memory and out of it (bytes.c): that memory, like all of a
 * direct plugin, comes from weft (runtime/memories.h). */
#ifndef WEFT_RUNTIME_WASI_WASI_H
#define WEFT_RUNTIME_WASI_WASI_H

#include "runtime/direct/host.h"
#include "support/buf.h"

/* ---- proxy.c ---------------------------------------------------------------------------------- */

/* Appends the proxy of what a component imports of WASI; nothing where it imports nothing of it. What cannot be passed
 * through a proxy is WEFT_UNSUPPORTED. */
weft_error_t *weft_wasi_proxy(program_t *program, const given_funcs_t *given, const links_t *links,
                              buf_t *proxy);

/* ---- wasi.c ----------------------------------------------------------------------------------- */

/* Becomes the source of the plugin's imports, before that is started. Compiles; `proxy` is borrowed. */
weft_error_t *weft_wasi_serve(direct_t *direct, weft_bytes_t proxy, const weft_options_t *options);

#endif
