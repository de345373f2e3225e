#include "root_funcs.h"

#include <stdlib.h>
#include <string.h>

#include "text.h"

uint32_t exports_root_funcs_add(uint32_t a, uint32_t b) {
    return root_funcs_base() + a + b;
}

void exports_root_funcs_greet(root_funcs_string_t *name, root_funcs_string_t *ret) {
    text_t text = {0};

    text_add(&text, "Hello, ");
    text_add_bytes(&text, name->ptr, name->len);
    text_add(&text, "!");
    root_funcs_string_free(name);
    *ret = (root_funcs_string_t){(uint8_t *)text.ptr, text.len};
}

bool exports_root_funcs_average(root_funcs_list_reading_t *readings, double *ret) {
    size_t count = readings->len;

    *ret = 0;
    for (size_t i = 0; i < count; i++) *ret += readings->ptr[i].value;
    *ret /= (double)count;
    root_funcs_list_reading_free(readings);
    return count != 0;
}
