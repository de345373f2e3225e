/* Weaving: hooks around functions of components, where the calls already cross the canonical ABI.
 *
 * A *job* is one middleware put on any number of *sites*; a site is one port (an import or an export) of
 * one node of the composition. In each woven component the core functions concerned are replaced by those of
 * one generated module that calls the hooks and then the original:
 *
 *   woven component                                    beside the middleware
 *   +------------------------------------------+       +-------------------------------------+
 *   | import weft-b0, weft-a0: func(u32, u64)  | <---- | middleware instance [, its adapter] |
 *   | lower both, generated module, ...        |       +-------------------------------------+
 *   +------------------------------------------+
 *
 * Hooks of weft:hooks are told numbers, those of splicer:tier1 a record of names (body/hook_imports.h). What a
 * middleware wants besides (targets declared once, a verdict as an enum, blocks of call numbers) is done by
 * an *adapter* component that is generated beside it.
 *
 * Weaving is cumulative: of two jobs on one function the later one is the inner one, nearer to the provider.
 * So of all jobs on one edge, those woven on the consumer's side must come before those woven on the
 * provider's side.
 *
 * Only lifts of synchronous functions and synchronous lowers are woven (of async functions too); others are
 * WEFT_UNSUPPORTED. After an error the document is half edited and must be dropped. */
#ifndef WEFT_WEAVE_WEAVE_H
#define WEFT_WEAVE_WEAVE_H

#include "component/types/typing.h"
#include "graph/resolve.h"
#include "weave/given.h"
#include "weave/hooks.h"

typedef struct weaver weaver_t;

typedef struct weave_site {
    const context_t *node; /* not the root */
    def_t *port; /* of node->scope: a DEF_EXPORT is woven on the provider's side, a DEF_IMPORT on
                              the consumer's */
    weft_str_t interface; /* what targets call it; empty for a function at the root */
    /* Which functions of the port; NULL: all. */
    bool (*selects)(weft_str_t function, void *context);
    void *context;
} weave_site_t;

typedef struct weave_job {
    weft_str_t name; /* of the middleware, for people: names it in the output and in backtraces */
    weft_bytes_t middleware; /* a component; must outlive the document */
    const weave_site_t *sites;
    size_t site_count;
    const context_t *level;      /* where the middleware stands; NULL: as far in as can be */
    const weave_given_t *givens; /* definitions of level->scope */
    size_t given_count;
} weave_job_t;

/* The resolver describes the document as it was before the first job, or before the first one since weft_weaver_forget,
 * which is to be called when another one takes its place. Jobs may clone components: what became of nodes and ports
 * is known. What a job puts in is found by a new resolver only. */
weft_error_t *weft_weaver_new(document_t *document, type_pool_t *pool, weaver_t **weaver);
void weft_weaver_delete(weaver_t *weaver);
void weft_weaver_forget(weaver_t *weaver);
weft_error_t *weft_weave(weaver_t *weaver, resolver_t *resolver, const weave_job_t *job);

/* Whether all functions that a site selects can be woven; *why (NULL: it can) says what stands in the way,
 * in a static or pool-owned string. Nothing is edited. */
weft_error_t *weft_weave_check(weaver_t *weaver, resolver_t *resolver, const weave_site_t *site,
                               const char **why);

#endif
