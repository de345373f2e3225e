/* The image of a memory: what a module's data makes of it, as pages that every plugin of the module maps, and that are
 * copied when one writes to them. Mapping them takes some microseconds however much they are, and plugins share those that
 * they only read.
 *
 * Wasmtime has images too, but not for memories that it did not make itself (memories.h). So weft takes the bytes out of a
 * module before it is compiled.
 *
 * An image is made only of what is certain to come out the same: the module has one memory, its own, with 32-bit
 * addresses, and all active segments have constant offsets and end within its minimum size. */
#ifndef WEFT_RUNTIME_IMAGE_H
#define WEFT_RUNTIME_IMAGE_H

#include <weft/base.h>

#include "support/buf.h"
#include "support/error.h"

/* Bytes of data: less is copied, which is faster then. A component of C or Rust has less. One whose interpreter was
 * initialised beforehand (Python, JavaScript) or which brings tables (Go) has far more; its plugins share most of it. */
enum { IMAGE_LEAST = 16 << 10 };

/* Immutable. */
typedef struct image {
    int file;              /* a memfd, sealed */
    uint64_t device, node; /* what it is of the system's files */
    size_t start, length;  /* what of the memory is mapped from it: whole pages */
    size_t minimum;        /* bytes of the memory when it is made */
} image_t;

/* The image of a core module, and its bytes without that data, appended to `rest`; *image NULL: there is none, the module
 * is to be used as it is. A module that cannot be read has none. */
weft_error_t *weft_image_make(weft_bytes_t source, buf_t *rest, image_t **image);

/* Whether its file is still there: a program may close descriptors that are not its own, and open others. */
bool weft_image_is_there(const image_t *image);

/* No memory has it any more (weft_memories_forget). NULL is allowed. */
void weft_image_delete(image_t *image);

#endif
