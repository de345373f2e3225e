/* shop:front: shows the menu and the receipt as text. */
#include "front.h"

#include <stdlib.h>
#include <string.h>

#include "text.h"

typedef shop_orders_api_line_t line_t;
typedef shop_orders_api_list_line_t lines_t;
typedef shop_orders_api_receipt_t receipt_t;
typedef shop_orders_api_refusal_t refusal_t;

enum { PRICE_COLUMN = 30 };

static void add_string(text_t *text, const front_string_t *string) {
    text_add_bytes(text, string->ptr, string->len);
}

static void add_receipt(text_t *text, const receipt_t *receipt) {
    text_add(text, "Order ");
    text_add_number(text, receipt->number);
    text_add(text, " for ");
    add_string(text, &receipt->customer);
    for (size_t i = 0; i < receipt->sales.len; i++) {
        const shop_orders_api_sale_t *sale = &receipt->sales.ptr[i];
        text_add(text, "\n  ");
        text_add_number(text, sale->quantity);
        text_add(text, " x ");
        add_string(text, &sale->name);
        text_pad_to(text, PRICE_COLUMN);
        text_add_cents(text, sale->price);
    }
    text_add(text, "\n  total");
    text_pad_to(text, PRICE_COLUMN);
    text_add_cents(text, receipt->total);
}

static void add_refusal(text_t *text, const refusal_t *refusal) {
    text_add(text, "Sorry, ");
    switch (refusal->tag) {
    case SHOP_ORDERS_API_REFUSAL_NOTHING_ORDERED: text_add(text, "you ordered nothing."); break;
    case SHOP_ORDERS_API_REFUSAL_UNKNOWN_ITEM:
        text_add(text, "we have no \"");
        add_string(text, &refusal->val.unknown_item);
        text_add(text, "\".");
        break;
    case SHOP_ORDERS_API_REFUSAL_OUT_OF_STOCK:
        text_add(text, "of \"");
        add_string(text, &refusal->val.out_of_stock.sku);
        text_add(text, "\" we have ");
        text_add_number(text, refusal->val.out_of_stock.available);
        text_add(text, ", not ");
        text_add_number(text, refusal->val.out_of_stock.wanted);
        text_add(text, ".");
        break;
    }
}

/* The caller keeps what it passes. */
static text_t order(front_string_t *customer, lines_t *lines) {
    receipt_t receipt;
    refusal_t refusal;
    text_t text = {0};

    if (shop_orders_api_place(customer, lines, &receipt, &refusal)) {
        add_receipt(&text, &receipt);
        shop_orders_api_receipt_free(&receipt);
    } else {
        add_refusal(&text, &refusal);
        shop_orders_api_refusal_free(&refusal);
    }
    return text;
}

static text_t menu_line(const shop_store_stock_item_t *item) {
    text_t text = {0};

    add_string(&text, &item->sku);
    text_pad_to(&text, 6);
    add_string(&text, &item->name);
    text_pad_to(&text, PRICE_COLUMN);
    text_add_cents(&text, item->price);
    if (item->available == 0) text_add(&text, "  (sold out)");
    return text;
}

void exports_shop_front_app_order(front_string_t *customer,
                                  exports_shop_front_app_list_line_t *lines, front_string_t *ret) {
    lines_t list = {lines->ptr, lines->len};
    text_t text = order(customer, &list);

    ret->ptr = (uint8_t *)text.ptr;
    ret->len = text.len;
    front_string_free(customer);
    exports_shop_front_app_list_line_free(lines);
}

void exports_shop_front_app_menu(front_list_string_t *ret) {
    shop_orders_api_list_item_t items;

    shop_orders_api_menu(&items);
    ret->ptr = malloc(items.len * sizeof *ret->ptr);
    ret->len = items.len;
    for (size_t i = 0; i < items.len; i++) {
        text_t line = menu_line(&items.ptr[i]);
        ret->ptr[i] = (front_string_t){(uint8_t *)line.ptr, line.len};
    }
    shop_orders_api_list_item_free(&items);
}

static bool print(text_t *text) {
    wasi_cli_stdout_own_output_stream_t out = wasi_cli_stdout_get_stdout();
    front_list_u8_t bytes = {(uint8_t *)text->ptr, text->len};
    wasi_io_streams_stream_error_t error;
    bool ok = wasi_io_streams_method_output_stream_blocking_write_and_flush(
        wasi_io_streams_borrow_output_stream(out), &bytes, &error);

    if (!ok) wasi_io_streams_stream_error_free(&error);
    wasi_io_streams_output_stream_drop_own(out);
    free(text->ptr);
    return ok;
}

static void add_order(text_t *text, const char *customer, line_t *lines, size_t count) {
    front_string_t name;
    lines_t list = {lines, count};
    text_t receipt;

    front_string_set(&name, customer);
    receipt = order(&name, &list);
    text_add_bytes(text, receipt.ptr, receipt.len);
    text_add(text, "\n");
    free(receipt.ptr);
}

static line_t line(const char *sku, uint32_t quantity) {
    line_t line = {.quantity = quantity};

    front_string_set(&line.sku, sku);
    return line;
}

bool exports_wasi_cli_run_run(void) {
    line_t first[] = {line("tea", 2), line("cup", 4)};
    line_t second[] = {line("cup", 1), line("pot", 3)};
    front_list_string_t menu;
    text_t text = {0};

    exports_shop_front_app_menu(&menu);
    for (size_t i = 0; i < menu.len; i++) {
        add_string(&text, &menu.ptr[i]);
        text_add(&text, "\n");
    }
    front_list_string_free(&menu);
    add_order(&text, "Ada", first, 2);
    add_order(&text, "Grace", second, 2);
    return print(&text);
}
