/* Limits of engines that a valid component may be over. weft has none of these itself. */
#ifndef WEFT_COMPONENT_VALIDATE_LIMITS_H
#define WEFT_COMPONENT_VALIDATE_LIMITS_H

#include "component/model.h"
#include "support/findings.h"

/* wasmparser's, which Wasmtime and everything else built on it has (MAX_WASM_MODULES and
 * MAX_WASM_COMPONENTS together, MAX_WASM_INSTANCES). */
enum { ENGINE_MAX_DEFINED = 1000, ENGINE_MAX_INSTANCES = 4096 };

/* Counts at all depths (every body is parsed) and adds a WEFT_LIMIT finding for each limit the document is
 * over. */
weft_error_t *weft_document_check_limits(document_t *document, findings_t *findings);

#endif
