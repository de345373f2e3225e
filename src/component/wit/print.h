/* What the printers of WIT share. */
#ifndef WEFT_COMPONENT_WIT_PRINT_H
#define WEFT_COMPONENT_WIT_PRINT_H

#include "component/wit/wit.h"

typedef struct wit_printer {
    const wit_t *wit;
    const wit_scope_t *scope; /* whose names are used */
    buf_t *out;
    unsigned indent;
    bool any; /* something was printed in this scope: a blank line comes before the next item */
    bool nameless; /* a type came by that has no name in the scope and needs one */
} wit_printer_t;

/* An identifier, with % when it is a keyword. */
void weft_wit_id(buf_t *out, weft_str_t name);

/* A type where it is used: by its name in the scope, else spelled out. */
void weft_wit_use_type(wit_printer_t *printer, const type_t *structure, const ctype_t *type);

/* `record point {...}`, `type a = b;`, without indentation before it. Not for resources. */
void weft_wit_declare_type(wit_printer_t *printer, const wit_item_t *item);

/* `func(a: u32) -> string`; `name` is taken apart already. */
void weft_wit_func(wit_printer_t *printer, const name_t *name, const ctype_t *func);

/* An error (WEFT_LIMIT) when the text is too long to go on. */
weft_error_t *weft_wit_check_size(const buf_t *out);

/* Indentation. */
void weft_wit_line(wit_printer_t *printer); /* starts one */

#endif
