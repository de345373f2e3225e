/* Compiling modules and components for an engine, or finding what was compiled before (cache.h). */
#ifndef WEFT_RUNTIME_COMPILE_H
#define WEFT_RUNTIME_COMPILE_H

#include "runtime/engine.h"

/* All are the caller's to delete. A failure is Wasmtime's. */
wasmtime_error_t *weft_compile_module(weft_engine_t *engine, wasm_engine_t *wasmtime,
                                      weft_bytes_t source, wasmtime_module_t **module);
wasmtime_error_t *weft_compile_component(weft_engine_t *engine, wasm_engine_t *wasmtime,
                                         weft_bytes_t source, wasmtime_component_t **component);

/* A component that Wasmtime does not take is WEFT_UNSUPPORTED: it was validated before. */
weft_error_t *weft_compile_valid(weft_engine_t *engine, wasm_engine_t *wasmtime,
                                 weft_bytes_t component, wasmtime_component_t **compiled);

#endif
