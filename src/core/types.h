/* The types of core WebAssembly as far as weft looks at them: what a module imports and exports. */
#ifndef WEFT_CORE_TYPES_H
#define WEFT_CORE_TYPES_H

#include <weft/base.h>

/* Value types by their byte in the binary format. Others (abstract references of the GC proposal) keep
 * their byte too. */
enum {
    CORE_I32 = 0x7f,
    CORE_I64 = 0x7e,
    CORE_F32 = 0x7d,
    CORE_F64 = 0x7c,
    CORE_V128 = 0x7b,
    CORE_FUNCREF = 0x70,
    CORE_EXTERNREF = 0x6f,
    CORE_REF = 0x64,     /* (ref $t): the byte stands for any $t */
    CORE_REF_NULL = 0x63 /* (ref null $t) */
};

/* A function signature: one byte for each value. References to concrete types are told apart by their
 * first byte only, so two signatures that contain CORE_REF or CORE_REF_NULL may differ although their
 * bytes agree; what the canonical ABI makes never contains them. */
typedef struct core_sig {
    const uint8_t *params, *results;
    uint32_t param_count, result_count;
} core_sig_t;

static inline bool weft_core_sig_eq(core_sig_t a, core_sig_t b) {
    return a.param_count == b.param_count && a.result_count == b.result_count &&
           (!a.param_count || memcmp(a.params, b.params, a.param_count) == 0) &&
           (!a.result_count || memcmp(a.results, b.results, a.result_count) == 0);
}

/* What a module imports and exports, by its byte in the binary format. */
typedef enum core_kind {
    CORE_FUNC = 0x00,
    CORE_TABLE = 0x01,
    CORE_MEMORY = 0x02,
    CORE_GLOBAL = 0x03,
    CORE_TAG = 0x04
} core_kind_t;

/* The limits of a table (in elements) or a memory (in pages). */
typedef struct core_size {
    uint64_t min, max; /* max is 0 unless has_max */
    bool has_max, shared, is_64;
    bool has_page;     /* a memory that states its page size; else it is 64 KiB */
    uint8_t page_log2; /* of the page size in bytes */
} core_size_t;

/* The type of an import or export; which fields hold follows from the kind. */
typedef struct core_item {
    core_kind_t kind;
    core_sig_t sig;   /* func, tag */
    core_size_t size; /* table, memory */
    uint8_t value;    /* table: element type; global: content */
    bool is_mutable;  /* global */
} core_item_t;

#endif
