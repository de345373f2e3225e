/* The types that type definitions make: value types, function types, resources. */
#include "component/types/entity.h"
#include "support/alloc.h"

static type_kind_t prim_kind(prim_t prim) {
    switch (prim) {
#define X(name, opcode, words)                                                                     \
    case PRIM_##name: return TYPE_##name;
        PRIMS(X)
#undef X
    case PRIM_NONE: break;
    }
    return TYPE_BOOL;
}

weft_error_t *weft_entity_valtype(type_pool_t *pool, const def_t *def, valtype_t written,
                                  const type_t **structure, const ctype_t **type) {
    if (written.prim != PRIM_NONE) {
        *structure = weft_type_prim(pool, prim_kind(written.prim));
        *type = NULL;
        return NULL;
    }
    TRY(weft_entity_ctype(def, written.def, CTYPE_VALUE, type));
    *structure = (*type)->value.type;
    return NULL;
}

weft_error_t *weft_entity_value(type_pool_t *pool, const def_t *def, valtype_t written,
                                extern_type_t *type) {
    const type_t *structure;
    type->sort = SORT_VALUE;
    TRY(weft_entity_valtype(pool, def, written, &structure, &type->type));
    return type->type ? NULL : weft_ctype_prim(pool, structure->kind, &type->type);
}

/* ---- value types ---------------------------------------------------------------------------- */

/* Labels as fields and the identities beside them; both heap arrays, freed by the caller also after an
 * error. */
typedef struct fields {
    type_field_t *items;
    const ctype_t **parts;
} fields_t;

static void free_fields(fields_t *fields) {
    weft_free(fields->items);
    weft_free(fields->parts);
}

static weft_error_t *make_fields(type_pool_t *pool, const def_t *def, fields_t *fields) {
    uint32_t count = def->type.label_count;
    fields->items = weft_alloc_zero(count, sizeof *fields->items);
    fields->parts = weft_alloc_zero(count, sizeof *fields->parts);
    if (!fields->items || !fields->parts) return weft_error_oom();
    for (uint32_t i = 0; i < count; i++) {
        const label_t *label = &def->type.labels[i];
        fields->items[i].name = label->name;
        if (!label->has_type) continue;
        TRY(weft_entity_valtype(pool, def, label->type, &fields->items[i].type, &fields->parts[i]));
    }
    return NULL;
}

static weft_error_t *make_value(type_pool_t *pool, const def_t *def, const type_t *structure,
                                const ctype_t *const *parts, uint32_t count, entity_t *entity) {
    ctype_t shape = {.kind = CTYPE_VALUE, .def = def};
    shape.value.parts = parts;
    shape.value.part_count = count;
    TRY(weft_type_intern(pool, structure, &shape.value.type));
    return weft_ctype_new(pool, &shape, &entity->type.type);
}

static weft_error_t *type_with_fields(type_pool_t *pool, const def_t *def, type_kind_t kind,
                                      entity_t *entity) {
    fields_t fields = {0};
    weft_error_t *error = make_fields(pool, def, &fields);
    type_t shape = {.kind = kind, .field_count = def->type.label_count, .fields = fields.items};
    if (!error) error = make_value(pool, def, &shape, fields.parts, shape.field_count, entity);
    free_fields(&fields);
    return error;
}

static weft_error_t *type_with_element(type_pool_t *pool, const def_t *def, type_kind_t kind,
                                       entity_t *entity) {
    const type_def_t *written = &def->type;
    const ctype_t *parts[2] = {NULL, NULL};
    type_t shape = {.kind = kind, .length = written->length};
    uint32_t count = 0;
    if (kind == TYPE_MAP) {
        TRY(weft_entity_valtype(pool, def, written->key, &shape.key, &parts[count++]));
    }
    if (written->has_element) {
        TRY(weft_entity_valtype(pool, def, written->element, &shape.element, &parts[count]));
    }
    count++;
    if (kind == TYPE_RESULT) {
        if (written->has_error) {
            TRY(weft_entity_valtype(pool, def, written->error, &shape.error, &parts[count]));
        }
        count++;
    }
    return make_value(pool, def, &shape, parts, count, entity);
}

static weft_error_t *type_handle(type_pool_t *pool, const def_t *def, type_kind_t kind,
                                 entity_t *entity) {
    const ctype_t *resource;
    TRY(weft_entity_ctype(def, def->type.resource, CTYPE_RESOURCE, &resource));
    type_t shape = {.kind = kind, .resource = resource->resource};
    return make_value(pool, def, &shape, &resource, 1, entity);
}

static weft_error_t *type_prim(type_pool_t *pool, const def_t *def, entity_t *entity) {
    type_t shape = {.kind = prim_kind(def->type.element.prim)};
    return make_value(pool, def, &shape, NULL, 0, entity);
}

/* ---- functions and resources ---------------------------------------------------------------- */

static weft_error_t *type_func(type_pool_t *pool, const def_t *def, entity_t *entity) {
    fields_t fields = {0};
    ctype_t shape = {.kind = CTYPE_FUNC, .def = def};
    func_type_t structure = {.is_async = def->type.op == TYPE_OP_ASYNC_FUNC,
                             .param_count = def->type.label_count};
    weft_error_t *error = make_fields(pool, def, &fields);
    if (!error && def->type.has_element) {
        error = weft_entity_valtype(pool, def, def->type.element, &structure.result,
                                    &shape.func.result);
    }
    structure.params = fields.items;
    shape.func.params = fields.parts;
    if (!error) error = weft_func_type_intern(pool, &structure, &shape.func.type);
    if (!error) error = weft_ctype_new(pool, &shape, &entity->type.type);
    free_fields(&fields);
    return error;
}

static weft_error_t *type_resource(type_pool_t *pool, const def_t *def, entity_t *entity) {
    ctype_t shape = {.kind = CTYPE_RESOURCE, .def = def};
    TRY(weft_resource_new(pool, STR_LIT(""), def, &shape.resource));
    TRY(weft_resource_list_new(pool, &shape.resource, 1, &entity->defined));
    return weft_ctype_new(pool, &shape, &entity->type.type);
}

weft_error_t *weft_type_type(type_pool_t *pool, def_t *def, entity_t *entity) {
    entity->type.sort = SORT_TYPE;
    switch (def->type.op) {
    case TYPE_OP_PRIM: return type_prim(pool, def, entity);
    case TYPE_OP_RECORD: return type_with_fields(pool, def, TYPE_RECORD, entity);
    case TYPE_OP_VARIANT: return type_with_fields(pool, def, TYPE_VARIANT, entity);
    case TYPE_OP_TUPLE: return type_with_fields(pool, def, TYPE_TUPLE, entity);
    case TYPE_OP_FLAGS: return type_with_fields(pool, def, TYPE_FLAGS, entity);
    case TYPE_OP_ENUM: return type_with_fields(pool, def, TYPE_ENUM, entity);
    case TYPE_OP_LIST: return type_with_element(pool, def, TYPE_LIST, entity);
    case TYPE_OP_FIXED_LIST: return type_with_element(pool, def, TYPE_FIXED_LIST, entity);
    case TYPE_OP_OPTION: return type_with_element(pool, def, TYPE_OPTION, entity);
    case TYPE_OP_RESULT: return type_with_element(pool, def, TYPE_RESULT, entity);
    case TYPE_OP_STREAM: return type_with_element(pool, def, TYPE_STREAM, entity);
    case TYPE_OP_FUTURE: return type_with_element(pool, def, TYPE_FUTURE, entity);
    case TYPE_OP_MAP: return type_with_element(pool, def, TYPE_MAP, entity);
    case TYPE_OP_OWN: return type_handle(pool, def, TYPE_OWN, entity);
    case TYPE_OP_BORROW: return type_handle(pool, def, TYPE_BORROW, entity);
    case TYPE_OP_FUNC:
    case TYPE_OP_ASYNC_FUNC: return type_func(pool, def, entity);
    case TYPE_OP_RESOURCE: return type_resource(pool, def, entity);
    case TYPE_OP_COMPONENT:
    case TYPE_OP_INSTANCE: break;
    }
    return weft_error_new(WEFT_INTERNAL, "a type with a body came where none is expected");
}
