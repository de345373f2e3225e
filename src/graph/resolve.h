/* Resolving: from a reference to what stands behind it, across instantiations.
 *
 * The same definition means different things in different instances of its component: an import is
 * whatever that instance was given. So a definition is resolved in a *context*: one evaluation of a
 * component body, that is the chain of instantiations from the root down to it. A *place* is a
 * definition in a context. From each place one step leads on,
 *
 *   import            -> the `with` argument, in the context around the instance
 *   export            -> what is exported
 *   alias outer       -> the target, in the context of the enclosing body
 *   alias export      -> the export of that name inside the instance aliased
 *
 * until an *end* is reached: a lifted function, an instance, a component, a module, a type, a value, or
 * something of the host's. The steps from a place to its end are its *way*; each place knows the next.
 *
 *   root:  import of `user` --> alias export of `auth` --+          end: an inline instance in `auth`
 *   auth:                                                `--> export --> inline instance
 *
 * Places are kept and shared, so resolving every reference of a document costs time linear in its size. A
 * resolver sees the document as it was: after an edit make a new one. */
#ifndef WEFT_GRAPH_RESOLVE_H
#define WEFT_GRAPH_RESOLVE_H

#include "component/model.h"
#include "support/map.h"

typedef struct resolver resolver_t;
typedef struct context context_t;
typedef struct place place_t;
typedef struct scope_facts scope_facts_t;

/* One evaluation of a component body. */
struct context {
    const context_t *parent; /* where `instance` stands; NULL: the root */
    const context_t
        *lexical;     /* of the body that holds the component's definition; NULL: the root */
    def_t *instance;  /* the DEF_INSTANTIATE, in parent->scope; NULL: the root */
    def_t *component; /* the DEF_COMPONENT, in lexical->scope; NULL: the root */
    scope_t *scope;   /* the body */
    const scope_facts_t *facts;
    uint32_t depth; /* of instantiations; the root is 0 */
    uint32_t index; /* contexts are numbered as they are made; the root is 0 */
    void *owner;    /* for the user of the resolver (the graph keeps its node here) */
};

typedef enum end_kind {
    END_FUNC,      /* DEF_CANON lift */
    END_INSTANCE,  /* DEF_INLINE, or DEF_INSTANTIATE of a known component */
    END_COMPONENT, /* DEF_COMPONENT; the context is the one it is a closure of */
    END_MODULE,    /* DEF_CORE_MODULE */
    END_TYPE,      /* DEF_TYPE */
    END_VALUE,     /* DEF_VALUE, DEF_START_RESULT */
    END_HOST,      /* an import of the root, or an export of one: see weft_place_host */
    END_UNKNOWN /* of a component that the host provides: an instance of it, or an export of such */
} end_kind_t;

struct place {
    const context_t *context; /* the first two fields are the key: keep them in front */
    def_t *def;
    const place_t *next; /* one step further on the way; NULL: this is an end */
    const place_t *end;  /* where the way ends; an end's own is itself */
    /* What the step or the end depends on: of an alias export the place of the instance aliased, of an
     * instantiate the place of the component; else NULL. */
    const place_t *via;
    /* The first place on the way, this one included, that is an export whose context is the end's or
     * encloses it: the door by which the way enters for good. NULL: it does not. The doors further in
     * are door->next->door and so on. */
    const place_t *door;
    /* The first place on the way, this one included, that is an export whose context the way leaves
     * again (a component that hands on what it imported, or a re-export component). The further ones
     * are detour->next->detour. */
    const place_t *detour;
    context_t *inside; /* of a DEF_INSTANTIATE: what it makes, once somebody entered it */
    uint8_t kind;      /* of an end: end_kind_t */
    bool busy;         /* while it is being resolved */
};

/* `document` must outlive the resolver; everything handed out lives as long as the resolver. */
weft_error_t *weft_resolver_new(document_t *document, resolver_t **resolver);
void weft_resolver_delete(resolver_t *resolver);
context_t *weft_resolver_root(const resolver_t *resolver);

/* The place of `def` in `context` (whose scope holds it), resolved: place->end is set. */
weft_error_t *weft_resolve(resolver_t *resolver, const context_t *context, def_t *def,
                           const place_t **place);

/* What a DEF_INSTANTIATE of the context's scope makes; *inside NULL when the host provides the component. */
weft_error_t *weft_enter(resolver_t *resolver, const context_t *context, def_t *instance,
                         context_t **inside);

/* The export `name` of a resolved instance as a resolved place: a DEF_EXPORT inside it, or what an inline
 * instance lists. *place NULL: there is none, or the instance is not END_INSTANCE. */
weft_error_t *weft_resolve_member(resolver_t *resolver, const place_t *instance, weft_str_t name,
                                  const place_t **place);

/* The `with` argument of this name that made the context; *arg NULL: none (or the context is the root). */
weft_error_t *weft_context_arg(resolver_t *resolver, const context_t *context, weft_str_t name,
                               const named_def_t **arg);

/* Of a place whose end is END_HOST: the import of the root that stands behind it (*import; NULL: it ends
 * elsewhere). When `path` is given it gets the names of the exports taken from that import, outermost
 * first, each behind a '#'; nothing for the import itself. */
weft_error_t *weft_place_host(const place_t *place, const def_t **import, buf_t *path);

/* Whether `inner` is `outer` or made inside it. */
bool weft_context_encloses(const context_t *outer, const context_t *inner);

/* ---- what is in a scope, found in one pass ---------------------------------------------------- */

struct scope_facts {
    scope_t *scope;
    bool has_code;     /* a core instance or a canonical definition */
    def_t **instances; /* DEF_INSTANTIATE, in order */
    def_t **imports;   /* DEF_IMPORT */
    def_t **exports;   /* DEF_EXPORT */
    uint32_t instance_count, import_count, export_count;
};

weft_error_t *weft_scope_facts(resolver_t *resolver, scope_t *scope, const scope_facts_t **facts);

/* The export of a scope by name; NULL: none. */
def_t *weft_scope_export(const scope_facts_t *facts, weft_str_t name);

/* ---- the other way round: who uses a definition ------------------------------------------------ */

typedef struct use use_t;
struct use {
    def_t *user; /* a definition of the scope */
    def_t **ref; /* where it points from: in `user`, or (deep) inside its type body */
    use_t *next; /* in the scope's order */
};

typedef struct uses {
    map_t table; /* def_t * -> list of uses */
    arena_t arena;
} uses_t;

/* All references made by the definitions of one scope, in one pass. What component bodies nested in the
 * scope take from it with `alias outer` (types, modules, components) is not among them. Free with
 * weft_uses_free, also after an error. */
weft_error_t *weft_scope_uses(scope_t *scope, uses_t *uses);
void weft_uses_free(uses_t *uses);

/* One more: what `ref`, in `user`, points to now. For those who edit while they look. */
weft_error_t *weft_uses_add(uses_t *uses, def_t *user, def_t **ref);

/* The first use of a definition; NULL: none. */
const use_t *weft_uses_of(const uses_t *uses, const def_t *def);

#endif
