/* Layouts and core signatures against the specification's own implementation: vectors.txt, made by
 * vectors.py. Each line is computed anew and compared as text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "abi/func.h"
#include "support/alloc.h"

/* ---- types from text ------------------------------------------------------------------------ */

typedef struct parser {
    const char *at;
    type_pool_t *pool;
    const resource_t *resource;
} parser_t;

static const struct {
    const char *word;
    type_kind_t kind;
} KINDS[] = {
    {"bool", TYPE_BOOL},       {"s8", TYPE_S8},
    {"u8", TYPE_U8},           {"s16", TYPE_S16},
    {"u16", TYPE_U16},         {"s32", TYPE_S32},
    {"u32", TYPE_U32},         {"s64", TYPE_S64},
    {"u64", TYPE_U64},         {"f32", TYPE_F32},
    {"f64", TYPE_F64},         {"char", TYPE_CHAR},
    {"string", TYPE_STRING},   {"error-context", TYPE_ERROR_CONTEXT},
    {"record", TYPE_RECORD},   {"tuple", TYPE_TUPLE},
    {"variant", TYPE_VARIANT}, {"list", TYPE_LIST},
    {"option", TYPE_OPTION},   {"result", TYPE_RESULT},
    {"map", TYPE_MAP},         {"fixed", TYPE_FIXED_LIST},
    {"enum", TYPE_ENUM},       {"flags", TYPE_FLAGS},
    {"own", TYPE_OWN},         {"borrow", TYPE_BORROW},
    {"stream", TYPE_STREAM},   {"future", TYPE_FUTURE},
};

enum { MAX_PARTS = 300 };

static const type_t *parse(parser_t *p);

static type_kind_t parse_kind(parser_t *p) {
    size_t length = strcspn(p->at, "(,) ");
    for (size_t i = 0; i < sizeof KINDS / sizeof *KINDS; i++) {
        if (strlen(KINDS[i].word) != length || memcmp(KINDS[i].word, p->at, length) != 0) continue;
        p->at += length;
        return KINDS[i].kind;
    }
    fail_msg("no type at: %.40s", p->at);
    return TYPE_KIND_COUNT;
}

/* Types and numbers in brackets, "_" for none; how many. */
static uint32_t parse_parts(parser_t *p, const type_t *parts[MAX_PARTS], uint32_t *number) {
    uint32_t count = 0;
    if (*p->at != '(') return 0;
    do {
        p->at++;
        assert_true(count < MAX_PARTS);
        if (*p->at >= '0' && *p->at <= '9') *number = (uint32_t)strtoul(p->at, (char **)&p->at, 10);
        else if (*p->at != '_') parts[count++] = parse(p);
        else {
            parts[count++] = NULL;
            p->at++;
        }
    } while (*p->at == ',');
    assert_int_equal(*p->at, ')');
    p->at++;
    return count;
}

static const type_t *parse(parser_t *p) {
    const type_t *parts[MAX_PARTS] = {0}, *type;
    type_field_t fields[MAX_PARTS];
    char names[MAX_PARTS][8];
    uint32_t number = 0;
    type_t shape = {.kind = parse_kind(p)};
    if (shape.kind <= TYPE_ERROR_CONTEXT) return weft_type_prim(p->pool, shape.kind);

    uint32_t count = parse_parts(p, parts, &number);
    shape.resource = p->resource;
    shape.fields = fields;
    shape.field_count = number ? number : count;
    shape.length = number;
    shape.element = parts[0];
    shape.error = parts[1];
    if (shape.kind == TYPE_MAP) {
        shape.key = parts[0];
        shape.element = parts[1];
    }
    assert_true(shape.field_count <= MAX_PARTS);
    for (uint32_t i = 0; i < shape.field_count; i++) {
        snprintf(names[i], sizeof names[i], "x%u", i);
        fields[i] = (type_field_t){weft_str(shape.kind == TYPE_TUPLE ? "" : names[i]), parts[i]};
    }
    assert_null(weft_type_intern(p->pool, &shape, &type));
    return type;
}

/* func(RESULT,PARAMETERS...) */
static const func_type_t *parse_func(parser_t *p) {
    const type_t *parts[MAX_PARTS] = {0};
    type_field_t params[MAX_PARTS];
    uint32_t number = 0;
    const func_type_t *func;
    p->at += strlen("func");
    uint32_t count = parse_parts(p, parts, &number);
    for (uint32_t i = 1; i < count; i++) params[i - 1] = (type_field_t){STR_LIT("p"), parts[i]};
    const func_type_t shape = {.param_count = count - 1, .params = params, .result = parts[0]};
    assert_null(weft_func_type_intern(p->pool, &shape, &func));
    return func;
}

/* ---- results as text ------------------------------------------------------------------------ */

static void put_flat(buf_t *out, const uint8_t *values, uint32_t count) {
    if (!count) weft_buf_byte(out, '-');
    for (uint32_t i = 0; i < count; i++) switch (values[i]) {
        case CORE_I32: weft_buf_byte(out, 'i'); break;
        case CORE_I64: weft_buf_byte(out, 'I'); break;
        case CORE_F32: weft_buf_byte(out, 'f'); break;
        case CORE_F64: weft_buf_byte(out, 'F'); break;
        default: weft_buf_byte(out, '?'); break;
        }
}

static void put_layout(buf_t *out, abi_t *abi, const type_t *type) {
    const layout_t *layout;
    assert_null(weft_abi_layout(abi, type, &layout));
    weft_buf_printf(out, " : %llu %u ", (unsigned long long)layout->size, layout->align);
    if (layout->flat_count == ABI_TOO_MANY) weft_buf_byte(out, '*');
    else put_flat(out, layout->flat, layout->flat_count);
    weft_buf_byte(out, ' ');
    if (layout->discriminant) weft_buf_printf(out, "@%llu", (unsigned long long)layout->payload);
    else if (layout->offsets && type->kind != TYPE_MAP)
        for (uint32_t i = 0; i < layout->part_count; i++)
            weft_buf_printf(out, "%s%llu", i ? "," : "", (unsigned long long)layout->offsets[i]);
    else weft_buf_byte(out, '-');
}

static void put_sig(buf_t *out, const abi_func_t *func) {
    core_sig_t sig = weft_abi_core_sig(func);
    weft_buf_byte(out, ' ');
    put_flat(out, sig.params, sig.param_count);
    weft_buf_byte(out, '>');
    put_flat(out, sig.results, sig.result_count);
}

static void put_sigs(buf_t *out, abi_t *abi, const func_type_t *type) {
    static const abi_options_t lifts[] = {
        {0}, {.is_async = true, .callback = true}, {.is_async = true}};
    static const abi_options_t lowers[] = {{0}, {.is_async = true}};
    abi_func_t func;
    weft_buf_printf(out, " :");
    for (size_t i = 0; i < sizeof lifts / sizeof *lifts; i++) {
        assert_null(weft_abi_lift(abi, type, lifts[i], &func));
        put_sig(out, &func);
    }
    for (size_t i = 0; i < sizeof lowers / sizeof *lowers; i++) {
        assert_null(weft_abi_lower(abi, type, lowers[i], &func));
        put_sig(out, &func);
    }
    assert_null(weft_abi_task_return(abi, type->result, &func));
    weft_buf_byte(out, ' ');
    put_flat(out, func.core_params, func.core_param_count);
    assert_int_equal(func.core_result_count, 0);
}

/* ---- the file ------------------------------------------------------------------------------- */

static FILE *open_vectors(void) {
    const char *tests = getenv("WEFT_TESTS_DIR");
    char path[4096];
    snprintf(path, sizeof path, "%s/abi/vectors.txt", tests ? tests : "tests");
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    return file;
}

/* The lines of a kind ("type" or "func"), each computed for both address types. */
static unsigned check_lines(const char *kind, void (*put)(parser_t *, buf_t *, abi_t[2])) {
    FILE *file = open_vectors();
    char line[8192];
    unsigned checked = 0;
    parser_t p = {0};
    abi_t abis[2] = {{.address = ABI_32}, {.address = ABI_64}};
    assert_null(weft_type_pool_new(&p.pool));
    assert_null(weft_resource_new(p.pool, STR_LIT("r"), NULL, &p.resource));
    while (fgets(line, sizeof line, file)) {
        size_t length = strlen(kind);
        if (strncmp(line, kind, length) != 0) continue;
        line[strcspn(line, "\n")] = 0;
        p.at = line + length + 1;
        buf_t out = {0};
        put(&p, &out, abis);
        /* `out` starts where the type ends */
        weft_buf_byte(&out, 0);
        if (strcmp(p.at, (char *)out.data) != 0) fail_msg("%s\n   got %s", line, (char *)out.data);
        weft_buf_free(&out);
        checked++;
    }
    fclose(file);
    for (int i = 0; i < 2; i++) weft_abi_free(&abis[i]);
    weft_type_pool_delete(p.pool);
    return checked;
}

static void put_type_line(parser_t *p, buf_t *out, abi_t abis[2]) {
    const type_t *type = parse(p);
    for (int i = 0; i < 2; i++) put_layout(out, &abis[i], type);
}

static void put_func_line(parser_t *p, buf_t *out, abi_t abis[2]) {
    const func_type_t *type = parse_func(p);
    for (int i = 0; i < 2; i++) put_sigs(out, &abis[i], type);
}

static void layouts_are_those_of_the_specification(void **state) {
    (void)state;
    assert_int_equal(check_lines("type", put_type_line), 1500);
}

static void signatures_are_those_of_the_specification(void **state) {
    (void)state;
    assert_int_equal(check_lines("func", put_func_line), 900);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(layouts_are_those_of_the_specification),
        cmocka_unit_test(signatures_are_those_of_the_specification),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
