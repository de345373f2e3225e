/* Entities by name. Most lists are short and looked through. A long one is sorted once it is complete: else a crafted
 * component would make its start take as long as the square of its size. */
#include <stdlib.h>

#include "runtime/direct/entity.h"

enum { SHORT = 16 };

static int compare(weft_str_t a, weft_str_t b) {
    if (a.len != b.len) return a.len < b.len ? -1 : 1;
    return a.len ? memcmp(a.ptr, b.ptr, a.len) : 0;
}

static int by_name(const void *a, const void *b) {
    return compare(((const rt_named_t *)a)->name, ((const rt_named_t *)b)->name);
}

weft_error_t *weft_rt_list_complete(arena_t *arena, rt_list_t *list) {
    if (list->count <= SHORT) return NULL;
    rt_named_t *sorted = ARENA_ARRAY(arena, rt_named_t, list->count);
    if (!sorted) return weft_error_oom();
    memcpy(sorted, list->items, list->count * sizeof *sorted);
    qsort(sorted, list->count, sizeof *sorted, by_name);
    list->sorted = sorted;
    return NULL;
}

const rt_t *weft_rt_find(const rt_list_t *list, weft_str_t name) {
    for (uint32_t i = 0; i < list->count && !list->sorted; i++)
        if (weft_str_eq(list->items[i].name, name)) return list->items[i].entity;
    if (!list->sorted) return NULL;
    rt_named_t wanted = {name, NULL};
    const rt_named_t *found = bsearch(&wanted, list->sorted, list->count, sizeof wanted, by_name);
    return found ? found->entity : NULL;
}
