#include "weave/hooks.h"

#include <stddef.h>

/* X(package and interface without version, family, member) */
#define HOOK_INTERFACES(X)                                                                         \
    X("weft:hooks/before", HOOKS_WEFT, before)                                                     \
    X("weft:hooks/after", HOOKS_WEFT, after)                                                       \
    X("weft:hooks/gate", HOOKS_WEFT, gate)                                                         \
    X("weft:hooks/catalog", HOOKS_WEFT, catalog)                                                   \
    X("splicer:tier1/before", HOOKS_SPLICER, before)                                               \
    X("splicer:tier1/after", HOOKS_SPLICER, after)                                                 \
    X("splicer:tier1/blocking", HOOKS_SPLICER, gate)

static const struct {
    const char *interface;
    hook_family_t family;
    size_t member;
} interfaces[] = {
#define X(interface, family, member) {interface, family, offsetof(hooks_t, member)},
    HOOK_INTERFACES(X)
#undef X
};

/* "weft:hooks/before@0.1.0" bears the name "weft:hooks/before". */
static bool bears(weft_str_t export, const char *interface) {
    size_t len = strlen(interface);
    return export.len >= len && memcmp(export.ptr, interface, len) == 0 &&
           (export.len == len || export.ptr[len] == '@');
}

weft_error_t *weft_hooks_find(scope_t *middleware, hooks_t *hooks) {
    hooks_t found = {0};
    def_t *first[2] = {NULL, NULL};
    for (def_t *def = middleware->first; def; def = def->next) {
        if (def->kind != DEF_EXPORT || def->sort != SORT_INSTANCE) continue;
        for (size_t i = 0; i < sizeof interfaces / sizeof *interfaces; i++) {
            if (!bears(def->export_.name.name, interfaces[i].interface)) continue;
            *(def_t **)(void *)((char *)&found + interfaces[i].member) = def;
            if (interfaces[i].member == offsetof(hooks_t, catalog)) continue;
            found.family = interfaces[i].family;
            first[interfaces[i].family] = def;
        }
    }
    if (first[HOOKS_WEFT] && first[HOOKS_SPLICER])
        return weft_error_new(WEFT_INVALID,
                              "the middleware exports hooks of two families: %.*s and %.*s",
                              STR_ARG(first[HOOKS_WEFT]->export_.name.name),
                              STR_ARG(first[HOOKS_SPLICER]->export_.name.name));
    *hooks = found;
    return NULL;
}

weft_str_t weft_hook_function(hook_family_t family, const char *hook) {
    if (strcmp(hook, "before") == 0) return STR_LIT("on-call");
    if (strcmp(hook, "after") == 0) return STR_LIT("on-return");
    if (strcmp(hook, "catalog") == 0) return STR_LIT("declare");
    return family == HOOKS_WEFT ? STR_LIT("admit") : STR_LIT("should-block");
}
