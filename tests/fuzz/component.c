/* A world as WebAssembly text. */
#include "fuzz/component.h"

#include <stdio.h>

static const char *const encodings[] = {"utf8", "utf16", "latin1+utf16"};

/* Whether the level's component defines the resources. */
static bool defines(const writer_t *writer) {
    return writer->number == 0 && writer->world->own_resources;
}

/* ---- what a level imports, and what all levels export ----------------------------------------- */

/* make, peek and drops: inside an instance type, or (`again`) handed on from the level below. */
static void write_resource_funcs(const writer_t *writer, bool again) {
    for (unsigned i = 0; i < RESOURCES; i++) {
        WRITE(writer, "(export \"make%u\" ", i);
        if (again) WRITE(writer, "(func $up \"make%u\") ", i);
        WRITE(writer, "(func (param \"rep\" u32) (result (own $r%u)))) (export \"peek%u\" ", i, i);
        if (again) WRITE(writer, "(func $up \"peek%u\") ", i);
        WRITE(writer, "(func (param \"x\" (borrow $r%u)) (result u32))) ", i);
    }
    WRITE(writer, "(export \"drops\" %s(func (result u64))) ",
          again ? "(func $up \"drops\") " : "");
}

static void write_import(const writer_t *writer) {
    const world_t *world = writer->world;
    WRITE(writer, "(import \"up\" (instance $up ");
    for (unsigned i = 0; i < RESOURCES && world->handles; i++)
        WRITE(writer, "(export \"r%u\" (type $r%u (sub resource))) ", i, i);
    if (world->handles) write_resource_funcs(writer, false);
    for (size_t i = 0; i < world->named.count && writer->number; i++) {
        WRITE(writer, "(type $d%zu ", i);
        spell_definition(world, writer->out, world->named.items[i]);
        WRITE(writer, ") (export \"t%zu\" (type $t%zu (eq $d%zu))) ", i, i, i);
    }
    for (unsigned i = 0; i < writer->world->func_count && writer->number; i++) {
        WRITE(writer, "(export \"f%u\" (func ", i);
        spell_func(world, writer->out, (writer->level - 1)->funcs[i].type);
        WRITE(writer, ")) ");
    }
    WRITE(writer, ")) ");
}

static void write_types(const writer_t *writer) {
    for (size_t i = 0; i < writer->world->named.count; i++) {
        if (writer->number) {
            WRITE(writer, "(alias export $up \"t%zu\" (type $d%zu)) ", i, i);
        } else {
            WRITE(writer, "(type $d%zu ", i);
            spell_definition(writer->world, writer->out, writer->world->named.items[i]);
            WRITE(writer, ") ");
        }
        WRITE(writer, "(export $t%zu \"t%zu\" (type $d%zu)) ", i, i, i);
    }
}

/* ---- resources -------------------------------------------------------------------------------- */

/* The destructors count what was dropped, and add it up in a way that tells the resources apart. */
static const char definitions[] =
    "(core module $dt (global $n (mut i32) (i32.const 0)) (global $sum (mut i32) (i32.const 0))"
    " (func (export \"d0\") (param i32)"
    "  (global.set $n (i32.add (global.get $n) (i32.const 1)))"
    "  (global.set $sum (i32.add (global.get $sum) (local.get 0))))"
    " (func (export \"d1\") (param i32)"
    "  (global.set $n (i32.add (global.get $n) (i32.const 1)))"
    "  (global.set $sum (i32.add (global.get $sum) (i32.mul (i32.const 7) (local.get 0)))))"
    " (func (export \"drops\") (result i64) (i64.or (i64.extend_i32_u (global.get $sum))"
    "  (i64.shl (i64.extend_i32_u (global.get $n)) (i64.const 32)))))"
    "(core instance $dt (instantiate $dt))"
    "(core module $id (func (export \"read\") (param i32) (result i32) (local.get 0))"
    " (func (export \"drop\") (param i32))) (core instance $id (instantiate $id)) ";

static void write_definitions(const writer_t *writer) {
    WRITE(writer, "%s", definitions);
    for (unsigned i = 0; i < RESOURCES; i++) {
        WRITE(writer, "(type $rt%u (resource (rep i32) (dtor (core func $dt \"d%u\")))) ", i, i);
        WRITE(writer, "(export $r%u \"r%u\" (type $rt%u)) ", i, i, i);
        WRITE(writer,
              "(core func $make%u (canon resource.new $rt%u)) (core func $rep%u (canon "
              "resource.rep $rt%u)) (core func $drop%u (canon resource.drop $rt%u)) ",
              i, i, i, i, i, i);
        WRITE(writer,
              "(func (export \"make%u\") (param \"rep\" u32) (result (own $r%u)) (canon lift (core "
              "func $make%u))) ",
              i, i, i);
        WRITE(
            writer,
            "(func (export \"peek%u\") (param \"x\" (borrow $r%u)) (result u32) (canon lift (core "
            "func $id \"read\"))) ",
            i, i);
    }
    WRITE(writer, "(func (export \"drops\") (result u64) (canon lift (core func $dt \"drops\"))) ");
}

static void write_resources(const writer_t *writer) {
    if (!writer->world->handles) return;
    if (defines(writer)) {
        write_definitions(writer);
        return;
    }
    for (unsigned i = 0; i < RESOURCES; i++) {
        WRITE(writer, "(alias export $up \"r%u\" (type $ur%u)) (export $r%u \"r%u\" (type $ur%u)) ",
              i, i, i, i, i);
        WRITE(writer,
              "(core func $make%u (canon lower (func $up \"make%u\"))) (core func $peek%u (canon "
              "lower (func $up \"peek%u\"))) (core func $drop%u (canon resource.drop $r%u)) ",
              i, i, i, i, i, i);
    }
    write_resource_funcs(writer, true);
}

/* What rebuild.c wants to do with handles. The instance that defines a resource gets a borrowed one as what it stands
 * for, and has nothing to drop. */
static void write_handle_args(const writer_t *writer) {
    for (unsigned i = 0; i < RESOURCES && writer->world->handles; i++) {
        const char *read = defines(writer) ? "rep" : "peek";
        WRITE(writer,
              "(export \"make%u\" (func $make%u)) (export \"read-own%u\" (func $%s%u)) "
              "(export \"drop-own%u\" (func $drop%u)) ",
              i, i, i, read, i, i, i);
        if (defines(writer))
            WRITE(writer,
                  "(export \"read-borrow%u\" (func $id \"read\")) (export \"drop-borrow%u\" (func "
                  "$id \"drop\")) ",
                  i, i);
        else
            WRITE(writer,
                  "(export \"read-borrow%u\" (func $peek%u)) (export \"drop-borrow%u\" (func "
                  "$drop%u)) ",
                  i, i, i, i);
    }
}

/* ---- memory ----------------------------------------------------------------------------------- */

/* Memory is given out from $end on, with room behind it, since guests read more than they should. After a call all
 * of it is taken back and overwritten (p-...), kept (keep), or taken back with what was kept (c-...). */
static const char memory[] =
    "(core module $mem (memory (export \"m\") %u) (global $base (mut i32) (i32.const %u))"
    " (global $end (mut i32) (i32.const %u))"
    " (func $r (export \"r\") (param $old i32) (param $size i32) (param $align i32) (param $new "
    "i32)"
    "  (result i32) (local $at i32)"
    "  (local.set $at (i32.and (i32.add (global.get $end) (i32.sub (local.get $align)"
    "   (i32.const 1))) (i32.sub (i32.const 0) (local.get $align))))"
    "  (global.set $end (i32.add (local.get $at) (local.get $new)))"
    "  (block $enough (loop $more"
    "   (br_if $enough (i32.le_u (i32.add (global.get $end) (i32.const 16))"
    "    (i32.mul (memory.size) (i32.const 65536))))"
    "   (if (i32.eq (memory.grow (i32.const 1)) (i32.const -1)) (then unreachable)) (br $more)))"
    "  (memory.copy (local.get $at) (local.get $old)"
    "   (select (local.get $size) (local.get $new) (i32.lt_u (local.get $size) (local.get $new))))"
    "  (local.get $at))"
    " (func (export \"alloc\") (param i32 i32) (result i32)"
    "  (call $r (i32.const 0) (i32.const 0) (local.get 0) (local.get 1)))"
    " (func $free (memory.fill (global.get $base) (i32.const 0xA5)"
    "   (i32.sub (global.get $end) (global.get $base))) (global.set $end (global.get $base)))"
    " (func $clear (global.set $base (i32.const %u)) (call $free))"
    " (func (export \"keep\") (global.set $base (global.get $end)))"
    " (func (export \"p-i32\") (param i32) (call $free))"
    " (func (export \"p-i64\") (param i64) (call $free))"
    " (func (export \"p-f32\") (param f32) (call $free))"
    " (func (export \"p-f64\") (param f64) (call $free))"
    " (func (export \"c-i32\") (param i32) (call $clear))"
    " (func (export \"c-i64\") (param i64) (call $clear))"
    " (func (export \"c-f32\") (param f32) (call $clear))"
    " (func (export \"c-f64\") (param f64) (call $clear)))"
    "(core instance $mem (instantiate $mem)) (alias core export $mem \"m\" (core memory $m))"
    "(alias core export $mem \"r\" (core func $r)) ";

static void write_memory(const writer_t *writer) {
    if (writer->level->lies) {
        write_lying_memory(writer);
        return;
    }
    unsigned start = (DESCRIPTIONS + (unsigned)writer->world->descriptions.len + 15) & ~15u;
    WRITE(writer, memory, start / 65536 + 1, start, start, start);
}

/* ---- code ------------------------------------------------------------------------------------- */

/* Locals behind the parameters: $p, $q, $s for addresses, $kept, then one for the result, one for what a call gives,
 * and those for what it is given. */
enum { LOCAL_RESULT = 3, LOCAL_GIVEN, LOCAL_ARGS };

static void write_core_params(const writer_t *writer, const uint8_t *types, uint32_t count) {
    for (uint32_t i = 0; i < count; i++) WRITE(writer, "(param %s) ", core_type_name(types[i]));
}

static void write_alloc(const writer_t *writer, const char *local, const layout_t *layout) {
    WRITE(writer, "(local.set $%s (call $alloc (i32.const %u) (i32.const %llu))) ", local,
          (unsigned)layout->align, (unsigned long long)layout->size);
}

static void write_rebuild_call(const writer_t *writer, const char *to, const char *from,
                               uint32_t description, rebuild_t how, borrows_t borrows) {
    WRITE(writer, "(call $set (i32.const %d) (i32.const %d) (i32.const %d)) ", how.reverse,
          how.renew, borrows);
    WRITE(writer, "(call $rebuild (local.get $%s) (local.get $%s) (i32.const %u)) ", to, from,
          (unsigned)description);
}

/* The parameters' address in $p. */
static void write_params_taken(const writer_t *writer, const abi_func_t *abi) {
    if (abi->params_in_memory) {
        WRITE(writer, "(local.set $p (local.get 0)) ");
        return;
    }
    write_alloc(writer, "p", abi->params);
    write_spill(writer->out, abi->params, abi->core_params, 0, "p");
}

/* The result, which lies at `base`. */
static void write_result(const writer_t *writer, const abi_func_t *abi, const char *base,
                         uint32_t local) {
    if (!abi->result_in_memory) {
        write_unspill(writer->out, abi->result, abi->core_results, local, base);
        WRITE(writer, "(local.get %u)", (unsigned)local);
    } else {
        WRITE(writer, "(local.get $%s)", base);
    }
}

void write_head(const writer_t *writer, const char *name, unsigned number, const abi_func_t *abi,
                bool with_params, bool with_result) {
    WRITE(writer, "(func (export \"%s%u\") ", name, number);
    if (with_params) write_core_params(writer, abi->core_params, abi->core_param_count);
    const char *result = core_type_name(abi->core_results[0]);
    if (with_result) WRITE(writer, "(result %s) ", result);
    WRITE(writer, "(local $p i32) (local $q i32) (local $s i32) (local %s) ", result);
}

static void write_keeper_func(const writer_t *writer, unsigned number) {
    const func_t *func = &writer->level->funcs[number];
    const abi_func_t *abi = &func->lifted;
    write_head(writer, "f", number, abi, true, true);
    write_params_taken(writer, abi);
    write_alloc(writer, "q", abi->result);
    write_rebuild_call(writer, "q", "p", func->there, writer->level->there, BORROWS_READ);
    write_result(writer, abi, "q", abi->core_param_count + LOCAL_RESULT);

    WRITE(writer, ") ");
    write_head(writer, "put", number, abi, true, false);
    write_params_taken(writer, abi);
    write_alloc(writer, "q", abi->result);
    write_rebuild_call(writer, "q", "p", func->there, writer->level->there, BORROWS_READ);
    WRITE(writer, "(global.set $kept (local.get $q))) ");

    write_head(writer, "get", number, abi, false, true);
    WRITE(writer, "(local.set $p (global.get $kept)) ");
    write_alloc(writer, "q", abi->result);
    write_rebuild_call(writer, "q", "p", func->back, (rebuild_t){false, false}, BORROWS_READ);
    write_result(writer, abi, "q", LOCAL_RESULT);
    WRITE(writer, ") ");
}

/* The arguments, which lie at $q, as what the lowered function takes; its result lies at $s then. */
static void write_call(const writer_t *writer, const func_t *below, unsigned number,
                       uint32_t local) {
    const abi_func_t *abi = &below->lowered;
    uint32_t count = abi->core_param_count - abi->result_in_memory;
    if (!abi->params_in_memory)
        write_unspill(writer->out, abi->params, abi->core_params, local, "q");
    write_alloc(writer, "s", abi->result);
    if (!abi->result_in_memory) WRITE(writer, "(local.set %u ", (unsigned)(local - 1));
    WRITE(writer, "(call $l%u ", number);
    for (uint32_t i = 0; i < count && !abi->params_in_memory; i++)
        WRITE(writer, "(local.get %u) ", (unsigned)(local + i));
    if (abi->params_in_memory) WRITE(writer, "(local.get $q) ");
    if (abi->result_in_memory) WRITE(writer, "(local.get $s)) ");
    else WRITE(writer, ")) ");
    if (!abi->result_in_memory)
        write_spill(writer->out, abi->result, abi->core_results, local - 1, "s");
}

static void write_relay_func(const writer_t *writer, unsigned number) {
    const func_t *func = &writer->level->funcs[number];
    const func_t *below = &(writer->level - 1)->funcs[number];
    const abi_func_t *abi = &func->lifted, *lowered = &below->lowered;
    write_head(writer, "f", number, abi, true, true);
    WRITE(writer, "(local %s) ", core_type_name(lowered->core_results[0]));
    for (uint32_t i = 0; i < lowered->core_param_count; i++)
        WRITE(writer, "(local %s) ", core_type_name(lowered->core_params[i]));
    write_params_taken(writer, abi);
    write_alloc(writer, "q", lowered->params);
    write_rebuild_call(writer, "q", "p", func->there, writer->level->there, BORROWS_LENT);
    write_call(writer, below, number, abi->core_param_count + LOCAL_ARGS);
    WRITE(writer, "(call $forget) ");
    write_alloc(writer, "q", abi->result);
    write_rebuild_call(writer, "q", "s", func->back, writer->level->back, BORROWS_READ);
    write_result(writer, abi, "q", abi->core_param_count + LOCAL_RESULT);
    WRITE(writer, ") ");
}

static void write_lies(const writer_t *writer, unsigned number) {
    write_lying_func(writer, "f", number, true, true);
    if (writer->number) return;
    write_lying_func(writer, "put", number, true, false);
    write_lying_func(writer, "get", number, false, true);
}

/* What a module of lies imports. */
static void write_lying_imports(const writer_t *writer) {
    for (unsigned i = 0; i < RESOURCES && writer->world->handles; i++)
        WRITE(writer,
              "(import \"\" \"make%u\" (func $make%u (param i32) (result i32))) (import \"\" "
              "\"drop-own%u\" (func $drop%u (param i32))) ",
              i, i, i, i);
}

static void write_honest_imports(const writer_t *writer) {
    WRITE(writer, "(import \"\" \"alloc\" (func $alloc (param i32 i32) (result i32))) (import "
                  "\"\" \"rebuild\" (func $rebuild (param i32 i32 i32))) (import \"\" \"set\" "
                  "(func $set (param i32 i32 i32))) (import \"\" \"forget\" (func $forget)) ");
}

static void write_code(const writer_t *writer) {
    WRITE(writer, "(core module $code (import \"\" \"mem\" (memory 1)) ");
    if (writer->level->lies) write_lying_imports(writer);
    else write_honest_imports(writer);
    for (unsigned i = 0; i < writer->world->func_count && writer->number; i++) {
        const abi_func_t *lowered = &(writer->level - 1)->funcs[i].lowered;
        WRITE(writer, "(import \"\" \"l%u\" (func $l%u ", i, i);
        write_core_params(writer, lowered->core_params, lowered->core_param_count);
        if (!lowered->result_in_memory)
            WRITE(writer, "(result %s)", core_type_name(lowered->core_results[0]));
        WRITE(writer, ")) ");
    }
    WRITE(writer, "(global $kept (mut i32) (i32.const 0)) ");
    for (unsigned i = 0; i < writer->world->func_count; i++) {
        if (writer->level->lies) write_lies(writer, i);
        else if (writer->number) write_relay_func(writer, i);
        else write_keeper_func(writer, i);
    }
    WRITE(writer, ") ");
}

/* ---- a level ---------------------------------------------------------------------------------- */

static void write_instances(const writer_t *writer) {
    for (unsigned i = 0; i < writer->world->func_count && writer->number; i++)
        WRITE(writer,
              "(core func $l%u (canon lower (func $up \"f%u\") (memory $m) (realloc $r) "
              "string-encoding=%s)) ",
              i, i, encodings[writer->level->encoding]);
    if (!writer->level->lies) {
        WRITE(writer, "(core instance $rb (instantiate $rb (with \"\" (instance (export \"mem\" "
                      "(memory $m)) (export \"alloc\" (func $mem \"alloc\")) ");
        write_handle_args(writer);
        WRITE(writer, ")))) ");
    }
    WRITE(writer, "(core instance $code (instantiate $code (with \"\" (instance (export \"mem\" "
                  "(memory $m)) ");
    if (writer->level->lies) write_handle_args(writer);
    else
        WRITE(writer, "(export \"alloc\" (func $mem \"alloc\")) (export \"rebuild\" (func $rb "
                      "\"rebuild\")) (export \"set\" (func $rb \"set\")) (export \"forget\" "
                      "(func $rb \"forget\")) ");
    for (unsigned i = 0; i < writer->world->func_count && writer->number; i++)
        WRITE(writer, "(export \"l%u\" (func $l%u)) ", i, i);
    WRITE(writer, ")))) ");
}

static void write_lift(const writer_t *writer, const char *name, unsigned number,
                       const func_type_t *type, const char *after, const char *of) {
    WRITE(writer, "(func (export \"%s%u\") ", name, number);
    spell_func(writer->world, writer->out, type);
    WRITE(writer,
          " (canon lift (core func $code \"%s%u\") (memory $m) (realloc $r) string-encoding=%s "
          "(post-return (core func $mem \"%s%s\")))) ",
          name, number, encodings[writer->level->encoding], after, of);
}

static void write_exports(const writer_t *writer) {
    for (unsigned i = 0; i < writer->world->func_count; i++) {
        const func_t *func = &writer->level->funcs[i];
        const char *core = core_type_name(func->lifted.core_results[0]);
        func_type_t put = *func->type, get = *func->type;
        put.result = NULL;
        get.param_count = 0;
        write_lift(writer, "f", i, func->type, "p-", core);
        if (writer->number) continue;
        write_lift(writer, "put", i, &put, "keep", "");
        write_lift(writer, "get", i, &get, "c-", core);
    }
}

static bool imports_up(const writer_t *writer) {
    return writer->number || (writer->world->handles && !writer->world->own_resources);
}

static void write_level(const writer_t *writer) {
    WRITE(writer, "(component $C%u ", (unsigned)writer->number);
    if (imports_up(writer)) write_import(writer);
    write_resources(writer);
    write_types(writer);
    write_memory(writer);
    if (!writer->level->lies) write_rebuild(writer->world, writer->out, writer->level->encoding);
    write_code(writer);
    write_instances(writer);
    write_exports(writer);
    WRITE(writer, ")\n");
}

/* ---- all of it -------------------------------------------------------------------------------- */

/* A component that has `level`, the component $C, in it and passes on what that imports and exports. */
static void write_part(world_t *world, writer_t writer, const buf_t *level, const char *name,
                       bool imports) {
    writer.out = &world->parts[world->part_count++];
    WRITE(&writer, "(component ");
    if (imports) write_import(&writer);
    weft_buf_bytes(writer.out, level->data, level->len);
    WRITE(&writer, "(instance $c (instantiate %s%s)) (export \"up\" (instance $c)))", name,
          imports ? " (with \"up\" (instance $up))" : "");
    weft_buf_byte(writer.out, 0);
    if (writer.out->failed) must(weft_error_oom());
}

/* Writes one of the components in the whole, by itself and into the text. */
static void write_both(world_t *world, writer_t writer, void (*write)(const writer_t *),
                       const char *name, bool imports) {
    buf_t component = {0};
    writer.out = &component;
    write(&writer);
    if (component.failed) must(weft_error_oom());
    weft_buf_bytes(&world->text, component.data, component.len);
    write_part(world, writer, &component, name, imports);
    weft_buf_free(&component);
}

static void write_apart(const writer_t *writer) {
    WRITE(writer, "(component $R ");
    write_definitions(writer);
    WRITE(writer, ") ");
}

void write_component(world_t *world, random_source_t *source) {
    writer_t writer = {world, source, &world->text, 0, world->levels};
    bool apart = world->handles && !world->own_resources;
    char name[16];
    WRITE(&writer, "(component\n");
    if (apart) {
        write_both(world, writer, write_apart, "$R", false);
        WRITE(&writer, "(instance $r (instantiate $R))\n");
    }
    for (; writer.number < world->level_count; writer.number++, writer.level++) {
        unsigned number = writer.number;
        snprintf(name, sizeof name, "$C%u", number);
        write_both(world, writer, write_level, name, imports_up(&writer));
        WRITE(&writer, "(instance $c%u (instantiate $C%u", number, number);
        if (number) WRITE(&writer, " (with \"up\" (instance $c%u))", number - 1);
        else if (apart) WRITE(&writer, " (with \"up\" (instance $r))");
        WRITE(&writer, "))\n");
    }
    for (unsigned i = 0; i < world->level_count; i++)
        WRITE(&writer, "(export \"l%u\" (instance $c%u)) ", i, i);
    WRITE(&writer, ")\n");
    weft_buf_byte(&world->text, 0);
    if (world->text.failed || world->descriptions.failed) must(weft_error_oom());
}
