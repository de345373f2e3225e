/* Types as text. */
#include "fuzz/world.h"

static const char *const primitives[] = {"bool", "s8",  "u8",  "s16", "u16",  "s32",   "u32",
                                         "s64",  "u64", "f32", "f64", "char", "string"};

static bool has_name(const type_t *type) {
    return type->kind == TYPE_RECORD || type->kind == TYPE_VARIANT || type->kind == TYPE_ENUM ||
           type->kind == TYPE_FLAGS;
}

static size_t place(const world_t *world, const type_t *type) {
    size_t i = 0;
    while (i < world->named.count && world->named.items[i] != type) i++;
    return i;
}

void collect_named(world_t *world, const type_t *type) {
    if (!type || (has_name(type) && place(world, type) < world->named.count)) return;
    for (uint32_t i = 0; i < type->field_count; i++) collect_named(world, type->fields[i].type);
    collect_named(world, type->element);
    collect_named(world, type->error);
    if (has_name(type)) must(VEC_PUSH(&world->named, type));
}

/* ---- definitions ------------------------------------------------------------------------------ */

static void spell_payload(const world_t *world, buf_t *out, const type_t *type) {
    if (!type) return;
    weft_buf_byte(out, ' ');
    spell_type(world, out, type);
}

void spell_definition(const world_t *world, buf_t *out, const type_t *type) {
    static const char *const heads[] = {[TYPE_RECORD] = "record",
                                        [TYPE_VARIANT] = "variant",
                                        [TYPE_ENUM] = "enum",
                                        [TYPE_FLAGS] = "flags"};
    bool bare = type->kind == TYPE_ENUM || type->kind == TYPE_FLAGS;
    weft_buf_printf(out, "(%s", heads[type->kind]);
    for (uint32_t i = 0; i < type->field_count; i++) {
        const type_field_t *field = &type->fields[i];
        if (!bare) weft_buf_printf(out, " (%s", type->kind == TYPE_RECORD ? "field" : "case");
        weft_buf_printf(out, " \"%.*s\"", STR_ARG(field->name));
        spell_payload(world, out, field->type);
        if (!bare) weft_buf_byte(out, ')');
    }
    weft_buf_byte(out, ')');
}

/* ---- uses ------------------------------------------------------------------------------------- */

static void spell_parts(const world_t *world, buf_t *out, const type_t *type) {
    for (uint32_t i = 0; i < type->field_count; i++)
        spell_payload(world, out, type->fields[i].type);
    spell_payload(world, out, type->key);
    spell_payload(world, out, type->element);
    if (type->kind == TYPE_FIXED_LIST) weft_buf_printf(out, " %u", (unsigned)type->length);
    if (!type->error) return;
    weft_buf_printf(out, " (error");
    spell_payload(world, out, type->error);
    weft_buf_byte(out, ')');
}

void spell_type(const world_t *world, buf_t *out, const type_t *type) {
    static const char *const heads[] = {
        [TYPE_LIST] = "list",     [TYPE_FIXED_LIST] = "list", [TYPE_TUPLE] = "tuple",
        [TYPE_OPTION] = "option", [TYPE_RESULT] = "result",   [TYPE_MAP] = "map"};
    if (type->kind <= TYPE_STRING) {
        weft_buf_printf(out, "%s", primitives[type->kind]);
    } else if (type->resource) {
        weft_buf_printf(out, "(%s $r%u)", type->kind == TYPE_OWN ? "own" : "borrow",
                        type->resource == world->resources[1]);
    } else if (has_name(type)) {
        weft_buf_printf(out, "$t%zu", place(world, type));
    } else {
        weft_buf_printf(out, "(%s", heads[type->kind]);
        spell_parts(world, out, type);
        weft_buf_byte(out, ')');
    }
}

void spell_func(const world_t *world, buf_t *out, const func_type_t *type) {
    for (uint32_t i = 0; i < type->param_count; i++) {
        weft_buf_printf(out, "(param \"%.*s\"", STR_ARG(type->params[i].name));
        spell_payload(world, out, type->params[i].type);
        weft_buf_printf(out, ") ");
    }
    if (!type->result) return;
    weft_buf_printf(out, "(result");
    spell_payload(world, out, type->result);
    weft_buf_byte(out, ')');
}
