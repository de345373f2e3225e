/* Growable arrays of any element: `VEC(def_t *) users;`, all zero is empty. */
#ifndef WEFT_SUPPORT_VEC_H
#define WEFT_SUPPORT_VEC_H

#include "support/alloc.h"
#include "support/error.h"

#define VEC(type)                                                                                  \
    struct {                                                                                       \
        type *items;                                                                               \
        size_t count;                                                                              \
        size_t capacity;                                                                           \
    }

/* Appends; evaluates to an error or NULL. The element is written only on success. */
#define VEC_PUSH(vec, ...)                                                                         \
    (VEC_ROOM(vec) ? ((vec)->items[(vec)->count++] = __VA_ARGS__, (weft_error_t *)NULL)            \
                   : weft_error_oom())

/* Room for one more, at items[count]; true when there is. */
#define VEC_ROOM(vec)                                                                              \
    weft_vec_grow((void **)&(vec)->items, &(vec)->capacity, (vec)->count, sizeof *(vec)->items)

#define VEC_FREE(vec)                                                                              \
    (weft_free((vec)->items), (vec)->items = NULL, (vec)->count = (vec)->capacity = 0)

/* Makes room for one more element of `size` bytes behind `count`; false when there is no memory. */
bool weft_vec_grow(void **items, size_t *capacity, size_t count, size_t size);

#endif
