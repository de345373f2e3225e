/* Running components.
 *
 *     weft_engine_t *engine;
 *     weft_plugin_t *plugin;
 *     weft_func_t *add;
 *     CHECK(weft_engine_new(&engine));
 *     CHECK(weft_plugin_load(engine, "calc.wasm", NULL, &plugin));
 *     CHECK(weft_plugin_func(plugin, "my:calc/ops", "add", &add));
 *     weft_value_t in[2] = {weft_u32(1), weft_u32(2)}, out[1];
 *     CHECK(weft_func_call(add, in, 2, out, 1));
 *
 * Threads. An engine and its plugins may be used from any thread. A plugin runs one call at a time: others wait until it
 * is done, or until their deadline has passed (WEFT_BUSY). A plugin that is called again from a call that it is itself
 * part of (by a function of the host that it called) would wait for itself: that is WEFT_BUSY at once. A weft_func_t that
 * is called flat, and a handle, are used by one thread at a time. Deleting is for the last one who uses it. */
#ifndef WEFT_RUNTIME_H
#define WEFT_RUNTIME_H

#include <weft/value.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Compiles components and keeps the clock of deadlines. One per process is enough. It keeps address space, and a little
 * memory, of up to 64 linear memories of plugins that were deleted, for others that start. */
typedef struct weft_engine weft_engine_t;

/* A component that can be called: its own memories, fuel and deadline. */
typedef struct weft_plugin weft_plugin_t;

/* A function that a plugin exports, found once and called often. Owned by the plugin. */
typedef struct weft_func weft_func_t;

WEFT_API weft_error_t *weft_engine_new(weft_engine_t **engine);
WEFT_API void weft_engine_delete(weft_engine_t *engine); /* after its plugins; NULL is allowed */

/* Whether the engine takes the component: compiles it and throws the result away. */
WEFT_API weft_error_t *weft_engine_check(weft_engine_t *engine, weft_bytes_t component);

/* Keeps compiled code in a folder, so that what was compiled once, by whatever process, is there in milliseconds. The
 * folder is made where it is missing; it must be the user's own. `folder` NULL: the user's cache folder, that
 * is $WEFT_CACHE/code, else $XDG_CACHE_HOME/weft/code, else ~/.cache/weft/code. Before any plugin is loaded. Every entry is
 * checked in full when it is used: one that is damaged is compiled anew. At most 2 GiB are kept, the oldest go. An
 * error (WEFT_IO) says why the folder cannot be used; the engine then works as without it. */
WEFT_API weft_error_t *weft_engine_keep_code(weft_engine_t *engine, const char *folder);

/* Lays out beforehand the linear memories of plugins, and bounds them: there are at most `memories` at once. Starting a plugin
 * then asks the system for no address space. A plugin has one for each core module of it that has its own (mostly one), one
 * more when components inside it call one another, one more when its modules have exceptions or references of the host's,
 * and up to two more when it uses WASI on the direct engine. Starting a plugin that finds none left is WEFT_LIMIT; what a
 * plugin had comes back when it is deleted. A memory takes 4.1 GiB of address space, not of memory, and up to
 * four mappings (sysctl vm.max_map_count): there is room for 16 000 to 20 000 of them in a process. On Wasmtime's component API (WEFT_ENGINE_HOSTED) the data of plugins is copied then, not mapped.
 * Before any plugin is loaded (WEFT_USAGE). WEFT_LIMIT: there is no address space for that many; the engine then works as
 * without it. */
WEFT_API weft_error_t *weft_engine_pool(weft_engine_t *engine, uint32_t memories);

/* ---- what a plugin may do and use -------------------------------------------------------------- */

typedef struct weft_env_var {
    const char *name, *value;
} weft_env_var_t;

typedef struct weft_dir {
    const char *host;  /* a folder of this machine */
    const char *guest; /* the name the guest knows it by */
    bool read_only;
} weft_dir_t;

/* A function that the host gives to components. `args` are as many as the import has parameters, of its types,
 * and borrowed. Where it has a result, *result is to be set to a value of its type, which weft then owns. An error
 * ends the guest's call like a trap and comes back from the call that the host made; a result of another type
 * does the same (WEFT_MISMATCH). It may use other plugins, but not the one that called it. */
typedef weft_error_t *(*weft_host_callback_t)(void *context, const weft_value_t *args,
                                              size_t arg_count, weft_value_t *result);

typedef struct weft_host_func {
    const char
        *interface;   /* that the components import, as for weft_plugin_func; NULL: at the root */
    const char *name; /* as imported */
    weft_host_callback_t callback;
    void *context; /* given to the callback; outlives the plugins */
} weft_host_func_t;

/* How a component is run. */
typedef enum weft_engine_choice {
    WEFT_ENGINE_AUTO, /* directly where that is possible, else hosted */
    WEFT_ENGINE_DIRECT, /* weft instantiates the component itself, on Wasmtime's core API: fast calls; without
                           async functions: calling one, or what needs one, is WEFT_UNSUPPORTED */
    WEFT_ENGINE_HOSTED /* on Wasmtime's component API */
} weft_engine_choice_t;

/* All zero grants nothing: no streams, no arguments, no environment, no folders, no lookups of names. Everything is copied. */
typedef struct weft_options {
    bool stdio; /* the process's standard streams are the guest's */
    const char *const *args;
    size_t arg_count; /* the first is the program's name */
    bool inherit_env;
    const weft_env_var_t *env; /* added to what is inherited */
    size_t env_count;
    const weft_dir_t *dirs;
    size_t dir_count;
    bool
        name_lookup; /* it may look names of the network up (wasi:sockets/ip-name-lookup); TCP and UDP cannot be
                         granted through the C API of Wasmtime 50, so sockets are refused */

    /* Functions for what components import. What a component does not import is not looked at; an interface of
     * which they serve one function they must serve all of, and interfaces with resources, streams or futures
     * cannot be served. They come before WASI. */
    const weft_host_func_t *funcs;
    size_t func_count;

    /* Plugins that serve imports: every import that one of them exports, by name and version as weft_compose matches
     * them. The two sides' types must agree (WEFT_MISMATCH says where they do not); if two providers have the same, that
     * is an error. Calls go straight from one plugin's memory to the other's. A call that fails in the provider makes the
     * importer trap, with the provider's error; what the importer does wrong leaves the provider unharmed. A provider may
     * serve any number of plugins; it is one instance for all of them, and lives until the last of them is deleted, too.
     * Both must run directly. */
    struct weft_plugin *const *providers;
    size_t provider_count;

    uint64_t fuel; /* for the plugin's whole life, about one unit per instruction; 0: no limit */
    /* For each call, and for starting, to a millisecond; 0: none. Calls that it makes of other plugins count: of all
     * plugins of a chain the earliest deadline holds. The host's functions do not see it, and waiting in WASI does only
     * on the direct engine. */
    uint64_t deadline_ns;
    /* Bytes that each of its memories may have, and each of its tables (of functions, and of handles on the direct
     * engine); 0: no limit. */
    uint64_t memory;

    weft_engine_choice_t engine;
} weft_options_t;

/* ---- plugins ----------------------------------------------------------------------------------- */

/* Compiles a component, binary or text (.wat). `options` may be NULL. Errors: the file (WEFT_IO), not a
 * component (WEFT_MALFORMED), imports that nothing provides (WEFT_NOT_FOUND), types or features that the
 * engine lacks (WEFT_UNSUPPORTED). It is not run before the first call, or weft_plugin_start. */
WEFT_API weft_error_t *weft_plugin_load(weft_engine_t *engine, const char *path,
                                        const weft_options_t *options, weft_plugin_t **plugin);

/* The same from memory; `component` is a binary and must outlive the plugin. */
WEFT_API weft_error_t *weft_plugin_read(weft_engine_t *engine, weft_bytes_t component,
                                        const weft_options_t *options, weft_plugin_t **plugin);

/* Handles the plugin gave out stay valid memory, but lead nowhere. NULL is allowed. */
WEFT_API void weft_plugin_delete(weft_plugin_t *plugin);

/* Instantiates, which runs the component's start functions. Done by the first call where it was not. */
WEFT_API weft_error_t *weft_plugin_start(weft_plugin_t *plugin);

/* An exported function. `interface` is the name of an exported instance, NULL for the component's root;
 * package and version may be left out where one export matches ("ops" for "my:calc/ops@1.0.0"). `name` may be
 * that of a method or constructor as people write it ("order.total", "order"). WEFT_NOT_FOUND names what is
 * near; a function whose type has streams, futures or error contexts is WEFT_UNSUPPORTED. */
WEFT_API weft_error_t *weft_plugin_func(weft_plugin_t *plugin, const char *interface,
                                        const char *name, weft_func_t **func);

/* The engine that runs it: WEFT_ENGINE_DIRECT or WEFT_ENGINE_HOSTED. `*why` (may be NULL) is set to the reason, in
 * words; it lives as long as the plugin. */
WEFT_API weft_engine_choice_t weft_plugin_engine(const weft_plugin_t *plugin, const char **why);

/* Ends the call that runs in the plugin, whoever made it, with the error WEFT_CANCELLED; from any thread. Guest code
 * ends within milliseconds, and the plugin is spent, as are those between it and the guest code that runs, and those
 * that called it. Where nothing runs, nothing happens; a call that begins meanwhile may be meant or not. */
WEFT_API void weft_plugin_cancel(weft_plugin_t *plugin);

/* Guest code and what it calls need three quarters of a MiB of native stack. Where a thread has less left, the call runs on another thread, with a
 * stack that is large enough, while the caller waits; functions of the host that it calls then run there, too. weft knows
 * the stack that a thread was made with. Who switches stacks (fibers, coroutines, makecontext) calls this whenever the
 * thread goes on with another one: `low` is its lowest address, NULL the thread's own. On a stack that weft does not know,
 * every call goes to another thread, which is correct but slow. */
WEFT_API void weft_stack_set(const void *low);

/* Runs the command that a component is (wasi:cli/run). *status is the exit status, 0 to 255. */
WEFT_API weft_error_t *weft_plugin_run(weft_plugin_t *plugin, int *status);

/* ---- functions --------------------------------------------------------------------------------- */

WEFT_API size_t weft_func_param_count(const weft_func_t *func);
WEFT_API size_t weft_func_result_count(const weft_func_t *func); /* 0 or 1 */

/* Calls. `args` are borrowed, except that a handle passed for an `own` parameter is given away; the
 * results are the caller's (weft_value_clear). Errors: arguments that are not of the parameters' types
 * (WEFT_MISMATCH; nothing was run) or have a string or list of more than 2^28 - 1 bytes (WEFT_LIMIT);
 * WEFT_TRAP when the guest trapped, exited or ran out of fuel or time. After a trap the plugin is spent: its
 * functions cannot be called again. */
WEFT_API weft_error_t *weft_func_call(weft_func_t *func, const weft_value_t *args, size_t arg_count,
                                      weft_value_t *results, size_t result_count);

/* Functions of scalars (numbers, bool, char, enums, flags), strings and byte lists, with at most 16 core parameters (a
 * string or list is two), can be called without weft_value_t when the plugin is run directly: about twice as fast, and
 * without any allocation.
 *
 * Starts the plugin if it is not, and says whether the function can be called so: NULL, or WEFT_UNSUPPORTED. Where the
 * function was not called before, it waits for a call that runs, as weft_func_call does. */
WEFT_API weft_error_t *weft_func_prepare_flat(weft_func_t *func);

/* `values` are the arguments, at least one long; the result is written to values[0]. The function was prepared. Numbers are
 * cut to their type's width; a char, enum or flags that is none, or a string that is not UTF-8, is WEFT_MISMATCH. Text
 * and bytes of the result are the function's and stay until it is called again, or its plugin is deleted. Otherwise as
 * weft_func_call. */
WEFT_API weft_error_t *weft_func_call_flat(weft_func_t *func, weft_flat_t *values);

static inline weft_flat_t weft_flat_bytes(const void *bytes, size_t len) {
    weft_flat_t flat = {(uint64_t)(uintptr_t)bytes, len};
    return flat;
}
static inline weft_flat_t weft_flat_str(weft_str_t str) {
    return weft_flat_bytes(str.ptr, str.len);
}
static inline weft_bytes_t weft_flat_as_bytes(weft_flat_t flat) {
    weft_bytes_t bytes = {(const uint8_t *)(uintptr_t)flat.bits, (size_t)flat.length};
    return bytes;
}
static inline weft_str_t weft_flat_as_str(weft_flat_t flat) {
    weft_str_t str = {(const char *)(uintptr_t)flat.bits, (size_t)flat.length};
    return str;
}

/* ---- text -------------------------------------------------------------------------------------- */

/* WebAssembly text as a binary, which the caller frees with weft_free. Errors have line and column. */
WEFT_API weft_error_t *weft_wat_to_wasm(weft_str_t text, weft_bytes_t *binary);

#ifdef __cplusplus
}
#endif
#endif
