/* WASI on the direct engine, with a guest that calls anything with anything: the bytes say which functions, with which
 * core values, and what lies in its memory. Each call gives something or traps, before its deadline; what WASI gave is
 * gone with the plugin. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <weft/runtime.h>

#include "fuzz/world.h"

static weft_engine_t *engine;
static weft_bytes_t component;
static weft_plugin_t *first; /* keeps what is compiled */
static char folder[] = "/tmp/weft-fuzz-wasi-XXXXXX";

/* ---- the guest -------------------------------------------------------------------------------- */

static const char stream_types[] =
    "(import \"wasi:io/error@0.2.0\" (instance $error (export \"error\" (type $e (sub resource)))"
    " (export \"[method]error.to-debug-string\" (func (param \"self\" (borrow $e)) (result "
    "string)))))"
    " (alias export $error \"error\" (type $error-t))"
    " (import \"wasi:io/poll@0.2.0\" (instance $poll (export \"pollable\" (type $p (sub resource)))"
    " (export \"[method]pollable.ready\" (func (param \"self\" (borrow $p)) (result bool)))"
    " (export \"[method]pollable.block\" (func (param \"self\" (borrow $p))))"
    " (export \"poll\" (func (param \"in\" (list (borrow $p))) (result (list u32))))))"
    " (alias export $poll \"pollable\" (type $pollable-t))"
    " (import \"wasi:io/streams@0.2.0\" (instance $streams"
    " (alias outer 1 $error-t (type $e0)) (export \"error\" (type $e (eq $e0)))"
    " (alias outer 1 $pollable-t (type $p0)) (export \"pollable\" (type $p (eq $p0)))"
    " (type $se0 (variant (case \"last-operation-failed\" (own $e)) (case \"closed\")))"
    " (export \"stream-error\" (type $se (eq $se0)))"
    " (export \"input-stream\" (type $in (sub resource)))"
    " (export \"output-stream\" (type $out (sub resource)))"
    " (type $bytes (func (param \"self\" (borrow $in)) (param \"len\" u64)"
    "  (result (result (list u8) (error $se)))))"
    " (type $count (func (param \"self\" (borrow $in)) (param \"len\" u64)"
    "  (result (result u64 (error $se)))))"
    " (type $put (func (param \"self\" (borrow $out)) (param \"contents\" (list u8))"
    "  (result (result (error $se)))))"
    " (type $zero (func (param \"self\" (borrow $out)) (param \"len\" u64)"
    "  (result (result (error $se)))))"
    " (type $splice (func (param \"self\" (borrow $out)) (param \"src\" (borrow $in))"
    "  (param \"len\" u64) (result (result u64 (error $se)))))";

static const char stream_functions[] =
    " (export \"[method]input-stream.read\" (func (type $bytes)))"
    " (export \"[method]input-stream.blocking-read\" (func (type $bytes)))"
    " (export \"[method]input-stream.skip\" (func (type $count)))"
    " (export \"[method]input-stream.blocking-skip\" (func (type $count)))"
    " (export \"[method]input-stream.subscribe\" (func (param \"self\" (borrow $in)) (result (own "
    "$p))))"
    " (export \"[method]output-stream.check-write\" (func (param \"self\" (borrow $out))"
    "  (result (result u64 (error $se)))))"
    " (export \"[method]output-stream.write\" (func (type $put)))"
    " (export \"[method]output-stream.blocking-write-and-flush\" (func (type $put)))"
    " (export \"[method]output-stream.flush\" (func (param \"self\" (borrow $out))"
    "  (result (result (error $se)))))"
    " (export \"[method]output-stream.blocking-flush\" (func (param \"self\" (borrow $out))"
    "  (result (result (error $se)))))"
    " (export \"[method]output-stream.subscribe\" (func (param \"self\" (borrow $out)) (result "
    "(own "
    "$p))))"
    " (export \"[method]output-stream.write-zeroes\" (func (type $zero)))"
    " (export \"[method]output-stream.blocking-write-zeroes-and-flush\" (func (type $zero)))"
    " (export \"[method]output-stream.splice\" (func (type $splice)))"
    " (export \"[method]output-stream.blocking-splice\" (func (type $splice)))))"
    " (alias export $streams \"input-stream\" (type $in-t))"
    " (alias export $streams \"output-stream\" (type $out-t))"
    " (import \"wasi:clocks/monotonic-clock@0.2.0\" (instance $clock"
    " (alias outer 1 $pollable-t (type $p0)) (export \"pollable\" (type $p (eq $p0)))"
    " (export \"now\" (func (result u64)))"
    " (export \"subscribe-instant\" (func (param \"when\" u64) (result (own $p))))"
    " (export \"subscribe-duration\" (func (param \"when\" u64) (result (own $p))))))"
    " (import \"wasi:clocks/wall-clock@0.2.0\" (instance $wall"
    " (type $dt0 (record (field \"seconds\" u64) (field \"nanoseconds\" u32)))"
    " (export \"datetime\" (type $dt (eq $dt0))) (export \"now\" (func (result $dt)))))"
    " (alias export $wall \"datetime\" (type $datetime))"
    " (import \"wasi:random/random@0.2.0\" (instance $random"
    " (export \"get-random-bytes\" (func (param \"len\" u64) (result (list u8))))))"
    " (import \"wasi:cli/environment@0.2.0\" (instance $env"
    " (export \"get-environment\" (func (result (list (tuple string string)))))"
    " (export \"get-arguments\" (func (result (list string))))"
    " (export \"initial-cwd\" (func (result (option string))))))"
    " (import \"wasi:cli/exit@0.2.0\" (instance $exit"
    " (export \"exit\" (func (param \"status\" (result))))))"
    " (import \"wasi:cli/stdin@0.2.0\" (instance $stdin (alias outer 1 $in-t (type $i0))"
    " (export \"input-stream\" (type $i (eq $i0))) (export \"get-stdin\" (func (result (own "
    "$i))))))"
    " (import \"wasi:cli/stdout@0.2.0\" (instance $stdout (alias outer 1 $out-t (type $o0))"
    " (export \"output-stream\" (type $o (eq $o0))) (export \"get-stdout\" (func (result (own "
    "$o))))))";

static const char files[] =
    " (import \"wasi:filesystem/types@0.2.0\" (instance $files"
    " (alias outer 1 $error-t (type $e0)) (export \"error\" (type $e (eq $e0)))"
    " (alias outer 1 $in-t (type $i0)) (export \"input-stream\" (type $i (eq $i0)))"
    " (alias outer 1 $datetime (type $d0)) (export \"datetime\" (type $dt (eq $d0)))"
    " (export \"descriptor\" (type $d (sub resource)))"
    " (export \"directory-entry-stream\" (type $des (sub resource)))"
    " (type $ec0 (enum \"access\" \"would-block\" \"already\" \"bad-descriptor\" \"busy\" "
    "\"deadlock\""
    "  \"quota\" \"exist\" \"file-too-large\" \"illegal-byte-sequence\" \"in-progress\" "
    "\"interrupted\""
    "  \"invalid\" \"io\" \"is-directory\" \"loop\" \"too-many-links\" \"message-size\" "
    "\"name-too-long\""
    "  \"no-device\" \"no-entry\" \"no-lock\" \"insufficient-memory\" \"insufficient-space\""
    "  \"not-directory\" \"not-empty\" \"not-recoverable\" \"unsupported\" \"no-tty\" "
    "\"no-such-device\""
    "  \"overflow\" \"not-permitted\" \"pipe\" \"read-only\" \"invalid-seek\" \"text-file-busy\""
    "  \"cross-device\")) (export \"error-code\" (type $ec (eq $ec0)))"
    " (type $dty0 (enum \"unknown\" \"block-device\" \"character-device\" \"directory\" \"fifo\""
    "  \"symbolic-link\" \"regular-file\" \"socket\"))"
    " (export \"descriptor-type\" (type $dty (eq $dty0)))"
    " (type $pf0 (flags \"symlink-follow\")) (export \"path-flags\" (type $pf (eq $pf0)))"
    " (type $of0 (flags \"create\" \"directory\" \"exclusive\" \"truncate\"))"
    " (export \"open-flags\" (type $of (eq $of0)))"
    " (type $df0 (flags \"read\" \"write\" \"file-integrity-sync\" \"data-integrity-sync\""
    "  \"requested-write-sync\" \"mutate-directory\"))"
    " (export \"descriptor-flags\" (type $df (eq $df0)))"
    " (type $st0 (record (field \"type\" $dty) (field \"link-count\" u64) (field \"size\" u64)"
    "  (field \"data-access-timestamp\" (option $dt)) (field \"data-modification-timestamp\" "
    "(option $dt))"
    "  (field \"status-change-timestamp\" (option $dt))))"
    " (export \"descriptor-stat\" (type $st (eq $st0)))"
    " (type $de0 (record (field \"type\" $dty) (field \"name\" string)))"
    " (export \"directory-entry\" (type $de (eq $de0)))"
    " (export \"[method]descriptor.open-at\" (func (param \"self\" (borrow $d)) (param "
    "\"path-flags\" $pf)"
    "  (param \"path\" string) (param \"open-flags\" $of) (param \"flags\" $df)"
    "  (result (result (own $d) (error $ec)))))"
    " (export \"[method]descriptor.read\" (func (param \"self\" (borrow $d)) (param \"length\" u64)"
    "  (param \"offset\" u64) (result (result (tuple (list u8) bool) (error $ec)))))"
    " (export \"[method]descriptor.read-via-stream\" (func (param \"self\" (borrow $d))"
    "  (param \"offset\" u64) (result (result (own $i) (error $ec)))))"
    " (export \"[method]descriptor.read-directory\" (func (param \"self\" (borrow $d))"
    "  (result (result (own $des) (error $ec)))))"
    " (export \"[method]directory-entry-stream.read-directory-entry\" (func (param \"self\" "
    "(borrow "
    "$des))"
    "  (result (result (option $de) (error $ec)))))"
    " (export \"[method]descriptor.stat-at\" (func (param \"self\" (borrow $d)) (param "
    "\"path-flags\" $pf)"
    "  (param \"path\" string) (result (result $st (error $ec)))))"
    " (export \"[method]descriptor.is-same-object\" (func (param \"self\" (borrow $d))"
    "  (param \"other\" (borrow $d)) (result bool)))"
    " (export \"filesystem-error-code\" (func (param \"err\" (borrow $e)) (result (option $ec))))))"
    " (alias export $files \"descriptor\" (type $desc-t))"
    " (alias export $files \"directory-entry-stream\" (type $des-t))"
    " (import \"wasi:filesystem/preopens@0.2.0\" (instance $pre (alias outer 1 $desc-t (type $d0))"
    " (export \"descriptor\" (type $d (eq $d0)))"
    " (export \"get-directories\" (func (result (list (tuple (own $d) string)))))))";

/* What the guest can call: its core parameters (I: of 64 bits; of 32: h, a handle, p, a pointer, r, where the result
 * goes, i, anything) and its result. */
typedef struct target {
    const char *instance, *name, *params, *result;
} target_t;

#define IN(name) "[method]input-stream." name
#define OUT(name) "[method]output-stream." name
#define FILE_(name) "[method]descriptor." name
static const target_t targets[] = {
    {"error", "[method]error.to-debug-string", "hr", ""},
    {"poll", "[method]pollable.ready", "h", "i"},
    {"poll", "[method]pollable.block", "h", ""},
    {"poll", "poll", "pir", ""},
    {"streams", IN("read"), "hIr", ""},
    {"streams", IN("blocking-read"), "hIr", ""},
    {"streams", IN("skip"), "hIr", ""},
    {"streams", IN("blocking-skip"), "hIr", ""},
    {"streams", IN("subscribe"), "h", "i"},
    {"streams", OUT("check-write"), "hr", ""},
    {"streams", OUT("write"), "hpir", ""},
    {"streams", OUT("blocking-write-and-flush"), "hpir", ""},
    {"streams", OUT("flush"), "hr", ""},
    {"streams", OUT("blocking-flush"), "hr", ""},
    {"streams", OUT("subscribe"), "h", "i"},
    {"streams", OUT("write-zeroes"), "hIr", ""},
    {"streams", OUT("blocking-write-zeroes-and-flush"), "hIr", ""},
    {"streams", OUT("splice"), "hhIr", ""},
    {"streams", OUT("blocking-splice"), "hhIr", ""},
    {"clock", "now", "", "I"},
    {"clock", "subscribe-instant", "I", "i"},
    {"clock", "subscribe-duration", "I", "i"},
    {"wall", "now", "r", ""},
    {"random", "get-random-bytes", "Ir", ""},
    {"env", "get-environment", "r", ""},
    {"env", "get-arguments", "r", ""},
    {"env", "initial-cwd", "r", ""},
    {"exit", "exit", "i", ""},
    {"stdin", "get-stdin", "", "i"},
    {"stdout", "get-stdout", "", "i"},
    {"files", FILE_("open-at"), "hipiiir", ""},
    {"files", FILE_("read"), "hIIr", ""},
    {"files", FILE_("read-via-stream"), "hIr", ""},
    {"files", FILE_("read-directory"), "hr", ""},
    {"files", "[method]directory-entry-stream.read-directory-entry", "hr", ""},
    {"files", FILE_("stat-at"), "hipir", ""},
    {"files", FILE_("is-same-object"), "hh", "i"},
    {"files", "filesystem-error-code", "hr", ""},
    {"pre", "get-directories", "r", ""},
};
static const char *const resources[] = {"error-t", "pollable-t", "in-t",
                                        "out-t",   "desc-t",     "des-t"};

enum {
    TARGETS = sizeof targets / sizeof *targets,
    DROPS = sizeof resources / sizeof *resources,
    POKE = TARGETS + DROPS,
    DEEDS,
    PARAMS = 7
};

static const char *params_of(unsigned deed) {
    return deed < TARGETS ? targets[deed].params : deed < POKE ? "h" : "pI";
}

/* Of deed i: core function $f<i>. */
static void write_types_of(buf_t *out, unsigned deed) {
    const char *params = params_of(deed);
    const char *result = deed < TARGETS ? targets[deed].result : "";
    for (; *params; params++) weft_buf_printf(out, "(param %s) ", *params == 'I' ? "i64" : "i32");
    if (*result) weft_buf_printf(out, "(result %s) ", *result == 'I' ? "i64" : "i32");
}

static void write_lowered(buf_t *out) {
    for (unsigned i = 0; i < TARGETS; i++)
        weft_buf_printf(out,
                        "(core func $f%u (canon lower (func $%s \"%s\") (memory $m) (realloc $r)))",
                        i, targets[i].instance, targets[i].name);
    for (unsigned i = 0; i < DROPS; i++)
        weft_buf_printf(out, "(core func $f%u (canon resource.drop $%s))", i + TARGETS,
                        resources[i]);
}

/* Every deed takes as many numbers of 64 bits, and gives one. */
static void write_deed(buf_t *out, unsigned deed) {
    const char *params = params_of(deed);
    const char *result = deed < TARGETS ? targets[deed].result : "";
    weft_buf_printf(out, "(func (export \"f%u\") (param i64 i64 i64 i64 i64 i64 i64) (result i64)",
                    deed);
    weft_buf_printf(out, "(call $f%u ", deed);
    for (unsigned i = 0; params[i]; i++)
        weft_buf_printf(out, params[i] == 'I' ? "(local.get %u)" : "(i32.wrap_i64 (local.get %u))",
                        i);
    weft_buf_printf(out, *result ? *result == 'i' ? ") i64.extend_i32_u) " : ")) "
                                 : ") (i64.const 0)) ");
}

static void write_code(buf_t *out) {
    weft_buf_printf(out, "(core module $code (import \"\" \"m\" (memory 1)) ");
    for (unsigned i = 0; i < POKE; i++) {
        weft_buf_printf(out, "(import \"\" \"f%u\" (func $f%u ", i, i);
        write_types_of(out, i);
        weft_buf_printf(out, "))");
    }
    for (unsigned i = 0; i < POKE; i++) write_deed(out, i);
    weft_buf_printf(out,
                    "(func (export \"f%u\") (param i64 i64 i64 i64 i64 i64 i64) (result i64)"
                    " (i64.store (i32.and (i32.wrap_i64 (local.get 0)) (i32.const 0xfff8))"
                    "  (local.get 1)) (i64.const 0)))"
                    "(core instance $code (instantiate $code (with \"\" (instance (export \"m\" "
                    "(memory $m)) ",
                    (unsigned)POKE);
    for (unsigned i = 0; i < POKE; i++) weft_buf_printf(out, "(export \"f%u\" (func $f%u))", i, i);
    weft_buf_printf(out, "))))");
}

/* Its realloc gives what it was told to at 65528, and else room that others had before. */
static const char memory[] =
    "(core module $mem (memory (export \"m\") 1) (global $at (mut i32) (i32.const 0))"
    " (func (export \"r\") (param i32 i32 i32 i32) (result i32)"
    "  (if (i32.load (i32.const 65528)) (then (return (i32.load (i32.const 65528)))))"
    "  (global.set $at (i32.and (i32.add (global.get $at) (i32.const 512)) (i32.const 0x3e00)))"
    "  (i32.add (global.get $at) (i32.const 32768)))"
    " (data (i32.const 64) \"a\") (data (i32.const 72) \"folder/b\"))"
    "(core instance $mem (instantiate $mem))"
    "(alias core export $mem \"m\" (core memory $m)) (alias core export $mem \"r\" (core func $r))";

static void write_exports(buf_t *out) {
    for (unsigned i = 0; i < DEEDS; i++) {
        weft_buf_printf(out, "(func (export \"f%u\") ", i);
        for (unsigned k = 0; k < PARAMS; k++) weft_buf_printf(out, "(param \"p%u\" u64) ", k);
        weft_buf_printf(out, "(result u64) (canon lift (core func $code \"f%u\")))", i);
    }
}

static void make_component(void) {
    buf_t text = {0};
    weft_buf_printf(&text, "(component %s %s %s %s", stream_types, stream_functions, files, memory);
    write_lowered(&text);
    write_code(&text);
    write_exports(&text);
    weft_buf_printf(&text, ")");
    weft_buf_byte(&text, 0);
    must(weft_wat_to_wasm(weft_str((const char *)text.data), &component));
    weft_buf_free(&text);
}

/* ---- what it may see -------------------------------------------------------------------------- */

static void put(const char *name, const char *text) {
    char path[256];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    if (file) {
        fputs(text, file);
        fclose(file);
    }
}

static void remove_folder(void) {
    char path[256];
    static const char *const names[] = {"a", "folder/b", "folder", "."};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        if (i < 2) unlink(path);
        else rmdir(i == 3 ? folder : path);
    }
}

static void make_folder(void) {
    char path[256];
    if (!mkdtemp(folder)) abort();
    snprintf(path, sizeof path, "%s/folder", folder);
    if (mkdir(path, 0700) != 0) abort();
    put("a", "some text");
    put("folder/b", "\xff\x80 more \xc3\xa9");
    atexit(remove_folder);
}

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerInitialize(int *argc, char ***argv) {
    (void)argc, (void)argv;
    weft_options_t options = {.engine = WEFT_ENGINE_DIRECT};
    must(weft_engine_new(&engine));
    make_component();
    must(weft_plugin_read(engine, component, &options, &first));
    make_folder();
    return 0;
}

/* ---- what it does ----------------------------------------------------------------------------- */

/* Of this kind, most likely. */
static uint64_t number(random_source_t *source, char kind) {
    bool fits = random_below(source, 8) > 0;
    if (fits && kind == 'h') return 1 + random_below(source, 8);
    if (fits && (kind == 'r' || kind == 'p')) return 8 * random_below(source, 1024);
    switch (random_below(source, 6)) {
    case 0: return random_bits(source);
    case 1: return 65536 - random_below(source, 32);
    case 2: return 8 * random_below(source, 8192);
    case 3: return 1000 * random_below(source, 100);
    default: return random_below(source, 10);
    }
}

static weft_error_t *do_deed(weft_plugin_t *plugin, unsigned deed, weft_flat_t values[PARAMS]) {
    weft_func_t *func;
    char name[16];
    snprintf(name, sizeof name, "f%u", deed);
    must(weft_plugin_func(plugin, NULL, name, &func));
    TRY(weft_func_prepare_flat(func)); /* starts it */
    return weft_func_call_flat(func, values);
}

static weft_error_t *step(weft_plugin_t *plugin, random_source_t *source) {
    unsigned deed = (unsigned)random_below(source, DEEDS);
    const char *params = params_of(deed);
    weft_flat_t values[PARAMS] = {{0, 0}};
    for (unsigned i = 0; params[i]; i++) values[i].bits = number(source, params[i]);
    return do_deed(plugin, deed, values);
}

static unsigned deed_named(const char *name) {
    unsigned deed = 0;
    while (strcmp(targets[deed].name, name) != 0) deed++;
    return deed;
}

/* Handles 1 to 6: the standard streams, a timer that is over and one that is not, the folder, a file. */
static weft_error_t *take_handles(weft_plugin_t *plugin) {
    static const struct {
        const char *name;
        uint64_t values[PARAMS];
    } first_deeds[] = {
        {"get-stdin", {0}},          {"get-stdout", {0}},
        {"subscribe-duration", {0}}, {"subscribe-duration", {UINT64_C(1000000000000)}},
        {"get-directories", {128}},  {FILE_("open-at"), {5, 1, 64, 1, 0, 1, 256}},
    };
    for (size_t i = 0; i < sizeof first_deeds / sizeof *first_deeds; i++) {
        weft_flat_t values[PARAMS];
        for (unsigned k = 0; k < PARAMS; k++)
            values[k] = (weft_flat_t){first_deeds[i].values[k], 0};
        TRY(do_deed(plugin, deed_named(first_deeds[i].name), values));
    }
    return NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const uint8_t none[1];
    static const char *const args[] = {"program", "argument"};
    static const weft_env_var_t env = {"NAME", "value"};
    weft_dir_t dir = {folder, "/data", true};
    weft_options_t options = {.engine = WEFT_ENGINE_DIRECT,
                              .deadline_ns = 50 * 1000 * 1000,
                              .memory = 1 << 20,
                              .args = args,
                              .arg_count = 2,
                              .env = &env,
                              .env_count = 1,
                              .dirs = &dir,
                              .dir_count = 1};
    random_source_t source = {.at = size ? data : none, .end = size ? data + size : none};
    weft_plugin_t *plugin;
    must(weft_plugin_read(engine, component, &options, &plugin));
    weft_error_t *error = take_handles(plugin);
    for (int steps = 0; steps < 32 && source.at < source.end && !error; steps++)
        error = step(plugin, &source);
    if (error && weft_error_code(error) != WEFT_TRAP) must(error);
    weft_error_delete(error);
    weft_plugin_delete(plugin);
    return 0;
}
