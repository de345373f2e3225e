/* A middleware that prints each call it sees to stderr, indented by how deep it is:
 *
 *     -> shop:orders/api@1.0.0#place
 *       -> shop:store/stock@1.0.0#reserve
 *       <- shop:store/stock@1.0.0#reserve
 *     <- shop:orders/api@1.0.0#place
 *
 * The hooks are given numbers; the names come once, before the first call, through catalog.declare. */
#include "print.h"

#include <stdlib.h>

#include "text.h"

typedef exports_weft_hooks_catalog_target_t target_t;
typedef exports_weft_hooks_catalog_list_target_t target_list_t;

/* What was declared so far: one text per target, found by its id. */
static struct name {
    uint32_t id;
    text_t text;
} *names;
static size_t name_count;
static uint32_t depth;

static struct name *find_name(uint32_t id) {
    for (size_t i = 0; i < name_count; i++)
        if (names[i].id == id) return &names[i];
    return NULL;
}

void exports_weft_hooks_catalog_declare(target_list_t *targets) {
    names = realloc(names, (name_count + targets->len) * sizeof *names);
    for (size_t i = 0; i < targets->len; i++) {
        const target_t *target = &targets->ptr[i];
        struct name name = {.id = target->id};

        if (find_name(target->id)) /* another instance of the same component */
            continue;
        text_add_bytes(&name.text, target->interface_name.ptr, target->interface_name.len);
        text_add(&name.text, "#");
        text_add_bytes(&name.text, target->function_name.ptr, target->function_name.len);
        names[name_count++] = name;
    }
    exports_weft_hooks_catalog_list_target_free(targets);
}

static void print_line(const char *arrow, uint32_t target) {
    const struct name *name = find_name(target);
    wasi_cli_stderr_own_output_stream_t err = wasi_cli_stderr_get_stderr();
    wasi_io_streams_stream_error_t error;
    text_t line = {0};
    print_list_u8_t bytes;

    for (uint32_t i = 0; i < depth; i++) text_add(&line, "  ");
    text_add(&line, arrow);
    if (name) text_add_bytes(&line, name->text.ptr, name->text.len);
    else text_add_number(&line, target);
    text_add(&line, "\n");

    bytes = (print_list_u8_t){(uint8_t *)line.ptr, line.len};
    if (!wasi_io_streams_method_output_stream_blocking_write_and_flush(
            wasi_io_streams_borrow_output_stream(err), &bytes, &error))
        wasi_io_streams_stream_error_free(&error);
    wasi_io_streams_output_stream_drop_own(err);
    free(line.ptr);
}

void exports_weft_hooks_before_on_call(uint32_t target, uint64_t call) {
    (void)call;
    print_line("-> ", target);
    depth++;
}

void exports_weft_hooks_after_on_return(uint32_t target, uint64_t call) {
    (void)call;
    depth--;
    print_line("<- ", target);
}
