/* One line per step; what is expected stands in the tests. */
#include "bank_user.h"

#include <stdlib.h>

#include "text.h"

typedef test_bank_accounts_own_account_t own_t;
typedef test_bank_accounts_borrow_account_t borrow_t;

static bank_user_list_string_t lines;

static void say(const char *what, uint32_t number) {
    text_t line = {0};

    text_add(&line, what);
    text_add(&line, " ");
    text_add_number(&line, number);
    lines.ptr = realloc(lines.ptr, (lines.len + 1) * sizeof *lines.ptr);
    lines.ptr[lines.len++] = (bank_user_string_t){(uint8_t *)line.ptr, line.len};
}

static void say_text(const char *what, bank_user_string_t *string) {
    text_t line = {0};

    text_add(&line, what);
    text_add(&line, " ");
    text_add_bytes(&line, string->ptr, string->len);
    bank_user_string_free(string);
    lines.ptr = realloc(lines.ptr, (lines.len + 1) * sizeof *lines.ptr);
    lines.ptr[lines.len++] = (bank_user_string_t){(uint8_t *)line.ptr, line.len};
}

static own_t open_account(const char *owner, uint32_t balance) {
    bank_user_string_t name;

    bank_user_string_set(&name, owner);
    return test_bank_accounts_constructor_account(&name, balance);
}

static void transfer(borrow_t from, borrow_t to, uint32_t amount) {
    bank_user_string_t error;
    uint32_t left;

    if (test_bank_accounts_transfer(from, to, amount, &left, &error)) say("left", left);
    else say_text("refused:", &error);
}

static void say_richest(borrow_t *accounts, size_t count) {
    test_bank_accounts_list_borrow_account_t list = {accounts, count};
    bank_user_string_t name;

    if (test_bank_accounts_richest(&list, &name)) say_text("richest", &name);
    else say("richest of", 0);
}

static void open_many(void) {
    bank_user_string_t names[3];
    bank_user_list_string_t list = {names, 3};
    test_bank_accounts_list_own_account_t many;

    bank_user_string_set(&names[0], "x");
    bank_user_string_set(&names[1], "");
    bank_user_string_set(&names[2], "z");
    test_bank_accounts_static_account_open_many(&list, &many);
    say("opened", (uint32_t)many.len);
    say("live", test_bank_accounts_live());
    for (size_t i = 0; i < many.len; i++) test_bank_accounts_account_drop_own(many.ptr[i]);
    free(many.ptr);
}

void exports_test_bank_user_report_run(bank_user_list_string_t *ret) {
    own_t ada, grace, both;
    borrow_t some[2];
    bank_user_string_t name;

    lines = (bank_user_list_string_t){0};
    ada = open_account("Ada", 100);
    grace = open_account("Grace", 50);
    some[0] = test_bank_accounts_borrow_account(ada);
    some[1] = test_bank_accounts_borrow_account(grace);
    say("deposit", test_bank_accounts_method_account_deposit(some[1], 70));
    transfer(some[0], some[1], 30);
    transfer(some[0], some[1], 300);
    say_richest(some, 2);
    say_richest(some, 0);
    say("live", test_bank_accounts_live());
    open_many();
    both = test_bank_accounts_static_account_merge(ada, grace);
    test_bank_accounts_method_account_owner(test_bank_accounts_borrow_account(both), &name);
    say_text("owner", &name);
    say("balance",
        test_bank_accounts_method_account_deposit(test_bank_accounts_borrow_account(both), 0));
    say("live", test_bank_accounts_live());
    test_bank_accounts_account_drop_own(both);
    say("live", test_bank_accounts_live());
    *ret = lines;
}
