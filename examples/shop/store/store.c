/* shop:store: a few shelves of goods. What is reserved is gone from the shelf until the hold is dropped. */
#include "store.h"

#include <stdlib.h>
#include <string.h>

typedef exports_shop_store_stock_item_t item_t;
typedef exports_shop_store_stock_shortage_t shortage_t;

typedef struct shelf {
    const char *sku;
    const char *name;
    uint32_t price;
    uint32_t available;
} shelf_t;

/* A hold that was sold holds nothing any more, so nothing goes back. */
struct exports_shop_store_stock_hold_t {
    shelf_t *shelf;
    uint32_t quantity;
};
typedef exports_shop_store_stock_hold_t hold_t;

static shelf_t shelves[] = {
    {"tea", "Darjeeling, 100 g", 890, 12},
    {"pot", "Teapot, cast iron", 5400, 2},
    {"cup", "Cup, blue glaze", 1250, 8},
};
enum { SHELVES = sizeof shelves / sizeof shelves[0] };

static void describe(const shelf_t *shelf, item_t *item) {
    store_string_dup(&item->sku, shelf->sku);
    store_string_dup(&item->name, shelf->name);
    item->price = shelf->price;
    item->available = shelf->available;
}

static shelf_t *find_shelf(const store_string_t *sku) {
    for (size_t i = 0; i < SHELVES; i++)
        if (strlen(shelves[i].sku) == sku->len && memcmp(shelves[i].sku, sku->ptr, sku->len) == 0)
            return &shelves[i];
    return NULL;
}

void exports_shop_store_stock_items(exports_shop_store_stock_list_item_t *ret) {
    ret->ptr = malloc(SHELVES * sizeof *ret->ptr);
    ret->len = SHELVES;
    for (size_t i = 0; i < SHELVES; i++) describe(&shelves[i], &ret->ptr[i]);
}

bool exports_shop_store_stock_reserve(store_string_t *sku, uint32_t quantity,
                                      exports_shop_store_stock_own_hold_t *ret, shortage_t *err) {
    shelf_t *shelf = find_shelf(sku);
    hold_t *hold;

    store_string_free(sku);
    if (!shelf) {
        err->tag = EXPORTS_SHOP_STORE_STOCK_SHORTAGE_UNKNOWN_ITEM;
        return false;
    }
    if (quantity > shelf->available) {
        err->tag = EXPORTS_SHOP_STORE_STOCK_SHORTAGE_ONLY;
        err->val.only = shelf->available;
        return false;
    }
    shelf->available -= quantity;
    hold = malloc(sizeof *hold);
    *hold = (hold_t){shelf, quantity};
    *ret = exports_shop_store_stock_hold_new(hold);
    return true;
}

void exports_shop_store_stock_method_hold_item(hold_t *self, item_t *ret) {
    describe(self->shelf, ret);
}

uint32_t exports_shop_store_stock_method_hold_quantity(hold_t *self) {
    return self->quantity;
}

void exports_shop_store_stock_static_hold_sell(exports_shop_store_stock_own_hold_t hold) {
    exports_shop_store_stock_hold_rep(hold)->quantity = 0;
    exports_shop_store_stock_hold_drop_own(hold);
}

void exports_shop_store_stock_hold_destructor(hold_t *hold) {
    hold->shelf->available += hold->quantity;
    free(hold);
}
