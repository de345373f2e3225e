/* Woven modules run: their imports are host functions that write down each call, so a test compares the whole
 * course of what happened. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>
#include <wasmtime.h>

#include "weave/code/module.h"

static const uint8_t I32 = CORE_I32;
static const core_sig_t ADD = {.params = (const uint8_t[]){CORE_I32, CORE_I32},
                               .param_count = 2,
                               .results = &I32,
                               .result_count = 1};

/* ---- a store, and functions of the host ----------------------------------------------------- */

typedef struct world {
    wasm_engine_t *engine;
    wasmtime_store_t *store;
    wasmtime_context_t *context;
    buf_t log;
    struct {
        char name[4];
        wasmtime_extern_t item;
    } imports[16];
    size_t import_count;
} world_t;

static world_t W;

/* What a host function is called in the log, and what it returns. */
typedef struct host {
    const char *name;
    uint64_t result;
    bool is_i64;
} host_t;

static int setup(void **state) {
    (void)state;
    /* cmocka catches the signals that the engine would make traps of */
    wasm_config_t *config = wasm_config_new();
    wasmtime_config_signals_based_traps_set(config, false);
    W = (world_t){.engine = wasm_engine_new_with_config(config)};
    W.store = wasmtime_store_new(W.engine, NULL, NULL);
    W.context = wasmtime_store_context(W.store);
    return 0;
}

static int teardown(void **state) {
    (void)state;
    wasmtime_store_delete(W.store);
    wasm_engine_delete(W.engine);
    weft_buf_free(&W.log);
    return 0;
}

static void log_value(const wasmtime_val_t *value) {
    long long number = value->kind == WASMTIME_I32 ? value->of.i32 : value->of.i64;
    weft_buf_printf(&W.log, "%lld", number);
}

/* Logs its name and arguments, returns what its host_t says. */
static wasm_trap_t *callback(void *env, wasmtime_caller_t *caller, const wasmtime_val_t *args,
                             size_t arg_count, wasmtime_val_t *results, size_t result_count) {
    (void)caller;
    const host_t *host = env;
    weft_buf_printf(&W.log, "%s(", host->name);
    for (size_t i = 0; i < arg_count; i++) {
        if (i) weft_buf_byte(&W.log, ',');
        log_value(&args[i]);
    }
    weft_buf_printf(&W.log, ") ");
    for (size_t i = 0; i < result_count; i++) {
        results[i].kind = host->is_i64 ? WASMTIME_I64 : WASMTIME_I32;
        results[i].of.i64 = (int64_t)host->result;
    }
    return NULL;
}

static void provide(const char *name, wasmtime_extern_t item) {
    assert_true(W.import_count < 16);
    strcpy(W.imports[W.import_count].name, name);
    W.imports[W.import_count++].item = item;
}

static wasm_valtype_vec_t valtypes(const uint8_t *types, uint32_t count) {
    wasm_valtype_vec_t out;
    wasm_valtype_vec_new_uninitialized(&out, count);
    for (uint32_t i = 0; i < count; i++)
        out.data[i] = wasm_valtype_new(types[i] == CORE_I64 ? WASM_I64 : WASM_I32);
    return out;
}

/* A host function under an import's name. */
static void provide_func(const char *name, core_sig_t sig, const host_t *host) {
    wasm_valtype_vec_t params = valtypes(sig.params, sig.param_count);
    wasm_valtype_vec_t results = valtypes(sig.results, sig.result_count);
    wasm_functype_t *type = wasm_functype_new(&params, &results);
    wasmtime_extern_t item = {.kind = WASMTIME_EXTERN_FUNC};
    wasmtime_func_new(W.context, type, callback, (void *)host, NULL, &item.of.func);
    wasm_functype_delete(type);
    provide(name, item);
}

static const wasmtime_extern_t *provided(const wasm_name_t *name) {
    for (size_t i = W.import_count; i-- > 0;)
        if (strlen(W.imports[i].name) == name->size &&
            memcmp(W.imports[i].name, name->data, name->size) == 0)
            return &W.imports[i].item;
    fail_msg("nothing for the import %.*s", (int)name->size, name->data);
    return NULL;
}

/* Compiles and instantiates bytes with what is provided; the bytes are freed. */
static wasmtime_instance_t instantiate(buf_t *bytes) {
    wasmtime_module_t *module;
    wasmtime_instance_t instance;
    wasmtime_extern_t items[16];
    wasm_importtype_vec_t imports;
    wasm_trap_t *trap = NULL;
    assert_null(wasmtime_module_new(W.engine, bytes->data, bytes->len, &module));
    wasmtime_module_imports(module, &imports);
    assert_true(imports.size <= 16);
    for (size_t i = 0; i < imports.size; i++)
        items[i] = *provided(wasm_importtype_name(imports.data[i]));
    assert_null(wasmtime_instance_new(W.context, module, items, imports.size, &instance, &trap));
    assert_null(trap);
    wasm_importtype_vec_delete(&imports);
    wasmtime_module_delete(module);
    weft_buf_free(bytes);
    return instance;
}

static wasmtime_instance_t weave(const weave_module_t *weave) {
    buf_t bytes = {0};
    assert_null(weft_weave_module(weave, &bytes));
    return instantiate(&bytes);
}

static wasmtime_extern_t export(const wasmtime_instance_t *instance, const char *name) {
    wasmtime_extern_t item;
    assert_true(wasmtime_instance_export_get(W.context, instance, name, strlen(name), &item));
    return item;
}

/* Calls an export with i32s and logs "=RESULT" or the trap. */
static void call(const wasmtime_instance_t *instance, const char *name, const int32_t *args,
                 size_t count) {
    wasmtime_extern_t item = export(instance, name);
    wasmtime_val_t in[4] = {0}, out = {.kind = WASMTIME_I32};
    wasm_trap_t *trap = NULL;
    for (size_t i = 0; i < count; i++)
        in[i] = (wasmtime_val_t){.kind = WASMTIME_I32, .of.i32 = args[i]};
    wasm_functype_t *type = wasmtime_func_type(W.context, &item.of.func);
    size_t results = wasm_functype_results(type)->size;
    wasm_functype_delete(type);
    wasmtime_error_t *error =
        wasmtime_func_call(W.context, &item.of.func, in, count, &out, results, &trap);
    if (trap) {
        wasm_name_t text;
        wasm_trap_message(trap, &text);
        bool named = strstr(text.data, "weft: mw refused a:b/c#add") != NULL;
        weft_buf_printf(&W.log, named ? "trap with its name; " : "trap: %s; ", text.data);
        wasm_name_delete(&text);
        wasm_trap_delete(trap);
    } else if (results) {
        weft_buf_printf(&W.log, "=%d; ", out.of.i32);
    } else {
        weft_buf_printf(&W.log, "; ");
    }
    assert_null(error);
}

static void assert_log(const char *expected) {
    weft_buf_byte(&W.log, 0);
    assert_string_equal((char *)W.log.data, expected);
}

/* ---- hooks ---------------------------------------------------------------------------------- */

static const uint8_t I64 = CORE_I64;
static const uint8_t TARGET_CALL[] = {CORE_I32, CORE_I64};
static const core_sig_t HOOK = {.params = TARGET_CALL, .param_count = 2};
static const core_sig_t GATE = {TARGET_CALL, &I32, 2, 1};
static const core_sig_t BLOCK = {.results = &I64, .result_count = 1};

static const host_t BEFORE = {.name = "before"}, AFTER = {.name = "after"};
static const host_t ORIGINAL = {.name = "add", .result = 5};

static void provide_hooks(void) {
    provide_func("b", HOOK, &BEFORE);
    provide_func("a", HOOK, &AFTER);
    provide_func("0", ADD, &ORIGINAL);
}

static const int32_t TWO_THREE[] = {2, 3};

static void hooks_run_around_the_call(void **state) {
    (void)state;
    provide_hooks();
    const woven_func_t funcs[] = {{.sig = ADD, .target = 7}};
    const weave_module_t module = {.before = true, .after = true, .funcs = funcs, .func_count = 1};
    wasmtime_instance_t instance = weave(&module);
    call(&instance, "0", TWO_THREE, 2);
    call(&instance, "0", TWO_THREE, 2);
    assert_log("before(7,1) add(2,3) after(7,1) =5; before(7,2) add(2,3) after(7,2) =5; ");
}

static void whichever_module_is_called_first_takes_the_block(void **state) {
    (void)state;
    static const host_t block = {.name = "block", .result = UINT64_C(3) << 32, .is_i64 = true};
    provide_hooks();
    provide_func("n", BLOCK, &block);
    const woven_func_t funcs[] = {{.sig = ADD, .target = 1}};
    weave_module_t module = {.before = true,
                             .counter = WEAVE_COUNTER_EXPORTED,
                             .takes_block = true,
                             .funcs = funcs,
                             .func_count = 1};
    wasmtime_instance_t first = weave(&module);
    provide("i", export(&first, "i"));
    module.counter = WEAVE_COUNTER_IMPORTED;
    wasmtime_instance_t second = weave(&module);
    call(&second, "0", TWO_THREE, 2);
    call(&first, "0", TWO_THREE, 2);
    call(&second, "0", TWO_THREE, 2);
    assert_log("block() before(1,12884901889) add(2,3) =5; "
               "before(1,12884901890) add(2,3) =5; before(1,12884901891) add(2,3) =5; ");
}

static void gate_admits_skips_and_fails(void **state) {
    (void)state;
    host_t gate = {.name = "gate", .result = 0};
    provide_hooks();
    provide_func("g", GATE, &gate);
    const woven_func_t funcs[] = {
        {.sig = ADD, .can_skip = true, .refusal = STR_LIT("weft: mw refused a:b/c#add")}};
    const weave_module_t module = {
        .before = true, .after = true, .gate = true, .funcs = funcs, .func_count = 1};
    wasmtime_instance_t instance = weave(&module);
    for (gate.result = 0; gate.result < 3; gate.result++) call(&instance, "0", TWO_THREE, 2);
    assert_log("before(0,1) gate(0,1) add(2,3) after(0,1) =5; "
               "before(0,2) gate(0,2) =0; "
               "before(0,3) gate(0,3) trap with its name; ");
}

static void skip_traps_where_there_is_no_default(void **state) {
    (void)state;
    host_t gate = {.name = "gate", .result = 1};
    provide_hooks();
    provide_func("g", GATE, &gate);
    const woven_func_t funcs[] = {{.sig = ADD, .refusal = STR_LIT("weft: mw refused a:b/c#add")}};
    const weave_module_t module = {.gate = true, .funcs = funcs, .func_count = 1};
    wasmtime_instance_t instance = weave(&module);
    call(&instance, "0", TWO_THREE, 2);
    assert_log("gate(0,1) trap with its name; ");
}

static void skip_writes_the_default_where_the_result_goes(void **state) {
    (void)state;
    host_t gate = {.name = "gate", .result = 1};
    const core_sig_t to_memory = {.params = &I32, .param_count = 1};
    provide_func("g", GATE, &gate);
    provide_func("0", to_memory, &ORIGINAL);
    wasmtime_extern_t item = {.kind = WASMTIME_EXTERN_MEMORY};
    wasm_memorytype_t *type = NULL;
    assert_null(wasmtime_memorytype_new(1, false, 0, false, false, 16, &type));
    assert_null(wasmtime_memory_new(W.context, type, &item.of.memory));
    wasm_memorytype_delete(type);
    provide("m", item);
    uint8_t *bytes = wasmtime_memory_data(W.context, &item.of.memory);
    memset(bytes, 0xee, 64);

    const abi_pointer_t pointer = {.offset = 8, .align = 4};
    const weave_default_t result = {.size = 16, .pointers = &pointer, .pointer_count = 1};
    const core_size_t any = {0};
    const woven_func_t funcs[] = {{.sig = to_memory, .can_skip = true, .result = &result}};
    const weave_module_t module = {.gate = true, .memory = &any, .funcs = funcs, .func_count = 1};
    wasmtime_instance_t instance = weave(&module);
    call(&instance, "0", (const int32_t[]){32}, 1);
    assert_log("gate(0,1) ; ");
    static const uint8_t expected[16] = {[8] = 4};
    assert_memory_equal(bytes + 32, expected, 16);
    assert_int_equal(bytes[31], 0xee);
    assert_int_equal(bytes[48], 0xee);
}

static void hooks_by_name_find_their_strings(void **state) {
    (void)state;
    static const uint8_t strings[] = {CORE_I32, CORE_I32, CORE_I32, CORE_I32, CORE_I64};
    weave_names_t names = {0};
    weave_text_t interface, func;
    buf_t bytes = {0};
    assert_null(weft_weave_names_add(&names, STR_LIT("a:b/c@1.0.0"), &interface));
    assert_null(weft_weave_names_add(&names, STR_LIT("add"), &func));
    assert_null(weft_weave_names_module(&names, &bytes));
    weft_weave_names_free(&names);
    wasmtime_instance_t holder = instantiate(&bytes);
    wasmtime_extern_t memory = export(&holder, "m");
    const uint8_t *data = wasmtime_memory_data(W.context, &memory.of.memory);
    assert_memory_equal(data + interface.at, "a:b/c@1.0.0", interface.len);
    assert_memory_equal(data + func.at, "add", func.len);

    provide_func("b", (core_sig_t){.params = strings, .param_count = 5}, &BEFORE);
    provide_func("0", ADD, &ORIGINAL);
    const woven_func_t funcs[] = {{.sig = ADD, .interface_name = interface, .func_name = func}};
    const weave_module_t module = {
        .family = WEAVE_BY_NAME, .before = true, .funcs = funcs, .func_count = 1};
    wasmtime_instance_t instance = weave(&module);
    call(&instance, "0", TWO_THREE, 2);
    assert_log("before(8,11,19,3,1) add(2,3) =5; ");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(hooks_run_around_the_call),
        TEST(whichever_module_is_called_first_takes_the_block),
        TEST(gate_admits_skips_and_fails),
        TEST(skip_traps_where_there_is_no_default),
        TEST(skip_writes_the_default_where_the_result_goes),
        TEST(hooks_by_name_find_their_strings),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
