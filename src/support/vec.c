#include "support/vec.h"

bool weft_vec_grow(void **items, size_t *capacity, size_t count, size_t size) {
    if (count < *capacity) return true;
    size_t more = *capacity ? *capacity * 2 : 8;
    void *grown = weft_realloc_array(*items, more, size);
    if (!grown) return false;
    *items = grown;
    *capacity = more;
    return true;
}
