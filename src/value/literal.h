/* Values as a component's file holds them (Binary.md, Value Definitions). The bytes are from outside: everything
 * about them is checked. */
#ifndef WEFT_VALUE_LITERAL_H
#define WEFT_VALUE_LITERAL_H

#include "component/types/typing.h"
#include "support/bytes.h"
#include "value/value.h"

/* A byte of a list can stand for a deep tree (a tuple in a tuple in a tuple): so much memory may literals take. */
#define LITERAL_ROOM ((uint64_t)1 << 28)

/* Reads all that the cursor has as one value. Its strings and bytes point to where they were read from. `room` is how
 * many bytes of memory values may still take, about; what this one takes is subtracted. The specification has no
 * form for handles, streams, futures, error contexts, maps and lists of fixed length. */
weft_error_t *weft_literal_read(cursor_t *in, const type_t *type, uint64_t *room,
                                weft_value_t *value);

/* The value of a DEF_VALUE; its scope was typed. Errors have the offset in the file. */
weft_error_t *weft_literal_of(const def_t *def, uint64_t *room, weft_value_t *value);

/* Whether all values of a document can be read: what weft_validate leaves open. */
weft_error_t *weft_literals_validate(document_t *document);

#endif
