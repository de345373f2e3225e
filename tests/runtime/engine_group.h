/* The engine that a group of cmocka's tests uses, made by the group's set-up and deleted at its end. */
#ifndef WEFT_TESTS_RUNTIME_ENGINE_GROUP_H
#define WEFT_TESTS_RUNTIME_ENGINE_GROUP_H

#include <weft/runtime.h>

extern weft_engine_t *engine;

int make_engine(void **state);
int delete_engine(void **state);

#endif
