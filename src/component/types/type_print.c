/* Types as WIT text, on one line, for messages: a named type is spelled out where it is used. A small file
 * can hold a type whose spelling is astronomically long (a DAG of pairs), so printing stops at a length. */
#include "component/types/type.h"

enum { PRINT_MAX = 2000 };

static const char *const PRIM_WORDS[] = {
    "bool", "s8",  "u8",  "s16", "u16",  "s32",    "u32",
    "s64",  "u64", "f32", "f64", "char", "string", "error-context",
};

typedef struct printer {
    buf_t *out;
    size_t end;     /* nothing starts at or past this length */
    bool shortened; /* "..." stands at the end already */
} printer_t;

static bool full(printer_t *printer) {
    if (printer->out->len >= printer->end && !printer->shortened) {
        weft_buf_printf(printer->out, "...");
        printer->shortened = true;
    }
    return printer->shortened || printer->out->failed;
}

static void put(printer_t *printer, const char *text) {
    if (!full(printer)) weft_buf_bytes(printer->out, text, strlen(text));
}

static void put_str(printer_t *printer, weft_str_t text) {
    if (!full(printer)) weft_buf_str(printer->out, text);
}

static void print_type(printer_t *printer, const type_t *type);

/* `record { x: u32 }`, `flags { a, b }`, `variant { a(u32), b }`: what stands around a field's type. */
static void print_fields(printer_t *printer, const char *keyword, const type_field_t *fields,
                         uint32_t count, const char *before, const char *after) {
    put(printer, keyword);
    put(printer, " {");
    for (uint32_t i = 0; i < count && !full(printer); i++) {
        put(printer, i ? ", " : " ");
        put_str(printer, fields[i].name);
        if (!fields[i].type) continue;
        put(printer, before);
        print_type(printer, fields[i].type);
        put(printer, after);
    }
    put(printer, " }");
}

static void print_tuple(printer_t *printer, const type_t *type) {
    put(printer, "tuple<");
    for (uint32_t i = 0; i < type->field_count && !full(printer); i++) {
        if (i) put(printer, ", ");
        print_type(printer, type->fields[i].type);
    }
    put(printer, ">");
}

static void print_result(printer_t *printer, const type_t *type) {
    put(printer, "result");
    if (!type->element && !type->error) return;
    put(printer, "<");
    print_type(printer, type->element);
    if (type->error) {
        put(printer, ", ");
        print_type(printer, type->error);
    }
    put(printer, ">");
}

static void print_element(printer_t *printer, const char *keyword, const type_t *element) {
    put(printer, keyword);
    if (!element) return;
    put(printer, "<");
    print_type(printer, element);
    put(printer, ">");
}

static void print_resource(printer_t *printer, const resource_t *resource) {
    put_str(printer, resource->name.len ? resource->name : STR_LIT("a resource without a name"));
}

static void print_fixed_list(printer_t *printer, const type_t *type) {
    put(printer, "list<");
    print_type(printer, type->element);
    if (!full(printer)) weft_buf_printf(printer->out, ", %u>", (unsigned)type->length);
}

static void print_map(printer_t *printer, const type_t *type) {
    put(printer, "map<");
    print_type(printer, type->key);
    put(printer, ", ");
    print_type(printer, type->element);
    put(printer, ">");
}

static void print_type(printer_t *printer, const type_t *type) {
    if (full(printer)) return;
    if (!type) {
        put(printer, "_");
        return;
    }
    switch (type->kind) {
    case TYPE_RECORD:
        print_fields(printer, "record", type->fields, type->field_count, ": ", "");
        break;
    case TYPE_VARIANT:
        print_fields(printer, "variant", type->fields, type->field_count, "(", ")");
        break;
    case TYPE_FLAGS: print_fields(printer, "flags", type->fields, type->field_count, "", ""); break;
    case TYPE_ENUM: print_fields(printer, "enum", type->fields, type->field_count, "", ""); break;
    case TYPE_LIST: print_element(printer, "list", type->element); break;
    case TYPE_OPTION: print_element(printer, "option", type->element); break;
    case TYPE_STREAM: print_element(printer, "stream", type->element); break;
    case TYPE_FUTURE: print_element(printer, "future", type->element); break;
    case TYPE_FIXED_LIST: print_fixed_list(printer, type); break;
    case TYPE_TUPLE: print_tuple(printer, type); break;
    case TYPE_RESULT: print_result(printer, type); break;
    case TYPE_MAP: print_map(printer, type); break;
    case TYPE_OWN: print_resource(printer, type->resource); break;
    case TYPE_BORROW:
        put(printer, "borrow<");
        print_resource(printer, type->resource);
        put(printer, ">");
        break;
    default: put(printer, PRIM_WORDS[type->kind]); break;
    }
}

void weft_type_print(buf_t *out, const type_t *type) {
    printer_t printer = {.out = out, .end = out->len + PRINT_MAX};
    print_type(&printer, type);
}

void weft_func_type_print(buf_t *out, const func_type_t *type) {
    printer_t printer = {.out = out, .end = out->len + PRINT_MAX};
    put(&printer, type->is_async ? "async func(" : "func(");
    for (uint32_t i = 0; i < type->param_count && !full(&printer); i++) {
        if (i) put(&printer, ", ");
        put_str(&printer, type->params[i].name);
        put(&printer, ": ");
        print_type(&printer, type->params[i].type);
    }
    put(&printer, ")");
    if (!type->result) return;
    put(&printer, " -> ");
    print_type(&printer, type->result);
}
