/* Calls from one instance to another inside one component: weft's fused functions, Wasmtime's, and weft's way through
 * the host, which calls take that cannot be fused. */
#include <stdio.h>
#include <stdlib.h>

#include "common/contest.h"
#include "runtime/plugin.h"

/* $B calls $A's functions in loops, whose memory has `a`s at 0. What takes bytes gives back their number. */
static const char start[] =
    "(component"
    " (component $A"
    "  (core module $m (memory (export \"m\") 4)"
    "   (func (export \"r\") (param i32 i32 i32 i32) (result i32) (i32.const 16))"
    "   (func (export \"add\") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))"
    "   (func (export \"size\") (param i32 i32) (result i32) (local.get 1))"
    "   (func (export \"echo\") (param i32 i32) (result i32)"
    "    (i32.store (i32.const 0) (local.get 0)) (i32.store (i32.const 4) (local.get 1))"
    "    (i32.const 0)))"
    "  (core instance $i (instantiate $m))"
    "  (alias core export $i \"m\" (core memory $mem)) (alias core export $i \"r\" (core func $r))"
    "  (func (export \"add\") (param \"a\" u32) (param \"b\" u32) (result u32)"
    "   (canon lift (core func $i \"add\")))"
    "  (func (export \"text\") (param \"a\" string) (result u32)"
    "   (canon lift (core func $i \"size\") (memory $mem) (realloc $r)))"
    "  (func (export \"bytes\") (param \"a\" (list u8)) (result u32)"
    "   (canon lift (core func $i \"size\") (memory $mem) (realloc $r)))"
    "  (func (export \"echo\") (param \"a\" string) (result string)"
    "   (canon lift (core func $i \"echo\") (memory $mem) (realloc $r))))";
static const char rest[] =
    " (component $B"
    "  (import \"add\" (func $add (param \"a\" u32) (param \"b\" u32) (result u32)))"
    "  (import \"text\" (func $text (param \"a\" string) (result u32)))"
    "  (import \"bytes\" (func $bytes (param \"a\" (list u8)) (result u32)))"
    "  (import \"echo\" (func $echo (param \"a\" string) (result string)))"
    "  (core module $mem (memory (export \"m\") 4)"
    "   (func (export \"r\") (param i32 i32 i32 i32) (result i32) (i32.const 131072))"
    "   (func $fill (local $i i32) (memory.fill (i32.const 0) (i32.const 97) (i32.const 65536))"
    "    (loop $more (i32.store16 offset=69632 (local.get $i) (i32.const 0xA9C3))"
    "     (br_if $more (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 2)))"
    "      (i32.const 4096)))))"
    "   (start $fill))"
    "  (core instance $mem (instantiate $mem))"
    "  (alias core export $mem \"m\" (core memory $memory))"
    "  (alias core export $mem \"r\" (core func $r))"
    "  (core func $add' (canon lower (func $add)))"
    "  (core func $text' (canon lower (func $text) (memory $memory)))"
    "  (core func $bytes' (canon lower (func $bytes) (memory $memory)))"
    "  (core func $echo' (canon lower (func $echo) (memory $memory) (realloc $r)))"
    "  (core module $m"
    "   (import \"\" \"add\" (func $add (param i32 i32) (result i32)))"
    "   (import \"\" \"text\" (func $text (param i32 i32) (result i32)))"
    "   (import \"\" \"bytes\" (func $bytes (param i32 i32) (result i32)))"
    "   (import \"\" \"echo\" (func $echo (param i32 i32 i32)))"
    "   (func (export \"add\") (param $n i32) (param $size i32) (result i32)"
    "    (loop $again (local.set $size (call $add (local.get $size) (local.get $n)))"
    "     (br_if $again (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))"
    "    (local.get $size))"
    "   (func (export \"text\") (param $n i32) (param $size i32) (result i32)"
    "    (loop $again (drop (call $text (i32.const 0) (local.get $size)))"
    "     (br_if $again (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))"
    "    (local.get $size))"
    "   (func (export \"other\") (param $n i32) (param $size i32) (result i32)"
    "    (loop $again (drop (call $text (i32.const 69632) (local.get $size)))"
    "     (br_if $again (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))"
    "    (local.get $size))"
    "   (func (export \"bytes\") (param $n i32) (param $size i32) (result i32)"
    "    (loop $again (drop (call $bytes (i32.const 0) (local.get $size)))"
    "     (br_if $again (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))"
    "    (local.get $size))"
    "   (func (export \"echo\") (param $n i32) (param $size i32) (result i32)"
    "    (loop $again (call $echo (i32.const 0) (local.get $size) (i32.const 65536))"
    "     (br_if $again (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))"
    "    (local.get $size)))"
    "  (core instance $i (instantiate $m (with \"\" (instance"
    "   (export \"add\" (func $add')) (export \"text\" (func $text'))"
    "   (export \"bytes\" (func $bytes')) (export \"echo\" (func $echo'))))))"
    "  (type $loop (func (param \"n\" u32) (param \"size\" u32) (result u32)))"
    "  (func (export \"add\") (type $loop) (canon lift (core func $i \"add\")))"
    "  (func (export \"text\") (type $loop) (canon lift (core func $i \"text\")))"
    "  (func (export \"other\") (type $loop) (canon lift (core func $i \"other\")))"
    "  (func (export \"bytes\") (type $loop) (canon lift (core func $i \"bytes\")))"
    "  (func (export \"echo\") (type $loop) (canon lift (core func $i \"echo\"))))"
    " (instance $a (instantiate $A))"
    " (instance $b (instantiate $B (with \"add\" (func $a \"add\")) (with \"text\" (func $a "
    "\"text\"))"
    "  (with \"bytes\" (func $a \"bytes\")) (with \"echo\" (func $a \"echo\"))))"
    " (export \"add\" (func $b \"add\")) (export \"text\" (func $b \"text\"))"
    " (export \"other\" (func $b \"other\"))"
    " (export \"bytes\" (func $b \"bytes\")) (export \"echo\" (func $b \"echo\")))";

static weft_plugin_t *fused, *by_host, *hosted;

static void check(weft_error_t *error) {
    char *said;
    if (!error) return;
    fprintf(stderr, "bench-fused: %s\n", weft_error_render(error, &said) ? "no memory" : said);
    exit(2);
}

static weft_plugin_t *open(weft_engine_t *engine, weft_bytes_t binary,
                           weft_engine_choice_t choice) {
    weft_options_t options = {.engine = choice};
    weft_plugin_t *plugin;
    check(weft_plugin_read(engine, binary, &options, &plugin));
    return plugin;
}

/* What is called, in whose loop. */
typedef struct loop {
    weft_plugin_t *plugin;
    const char *name;
    unsigned size;
} loop_t;

static void run(const void *with, unsigned times) {
    const loop_t *loop = with;
    weft_func_t *func;
    weft_value_t in[2] = {weft_u32(times), weft_u32(loop->size)}, out;
    check(weft_plugin_func(loop->plugin, NULL, loop->name, &func));
    check(weft_func_call(func, in, 2, &out, 1));
}

static void row(bench_report_t *report, const char *title, const char *name, unsigned times,
                unsigned size) {
    loop_t loops[] = {{fused, name, size}, {hosted, name, size}, {by_host, name, size}};
    bench_subject_t subjects[] = {
        {.what = "weft", .run = run, .with = &loops[0], .times = times},
        {.what = "Wasmtime's fused adapter", .run = run, .with = &loops[1], .times = times},
        {.what = "weft through the host", .run = run, .with = &loops[2], .times = times}};
    bench_subject_t *const all[] = {&subjects[0], &subjects[1], &subjects[2]};
    bench_contest(all, 3);
    bench_report_add(report, (bench_row_t){.name = title,
                                           .unit = "ns",
                                           .value = subjects[0].best,
                                           .target = 2 * subjects[1].best,
                                           .floor = bench_subject_reference(&subjects[1]),
                                           .peers = {bench_subject_reference(&subjects[2])}});
}

int main(int argc, char **argv) {
    weft_engine_t *engine;
    weft_bytes_t binary;
    char wat[sizeof start + sizeof rest];
    check(weft_engine_new(&engine));
    snprintf(wat, sizeof wat, "%s%s", start, rest);
    check(weft_wat_to_wasm(weft_str(wat), &binary));
    fused = open(engine, binary, WEFT_ENGINE_DIRECT);
    hosted = open(engine, binary, WEFT_ENGINE_HOSTED);
    by_host = open(engine, binary, WEFT_ENGINE_DIRECT);
    by_host->direct->never_fuses = true;

    bench_report_t report =
        bench_report_new("Calls inside one component (target: twice Wasmtime's)");
    row(&report, "add(u32, u32)", "add", 20000, 0);
    row(&report, "a string of 16 bytes", "text", 20000, 16);
    row(&report, "a string of 1 KiB", "text", 5000, 1024);
    row(&report, "a string of 1 KiB there and back", "echo", 5000, 1024);
    row(&report, "a string of 64 KiB", "text", 200, 65536);
    row(&report, "a string of 16 bytes, no ASCII", "other", 20000, 16);
    row(&report, "a string of 1 KiB, no ASCII", "other", 2000, 1024);
    row(&report, "a list<u8> of 16 bytes", "bytes", 20000, 16);
    row(&report, "a list<u8> of 64 KiB", "bytes", 200, 65536);
    return bench_report_finish(&report, argc > 1 ? argv[1] : NULL);
}
