/* From the sites of a job to the bodies that are woven.
 *
 * A body is edited for all its instances at once. So sites are gathered by node, nodes by body; where a
 * body has instances that are not selected (or selected otherwise), the selected ones get a clone. */
#ifndef WEFT_WEAVE_SITES_PATHS_H
#define WEFT_WEAVE_SITES_PATHS_H

#include "weave/body/body.h"
#include "weave/sites/copies.h"
#include "weave/weave.h"

/* The instantiations from the root to one woven node, as they are now (in clones where there are any). */
typedef struct path {
    def_t **steps; /* DEF_INSTANTIATE; steps[i + 1] stands in the body that steps[i] instantiates */
    size_t count;
    size_t body; /* index into paths_t.bodies */
} path_t;

typedef struct woven_body {
    scope_t *scope;
    weave_site_t *sites; /* their ports are definitions of `scope` */
    size_t site_count;
} woven_body_t;

typedef struct paths {
    path_t *items;
    size_t count;
    woven_body_t *bodies;
    size_t body_count;
    arena_t arena;
} paths_t;

/* `copies` is of all jobs whose sites are from one graph. */
weft_error_t *weft_paths_find(paths_t *paths, copies_t *copies, const weave_site_t *sites,
                              size_t count);
void weft_paths_free(paths_t *paths); /* also after an error */

#endif
