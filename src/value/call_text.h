/* The text of a call: a function's name and its arguments.
 *
 *   ns:pkg/iface@1.0.0#func(arg, ...)     an interface's function
 *   iface#func(arg, ...)                  the same; package and version may be left out
 *   #func(arg, ...)                       a function at the component's root
 *   func(arg, ...)                        wherever a function of that name is
 *   iface#res.method($h, arg, ...)        a method; `$h` is a handle that an earlier call bound
 *   $h = iface#res(arg, ...)              binds the result to a name
 *
 * Which function that is, and so what types the arguments have, is for the caller to find out between
 * the two steps here. */
#ifndef WEFT_VALUE_CALL_TEXT_H
#define WEFT_VALUE_CALL_TEXT_H

#include "value/wave.h"

typedef struct call_text {
    weft_str_t text;      /* the whole; the others point into it */
    weft_str_t bind;      /* the name before `=`, without the `$`; empty: none */
    bool has_hash;        /* false: the interface is not said */
    weft_str_t interface; /* empty with has_hash: the root */
    weft_str_t func;
    size_t args; /* where the `(` is */
} call_text_t;

weft_error_t *weft_call_text_read(weft_str_t text, call_text_t *call);

/* An error at the function's name. */
weft_error_t *weft_call_text_error(const call_text_t *call, weft_code_t code, const char *format,
                                   ...) WEFT_PRINTF(3, 4);

/* Reads the arguments as WAVE or JSON, one for each parameter; options at the end may be left out. JSON has no handles. */
weft_error_t *weft_call_args_read(const call_text_t *call, const func_type_t *type,
                                  const wave_handles_t *handles, bool json, value_vec_t *args);

#endif
