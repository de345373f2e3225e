/* The core functions under and from canonical definitions (CanonicalABI.md, canon lift, canon lower and the
 * built-ins): their signatures, and that the options name memories and functions of the right types. */
#include "abi/validation.h"

/* ---- signatures ----------------------------------------------------------------------------- */

/* One letter for each value, parameters and results set apart by `>`: i i32, I i64, p the address type of the
 * memory, r the representation of the resource, s the type of the context slot. NULL: not told by a letter. */
static const char *signature(canon_op_t op) {
    switch (op) {
    case CANON_RESOURCE_NEW: return "r>i";
    case CANON_RESOURCE_REP: return "i>r";
    case CANON_CONTEXT_GET: return ">s";
    case CANON_CONTEXT_SET: return "s>";
    case CANON_STREAM_NEW:
    case CANON_FUTURE_NEW: return ">I";
    case CANON_STREAM_READ:
    case CANON_STREAM_WRITE: return "ipp>p";
    case CANON_FUTURE_READ:
    case CANON_FUTURE_WRITE:
    case CANON_WAITABLE_SET_WAIT:
    case CANON_WAITABLE_SET_POLL: return "ip>i";
    case CANON_ERROR_CONTEXT_NEW: return "pp>i";
    case CANON_ERROR_CONTEXT_DEBUG_MESSAGE: return "ip>";
    case CANON_RESOURCE_DROP:
    case CANON_SUBTASK_DROP:
    case CANON_STREAM_DROP_READABLE:
    case CANON_STREAM_DROP_WRITABLE:
    case CANON_FUTURE_DROP_READABLE:
    case CANON_FUTURE_DROP_WRITABLE:
    case CANON_ERROR_CONTEXT_DROP:
    case CANON_WAITABLE_SET_DROP:
    case CANON_THREAD_RESUME_LATER: return "i>";
    case CANON_SUBTASK_CANCEL:
    case CANON_STREAM_CANCEL_READ:
    case CANON_STREAM_CANCEL_WRITE:
    case CANON_FUTURE_CANCEL_READ:
    case CANON_FUTURE_CANCEL_WRITE:
    case CANON_THREAD_SUSPEND_THEN_RESUME:
    case CANON_THREAD_YIELD_THEN_RESUME:
    case CANON_THREAD_SUSPEND_THEN_PROMOTE:
    case CANON_THREAD_YIELD_THEN_PROMOTE: return "i>i";
    case CANON_WAITABLE_JOIN:
    case CANON_STREAM_FORWARD:
    case CANON_FUTURE_FORWARD: return "ii>";
    case CANON_TASK_CANCEL:
    case CANON_BACKPRESSURE_INC:
    case CANON_BACKPRESSURE_DEC: return ">";
    case CANON_THREAD_YIELD:
    case CANON_THREAD_INDEX:
    case CANON_THREAD_SUSPEND:
    case CANON_WAITABLE_SET_NEW:
    case CANON_THREAD_AVAILABLE_PARALLELISM: return ">i";
    default: return NULL;
    }
}

/* What the letters that are not fixed stand for. */
typedef struct letters {
    uint8_t address, rep, slot;
} letters_t;

static uint8_t value_of(char letter, const letters_t *letters) {
    switch (letter) {
    case 'I': return CORE_I64;
    case 'p': return letters->address;
    case 'r': return letters->rep;
    case 's': return letters->slot;
    default: return CORE_I32;
    }
}

static weft_error_t *make_sig(arena_t *arena, const char *text, const letters_t *letters,
                              core_sig_t *sig) {
    size_t len = strlen(text), params = (size_t)(strchr(text, '>') - text);
    uint8_t *values = ARENA_ARRAY(arena, uint8_t, len);
    if (!values) return weft_error_oom();
    for (size_t i = 0; i < len; i++) values[i] = value_of(text[i], letters);
    *sig =
        (core_sig_t){values, values + params + 1, (uint32_t)params, (uint32_t)(len - params - 1)};
    return NULL;
}

static weft_error_t *copy_sig(arena_t *arena, const abi_func_t *func, core_sig_t *sig) {
    core_sig_t made = weft_abi_core_sig(func);
    uint8_t *values = ARENA_ARRAY(arena, uint8_t, made.param_count + made.result_count);
    if (!values) return weft_error_oom();
    if (made.param_count) memcpy(values, made.params, made.param_count);
    if (made.result_count) memcpy(values + made.param_count, made.results, made.result_count);
    *sig = (core_sig_t){values, values + made.param_count, made.param_count, made.result_count};
    return NULL;
}

static void print_values(buf_t *out, const uint8_t *values, uint32_t count) {
    static const char *const words[] = {"v128", "f64", "f32", "i64", "i32"};
    weft_buf_byte(out, '(');
    for (uint32_t i = 0; i < count && i < 100; i++) {
        if (i) weft_buf_byte(out, ' ');
        if (values[i] >= CORE_V128 && values[i] <= CORE_I32)
            weft_buf_printf(out, "%s", words[values[i] - CORE_V128]);
        else weft_buf_printf(out, "ref");
    }
    weft_buf_byte(out, ')');
}

static weft_error_t *add_sig_note(weft_error_t *error, const char *words, core_sig_t sig) {
    buf_t text = {0};
    print_values(&text, sig.params, sig.param_count);
    weft_buf_printf(&text, " -> ");
    print_values(&text, sig.results, sig.result_count);
    error = weft_error_with_note(error, "%s %.*s", words, STR_ARG(weft_buf_as_str(&text)));
    weft_buf_free(&text);
    return error;
}

static weft_error_t *expect_sig(const char *what, core_sig_t wanted, const core_item_t *found) {
    core_item_t asked = {.kind = CORE_FUNC, .sig = wanted};
    if (!weft_core_item_mismatch(&asked, found)) return NULL;
    weft_error_t *error = weft_error_new(WEFT_INVALID, "%s has the wrong signature", what);
    error = add_sig_note(error, "it should be", wanted);
    return add_sig_note(error, "it is", found->sig);
}

/* ---- options -------------------------------------------------------------------------------- */

typedef struct options {
    const def_t *memory, *realloc, *post_return, *callback;
    bool is_async, gc;
    abi_t *abi; /* of the memory's address type */
} options_t;

/* A memory that values go through is not shared. */
static weft_error_t *memory_address(core_check_t *check, const def_t *memory, abi_t **abi) {
    const core_item_t *item;
    *abi = &check->abi32;
    if (!memory) return NULL;
    TRY(weft_check_item(check, memory, &item));
    if (item->size.shared)
        return weft_error_new(WEFT_INVALID,
                              "the memory of a canonical definition cannot be shared");
    if (item->size.is_64) *abi = &check->abi64;
    return NULL;
}

static weft_error_t *take_options(core_check_t *check, const canon_opts_t *opts,
                                  options_t *options) {
    for (uint32_t i = 0; i < opts->count; i++) {
        const canon_opt_t *opt = &opts->items[i];
        switch (opt->opt) {
        case OPT_MEMORY: options->memory = opt->def; break;
        case OPT_REALLOC: options->realloc = opt->def; break;
        case OPT_POST_RETURN: options->post_return = opt->def; break;
        case OPT_CALLBACK: options->callback = opt->def; break;
        case OPT_ASYNC: options->is_async = true; break;
        case OPT_GC: options->gc = true; break;
        default: break;
        }
    }
    return memory_address(check, options->memory, &options->abi);
}

static weft_error_t *expect_func(core_check_t *check, const def_t *func, const char *what,
                                 const char *text, uint8_t address) {
    letters_t letters = {.address = address};
    const core_item_t *item;
    core_sig_t sig;
    if (!func) return NULL;
    TRY(weft_check_item(check, func, &item));
    TRY(make_sig(&check->arena, text, &letters, &sig));
    return expect_sig(what, sig, item);
}

static weft_error_t *check_options(core_check_t *check, const options_t *options) {
    uint8_t address = (uint8_t)options->abi->address;
    TRY(expect_func(check, options->realloc, "the `realloc` function", "pppp>p", address));
    return expect_func(check, options->callback, "the `callback` function", "iii>i", address);
}

static weft_error_t *check_needs(const options_t *options, const abi_func_t *func) {
    if (func->needs_memory && !options->memory)
        return weft_error_new(WEFT_INVALID, "the canonical option `memory` is missing");
    if (func->needs_realloc && !options->realloc)
        return weft_error_new(WEFT_INVALID, "the canonical option `realloc` is missing");
    return NULL;
}

/* ---- lift, lower, task.return --------------------------------------------------------------- */

static weft_error_t *check_lift(core_check_t *check, const def_t *def, const options_t *options) {
    const entity_t *entity = def->typed;
    abi_options_t how = {options->is_async, options->callback != NULL};
    const core_item_t *core, *post_return;
    abi_func_t func;
    if (options->gc) return NULL;
    TRY(weft_check_item(check, def->canon.func, &core));
    TRY(weft_abi_lift(options->abi, entity->type.type->func.type, how, &func));
    TRY(check_needs(options, &func));
    TRY(expect_sig("the core function that is lifted", weft_abi_core_sig(&func), core));
    if (!options->post_return) return NULL;
    TRY(weft_check_item(check, options->post_return, &post_return));
    core_sig_t sig = {func.core_results, NULL, func.core_result_count, 0};
    return expect_sig("the `post-return` function", sig, post_return);
}

static weft_error_t *check_lower(core_check_t *check, const def_t *def, const options_t *options,
                                 core_item_t *item) {
    const entity_t *entity = def->canon.func->typed;
    abi_options_t how = {options->is_async, false};
    abi_func_t func;
    if (options->gc) {
        *item = weft_core_unknown;
        return NULL;
    }
    TRY(weft_abi_lower(options->abi, entity->type.type->func.type, how, &func));
    TRY(check_needs(options, &func));
    return copy_sig(&check->arena, &func, &item->sig);
}

static weft_error_t *check_task_return(core_check_t *check, const def_t *def,
                                       const options_t *options, core_item_t *item) {
    const type_t *result = NULL;
    const ctype_t *type;
    abi_func_t func;
    if (options->gc) {
        *item = weft_core_unknown;
        return NULL;
    }
    if (def->canon.has_result)
        TRY(weft_entity_valtype(check->pool, def, def->canon.result, &result, &type));
    TRY(weft_abi_task_return(options->abi, result, &func));
    if (func.needs_memory && !options->memory)
        return weft_error_new(WEFT_INVALID, "the canonical option `memory` is missing");
    return copy_sig(&check->arena, &func, &item->sig);
}

/* ---- built-ins ------------------------------------------------------------------------------ */

static const def_t *table_or_memory(const def_t *def) {
    return def->canon.memory;
}

/* (table index, closure) -> thread */
static weft_error_t *check_new_thread(core_check_t *check, const def_t *def, core_item_t *item) {
    const def_t *type = weft_def_origin(def->canon.type);
    const core_item_t *table;
    uint8_t *values = ARENA_ARRAY(&check->arena, uint8_t, 3);
    if (!values) return weft_error_oom();
    TRY(weft_check_item(check, table_or_memory(def), &table));
    if (type->kind != DEF_CORE_TYPE || type->core_func.param_count != 1 ||
        type->core_func.result_count != 0)
        return weft_error_new(WEFT_INVALID,
                              "a thread starts in a core function of one parameter and no result");
    values[0] = table->size.is_64 ? CORE_I64 : CORE_I32;
    values[1] = type->core_func.params[0].code;
    values[2] = CORE_I32;
    if (values[1] != CORE_I32 && values[1] != CORE_I64)
        return weft_error_new(WEFT_INVALID, "a thread starts with an i32 or an i64");
    if (table->value != CORE_FUNCREF)
        return weft_error_new(WEFT_INVALID, "a thread starts from a table of functions");
    item->sig = (core_sig_t){values, values + 2, 2, 1};
    return NULL;
}

static weft_error_t *check_builtin(core_check_t *check, const def_t *def, const options_t *options,
                                   core_item_t *item) {
    const char *text = signature(def->canon.op);
    letters_t letters = {(uint8_t)options->abi->address, CORE_I32, def->canon.slot_type};
    bool waits =
        def->canon.op == CANON_WAITABLE_SET_WAIT || def->canon.op == CANON_WAITABLE_SET_POLL;
    if (def->canon.op == CANON_THREAD_NEW_INDIRECT) return check_new_thread(check, def, item);
    if (!text || options->gc) {
        *item = weft_core_unknown;
        return NULL;
    }
    if (waits) {
        abi_t *abi;
        TRY(memory_address(check, table_or_memory(def), &abi));
        letters.address = (uint8_t)abi->address;
    }
    if (def->canon.op == CANON_RESOURCE_NEW || def->canon.op == CANON_RESOURCE_REP) {
        const entity_t *entity = def->canon.type->typed;
        const def_t *owner = entity->type.type->resource->owner;
        letters.rep = owner->type.rep;
    }
    return make_sig(&check->arena, text, &letters, &item->sig);
}

weft_error_t *weft_check_canon(core_check_t *check, const def_t *def, bool *makes,
                               core_item_t *item) {
    options_t options = {0};
    *item = (core_item_t){.kind = CORE_FUNC};
    *makes = def->canon.op != CANON_LIFT;
    TRY(take_options(check, &def->canon.opts, &options));
    TRY(check_options(check, &options));
    switch (def->canon.op) {
    case CANON_LIFT: return check_lift(check, def, &options);
    case CANON_LOWER: return check_lower(check, def, &options, item);
    case CANON_TASK_RETURN: return check_task_return(check, def, &options, item);
    default: return check_builtin(check, def, &options, item);
    }
}

weft_error_t *weft_check_destructor(core_check_t *check, const def_t *def) {
    letters_t letters = {.rep = def->type.rep};
    const core_item_t *item;
    core_sig_t sig;
    TRY(weft_check_item(check, def->type.dtor, &item));
    TRY(make_sig(&check->arena, "r>", &letters, &sig));
    return expect_sig("the destructor", sig, item);
}
