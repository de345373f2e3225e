/* The whole of a component's WIT as one document: the world, then a nested package for each package of its
 * interfaces, in the order and layout that wasm-tools uses. */
#include <stdlib.h>

#include "component/wit/print.h"
#include "support/alloc.h"
#include "support/utf8.h"

/* ---- small things --------------------------------------------------------------------------- */

/* A blank line between items. */
static void new_item(wit_printer_t *printer) {
    if (printer->any) weft_buf_printf(printer->out, "\n");
    printer->any = true;
}

static void external_id(wit_printer_t *printer, const extern_name_t *written) {
    weft_str_t id = {NULL, 0};
    for (uint32_t i = 0; written && i < written->attribute_count; i++)
        if (written->attributes[i].kind == ATTRIBUTE_EXTERNAL_ID) id = written->attributes[i].text;
    if (!id.ptr) return;
    weft_wit_line(printer);
    weft_buf_printf(printer->out, "@external-id(\"");
    for (size_t at = 0; at < id.len;) {
        int32_t c = weft_utf8_next(id, &at);
        if (c < 0) break;
        if (c == '"' || c == '\\') weft_buf_printf(printer->out, "\\%c", (char)c);
        else if (c >= ' ' && c < 0x7f) weft_buf_byte(printer->out, (uint8_t)c);
        else weft_buf_printf(printer->out, "\\u{%x}", (unsigned)c);
    }
    weft_buf_printf(printer->out, "\")\n");
}

static void comment(wit_printer_t *printer, const char *text) {
    weft_wit_line(printer);
    weft_buf_printf(printer->out, "// ");
    weft_buf_plain(printer->out, weft_str(text));
    weft_buf_byte(printer->out, '\n');
}

static void remarks(wit_printer_t *printer, const wit_scope_t *scope) {
    for (size_t i = 0; i < scope->remarks.count; i++) {
        printer->any = true;
        comment(printer, scope->remarks.items[i]);
    }
}

/* What was printed since `start` needs a name that the scope does not have: it becomes a comment. */
static void hide_nameless(wit_printer_t *printer, size_t start) {
    buf_t *out = printer->out;
    if (!printer->nameless) return;
    printer->nameless = false;
    buf_t hidden = {0};
    weft_buf_bytes(&hidden, out->data + start, out->len - start);
    out->len = start;
    comment(printer, "a type in this has no name here, so WIT cannot say it:");
    for (size_t at = 0; at < hidden.len;) {
        const uint8_t *end = memchr(hidden.data + at, '\n', hidden.len - at);
        size_t len = end ? (size_t)(end - hidden.data) - at + 1 : hidden.len - at;
        weft_buf_printf(out, "// ");
        weft_buf_bytes(out, hidden.data + at, len);
        at += len;
    }
    out->failed |= hidden.failed;
    weft_buf_free(&hidden);
}

/* ---- functions ------------------------------------------------------------------------------ */

static weft_error_t *print_func(wit_printer_t *printer, const char *before,
                                const wit_item_t *item) {
    name_t name;
    size_t start = printer->out->len;
    TRY(weft_wit_check_size(printer->out));
    TRY(weft_name_parse(item->name, &name));
    external_id(printer, item->written);
    weft_wit_line(printer);
    weft_buf_printf(printer->out, "%s", before);
    if (name.kind != NAME_CONSTRUCTOR) {
        weft_wit_id(printer->out, name.label);
        weft_buf_printf(printer->out, ": ");
    }
    weft_wit_func(printer, &name, item->type);
    weft_buf_printf(printer->out, ";\n");
    hide_nameless(printer, start);
    return NULL;
}

/* Functions sorted by the resource they belong to, so that each resource finds its own at once. */
typedef struct member {
    weft_str_t resource; /* empty: none */
    const wit_item_t *func;
} member_t;

typedef struct members {
    member_t *items;
    size_t count;
} members_t;

static int compare_members(const void *left, const void *right) {
    const member_t *a = left, *b = right;
    size_t shorter = a->resource.len < b->resource.len ? a->resource.len : b->resource.len;
    int order = shorter ? memcmp(a->resource.ptr, b->resource.ptr, shorter) : 0;
    if (!order) order = (a->resource.len > b->resource.len) - (a->resource.len < b->resource.len);
    return order ? order : (a->func > b->func) - (a->func < b->func); /* as they came */
}

static weft_error_t *sort_members(const wit_scope_t *scope, members_t *members) {
    size_t count = scope->funcs.count;
    members->items = weft_alloc_zero(count, sizeof *members->items);
    if (!members->items) return weft_error_oom();
    members->count = count;
    for (size_t i = 0; i < count; i++) {
        name_t name;
        const wit_item_t *func = &scope->funcs.items[i];
        TRY(weft_name_parse(func->name, &name));
        members->items[i] = (member_t){name.resource, func};
    }
    if (count) qsort(members->items, count, sizeof *members->items, compare_members);
    return NULL;
}

static bool belongs_before(const member_t *member, weft_str_t resource) {
    member_t wanted = {resource, NULL};
    return compare_members(member, &wanted) < 0;
}

static size_t first_member(const members_t *members, weft_str_t resource) {
    size_t low = 0, high = members->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (belongs_before(&members->items[middle], resource)) low = middle + 1;
        else high = middle;
    }
    return low;
}

static bool is_member(const members_t *members, size_t i, weft_str_t resource) {
    return i < members->count && weft_str_eq(members->items[i].resource, resource);
}

static weft_error_t *print_resource(wit_printer_t *printer, const wit_item_t *item,
                                    const members_t *members) {
    size_t i = first_member(members, item->name);
    weft_wit_line(printer);
    weft_buf_printf(printer->out, "resource ");
    weft_wit_id(printer->out, item->name);
    if (!is_member(members, i, item->name)) {
        weft_buf_printf(printer->out, ";\n");
        return NULL;
    }
    weft_buf_printf(printer->out, " {\n");
    printer->indent++;
    for (; is_member(members, i, item->name); i++)
        TRY(print_func(printer, "", members->items[i].func));
    printer->indent--;
    weft_wit_line(printer);
    weft_buf_printf(printer->out, "}\n");
    return NULL;
}

/* ---- types ---------------------------------------------------------------------------------- */

/* The declaration in another interface that a type is taken from by `use`; NULL: it is declared here. */
static const wit_decl_t *used_from(const wit_printer_t *printer, const wit_item_t *item) {
    const wit_decl_t *decl = item->alias;
    return decl && decl->scope != printer->scope && decl->scope->name.len ? decl : NULL;
}

static bool same_external_id(const wit_item_t *a, const wit_item_t *b) {
    return !(a->written && a->written->attribute_count) &&
           !(b->written && b->written->attribute_count);
}

static void print_used(wit_printer_t *printer, const wit_item_t *item, const wit_decl_t *decl) {
    weft_wit_id(printer->out, decl->name);
    if (weft_str_eq(decl->name, item->name)) return;
    weft_buf_printf(printer->out, " as ");
    weft_wit_id(printer->out, item->name);
}

/* `use ns:pkg/name.{a, b as c};`, neighbours from one interface in one statement. */
static void print_uses(wit_printer_t *printer, const wit_scope_t *scope) {
    const wit_item_t *before = NULL;
    const wit_scope_t *from = NULL;
    for (size_t i = 0; i < scope->types.count; i++) {
        const wit_item_t *item = &scope->types.items[i];
        const wit_decl_t *decl = used_from(printer, item);
        if (!decl) continue;
        if (from && from == decl->scope && same_external_id(before, item)) {
            weft_buf_printf(printer->out, ", ");
        } else {
            if (from) weft_buf_printf(printer->out, "};\n");
            external_id(printer, item->written);
            weft_wit_line(printer);
            weft_buf_printf(printer->out, "use ");
            if (scope->package && decl->scope->package == scope->package)
                weft_wit_id(printer->out, decl->scope->name);
            else weft_wit_path(printer->out, decl->scope);
            weft_buf_printf(printer->out, ".{");
        }
        print_used(printer, item, decl);
        before = item;
        from = decl->scope;
    }
    if (from) {
        weft_buf_printf(printer->out, "};\n");
        printer->any = true;
    }
}

static weft_error_t *print_type(wit_printer_t *printer, const wit_item_t *item,
                                const members_t *members) {
    bool is_alias = item->alias != NULL;
    TRY(weft_wit_check_size(printer->out));
    new_item(printer);
    if (item->remark) comment(printer, item->remark);
    size_t start = printer->out->len;
    external_id(printer, item->written);
    if (item->type->kind == CTYPE_RESOURCE && !is_alias)
        return print_resource(printer, item, members);
    weft_wit_line(printer);
    weft_wit_declare_type(printer, item);
    hide_nameless(printer, start);
    return NULL;
}

static weft_error_t *print_types(wit_printer_t *printer, const wit_scope_t *scope,
                                 const members_t *members) {
    print_uses(printer, scope);
    for (size_t i = 0; i < scope->types.count; i++) {
        const wit_item_t *item = &scope->types.items[i];
        if (!used_from(printer, item)) TRY(print_type(printer, item, members));
    }
    return NULL;
}

/* ---- interfaces ----------------------------------------------------------------------------- */

static weft_error_t *print_members(wit_printer_t *printer, const wit_scope_t *scope,
                                   const members_t *members) {
    TRY(print_types(printer, scope, members));
    for (size_t i = 0; is_member(members, i, (weft_str_t){NULL, 0}); i++) {
        new_item(printer);
        TRY(print_func(printer, "", members->items[i].func));
    }
    remarks(printer, scope);
    return NULL;
}

/* The body of an interface between its braces. */
static weft_error_t *print_interface(wit_printer_t *printer, const wit_scope_t *scope) {
    wit_printer_t inner = *printer;
    members_t members = {0};
    inner.scope = scope;
    inner.indent++;
    inner.any = false;
    weft_buf_printf(printer->out, " {\n");
    weft_error_t *error = sort_members(scope, &members);
    if (!error) error = print_members(&inner, scope, &members);
    weft_free(members.items);
    weft_wit_line(printer);
    weft_buf_printf(printer->out, "}\n");
    return error;
}

/* ---- the world ------------------------------------------------------------------------------ */

static weft_error_t *print_world_item(wit_printer_t *printer, const wit_world_item_t *item) {
    const char *verb = item->is_export ? "export " : "import ";
    if (!item->interface_) return print_func(printer, verb, &item->item);
    external_id(printer, item->item.written);
    weft_wit_line(printer);
    weft_buf_printf(printer->out, "%s", verb);
    if (item->by_name) {
        weft_wit_id(printer->out, item->item.name);
        weft_buf_printf(printer->out, ": ");
    }
    if (item->interface_->package) {
        weft_wit_path(printer->out, item->interface_);
        weft_buf_printf(printer->out, ";\n");
        return NULL;
    }
    weft_buf_printf(printer->out, "interface");
    return print_interface(printer, item->interface_);
}

typedef bool select_t(const wit_world_item_t *item);

static bool is_import_interface(const wit_world_item_t *item) {
    return !item->is_export && item->interface_;
}

static bool is_import_func(const wit_world_item_t *item) {
    return !item->is_export && !item->interface_;
}

static bool is_export(const wit_world_item_t *item) {
    return item->is_export;
}

static weft_error_t *print_world_items(wit_printer_t *printer, select_t *select, bool set_apart) {
    for (size_t i = 0; i < printer->wit->items.count; i++) {
        const wit_world_item_t *item = &printer->wit->items.items[i];
        if (!select(item)) continue;
        if (set_apart) new_item(printer);
        set_apart = false;
        printer->any = true;
        TRY(print_world_item(printer, item));
    }
    return NULL;
}

/* Methods whose resource the world does not declare have no place in WIT. */
static weft_error_t *print_strays(wit_printer_t *printer, const members_t *members) {
    for (size_t i = 0; i < members->count; i++) {
        if (weft_map_get(&printer->scope->type_names, members->items[i].resource)) continue;
        new_item(printer);
        printer->nameless = true;
        TRY(print_func(printer, "", members->items[i].func));
    }
    return NULL;
}

static weft_error_t *print_world_body(wit_printer_t *printer, const members_t *members) {
    TRY(print_world_items(printer, is_import_interface, false));
    TRY(print_types(printer, printer->scope, members));
    TRY(print_strays(printer, members));
    TRY(print_world_items(printer, is_import_func, false));
    TRY(print_world_items(printer, is_export, true));
    if (printer->scope->remarks.count && printer->any) weft_buf_printf(printer->out, "\n");
    remarks(printer, printer->scope);
    return NULL;
}

static weft_error_t *print_world(const wit_t *wit, buf_t *out) {
    wit_printer_t printer = {.wit = wit, .scope = wit->world, .out = out, .indent = 1};
    members_t members = {0};
    weft_buf_printf(out, "package root:component;\n\nworld root {\n");
    weft_error_t *error = sort_members(wit->world, &members);
    if (!error) error = print_world_body(&printer, &members);
    weft_free(members.items);
    weft_buf_printf(out, "}\n");
    return error;
}

/* ---- packages ------------------------------------------------------------------------------- */

static bool is_wanted(const wit_scope_t *scope, wit_wanted_t *wanted, void *context) {
    buf_t path = {0};
    if (!wanted) return true;
    weft_wit_path(&path, scope);
    bool yes = wanted(weft_buf_as_str(&path), context);
    weft_buf_free(&path);
    return yes;
}

static void open_package(const wit_package_t *package, buf_t *out) {
    if (out->len) weft_buf_printf(out, "\n");
    weft_buf_printf(out, "package %.*s", STR_ARG(package->name));
    if (package->version.len) weft_buf_printf(out, "@%.*s", STR_ARG(package->version));
    weft_buf_printf(out, " {\n");
}

static weft_error_t *print_package(const wit_t *wit, const wit_package_t *package,
                                   wit_wanted_t *wanted, void *context, buf_t *out, size_t *count) {
    wit_printer_t printer = {.wit = wit, .out = out, .indent = 1};
    bool is_open = false;
    for (size_t i = 0; i < package->interfaces.count; i++) {
        const wit_scope_t *scope = package->interfaces.items[i];
        if (!is_wanted(scope, wanted, context)) continue;
        if (!is_open) open_package(package, out);
        is_open = true;
        ++*count;
        new_item(&printer);
        weft_wit_line(&printer);
        weft_buf_printf(out, "interface ");
        weft_wit_id(out, scope->name);
        TRY(print_interface(&printer, scope));
    }
    if (is_open) weft_buf_printf(out, "}\n");
    return NULL;
}

weft_error_t *weft_wit_text(const wit_t *wit, wit_wanted_t *wanted, void *context, buf_t *out,
                            size_t *count) {
    *count = 0;
    if (!wanted) TRY(print_world(wit, out));
    for (size_t i = 0; i < wit->packages.count; i++)
        TRY(print_package(wit, wit->packages.items[i], wanted, context, out, count));
    TRY(weft_wit_check_size(out));
    return out->failed ? weft_error_oom() : NULL;
}
