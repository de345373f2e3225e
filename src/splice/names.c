#include "splice/names.h"

#include "support/nearest.h"

enum { MOST_NAMED = 12 };

void weft_names_free(names_t *names) {
    VEC_FREE(&names->items);
    weft_map_free(&names->seen);
}

weft_error_t *weft_names_add(names_t *names, weft_str_t name) {
    static char present;
    if (weft_map_get(&names->seen, name)) return NULL;
    TRY(weft_map_set(&names->seen, name, &present));
    return VEC_PUSH(&names->items, name);
}

static void print_names(buf_t *out, const names_t *names) {
    for (size_t i = 0; i < names->items.count && i < MOST_NAMED; i++)
        weft_buf_printf(out, "%s`%.*s`", i ? ", " : "", STR_ARG(names->items.items[i]));
    if (names->items.count > MOST_NAMED)
        weft_buf_printf(out, " and %zu more", names->items.count - MOST_NAMED);
}

weft_error_t *weft_names_note(weft_error_t *error, const char *words, const names_t *names,
                              const char *none) {
    if (!names->items.count) return none ? weft_error_with_note(error, "%s", none) : error;
    buf_t list = {0};
    print_names(&list, names);
    if (!list.failed)
        error = weft_error_with_note(error, "%s: %.*s", words, STR_ARG(weft_buf_as_str(&list)));
    weft_buf_free(&list);
    return error;
}

weft_error_t *weft_names_nearest(weft_error_t *error, weft_str_t wanted, const names_t *names) {
    weft_str_t best = weft_nearest(wanted, names->items.items, names->items.count);
    return best.len ? weft_error_with_help(error, "did you mean `%.*s`?", STR_ARG(best)) : error;
}
