/* Canonical definitions at the component level: the kinds of types they are about, and which options go together
 * (Binary.md, Canonical Definitions; CanonicalABI.md). */
#include "component/validate/validation.h"

/* Options, one by one. */
typedef struct options {
    bool has[OPT_GC + 1];
    bool has_encoding;
} options_t;

static weft_error_t *take_options(const canon_opts_t *opts, options_t *options) {
    for (uint32_t i = 0; i < opts->count; i++) {
        opt_t opt = opts->items[i].opt;
        bool is_encoding = opt <= OPT_LATIN1_UTF16;
        if (options->has[opt] || (is_encoding && options->has_encoding))
            return weft_error_new(WEFT_INVALID, is_encoding ? "two string encodings are given"
                                                            : "a canonical option is given twice");
        options->has[opt] = true;
        options->has_encoding |= is_encoding;
    }
    return NULL;
}

static weft_error_t *combined(const options_t *options) {
    const bool *has = options->has;
    const char *why = NULL;
    if (has[OPT_CALLBACK] && !has[OPT_ASYNC]) why = "`callback` goes with `async` only";
    else if (has[OPT_POST_RETURN] && has[OPT_ASYNC]) why = "`post-return` does not go with `async`";
    else if (has[OPT_REALLOC] && !has[OPT_MEMORY]) why = "`realloc` needs `memory`";
    else if (has[OPT_CORE_TYPE] && !has[OPT_GC]) why = "`core-type` goes with `gc` only";
    return why ? weft_error_new(WEFT_INVALID, "%s", why) : NULL;
}

static weft_error_t *like_lower(const options_t *options) {
    const bool *has = options->has;
    const char *why = NULL;
    if (has[OPT_POST_RETURN]) why = "`post-return` is an option of lift only";
    else if (has[OPT_CALLBACK]) why = "`callback` is an option of lift only";
    else if (has[OPT_GC] && !has[OPT_CORE_TYPE]) why = "`gc` needs `core-type` here";
    return why ? weft_error_new(WEFT_INVALID, "%s", why) : NULL;
}

static weft_error_t *need(const options_t *options, opt_t opt) {
    if (options->has[opt]) return NULL;
    return weft_error_new(WEFT_INVALID, "the canonical option `%s` is missing",
                          opt == OPT_MEMORY ? "memory" : "realloc");
}

static weft_error_t *refuse_async(const options_t *options, canon_op_t op) {
    if (!options->has[OPT_ASYNC]) return NULL;
    return weft_error_new(WEFT_INVALID, "`async` is no option of %s", weft_canon_words(op));
}

static weft_error_t *async_type(const options_t *options, const func_type_t *func) {
    if (!options->has[OPT_ASYNC] || func->is_async) return NULL;
    return weft_error_new(WEFT_INVALID, "`async` needs the type of an async function");
}

/* ---- by operation --------------------------------------------------------------------------- */

static weft_error_t *validate_lift(const def_t *def, const options_t *options) {
    const entity_t *entity = def->typed;
    if (options->has[OPT_CORE_TYPE])
        return weft_error_new(WEFT_INVALID, "`core-type` is no option of lift");
    return async_type(options, entity->type.type->func.type);
}

static weft_error_t *validate_lower(const def_t *def, const options_t *options) {
    const entity_t *entity;
    TRY(like_lower(options));
    TRY(weft_entity_ref(def, def->canon.func, &entity));
    return async_type(options, entity->type.type->func.type);
}

static weft_error_t *validate_task_return(const validation_t *validation, const def_t *def,
                                          const options_t *options) {
    const type_t *result = NULL;
    const ctype_t *type;
    if (def->canon.has_result)
        TRY(weft_entity_valtype(validation->pool, def, def->canon.result, &result, &type));
    if (result && result->has_borrow)
        return weft_error_new(WEFT_INVALID, "task.return cannot return a borrow");
    if (options->has[OPT_REALLOC])
        return weft_error_new(WEFT_INVALID, "`realloc` is no option of task.return");
    TRY(like_lower(options));
    return refuse_async(options, def->canon.op);
}

/* A resource type; for `new` and `rep` one that this very component defines. */
static weft_error_t *validate_resource_op(const validation_t *validation, const def_t *def) {
    const ctype_t *type;
    TRY(weft_entity_ctype(def, def->canon.type, CTYPE_RESOURCE, &type));
    if (def->canon.op == CANON_RESOURCE_DROP) return NULL;
    const def_t *owner = type->resource->owner;
    if (owner && owner->kind == DEF_TYPE && owner->scope == validation->scope) return NULL;
    return weft_error_new(WEFT_INVALID, "%s is for resources that the component itself defines",
                          weft_canon_words(def->canon.op));
}

static weft_error_t *payload_type(const def_t *def, type_kind_t kind, const type_t **element) {
    const ctype_t *type;
    TRY(weft_entity_ctype(def, def->canon.type, CTYPE_VALUE, &type));
    if (type->value.type->kind != kind)
        return weft_error_new(WEFT_INVALID, "%s is for a %s type", weft_canon_words(def->canon.op),
                              kind == TYPE_STREAM ? "stream" : "future");
    *element = type->value.type->element;
    return NULL;
}

static bool has_pointer(const type_t *type) {
    return type->has_string || type->has_list;
}

static weft_error_t *validate_copy(const def_t *def, const options_t *options, type_kind_t kind,
                                   bool is_read) {
    const type_t *element;
    TRY(payload_type(def, kind, &element));
    if (element) TRY(need(options, OPT_MEMORY));
    if (element && is_read && has_pointer(element)) TRY(need(options, OPT_REALLOC));
    return like_lower(options);
}

static weft_error_t *validate_error_context(const def_t *def, const options_t *options) {
    TRY(need(options, OPT_MEMORY));
    if (def->canon.op == CANON_ERROR_CONTEXT_DEBUG_MESSAGE) TRY(need(options, OPT_REALLOC));
    TRY(refuse_async(options, def->canon.op));
    return like_lower(options);
}

static weft_error_t *validate_context(validation_t *validation, const def_t *def) {
    uint8_t type = def->canon.slot_type;
    if (type != 0x7f && type != 0x7e)
        return weft_error_new(WEFT_INVALID, "a context slot is an i32 or an i64");
    if (def->canon.slot > 1) return weft_error_new(WEFT_INVALID, "there are two context slots");
    if (validation->context_type && validation->context_type != type)
        return weft_error_new(WEFT_INVALID, "the context slots of a component have one type");
    validation->context_type = type;
    return NULL;
}

weft_error_t *weft_validate_canon(validation_t *validation, const def_t *def) {
    options_t options = {0};
    const type_t *element;
    TRY(take_options(&def->canon.opts, &options));
    TRY(combined(&options));
    switch (def->canon.op) {
    case CANON_LIFT: return validate_lift(def, &options);
    case CANON_LOWER: return validate_lower(def, &options);
    case CANON_TASK_RETURN: return validate_task_return(validation, def, &options);
    case CANON_RESOURCE_NEW:
    case CANON_RESOURCE_REP:
    case CANON_RESOURCE_DROP: return validate_resource_op(validation, def);
    case CANON_STREAM_READ: return validate_copy(def, &options, TYPE_STREAM, true);
    case CANON_STREAM_WRITE: return validate_copy(def, &options, TYPE_STREAM, false);
    case CANON_FUTURE_READ: return validate_copy(def, &options, TYPE_FUTURE, true);
    case CANON_FUTURE_WRITE: return validate_copy(def, &options, TYPE_FUTURE, false);
    case CANON_STREAM_NEW:
    case CANON_STREAM_FORWARD:
    case CANON_STREAM_CANCEL_READ:
    case CANON_STREAM_CANCEL_WRITE:
    case CANON_STREAM_DROP_READABLE:
    case CANON_STREAM_DROP_WRITABLE: return payload_type(def, TYPE_STREAM, &element);
    case CANON_FUTURE_NEW:
    case CANON_FUTURE_FORWARD:
    case CANON_FUTURE_CANCEL_READ:
    case CANON_FUTURE_CANCEL_WRITE:
    case CANON_FUTURE_DROP_READABLE:
    case CANON_FUTURE_DROP_WRITABLE: return payload_type(def, TYPE_FUTURE, &element);
    case CANON_ERROR_CONTEXT_NEW:
    case CANON_ERROR_CONTEXT_DEBUG_MESSAGE: return validate_error_context(def, &options);
    case CANON_CONTEXT_GET:
    case CANON_CONTEXT_SET: return validate_context(validation, def);
    default: return NULL;
    }
}
