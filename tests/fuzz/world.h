/* A world: a random component whose functions take values of random types and give them back, changed in ways
 * that the host can foretell. The same for the same choices (common/random.h).
 *
 *   host --> relay 2 --> relay 1 --> keeper
 *                                      |
 *                                      v  (or the keeper defines them itself)
 *                                  resources
 *
 * Every level is a component of its own, with its own string encoding. All of them export the functions f0, f1, ...:
 * each over one list of types, but each level has the parameters, and the items of its result, in another
 * order. The keeper gives back what it gets (of a borrowed handle: the number that it stands for); it also exports
 * put0, ... and get0, ..., which do the same in two calls. A relay asks the level below. On its way through a level
 * every value is taken apart and made anew in fresh memory (rebuild.c); levels differ in whether lists are turned
 * around then, and whether an owned handle is dropped for a new one. */
#ifndef WEFT_TESTS_FUZZ_WORLD_H
#define WEFT_TESTS_FUZZ_WORLD_H

#include "abi/func.h"
#include "abi/side.h"
#include "common/random.h"
#include "support/buf.h"
#include "support/vec.h"

enum { MAX_PARAMS = 40, MAX_LEVELS = 3, FUNCS = 4, RESOURCES = 2, DEEPEST = 5 };
enum { MAX_PARTS = MAX_LEVELS + 1 };

/* Where the descriptions of types begin in a guest's memory (rebuild.c). */
enum { DESCRIPTIONS = 1024 };

/* How a level rebuilds values on one way through it. */
typedef struct rebuild {
    bool reverse; /* lists */
    bool renew;   /* owned handles */
} rebuild_t;

/* A function as one level has it. */
typedef struct func {
    const func_type_t *type;
    abi_func_t lifted, lowered;
    uint32_t params[MAX_PARAMS], results[MAX_PARAMS]; /* which of the shape's types stands here */
    uint32_t there, back;                             /* descriptions */
} func_t;

/* What all levels' functions of one number share. */
typedef struct shape {
    const type_t *types[MAX_PARAMS];   /* as parameters */
    const type_t *results[MAX_PARAMS]; /* the same without borrowed handles */
    uint32_t count;
    bool bare; /* one type, and the result is that and no tuple */
} shape_t;

typedef struct level {
    encoding_t encoding;
    bool lies; /* and does not do what is said above (lies.c) */
    rebuild_t there, back;
    func_t funcs[FUNCS];
} level_t;

typedef struct description {
    const type_t *type;
    uint32_t at;
} description_t;

typedef struct world {
    type_pool_t *pool;
    abi_t abi;
    bool handles;       /* there are resources */
    bool own_resources; /* the keeper defines them */
    bool fixed;         /* there are lists of fixed length, which the hosted engine does not take */
    const resource_t *resources[RESOURCES];
    uint32_t func_count;
    shape_t shapes[FUNCS];
    level_t levels[MAX_LEVELS]; /* the keeper first */
    uint32_t level_count;
    VEC(const type_t *) named; /* those that need a name, inner ones first */
    VEC(description_t) described;
    buf_t descriptions;
    buf_t text; /* the component, NUL-terminated */
    /* The same as components of their own, each of which imports `up` from the one before and exports `up`: where the
     * keeper does not define the resources, those first; then the levels. */
    buf_t parts[MAX_PARTS];
    uint32_t part_count;
} world_t;

/* Makes the world. `fixed` allows lists of fixed length, `lies` levels that lie; `funcs`: 1 to FUNCS. Ends the process
 * when there is no memory. */
void world_new(world_t *world, random_source_t *source, bool fixed, bool lies, uint32_t funcs);
void world_delete(world_t *world);

/* An error that cannot be here. */
void must(weft_error_t *error);

/* ---- types.c: the types ----------------------------------------------------------------------- */

void make_shapes(world_t *world, random_source_t *source);

/* ---- spell.c: types as text ------------------------------------------------------------------- */

/* Puts what needs a name into world->named. */
void collect_named(world_t *world, const type_t *type);

/* The definition of a named type, and any type where it is used. */
void spell_definition(const world_t *world, buf_t *out, const type_t *type);
void spell_type(const world_t *world, buf_t *out, const type_t *type);

/* "(param "p0" u8) ... (result ...)" */
void spell_func(const world_t *world, buf_t *out, const func_type_t *type);

/* ---- rebuild.c: values taken apart ------------------------------------------------------------ */

/* What borrowed handles become: what they stand for, and are dropped; or themselves, to be dropped by `forget`. */
typedef enum borrows { BORROWS_READ, BORROWS_LENT } borrows_t;

/* How to make the items of one tuple out of those of another: item i of `to` is item `from_index[i]` of
 * `from`. */
uint32_t describe_tuple(world_t *world, const layout_t *to, const layout_t *from,
                        const uint32_t *from_index);

/* How to rebuild a value of the type. */
uint32_t describe(world_t *world, const type_t *type);

/* A core module that exports rebuild, set and forget. Its imports are mem, alloc and, with handles, for each
 * resource make, read-own, read-borrow, drop-own and drop-borrow. */
void write_rebuild(const world_t *world, buf_t *out, encoding_t encoding);

/* ---- flat.c: core values ---------------------------------------------------------------------- */

/* Core values in locals from number `first` on, into the memory at $`base` and back. `flat` are their types. */
void write_spill(buf_t *out, const layout_t *layout, const uint8_t *flat, uint32_t first,
                 const char *base);
void write_unspill(buf_t *out, const layout_t *layout, const uint8_t *flat, uint32_t first,
                   const char *base);

/* "i32" */
const char *core_type_name(uint8_t type);

/* ---- proxied.c: levels through proxies -------------------------------------------------------- */

/* The component of a world with proxies between some of the levels and those who call them. */
void put_proxies(weft_bytes_t component, random_source_t *source, buf_t *out);

/* ---- component.c: the text -------------------------------------------------------------------- */

void write_component(world_t *world, random_source_t *source);

#endif
