/* Levels that lie: their functions do nothing that the types ask for. Memory is random, results are random core
 * values, a realloc gives random answers, and what is called below is called with anything. */
#include "fuzz/component.h"

/* Where random words lie in the memory; most pointers lead there. */
enum { WORDS = 96, ANSWERS = 4 };

/* A pointer, length, case, handle, ... */
static uint32_t lie(random_source_t *source) {
    switch (random_below(source, 8)) {
    case 0: return (uint32_t)random_bits(source);
    case 1: return (uint32_t)(65536 - random_below(source, 20));
    case 2: return 0x80000000U | (uint32_t)random_below(source, 40);
    case 3: return DESCRIPTIONS + (uint32_t)random_below(source, 256);
    case 4: return DESCRIPTIONS + 8 * (uint32_t)random_below(source, WORDS / 2);
    case 5: return (uint32_t)random_below(source, 256);
    default: return (uint32_t)random_below(source, 6);
    }
}

static void write_lie(const writer_t *writer, uint8_t type) {
    unsigned value = lie(writer->source);
    switch (type) {
    case CORE_F32: WRITE(writer, "(f32.reinterpret_i32 (i32.const %u)) ", value); return;
    case CORE_F64:
        WRITE(writer, "(f64.reinterpret_i64 (i64.const %llu)) ",
              (unsigned long long)value << 32 | lie(writer->source));
        return;
    case CORE_I64: WRITE(writer, "(i64.const %u) ", value); return;
    default: WRITE(writer, "(i32.const %u) ", value);
    }
}

/* ---- memory ----------------------------------------------------------------------------------- */

/* The answers one after another; with some the memory grows. */
static void write_realloc(const writer_t *writer) {
    WRITE(writer, "(global $asked (mut i32) (i32.const 0)) (func $r (export \"r\") (param i32 i32 "
                  "i32 i32) (result i32) (global.set $asked (i32.add (global.get $asked) "
                  "(i32.const 1))) ");
    for (unsigned i = 0; i < ANSWERS; i++) {
        uint64_t kind = random_below(writer->source, 4);
        WRITE(writer,
              "(if (i32.eq (i32.rem_u (global.get $asked) (i32.const %d)) (i32.const %u)) (then ",
              ANSWERS, i);
        if (kind == 0) WRITE(writer, "(drop (memory.grow (i32.const %u))) ", lie(writer->source));
        if (kind == 1) write_lie(writer, CORE_I32);
        else /* room for everybody, over and over */
            WRITE(writer, "(i32.and (i32.mul (global.get $asked) (i32.const 64)) (i32.const "
                          "0x7fc0)) ");
        WRITE(writer, "(return))) ");
    }
    WRITE(writer, "unreachable) ");
}

void write_lying_memory(const writer_t *writer) {
    static const char *const types[] = {"i32", "i64", "f32", "f64"};
    WRITE(writer, "(core module $mem (memory (export \"m\") 1) ");
    write_realloc(writer);
    WRITE(writer, "(func (export \"keep\")) ");
    for (unsigned i = 0; i < 4; i++)
        WRITE(writer, "(func (export \"p-%s\") (param %s)) (func (export \"c-%s\") (param %s)) ",
              types[i], types[i], types[i], types[i]);
    WRITE(writer, "(data (i32.const %d) \"", DESCRIPTIONS);
    for (unsigned i = 0; i < WORDS; i++) {
        uint32_t word = lie(writer->source);
        for (unsigned shift = 0; shift < 32; shift += 8)
            WRITE(writer, "\\%02x", word >> shift & 0xFF);
    }
    WRITE(writer, "\"))(core instance $mem (instantiate $mem))"
                  "(alias core export $mem \"m\" (core memory $m))"
                  "(alias core export $mem \"r\" (core func $r)) ");
}

/* ---- functions -------------------------------------------------------------------------------- */

static void write_deeds(const writer_t *writer) {
    for (uint64_t count = random_below(writer->source, 4); count; count--) {
        unsigned which = (unsigned)random_below(writer->source, RESOURCES);
        if (!writer->world->handles) continue;
        bool drop = random_below(writer->source, 2);
        WRITE(writer, drop ? "(call $drop%u " : "(drop (call $make%u ", which);
        write_lie(writer, CORE_I32);
        WRITE(writer, drop ? ") " : ")) ");
    }
}

/* With its own parameters where they are of the right types, or with lies. */
static void write_lying_call(const writer_t *writer, const abi_func_t *own, unsigned number) {
    const abi_func_t *below = &(writer->level - 1)->funcs[number].lowered;
    uint32_t count = below->core_param_count;
    bool honest = random_below(writer->source, 2);
    WRITE(writer, "(call $l%u ", number);
    for (uint32_t i = 0; i < count; i++) {
        bool same = i < own->core_param_count && own->core_params[i] == below->core_params[i];
        if (honest && same) WRITE(writer, "(local.get %u) ", (unsigned)i);
        else write_lie(writer, below->core_params[i]);
    }
    WRITE(writer, ") ");
    if (!below->result_in_memory) WRITE(writer, "drop ");
}

void write_lying_func(const writer_t *writer, const char *name, unsigned number, bool with_params,
                      bool with_result) {
    const abi_func_t *abi = &writer->level->funcs[number].lifted;
    write_head(writer, name, number, abi, with_params, with_result);
    write_deeds(writer);
    if (writer->number) write_lying_call(writer, abi, number);
    if (with_result) write_lie(writer, abi->core_results[0]);
    WRITE(writer, ") ");
}
