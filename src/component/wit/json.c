/* The same as text.c for programs: names and places as JSON, types as WIT. */
#include <jansson.h>

#include "component/wit/print.h"
#include "support/alloc.h"

/* What jansson cannot allocate is NULL; json_object_set_new and its like then fail and this goes false. */
typedef struct json_writer {
    const wit_t *wit;
    size_t len; /* of the types' texts so far */
    bool ok;
} json_writer_t;

static void put(json_writer_t *writer, json_t *object, const char *key, json_t *value) {
    if (json_object_set_new(object, key, value)) writer->ok = false;
}

static void append(json_writer_t *writer, json_t *array, json_t *value) {
    if (json_array_append_new(array, value)) writer->ok = false;
}

static json_t *text(weft_str_t str) {
    return json_stringn(str.ptr ? str.ptr : "", str.len);
}

static json_t *take_text(buf_t *buf) {
    json_t *made = buf->failed ? NULL : text(weft_buf_as_str(buf));
    weft_buf_free(buf);
    return made;
}

static wit_printer_t printer_for(const json_writer_t *writer, const wit_scope_t *scope,
                                 buf_t *out) {
    return (wit_printer_t){.wit = writer->wit, .scope = scope, .out = out};
}

static json_t *use(json_writer_t *writer, const wit_scope_t *scope, const type_t *structure,
                   const ctype_t *type) {
    buf_t out = {0};
    wit_printer_t printer = printer_for(writer, scope, &out);
    weft_wit_use_type(&printer, structure, type);
    writer->len += out.len;
    return take_text(&out);
}

static json_t *path(const wit_scope_t *interface_) {
    buf_t out = {0};
    weft_wit_path(&out, interface_);
    return take_text(&out);
}

static json_t *attributes(json_writer_t *writer, const extern_name_t *written) {
    static const char *const keys[ATTRIBUTE_KIND_COUNT] = {"implements", "version-suffix",
                                                           "external-id"};
    json_t *object = json_object();
    for (uint32_t i = 0; i < written->attribute_count; i++) {
        const attribute_t *attribute = &written->attributes[i];
        if (attribute->kind < ATTRIBUTE_KIND_COUNT)
            put(writer, object, keys[attribute->kind], text(attribute->text));
    }
    return object;
}

static json_t *named(json_writer_t *writer, const wit_item_t *item, const char *kind) {
    json_t *object = json_object();
    put(writer, object, "name", text(item->name));
    put(writer, object, "kind", json_string(kind));
    if (item->written && item->written->attribute_count)
        put(writer, object, "attributes", attributes(writer, item->written));
    return object;
}

/* ---- functions and types -------------------------------------------------------------------- */

static const char *func_kind(const name_t *name) {
    switch (name->kind) {
    case NAME_CONSTRUCTOR: return "constructor";
    case NAME_METHOD: return "method";
    case NAME_STATIC: return "static";
    default: return "function";
    }
}

static weft_error_t *func_json(json_writer_t *writer, const wit_scope_t *scope,
                               const wit_item_t *item, json_t **out) {
    const func_type_t *type = item->type->func.type;
    name_t name;
    TRY(weft_wit_check_size(&(buf_t){.len = writer->len}));
    TRY(weft_name_parse(item->name, &name));
    json_t *object = named(writer, item, func_kind(&name)), *params = json_array();
    if (name.accessor != ACCESSOR_NONE)
        put(writer, object, "accessor", json_string(name.accessor == ACCESSOR_GET ? "get" : "set"));
    put(writer, object, "item", text(name.label));
    if (name.resource.len) put(writer, object, "resource", text(name.resource));
    put(writer, object, "async", json_boolean(type->is_async));
    for (uint32_t i = 0; i < type->param_count; i++) {
        json_t *param = json_object();
        put(writer, param, "name", text(type->params[i].name));
        put(writer, param, "type",
            use(writer, scope, type->params[i].type, item->type->func.params[i]));
        append(writer, params, param);
    }
    put(writer, object, "params", params);
    put(writer, object, "result",
        type->result ? use(writer, scope, type->result, item->type->func.result) : json_null());
    *out = object;
    return NULL;
}

static const char *type_kind(const wit_item_t *item) {
    if (item->type->kind == CTYPE_RESOURCE) return "resource";
    switch (item->type->value.type->kind) {
    case TYPE_RECORD: return "record";
    case TYPE_VARIANT: return "variant";
    case TYPE_ENUM: return "enum";
    case TYPE_FLAGS: return "flags";
    default: return "type";
    }
}

static json_t *type_json(json_writer_t *writer, const wit_scope_t *scope, const wit_item_t *item) {
    json_t *object = named(writer, item, type_kind(item));
    const wit_decl_t *decl = item->alias;
    if (decl) {
        put(writer, object, "of", text(decl->name));
        if (decl->scope != scope && decl->scope->name.len)
            put(writer, object, "from", path(decl->scope));
    } else if (item->type->kind == CTYPE_VALUE) {
        buf_t out = {0};
        wit_printer_t printer = printer_for(writer, scope, &out);
        weft_wit_declare_type(&printer, item);
        put(writer, object, "wit", take_text(&out));
    }
    return object;
}

static weft_error_t *fill_scope(json_writer_t *writer, json_t *object, const wit_scope_t *scope) {
    json_t *types = json_array(), *funcs = json_array(), *remarks = json_array();
    put(writer, object, "types", types);
    put(writer, object, "functions", funcs);
    for (size_t i = 0; i < scope->types.count; i++)
        append(writer, types, type_json(writer, scope, &scope->types.items[i]));
    for (size_t i = 0; i < scope->remarks.count; i++)
        append(writer, remarks, json_string(scope->remarks.items[i]));
    put(writer, object, "remarks", remarks);
    for (size_t i = 0; i < scope->funcs.count; i++) {
        json_t *func;
        TRY(func_json(writer, scope, &scope->funcs.items[i], &func));
        append(writer, funcs, func);
    }
    return NULL;
}

/* ---- world and packages --------------------------------------------------------------------- */

static weft_error_t *world_item_json(json_writer_t *writer, const wit_world_item_t *item,
                                     json_t **out) {
    if (!item->interface_) return func_json(writer, writer->wit->world, &item->item, out);
    *out = named(writer, &item->item, "interface");
    if (item->interface_->package) {
        put(writer, *out, "path", path(item->interface_));
        return NULL;
    }
    weft_error_t *error = fill_scope(writer, *out, item->interface_);
    if (error) json_decref(*out);
    return error;
}

static weft_error_t *world_json(json_writer_t *writer, json_t *world) {
    json_t *imports = json_array(), *exports = json_array();
    put(writer, world, "imports", imports);
    put(writer, world, "exports", exports);
    for (size_t i = 0; i < writer->wit->items.count; i++) {
        const wit_world_item_t *item = &writer->wit->items.items[i];
        json_t *made;
        TRY(world_item_json(writer, item, &made));
        append(writer, item->is_export ? exports : imports, made);
    }
    return fill_scope(writer, world, writer->wit->world);
}

static weft_error_t *interfaces_json(json_writer_t *writer, json_t *interfaces,
                                     wit_wanted_t *wanted, void *context) {
    for (size_t i = 0; i < writer->wit->packages.count; i++) {
        const wit_package_t *package = writer->wit->packages.items[i];
        for (size_t j = 0; j < package->interfaces.count; j++) {
            const wit_scope_t *scope = package->interfaces.items[j];
            json_t *name = path(scope);
            if (wanted && name && !wanted(weft_str(json_string_value(name)), context)) {
                json_decref(name);
                continue;
            }
            json_t *object = json_object();
            put(writer, object, "name", name);
            append(writer, interfaces, object);
            TRY(fill_scope(writer, object, scope));
        }
    }
    return NULL;
}

static weft_error_t *dump(const json_t *root, buf_t *out) {
    char *made = json_dumps(root, JSON_INDENT(2) | JSON_ENSURE_ASCII);
    if (!made) return weft_error_oom();
    weft_buf_printf(out, "%s\n", made);
    free(made);
    return out->failed ? weft_error_oom() : NULL;
}

weft_error_t *weft_wit_json(const wit_t *wit, wit_wanted_t *wanted, void *context, buf_t *out,
                            size_t *count) {
    json_writer_t writer = {.wit = wit, .ok = true};
    json_t *root = json_object(), *interfaces = json_array();
    weft_error_t *error = NULL;
    if (!wanted) {
        json_t *world = json_object();
        put(&writer, root, "world", world);
        error = world_json(&writer, world);
    }
    put(&writer, root, "interfaces", interfaces);
    if (!error) error = interfaces_json(&writer, interfaces, wanted, context);
    if (!error) *count = json_array_size(interfaces);
    if (!error) error = writer.ok ? dump(root, out) : weft_error_oom();
    json_decref(root);
    return error;
}
