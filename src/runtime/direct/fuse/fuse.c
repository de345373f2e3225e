/* Fusing: which calls, the instance that makes a function of a shape's module, and what the host is asked. */
#include "runtime/direct/fuse/fuse.h"

#include "abi/copy.h"
#include "abi/text.h"
#include "runtime/compile.h"
#include "runtime/direct/call.h"
#include "runtime/direct/frame.h"
#include "runtime/direct/fuse/code.h"
#include "runtime/failure.h"
#include "runtime/memories.h"
#include "runtime/shared.h"
#include "support/alloc.h"

/* A component has so much code generated (a kilobyte takes a millisecond to compile); what others had before costs
 * it nothing. A call enters few instances. */
enum { PAGE = 65536, MOST_CODE = 32768, DEEPEST = 8, MOST_IMPORTS = 12 + DEEPEST };

struct fusing {
    wasmtime_memory_t memory; /* of flags */
    uint8_t *flags;           /* where that is: it does not grow, so it does not move */
    uint32_t used;
    size_t code; /* bytes that were generated */
    uint32_t funcs;
    bool throws; /* a core module of the component may throw exceptions */
};

/* ---- modules ---------------------------------------------------------------------------------- */

/* `shape` NULL: the memory of flags. */
static weft_error_t *compile(direct_t *direct, const fuse_shape_t *shape,
                             wasmtime_module_t **module) {
    buf_t code = {0};
    weft_error_t *error = shape ? weft_fuse_module(shape, &code) : weft_fuse_flags(&code);
    direct->fusing->code += code.len;
    if (!error) {
        wasmtime_error_t *failure =
            weft_compile_module(direct->engine, direct->wasmtime, weft_buf_as_bytes(&code), module);
        if (failure)
            error = weft_failure_refusal(WEFT_INTERNAL, "a generated module is not valid", failure);
    }
    weft_buf_free(&code);
    return error;
}

static weft_error_t *look_up(direct_t *direct, const fuse_shape_t *shape, weft_str_t key,
                             wasmtime_module_t **module) {
    generated_t *generated = &direct->engine->generated;
    *module = weft_generated_find(generated, key);
    if (*module || direct->fusing->code >= MOST_CODE || weft_generated_full(generated)) return NULL;
    TRY(compile(direct, shape, module));
    return weft_generated_add(generated, key, module);
}

/* *module NULL: this shape is not made. Code is compiled for one of Wasmtime's engines. */
static weft_error_t *find_module(direct_t *direct, const fuse_shape_t *shape,
                                 wasmtime_module_t **module) {
    buf_t key = {0};
    bool fits = true;
    weft_error_t *error = NULL;
    *module = NULL;
    weft_buf_bytes(&key, &direct->wasmtime, sizeof direct->wasmtime);
    if (shape) error = weft_fuse_key(shape, &key, &fits);
    if (!error && fits) error = look_up(direct, shape, weft_buf_as_str(&key), module);
    weft_buf_free(&key);
    return error;
}

/* With its only export. An instance that Wasmtime does not make is one too many for it, or there is no address space. */
static bool instantiate(const direct_t *direct, const wasmtime_module_t *module,
                        const wasmtime_extern_t *imports, size_t count, wasmtime_extern_t *made) {
    wasmtime_instance_t instance;
    making_t making;
    wasm_trap_t *trap = NULL;
    weft_memories_begin(&making, NULL);
    wasmtime_error_t *failure =
        wasmtime_instance_new(direct->context, module, imports, count, &instance, &trap);
    weft_memories_end(&making);
    if (trap) wasm_trap_delete(trap);
    if (failure) wasmtime_error_delete(failure);
    if (failure || trap) return false;
    return wasmtime_instance_export_get(direct->context, &instance, "", 0, made);
}

/* ---- the flags -------------------------------------------------------------------------------- */

/* The store's limit is for the guests. */
static bool make_memory(direct_t *direct, const wasmtime_module_t *module,
                        wasmtime_memory_t *memory) {
    wasmtime_extern_t made;
    weft_guard_limit(&direct->guard, 0);
    bool done = instantiate(direct, module, NULL, 0, &made);
    weft_guard_limit(&direct->guard, direct->guard.memory);
    if (done) *memory = made.of.memory;
    return done;
}

static bool throws(const direct_t *direct) {
    const map_t *modules = direct->modules;
    bool found = false;
    for (size_t i = 0; i < modules->capacity; i++) {
        const shared_module_t *module = modules->entries[i].value;
        found |= module && module->has_tags;
    }
    return found;
}

static weft_error_t *make_fusing(direct_t *direct) {
    fusing_t *fusing = direct->fusing;
    wasmtime_module_t *module;
    direct->never_fuses = true;
    TRY(find_module(direct, NULL, &module));
    if (!module || !make_memory(direct, module, &fusing->memory)) return NULL;
    fusing->flags = wasmtime_memory_data(direct->context, &fusing->memory);
    fusing->throws = throws(direct);
    direct->never_fuses = false;
    return NULL;
}

/* Without a memory of flags calls go through the host. */
static weft_error_t *start(direct_t *direct) {
    if (direct->fusing) return NULL;
    direct->fusing = weft_alloc_zero(1, sizeof *direct->fusing);
    return direct->fusing ? make_fusing(direct) : weft_error_oom();
}

void weft_fusing_delete(fusing_t *fusing) {
    weft_free(fusing);
}

uint32_t weft_fusing_count(const direct_t *direct) {
    return direct->fusing ? direct->fusing->funcs : 0;
}

/* Moves the flags of an instance to where generated code sees them. */
static bool share_flags(frame_t *frame) {
    fusing_t *fusing = frame->direct->fusing;
    if (frame->flags != &frame->own_flags) return true;
    if (fusing->used + sizeof(frame_flags_t) > PAGE) return false;
    wasmtime_val_t address = {.kind = WASMTIME_I32, .of.i32 = (int32_t)fusing->used};
    wasm_globaltype_t *type = wasm_globaltype_new(wasm_valtype_new(WASM_I32), WASM_CONST);
    wasmtime_error_t *failure =
        wasmtime_global_new(frame->direct->context, type, &address, &frame->flags_address);
    wasm_globaltype_delete(type);
    if (failure) {
        wasmtime_error_delete(failure);
        return false;
    }
    frame->flags = (frame_flags_t *)(void *)(fusing->flags + fusing->used);
    *frame->flags = frame->own_flags;
    fusing->used += sizeof(frame_flags_t);
    return true;
}

/* ---- which calls ------------------------------------------------------------------------------ */

/* The instances that the call enters; more than DEEPEST: too many. */
static uint32_t depth_of(const lowered_t *lowered) {
    uint32_t depth = 0;
    for (const frame_t *at = lowered->callee->frame; at != lowered->stop && depth <= DEEPEST;
         at = at->parent)
        depth++;
    return depth;
}

static bool may_be_fused(const lowered_t *lowered) {
    const direct_t *direct = lowered->frame->direct;
    const direct_func_t *callee = lowered->callee;
    if (direct->never_fuses || callee->frame == lowered->frame || callee->frame->direct != direct)
        return false;
    if (lowered->options.abi != &direct->program->abi32 ||
        callee->options.abi != &direct->program->abi32)
        return false;
    return depth_of(lowered) <= DEEPEST;
}

static fuse_shape_t shape_of(const lowered_t *lowered) {
    const direct_func_t *callee = lowered->callee;
    fuse_shape_t shape = {.caller = &lowered->abi,
                          .callee = &callee->abi,
                          .depth = depth_of(lowered),
                          .post_return = callee->options.has_post_return,
                          .throws = callee->frame->direct->fusing->throws};
    if (!lowered->abi.needs_encoding) return shape;
    shape.caller_encoding = (uint8_t)lowered->options.encoding;
    shape.callee_encoding = (uint8_t)callee->options.encoding;
    return shape;
}

/* ---- asking the host -------------------------------------------------------------------------- */

static weft_error_t *pass_text(const transfer_t *transfer, uint32_t ptr, uint32_t length,
                               uint64_t *both) {
    uint64_t out_ptr, out_length;
    TRY(weft_abi_copy_text(transfer, ptr, length, &out_ptr, &out_length));
    *both = (uint32_t)out_ptr | out_length << 32;
    return NULL;
}

static weft_error_t *check_text(abi_side_t *from, uint32_t ptr, uint32_t length) {
    text_t text;
    return weft_text_load(from, ptr, length, false, &text);
}

/* What generated code found wrong, in the words of those who find it otherwise. */
static weft_error_t *what_is_wrong(pass_t *pass, const transfer_t *way, uint32_t what,
                                   const uint32_t of[4]) {
    const lowered_t *lowered = pass->lowered;
    abi_side_t *side = of[3] ? &pass->callee.abi : &pass->caller.abi; /* of ASK_RANGE */
    switch ((fuse_ask_t)what) {
    case ASK_LEAVE: return weft_frame_check_leave(lowered->frame);
    case ASK_ENTER: return weft_frame_enter(lowered->callee->frame, lowered->stop);
    case ASK_THROWN: return weft_abi_trap("%s", FAILURE_THROWN);
    case ASK_CHAR: return weft_abi_check_char(of[0]);
    case ASK_CASE: return weft_abi_check_case(of[0], of[1]);
    case ASK_RANGE: return weft_abi_check_range(side, of[0], of[1], of[2]);
    case ASK_LIST: return weft_abi_check_list(way->from, of[0], of[1], of[2], of[3], false);
    case ASK_MADE: return weft_abi_check_made(way, of[0], of[1], of[2]);
    default: return NULL;
    }
}

static weft_error_t *answer(const lowered_t *lowered, flat_t *slots) {
    pass_t pass;
    uint32_t what = (uint32_t)slots[0].bits, of[4];
    for (unsigned i = 0; i < 4; i++) of[i] = (uint32_t)slots[i + 1].bits;
    weft_pass_prepare(&pass, lowered);
    const transfer_t *way = what & ASK_BACK ? &pass.back : &pass.there;
    what &= ~(uint32_t)ASK_BACK;
    if (what == ASK_UTF8) return check_text(way->from, of[0], of[1]);
    if (what == ASK_TEXT) return pass_text(way, of[0], of[1], &slots[0].bits);
    weft_error_t *error = what_is_wrong(&pass, way, what, of);
    return error ? error : weft_error_new(WEFT_INTERNAL, "generated code found a fault in vain");
}

static wasm_trap_t *on_ask(void *env, wasmtime_caller_t *caller, wasmtime_val_raw_t *slots,
                           size_t count) {
    const lowered_t *lowered = env;
    (void)caller, (void)count;
    return weft_direct_trap(lowered->frame->direct, answer(lowered, (flat_t *)slots));
}

/* ---- the function of a pair ------------------------------------------------------------------- */

/* In the order of weft_fuse_module. */
typedef struct import_list {
    wasmtime_extern_t items[MOST_IMPORTS];
    size_t count;
} import_list_t;

static void add_memory(import_list_t *list, wasmtime_memory_t memory) {
    list->items[list->count++] =
        (wasmtime_extern_t){.kind = WASMTIME_EXTERN_MEMORY, .of.memory = memory};
}

static void add_func(import_list_t *list, wasmtime_func_t func) {
    list->items[list->count++] = (wasmtime_extern_t){.kind = WASMTIME_EXTERN_FUNC, .of.func = func};
}

static bool add_flags(import_list_t *list, frame_t *frame) {
    if (!share_flags(frame)) return false;
    list->items[list->count++] =
        (wasmtime_extern_t){.kind = WASMTIME_EXTERN_GLOBAL, .of.global = frame->flags_address};
    return true;
}

static weft_error_t *list_imports(lowered_t *lowered, import_list_t *list, bool *made) {
    const direct_func_t *callee = lowered->callee;
    frame_t *frame = callee->frame;
    rt_t ask;
    add_memory(list, frame->direct->fusing->memory);
    if (lowered->abi.needs_memory) add_memory(list, lowered->options.memory);
    if (callee->abi.needs_memory) add_memory(list, callee->options.memory);
    *made = add_flags(list, lowered->frame) && add_flags(list, frame);
    if (frame != lowered->stop)
        while (*made && (frame = frame->parent) != lowered->stop) *made = add_flags(list, frame);
    TRY(weft_core_host_func(lowered->frame, weft_fuse_ask_sig(), on_ask, lowered, &ask));
    add_func(list, ask.core->of.func);
    add_func(list, callee->core);
    if (callee->abi.needs_realloc) add_func(list, callee->options.realloc);
    if (lowered->abi.needs_realloc) add_func(list, lowered->options.realloc);
    if (callee->options.has_post_return) add_func(list, callee->options.post_return);
    return NULL;
}

weft_error_t *weft_fuse(lowered_t *lowered, rt_t *made, bool *fused) {
    direct_t *direct = lowered->frame->direct;
    wasmtime_module_t *module;
    wasmtime_extern_t func;
    import_list_t imports = {.count = 0};
    bool complete;
    *fused = false;
    if (!may_be_fused(lowered)) return NULL;
    TRY(start(direct));
    if (direct->never_fuses || direct->fusing->funcs >= FUSE_MOST) return NULL;
    fuse_shape_t shape = shape_of(lowered);
    TRY(find_module(direct, &shape, &module));
    if (!module) return NULL;
    TRY(list_imports(lowered, &imports, &complete));
    *fused = complete && instantiate(direct, module, imports.items, imports.count, &func);
    direct->fusing->funcs += *fused;
    return *fused ? weft_core_made(lowered->frame, func, made) : NULL;
}
