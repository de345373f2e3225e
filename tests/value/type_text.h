/* Types from text, for tests: `record{a: u8, b: option<string>}`, `variant{none, some(u8)}`,
 * `enum{a, b}`, `flags{r, w}`, `tuple<u8, bool>`, `list<u8>`, `list<u8, 4>`, `map<string, u8>`,
 * `result`, `result<u8>`, `result<_, u8>`, `own<name>`, `borrow<name>`. Fails the test when it cannot. */
#ifndef WEFT_TESTS_VALUE_TYPE_TEXT_H
#define WEFT_TESTS_VALUE_TYPE_TEXT_H

#include "component/types/type.h"

const type_t *type_of(type_pool_t *pool, const char *text);

/* The rendered error, which is freed; the caller frees the text with weft_free. */
char *rendered(weft_error_t *error);

#endif
