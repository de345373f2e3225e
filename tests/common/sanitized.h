/* Whether a test runs under the address sanitizer, which makes it about three times slower. */
#ifndef WEFT_TESTS_COMMON_SANITIZED_H
#define WEFT_TESTS_COMMON_SANITIZED_H

#ifdef __SANITIZE_ADDRESS__
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#endif
#ifndef SANITIZED
#define SANITIZED 0
#endif

#endif
