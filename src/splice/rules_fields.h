/* Taking typed fields out of a YAML mapping: each function reads one field, reports what is wrong with it and
 * carries on, so that one run finds everything. What they return is only ever lack of memory. */
#ifndef WEFT_SPLICE_RULES_FIELDS_H
#define WEFT_SPLICE_RULES_FIELDS_H

#include "splice/rules.h"

typedef struct form {
    yaml_file_t *file;
    findings_t *errors, *warnings;
} form_t;

/* An error at a place of the file; report it with weft_form_add or weft_form_warn. */
#define weft_form_error(form, at, ...) weft_yaml_error((form)->file, (at), __VA_ARGS__)
void weft_form_add(form_t *form, weft_error_t *error);
void weft_form_warn(form_t *form, weft_error_t *error);

/* Where a key of a mapping stands; the mapping's place when the key is absent. */
uint32_t weft_form_key_at(const yaml_t *map, const char *key);

/* Warns of keys that are not in the list (ended by NULL). */
weft_error_t *weft_form_keys(form_t *form, const yaml_t *map, const char *const *known);

/* "`key` is missing"; "`key` must be WANTED, this is a list". */
weft_error_t *weft_form_missing(form_t *form, const yaml_t *map, const char *key);
weft_error_t *weft_form_kind_error(form_t *form, const yaml_t *value, const char *key,
                                   const char *wanted);
weft_error_t *weft_form_wrong_kind(form_t *form, const yaml_t *value, const char *key,
                                   const char *wanted);

/* "an entry of `key` must be a mapping, this is text" */
weft_error_t *weft_form_wrong_entry(form_t *form, const yaml_t *value, const char *key);

/* A text that is not empty. */
weft_error_t *weft_form_text(form_t *form, const yaml_t *map, const char *key, bool required,
                             text_t *text);

/* One text or a list of them. */
weft_error_t *weft_form_texts(form_t *form, const yaml_t *map, const char *key, bool required,
                              texts_t *texts);

/* One word of a list (ended by NULL): its index; *index stays when the key is absent. */
weft_error_t *weft_form_word(form_t *form, const yaml_t *map, const char *key,
                             const char *const *words, size_t *index);

#endif
