/* Laying out text for the pages made from the tables. */
#ifndef WEFT_CLI_TEXT_H
#define WEFT_CLI_TEXT_H

#include "support/buf.h"

/* Appends `text` filled to `width` columns, every line after the first indented by `indent`; the cursor stands
 * at column `at` of the first line. An empty line in `text` stays one. No newline at the end. */
void weft_text_wrap(buf_t *out, const char *text, size_t indent, size_t at, size_t width);

void weft_text_spaces(buf_t *out, size_t count);

#endif
