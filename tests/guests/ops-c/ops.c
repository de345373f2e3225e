#include "ops_c.h"

uint32_t exports_test_ops_math_add(uint32_t a, uint32_t b) {
    return a + b;
}

uint32_t exports_test_ops_math_bytes(ops_c_list_u8_t *data) {
    uint32_t count = (uint32_t)data->len;

    ops_c_list_u8_free(data);
    return count;
}
