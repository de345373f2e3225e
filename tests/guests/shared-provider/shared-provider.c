/* A token is good when it was stamped on a thing of even size. */
#include "shared_provider.h"

#include <stdlib.h>

struct exports_test_shared_types_token_t {
    uint32_t id;
};
typedef exports_test_shared_types_token_t token_t;

exports_test_shared_types_own_token_t exports_test_shared_types_constructor_token(uint32_t id) {
    token_t *token = malloc(sizeof *token);

    token->id = id;
    return exports_test_shared_types_token_new(token);
}

uint32_t exports_test_shared_types_method_token_id(token_t *self) {
    return self->id;
}

void exports_test_shared_types_token_destructor(token_t *token) {
    free(token);
}

void exports_test_shared_maker_make(shared_provider_string_t *name, uint32_t size,
                                    exports_test_shared_maker_thing_t *ret) {
    ret->name = *name;
    ret->size = size;
}

exports_test_shared_maker_own_token_t exports_test_shared_maker_stamp(
    exports_test_shared_maker_thing_t *thing) {
    uint32_t size = thing->size;

    shared_provider_string_free(&thing->name);
    return exports_test_shared_types_constructor_token(size);
}

uint32_t exports_test_shared_measurer_measure(exports_test_shared_measurer_thing_t *thing) {
    uint32_t size = thing->size + (uint32_t)thing->name.len;

    shared_provider_string_free(&thing->name);
    return size;
}

bool exports_test_shared_measurer_check(token_t *token) {
    return token->id % 2 == 0;
}
