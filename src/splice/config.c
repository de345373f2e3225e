#include "splice/config.h"

#include <stdlib.h>

#include "support/vec.h"
#include "value/wave.h"
#include "weave/config.h"

/* ---- YAML to WAVE ----
 *
 * What is written without quotes and reads as a bool or a number is one; all other text is a string, as in
 * splicer. Lists and mappings become lists and records. */

static bool is_number(const yaml_t *value) {
    char *end;
    if (!value->text.len) return false;
    char last = value->text.ptr[value->text.len - 1];
    strtod(value->text.ptr, &end);
    bool hex = value->text.len > 1 && (value->text.ptr[1] == 'x' || value->text.ptr[1] == 'X');
    return *end == '\0' && last >= '0' && last <= '9' && !hex;
}

static bool is_bare(const yaml_t *value) {
    return !value->quoted && (weft_str_eq(value->text, STR_LIT("true")) ||
                              weft_str_eq(value->text, STR_LIT("false")) || is_number(value));
}

static void put_text(buf_t *out, const yaml_t *value) {
    static const type_t string = {.kind = TYPE_STRING};
    if (is_bare(value)) {
        weft_buf_str(out, value->text);
        return;
    }
    weft_value_t text = {.kind = WEFT_STRING};
    text.of.string = value->text;
    weft_wave_write(out, &string, &text);
}

static void put_value(buf_t *out, const yaml_t *value) {
    switch (value->kind) {
    case YAML_LIST:
    case YAML_MAP:
        weft_buf_byte(out, value->kind == YAML_LIST ? '[' : '{');
        for (uint32_t i = 0; i < value->count; i++) {
            if (i) weft_buf_str(out, STR_LIT(", "));
            if (value->kind == YAML_MAP) weft_buf_printf(out, "%s: ", value->keys[i]->text.ptr);
            put_value(out, value->items[i]);
        }
        weft_buf_byte(out, value->kind == YAML_LIST ? ']' : '}');
        break;
    case YAML_NULL: weft_buf_str(out, STR_LIT("none")); break;
    case YAML_TEXT: put_text(out, value); break;
    case YAML_REFUSED: break; /* an error says so already */
    }
}

/* ---- sealing ---- */

typedef struct encoded {
    VEC(config_value_t) values;
    VEC(buf_t) bufs;
} encoded_t;

static weft_error_t *write_values(encoded_t *texts, const yaml_t *config) {
    for (uint32_t i = 0; i < config->count; i++) {
        buf_t text = {0};
        put_value(&text, config->items[i]);
        weft_error_t *error = text.failed ? weft_error_oom() : VEC_PUSH(&texts->bufs, text);
        if (error) {
            weft_buf_free(&text);
            return error;
        }
        TRY(VEC_PUSH(&texts->values,
                     (config_value_t){config->keys[i]->text, weft_buf_as_str(&text)}));
    }
    return NULL;
}

weft_error_t *weft_config_apply(const inject_t *inject, weft_bytes_t middleware, buf_t *out) {
    encoded_t texts = {0};
    weft_error_t *error = inject->config ? write_values(&texts, inject->config) : NULL;
    if (!error) error = weft_config_seal(middleware, texts.values.items, texts.values.count, out);
    for (size_t i = 0; i < texts.bufs.count; i++) weft_buf_free(&texts.bufs.items[i]);
    VEC_FREE(&texts.bufs);
    VEC_FREE(&texts.values);
    return error;
}
