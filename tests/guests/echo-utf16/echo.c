/* As echo, with strings in UTF-16. */
#include "echo_utf16.h"

#define WORLD(name) echo_utf16_##name
#include "../echo/echo.inc"
