#include "weave/code/names.h"

#include "core/emit.h"

/* Addresses start here, so that none is null. */
enum { FIRST = 8, PAGE = 65536 };

void weft_weave_names_free(weave_names_t *names) {
    weft_buf_free(&names->bytes);
    weft_map_free(&names->known);
}

static weft_error_t *here(const weave_names_t *names, uint32_t *at) {
    if (names->bytes.failed) return weft_error_oom();
    if (names->bytes.len > UINT32_MAX - FIRST - PAGE)
        return weft_error_new(WEFT_LIMIT, "the names of the hooked functions fill 4 GiB");
    *at = FIRST + (uint32_t)names->bytes.len;
    return NULL;
}

weft_error_t *weft_weave_names_add(weave_names_t *names, weft_str_t str, weave_text_t *text) {
    uintptr_t known = (uintptr_t)weft_map_get(&names->known, str);
    uint32_t at = (uint32_t)known;
    if (!known) {
        TRY(here(names, &at));
        weft_buf_str(&names->bytes, str);
        uint32_t end;
        TRY(here(names, &end));
        TRY(weft_map_set(&names->known, str, (void *)(uintptr_t)at));
    }
    *text = (weave_text_t){at, (uint32_t)str.len};
    return NULL;
}

static void put_u32(buf_t *out, uint32_t value) {
    for (unsigned i = 0; i < 4; i++) weft_buf_byte(out, (uint8_t)(value >> 8 * i));
}

/* Puts rows that are ready at an aligned address. */
static weft_error_t *put_rows(weave_names_t *names, const buf_t *rows, uint32_t *at) {
    buf_t *out = &names->bytes;
    uint32_t end;
    while (out->len % 4 && !out->failed) weft_buf_byte(out, 0);
    TRY(here(names, at));
    weft_buf_bytes(out, rows->data, rows->len);
    out->failed |= rows->failed;
    return here(names, &end);
}

/* record target { id: u32, interface-name: string, function-name: string } is five u32. */
weft_error_t *weft_weave_names_targets(weave_names_t *names, const weave_target_t *targets,
                                       uint32_t count, weave_text_t *list) {
    buf_t records = {0};
    weft_error_t *error = NULL;
    for (uint32_t i = 0; i < count; i++) {
        weave_text_t interface_name, func_name;
        TRY_OR(done, weft_weave_names_add(names, targets[i].interface_name, &interface_name));
        TRY_OR(done, weft_weave_names_add(names, targets[i].func_name, &func_name));
        put_u32(&records, targets[i].id);
        put_u32(&records, interface_name.at);
        put_u32(&records, interface_name.len);
        put_u32(&records, func_name.at);
        put_u32(&records, func_name.len);
    }
    uint32_t at;
    TRY_OR(done, put_rows(names, &records, &at));
    *list = (weave_text_t){at, count};
done:
    weft_buf_free(&records);
    return error;
}

weft_error_t *weft_weave_names_module(const weave_names_t *names, buf_t *out) {
    emit_t module = {0};
    uint64_t pages = (FIRST + (uint64_t)names->bytes.len + PAGE - 1) / PAGE;
    uint32_t memory =
        weft_emit_memory(&module, (core_size_t){.min = pages, .max = pages, .has_max = true});
    weft_emit_export(&module, STR_LIT("m"), CORE_MEMORY, memory);
    weft_emit_data(&module, memory, FIRST, weft_buf_as_bytes(&names->bytes));
    return weft_emit_finish(&module, out);
}
