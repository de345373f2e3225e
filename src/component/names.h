/* The names of imports and exports (Explainer.md, Import and Export Definitions) and the versions in them.
 *
 *   run-it                      label
 *   [constructor]file           constructor of the resource `file`
 *   [method]file.read           method, [static]file.open static function
 *   [get]level, [set]level      accessors, also [method][get]file.size and [static][get]file.count
 *   ns:pkg/iface@1.2.3          interface; ns:pkg/iface without a version
 *   unlocked-dep=<ns:pkg@...>   dependencies, url=<...> and integrity=<...>: imports of components only */
#ifndef WEFT_COMPONENT_NAMES_H
#define WEFT_COMPONENT_NAMES_H

#include "support/buf.h"

typedef enum name_kind {
    NAME_LABEL,
    NAME_CONSTRUCTOR,
    NAME_METHOD,
    NAME_STATIC,
    NAME_INTERFACE,
    NAME_DEPENDENCY,
    NAME_URL,
    NAME_HASH
} name_kind_t;

typedef enum accessor { ACCESSOR_NONE, ACCESSOR_GET, ACCESSOR_SET } accessor_t;

/* A name taken apart; all strings point into it. */
typedef struct name {
    name_kind_t kind;
    accessor_t accessor;   /* of a label, a method or static function */
    weft_str_t label;      /* of a label, a method or static function (`read`) */
    weft_str_t resource;   /* of a constructor, method or static function (`file`) */
    weft_str_t package;    /* of an interface: `ns:pkg` (also `ns:nested:pkg`) */
    weft_str_t interface_; /* `iface` (also `iface/nested`) */
    weft_str_t version;    /* `1.2.3`; ptr NULL: none */
} name_t;

/* An error (WEFT_INVALID, without place) says what is wrong with the name. The version of an interface is
 * not looked at: it may go on in an attribute (weft_name_check_version). */
weft_error_t *weft_name_parse(weft_str_t text, name_t *name);

/* `suffix` is the `versionsuffix` attribute; ptr NULL: none. */
weft_error_t *weft_name_check_version(const name_t *name, weft_str_t suffix);

/* A label: words of lower case or acronyms of upper case letters and digits, joined by hyphens. */
bool weft_label_valid(weft_str_t label);

/* Appends the form by which names are told apart: two names of one scope must not have the same (Explainer.md,
 * Name Uniqueness). Case does not count, hyphens do (not so in wasm-tools and Wasmtime). */
void weft_name_key(buf_t *out, weft_str_t text);

typedef enum name_match {
    NAMES_DIFFER,
    NAMES_COMPATIBLE, /* one interface in two versions of which either may stand for the other */
    NAMES_EQUAL
} name_match_t;

/* May the one be given where the other is asked for, as far as names go (the types decide the rest)? */
name_match_t weft_names_match(weft_str_t a, weft_str_t b);

#endif
