#include "runtime/program.h"

#include "support/alloc.h"
#include "value/validate.h"

/* ---- reading ---------------------------------------------------------------------------------- */

static void leave_modules(weft_engine_t *engine, map_t *modules) {
    for (size_t i = 0; i < modules->capacity; i++)
        if (modules->entries[i].value) weft_shared_leave(engine, modules->entries[i].value);
    weft_map_free(modules);
}

static void free_program(weft_engine_t *engine, program_t *program) {
    for (unsigned i = 0; i < ENGINE_NEED_COUNT; i++) leave_modules(engine, &program->modules[i]);
    VEC_FREE(&program->exports);
    for (unsigned i = 0; i < ENGINE_NEED_COUNT; i++) weft_functypes_free(&program->functypes[i]);
    weft_map_free(&program->sound);
    weft_buf_free(&program->proxy);
    weft_free(program->proxied);
    weft_map_free(&program->steps);
    weft_arena_free(&program->arena);
    weft_map_free(&program->lifts32);
    weft_map_free(&program->lifts64);
    weft_map_free(&program->lowers32);
    weft_map_free(&program->lowers64);
    weft_abi_free(&program->abi32);
    weft_abi_free(&program->abi64);
    weft_document_delete(program->document);
    weft_type_pool_delete(program->pool);
    pthread_mutex_destroy(&program->lock);
    if (program->source.len <= SHARE_MOST) weft_free((void *)(uintptr_t)program->source.ptr);
    weft_free(program);
}

static weft_error_t *copy_source(program_t *program, weft_bytes_t source) {
    program->source = source;
    if (source.len > SHARE_MOST) return NULL;
    uint8_t *copy = weft_alloc(source.len);
    program->source.ptr = copy;
    if (!copy) return weft_error_oom();
    if (source.len) memcpy(copy, source.ptr, source.len);
    return NULL;
}

static weft_error_t *read(program_t *program, weft_bytes_t source) {
    TRY(copy_source(program, source));
    TRY(weft_document_read(program->source, &program->document));
    TRY(weft_type_pool_new(&program->pool));
    TRY(weft_typing_scope(program->pool, program->document->root, &program->type));
    return weft_exports_list(program->type, &program->exports);
}

static weft_error_t *new_program(weft_engine_t *engine, weft_bytes_t source, program_t **program) {
    program_t *made = weft_alloc_zero(1, sizeof *made);
    if (!made) return weft_error_oom();
    pthread_mutex_init(&made->lock, NULL);
    made->users = 1;
    made->abi32.address = ABI_32;
    made->abi64.address = ABI_64;
    weft_error_t *error = read(made, source);
    if (error) free_program(engine, made);
    else *program = made;
    return error;
}

/* ---- sharing ---------------------------------------------------------------------------------- */

static program_t **bucket_of(weft_engine_t *engine, uint64_t hash) {
    return &engine->shared.programs[hash % SHARED_BUCKETS];
}

/* Under the lock. One that is found has a user more. */
static program_t *find(weft_engine_t *engine, weft_bytes_t source, uint64_t hash) {
    program_t *at = *bucket_of(engine, hash);
    while (at && !(at->hash == hash && at->source.len == source.len &&
                   memcmp(at->source.ptr, source.ptr, source.len) == 0))
        at = at->next;
    if (at) at->users++;
    return at;
}

/* Another thread may have been faster: then that one's is taken. */
static program_t *share(weft_engine_t *engine, program_t *program) {
    program_t **bucket = bucket_of(engine, program->hash);
    pthread_mutex_lock(&engine->shared.lock);
    program_t *found = find(engine, program->source, program->hash);
    if (!found) {
        program->shared = true;
        program->next = *bucket;
        *bucket = program;
    }
    pthread_mutex_unlock(&engine->shared.lock);
    if (!found) return program;
    free_program(engine, program);
    return found;
}

weft_error_t *weft_program_take(weft_engine_t *engine, weft_bytes_t source, bool alone,
                                program_t **program) {
    program_t *made;
    if (alone || source.len > SHARE_MOST) return new_program(engine, source, program);
    uint64_t hash = weft_hash(source.ptr, source.len);
    pthread_mutex_lock(&engine->shared.lock);
    *program = find(engine, source, hash);
    pthread_mutex_unlock(&engine->shared.lock);
    if (*program) return NULL;
    TRY(new_program(engine, source, &made));
    made->hash = hash;
    *program = share(engine, made);
    return NULL;
}

void weft_program_leave(weft_engine_t *engine, program_t *program) {
    if (!program) return;
    program_t **at = bucket_of(engine, program->hash);
    pthread_mutex_lock(&engine->shared.lock);
    bool last = --program->users == 0;
    if (last && program->shared) {
        while (*at != program) at = &(*at)->next;
        *at = program->next;
    }
    pthread_mutex_unlock(&engine->shared.lock);
    if (last) free_program(engine, program);
}

/* ---- checking --------------------------------------------------------------------------------- */

/* Most definitions of most components are types and names of core items. */
static bool is_step(const def_t *def) {
    switch ((def_kind_t)def->kind) {
    case DEF_CUSTOM:
    case DEF_CORE_TYPE:
    case DEF_ALIAS_CORE_EXPORT: return false; /* looked up when it is needed */
    case DEF_TYPE: return def->type.op == TYPE_OP_RESOURCE;
    default: return true;
    }
}

static weft_error_t *list_steps(program_t *program, scope_t *scope) {
    uint32_t count = 0;
    steps_t *steps = ARENA_NEW(&program->arena, steps_t);
    if (!steps) return weft_error_oom();
    weft_scope_order(scope);
    for (const def_t *def = scope->first; def; def = def->next) count += is_step(def);
    steps->items = ARENA_ARRAY(&program->arena, def_t *, count);
    if (!steps->items) return weft_error_oom();
    for (def_t *def = scope->first; def; def = def->next) {
        if (is_step(def)) steps->items[steps->count++] = def;
        steps->exports += def->kind == DEF_EXPORT;
        steps->entities = def->order + 1;
    }
    return weft_map_set_ptr(&program->steps, scope, steps);
}

static weft_error_t *prepare(program_t *program, scope_t *scope) {
    TRY(list_steps(program, scope));
    for (def_t *def = scope->first; def; def = def->next) {
        scope_t *body;
        if (def->kind != DEF_COMPONENT) continue;
        TRY(weft_component_body(def, &body));
        TRY(prepare(program, body));
    }
    return NULL;
}

/* Under the lock. */
static weft_error_t *check(program_t *program) {
    if (program->checked) return NULL;
    TRY(weft_validate_all(program->pool, program->document));
    TRY(prepare(program, program->document->root));
    program->checked = true;
    return NULL;
}

weft_error_t *weft_program_check(program_t *program) {
    if (program->checked) return NULL;
    pthread_mutex_lock(&program->lock);
    weft_error_t *error = check(program);
    pthread_mutex_unlock(&program->lock);
    return error;
}

/* ---- compiling -------------------------------------------------------------------------------- */

typedef struct compiling {
    weft_engine_t *engine;
    wasm_engine_t *wasmtime;
    map_t *modules;
} compiling_t;

static weft_error_t *compile_module(const compiling_t *to, const def_t *def) {
    shared_module_t *module;
    if (weft_map_get_ptr(to->modules, def)) return NULL; /* before an error */
    weft_error_t *error = weft_shared_take(to->engine, to->wasmtime, def->bytes, &module);
    if (error) return weft_error_with_offset(error, weft_def_offset(def));
    error = weft_map_set_ptr(to->modules, def, module);
    if (error) weft_shared_leave(to->engine, module);
    return error;
}

/* The reader bounds how deep bodies nest. */
static weft_error_t *compile_scope(const compiling_t *to, scope_t *scope) {
    for (def_t *def = scope->first; def; def = def->next) {
        scope_t *body;
        if (def->kind == DEF_CORE_MODULE) TRY(compile_module(to, def));
        if (def->kind != DEF_COMPONENT) continue;
        TRY(weft_component_body(def, &body));
        TRY(compile_scope(to, body));
    }
    return NULL;
}

/* Under the lock. */
static weft_error_t *compile(program_t *program, weft_engine_t *engine, unsigned needs) {
    compiling_t to = {engine, NULL, &program->modules[needs]};
    if (program->compiled[needs]) return NULL;
    TRY(weft_engine_for(engine, needs, &to.wasmtime));
    TRY(compile_scope(&to, program->document->root));
    program->compiled[needs] = true;
    return NULL;
}

weft_error_t *weft_program_compile(program_t *program, weft_engine_t *engine, unsigned needs,
                                   const map_t **modules) {
    *modules = &program->modules[needs];
    if (program->compiled[needs]) return NULL;
    pthread_mutex_lock(&program->lock);
    weft_error_t *error = compile(program, engine, needs);
    pthread_mutex_unlock(&program->lock);
    return error;
}

/* ---- signatures ------------------------------------------------------------------------------- */

typedef weft_error_t *(*make_signature_t)(abi_t *, const func_type_t *, abi_options_t,
                                          abi_func_t *);

/* Under the lock. */
static weft_error_t *signature(map_t *known, abi_t *abi, const def_t *def, const func_type_t *type,
                               make_signature_t make, abi_func_t *func) {
    abi_func_t *found = weft_map_get_ptr(known, def);
    if (!found) {
        found = ARENA_NEW(&abi->arena, abi_func_t);
        if (!found) return weft_error_oom();
        TRY(make(abi, type, (abi_options_t){0}, found));
        TRY(weft_map_set_ptr(known, def, found));
    }
    *func = *found;
    return NULL;
}

weft_error_t *weft_program_lift(program_t *program, abi_t *abi, const def_t *def,
                                const func_type_t *type, abi_func_t *func) {
    map_t *known = abi == &program->abi64 ? &program->lifts64 : &program->lifts32;
    pthread_mutex_lock(&program->lock);
    weft_error_t *error = signature(known, abi, def, type, weft_abi_lift, func);
    pthread_mutex_unlock(&program->lock);
    return error;
}

weft_error_t *weft_program_lower(program_t *program, abi_t *abi, const def_t *def,
                                 const func_type_t *type, abi_func_t *func) {
    map_t *known = abi == &program->abi64 ? &program->lowers64 : &program->lowers32;
    pthread_mutex_lock(&program->lock);
    weft_error_t *error = signature(known, abi, def, type, weft_abi_lower, func);
    pthread_mutex_unlock(&program->lock);
    return error;
}

weft_error_t *weft_program_functype(program_t *program, unsigned needs, core_sig_t sig,
                                    const wasm_functype_t **type) {
    pthread_mutex_lock(&program->lock);
    weft_error_t *error = weft_functypes_find(&program->functypes[needs], sig, type);
    pthread_mutex_unlock(&program->lock);
    return error;
}

bool weft_program_is_sound(program_t *program, const def_t *def) {
    pthread_mutex_lock(&program->lock);
    bool sound = weft_map_get_ptr(&program->sound, def) != NULL;
    pthread_mutex_unlock(&program->lock);
    return sound;
}

weft_error_t *weft_program_set_sound(program_t *program, const def_t *def) {
    pthread_mutex_lock(&program->lock);
    weft_error_t *error = weft_map_set_ptr(&program->sound, def, (void *)(uintptr_t)def);
    pthread_mutex_unlock(&program->lock);
    return error;
}
