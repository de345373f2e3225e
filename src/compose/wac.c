/* The composition as a WAC document, from which `wac compose` makes an equivalent component.
 *
 *   // wac compose this.wac -o out.wasm --dep weft:store=store.wasm --dep weft:front=front.wasm
 *   package weft:composition;
 *   let store = new weft:store { ... };
 *   let front = new weft:front { "shop:store/stock@1.0.0": store["shop:store/stock@1.0.0"], ... };
 *   export front["shop:front/app@1.0.0"]; */
#include "compose/compose.h"

/* WAC's identifiers are in kebab case: words of lower-case letters and digits that begin with a letter. */
static bool is_identifier(weft_str_t name) {
    bool fresh = true;
    for (size_t i = 0; i < name.len; i++) {
        char c = name.ptr[i];
        bool letter = c >= 'a' && c <= 'z', digit = c >= '0' && c <= '9';
        if (fresh ? !letter : !letter && !digit && c != '-') return false;
        fresh = c == '-';
    }
    return name.len && !fresh;
}

/* Words that WAC keeps for itself. */
static bool is_keyword(weft_str_t name) {
    static const char *const words[] = {
        "import",   "with",    "type",   "tuple",   "list",   "option",    "result",  "borrow",
        "resource", "variant", "record", "flags",   "enum",   "func",      "static",  "constructor",
        "u8",       "s8",      "u16",    "s16",     "u32",    "s32",       "u64",     "s64",
        "f32",      "f64",     "char",   "bool",    "string", "interface", "world",   "export",
        "new",      "let",     "use",    "include", "as",     "package",   "targets",
    };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (weft_str_eq(name, weft_str(words[i]))) return true;
    return false;
}

static void put_name(buf_t *out, const compose_t *compose, const unit_t *unit) {
    if (is_identifier(unit->name) && !is_keyword(unit->name)) weft_buf_str(out, unit->name);
    else weft_buf_printf(out, "node%zu", (size_t)(unit - compose->units));
}

static void put_offer(buf_t *out, const compose_t *compose, const offer_t *offer) {
    put_name(out, compose, offer->unit);
    weft_buf_printf(out, "[\"%.*s\"]", STR_ARG(offer->name));
}

static void put_unit(buf_t *out, const compose_t *compose, const unit_t *unit) {
    bool left_over = false;
    weft_buf_printf(out, "let ");
    put_name(out, compose, unit);
    weft_buf_printf(out, " = new weft:");
    put_name(out, compose, unit);
    weft_buf_printf(out, " {");
    const char *separator = "";
    for (uint32_t i = 0; i < unit->want_count; i++) {
        const want_t *want = &unit->wants[i];
        left_over |= !want->offer;
        if (!want->offer) continue;
        weft_buf_printf(out, "%s\n    \"%.*s\": ", separator, STR_ARG(want->name));
        put_offer(out, compose, want->offer);
        separator = ",";
    }
    /* the imports that are not named stay imports */
    if (left_over) weft_buf_printf(out, "%s\n    ...", separator);
    weft_buf_printf(out, unit->want_count ? "\n};\n" : "};\n");
}

weft_error_t *weft_compose_wac(const compose_t *compose, buf_t *out) {
    weft_buf_printf(out, "// wac compose this.wac -o out.wasm");
    for (size_t i = 0; i < compose->unit_count; i++) {
        weft_buf_printf(out, " --dep weft:");
        put_name(out, compose, &compose->units[i]);
        weft_buf_printf(out, "=%.*s", STR_ARG(compose->units[i].path));
    }
    weft_buf_printf(out, "\npackage weft:composition;\n\n");
    for (size_t i = 0; i < compose->order.count; i++)
        put_unit(out, compose, compose->order.items[i]);
    weft_buf_byte(out, '\n');
    for (size_t i = 0; i < compose->exports.count; i++) {
        weft_buf_printf(out, "export ");
        put_offer(out, compose, compose->exports.items[i]);
        weft_buf_printf(out, ";\n");
    }
    return out->failed ? weft_error_oom() : NULL;
}
