/* WAVE and JSON text against any type: the first bytes make a type, the rest is read as a value of it. What
 * was read must be of the type, and read the same again from the text that it is written as. */
#include <stdint.h>
#include <stdlib.h>

#include "support/alloc.h"
#include "value/call_text.h"
#include "value/json.h"
#include "value/wave.h"

typedef struct input {
    const uint8_t *at, *end;
    unsigned budget; /* of types */
} input_t;

static uint8_t take(input_t *input) {
    return input->at < input->end ? *input->at++ : 0;
}

static void must(bool condition) {
    if (!condition) abort();
}

static const type_t *make_type(type_pool_t *pool, input_t *input);

static const type_t *maybe_type(type_pool_t *pool, input_t *input) {
    return take(input) & 1 ? make_type(pool, input) : NULL;
}

/* Labels that are short, near one another, and among them keywords. */
static const char *const labels[] = {"a",
                                     "b",
                                     "ab",
                                     "a-b",
                                     "x1",
                                     "true",
                                     "some",
                                     "none",
                                     "ok",
                                     "err",
                                     "inf",
                                     "nan",
                                     "long-label-name",
                                     "A",
                                     "q",
                                     "z"};

static const type_t *make_type(type_pool_t *pool, input_t *input) {
    type_field_t fields[16] = {0};
    type_t shape = {.kind = (type_kind_t)(take(input) % TYPE_KIND_COUNT), .fields = fields};
    const type_t *type;
    if (shape.kind <= TYPE_STRING || input->budget == 0) {
        type_kind_t prim = shape.kind <= TYPE_STRING ? shape.kind : TYPE_U8;
        return weft_type_prim(pool, prim);
    }
    input->budget--;
    switch (shape.kind) {
    case TYPE_RECORD:
    case TYPE_VARIANT:
    case TYPE_TUPLE:
    case TYPE_FLAGS:
    case TYPE_ENUM:
        shape.field_count = 1 + take(input) % 16;
        for (uint32_t i = 0; i < shape.field_count; i++) {
            if (shape.kind != TYPE_TUPLE) fields[i].name = weft_str(labels[i]);
            if (shape.kind == TYPE_VARIANT) fields[i].type = maybe_type(pool, input);
            if (shape.kind == TYPE_RECORD || shape.kind == TYPE_TUPLE)
                fields[i].type = make_type(pool, input);
        }
        break;
    case TYPE_RESULT:
        shape.element = maybe_type(pool, input);
        shape.error = maybe_type(pool, input);
        break;
    case TYPE_MAP:
        shape.key = make_type(pool, input);
        shape.element = make_type(pool, input);
        break;
    case TYPE_FIXED_LIST:
        shape.length = 1 + take(input) % 4;
        shape.element = make_type(pool, input);
        break;
    case TYPE_LIST:
    case TYPE_OPTION: shape.element = make_type(pool, input); break;
    default: return weft_type_prim(pool, TYPE_STRING);
    }
    if (weft_type_intern(pool, &shape, &type)) abort();
    return type;
}

static void check_wave(const type_t *type, weft_str_t text) {
    weft_value_t value, again;
    weft_error_t *error = weft_wave_read(text, type, &value);
    if (error) {
        weft_error_delete(error);
        return;
    }
    must(!weft_value_check(&value, type));
    buf_t out = {0};
    weft_wave_write(&out, type, &value);
    must(!weft_wave_read(weft_buf_as_str(&out), type, &again));
    must(weft_value_equal(&value, &again));
    weft_value_clear(&again);
    weft_value_clear(&value);
    weft_buf_free(&out);
}

static void check_json(const type_t *type, weft_str_t text) {
    weft_value_t value, again;
    weft_error_t *error = weft_json_read(text, type, &value);
    if (error) {
        weft_error_delete(error);
        return;
    }
    must(!weft_value_check(&value, type));
    buf_t out = {0};
    weft_json_write(&out, type, &value);
    /* two equal keys of a map<string, _> given as pairs cannot be written as an object */
    error = weft_json_read(weft_buf_as_str(&out), type, &again);
    if (!error) weft_value_clear(&again);
    weft_error_delete(error);
    weft_value_clear(&value);
    weft_buf_free(&out);
}

static void check_call(const type_t *type, weft_str_t text, bool json) {
    call_text_t call;
    value_vec_t args;
    type_field_t params[2] = {{STR_LIT("x"), type}, {STR_LIT("y"), type}};
    func_type_t func = {.param_count = 2, .params = params};
    weft_error_t *error = weft_call_text_read(text, &call);
    if (!error) error = weft_call_args_read(&call, &func, NULL, json, &args);
    if (!error) weft_value_vec_free(&args);
    weft_error_delete(error);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    size_t type_bytes = size < 24 ? size / 2 : 12;
    input_t input = {data, data + type_bytes, 24};
    weft_str_t text = {(const char *)data + type_bytes, size - type_bytes};
    type_pool_t *pool;
    if (weft_type_pool_new(&pool)) return 0;
    const type_t *type = make_type(pool, &input);
    check_wave(type, text);
    check_json(type, text);
    check_call(type, text, false);
    check_call(type, text, true);
    weft_type_pool_delete(pool);
    return 0;
}
