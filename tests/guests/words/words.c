#include "words.h"

#include "text.h"

typedef exports_test_words_case_list_word_t word_list_t;

static void capitals(words_string_t *string) {
    for (size_t i = 0; i < string->len; i++)
        if (string->ptr[i] >= 'a' && string->ptr[i] <= 'z')
            string->ptr[i] -= 'a' - 'A';
}

void exports_test_words_case_shout(words_string_t *text, words_string_t *ret) {
    capitals(text);
    *ret = *text;
}

void exports_test_words_case_say(word_list_t *words, words_string_t *ret) {
    text_t text = {0};

    for (size_t i = 0; i < words->len; i++) {
        if (words->ptr[i].loud)
            capitals(&words->ptr[i].text);
        if (i != 0)
            text_add(&text, " ");
        text_add_bytes(&text, words->ptr[i].text.ptr, words->ptr[i].text.len);
    }
    exports_test_words_case_list_word_free(words);
    *ret = (words_string_t){(uint8_t *)text.ptr, text.len};
}
