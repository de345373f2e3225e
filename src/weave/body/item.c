#include "weave/body/item.h"

#include "abi/default.h"
#include "component/edit/copy.h"

static weft_error_t *refuse(collector_t *c, const char *why) {
    if (!c->why_not) c->why_not = why;
    return NULL;
}

static const canon_opt_t *find_opt(const canon_opts_t *opts, opt_t opt) {
    for (uint32_t i = 0; i < opts->count; i++)
        if (opts->items[i].opt == opt) return &opts->items[i];
    return NULL;
}

/* Core GC values and async lifts and lowers have other recipes. */
static const char *unwovable(const canon_opts_t *opts) {
    if (find_opt(opts, OPT_GC) || find_opt(opts, OPT_CORE_TYPE))
        return "it uses the garbage-collected form of the canonical ABI";
    if (find_opt(opts, OPT_ASYNC)) return "it is lifted or lowered asynchronously";
    return NULL;
}

static weft_error_t *func_type(collector_t *c, def_t *func, const func_type_t **type) {
    extern_type_t found;
    TRY(weft_typing_def(c->pool, func, &found));
    if (found.sort != SORT_FUNC || !found.type || found.type->kind != CTYPE_FUNC)
        return weft_error_at(WEFT_INTERNAL, weft_def_offset(func), "a function without a type");
    *type = found.type->func.type;
    return NULL;
}

/* The memory that is named, and the ABI that goes with it; *abi NULL: nothing is known of the memory. */
static weft_error_t *memory_of(collector_t *c, const canon_opts_t *opts, item_t *item,
                               abi_t **abi) {
    const canon_opt_t *memory = find_opt(opts, OPT_MEMORY);
    bool known = true;
    if (memory) {
        item->memory = memory->def;
        TRY(weft_memory_type(&c->memories, memory->def, &item->memory_type, &known));
    }
    *abi = !known ? NULL : item->memory_type.is_64 ? &c->abis->wide : &c->abis->narrow;
    return NULL;
}

static const char UNKNOWN_MEMORY[] = "its memory is of a module that comes from an instance";

static weft_error_t *add_item(collector_t *c, item_t *item) {
    item->first_use = NULL;
    for (size_t i = 0; i < item->slots.count; i++) {
        def_t *user = item->slots.items[i].user;
        if (!item->first_use || user->order < item->first_use->order) item->first_use = user;
    }
    weft_error_t *error = item->first_use ? VEC_PUSH(&c->items, *item) : NULL;
    if (error || !item->first_use) VEC_FREE(&item->slots);
    return error;
}

/* ---- provider side ---- */

static size_t use_count(const uses_t *uses, const def_t *def) {
    size_t count = 0;
    for (const use_t *use = weft_uses_of(uses, def); use; use = use->next) count++;
    return count;
}

typedef struct referrer {
    uses_t *uses;
    def_t *user;
} referrer_t;

static weft_error_t *note_use(def_t **ref, void *context) {
    const referrer_t *referrer = context;
    return weft_uses_add(referrer->uses, referrer->user, ref);
}

/* A copy of a definition, behind it: what it refers to is shared from now on. */
static weft_error_t *clone_shallow(collector_t *c, def_t *def, def_t **clone) {
    def_t *copy;
    TRY(weft_def_copy(def->scope, def, &copy));
    copy->name = (weft_str_t){0};
    if (def->kind == DEF_INSTANTIATE) c->copied_instances = true;
    weft_def_insert(def->scope, def->next, copy);
    *clone = copy;
    return weft_def_refs(copy, false, note_use, &(referrer_t){&c->uses, copy});
}

/* The first hop whose target others use too; from there on the way must be a copy of its own. */
static size_t first_shared(const collector_t *c, const hops_t *hops) {
    for (size_t i = 0; i < hops->count; i++)
        if (use_count(&c->uses, *hops->items[i].slot) > 1) return i;
    return hops->count;
}

/* The reference of `copy` that stands where `slot` stands in `def`. */
static def_t **same_slot(def_t *def, def_t *copy, def_t **slot) {
    if (def->kind == DEF_ALIAS_EXPORT) return &copy->alias.target;
    bool is_inline = def->kind == DEF_INLINE;
    named_def_t *old = is_inline ? def->inline_.exports : def->instantiate.args;
    named_def_t *new = is_inline ? copy->inline_.exports : copy->instantiate.args;
    uint32_t i = 0;
    while (&old[i].def != slot) i++;
    return &new[i].def;
}

/* Gives the selected function a way of its own from hop `from` on, down to a lift of its own. Hops behind
 * a copied definition are looked for again in the copy, at the same place. */
static weft_error_t *unshare(collector_t *c, hops_t *hops, size_t from, def_t **lift) {
    for (size_t i = from; i < hops->count; i++) {
        def_t *shared = *hops->items[i].slot, *copy = NULL;
        TRY(clone_shallow(c, shared, &copy));
        *hops->items[i].slot = copy;
        weft_def_touch(hops->items[i].user);
        if (i + 1 == hops->count) {
            *lift = copy;
            break;
        }
        hop_t *next = &hops->items[i + 1];
        next->user = copy;
        next->slot = same_slot(shared, copy, next->slot);
    }
    return NULL;
}

/* ---- exports that refer to exports ----
 *
 *   (export $a "a" (func $f))  (export "b" (func $a))
 *
 * `a` stands on its own and on the way of `b`. Before either is woven the way is led past it, which changes nothing
 * for a function. An instance is a door to named types too, so that is left alone. */

static weft_error_t *point_at(collector_t *c, def_t *user, def_t **ref, def_t *def) {
    *ref = def;
    weft_def_touch(user);
    return weft_uses_add(&c->uses, user, ref);
}

static weft_error_t *pass_exports(collector_t *c, hops_t *hops) {
    for (size_t i = 0; i < hops->count; i++) {
        while ((*hops->items[i].slot)->kind == DEF_EXPORT) {
            const hop_t *hop = &hops->items[i];
            TRY(point_at(c, hop->user, hop->slot, (*hop->slot)->export_.target));
            hops->count--;
            memmove(&hops->items[i + 1], &hops->items[i + 2],
                    (hops->count - i - 1) * sizeof *hops->items);
        }
    }
    return NULL;
}

/* Whoever uses the exported function gets what is exported, without the hooks of this export. (Types that are taken
 * from an exported instance must be: they have their names by it.) */
static weft_error_t *leave_port(collector_t *c, def_t *port) {
    if (port->sort != SORT_FUNC) return NULL;
    for (const use_t *use = weft_uses_of(&c->uses, port); use; use = use->next)
        if (*use->ref == port) TRY(point_at(c, use->user, use->ref, port->export_.target));
    return NULL;
}

static bool passes_instance_export(const hops_t *hops) {
    for (size_t i = 0; i < hops->count; i++) {
        const def_t *def = *hops->items[i].slot;
        if (def->kind == DEF_EXPORT && def->sort != SORT_FUNC) return true;
    }
    return false;
}

/* Whether the function of an exported instance is used by way of the export. */
static bool is_used_by_export(const collector_t *c, const def_t *port, weft_str_t function) {
    if (port->sort == SORT_FUNC) return false;
    for (const use_t *use = weft_uses_of(&c->uses, port); use; use = use->next) {
        const def_t *user = use->user;
        if (user->kind != DEF_ALIAS_EXPORT ||
            (user->sort == SORT_FUNC && weft_str_eq(user->alias.name, function)))
            return true;
    }
    return false;
}

/* Whether every hop behind `from` can be copied. */
static bool can_unshare(const hops_t *hops, size_t from) {
    for (size_t i = from; i < hops->count; i++)
        if ((*hops->items[i].slot)->kind == DEF_IMPORT) return false;
    return true;
}

static weft_error_t *add_lift(collector_t *c, const weave_site_t *site, weft_str_t function,
                              hops_t *hops, def_t *lift) {
    item_t item = {.interface = site->interface, .function = function};
    TRY(func_type(c, lift, &item.type));
    abi_t *abi;
    const char *why = unwovable(&lift->canon.opts);
    if (!why && item.type->is_async) why = "it is an async function";
    if (why) return refuse(c, why);
    TRY(memory_of(c, &lift->canon.opts, &item, &abi));
    if (!abi) return refuse(c, UNKNOWN_MEMORY);
    if (passes_instance_export(hops) || is_used_by_export(c, site->port, function))
        return refuse(c, "an export of it is used elsewhere in the component");
    if (c->edit) {
        TRY(pass_exports(c, hops));
        TRY(leave_port(c, site->port));
    }
    size_t shared = first_shared(c, hops);
    if (shared < hops->count) {
        if (!can_unshare(hops, shared))
            return refuse(c, "an export of it is used elsewhere in the component");
        if (c->edit) TRY(unshare(c, hops, shared, &lift));
    }
    TRY(weft_abi_lift(abi, item.type, (abi_options_t){0}, &item.abi));
    hop_t *innermost = weft_map_get_ptr(c->innermost, lift);
    hop_t slot = innermost ? *innermost : (hop_t){lift, &lift->canon.func};
    item.lift = lift;
    item.original = *slot.slot;
    TRY(VEC_PUSH(&item.slots, slot));
    return add_item(c, &item);
}

static weft_error_t *collect_export(collector_t *c, const weave_site_t *site, weft_str_t function) {
    hops_t hops = {0};
    def_t *lift;
    if (site->selects && !site->selects(function, site->context)) return NULL;
    weft_error_t *error = weft_trace_lift(
        c->resolver, site->port,
        function.len && site->port->sort == SORT_INSTANCE ? function : (weft_str_t){0}, &hops,
        &lift);
    if (!error)
        error = lift ? add_lift(c, site, function, &hops, lift)
                     : refuse(c, "it is not lifted in the component that exports it");
    VEC_FREE(&hops);
    return error;
}

static weft_error_t *collect_exports(collector_t *c, const weave_site_t *site) {
    extern_type_t type;
    if (site->port->sort == SORT_FUNC)
        return collect_export(c, site, site->port->export_.name.name);
    TRY(weft_typing_def(c->pool, site->port, &type));
    const extern_list_t *exports = &type.type->instance.exports;
    for (uint32_t i = 0; i < exports->count; i++)
        if (exports->items[i].type.sort == SORT_FUNC)
            TRY(collect_export(c, site, exports->items[i].name));
    return NULL;
}

/* ---- consumer side ---- */

/* Whether the result has a default; one that is unreasonably large counts as none. */
static weft_error_t *find_default(item_t *item) {
    abi_pointers_t pointers = {0};
    weft_error_t *error = item->type->result ? weft_abi_default(item->abi.result, &pointers) : NULL;
    VEC_FREE(&pointers);
    item->can_skip = !error;
    if (!error) return NULL;
    weft_code_t code = weft_error_code(error);
    if (code != WEFT_UNSUPPORTED && code != WEFT_LIMIT) return error;
    weft_error_delete(error);
    return NULL;
}

/* Whether a skipped call touches memory: for a result behind an address, for handles in lists or behind one. */
static bool needs_memory(const item_t *item) {
    if (!item->can_skip) return false;
    if (item->abi.result_in_memory) return true;
    return weft_handles_any(item->type) &&
           (item->abi.params_in_memory || item->abi.params->has_pointer);
}

static weft_error_t *add_lower(collector_t *c, const weave_site_t *site, const lowered_t *lowered) {
    def_t *lower = lowered->lower;
    item_t item = {.interface = site->interface, .original = lower};
    item.function = lowered->name.len ? lowered->name : site->port->import.name.name;
    TRY(func_type(c, lowered->func, &item.type));
    abi_t *abi;
    const char *why = unwovable(&lower->canon.opts);
    if (why) return refuse(c, why);
    TRY(memory_of(c, &lower->canon.opts, &item, &abi));
    if (!abi) return refuse(c, UNKNOWN_MEMORY);
    TRY(weft_abi_lower(abi, item.type, (abi_options_t){0}, &item.abi));
    if (c->skips) TRY(find_default(&item));
    if (!needs_memory(&item)) item.memory = NULL;
    if (item.can_skip) TRY(weft_handles_note(&c->handles, item.type));
    weft_error_t *error = NULL;
    for (const use_t *use = weft_uses_of(&c->uses, lower); use && !error; use = use->next)
        error = VEC_PUSH(&item.slots, (hop_t){use->user, use->ref});
    if (error) VEC_FREE(&item.slots);
    return error ? error : add_item(c, &item);
}

static weft_error_t *collect_imports(collector_t *c, const weave_site_t *site) {
    lowereds_t lowers = {0};
    weft_error_t *error = weft_trace_lowers(&c->uses, site->port, &lowers);
    for (size_t i = 0; i < lowers.count && !error; i++) {
        const lowered_t *lowered = &lowers.items[i];
        weft_str_t name = lowered->name.len ? lowered->name : site->port->import.name.name;
        if (!site->selects || site->selects(name, site->context))
            error = add_lower(c, site, lowered);
    }
    VEC_FREE(&lowers);
    return error;
}

weft_error_t *weft_collect(collector_t *c, const weave_site_t *site) {
    scope_t *scope = site->node->scope;
    weft_scope_order(scope);
    return site->port->kind == DEF_EXPORT ? collect_exports(c, site) : collect_imports(c, site);
}

void weft_collector_free(collector_t *c) {
    for (size_t i = 0; i < c->items.count; i++) VEC_FREE(&c->items.items[i].slots);
    VEC_FREE(&c->items);
    weft_handles_free(&c->handles);
    weft_uses_free(&c->uses);
    weft_memories_free(&c->memories);
}
