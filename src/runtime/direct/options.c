/* The options of `canon lift` and `canon lower`, and whether the core functions they name are of the types
 * they must be: calls rely on it. */
#include "runtime/direct/options.h"

#include "runtime/direct/absent.h"
#include "runtime/direct/frame.h"

static const uint8_t pointers32[4] = {CORE_I32, CORE_I32, CORE_I32, CORE_I32};
static const uint8_t pointers64[4] = {CORE_I64, CORE_I64, CORE_I64, CORE_I64};

static weft_error_t *check(frame_t *frame, const wasmtime_func_t *func, core_sig_t sig,
                           const char *what) {
    if (weft_core_func_is(frame->direct, func, sig)) return NULL;
    return weft_error_new(WEFT_INVALID,
                          "the core function given as %s is not of the type it must "
                          "be there",
                          what);
}

static weft_error_t *take_memory(frame_t *frame, const def_t *memory, options_t *options) {
    const direct_t *direct = frame->direct;
    const rt_t *entity;
    TRY(weft_core_entity(frame, memory, &entity));
    options->memory = entity->core->of.memory;
    options->has_memory = true;
    wasm_memorytype_t *type = wasmtime_memory_type(direct->context, &options->memory);
    bool is64 = wasmtime_memorytype_is64(type);
    wasm_memorytype_delete(type);
    options->abi = is64 ? &direct->program->abi64 : &direct->program->abi32;
    if (is64) return NULL;
    /* It has all that it can grow to reserved (engine.c), and stays where it is. */
    options->known = ARENA_NEW(&frame->direct->arena, known_memory_t);
    return options->known ? NULL : weft_error_oom();
}

static weft_error_t *take_option(frame_t *frame, const canon_opt_t *option, options_t *options) {
    switch (option->opt) {
    case OPT_UTF8: options->encoding = ENCODING_UTF8; return NULL;
    case OPT_UTF16: options->encoding = ENCODING_UTF16; return NULL;
    case OPT_LATIN1_UTF16: options->encoding = ENCODING_LATIN1_UTF16; return NULL;
    case OPT_MEMORY: return take_memory(frame, option->def, options);
    case OPT_REALLOC:
        options->has_realloc = true;
        return weft_core_func_of(frame, option->def, &options->realloc);
    case OPT_POST_RETURN:
        options->has_post_return = true;
        return weft_core_func_of(frame, option->def, &options->post_return);
    default:
        return weft_error_new(WEFT_UNSUPPORTED,
                              "async functions and references need the hosted engine");
    }
}

weft_error_t *weft_options(frame_t *frame, const def_t *canon, options_t *options) {
    const canon_opts_t *opts = &canon->canon.opts;
    options_t taken = {.abi = &frame->direct->program->abi32};
    for (uint32_t i = 0; i < opts->count; i++) TRY(take_option(frame, &opts->items[i], &taken));
    *options = taken;
    return NULL;
}

/* ---- checking --------------------------------------------------------------------------------- */

static weft_error_t *check_realloc(frame_t *frame, const options_t *options) {
    const uint8_t *pointers = options->abi->address == ABI_64 ? pointers64 : pointers32;
    core_sig_t sig = {pointers, pointers, 4, 1};
    return check(frame, &options->realloc, sig, "realloc");
}

static weft_error_t *check_post_return(frame_t *frame, const options_t *options,
                                       const abi_func_t *abi) {
    core_sig_t sig = {abi->core_results, NULL, abi->core_result_count, 0};
    if (!abi->may_post_return)
        return weft_error_new(WEFT_INVALID, "canonical option `post-return` is not allowed here");
    return check(frame, &options->post_return, sig, "post-return");
}

static weft_error_t *check_all(frame_t *frame, const options_t *options, const abi_func_t *abi,
                               const wasmtime_func_t *lifted) {
    if (options->has_realloc) TRY(check_realloc(frame, options));
    if (abi->needs_memory && !options->has_memory)
        return weft_error_new(WEFT_INVALID, "canonical option `memory` is required");
    if (abi->needs_realloc && !options->has_realloc)
        return weft_error_new(WEFT_INVALID, "canonical option `realloc` is required");
    if (options->has_post_return) TRY(check_post_return(frame, options, abi));
    return lifted ? check(frame, lifted, weft_abi_core_sig(abi), "the lifted function") : NULL;
}

static bool are_fixed(const def_t *canon) {
    const canon_opts_t *opts = &canon->canon.opts;
    bool all = canon->canon.op != CANON_LIFT || weft_core_is_fixed(canon->canon.func);
    for (uint32_t i = 0; i < opts->count; i++) {
        const canon_opt_t *option = &opts->items[i];
        if (option->opt == OPT_REALLOC || option->opt == OPT_POST_RETURN)
            all = all && weft_core_is_fixed(option->def);
    }
    return all;
}

weft_error_t *weft_options_check(frame_t *frame, const def_t *canon, const options_t *options,
                                 const abi_func_t *abi, const wasmtime_func_t *lifted) {
    program_t *program = frame->direct->program;
    if (weft_program_is_sound(program, canon)) return NULL;
    TRY(check_all(frame, options, abi, lifted));
    return are_fixed(canon) ? weft_program_set_sound(program, canon) : NULL;
}
