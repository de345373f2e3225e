/* Any text given as a rules file is read or refused, never more. */
#include "splice/rules.h"

/* libfyaml 0.7.12 loses 4 KiB of its own when a quoted text of many quotes does not end. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void) {
    return "leak:libfyaml";
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    rules_t rules;
    weft_error_t *error =
        weft_rules_read(weft_str("fuzz.yaml"), (weft_str_t){(const char *)data, size}, &rules);
    if (error) {
        char *text = NULL;
        weft_error_delete(weft_error_render(error, &text));
        weft_free(text);
        weft_error_delete(error);
    } else {
        weft_rules_free(&rules);
    }
    return 0;
}
