/* A composition as a WAC document and its parts, so that `wac compose` makes an equivalent component.
 *
 *   package example:composition;
 *   let store = new part:store { ... };
 *   let front = new part:front { "my:store/goods@1.0.0": store["my:store/goods@1.0.0"], ... };
 *   export front["my:front/app@1.0.0"];
 *
 * What the root of the composition has beside instances, their arguments and exports (definitions with code,
 * instances put together of several) has no form in WAC and is an error that says so. */
#ifndef WEFT_SPLICE_WAC_H
#define WEFT_SPLICE_WAC_H

#include "component/model.h"

typedef struct wac_part {
    weft_str_t name; /* its package is part:NAME */
    weft_bytes_t bytes;
} wac_part_t;

/* Another name for the variable of an instance. */
typedef struct wac_alias {
    weft_str_t instance, alias;
} wac_alias_t;

typedef struct wac {
    document_t *document; /* owns the bytes of the parts together with `bytes` */
    uint8_t *bytes;
    buf_t text;
    VEC(wac_part_t) parts; /* components of the root, equal ones once */
} wac_t;

/* `document` is edited for it: each component of the root is made to stand alone. All zero before; freed with
 * weft_wac_free, also after an error. */
weft_error_t *weft_wac_make(document_t *document, weft_str_t package, const wac_alias_t *aliases,
                            size_t alias_count, wac_t *wac);
void weft_wac_free(wac_t *wac);

#endif
