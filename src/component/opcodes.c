#include "component/opcodes.h"

#include <stddef.h>

const char *weft_sort_words(sort_t sort) {
    static const char *const words[] = {
#define X(name, first, second, text) text,
        SORTS(X)
#undef X
    };
    return sort < SORT_COUNT ? words[sort] : NULL;
}

const char *weft_prim_words(prim_t prim) {
    switch (prim) {
#define X(name, opcode, text)                                                                      \
    case PRIM_##name: return text;
        PRIMS(X)
#undef X
    case PRIM_NONE: break;
    }
    return NULL;
}

const char *weft_type_op_words(type_op_t op) {
    switch (op) {
#define X(name, opcode, text)                                                                      \
    case TYPE_OP_##name: return text;
        TYPE_OPS(X)
#undef X
    case TYPE_OP_PRIM: return "primitive";
    }
    return NULL;
}

const char *weft_canon_words(canon_op_t op) {
    switch (op) {
#define X(name, opcode, text, operands)                                                            \
    case CANON_##name: return text;
        CANON_OPS(X)
#undef X
    }
    return NULL;
}

const char *weft_canon_operands(uint8_t opcode) {
    switch (opcode) {
#define X(name, code, text, operands)                                                              \
    case code: return operands;
        CANON_OPS(X)
#undef X
    default: return NULL;
    }
}
