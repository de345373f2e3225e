#include "loop_c.h"

static uint8_t data[65536];

uint32_t exports_test_loop_run_add(uint32_t times) {
    uint32_t sum = 0;

    for (; times != 0; times--) sum = test_ops_math_add(sum, times);
    return sum;
}

uint32_t exports_test_loop_run_bytes(uint32_t times, uint32_t size) {
    loop_c_list_u8_t list = {data, size <= sizeof data ? size : sizeof data};
    uint32_t sum = 0;

    for (; times != 0; times--) sum += test_ops_math_bytes(&list);
    return sum;
}
