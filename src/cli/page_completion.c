/* Shell completion. The bash script is the one with the knowledge; zsh runs it through bashcompinit; fish has
 * its own declarative form. */
#include "cli/commands.h"
#include "cli/pages.h"

/* The command that lists what a kind completes to, for bash; $cur is the word so far. */
static const char *bash_action(complete_t kind) {
    switch (kind) {
    case COMPLETE_WASM: return "_weft_files 'wasm|wat'";
    case COMPLETE_YAML: return "_weft_files 'yaml|yml'";
    case COMPLETE_FILE: return "COMPREPLY=($(compgen -f -- \"$cur\"))";
    case COMPLETE_DIR: return "COMPREPLY=($(compgen -d -- \"$cur\"))";
    case COMPLETE_VERB: return "COMPREPLY=($(compgen -W \"$verbs\" -- \"$cur\"))";
    case COMPLETE_NONE: break;
    }
    return "COMPREPLY=()";
}

static void words(buf_t *out, const char *list) {
    for (; *list; list++) weft_buf_byte(out, (uint8_t)(*list == '|' ? ' ' : *list));
}

static void bash_option_words(buf_t *out, const option_t *option) {
    for (; option && option->name; option++) {
        weft_buf_printf(out, " --%s", option->name);
        if (option->letter) weft_buf_printf(out, " -%c", option->letter);
    }
}

static void bash_option_args(buf_t *out, const command_t *command) {
    for (const option_t *option = command->options; option && option->name; option++) {
        if (!option->arg || option->arg_optional) continue;
        weft_buf_printf(out, "    %s:--%s", command->name, option->name);
        if (option->letter) weft_buf_printf(out, "|%s:-%c", command->name, option->letter);
        weft_buf_printf(out, ") ");
        if (option->words) {
            weft_buf_printf(out, "COMPREPLY=($(compgen -W \"");
            words(out, option->words);
            weft_buf_printf(out, "\" -- \"$cur\"))");
        } else {
            weft_buf_printf(out, "%s", bash_action(option->complete));
        }
        weft_buf_printf(out, "; return ;;\n");
    }
}

static void bash(buf_t *out) {
    weft_buf_printf(
        out, "_weft_files() {\n"
             "  local ext=$1 file\n"
             "  COMPREPLY=($(compgen -d -S / -- \"$cur\"))\n"
             "  while IFS= read -r file; do\n"
             "    [[ $file =~ \\.($ext)$ ]] && COMPREPLY+=(\"$file\")\n"
             "  done < <(compgen -f -- \"$cur\")\n"
             "}\n"
             "_weft() {\n"
             "  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} verb= i\n"
             "  local verbs=\"");
    for (const command_t *const *verb = weft_commands; *verb; verb++)
        weft_buf_printf(out, "%s%s", verb == weft_commands ? "" : " ", (*verb)->name);
    weft_buf_printf(out, "\"\n"
                         "  for ((i = 1; i < COMP_CWORD; i++)); do\n"
                         "    [[ ${COMP_WORDS[i]} != -* ]] && { verb=${COMP_WORDS[i]}; break; }\n"
                         "  done\n"
                         "  case $verb:$prev in\n");
    for (const command_t *const *verb = weft_commands; *verb; verb++) bash_option_args(out, *verb);
    weft_buf_printf(
        out, "  esac\n"
             "  case $verb in\n"
             "    '') COMPREPLY=($(compgen -W \"$verbs --help --version\" -- \"$cur\")) ;;\n");
    for (const command_t *const *verb = weft_commands; *verb; verb++) {
        weft_buf_printf(out, "    %s)\n      if [[ $cur == -* ]]; then COMPREPLY=($(compgen -W \"",
                        (*verb)->name);
        size_t start = out->len;
        bash_option_words(out, (*verb)->options);
        bash_option_words(out, weft_common_options);
        if (out->len > start) memmove(out->data + start, out->data + start + 1, --out->len - start);
        complete_t kind = (*verb)->operands ? (*verb)->operands->complete : COMPLETE_NONE;
        weft_buf_printf(out, "\" -- \"$cur\"))\n      else %s; fi ;;\n", bash_action(kind));
    }
    weft_buf_printf(out, "  esac\n"
                         "}\n"
                         "complete -o filenames -F _weft weft\n");
}

static void zsh(buf_t *out) {
    weft_buf_printf(out, "#compdef weft\nautoload -U +X bashcompinit && bashcompinit\n");
    bash(out);
}

/* A string in single quotes for fish. */
static void fish_quoted(buf_t *out, const char *text) {
    weft_buf_byte(out, '\'');
    for (; *text; text++) {
        if (*text == '\'' || *text == '\\') weft_buf_byte(out, '\\');
        weft_buf_byte(out, (uint8_t)*text);
    }
    weft_buf_byte(out, '\'');
}

static void fish_options(buf_t *out, const command_t *command, const option_t *option) {
    for (; option && option->name; option++) {
        weft_buf_printf(out, "complete -c weft");
        if (command) weft_buf_printf(out, " -n '__fish_seen_subcommand_from %s'", command->name);
        weft_buf_printf(out, " -l %s", option->name);
        if (option->letter) weft_buf_printf(out, " -s %c", option->letter);
        if (option->arg && !option->arg_optional) {
            weft_buf_printf(out, option->complete == COMPLETE_NONE ? " -x" : " -r");
            if (option->words) {
                weft_buf_printf(out, " -a '");
                words(out, option->words);
                weft_buf_printf(out, "'");
            } else if (option->complete == COMPLETE_DIR) {
                weft_buf_printf(out, " -a '(__fish_complete_directories)'");
            }
        }
        weft_buf_printf(out, " -d ");
        fish_quoted(out, option->help);
        weft_buf_byte(out, '\n');
    }
}

static void fish(buf_t *out) {
    for (const command_t *const *verb = weft_commands; *verb; verb++) {
        weft_buf_printf(out, "complete -c weft -n __fish_use_subcommand -f -a %s -d ",
                        (*verb)->name);
        fish_quoted(out, (*verb)->summary);
        weft_buf_byte(out, '\n');
        fish_options(out, *verb, (*verb)->options);
    }
    fish_options(out, NULL, weft_common_options);
}

void weft_page_completion(buf_t *out, const char *shell) {
    if (strcmp(shell, "bash") == 0) bash(out);
    else if (strcmp(shell, "zsh") == 0) zsh(out);
    else fish(out);
}
