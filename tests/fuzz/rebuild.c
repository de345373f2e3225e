/* Guests take values apart and make them anew: one core module, the same for all types, that goes through a value
 * by a description of its type. Descriptions lie in the guest's memory and are made of 32-bit words:
 *
 *   bytes    0, size
 *   string   1
 *   list     2, element, stride, alignment, whether it may be turned around
 *   tuple    3, count, then for each item: offset in the source, offset in the target, item
 *   variant  4, size of the discriminant, offset of the payload, then for each case its payload or 0
 *   own      5, number of the resource
 *   borrow   6, number of the resource
 *   fixed    7, element, stride, count */
#include "fuzz/world.h"

typedef enum op { BYTES, STRING, LIST, TUPLE, VARIANT, OWN, BORROW, FIXED } op_t;

typedef VEC(uint32_t) words_t;

/* ---- descriptions ----------------------------------------------------------------------------- */

static void put(words_t *words, uint64_t word) {
    must(VEC_PUSH(words, (uint32_t)word));
}

static uint32_t finish(world_t *world, words_t *words) {
    uint32_t at = DESCRIPTIONS + (uint32_t)world->descriptions.len;
    for (size_t i = 0; i < words->count; i++)
        for (unsigned shift = 0; shift < 32; shift += 8)
            weft_buf_byte(&world->descriptions, (uint8_t)(words->items[i] >> shift));
    VEC_FREE(words);
    return at;
}

static void describe_parts(world_t *world, words_t *words, const layout_t *layout) {
    put(words, TUPLE);
    put(words, layout->part_count);
    for (uint32_t i = 0; i < layout->part_count; i++) {
        put(words, layout->offsets[i]);
        put(words, layout->offsets[i]);
        put(words, describe(world, layout->parts[i]->type));
    }
}

static void describe_list(world_t *world, words_t *words, const layout_t *layout) {
    uint32_t element;
    if (layout->element) {
        element = describe(world, layout->element->type);
    } else {
        words_t entry = {0};
        describe_parts(world, &entry, layout);
        element = finish(world, &entry);
    }
    put(words, LIST);
    put(words, element);
    put(words, layout->stride);
    put(words, layout->element_align);
    put(words, layout->element != NULL);
}

static void describe_cases(world_t *world, words_t *words, const layout_t *layout) {
    put(words, VARIANT);
    put(words, layout->discriminant);
    put(words, layout->payload);
    for (uint32_t i = 0; i < layout->part_count; i++)
        put(words, layout->parts[i] ? describe(world, layout->parts[i]->type) : 0);
}

static void describe_fixed(world_t *world, words_t *words, const layout_t *layout) {
    uint32_t element = describe(world, layout->element->type);
    put(words, FIXED);
    put(words, element);
    put(words, layout->stride);
    put(words, layout->type->length);
}

static uint32_t describe_new(world_t *world, const type_t *type) {
    const layout_t *layout;
    words_t words = {0};
    must(weft_abi_layout(&world->abi, type, &layout));
    switch (type->kind) {
    case TYPE_STRING: put(&words, STRING); break;
    case TYPE_LIST:
    case TYPE_MAP: describe_list(world, &words, layout); break;
    case TYPE_FIXED_LIST: describe_fixed(world, &words, layout); break;
    case TYPE_RECORD:
    case TYPE_TUPLE: describe_parts(world, &words, layout); break;
    case TYPE_VARIANT:
    case TYPE_OPTION:
    case TYPE_RESULT: describe_cases(world, &words, layout); break;
    case TYPE_OWN:
    case TYPE_BORROW:
        put(&words, type->kind == TYPE_OWN ? OWN : BORROW);
        put(&words, type->resource == world->resources[1]);
        break;
    default: put(&words, BYTES); put(&words, layout->size);
    }
    return finish(world, &words);
}

uint32_t describe(world_t *world, const type_t *type) {
    for (size_t i = 0; i < world->described.count; i++)
        if (world->described.items[i].type == type) return world->described.items[i].at;
    uint32_t at = describe_new(world, type);
    must(VEC_PUSH(&world->described, (description_t){type, at}));
    return at;
}

uint32_t describe_tuple(world_t *world, const layout_t *to, const layout_t *from,
                        const uint32_t *from_index) {
    words_t words = {0};
    put(&words, TUPLE);
    put(&words, to->part_count);
    for (uint32_t i = 0; i < to->part_count; i++) {
        put(&words, from->offsets[from_index[i]]);
        put(&words, to->offsets[i]);
        put(&words, describe(world, from->parts[from_index[i]]->type));
    }
    return finish(world, &words);
}

/* ---- the module ------------------------------------------------------------------------------- */

static const char head[] = "(core module $rb (import \"\" \"mem\" (memory 1))"
                           " (import \"\" \"alloc\" (func $alloc (param i32 i32) (result i32)))";

/* With what they give. */
static const char *const handle_imports[][2] = {{"make", "(result i32)"},
                                                {"read-own", "(result i32)"},
                                                {"read-borrow", "(result i32)"},
                                                {"drop-own", ""},
                                                {"drop-borrow", ""}};

static const char settings[] =
    " (global $reverse (mut i32) (i32.const 0)) (global $renew (mut i32) (i32.const 0))"
    " (global $borrows (mut i32) (i32.const 0)) (global $lent (mut i32) (i32.const 0))"
    " (func (export \"set\") (param i32 i32 i32) (global.set $reverse (local.get 0))"
    "  (global.set $renew (local.get 1)) (global.set $borrows (local.get 2))"
    "  (global.set $lent (i32.const 0)))";

static const char without_handles[] =
    " (func $own (param i32 i32 i32) unreachable) (func $borrow (param i32 i32 i32) unreachable)"
    " (func (export \"forget\"))";

/* Of lent handles there is a list: handle, number of the resource, next. */
static const char with_handles[] =
    " (func $again0 (param $h i32) (result i32) (local $rep i32)"
    "  (local.set $rep (call $read-own0 (local.get $h))) (call $drop-own0 (local.get $h))"
    "  (call $make0 (local.get $rep)))"
    " (func $again1 (param $h i32) (result i32) (local $rep i32)"
    "  (local.set $rep (call $read-own1 (local.get $h))) (call $drop-own1 (local.get $h))"
    "  (call $make1 (local.get $rep)))"
    " (func $own (param $to i32) (param $from i32) (param $d i32) (local $h i32)"
    "  (local.set $h (i32.load (local.get $from)))"
    "  (if (global.get $renew) (then (local.set $h"
    "   (if (result i32) (i32.load offset=4 (local.get $d))"
    "    (then (call $again1 (local.get $h))) (else (call $again0 (local.get $h)))))))"
    "  (i32.store (local.get $to) (local.get $h)))"
    " (func $borrow (param $to i32) (param $from i32) (param $d i32) (local $h i32) (local $n i32)"
    "  (local.set $h (i32.load (local.get $from)))"
    "  (if (i32.eqz (global.get $borrows)) (then"
    "   (i32.store (local.get $to) (if (result i32) (i32.load offset=4 (local.get $d))"
    "    (then (call $read-borrow1 (local.get $h))) (else (call $read-borrow0 (local.get $h)))))"
    "   (call $drop (local.get $h) (i32.load offset=4 (local.get $d))) (return)))"
    "  (i32.store (local.get $to) (local.get $h))"
    "  (local.set $n (call $alloc (i32.const 4) (i32.const 12)))"
    "  (i32.store (local.get $n) (local.get $h))"
    "  (i32.store offset=4 (local.get $n) (i32.load offset=4 (local.get $d)))"
    "  (i32.store offset=8 (local.get $n) (global.get $lent)) (global.set $lent (local.get $n)))"
    " (func $drop (param $h i32) (param $r i32) (if (local.get $r)"
    "  (then (call $drop-borrow1 (local.get $h))) (else (call $drop-borrow0 (local.get $h)))))"
    " (func (export \"forget\") (loop $next (if (global.get $lent) (then"
    "  (call $drop (i32.load (global.get $lent)) (i32.load offset=4 (global.get $lent)))"
    "  (global.set $lent (i32.load offset=8 (global.get $lent))) (br $next)))))";

static const char body[] =
    " (func $string (param $to i32) (param $from i32) (local $q i32)"
    "  (local.set $q (call $alloc (i32.const 2) (call $size (i32.load offset=4 (local.get "
    "$from)))))"
    "  (memory.copy (local.get $q) (i32.load (local.get $from))"
    "   (call $size (i32.load offset=4 (local.get $from))))"
    "  (i32.store offset=4 (local.get $to) (i32.load offset=4 (local.get $from)))"
    "  (i32.store (local.get $to) (local.get $q)))"
    " (func $list (param $to i32) (param $from i32) (param $d i32)"
    "  (local $i i32) (local $n i32) (local $p i32) (local $q i32) (local $stride i32)"
    "  (local.set $stride (i32.load offset=8 (local.get $d)))"
    "  (local.set $p (i32.load (local.get $from)))"
    "  (local.set $n (i32.load offset=4 (local.get $from)))"
    "  (local.set $q (call $alloc (i32.load offset=12 (local.get $d))"
    "   (i32.mul (local.get $n) (local.get $stride))))"
    "  (i32.store (local.get $to) (local.get $q))"
    "  (i32.store offset=4 (local.get $to) (local.get $n))"
    "  (if (i32.and (global.get $reverse) (i32.load offset=16 (local.get $d)))"
    "   (then (local.set $q (i32.add (local.get $q) (i32.mul (local.get $stride)"
    "      (i32.sub (local.get $n) (i32.const 1)))))"
    "    (call $items (local.get $q) (local.get $p) (i32.load offset=4 (local.get $d))"
    "     (local.get $n) (local.get $stride) (i32.sub (i32.const 0) (local.get $stride))))"
    "   (else (call $items (local.get $q) (local.get $p) (i32.load offset=4 (local.get $d))"
    "     (local.get $n) (local.get $stride) (local.get $stride)))))"
    " (func $items (param $to i32) (param $from i32) (param $d i32) (param $n i32)"
    "  (param $step i32) (param $to-step i32)"
    "  (block $done (loop $next (br_if $done (i32.eqz (local.get $n)))"
    "   (call $rebuild (local.get $to) (local.get $from) (local.get $d))"
    "   (local.set $to (i32.add (local.get $to) (local.get $to-step)))"
    "   (local.set $from (i32.add (local.get $from) (local.get $step)))"
    "   (local.set $n (i32.sub (local.get $n) (i32.const 1))) (br $next))))"
    " (func $tuple (param $to i32) (param $from i32) (param $d i32) (local $n i32)"
    "  (local.set $n (i32.load offset=4 (local.get $d)))"
    "  (block $done (loop $next (br_if $done (i32.eqz (local.get $n)))"
    "   (call $rebuild (i32.add (local.get $to) (i32.load offset=12 (local.get $d)))"
    "    (i32.add (local.get $from) (i32.load offset=8 (local.get $d)))"
    "    (i32.load offset=16 (local.get $d)))"
    "   (local.set $d (i32.add (local.get $d) (i32.const 12)))"
    "   (local.set $n (i32.sub (local.get $n) (i32.const 1))) (br $next))))"
    " (func $variant (param $to i32) (param $from i32) (param $d i32) (local $case i32)"
    "  (memory.copy (local.get $to) (local.get $from) (i32.load offset=4 (local.get $d)))"
    "  (local.set $case (i32.and (i32.load (local.get $from)) (i32.sub (i32.shl (i32.const 1)"
    "   (i32.shl (i32.load offset=4 (local.get $d)) (i32.const 3))) (i32.const 1))))"
    "  (local.set $case (i32.load offset=12 (i32.add (local.get $d)"
    "   (i32.shl (local.get $case) (i32.const 2)))))"
    "  (if (local.get $case) (then (call $rebuild"
    "   (i32.add (local.get $to) (i32.load offset=8 (local.get $d)))"
    "   (i32.add (local.get $from) (i32.load offset=8 (local.get $d))) (local.get $case)))))"
    " (func $rebuild (export \"rebuild\") (param $to i32) (param $from i32) (param $d i32)"
    "  (block $fixed (block $borrow (block $own (block $variant (block $tuple (block $list"
    "   (block $string (block $bytes"
    "    (br_table $bytes $string $list $tuple $variant $own $borrow $fixed (i32.load (local.get "
    "$d))))"
    "   (memory.copy (local.get $to) (local.get $from) (i32.load offset=4 (local.get $d))) return)"
    "   (call $string (local.get $to) (local.get $from)) return)"
    "   (call $list (local.get $to) (local.get $from) (local.get $d)) return)"
    "   (call $tuple (local.get $to) (local.get $from) (local.get $d)) return)"
    "   (call $variant (local.get $to) (local.get $from) (local.get $d)) return)"
    "   (call $own (local.get $to) (local.get $from) (local.get $d)) return)"
    "   (call $borrow (local.get $to) (local.get $from) (local.get $d)) return)"
    "   (call $items (local.get $to) (local.get $from) (i32.load offset=4 (local.get $d))"
    "    (i32.load offset=12 (local.get $d)) (i32.load offset=8 (local.get $d))"
    "    (i32.load offset=8 (local.get $d))))";

/* Bytes of a string by its length as the encoding has it. */
static const char *const sizes[] = {
    [ENCODING_UTF8] = "(local.get 0)",
    [ENCODING_UTF16] = "(i32.shl (local.get 0) (i32.const 1))",
    [ENCODING_LATIN1_UTF16] = ("(select (i32.shl (local.get 0) (i32.const 1)) (local.get 0)"
                               " (i32.lt_s (local.get 0) (i32.const 0)))")};

void write_rebuild(const world_t *world, buf_t *out, encoding_t encoding) {
    weft_buf_str(out, weft_str(head));
    for (unsigned i = 0; i < RESOURCES && world->handles; i++)
        for (size_t k = 0; k < sizeof handle_imports / sizeof *handle_imports; k++)
            weft_buf_printf(out, " (import \"\" \"%s%u\" (func $%s%u (param i32) %s))",
                            handle_imports[k][0], i, handle_imports[k][0], i, handle_imports[k][1]);
    weft_buf_printf(out, "%s%s (func $size (param i32) (result i32) %s)", settings,
                    world->handles ? with_handles : without_handles, sizes[encoding]);
    weft_buf_printf(out, "%s (data (i32.const %d) \"", body, DESCRIPTIONS);
    for (size_t i = 0; i < world->descriptions.len; i++)
        weft_buf_printf(out, "\\%02x", world->descriptions.data[i]);
    weft_buf_printf(out, "\"))");
}
