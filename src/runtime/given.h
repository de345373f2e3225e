/* Functions that the embedder gives (weft_options_t.funcs), matched with the imports of a component. */
#ifndef WEFT_RUNTIME_GIVEN_H
#define WEFT_RUNTIME_GIVEN_H

#include <weft/runtime.h>

#include "component/types/typing.h"
#include "support/vec.h"

/* One import that is served. Strings and type are the document's and its pool's. */
typedef struct given_func {
    weft_str_t interface; /* empty: at the root */
    weft_str_t name;
    const func_type_t *type; /* as the component imports it */
    weft_host_callback_t callback;
    void *context;
} given_func_t;

typedef VEC(given_func_t) given_funcs_t;

/* All imports that the options' functions serve. An interface of which they serve anything is theirs alone. */
weft_error_t *weft_given_match(const ctype_t *component, const weft_options_t *options,
                               given_funcs_t *given);

/* NULL: it is not served. */
const given_func_t *weft_given_find(const given_funcs_t *given, weft_str_t interface,
                                    weft_str_t name);
bool weft_given_serves(const given_funcs_t *given, weft_str_t interface);

/* Calls, and checks what comes back: *result is of the type and the caller's. Whatever goes wrong is the error
 * that the guest traps with. */
weft_error_t *weft_given_call(const given_func_t *func, const weft_value_t *args,
                              weft_value_t *result);

#endif
