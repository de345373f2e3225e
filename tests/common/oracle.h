/* What wasm-tools says about bytes that a test made. Tests that need it are skipped where it is missing. */
#ifndef WEFT_TESTS_COMMON_ORACLE_H
#define WEFT_TESTS_COMMON_ORACLE_H

#include <weft/base.h>

/* Ends the test as skipped when wasm-tools is not in PATH. */
void oracle_need(void);

/* Fails the test unless `wasm-tools validate --features all` accepts the bytes. */
void oracle_assert_valid(weft_bytes_t bytes);

/* Fails the test unless `wasm-tools print` of the bytes (which must be valid) is `expected`. */
void oracle_assert_prints(weft_bytes_t bytes, const char *expected);

/* The binary of a text module or component; freed with free. */
weft_bytes_t oracle_parse(const char *wat);

#endif
