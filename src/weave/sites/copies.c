#include "weave/sites/copies.h"

#include "component/edit/build.h"
#include "component/types/typing.h"

/* A body that was copied: from which, and by which clone. */
typedef struct origin {
    const scope_t *original;
    size_t clone;
} origin_t;

def_t *weft_copies_live(const copies_t *copies, def_t *def, const scope_t *scope) {
    if (def->scope == scope) return def;
    const origin_t *origin = weft_map_get_ptr(&copies->origins, scope);
    def_t *original = origin ? weft_copies_live(copies, def, origin->original) : NULL;
    return original ? weft_map_get_ptr(&copies->clones.items[origin->clone].copies, original)
                    : NULL;
}

/* Makes a clone and remembers where its bodies came from. */
static weft_error_t *make_clone(copies_t *copies, def_t *component, const clone_t **clone) {
    clone_t made;
    TRY(weft_clone_component(component, &made));
    weft_error_t *error = VEC_PUSH(&copies->clones, made);
    if (error) {
        weft_clone_free(&made);
        return error;
    }
    for (size_t i = 0; i < made.bodies.count; i++) {
        origin_t *origin = ARENA_NEW(&copies->arena, origin_t);
        if (!origin) return weft_error_oom();
        *origin = (origin_t){made.bodies.items[i].original, copies->clones.count - 1};
        TRY(weft_map_set_ptr(&copies->origins, made.bodies.items[i].copy, origin));
    }
    *clone = &copies->clones.items[copies->clones.count - 1];
    return NULL;
}

weft_error_t *weft_copies_split(copies_t *copies, def_t *component, def_t *const *instantiates,
                                size_t count) {
    const clone_t *clone;
    TRY(make_clone(copies, component, &clone));
    weft_typing_forget(component->scope);
    TRY(weft_census_divide(&copies->census, component, clone, instantiates, count));
    for (size_t i = 0; i < count; i++) {
        def_t *instantiate = instantiates[i], *target = clone->component;
        if (instantiate->scope != target->scope) {
            builder_t b = {instantiate->scope, instantiate, NULL};
            target = weft_build_outer_alias(&b, target);
            TRY(b.error);
        }
        instantiate->instantiate.target = target;
        weft_def_touch(instantiate);
        weft_typing_forget(instantiate->scope);
    }
    return NULL;
}

void weft_copies_free(copies_t *copies) {
    for (size_t i = 0; i < copies->clones.count; i++) weft_clone_free(&copies->clones.items[i]);
    VEC_FREE(&copies->clones);
    weft_map_free(&copies->origins);
    weft_census_free(&copies->census);
    weft_arena_free(&copies->arena);
    *copies = (copies_t){.document = copies->document};
}
