/* shop:orders: reserves every line at the store, then sells all of them. When one cannot be had, the holds of
 * the others are dropped, and the store puts the goods back. */
#include "orders.h"

#include <stdlib.h>

typedef exports_shop_orders_api_line_t line_t;
typedef exports_shop_orders_api_sale_t sale_t;
typedef exports_shop_orders_api_refusal_t refusal_t;
typedef shop_store_stock_own_hold_t hold_t;

static uint32_t orders_placed;

/* Takes the line's sku: on failure it goes into the refusal. */
static bool reserve(line_t *line, hold_t *hold, refusal_t *refusal) {
    shop_store_stock_shortage_t shortage;

    if (shop_store_stock_reserve(&line->sku, line->quantity, hold, &shortage)) {
        orders_string_free(&line->sku);
        return true;
    }
    if (shortage.tag == SHOP_STORE_STOCK_SHORTAGE_UNKNOWN_ITEM) {
        refusal->tag = EXPORTS_SHOP_ORDERS_API_REFUSAL_UNKNOWN_ITEM;
        refusal->val.unknown_item = line->sku;
    } else {
        refusal->tag = EXPORTS_SHOP_ORDERS_API_REFUSAL_OUT_OF_STOCK;
        refusal->val.out_of_stock.sku = line->sku;
        refusal->val.out_of_stock.wanted = line->quantity;
        refusal->val.out_of_stock.available = shortage.val.only;
    }
    return false;
}

static void sell(hold_t hold, sale_t *sale) {
    shop_store_stock_item_t item;
    shop_store_stock_borrow_hold_t borrowed = shop_store_stock_borrow_hold(hold);

    shop_store_stock_method_hold_item(borrowed, &item);
    sale->name = item.name;
    sale->quantity = shop_store_stock_method_hold_quantity(borrowed);
    sale->price = item.price * sale->quantity;
    orders_string_free(&item.sku);
    shop_store_stock_static_hold_sell(hold);
}

void exports_shop_orders_api_menu(exports_shop_orders_api_list_item_t *ret) {
    shop_store_stock_list_item_t items;

    shop_store_stock_items(&items);
    ret->ptr = items.ptr;
    ret->len = items.len;
}

bool exports_shop_orders_api_place(orders_string_t *customer,
                                   exports_shop_orders_api_list_line_t *lines,
                                   exports_shop_orders_api_receipt_t *ret, refusal_t *err) {
    size_t count = lines->len, held = 0;
    hold_t *holds = malloc(count * sizeof *holds);
    bool ok = count != 0;

    if (!ok) err->tag = EXPORTS_SHOP_ORDERS_API_REFUSAL_NOTHING_ORDERED;
    while (ok && held < count)
        if ((ok = reserve(&lines->ptr[held], &holds[held], err))) held++;

    if (ok) {
        ret->number = ++orders_placed;
        ret->customer = *customer;
        ret->sales.ptr = malloc(count * sizeof(sale_t));
        ret->sales.len = count;
        ret->total = 0;
        for (size_t i = 0; i < count; i++) {
            sell(holds[i], &ret->sales.ptr[i]);
            ret->total += ret->sales.ptr[i].price;
        }
    } else {
        for (size_t i = 0; i < held; i++) shop_store_stock_hold_drop_own(holds[i]);
        for (size_t i = held + 1; i < count; i++) /* those never asked for */
            orders_string_free(&lines->ptr[i].sku);
        orders_string_free(customer);
    }
    free(holds);
    if (count != 0) free(lines->ptr);
    return ok;
}
