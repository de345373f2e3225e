/* Accounts, counted as they come and go. */
#include "bank.h"

#include <stdlib.h>

struct exports_test_bank_accounts_account_t {
    bank_string_t owner;
    uint32_t balance;
};
typedef exports_test_bank_accounts_account_t account_t;
typedef exports_test_bank_accounts_own_account_t own_t;

static uint32_t live;

static own_t open_account(bank_string_t owner, uint32_t balance) {
    account_t *account = malloc(sizeof *account);

    *account = (account_t){owner, balance};
    live++;
    return exports_test_bank_accounts_account_new(account);
}

own_t exports_test_bank_accounts_constructor_account(bank_string_t *owner, uint32_t balance) {
    return open_account(*owner, balance);
}

void exports_test_bank_accounts_account_destructor(account_t *account) {
    live--;
    bank_string_free(&account->owner);
    free(account);
}

void exports_test_bank_accounts_method_account_owner(account_t *self, bank_string_t *ret) {
    bank_string_dup_n(ret, (const char *)self->owner.ptr, self->owner.len);
}

uint32_t exports_test_bank_accounts_method_account_deposit(account_t *self, uint32_t amount) {
    return self->balance += amount;
}

own_t exports_test_bank_accounts_static_account_merge(own_t a, own_t b) {
    account_t *first = exports_test_bank_accounts_account_rep(a);
    account_t *second = exports_test_bank_accounts_account_rep(b);
    bank_string_t owner;
    own_t merged;

    exports_test_bank_accounts_method_account_owner(first, &owner);
    merged = open_account(owner, first->balance + second->balance);
    exports_test_bank_accounts_account_drop_own(a);
    exports_test_bank_accounts_account_drop_own(b);
    return merged;
}

void exports_test_bank_accounts_static_account_open_many(
    bank_list_string_t *owners, exports_test_bank_accounts_list_own_account_t *ret) {
    ret->ptr = malloc(owners->len * sizeof *ret->ptr);
    ret->len = owners->len;
    for (size_t i = 0; i < owners->len; i++) ret->ptr[i] = open_account(owners->ptr[i], 0);
    if (owners->len != 0) free(owners->ptr);
}

bool exports_test_bank_accounts_transfer(account_t *from, account_t *to, uint32_t amount,
                                         uint32_t *ret, bank_string_t *err) {
    if (from->balance < amount) {
        bank_string_dup(err, "not enough money");
        return false;
    }
    from->balance -= amount;
    to->balance += amount;
    *ret = from->balance;
    return true;
}

bool exports_test_bank_accounts_richest(exports_test_bank_accounts_list_borrow_account_t *accounts,
                                        bank_string_t *ret) {
    account_t *richest = NULL;

    for (size_t i = 0; i < accounts->len; i++)
        if (!richest || accounts->ptr[i]->balance > richest->balance) richest = accounts->ptr[i];
    if (richest) exports_test_bank_accounts_method_account_owner(richest, ret);
    if (accounts->len != 0) free(accounts->ptr);
    return richest != NULL;
}

uint32_t exports_test_bank_accounts_live(void) {
    return live;
}
