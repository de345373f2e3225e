/* Components written as bytes in a test. */
#ifndef WEFT_TESTS_COMPONENT_BINARY_H
#define WEFT_TESTS_COMPONENT_BINARY_H

#include "component/model.h"

#define PREAMBLE 0x00, 0x61, 0x73, 0x6d, 0x0d, 0x00, 0x01, 0x00
#define BYTES(...)                                                                                 \
    ((weft_bytes_t){(const uint8_t[]){__VA_ARGS__}, sizeof((const uint8_t[]){__VA_ARGS__})})

/* A component: its sections behind the preamble, so that the first section's id is at offset 8. */
#define COMPONENT(...) BYTES(PREAMBLE, __VA_ARGS__)

/* Fails the test when there is an error. */
void binary_ok(weft_error_t *error);

/* Reads the root and every body in it. */
weft_error_t *binary_read(weft_bytes_t bytes, document_t **document);

/* Reading says this, with " (at OFFSET)" behind it. */
void binary_assert_refused(weft_bytes_t bytes, const char *expected);

/* Writes the document; the bytes are `expected`. */
void binary_assert_writes(document_t *document, weft_bytes_t expected);

/* `depth` components inside one another, the root not counted; freed with weft_buf_free. */
buf_t binary_nested_components(size_t depth);

/* A component with an instance type that has `depth` others inside one another. */
buf_t binary_nested_types(size_t depth);

#endif
