/* The rules file, version 1: what people write to say which edges get which middleware.
 *
 * The format is splicer's (2.x), so that its files work as they are, and weft's additions to it. The file is
 * read into a YAML tree (support/yaml.h), then into these structures; every value keeps its place, so that what
 * is found out later (a rule that selects nothing, a middleware that does not fit) still points into the file.
 *
 *   version: 1
 *   rules:
 *     - before:  { interface, provider }               every edge into a provider of the interface
 *       between: { interface, inner, outer }           the edge from outer to inner
 *       on-node: { name, direction, interface }        the edges of a node
 *       on-subgraph: { nodes, direction, interface }   the edges that enter or leave a set of nodes
 *       functions: [...]                               only these functions
 *       except: [{ interface, provider, consumer, functions }]
 *       how: auto | weave | proxy
 *       inject:
 *         - { name, path, instances, wire, config }
 *         - builtin: NAME or { name, alias, config }
 *
 * A rule has exactly one of the first four. */
#ifndef WEFT_SPLICE_RULES_H
#define WEFT_SPLICE_RULES_H

#include "support/yaml.h"

/* A text and its place; `str.ptr` NULL: not given. */
typedef struct text {
    weft_str_t str;
    uint32_t at; /* byte offset in the file */
} text_t;

typedef struct texts {
    text_t *items;
    uint32_t count;
} texts_t;

typedef enum rule_kind { RULE_BEFORE, RULE_BETWEEN, RULE_ON_NODE, RULE_ON_SUBGRAPH } rule_kind_t;

typedef enum direction { DIRECTION_IN = 1, DIRECTION_OUT = 2, DIRECTION_BOTH = 3 } direction_t;

typedef enum how { HOW_AUTO, HOW_WEAVE, HOW_PROXY } how_t;

/* A node by name or glob; the alias is its name in the WAC output. */
typedef struct node_pattern {
    text_t name, alias;
} node_pattern_t;

/* An edge that fits everything given is left out; with functions: only these of its functions. */
typedef struct exception {
    uint32_t at;
    texts_t interfaces, providers, consumers, functions;
} exception_t;

typedef struct wire {
    text_t interface, node;
} wire_t;

typedef struct inject {
    uint32_t at;
    text_t name;    /* of the middleware in this composition, unique over all rules */
    text_t path;    /* as written */
    text_t builtin; /* instead of a path */
    bool per_edge;  /* each edge has an instance of its own */
    wire_t *wires;
    uint32_t wire_count;
    const yaml_t *config; /* a mapping, or NULL */
} inject_t;

typedef struct rule {
    uint32_t at;
    uint32_t number; /* from 1 */
    rule_kind_t kind;
    texts_t interfaces;      /* on-node, on-subgraph: none means every interface */
    node_pattern_t provider; /* before: optional; between: the inner node */
    node_pattern_t consumer; /* between: the outer node */
    texts_t nodes;           /* on-node: one pattern; on-subgraph: any number */
    direction_t direction;
    texts_t functions; /* none: every function */
    exception_t *exceptions;
    uint32_t exception_count;
    how_t how;
    inject_t *injects; /* the first is the outermost, nearest the caller */
    uint32_t inject_count;
} rule_t;

typedef struct rules {
    yaml_file_t file; /* everything lives in its arena */
    rule_t *items;
    uint32_t count;
    weft_error_t *warnings; /* what does not stop anything: unknown keys */
} rules_t;

/* Reads a rules file's text; `name` is the file's, for errors. All that is wrong with it comes in one list of
 * errors. `rules` is written on success only and freed with weft_rules_free. */
weft_error_t *weft_rules_read(weft_str_t name, weft_str_t text, rules_t *rules);
void weft_rules_free(rules_t *rules);

/* The word for a kind, as it is written: "before". */
const char *weft_rule_kind_name(rule_kind_t kind);

#endif
