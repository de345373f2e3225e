/* The direct engine, with components of random types (tests/fuzz): the bytes are the choices that make them. Their guests
 * are honest, and what comes back was foretold; or they lie, and a call ends with a value of its type or with a trap. */
#include <stdio.h>
#include <stdlib.h>

#include "fuzz/cases.h"
#include "fuzz/engine.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    char *failure = NULL;
    trial_t trial;
    static const uint8_t none[1];
    random_source_t source = {.at = size ? data : none, .end = size ? data + size : none};
    trial_kind_t kind = random_below(&source, 4) ? TRIAL_LIES : TRIAL_DIRECT;
    trial_open(&trial, engine, &source, kind, &failure);
    for (int calls = 0; calls < 8 && !failure; calls++) {
        if (kind == TRIAL_LIES) trial_call_liars(&trial, &source, &failure);
        else trial_call(&trial, &source, &failure);
    }
    if (failure) {
        fprintf(stderr, "%s\n%s\n", failure, (const char *)trial.world.text.data);
        abort();
    }
    trial_close(&trial);
    return 0;
}
