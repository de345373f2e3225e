#include "shared_user.h"

uint32_t exports_test_shared_user_report_run(shared_user_string_t *name, uint32_t size) {
    test_shared_maker_thing_t thing;
    test_shared_maker_own_token_t token;
    uint32_t measured;

    test_shared_maker_make(name, size, &thing);
    token = test_shared_maker_stamp(&thing);
    measured = test_shared_measurer_measure(&thing);
    if (test_shared_measurer_check(test_shared_types_borrow_token(token))) measured += 1000;
    test_shared_types_token_drop_own(token);
    shared_user_string_free(&thing.name);
    shared_user_string_free(name);
    return measured;
}
