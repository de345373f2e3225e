/* The engine of a fuzz target that runs components; included by the target, once. */
#ifndef WEFT_TESTS_FUZZ_ENGINE_H
#define WEFT_TESTS_FUZZ_ENGINE_H

#include <weft/runtime.h>

#include "fuzz/world.h"

static weft_engine_t *engine;

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerInitialize(int *argc, char ***argv) {
    (void)argc, (void)argv;
    must(weft_engine_new(&engine));
    return 0;
}

#endif
