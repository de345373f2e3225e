/* `weft call`: calls functions of a component from the shell. All calls of one command line are made in one
 * instance, in order, so that one can see what another did. */
#ifdef WEFT_HAVE_RUNTIME

#include <limits.h>
#include <stdio.h>

#include "cli/guest.h"
#include "cli/input.h"
#include "cli/progress.h"
#include "runtime/plugin.h"
#include "support/alloc.h"
#include "value/call_text.h"
#include "value/json.h"

typedef struct call {
    call_text_t text;
    weft_func_t *func;
    weft_value_t bound; /* what a `$name = ` call gave */
    bool is_bound;
} call_t;

typedef struct session {
    bool json;
    input_t input;
    weft_engine_t *engine;
    weft_plugin_t *plugin;
    call_t *calls;
    size_t count;
} session_t;

/* ---- handles ---------------------------------------------------------------------------------- */

static weft_error_t *find_handle(void *context, weft_str_t name, const type_t *type,
                                 weft_value_t *value) {
    const session_t *session = context;
    (void)type;
    for (size_t i = session->count; i-- > 0;) {
        const call_t *call = &session->calls[i];
        if (call->is_bound && weft_str_eq(call->text.bind, name))
            return weft_value_copy(&call->bound, value);
    }
    return weft_error_new(WEFT_NOT_FOUND, "no call before this one binds `$%.*s`", STR_ARG(name));
}

/* Keeps a call's result under its name: a handle, or the handle in an option or result. */
static weft_error_t *bind(call_t *call, const type_t *type, weft_value_t *result) {
    const weft_value_t *handle = result;
    while ((handle->kind == WEFT_OPTION || handle->kind == WEFT_RESULT) && handle->of.payload)
        handle = handle->of.payload;
    bool is_error = result->kind == WEFT_RESULT && result->index;
    if (handle->kind == WEFT_RESOURCE && !is_error) {
        TRY(weft_value_copy(handle, &call->bound));
        call->is_bound = true;
        return NULL;
    }
    buf_t text = {0};
    weft_wave_write(&text, type, result);
    weft_str_t str = weft_buf_as_str(&text);
    weft_error_t *error = weft_call_text_error(&call->text, WEFT_MISMATCH,
                                               "the result for `$%.*s` is no handle but %.*s",
                                               STR_ARG(call->text.bind), STR_ARG(str));
    weft_buf_free(&text);
    return error;
}

/* ---- one call --------------------------------------------------------------------------------- */

static weft_error_t *print(const session_t *session, const type_t *type,
                           const weft_value_t *result) {
    buf_t text = {0};
    if (session->json) weft_json_write(&text, type, result);
    else weft_wave_write(&text, type, result);
    weft_buf_byte(&text, '\n');
    weft_error_t *error = text.failed ? weft_error_oom() : NULL;
    if (!error) fwrite(text.data, 1, text.len, stdout);
    weft_buf_free(&text);
    fflush(stdout); /* the guest writes to the same descriptor */
    return error;
}

static weft_error_t *take_result(const session_t *session, call_t *call, weft_value_t *result) {
    const type_t *type = weft_func_type(call->func)->result;
    if (!type) {
        if (!call->text.bind.len) return NULL;
        return weft_call_text_error(&call->text, WEFT_MISMATCH, "the function has no result");
    }
    return call->text.bind.len ? bind(call, type, result) : print(session, type, result);
}

/* Errors about what was typed have the call as their file, others the component. */
static weft_error_t *in_call(weft_error_t *error) {
    return weft_error_with_file(error, STR_LIT("<call>"));
}

static weft_error_t *make_call(session_t *session, call_t *call) {
    value_vec_t args = {0};
    weft_value_t result = weft_bool(false);
    const func_type_t *type = weft_func_type(call->func);
    wave_handles_t handles = {find_handle, session};
    weft_error_t *error = weft_call_args_read(&call->text, type, &handles, session->json, &args);
    if (error) return in_call(error);
    error = weft_func_call(call->func, args.items, args.count, &result,
                           weft_func_result_count(call->func));
    weft_value_vec_free(&args);
    if (error) return weft_input_error(&session->input, error);
    error = in_call(take_result(session, call, &result));
    weft_value_clear(&result);
    return error;
}

/* ---- all calls -------------------------------------------------------------------------------- */

/* Every call's function is found before the first one is made. */
static weft_error_t *prepare(session_t *session, const invocation_t *invocation) {
    session->count = invocation->operands.count - 1;
    session->calls = weft_alloc_zero(session->count, sizeof *session->calls);
    if (!session->calls) {
        session->count = 0;
        return weft_error_oom();
    }
    for (size_t i = 0; i < session->count; i++) {
        call_t *call = &session->calls[i];
        weft_error_t *error =
            weft_call_text_read(weft_str(invocation->operands.items[i + 1]), &call->text);
        if (error) return in_call(error);
        func_query_t query = {!call->text.has_hash, call->text.interface, call->text.func};
        error = weft_plugin_query(session->plugin, &query, &call->func);
        if (error) return weft_input_error(&session->input, error);
    }
    return NULL;
}

static weft_error_t *load(session_t *session, const invocation_t *invocation) {
    const char *path = invocation->operands.items[0];
    guest_t guest;
    TRY(weft_input_open(path, &session->input));
    TRY(weft_guest_read(invocation, path, &guest));
    progress_t *progress = weft_progress_begin(invocation, "compiling");
    weft_error_t *error = weft_guest_engine(invocation, &session->engine);
    if (!error)
        error = weft_plugin_read(session->engine, session->input.bytes, &guest.options,
                                 &session->plugin);
    weft_progress_end(progress);
    weft_guest_free(&guest);
    if (!error) weft_guest_explain(invocation, session->plugin);
    return weft_input_error(&session->input, error);
}

static weft_error_t *run_session(session_t *session, const invocation_t *invocation) {
    TRY(load(session, invocation));
    TRY(prepare(session, invocation));
    for (size_t i = 0; i < session->count; i++) TRY(make_call(session, &session->calls[i]));
    return NULL;
}

static weft_error_t *run(invocation_t *invocation) {
    session_t session = {.json = weft_option_given(invocation, "json")};
    weft_error_t *error = run_session(&session, invocation);
    for (size_t i = 0; i < session.count; i++) weft_value_clear(&session.calls[i].bound);
    weft_free(session.calls);
    weft_plugin_delete(session.plugin);
    weft_engine_delete(session.engine);
    weft_input_close(&session.input);
    return error;
}

const command_t weft_cmd_call = {
    .name = "call",
    .summary = "Call functions of a component",
    .description =
        "Instantiates the component IN and calls the functions that each CALL names, in order, in "
        "that one instance. Results are printed on stdout, one line each.\n\n"
        "A CALL is 'ns:pkg/iface@1.0.0#func(arg, ...)'. Package and version may be left out "
        "where one interface fits; a function at the component's root is '#func(...)'; a method is "
        "'iface#resource.method($handle, ...)'. '$handle = iface#resource(...)' keeps a "
        "constructor's result for later calls. Arguments and results are WAVE text, or JSON "
        "with --json.",
    .operands =
        (const operand_t[]){
            {.name = "IN", .min = 1, .max = 1, .complete = COMPLETE_WASM, .help = "The component"},
            {.name = "CALL", .min = 1, .max = UINT_MAX, .help = "What to call, and with what"},
            {0},
        },
    .options =
        (const option_t[]){
            {.name = "json", .help = "Read arguments and print results as JSON"},
            OPTIONS_GUEST,
            {0},
        },
    .rest = "ARG",
    .examples = "  weft call app.wasm 'my:app/orders@1.0.0#get(\"a-17\", {limit: 3})'\n"
                "  weft call app.wasm '$cart = shop#cart()' 'shop#cart.add($cart, \"tea\")'\n",
    .run = run,
};

#else
typedef int weft_call_needs_the_runtime_t;
#endif
