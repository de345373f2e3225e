#include "cli/text.h"

void weft_text_spaces(buf_t *out, size_t count) {
    while (count--) weft_buf_byte(out, ' ');
}

void weft_text_wrap(buf_t *out, const char *text, size_t indent, size_t at, size_t width) {
    bool first = true;
    while (*text) {
        size_t gap = strspn(text, " \n");
        bool paragraph = false;
        for (size_t i = 0; i + 1 < gap; i++) paragraph |= text[i] == '\n' && text[i + 1] == '\n';
        text += gap;
        size_t len = strcspn(text, " \n");
        if (len == 0) break;
        if (paragraph && !first) {
            weft_buf_str(out, STR_LIT("\n\n"));
            weft_text_spaces(out, indent);
            at = indent;
        } else if (!first && at + 1 + len > width) {
            weft_buf_byte(out, '\n');
            weft_text_spaces(out, indent);
            at = indent;
        } else if (!first) {
            weft_buf_byte(out, ' ');
            at++;
        }
        weft_buf_str(out, (weft_str_t){text, len});
        at += len;
        text += len;
        first = false;
    }
}
