/* The custom sections that a component writer must understand: "component-name" speaks of definitions by
 * index, "producers" is signed by every tool. All others are carried along as they are. */
#ifndef WEFT_COMPONENT_BINARY_CUSTOM_H
#define WEFT_COMPONENT_BINARY_CUSTOM_H

#include "component/model.h"

/* A name section as it was laid out: its subsections in order. Names themselves are kept at the
 * definitions (def->name) and at the scope, so an edit cannot make them lie. */
typedef struct name_part {
    uint8_t id; /* 0: the component's name, 1: names of one sort, else: unknown, dropped on edits */
    sort_t sort;        /* id 1 */
    weft_bytes_t bytes; /* unknown: the content */
} name_part_t;

typedef struct name_section {
    name_part_t *parts;
    uint32_t count;
} name_section_t;

/* A "component-name" section's content for the scope as it is now; `section` may be NULL. */
void weft_names_write(buf_t *out, const scope_t *scope, const name_section_t *section);

/* Whether any definition of the scope has a name. */
bool weft_names_any(const scope_t *scope);

#endif
