#include "recorder.h"

#define WORLD(name) recorder_##name
#include "recorder.inc"
