/* Wiring separate components into one.
 *
 *   inputs                          result
 *   front   wants api, io           (import io)                     what nobody provides, once per interface
 *   orders  wants stock, has api    (component ...) x 3             each component once, as it came in
 *   store   has stock               (instance store)                providers before consumers
 *                                   (instance orders (with stock))
 *                                   (instance front (with api) (with io))
 *                                   (export ...)                    what nobody consumes
 *
 * A *unit* is one input, instantiated once. Its imports are *wants*, its exports *offers*. A want is met by the
 * offer of another unit with the same name, for interfaces in a version that goes together (support/version.h);
 * what nobody offers is *left over*: an import of the result.
 *
 * The steps, one file each: read.c (units), wire.c (offers to wants, order), leftover.c (imports of the
 * result), build.c (definitions), check.c (types), export.c. Each says everything that is wrong before the next begins. */
#ifndef WEFT_COMPOSE_COMPOSE_H
#define WEFT_COMPOSE_COMPOSE_H

#include "component/edit/build.h"
#include "component/edit/transplant.h"
#include "component/model.h"
#include "component/types/type.h"
#include "support/map.h"

typedef struct unit unit_t;
typedef struct want want_t;
typedef struct offer offer_t;
typedef struct leftover leftover_t;

/* ---- what is asked for ---------------------------------------------------------------------- */

typedef struct compose_input {
    weft_str_t name;    /* of the unit; unique */
    weft_str_t path;    /* for errors */
    weft_bytes_t bytes; /* a component */
} compose_input_t;

/* An import wired by hand. */
typedef struct compose_wire {
    weft_str_t unit;
    weft_str_t import;   /* with or without version */
    weft_str_t provider; /* a unit, or "host" to leave it over */
} compose_wire_t;

/* Everything is borrowed and outlives the composition. */
typedef struct compose_options {
    const compose_input_t *inputs;
    size_t input_count;
    const compose_wire_t *wires;
    size_t wire_count;
    const weft_str_t
        *exports; /* units whose exports become the result's; none: what nobody consumes */
    size_t export_count;
} compose_options_t;

/* ---- what was found ------------------------------------------------------------------------- */

struct want {
    unit_t *unit;
    def_t *import; /* in the unit's body; units of equal bytes share it */
    weft_str_t name, base, version;
    offer_t *offer;       /* NULL: left over */
    leftover_t *leftover; /* NULL: met by an offer */
    bool by_hand;         /* a wire of the options said so */
};

struct offer {
    unit_t *unit;
    def_t *export_; /* in the unit's body */
    weft_str_t name, base, version;
    offer_t *next_same_base; /* of any unit */
    uint32_t taken;          /* by how many wants */
    def_t *alias;            /* in the result, once somebody needs it */
};

struct unit {
    weft_str_t name, path;
    weft_bytes_t bytes;
    def_t *component; /* in the result; one of equal inputs */
    scope_t *body;
    want_t *wants;
    offer_t *offers;
    uint32_t want_count, offer_count;
    uint8_t visited; /* while putting in order */
    def_t *instance; /* in the result */
};

/* An import of the result. */
struct leftover {
    weft_str_t base, version;  /* the highest */
    const extern_name_t *name; /* of that version */
    const want_t *asked;       /* one of the wants; NULL: only types are needed */
    VEC(def_t *) imports;      /* those it stands for, the `full` ones first */
    size_t full;               /* how many give all their exports, not only types */
    leftover_t *next_same_base;
    uint8_t visited; /* while putting in order */
    def_t *import;   /* in the result */
};

typedef struct compose {
    const compose_options_t *options;
    document_t *document; /* the result */
    unit_t *units;
    size_t unit_count;
    VEC(unit_t *) order;         /* providers before consumers */
    VEC(leftover_t *) leftovers; /* those whose types others use before the others */
    VEC(offer_t *) exports;      /* of the result */
    map_t offers_by_base;        /* offer_t, linked by next_same_base */
    map_t leftovers_by_base;
    type_pool_t *pool; /* while the types are checked and after */
} compose_t;

/* Does all of it; the result is `document`. Several errors may be joined. */
weft_error_t *weft_compose_new(const compose_options_t *options, compose_t **compose);
void weft_compose_delete(compose_t *compose);

/* What was wired to what, for people and (a jansson document) for programs; appended to `out`. */
weft_error_t *weft_compose_plan_text(const compose_t *compose, buf_t *out);
weft_error_t *weft_compose_plan_json(const compose_t *compose, buf_t *out);

/* The same as a WAC document. */
weft_error_t *weft_compose_wac(const compose_t *compose, buf_t *out);

/* Imports that were left over although some unit offers the interface in a version that does not go together: a
 * list of errors to be shown as warnings, NULL for none. */
weft_error_t *weft_compose_near_misses(const compose_t *compose);

/* ---- the steps ------------------------------------------------------------------------------ */

weft_error_t *weft_compose_read(compose_t *compose);
weft_error_t *weft_compose_wire(compose_t *compose);
weft_error_t *weft_compose_leave(compose_t *compose);
weft_error_t *weft_compose_build(compose_t *compose);
weft_error_t *weft_compose_check(compose_t *compose);
weft_error_t *weft_compose_export(compose_t *compose);
weft_error_t *weft_compose_check_result(compose_t *compose);

/* What an offer is in the result: an alias, made at the first request. */
def_t *weft_compose_offered(builder_t *b, offer_t *offer);

/* By name; NULL: none. */
unit_t *weft_compose_unit(const compose_t *compose, weft_str_t name);

#endif
