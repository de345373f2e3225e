/* Waiting that can be ended.
 *
 * Wasmtime's functions that wait see neither deadlines nor that they are cancelled. But wasi:io/poll.poll waits for any of
 * several things, one of which may be a timer: so what waits is done as what WASI says it is (subscribe, poll, then the
 * function that does not wait), with a timer added. The functions for that come from a second proxy: the plugin
 * need not import them. */
#include "weave/proxy/proxy.h"

#include "runtime/guard.h"
#include "runtime/wasi/inside.h"

/* How long a wait goes on before it is asked again whether it may. */
#define SLICE_NS UINT64_C(10000000)

/* What blocking writes take at most; more is an error, which the function itself tells. */
enum { WRITE_MAX = 4096 };

/* ---- the functions ---------------------------------------------------------------------------- */

static const char imports[] =
    "(component"
    " (import \"wasi:io/error@0.2.0\" (instance $error (export \"error\" (type (sub resource)))))"
    " (alias export $error \"error\" (type $error))"
    " (import \"wasi:io/poll@0.2.0\" (instance $poll"
    "  (export \"pollable\" (type $p (sub resource)))"
    "  (export \"poll\" (func (param \"in\" (list (borrow $p))) (result (list u32))))))"
    " (alias export $poll \"pollable\" (type $pollable))"
    " (import \"wasi:io/streams@0.2.0\" (instance"
    "  (alias outer 1 $error (type $e0))"
    "  (export \"error\" (type $e (eq $e0)))"
    "  (alias outer 1 $pollable (type $p0))"
    "  (export \"pollable\" (type $p (eq $p0)))"
    "  (type $se0 (variant (case \"last-operation-failed\" (own $e)) (case \"closed\")))"
    "  (export \"stream-error\" (type $se (eq $se0)))"
    "  (export \"input-stream\" (type $in (sub resource)))"
    "  (export \"output-stream\" (type $out (sub resource)))"
    "  (export \"[method]input-stream.subscribe\" (func (param \"self\" (borrow $in))"
    "   (result (own $p))))"
    "  (export \"[method]input-stream.read\" (func (param \"self\" (borrow $in))"
    "   (param \"len\" u64) (result (result (list u8) (error $se)))))"
    "  (export \"[method]input-stream.skip\" (func (param \"self\" (borrow $in))"
    "   (param \"len\" u64) (result (result u64 (error $se)))))"
    "  (export \"[method]output-stream.subscribe\" (func (param \"self\" (borrow $out))"
    "   (result (own $p))))"
    "  (export \"[method]output-stream.check-write\" (func (param \"self\" (borrow $out))"
    "   (result (result u64 (error $se)))))"
    "  (export \"[method]output-stream.write\" (func (param \"self\" (borrow $out))"
    "   (param \"contents\" (list u8)) (result (result (error $se)))))"
    "  (export \"[method]output-stream.write-zeroes\" (func (param \"self\" (borrow $out))"
    "   (param \"len\" u64) (result (result (error $se)))))"
    "  (export \"[method]output-stream.flush\" (func (param \"self\" (borrow $out))"
    "   (result (result (error $se)))))"
    "  (export \"[method]output-stream.splice\" (func (param \"self\" (borrow $out))"
    "   (param \"src\" (borrow $in)) (param \"len\" u64) (result (result u64 (error $se)))))))"
    " (import \"wasi:clocks/monotonic-clock@0.2.0\" (instance"
    "  (alias outer 1 $pollable (type $p0))"
    "  (export \"pollable\" (type $p (eq $p0)))"
    "  (export \"subscribe-duration\" (func (param \"when\" u64) (result (own $p)))))))";

static const struct {
    const char *interface, *name;
} aid_names[AID_COUNT] = {
    [AID_POLL] = {"wasi:io/poll@0.2.0", "poll"},
    [AID_TIMER] = {"wasi:clocks/monotonic-clock@0.2.0", "subscribe-duration"},
    [AID_IN_SUBSCRIBE] = {"wasi:io/streams@0.2.0", "[method]input-stream.subscribe"},
    [AID_READ] = {"wasi:io/streams@0.2.0", "[method]input-stream.read"},
    [AID_SKIP] = {"wasi:io/streams@0.2.0", "[method]input-stream.skip"},
    [AID_OUT_SUBSCRIBE] = {"wasi:io/streams@0.2.0", "[method]output-stream.subscribe"},
    [AID_CHECK_WRITE] = {"wasi:io/streams@0.2.0", "[method]output-stream.check-write"},
    [AID_WRITE] = {"wasi:io/streams@0.2.0", "[method]output-stream.write"},
    [AID_WRITE_ZEROES] = {"wasi:io/streams@0.2.0", "[method]output-stream.write-zeroes"},
    [AID_FLUSH] = {"wasi:io/streams@0.2.0", "[method]output-stream.flush"},
    [AID_SPLICE] = {"wasi:io/streams@0.2.0", "[method]output-stream.splice"},
};

static const struct {
    const char *interface, *name;
    wasi_wait_t wait;
} waiting[] = {
    {"wasi:io/poll@0.2.", "poll", WAIT_POLL},
    {"wasi:io/poll@0.2.", "[method]pollable.block", WAIT_BLOCK},
    {"wasi:io/streams@0.2.", "[method]input-stream.blocking-read", WAIT_READ},
    {"wasi:io/streams@0.2.", "[method]input-stream.blocking-skip", WAIT_SKIP},
    {"wasi:io/streams@0.2.", "[method]output-stream.blocking-write-and-flush", WAIT_WRITE},
    {"wasi:io/streams@0.2.", "[method]output-stream.blocking-write-zeroes-and-flush",
     WAIT_WRITE_ZEROES},
    {"wasi:io/streams@0.2.", "[method]output-stream.blocking-flush", WAIT_FLUSH},
    {"wasi:io/streams@0.2.", "[method]output-stream.blocking-splice", WAIT_SPLICE},
};

wasi_wait_t weft_wasi_waits(weft_str_t interface, weft_str_t name) {
    for (size_t i = 0; i < sizeof waiting / sizeof *waiting; i++) {
        size_t len = strlen(waiting[i].interface);
        if (interface.len > len && memcmp(interface.ptr, waiting[i].interface, len) == 0 &&
            weft_str_eq(name, weft_str(waiting[i].name)))
            return waiting[i].wait;
    }
    return WAIT_NEVER;
}

/* ---- their proxy ------------------------------------------------------------------------------ */

static weft_error_t *make_proxy(type_pool_t *pool, document_t *document, buf_t *proxy) {
    const ctype_t *type;
    proxy_options_t options = {.bytes = PROXY_PLACES};
    TRY(weft_typing_scope(pool, document->root, &type));
    const extern_list_t *list = &type->component.imports;
    return weft_proxy_make(pool, list->items, list->count, &options, proxy);
}

static weft_error_t *read_and_make_proxy(weft_bytes_t binary, buf_t *proxy) {
    document_t *document;
    type_pool_t *pool;
    TRY(weft_document_read(binary, &document));
    weft_error_t *error = weft_type_pool_new(&pool);
    if (!error) {
        error = make_proxy(pool, document, proxy);
        weft_type_pool_delete(pool);
    }
    weft_document_delete(document);
    return error;
}

static weft_error_t *make_component(void *context, buf_t *proxy) {
    weft_bytes_t binary;
    (void)context;
    TRY(weft_wat_to_wasm(weft_str(imports), &binary));
    weft_error_t *error = read_and_make_proxy(binary, proxy);
    weft_free((void *)(uintptr_t)binary.ptr);
    return error;
}

weft_error_t *weft_wasi_expect_waiting(wasi_t *wasi) {
    if (wasi->aiding.component) return NULL;
    weft_bytes_t key = {(const uint8_t *)imports, sizeof imports};
    return weft_shelf_component(wasi->direct->engine, wasi->direct->needs, key, make_component,
                                NULL, &wasi->aiding.component);
}

/* When the guest waits for the first time; few do. */
static weft_error_t *make_aids(wasi_t *wasi) {
    if (wasi->has_aids) return NULL;
    TRY(weft_wasi_instantiate(wasi, &wasi->aiding));
    for (int i = 0; i < AID_COUNT; i++)
        if (!weft_wasi_find(wasi, &wasi->aiding, weft_str(aid_names[i].interface),
                            weft_str(aid_names[i].name), &wasi->aids[i]))
            return weft_error_new(WEFT_INTERNAL, "the proxy of WASI lacks `%s`", aid_names[i].name);
    wasi->has_aids = true;
    return NULL;
}

/* ---- calling them ----------------------------------------------------------------------------- */

/* *result is a BOOL before; it can be deleted also when this fails. */
static weft_error_t *call(wasi_t *wasi, wasi_aid_t aid, const host_val_t *args, size_t count,
                          host_val_t *result) {
    wasmtime_component_val_delete(result);
    *result = (host_val_t){.kind = WASMTIME_COMPONENT_BOOL};
    return weft_wasi_invoke(wasi, &wasi->aiding, &wasi->aids[aid], args, count, result);
}

static weft_error_t *call_number(wasi_t *wasi, wasi_aid_t aid, const host_val_t *self, uint64_t n,
                                 host_val_t *result) {
    host_val_t args[2] = {*self, {.kind = WASMTIME_COMPONENT_U64, .of.u64 = n}};
    return call(wasi, aid, args, 2, result);
}

static bool is_error(const host_val_t *result) {
    return result->kind == WASMTIME_COMPONENT_RESULT && !result->of.result.is_ok;
}

/* The number in a result that is no error. */
static uint64_t number_in(const host_val_t *result) {
    return result->of.result.val ? result->of.result.val->of.u64 : 0;
}

static weft_error_t *drop(wasi_t *wasi, host_val_t *resource) {
    wasmtime_error_t *failure =
        wasmtime_component_resource_any_drop(wasi->direct->context, resource->of.resource);
    wasmtime_component_val_delete(resource);
    return failure ? weft_wasi_failure(wasi, failure) : NULL;
}

/* ---- waiting ---------------------------------------------------------------------------------- */

/* Takes `number` out of a list of u32. */
static void remove_number(wasmtime_component_vallist_t *list, uint32_t number) {
    wasmtime_component_vallist_t rest;
    size_t kept = 0;
    for (size_t i = 0; i < list->size; i++)
        if (list->data[i].of.u32 != number) list->data[kept++] = list->data[i];
    wasmtime_component_vallist_new(&rest, kept, list->data);
    wasmtime_component_vallist_delete(list);
    *list = rest;
}

/* The list with a timer behind it; the elements are the list's. */
static host_val_t with_timer(const wasmtime_component_vallist_t *list, const host_val_t *timer) {
    host_val_t all = {.kind = WASMTIME_COMPONENT_LIST};
    wasmtime_component_vallist_new_uninit(&all.of.list, list->size + 1);
    if (list->size) memcpy(all.of.list.data, list->data, list->size * sizeof *list->data);
    all.of.list.data[list->size] = *timer;
    return all;
}

static void delete_borrowed(host_val_t *all) {
    for (size_t i = 0; i < all->of.list.size; i++)
        all->of.list.data[i].kind = WASMTIME_COMPONENT_BOOL;
    wasmtime_component_val_delete(all);
}

/* One slice: *ready is the list of those that are. */
static weft_error_t *poll_slice(wasi_t *wasi, const wasmtime_component_vallist_t *list, uint64_t ns,
                                host_val_t *ready) {
    host_val_t duration = {.kind = WASMTIME_COMPONENT_U64, .of.u64 = ns};
    host_val_t timer = {.kind = WASMTIME_COMPONENT_BOOL};
    TRY(call(wasi, AID_TIMER, &duration, 1, &timer));
    host_val_t all = with_timer(list, &timer);
    weft_error_t *error = call(wasi, AID_POLL, &all, 1, ready);
    delete_borrowed(&all);
    if (error) {
        wasmtime_component_val_delete(&timer);
        return error;
    }
    remove_number(&ready->of.list, (uint32_t)list->size);
    return drop(wasi, &timer);
}

/* poll: at least one is ready afterwards. */
static weft_error_t *poll_all(wasi_t *wasi, const wasmtime_component_vallist_t *list,
                              host_val_t *ready) {
    do {
        TRY(weft_guard_check_time());
        TRY(poll_slice(wasi, list, weft_guard_time_left(SLICE_NS), ready));
    } while (!ready->of.list.size);
    return NULL;
}

static weft_error_t *wait_for(wasi_t *wasi, host_val_t *pollable) {
    wasmtime_component_vallist_t one = {1, pollable};
    host_val_t ready = {.kind = WASMTIME_COMPONENT_BOOL};
    weft_error_t *error = poll_all(wasi, &one, &ready);
    wasmtime_component_val_delete(&ready);
    return error;
}

/* Until the stream is ready; `aid` subscribes to it. */
static weft_error_t *wait_stream(wasi_t *wasi, wasi_aid_t aid, const host_val_t *stream) {
    host_val_t pollable = {.kind = WASMTIME_COMPONENT_BOOL};
    TRY(call(wasi, aid, stream, 1, &pollable));
    weft_error_t *error = wait_for(wasi, &pollable);
    if (!error) return drop(wasi, &pollable);
    wasmtime_component_val_delete(&pollable);
    return error;
}

/* ---- streams ---------------------------------------------------------------------------------- */

/* Of bytes in a proxy's memory. */
static uint32_t length_of(const host_val_t *place) {
    return place->of.tuple.data[1].of.u32;
}

static bool is_nothing(const host_val_t *result) {
    const host_val_t *ok = result->of.result.val;
    return ok->kind == WASMTIME_COMPONENT_TUPLE ? length_of(ok) == 0 : ok->of.u64 == 0;
}

/* blocking-read and blocking-skip: at least one byte, an error or the end. */
static weft_error_t *read(wasi_t *wasi, wasi_aid_t aid, const host_val_t *args,
                          host_val_t *result) {
    for (;;) {
        TRY(call(wasi, aid, args, 2, result));
        if (is_error(result) || !is_nothing(result) || !args[1].of.u64) return NULL;
        TRY(wait_stream(wasi, AID_IN_SUBSCRIBE, &args[0]));
    }
}

/* How many bytes may be written now, at least one; or *result is an error. */
static weft_error_t *permission(wasi_t *wasi, const host_val_t *stream, uint64_t *permitted,
                                host_val_t *result) {
    for (;;) {
        TRY(call(wasi, AID_CHECK_WRITE, stream, 1, result));
        *permitted = is_error(result) ? 0 : number_in(result);
        if (is_error(result) || *permitted) return NULL;
        TRY(wait_stream(wasi, AID_OUT_SUBSCRIBE, stream));
    }
}

/* After a flush nothing may be written until all is out. */
static weft_error_t *flush(wasi_t *wasi, const host_val_t *stream, host_val_t *result) {
    uint64_t permitted;
    TRY(call(wasi, AID_FLUSH, stream, 1, result));
    if (is_error(result)) return NULL;
    TRY(permission(wasi, stream, &permitted, result));
    if (is_error(result)) return NULL;
    wasmtime_component_val_delete(result);
    *result = (host_val_t){.kind = WASMTIME_COMPONENT_RESULT, .of.result = {true, NULL}};
    return NULL;
}

static weft_error_t *write_part(wasi_t *wasi, const host_val_t *stream, weft_bytes_t bytes,
                                host_val_t *result) {
    host_val_t args[2] = {*stream, {.kind = WASMTIME_COMPONENT_BOOL}};
    weft_wasi_clear_room(&wasi->aiding);
    weft_error_t *error = weft_wasi_put_bytes(wasi, &wasi->aiding, bytes, &args[1]);
    if (!error) error = call(wasi, AID_WRITE, args, 2, result);
    wasmtime_component_val_delete(&args[1]);
    return error;
}

/* The bytes lie in the memory of the proxy that waits, those that are written in the other's. */
static weft_error_t *write(wasi_t *wasi, const host_val_t *args, host_val_t *result) {
    weft_bytes_t bytes;
    TRY(weft_wasi_bytes(&wasi->proxy, &args[1], &bytes));
    while (bytes.len) {
        uint64_t permitted;
        TRY(permission(wasi, &args[0], &permitted, result));
        if (is_error(result)) return NULL;
        size_t size = permitted < bytes.len ? (size_t)permitted : bytes.len;
        TRY(write_part(wasi, &args[0], (weft_bytes_t){bytes.ptr, size}, result));
        if (is_error(result)) return NULL;
        bytes = (weft_bytes_t){bytes.ptr + size, bytes.len - size};
    }
    return flush(wasi, &args[0], result);
}

static weft_error_t *write_zeroes(wasi_t *wasi, const host_val_t *args, host_val_t *result) {
    for (uint64_t left = args[1].of.u64; left;) {
        uint64_t part;
        TRY(permission(wasi, &args[0], &part, result));
        if (is_error(result)) return NULL;
        if (part > left) part = left;
        TRY(call_number(wasi, AID_WRITE_ZEROES, &args[0], part, result));
        if (is_error(result)) return NULL;
        left -= part;
    }
    return flush(wasi, &args[0], result);
}

static weft_error_t *splice(wasi_t *wasi, const host_val_t *args, host_val_t *result) {
    TRY(wait_stream(wasi, AID_OUT_SUBSCRIBE, &args[0]));
    TRY(wait_stream(wasi, AID_IN_SUBSCRIBE, &args[1]));
    return call(wasi, AID_SPLICE, args, 3, result);
}

/* ---- the seam --------------------------------------------------------------------------------- */

static weft_error_t *run_itself(const wasi_func_t *func, const host_val_t *args, size_t count,
                                host_val_t *result) {
    return weft_wasi_invoke(func->wasi, &func->wasi->proxy, &func->func, args, count, result);
}

/* More than a blocking write takes is refused at once, and so is a poll of nothing. */
weft_error_t *weft_wasi_wait(const wasi_func_t *func, host_val_t *args, host_val_t *result) {
    wasi_t *wasi = func->wasi;
    TRY(make_aids(wasi));
    switch (func->wait) {
    case WAIT_BLOCK: return wait_for(wasi, &args[0]);
    case WAIT_POLL:
        if (!args[0].of.list.size) return run_itself(func, args, 1, result);
        return poll_all(wasi, &args[0].of.list, result);
    case WAIT_READ: return read(wasi, AID_READ, args, result);
    case WAIT_SKIP: return read(wasi, AID_SKIP, args, result);
    case WAIT_WRITE:
        if (length_of(&args[1]) > WRITE_MAX) return run_itself(func, args, 2, result);
        return write(wasi, args, result);
    case WAIT_WRITE_ZEROES:
        if (args[1].of.u64 > WRITE_MAX) return run_itself(func, args, 2, result);
        return write_zeroes(wasi, args, result);
    case WAIT_FLUSH: return flush(wasi, &args[0], result);
    case WAIT_SPLICE: return splice(wasi, args, result);
    case WAIT_NEVER: break;
    }
    return weft_error_new(WEFT_INTERNAL, "a function that does not wait");
}
