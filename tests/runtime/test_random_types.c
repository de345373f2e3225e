/* Random function types, random values: both engines give back what went in, from the host and through a component
 * between, whose strings are in another encoding. WEFT_TYPES in the environment is the number of types.
 *
 * The guests echo without knowing the type. What is passed through memory (more than 16 core parameters) comes
 * back by its pointer, since parameters and a tuple of them are laid out alike; lists that are passed flat are a
 * pointer and a length each, which are stored one after another. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "runtime/guest.h"
#include "runtime/plugin.h"
#include "runtime/random.h"
#include "support/alloc.h"
#include "value/wave.h"

enum { DEEPEST = 5, VALUES = 12, FILLERS = 17 };

static weft_engine_t *engine;

/* ---- types as text ---------------------------------------------------------------------------- */

static void write_type(buf_t *out, random_source_t *source, unsigned depth) {
    static const char *const scalars[] = {"bool", "s8",  "u8",  "s16", "u16",  "s32",    "u32",
                                          "s64",  "u64", "f32", "f64", "char", "string", "string"};
    uint64_t kind = depth < DEEPEST ? random_below(source, 8) : 0;
    if (kind < 3) {
        weft_buf_printf(out, "%s", scalars[random_below(source, sizeof scalars / sizeof *scalars)]);
        return;
    }
    static const char *const heads[] = {"(list ", "(option ", "(result ", "(tuple ", "(result "};
    weft_buf_printf(out, "%s", heads[kind - 3]);
    uint64_t parts = kind == 6 ? 1 + random_below(source, 5) : 1;
    for (uint64_t i = 0; i < parts; i++) {
        write_type(out, source, depth + 1);
        weft_buf_printf(out, " ");
    }
    if (kind == 5) {
        weft_buf_printf(out, "(error ");
        write_type(out, source, depth + 1);
        weft_buf_printf(out, ")");
    }
    weft_buf_printf(out, ")");
}

/* The parameters' types. Flat ones are lists, others have fillers behind them until nothing is flat. */
typedef struct shape {
    buf_t types[40];
    unsigned count;
    bool flat;
} shape_t;

static shape_t make_shape(random_source_t *source) {
    shape_t shape = {.flat = random_below(source, 3) == 0};
    shape.count = 1 + (unsigned)random_below(source, shape.flat ? 8 : 8);
    for (unsigned i = 0; i < shape.count; i++) {
        if (shape.flat) weft_buf_printf(&shape.types[i], "(list ");
        write_type(&shape.types[i], source, 1);
        if (shape.flat) weft_buf_printf(&shape.types[i], ")");
    }
    for (unsigned i = 0; i < FILLERS && !shape.flat; i++)
        weft_buf_printf(&shape.types[shape.count++], i % 2 ? "u8" : "u64");
    return shape;
}

static void free_shape(shape_t *shape) {
    for (unsigned i = 0; i < shape->count; i++) weft_buf_free(&shape->types[i]);
}

static void write_func(buf_t *out, const shape_t *shape) {
    for (unsigned i = 0; i < shape->count; i++)
        weft_buf_printf(out, "(param \"p%u\" %.*s) ", i, (int)shape->types[i].len,
                        (const char *)shape->types[i].data);
    weft_buf_printf(out, "(result (tuple");
    for (unsigned i = 0; i < shape->count; i++)
        weft_buf_printf(out, " %.*s", (int)shape->types[i].len, (const char *)shape->types[i].data);
    weft_buf_printf(out, "))");
}

/* ---- guests as text --------------------------------------------------------------------------- */

/* A memory and a realloc that never frees; what is below 32768 is the guest's own. */
static const char memory[] =
    "(core module $mem (memory (export \"m\") 1) (global $end (mut i32) (i32.const 32768))"
    " (func (export \"r\") (param $old i32) (param $size i32) (param $align i32) (param $new i32)"
    "  (result i32) (local $at i32)"
    "  (local.set $at (i32.and (i32.add (global.get $end) (i32.sub (local.get $align) (i32.const "
    "1)))"
    "   (i32.sub (i32.const 0) (local.get $align))))"
    "  (global.set $end (i32.add (local.get $at) (local.get $new)))"
    "  (block $enough (loop $more"
    "   (br_if $enough (i32.le_u (global.get $end) (i32.mul (memory.size) (i32.const 65536))))"
    "   (drop (memory.grow (i32.const 1))) (br $more)))"
    "  (memory.copy (local.get $at) (local.get $old)"
    "   (select (local.get $size) (local.get $new) (i32.lt_u (local.get $size) (local.get $new))))"
    "  (local.get $at)))"
    " (core instance $mem (instantiate $mem)) (alias core export $mem \"m\" (core memory $m))"
    " (alias core export $mem \"r\" (core func $r)) ";

static void write_params(buf_t *out, const shape_t *shape) {
    unsigned count = shape->flat ? 2 * shape->count : 1;
    for (unsigned i = 0; i < count; i++) weft_buf_printf(out, "(param i32) ");
}

/* $B: gives back what it gets. */
static void write_echo(buf_t *out, const shape_t *shape, const char *encoding) {
    weft_buf_printf(out,
                    "(component $B %s (core module $e (import \"\" \"m\" (memory 1)) "
                    "(func (export \"f\") ",
                    memory);
    write_params(out, shape);
    weft_buf_printf(out, "(result i32) ");
    for (unsigned i = 0; shape->flat && i < 2 * shape->count; i++)
        weft_buf_printf(out, "(i32.store (i32.const %u) (local.get %u)) ", 4 * i, i);
    weft_buf_printf(out, "%s)) ", shape->flat ? "(i32.const 0)" : "(local.get 0)");
    weft_buf_printf(out, "(core instance $e (instantiate $e (with \"\" (instance"
                         " (export \"m\" (memory $m)))))) (func (export \"f\") ");
    write_func(out, shape);
    weft_buf_printf(out,
                    " (canon lift (core func $e \"f\") (memory $m) (realloc $r) "
                    "string-encoding=%s))) ",
                    encoding);
}

/* $A: asks $B. */
static void write_relay(buf_t *out, const shape_t *shape, const char *encoding) {
    unsigned count = shape->flat ? 2 * shape->count : 1;
    weft_buf_printf(out, "(component $A (import \"f\" (func $f ");
    write_func(out, shape);
    weft_buf_printf(out,
                    ")) %s (core func $f' (canon lower (func $f) (memory $m) (realloc $r) "
                    "string-encoding=%s)) (core module $c (import \"\" \"f\" (func $f ",
                    memory, encoding);
    write_params(out, shape);
    weft_buf_printf(out, "(param i32))) (func (export \"f\") ");
    write_params(out, shape);
    weft_buf_printf(out, "(result i32) (call $f ");
    for (unsigned i = 0; i < count; i++) weft_buf_printf(out, "(local.get %u) ", i);
    weft_buf_printf(out,
                    "(i32.const 8)) (i32.const 8))) (core instance $c (instantiate $c (with \"\""
                    " (instance (export \"f\" (func $f')))))) (func (export \"f\") ");
    write_func(out, shape);
    weft_buf_printf(out,
                    " (canon lift (core func $c \"f\") (memory $m) (realloc $r) "
                    "string-encoding=%s))) ",
                    encoding);
}

static void write_component(buf_t *out, const shape_t *shape, random_source_t *source) {
    static const char *const encodings[] = {"utf8", "utf16", "latin1+utf16"};
    weft_buf_printf(out, "(component ");
    write_echo(out, shape, encodings[random_below(source, 3)]);
    write_relay(out, shape, encodings[random_below(source, 3)]);
    weft_buf_printf(out, "(instance $b (instantiate $B)) (instance $a (instantiate $A"
                         " (with \"f\" (func $b \"f\")))) (export \"echo\" (func $b \"f\"))"
                         " (export \"relay\" (func $a \"f\")))");
    weft_buf_byte(out, 0);
    if (out->failed) abort();
}

/* ---- calls ------------------------------------------------------------------------------------ */

static void assert_echoed(weft_func_t *func, const value_vec_t *args, const char *wat) {
    weft_value_t out;
    weft_error_t *error = weft_func_call(func, args->items, args->count, &out, 1);
    if (error) fail_msg("%s\nin %s", rendered(error), wat);
    weft_value_t in = weft_tuple(args->items, args->count);
    if (!weft_value_equal(&in, &out)) fail_msg("the values differ in %s", wat);
    weft_value_clear(&out);
}

static void check_shape(const shape_t *shape, random_source_t *source) {
    static const char *const names[] = {"echo", "relay"};
    weft_options_t direct = {.engine = WEFT_ENGINE_DIRECT}, hosted = {.engine = WEFT_ENGINE_HOSTED};
    buf_t wat = {0};
    write_component(&wat, shape, source);
    const char *text = (const char *)wat.data;
    guest_component_t a = guest_of(engine, text, &direct), b = guest_of(engine, text, &hosted);
    for (unsigned i = 0; i < 2 * VALUES; i++) {
        weft_func_t *func = func_of(a.plugin, NULL, names[i % 2]);
        const func_type_t *type = weft_func_type(func);
        value_vec_t args = {0};
        for (uint32_t k = 0; k < type->param_count; k++)
            assert_ok(VEC_PUSH(&args, random_value(source, type->params[k].type)));
        assert_echoed(func, &args, text);
        assert_echoed(func_of(b.plugin, NULL, names[i % 2]), &args, text);
        weft_value_vec_free(&args);
    }
    guest_delete(&a);
    guest_delete(&b);
    weft_buf_free(&wat);
}

static void values_of_random_types_come_back(void **state) {
    (void)state;
    const char *said = getenv("WEFT_TYPES");
    unsigned types = said ? (unsigned)strtoul(said, NULL, 10) : 300;
    random_source_t source = {2024};
    for (unsigned i = 0; i < types; i++) {
        shape_t shape = make_shape(&source);
        check_shape(&shape, &source);
        free_shape(&shape);
    }
}

static int make_engine(void **state) {
    (void)state;
    return (engine = engine_of_tests()) ? 0 : 1;
}

static int delete_engine(void **state) {
    (void)state;
    weft_engine_delete(engine);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(values_of_random_types_come_back)};
    return cmocka_run_group_tests_name("random types", tests, make_engine, delete_engine);
}
