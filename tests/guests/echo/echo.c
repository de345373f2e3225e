#include "echo.h"

#define WORLD(name) echo_##name
#include "echo.inc"
