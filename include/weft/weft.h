/* All of libweft: what needs no engine. Running components is <weft/runtime.h>. */
#ifndef WEFT_WEFT_H
#define WEFT_WEFT_H

#include <weft/component.h>
#include <weft/compose.h>
#include <weft/error.h>
#include <weft/splice.h>
#include <weft/value.h>
#include <weft/version.h>

#endif
