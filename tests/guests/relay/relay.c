/* Calls the imported function for each exported one. The types of import and export are the same in memory, only
 * their names in C differ: hence the (void *). An argument is the callee's to free. */
#include "relay.h"

#include <stdlib.h>

#define IMPORT(name) test_values_echo_##name
#define EXPORT(name) exports_test_values_echo_##name
#define NO_MEMORY(x) ((void)0)
#define PLAIN(name, type)                                                                          \
    type EXPORT(echo_##name)(type x) {                                                             \
        return IMPORT(echo_##name)(x);                                                             \
    }
#define BY_POINTER(name, type, release)                                                            \
    void EXPORT(echo_##name)(type * x, type * ret) {                                               \
        IMPORT(echo_##name)((void *)x, (void *)ret);                                               \
        release(x);                                                                                \
    }

PLAIN(bool, bool)
PLAIN(s8, int8_t)
PLAIN(u8, uint8_t)
PLAIN(s16, int16_t)
PLAIN(u16, uint16_t)
PLAIN(s32, int32_t)
PLAIN(u32, uint32_t)
PLAIN(s64, int64_t)
PLAIN(u64, uint64_t)
PLAIN(f32, float)
PLAIN(f64, double)
PLAIN(char, uint32_t)
PLAIN(suit, EXPORT(suit_t))
PLAIN(few, EXPORT(few_t))
PLAIN(many, EXPORT(many_t))
BY_POINTER(string, relay_string_t, relay_string_free)
BY_POINTER(point, EXPORT(point_t), NO_MEMORY)
BY_POINTER(person, EXPORT(person_t), EXPORT(person_free))
BY_POINTER(shape, EXPORT(shape_t), EXPORT(shape_free))
BY_POINTER(tree, EXPORT(tree_t), EXPORT(tree_free))
BY_POINTER(tuple, relay_tuple3_u8_string_s64_t, relay_tuple3_u8_string_s64_free)
BY_POINTER(bytes, relay_list_u8_t, relay_list_u8_free)
BY_POINTER(numbers, relay_list_u64_t, relay_list_u64_free)
BY_POINTER(strings, relay_list_string_t, relay_list_string_free)
BY_POINTER(lists, relay_list_list_u16_t, relay_list_list_u16_free)
BY_POINTER(people, EXPORT(list_person_t), EXPORT(list_person_free))

bool EXPORT(echo_option)(relay_string_t *x, relay_string_t *ret) {
    bool some = IMPORT(echo_option)(x, ret);
    if (x) relay_string_free(x);
    return some;
}

bool EXPORT(echo_options)(relay_option_u32_t *x, relay_option_u32_t *ret) {
    return IMPORT(echo_options)(x, ret);
}

bool EXPORT(echo_result)(EXPORT(result_u32_string_t) * x, uint32_t *ret, relay_string_t *err) {
    bool ok = IMPORT(echo_result)((void *)x, ret, err);
    EXPORT(result_u32_string_free)(x);
    return ok;
}

bool EXPORT(echo_results)(EXPORT(result_result_string_void_result_void_void_t) * x,
                          EXPORT(result_string_void_t) * ret, EXPORT(result_void_void_t) * err) {
    bool ok = IMPORT(echo_results)((void *)x, (void *)ret, (void *)err);
    EXPORT(result_result_string_void_result_void_void_free)(x);
    return ok;
}

void EXPORT(nothing)(void) {
    IMPORT(nothing)();
}

uint64_t EXPORT(sum17)(uint32_t p0, uint32_t p1, uint32_t p2, uint32_t p3, uint32_t p4, uint32_t p5,
                       uint32_t p6, uint32_t p7, uint32_t p8, uint32_t p9, uint32_t p10,
                       uint32_t p11, uint32_t p12, uint32_t p13, uint32_t p14, uint32_t p15,
                       uint32_t p16) {
    return IMPORT(sum17)(p0, p1, p2, p3, p4, p5, p6, p7, p8, p9, p10, p11, p12, p13, p14, p15, p16);
}

typedef relay_tuple4_u32_u32_u32_u32_t four_t;

uint64_t EXPORT(sum40)(four_t *a, relay_tuple4_u8_u16_u32_u64_t *b, four_t *c, four_t *d, four_t *e,
                       four_t *f, four_t *g, four_t *h, four_t *i, four_t *j) {
    return IMPORT(sum40)(a, b, c, d, e, f, g, h, i, j);
}

void EXPORT(join17)(relay_string_t *first, uint8_t p1, uint8_t p2, uint8_t p3, uint8_t p4,
                    uint8_t p5, uint8_t p6, uint8_t p7, uint8_t p8, uint8_t p9, uint8_t p10,
                    uint8_t p11, uint8_t p12, uint8_t p13, uint8_t p14, uint8_t p15,
                    relay_string_t *last, relay_string_t *ret) {
    IMPORT(join17)
    (first, p1, p2, p3, p4, p5, p6, p7, p8, p9, p10, p11, p12, p13, p14, p15, last, ret);
    relay_string_free(first);
    relay_string_free(last);
}
