/* Components from outside: opened by path, told apart from what is none, turned from text where needed. */
#ifndef WEFT_CLI_INPUT_H
#define WEFT_CLI_INPUT_H

#include "component/model.h"
#include "support/file.h"

/* All zero is closed. */
typedef struct input {
    const char *name;   /* for people: the path as given, or <stdin> */
    weft_bytes_t bytes; /* a binary that begins like a component */
    file_t file;
    uint8_t *made; /* the binary made from text; NULL: `bytes` are the file's */
} input_t;

/* Opens a component; "-" is stdin. Text (.wat) is converted when the runtime is built in. Whatever is not a
 * component is an error that says what it is and what to do. */
weft_error_t *weft_input_open(const char *path, input_t *input);
void weft_input_close(input_t *input); /* what was read from the bytes goes first */

/* Opens and reads. After an error both are closed. */
weft_error_t *weft_input_read(const char *path, input_t *input, document_t **document);

/* Puts the input's name on an error that something found in its bytes. */
weft_error_t *weft_input_error(const input_t *input, weft_error_t *error);

#endif
