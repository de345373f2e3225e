/* The types: what each unit is given must be what it asks for. */
#include "component/types/subtype.h"
#include "component/types/typing.h"
#include "compose/compose.h"

/* ---- words ---------------------------------------------------------------------------------- */

/* Who stands behind what a want is given: its provider, or the other units for which the result imports the
 * same. NUL-terminated. */
static void put_giver(buf_t *out, const compose_t *compose, const want_t *want) {
    if (want->offer) weft_buf_printf(out, "'%.*s'", STR_ARG(want->offer->unit->name));
    for (size_t i = 0; i < compose->unit_count && !want->offer; i++) {
        const unit_t *unit = &compose->units[i];
        for (uint32_t k = 0; k < unit->want_count; k++) {
            const want_t *other = &unit->wants[k];
            if (other == want || other->leftover != want->leftover) continue;
            weft_buf_printf(out, "%s'%.*s'", out->len ? ", " : "", STR_ARG(unit->name));
            break;
        }
    }
    if (!out->len) weft_buf_printf(out, "the host");
    weft_buf_byte(out, 0);
}

/* What the reader needs to know besides where the types differ. */
static weft_error_t *explain(const compose_t *compose, const want_t *want, weft_error_t *error) {
    if (weft_error_code(error) != WEFT_MISMATCH) return error;
    weft_str_t unit = want->unit->name;
    if (want->offer)
        return weft_error_with_note(error, "'%.*s' imports '%.*s', '%.*s' exports '%.*s'",
                                    STR_ARG(unit), STR_ARG(want->name),
                                    STR_ARG(want->offer->unit->name), STR_ARG(want->offer->name));
    error = weft_error_with_note(error, "'%.*s' imports '%.*s', which no component exports",
                                 STR_ARG(unit), STR_ARG(want->name));
    for (size_t i = 0; i < compose->leftovers.count; i++) {
        const leftover_t *left = compose->leftovers.items[i];
        if (left->full) continue;
        error = weft_error_with_note(error,
                                     "the types that left-over imports use are the host's, also "
                                     "those of '%.*s', which a component exports",
                                     STR_ARG(left->name->name));
    }
    return error;
}

/* ---- one unit ------------------------------------------------------------------------------- */

typedef struct check {
    compose_t *compose;
    type_pool_t *pool;
    match_t match;
    extern_type_t component;
} check_t;

static weft_error_t *given_type(check_t *check, const want_t *want, extern_type_t *type) {
    return weft_typing_def(check->pool, want->offer ? want->offer->alias : want->leftover->import,
                           type);
}

static weft_error_t *bind_want(check_t *check, const want_t *want) {
    const ctype_t *component = check->component.type;
    const extern_item_t *item = weft_extern_find(&component->component.imports, want->name);
    extern_type_t given;
    TRY(given_type(check, want, &given));
    return weft_match_bind(&check->match, component->component.imported, &item->type, &given);
}

static weft_error_t *check_want(check_t *check, const want_t *want) {
    const extern_item_t *item =
        weft_extern_find(&check->component.type->component.imports, want->name);
    extern_type_t given;
    buf_t asker = {0}, giver = {0};
    TRY(given_type(check, want, &given));
    weft_buf_printf(&asker, "'%.*s'", STR_ARG(want->unit->name));
    weft_buf_byte(&asker, 0);
    put_giver(&giver, check->compose, want);
    if (!asker.failed && !giver.failed) {
        check->match.asked_words = (const char *)asker.data;
        check->match.given_words = (const char *)giver.data;
    }
    weft_error_t *error = weft_match_check(&check->match, want->name, &item->type, &given);
    weft_buf_free(&asker);
    weft_buf_free(&giver);
    return explain(check->compose, want, error);
}

static weft_error_t *check_wants(check_t *check, const unit_t *unit) {
    weft_error_t *errors = NULL;
    for (uint32_t i = 0; i < unit->want_count; i++) TRY(bind_want(check, &unit->wants[i]));
    for (uint32_t i = 0; i < unit->want_count; i++)
        errors = weft_error_join(errors, check_want(check, &unit->wants[i]));
    return errors;
}

static weft_error_t *check_unit(compose_t *compose, unit_t *unit) {
    check_t check = {.compose = compose, .pool = compose->pool};
    weft_error_t *error = weft_typing_def(compose->pool, unit->component, &check.component);
    if (error) return weft_error_with_file(error, unit->path);
    weft_match_init(&check.match, compose->pool);
    error = check_wants(&check, unit);
    weft_match_free(&check.match);
    return error;
}

/* ---- all ------------------------------------------------------------------------------------ */

weft_error_t *weft_compose_check(compose_t *compose) {
    TRY(weft_type_pool_new(&compose->pool));
    /* a mismatch makes the types of what comes after it unknown: one unit's errors at a time */
    for (size_t i = 0; i < compose->order.count; i++)
        TRY(check_unit(compose, compose->order.items[i]));
    return NULL;
}

/* What is wrong now is weft's fault. */
weft_error_t *weft_compose_check_result(compose_t *compose) {
    const ctype_t *type;
    weft_error_t *error = weft_typing_scope(compose->pool, compose->document->root, &type);
    weft_code_t code = weft_error_code(error);
    if (code != WEFT_INVALID && code != WEFT_MISMATCH) return error;
    weft_error_t *internal = weft_error_new(WEFT_INTERNAL, "the composition would not be valid");
    internal = weft_error_with_note(internal, "%.*s", STR_ARG(weft_error_message(error)));
    weft_error_delete(error);
    return internal;
}
