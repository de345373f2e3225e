/* The types of the entities of a component. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "component/wat.h"
#include "support/alloc.h"

static void assert_types(const char *text, const char *wanted) {
    wat_t wat;
    wat_load(&wat, text);
    if (wat.error) {
        char *message = wat_error(wat.error);
        wat.error = NULL;
        fail_msg("%s", message);
    }
    char *found = wat_describe(wat.type);
    assert_string_equal(found, wanted);
    weft_free(found);
    wat_free(&wat);
}

static void assert_refused(const char *text, const char *wanted) {
    wat_t wat;
    wat_load(&wat, text);
    char *found = wat_error(wat.error);
    wat.error = NULL;
    assert_string_equal(found, wanted);
    weft_free(found);
    wat_free(&wat);
}

static void value_types_of_every_kind(void **state) {
    (void)state;
    assert_types(
        "(component"
        " (type $r (record (field \"a\" u8) (field \"b\" string)))"
        " (type $v (variant (case \"x\" $r) (case \"y\")))"
        " (type $m (map string $v))"
        " (type $l (list f32 4))"
        " (type $res (result $m (error $l)))"
        " (type $o (option $res))"
        " (type $s (stream u8))"
        " (type $f (future))"
        " (type $t (tuple $o $s $f error-context))"
        " (type $fl (flags \"p\" \"q\"))"
        " (type $e (enum \"n\"))"
        " (import \"t\" (type (eq $t))) (import \"fl\" (type (eq $fl))) (import \"e\" (type (eq "
        "$e))))",
        "import t: type tuple<option<result<map<string, variant { x(record { a: u8, b: string }), "
        "y }>, list<f32, 4>>>, stream<u8>, future, error-context>\n"
        "import fl: type flags { p, q }\n"
        "import e: type enum { n }\n");
}

static void an_imported_instance_brings_its_resource(void **state) {
    (void)state;
    assert_types("(component"
                 " (import \"a:b/c\" (instance $i (export \"r\" (type (sub resource)))))"
                 " (alias export $i \"r\" (type $r))"
                 " (import \"f\" (func (param \"x\" (own $r)) (result (borrow $r)))))",
                 "import a:b/c: instance\n"
                 "  r: resource r\n"
                 "import f: func func(x: r) -> borrow<r>\n");
}

/* One instance type imported twice makes two resources. */
static void each_import_of_an_instance_type_has_its_own_resource(void **state) {
    (void)state;
    wat_t wat;
    wat_load(&wat, "(component"
                   " (type $t (instance (export \"r\" (type (sub resource)))))"
                   " (import \"a\" (instance (type $t))) (import \"b\" (instance (type $t))))");
    assert_null(wat.error);
    const extern_list_t *imports = &wat.type->component.imports;
    const resource_t *a =
        weft_instance_type_find(imports->items[0].type.type, weft_str("r"))->type.type->resource;
    const resource_t *b =
        weft_instance_type_find(imports->items[1].type.type, weft_str("r"))->type.type->resource;
    assert_ptr_not_equal(a, b);
    assert_int_equal(wat.type->component.imported.count, 2);
    assert_ptr_equal(wat.type->component.imported.items[0], a);
    assert_ptr_equal(wat.type->component.imported.items[1], b);
    wat_free(&wat);
}

/* Exports mention what was passed for the imports; defined resources are fresh in each instance. */
static void instantiation_substitutes_and_freshens(void **state) {
    (void)state;
    wat_t wat;
    wat_load(&wat,
             "(component"
             " (import \"mine\" (type $mine (sub resource)))"
             " (component $c"
             "  (import \"in\" (type $in (sub resource)))"
             "  (type $r (resource (rep i32)))"
             "  (export $out \"out\" (type $r))"
             "  (import \"g\" (func $g (param \"i\" (own $in))))"
             "  (export \"h\" (func $g)))"
             " (import \"g\" (func $g (param \"i\" (own $mine))))"
             " (instance $x (instantiate $c (with \"in\" (type $mine)) (with \"g\" (func $g))))"
             " (instance $y (instantiate $c (with \"in\" (type $mine)) (with \"g\" (func $g))))"
             " (export \"x\" (instance $x)) (export \"y\" (instance $y)))");
    assert_null(wat.error);
    char *found = wat_describe(wat.type);
    assert_string_equal(found, "import mine: resource mine\n"
                               "import g: func func(i: mine)\n"
                               "export x: instance\n"
                               "  out: resource out\n"
                               "  h: func func(i: mine)\n"
                               "export y: instance\n"
                               "  out: resource out\n"
                               "  h: func func(i: mine)\n");
    weft_free(found);
    const extern_list_t *exports = &wat.type->component.exports;
    const ctype_t *x = exports->items[0].type.type, *y = exports->items[1].type.type;
    assert_ptr_not_equal(weft_instance_type_find(x, weft_str("out"))->type.type->resource,
                         weft_instance_type_find(y, weft_str("out"))->type.type->resource);
    assert_ptr_equal(weft_instance_type_find(x, weft_str("h"))->type.type->func.type,
                     weft_instance_type_find(y, weft_str("h"))->type.type->func.type);
    assert_int_equal(wat.type->component.defined.count, 2);
    assert_int_equal(wat.type->component.imported.count, 1);
    wat_free(&wat);
}

/* A type that a component takes in comes out again as the very type that was passed. */
static void instantiation_keeps_the_identity_of_types(void **state) {
    (void)state;
    wat_t wat;
    wat_load(&wat, "(component"
                   " (type $p' (record (field \"x\" u32)))"
                   " (import \"p\" (type $p (eq $p')))"
                   " (import \"f\" (func $f (param \"p\" $p)))"
                   " (component $c"
                   "  (type $q' (record (field \"x\" u32)))"
                   "  (import \"q\" (type $q (eq $q')))"
                   "  (import \"f\" (func $f (param \"p\" $q)))"
                   "  (export \"f\" (func $f)))"
                   " (instance $i (instantiate $c (with \"q\" (type $p)) (with \"f\" (func $f))))"
                   " (export \"f\" (func $i \"f\")))");
    assert_null(wat.error);
    const ctype_t *p = wat.type->component.imports.items[0].type.type;
    const ctype_t *f = wat.type->component.exports.items[0].type.type;
    assert_ptr_equal(f->func.params[0], p);
    assert_non_null(p->renames);
    wat_free(&wat);
}

static void exporting_a_resource_keeps_the_resource_and_renames_the_type(void **state) {
    (void)state;
    wat_t wat;
    wat_load(&wat, "(component (type $r (resource (rep i32)))"
                   " (export $a \"a\" (type $r)) (export \"b\" (type $a)))");
    assert_null(wat.error);
    const extern_list_t *exports = &wat.type->component.exports;
    const ctype_t *a = exports->items[0].type.type, *b = exports->items[1].type.type;
    assert_ptr_equal(a->resource, b->resource);
    assert_ptr_equal(b->renames, a);
    assert_ptr_equal(weft_ctype_origin(b), a->renames);
    assert_true(weft_str_eq(a->resource->name, weft_str("a")));
    wat_free(&wat);
}

static void an_ascription_is_what_is_seen(void **state) {
    (void)state;
    assert_types("(component"
                 " (import \"i\" (instance $i (export \"f\" (func)) (export \"g\" (func))))"
                 " (export \"e\" (instance $i) (instance (export \"g\" (func)))))",
                 "import i: instance\n  f: func func()\n  g: func func()\n"
                 "export e: instance\n  g: func func()\n");
}

static void inline_exports_and_aliases(void **state) {
    (void)state;
    assert_types("(component"
                 " (import \"f\" (func $f (param \"x\" u8)))"
                 " (instance $a (export \"f\" (func $f)))"
                 " (instance $b (export \"a\" (instance $a)))"
                 " (alias export $b \"a\" (instance $c))"
                 " (alias export $c \"f\" (func $g))"
                 " (export \"g\" (func $g)))",
                 "import f: func func(x: u8)\nexport g: func func(x: u8)\n");
}

static void component_types_show_what_they_bind(void **state) {
    (void)state;
    assert_types("(component"
                 " (import \"c\" (component"
                 "  (import \"r\" (type $r (sub resource)))"
                 "  (export \"s\" (type $s (sub resource)))"
                 "  (export \"f\" (func (param \"r\" (borrow $r)) (result (own $s)))))))",
                 "import c: component\n"
                 "  import r: resource r\n"
                 "  export s: resource s\n"
                 "  export f: func func(r: borrow<r>) -> s\n");
}

static void a_core_module_is_an_extern(void **state) {
    (void)state;
    assert_types("(component (core module $m) (export \"m\" (core module $m)))",
                 "export m: core module\n");
}

static void values_come_from_start(void **state) {
    (void)state;
    assert_types("(component (import \"f\" (func $f (result string)))"
                 " (start $f (result (value $v))) (export \"v\" (value $v)))",
                 "import f: func func() -> string\nexport v: value string\n");
}

/* ---- what is refused ---- */

static void a_missing_export_cannot_be_aliased(void **state) {
    (void)state;
    assert_refused("(component (import \"i\" (instance $i)) (alias export $i \"f\" (func)))",
                   "instance 0 has no export named `f` (at 24)");
}

static void an_alias_says_the_right_sort(void **state) {
    (void)state;
    assert_refused("(component (import \"i\" (instance $i (export \"f\" (func))))"
                   " (alias export $i \"f\" (type)))",
                   "the export `f` of instance 0 is a func, not a type (at 35)");
}

static void a_type_is_what_its_place_asks_for(void **state) {
    (void)state;
    assert_refused("(component (type $f (func)) (type (list $f)))",
                   "type 0 is not a value type, as it must be here (at 15)");
    assert_refused("(component (type $f u8) (type (own $f)))",
                   "type 0 is not a resource type, as it must be here (at 12)");
    assert_refused("(component (type $f u8) (import \"f\" (func (type $f))))",
                   "type 0 is not a function type, as it must be here (at 15)");
}

static void an_argument_must_be_there(void **state) {
    (void)state;
    assert_refused("(component (component $c (import \"f\" (func)))"
                   " (instance (instantiate $c)))",
                   "missing: function \"f\" (at 57)\n"
                   "the import asks for it, the argument has nothing of that name");
}

static void an_argument_must_fit(void **state) {
    (void)state;
    assert_refused(
        "(component"
        " (component $c (import \"i\" (instance"
        "  (export \"f\" (func (param \"p\" (list (tuple u8 u32))))))))"
        " (import \"i\" (instance $i"
        "  (export \"f\" (func (param \"p\" (list (tuple u8 u64)))))))"
        " (instance (instantiate $c (with \"i\" (instance $i)))))",
        "the types do not match: instance \"i\", function \"f\", parameter \"p\", element, "
        "element 1 (at 112)\n"
        "the argument has u64\n"
        "the import has u32");
}

static void two_resources_are_not_one(void **state) {
    (void)state;
    assert_refused("(component"
                   " (component $c (import \"r\" (type $r (sub resource)))"
                   "  (import \"f\" (func (param \"r\" (own $r)))))"
                   " (import \"a\" (type $a (sub resource)))"
                   " (import \"b\" (type $b (sub resource)))"
                   " (import \"f\" (func $f (param \"r\" (own $b))))"
                   " (instance (instantiate $c (with \"r\" (type $a)) (with \"f\" (func $f)))))",
                   "the types do not match: function \"f\", parameter \"r\" (at 110)\n"
                   "the argument has b\n"
                   "the import has a");
}

static void an_ascription_must_fit(void **state) {
    (void)state;
    assert_refused("(component (import \"f\" (func $f (param \"x\" u8)))"
                   " (export \"f\" (func $f) (func (param \"y\" u8))))",
                   "the types do not match: function \"f\" (at 39)\n"
                   "what is exported has parameter \"x\"\n"
                   "the type it is exported with has parameter \"y\"");
}

static void a_resource_does_not_leak_into_a_component(void **state) {
    (void)state;
    assert_refused(
        "(component $o (type $r (resource (rep i32))) (type $l (list (own $r)))"
        " (component (alias outer $o $l (type))))",
        "an outer type that mentions a resource cannot be aliased into a component (at 31)");
}

static void a_name_is_not_there_twice(void **state) {
    (void)state;
    assert_refused("(component (import \"a\" (func)) (import \"a\" (func)))",
                   "the name `a` is there twice (at 33)");
}

/* ---- limits ---- */

/* 30 instance types, each with two exports of the one before: 2^30 functions written out. */
static void a_type_that_doubles_at_each_step_is_refused(void **state) {
    (void)state;
    buf_t text = {0};
    weft_buf_printf(&text, "(component (type $t0 (instance (export \"f\" (func))))");
    for (int i = 1; i <= 30; i++) {
        weft_buf_printf(
            &text,
            "(type $t%d (instance (alias outer 1 $t%d (type $p))"
            " (export \"a\" (instance (type $p))) (export \"b\" (instance (type $p)))))",
            i, i - 1);
    }
    weft_buf_printf(&text, ")");
    weft_buf_byte(&text, 0);
    wat_t wat;
    wat_load(&wat, (char *)text.data);
    assert_non_null(wat.error);
    assert_int_equal(weft_error_code(wat.error), WEFT_LIMIT);
    assert_int_not_equal(weft_error_offset(wat.error), WEFT_NO_OFFSET);
    weft_buf_free(&text);
    wat_free(&wat);
}

/* Each component makes two instances of the one before and exports both: fresh resources at every step. */
static void resources_that_double_at_each_step_are_refused(void **state) {
    (void)state;
    buf_t text = {0};
    weft_buf_printf(&text, "(component (component $c0 (type $r (resource (rep i32)))"
                           " (export \"r\" (type $r)))");
    for (int i = 1; i <= 30; i++) {
        weft_buf_printf(&text,
                        "(component $c%d (alias outer 1 $c%d (component $p))"
                        " (instance $a (instantiate $p)) (instance $b (instantiate $p))"
                        " (export \"a\" (instance $a)) (export \"b\" (instance $b)))",
                        i, i - 1);
    }
    weft_buf_printf(&text, ")");
    weft_buf_byte(&text, 0);
    wat_t wat;
    wat_load(&wat, (char *)text.data);
    assert_non_null(wat.error);
    assert_int_equal(weft_error_code(wat.error), WEFT_LIMIT);
    weft_buf_free(&text);
    wat_free(&wat);
}

/* 3 000 resources, fresh in each of 20 000 imports: a file of 300 KB, and memory without end. */
static void resources_that_multiply_are_refused(void **state) {
    (void)state;
    buf_t text = {0};
    weft_buf_printf(&text, "(component (type $t (instance");
    for (int i = 0; i < 3000; i++)
        weft_buf_printf(&text, "(export \"r%d\" (type (sub resource)))", i);
    weft_buf_printf(&text, "))");
    for (int i = 0; i < 20000; i++)
        weft_buf_printf(&text, "(import \"i%d\" (instance (type $t)))", i);
    weft_buf_printf(&text, ")");
    weft_buf_byte(&text, 0);
    wat_t wat;
    wat_load(&wat, (char *)text.data);
    assert_non_null(wat.error);
    assert_int_equal(weft_error_code(wat.error), WEFT_LIMIT);
    assert_true(weft_type_pool_arena(wat.pool)->used < 2 * (size_t)TYPE_BYTES_MAX);
    weft_buf_free(&text);
    wat_free(&wat);
}

/* ---- asking for one definition, allocation failures ---- */

static def_t *last_of(scope_t *scope, def_kind_t kind) {
    def_t *def = scope->last;
    while (def->kind != kind) def = def->prev;
    return def;
}

static void a_single_definition_is_typed_with_what_it_needs(void **state) {
    (void)state;
    wat_t wat;
    wat_read(&wat, "(component (type $t u8) (component $c (type (list u8))"
                   " (import \"x\" (type (eq 0))) (export \"y\" (type 1))))");
    assert_null(wat.error);
    def_t *component = last_of(wat.document->root, DEF_COMPONENT), *export_;
    scope_t *body;
    extern_type_t type;
    assert_null(weft_component_body(component, &body));
    export_ = last_of(body, DEF_EXPORT);
    assert_null(weft_typing_def(wat.pool, export_, &type));
    assert_int_equal(type.sort, SORT_TYPE);
    assert_int_equal(type.type->value.type->kind, TYPE_LIST);
    assert_null(component->typed); /* its owner was not needed */
    weft_typing_forget(body);
    assert_null(export_->typed);
    wat_free(&wat);
}

static void a_failed_allocation_is_an_error(void **state) {
    (void)state;
    const char *text =
        "(component (component $c (import \"r\" (type $r (sub resource)))"
        " (import \"i\" (instance (export \"s\" (type $s (sub resource)))"
        "  (export \"f\" (func (param \"r\" (own $s)) (result (list string))))))"
        " (type $d (resource (rep i32))) (export \"d\" (type $d)))"
        " (import \"r\" (type $r (sub resource)))"
        " (import \"i\" (instance $i (export \"s\" (type $s (sub resource)))"
        "  (export \"f\" (func (param \"r\" (own $s)) (result (list string))))))"
        " (instance $x (instantiate $c (with \"r\" (type $r)) (with \"i\" (instance $i))))"
        " (export \"x\" (instance $x)))";
    wat_t wat;
    wat_read(&wat, text);
    assert_null(wat.error);
    size_t n = 1;
    for (bool done = false; !done; n++) {
        weft_alloc_fail_after(n);
        weft_error_t *error = weft_typing_scope(wat.pool, wat.document->root, &wat.type);
        weft_alloc_fail_after(0);
        done = !error;
        if (error) assert_int_equal(weft_error_code(error), WEFT_NO_MEMORY);
        weft_error_delete(error);
    }
    assert_true(n > 3);
    assert_int_equal(wat.type->component.exports.count, 1);
    wat_free(&wat);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(value_types_of_every_kind),
        cmocka_unit_test(an_imported_instance_brings_its_resource),
        cmocka_unit_test(each_import_of_an_instance_type_has_its_own_resource),
        cmocka_unit_test(instantiation_substitutes_and_freshens),
        cmocka_unit_test(instantiation_keeps_the_identity_of_types),
        cmocka_unit_test(exporting_a_resource_keeps_the_resource_and_renames_the_type),
        cmocka_unit_test(an_ascription_is_what_is_seen),
        cmocka_unit_test(inline_exports_and_aliases),
        cmocka_unit_test(component_types_show_what_they_bind),
        cmocka_unit_test(a_core_module_is_an_extern),
        cmocka_unit_test(values_come_from_start),
        cmocka_unit_test(a_missing_export_cannot_be_aliased),
        cmocka_unit_test(an_alias_says_the_right_sort),
        cmocka_unit_test(a_type_is_what_its_place_asks_for),
        cmocka_unit_test(an_argument_must_be_there),
        cmocka_unit_test(an_argument_must_fit),
        cmocka_unit_test(two_resources_are_not_one),
        cmocka_unit_test(an_ascription_must_fit),
        cmocka_unit_test(a_resource_does_not_leak_into_a_component),
        cmocka_unit_test(a_name_is_not_there_twice),
        cmocka_unit_test(a_type_that_doubles_at_each_step_is_refused),
        cmocka_unit_test(resources_that_double_at_each_step_are_refused),
        cmocka_unit_test(resources_that_multiply_are_refused),
        cmocka_unit_test(a_single_definition_is_typed_with_what_it_needs),
        cmocka_unit_test(a_failed_allocation_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
