#include "cli/parse.h"

#include <assert.h>
#include <limits.h>

#include "cli/commands.h"
#include "support/buf.h"
#include "support/nearest.h"

const option_t weft_common_options[] = {
    {.name = "help", .letter = 'h', .help = "Show this page"},
    {.name = "quiet", .letter = 'q', .help = "Print no warnings and no progress"},
    {.name = "verbose", .letter = 'v', .repeats = true, .help = "Say more; twice for all there is"},
    {0},
};

/* ---- finding options ------------------------------------------------------------------------ */

static const option_t *find_in(const option_t *options, weft_str_t name, char letter) {
    for (const option_t *option = options; option && option->name; option++) {
        if (letter ? option->letter == letter : weft_str_eq(name, weft_str(option->name)))
            return option;
    }
    return NULL;
}

static const option_t *find(const command_t *command, weft_str_t name, char letter) {
    const option_t *found = command ? find_in(command->options, name, letter) : NULL;
    return found ? found : find_in(weft_common_options, name, letter);
}

static weft_error_t *with_page(weft_error_t *error, const command_t *command) {
    if (!command) return weft_error_with_help(error, "'weft --help' shows the usage");
    return weft_error_with_help(error, "'weft %s --help' shows the usage", command->name);
}

static weft_error_t *unknown_option(const command_t *command, weft_str_t name) {
    nearest_t nearest = {0};
    const option_t *tables[] = {command ? command->options : NULL, weft_common_options};
    for (size_t i = 0; i < 2; i++)
        for (const option_t *option = tables[i]; option && option->name; option++)
            weft_nearest_offer(&nearest, name, weft_str(option->name));
    weft_error_t *error = weft_error_new(WEFT_USAGE, "unknown option '--%.*s'", STR_ARG(name));
    if (nearest.best.len)
        error = weft_error_with_note(error, "the nearest one is '--%.*s'", STR_ARG(nearest.best));
    return with_page(error, command);
}

/* ---- checking values ------------------------------------------------------------------------ */

static bool is_word(const char *words, weft_str_t value) {
    while (*words) {
        size_t len = strcspn(words, "|");
        if (weft_str_eq(value, (weft_str_t){words, len})) return true;
        words += len + (words[len] == '|');
    }
    return false;
}

static weft_error_t *wrong_word(const command_t *command, const option_t *option,
                                const char *value) {
    nearest_t nearest = {0};
    buf_t list = {0};
    for (const char *word = option->words; *word;) {
        weft_str_t one = {word, strcspn(word, "|")};
        word += one.len + (word[one.len] == '|');
        weft_nearest_offer(&nearest, weft_str(value), one);
        if (list.len) weft_buf_str(&list, *word ? STR_LIT(", ") : STR_LIT(" or "));
        weft_buf_str(&list, one);
    }
    weft_error_t *error = weft_error_new(WEFT_USAGE, "'--%s' takes %.*s, not '%s'", option->name,
                                         STR_ARG(weft_buf_as_str(&list)), value);
    weft_buf_free(&list);
    if (nearest.best.len)
        error = weft_error_with_note(error, "the nearest one is '%.*s'", STR_ARG(nearest.best));
    return with_page(error, command);
}

/* ---- taking options ------------------------------------------------------------------------- */

typedef struct parser {
    int argc;
    char **argv;
    int at;
    invocation_t *out;
} parser_t;

static weft_error_t *take_common(parser_t *parser, const option_t *option) {
    switch (option->letter) {
    case 'h': parser->out->help = true; break;
    case 'q': parser->out->quiet = true; break;
    default: parser->out->verbose++; break;
    }
    return NULL;
}

static weft_error_t *take(parser_t *parser, const option_t *option, const char *value) {
    const option_t *common = weft_common_options;
    if (option >= common && option < common + 3) return take_common(parser, option);
    if (value && *value && option->words && !is_word(option->words, weft_str(value)))
        return wrong_word(parser->out->command, option, value);
    given_t given = {option, value};
    return VEC_PUSH(&parser->out->options, given);
}

static weft_error_t *missing_argument(const parser_t *parser, const option_t *option) {
    weft_error_t *error =
        weft_error_new(WEFT_USAGE, "'--%s' needs its argument %s", option->name, option->arg);
    return with_page(error, parser->out->command);
}

static weft_error_t *take_long(parser_t *parser, const char *text) {
    const command_t *command = parser->out->command;
    weft_str_t name = {text, strcspn(text, "=")};
    const char *value = text[name.len] ? text + name.len + 1 : NULL;
    const option_t *option = find(command, name, 0);
    if (!option) return unknown_option(command, name);
    if (!option->arg) {
        if (!value) return take(parser, option, NULL);
        weft_error_t *error = weft_error_new(WEFT_USAGE, "'--%s' takes no argument, but has '%s'",
                                             option->name, value);
        return with_page(error, command);
    }
    if (value && *value == '\0' && option->words && !option->arg_optional)
        return wrong_word(command, option, value);
    if (value) return take(parser, option, value);
    if (option->arg_optional) return take(parser, option, "");
    if (parser->at == parser->argc) return missing_argument(parser, option);
    return take(parser, option, parser->argv[parser->at++]);
}

/* `-abc`: flags a and b, then c, which may have its argument behind it or as the next word. */
static weft_error_t *take_short(parser_t *parser, const char *letters) {
    const command_t *command = parser->out->command;
    for (; *letters; letters++) {
        const option_t *option = find(command, (weft_str_t){0}, *letters);
        if (!option) {
            weft_error_t *error = weft_error_new(WEFT_USAGE, "unknown option '-%c'", *letters);
            return with_page(error, command);
        }
        if (!option->arg || option->arg_optional) {
            TRY(take(parser, option, option->arg ? "" : NULL));
            continue;
        }
        if (letters[1]) return take(parser, option, letters + 1);
        if (parser->at == parser->argc) return missing_argument(parser, option);
        return take(parser, option, parser->argv[parser->at++]);
    }
    return NULL;
}

/* ---- operands ------------------------------------------------------------------------------- */

static weft_error_t *take_word(parser_t *parser, const char *word) {
    invocation_t *out = parser->out;
    if (out->command) return VEC_PUSH(&out->operands, word);
    out->command = weft_command_find(weft_str(word));
    return out->command ? NULL : weft_command_unknown(word);
}

static weft_error_t *check_operands(const invocation_t *out) {
    unsigned long long least = 0, most = 0;
    for (const operand_t *row = out->command->operands; row && row->name; row++) {
        if (out->operands.count < least + row->min) {
            weft_error_t *error = weft_error_new(WEFT_USAGE, "operand %s is missing", row->name);
            return with_page(error, out->command);
        }
        least += row->min;
        most += row->max;
    }
    if (out->operands.count <= most) return NULL;
    weft_error_t *error =
        weft_error_new(WEFT_USAGE, "operand '%s' is one too many", out->operands.items[most]);
    if (out->command->rest)
        return weft_error_with_help(error, "arguments of the guest stand after --");
    return with_page(error, out->command);
}

static weft_error_t *check_required(const invocation_t *out) {
    for (const option_t *option = out->command->options; option && option->name; option++) {
        if (!option->required || weft_option_given(out, option->name)) continue;
        weft_error_t *error = option->letter
                                  ? weft_error_new(WEFT_USAGE, "option '-%c %s' is missing",
                                                   option->letter, option->arg)
                                  : weft_error_new(WEFT_USAGE, "option '--%s %s' is missing",
                                                   option->name, option->arg);
        return with_page(error, out->command);
    }
    return NULL;
}

/* ---- the whole line ------------------------------------------------------------------------- */

static weft_error_t *take_all(parser_t *parser) {
    while (parser->at < parser->argc) {
        const char *word = parser->argv[parser->at++];
        if (word[0] != '-' || word[1] == '\0') {
            TRY(take_word(parser, word));
        } else if (word[1] != '-') {
            TRY(take_short(parser, word + 1));
        } else if (word[2] != '\0') {
            if (!parser->out->command && strcmp(word, "--version") == 0)
                parser->out->command = &weft_cmd_version;
            else TRY(take_long(parser, word + 2));
        } else {
            break;
        }
    }
    invocation_t *out = parser->out;
    bool rest = out->command && out->command->rest;
    while (parser->at < parser->argc) {
        const char *word = parser->argv[parser->at++];
        if (rest) TRY(VEC_PUSH(&out->rest, word));
        else TRY(take_word(parser, word));
    }
    return NULL;
}

weft_error_t *weft_parse(int argc, char **argv, invocation_t *invocation) {
    *invocation = (invocation_t){0};
    parser_t parser = {argc, argv, 1, invocation};
    TRY(take_all(&parser));
    if (!invocation->command) {
        if (argc > 1 && !invocation->help)
            return with_page(weft_error_new(WEFT_USAGE, "no verb is given"), NULL);
        invocation->command = &weft_cmd_help;
        invocation->help = false;
        return NULL;
    }
    if (invocation->help) return NULL;
    TRY(check_operands(invocation));
    return check_required(invocation);
}

void weft_invocation_free(invocation_t *invocation) {
    VEC_FREE(&invocation->options);
    VEC_FREE(&invocation->operands);
    VEC_FREE(&invocation->rest);
}

/* ---- asking --------------------------------------------------------------------------------- */

static const option_t *known(const invocation_t *invocation, const char *name) {
    const option_t *option = find_in(invocation->command->options, weft_str(name), 0);
    assert(option && "an option that is not in the command's table");
    return option;
}

bool weft_option_given(const invocation_t *invocation, const char *name) {
    const option_t *option = known(invocation, name);
    for (size_t i = 0; i < invocation->options.count; i++)
        if (invocation->options.items[i].option == option) return true;
    return false;
}

const char *weft_option(const invocation_t *invocation, const char *name) {
    const option_t *option = known(invocation, name);
    for (size_t i = invocation->options.count; i-- > 0;)
        if (invocation->options.items[i].option == option)
            return invocation->options.items[i].value;
    return option ? option->fallback : NULL;
}

const char *weft_option_next(const invocation_t *invocation, const char *name, size_t *at) {
    const option_t *option = known(invocation, name);
    while (*at < invocation->options.count) {
        const given_t *given = &invocation->options.items[(*at)++];
        if (given->option == option) return given->value;
    }
    return NULL;
}
