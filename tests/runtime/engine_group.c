#include "runtime/engine_group.h"

#include "runtime/guest.h"

weft_engine_t *engine;

int make_engine(void **state) {
    (void)state;
    engine = engine_of_tests();
    return engine ? 0 : 1;
}

int delete_engine(void **state) {
    (void)state;
    weft_engine_delete(engine);
    return 0;
}
