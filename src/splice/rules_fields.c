#include "splice/rules_fields.h"

#include "support/buf.h"
#include "support/nearest.h"

void weft_form_add(form_t *form, weft_error_t *error) {
    weft_findings_add(form->errors, error);
}

void weft_form_warn(form_t *form, weft_error_t *error) {
    weft_findings_add(form->warnings, error);
}

uint32_t weft_form_key_at(const yaml_t *map, const char *key) {
    for (uint32_t i = 0; i < map->count; i++)
        if (weft_str_eq(map->keys[i]->text, weft_str(key))) return map->keys[i]->at;
    return map->at;
}

static bool is_known(weft_str_t key, const char *const *known) {
    for (size_t i = 0; known[i]; i++)
        if (weft_str_eq(key, weft_str(known[i]))) return true;
    return false;
}

/* "`a`, `b` and `c`" */
static void list_words(buf_t *out, const char *const *words, const char *last_joint) {
    for (size_t i = 0; words[i]; i++) {
        const char *joint = i == 0 ? "" : words[i + 1] ? ", " : last_joint;
        weft_buf_printf(out, "%s`%s`", joint, words[i]);
    }
}

static weft_error_t *warn_unknown(form_t *form, const yaml_t *key, const char *const *known) {
    weft_error_t *warning = weft_form_error(
        form, key->at, "the key `%.*s` is not known and has no effect", STR_ARG(key->text));
    nearest_t nearest = {0};
    for (size_t i = 0; known[i]; i++) {
        weft_nearest_offer(&nearest, key->text, weft_str(known[i]));
        /* `provider_name` for `provider` */
        bool longer = strncmp(key->text.ptr, known[i], strlen(known[i])) == 0;
        if (!nearest.best.len && longer) nearest.best = weft_str(known[i]);
    }
    buf_t words = {0};
    list_words(&words, known, " and ");
    if (nearest.best.len)
        warning = weft_error_with_help(warning, "did you mean `%.*s`?", STR_ARG(nearest.best));
    else if (!words.failed)
        warning =
            weft_error_with_note(warning, "known here: %.*s", STR_ARG(weft_buf_as_str(&words)));
    weft_buf_free(&words);
    weft_form_warn(form, warning);
    return NULL;
}

weft_error_t *weft_form_keys(form_t *form, const yaml_t *map, const char *const *known) {
    for (uint32_t i = 0; i < map->count; i++)
        if (!is_known(map->keys[i]->text, known)) TRY(warn_unknown(form, map->keys[i], known));
    return NULL;
}

weft_error_t *weft_form_missing(form_t *form, const yaml_t *map, const char *key) {
    for (uint32_t i = 0; i < map->count; i++) {
        if (!weft_str_eq(map->keys[i]->text, weft_str(key))) continue;
        weft_form_add(form, weft_form_error(form, map->keys[i]->at, "`%s` has no value", key));
        return NULL;
    }
    weft_form_add(form, weft_form_error(form, map->at, "`%s` is missing", key));
    return NULL;
}

weft_error_t *weft_form_kind_error(form_t *form, const yaml_t *value, const char *key,
                                   const char *wanted) {
    return weft_form_error(form, value->at, "`%s` must be %s, this is %s", key, wanted,
                           weft_yaml_kind_name(value));
}

weft_error_t *weft_form_wrong_kind(form_t *form, const yaml_t *value, const char *key,
                                   const char *wanted) {
    if (value->kind != YAML_REFUSED)
        weft_form_add(form, weft_form_kind_error(form, value, key, wanted));
    return NULL;
}

weft_error_t *weft_form_wrong_entry(form_t *form, const yaml_t *value, const char *key) {
    if (value->kind == YAML_REFUSED) return NULL;
    weft_error_t *error =
        weft_form_error(form, value->at, "an entry of `%s` must be a mapping, this is %s", key,
                        weft_yaml_kind_name(value));
    if (strcmp(key, "inject") == 0)
        error =
            weft_error_with_help(error, "write `- { name: ..., path: ... }` or `- builtin: ...`");
    weft_form_add(form, error);
    return NULL;
}

static weft_error_t *take_text(form_t *form, const yaml_t *value, const char *key, text_t *text) {
    if (value->kind != YAML_TEXT) return weft_form_wrong_kind(form, value, key, "text");
    *text = (text_t){value->text, value->at};
    if (!value->text.len)
        weft_form_add(form, weft_form_error(form, value->at, "`%s` must not be empty", key));
    return NULL;
}

weft_error_t *weft_form_text(form_t *form, const yaml_t *map, const char *key, bool required,
                             text_t *text) {
    yaml_t *value = weft_yaml_get(map, key);
    if (value) return take_text(form, value, key, text);
    return required ? weft_form_missing(form, map, key) : NULL;
}

weft_error_t *weft_form_texts(form_t *form, const yaml_t *map, const char *key, bool required,
                              texts_t *texts) {
    yaml_t *value = weft_yaml_get(map, key);
    if (!value) return required ? weft_form_missing(form, map, key) : NULL;
    bool list = value->kind == YAML_LIST;
    if (!list && value->kind != YAML_TEXT)
        return weft_form_wrong_kind(form, value, key, "text or a list of texts");
    if (list && !value->count) {
        weft_form_add(form, weft_form_error(form, value->at, "`%s` is an empty list", key));
        return NULL;
    }
    uint32_t count = list ? value->count : 1;
    texts->items = ARENA_ARRAY(&form->file->arena, text_t, count);
    if (!texts->items) return weft_error_oom();
    for (uint32_t i = 0; i < count; i++) {
        text_t text = {0};
        TRY(take_text(form, list ? value->items[i] : value, key, &text));
        if (text.str.len) texts->items[texts->count++] = text;
    }
    return NULL;
}

weft_error_t *weft_form_word(form_t *form, const yaml_t *map, const char *key,
                             const char *const *words, size_t *index) {
    text_t text = {0};
    TRY(weft_form_text(form, map, key, false, &text));
    if (!text.str.len) return NULL;
    nearest_t nearest = {0};
    for (size_t i = 0; words[i]; i++) {
        weft_nearest_offer(&nearest, text.str, weft_str(words[i]));
        if (!weft_str_eq(text.str, weft_str(words[i]))) continue;
        *index = i;
        return NULL;
    }
    buf_t list = {0};
    list_words(&list, words, " or ");
    weft_error_t *error = weft_form_error(form, text.at, "`%s` is `%.*s`", key, STR_ARG(text.str));
    if (!list.failed)
        error = weft_error_with_note(error, "it may be %.*s", STR_ARG(weft_buf_as_str(&list)));
    if (nearest.best.len)
        error = weft_error_with_help(error, "did you mean `%.*s`?", STR_ARG(nearest.best));
    weft_buf_free(&list);
    weft_form_add(form, error);
    return NULL;
}
