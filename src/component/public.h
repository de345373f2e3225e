/* The component that <weft/component.h> hands out. */
#ifndef WEFT_COMPONENT_PUBLIC_H
#define WEFT_COMPONENT_PUBLIC_H

#include <weft/component.h>

#include "component/model.h"
#include "support/file.h"

struct weft_component {
    weft_bytes_t bytes;
    file_t file; /* of a loaded one; else closed */
    buf_t made;  /* of one that weft made; else empty */
    document_t *document;
};

/* A component with the document's bytes in one run of its own; the document stays the caller's. */
weft_error_t *weft_component_of(document_t *document, weft_component_t **component);

/* The text of a buffer, with a NUL behind it, as the caller of a public function gets it. Frees the buffer. */
weft_error_t *weft_text_of(buf_t *buf, char **text);

#endif
