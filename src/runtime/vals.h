/* What is common to all who make or read values of Wasmtime's component API. */
#ifndef WEFT_RUNTIME_VALS_H
#define WEFT_RUNTIME_VALS_H

#include <wasmtime.h>

#include "component/types/type.h"

typedef wasmtime_component_val_t host_val_t;

/* Whether the kind is that of the type; the union's other members must not be read. */
bool weft_val_fits(type_kind_t type, wasmtime_component_valkind_t kind);

/* A copy on Wasmtime's heap. */
void weft_val_name(wasm_name_t *out, weft_str_t name);

/* The field, case or label of the name. */
weft_error_t *weft_val_find(const type_t *type, const wasm_name_t *name, uint32_t *index);

/* Flags: bit n is the n-th label. */
void weft_val_flags(const type_t *type, uint32_t flags, host_val_t *out);
weft_error_t *weft_val_read_flags(const type_t *type, const host_val_t *from, uint32_t *flags);

/* The error for a value that is not of the type it should be. */
WEFT_NEVER_NULL weft_error_t *weft_val_unexpected(void);

#endif
