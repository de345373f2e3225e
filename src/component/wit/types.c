/* Types and functions as WIT: by their names where they have one in the scope, else spelled out. */
#include "component/wit/print.h"

static const char *const keywords[] = {
    "_",         "as",          "async",    "bool",          "borrow",
    "char",      "constructor", "enum",     "error-context", "export",
    "f32",       "f64",         "flags",    "float32",       "float64",
    "from",      "func",        "future",   "import",        "include",
    "interface", "list",        "map",      "option",        "own",
    "package",   "record",      "resource", "result",        "s16",
    "s32",       "s64",         "s8",       "static",        "stream",
    "string",    "tuple",       "type",     "u16",           "u32",
    "u64",       "u8",          "use",      "variant",       "with",
    "world",
};

void weft_wit_id(buf_t *out, weft_str_t name) {
    for (size_t i = 0; i < sizeof keywords / sizeof *keywords; i++)
        if (weft_str_eq(name, weft_str(keywords[i]))) weft_buf_byte(out, '%');
    weft_buf_str(out, name);
}

void weft_wit_line(wit_printer_t *printer) {
    for (unsigned i = 0; i < printer->indent; i++) weft_buf_printf(printer->out, "  ");
}

/* ---- types where they are used -------------------------------------------------------------- */

static const ctype_t *part(const ctype_t *type, uint32_t i) {
    return type && i < type->value.part_count ? type->value.parts[i] : NULL;
}

static void generic(wit_printer_t *printer, const char *words, const type_t *structure,
                    const ctype_t *type) {
    weft_buf_printf(printer->out, "%s", words);
    if (!structure) return;
    weft_buf_printf(printer->out, "<");
    weft_wit_use_type(printer, structure, type);
    weft_buf_printf(printer->out, ">");
}

static void use_tuple(wit_printer_t *printer, const type_t *structure, const ctype_t *type) {
    weft_buf_printf(printer->out, "tuple<");
    for (uint32_t i = 0; i < structure->field_count; i++) {
        if (i) weft_buf_printf(printer->out, ", ");
        weft_wit_use_type(printer, structure->fields[i].type, part(type, i));
    }
    weft_buf_printf(printer->out, ">");
}

static void use_result(wit_printer_t *printer, const type_t *structure, const ctype_t *type) {
    weft_buf_printf(printer->out, "result");
    if (!structure->element && !structure->error) return;
    weft_buf_printf(printer->out, "<");
    if (structure->element) weft_wit_use_type(printer, structure->element, part(type, 0));
    else weft_buf_printf(printer->out, "_");
    if (structure->error) {
        weft_buf_printf(printer->out, ", ");
        weft_wit_use_type(printer, structure->error, part(type, 1));
    }
    weft_buf_printf(printer->out, ">");
}

static void use_map(wit_printer_t *printer, const type_t *structure, const ctype_t *type) {
    weft_buf_printf(printer->out, "map<");
    weft_wit_use_type(printer, structure->key, part(type, 0));
    weft_buf_printf(printer->out, ", ");
    weft_wit_use_type(printer, structure->element, part(type, 1));
    weft_buf_printf(printer->out, ">");
}

static void use_handle(wit_printer_t *printer, const char *before, const ctype_t *resource,
                       const char *after) {
    weft_str_t name = weft_wit_local_name(printer->scope, resource);
    if (!name.ptr) {
        printer->nameless = true;
        name = resource->resource->name;
    }
    weft_buf_printf(printer->out, "%s", before);
    weft_wit_id(printer->out, name);
    weft_buf_printf(printer->out, "%s", after);
}

static void spell_out(wit_printer_t *printer, const type_t *structure, const ctype_t *type) {
    switch (structure->kind) {
    case TYPE_LIST: generic(printer, "list", structure->element, part(type, 0)); break;
    case TYPE_OPTION: generic(printer, "option", structure->element, part(type, 0)); break;
    case TYPE_STREAM: generic(printer, "stream", structure->element, part(type, 0)); break;
    case TYPE_FUTURE: generic(printer, "future", structure->element, part(type, 0)); break;
    case TYPE_FIXED_LIST:
        weft_buf_printf(printer->out, "list<");
        weft_wit_use_type(printer, structure->element, part(type, 0));
        weft_buf_printf(printer->out, ", %u>", (unsigned)structure->length);
        break;
    case TYPE_TUPLE: use_tuple(printer, structure, type); break;
    case TYPE_RESULT: use_result(printer, structure, type); break;
    case TYPE_MAP: use_map(printer, structure, type); break;
    case TYPE_OWN: use_handle(printer, "", part(type, 0), ""); break;
    case TYPE_BORROW: use_handle(printer, "borrow<", part(type, 0), ">"); break;
    case TYPE_RECORD:
    case TYPE_VARIANT:
    case TYPE_ENUM:
    case TYPE_FLAGS: printer->nameless = true; /* fall through */
    default: weft_type_print(printer->out, structure); break;
    }
}

void weft_wit_use_type(wit_printer_t *printer, const type_t *structure, const ctype_t *type) {
    weft_str_t name = {NULL, 0};
    if (printer->out->len > WIT_BYTES_MAX) return; /* an error of whoever asked */
    if (type) name = weft_wit_local_name(printer->scope, type);
    if (name.ptr) weft_wit_id(printer->out, name);
    else spell_out(printer, structure, type);
}

/* ---- declarations --------------------------------------------------------------------------- */

static void declare_fields(wit_printer_t *printer, const char *keyword, const wit_item_t *item) {
    const type_t *structure = item->type->value.type;
    weft_buf_printf(printer->out, "%s ", keyword);
    weft_wit_id(printer->out, item->name);
    weft_buf_printf(printer->out, " {\n");
    printer->indent++;
    for (uint32_t i = 0; i < structure->field_count; i++) {
        const type_field_t *field = &structure->fields[i];
        bool is_record = structure->kind == TYPE_RECORD;
        weft_wit_line(printer);
        weft_wit_id(printer->out, field->name);
        if (field->type) {
            weft_buf_printf(printer->out, is_record ? ": " : "(");
            weft_wit_use_type(printer, field->type, part(item->type, i));
            if (!is_record) weft_buf_printf(printer->out, ")");
        }
        weft_buf_printf(printer->out, ",\n");
    }
    printer->indent--;
    weft_wit_line(printer);
    weft_buf_printf(printer->out, "}\n");
}

static void declare_alias(wit_printer_t *printer, const wit_item_t *item) {
    const wit_decl_t *decl = item->alias;
    weft_buf_printf(printer->out, "type ");
    weft_wit_id(printer->out, item->name);
    weft_buf_printf(printer->out, " = ");
    if (decl) weft_wit_id(printer->out, decl->name);
    else if (item->type->value.type->kind ==
             TYPE_OWN) /* `type a = r` would be the resource itself */
        use_handle(printer, "own<", item->type->value.parts[0], ">");
    else spell_out(printer, item->type->value.type, item->type);
    weft_buf_printf(printer->out, ";\n");
}

void weft_wit_declare_type(wit_printer_t *printer, const wit_item_t *item) {
    if (item->alias) {
        declare_alias(printer, item);
        return;
    }
    switch (item->type->value.type->kind) {
    case TYPE_RECORD: declare_fields(printer, "record", item); break;
    case TYPE_VARIANT: declare_fields(printer, "variant", item); break;
    case TYPE_ENUM: declare_fields(printer, "enum", item); break;
    case TYPE_FLAGS: declare_fields(printer, "flags", item); break;
    default: declare_alias(printer, item); break;
    }
}

/* ---- functions ------------------------------------------------------------------------------ */

/* `constructor()` alone says that it returns its own resource. */
static bool returns_its_resource(const wit_printer_t *printer, const name_t *name,
                                 const ctype_t *func) {
    const type_t *result = func->func.type->result;
    if (name->kind != NAME_CONSTRUCTOR || !result || result->kind != TYPE_OWN) return false;
    if (!func->func.result || weft_wit_local_name(printer->scope, func->func.result).ptr)
        return false;
    weft_str_t local = weft_wit_local_name(printer->scope, func->func.result->value.parts[0]);
    return weft_str_eq(local, name->resource);
}

static const char *func_words(const name_t *name) {
    if (name->accessor == ACCESSOR_GET) return "get";
    if (name->accessor == ACCESSOR_SET) return "set";
    return name->kind == NAME_CONSTRUCTOR ? "constructor" : "func";
}

void weft_wit_func(wit_printer_t *printer, const name_t *name, const ctype_t *func) {
    const func_type_t *type = func->func.type;
    uint32_t first = name->kind == NAME_METHOD ? 1 : 0;
    if (name->kind == NAME_STATIC) weft_buf_printf(printer->out, "static ");
    if (type->is_async) weft_buf_printf(printer->out, "async ");
    weft_buf_printf(printer->out, "%s(", func_words(name));
    for (uint32_t i = first; i < type->param_count; i++) {
        if (i > first) weft_buf_printf(printer->out, ", ");
        weft_wit_id(printer->out, type->params[i].name);
        weft_buf_printf(printer->out, ": ");
        weft_wit_use_type(printer, type->params[i].type, func->func.params[i]);
    }
    weft_buf_printf(printer->out, ")");
    if (!type->result || returns_its_resource(printer, name, func)) return;
    weft_buf_printf(printer->out, " -> ");
    weft_wit_use_type(printer, type->result, func->func.result);
}

weft_error_t *weft_wit_check_size(const buf_t *out) {
    if (out->len <= WIT_BYTES_MAX) return NULL;
    return weft_error_new(WEFT_LIMIT, "the component's WIT is larger than %d MiB",
                          WIT_BYTES_MAX >> 20);
}
