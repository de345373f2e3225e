/* The part of <uchar.h> that guests with UTF-16 strings need. */
#ifndef GUEST_UCHAR_H
#define GUEST_UCHAR_H

#include <stdint.h>

typedef uint_least16_t char16_t;

#endif
