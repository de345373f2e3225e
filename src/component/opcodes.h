/* The tables of the component binary format (Binary.md): one row per opcode, from which the reader, the
 * writer and the printers are made. */
#ifndef WEFT_COMPONENT_OPCODES_H
#define WEFT_COMPONENT_OPCODES_H

#include <stdint.h>

/* Index spaces. X(name, first byte, second byte or 0, what people call it) */
#define SORTS(X)                                                                                   \
    X(CORE_FUNC, 0x00, 0x00, "core func")                                                          \
    X(CORE_TABLE, 0x00, 0x01, "core table")                                                        \
    X(CORE_MEMORY, 0x00, 0x02, "core memory")                                                      \
    X(CORE_GLOBAL, 0x00, 0x03, "core global")                                                      \
    X(CORE_TAG, 0x00, 0x04, "core tag")                                                            \
    X(CORE_TYPE, 0x00, 0x10, "core type")                                                          \
    X(CORE_MODULE, 0x00, 0x11, "core module")                                                      \
    X(CORE_INSTANCE, 0x00, 0x12, "core instance")                                                  \
    X(FUNC, 0x01, 0x00, "func")                                                                    \
    X(VALUE, 0x02, 0x00, "value")                                                                  \
    X(TYPE, 0x03, 0x00, "type")                                                                    \
    X(COMPONENT, 0x04, 0x00, "component")                                                          \
    X(INSTANCE, 0x05, 0x00, "instance")

typedef enum sort {
#define X(name, first, second, words) SORT_##name,
    SORTS(X)
#undef X
        SORT_COUNT,
    SORT_NONE = SORT_COUNT
} sort_t;

/* Sections of a component. */
typedef enum section {
    SECTION_CUSTOM,
    SECTION_CORE_MODULE,
    SECTION_CORE_INSTANCE,
    SECTION_CORE_TYPE,
    SECTION_COMPONENT,
    SECTION_INSTANCE,
    SECTION_ALIAS,
    SECTION_TYPE,
    SECTION_CANON,
    SECTION_START,
    SECTION_IMPORT,
    SECTION_EXPORT,
    SECTION_VALUE,
    SECTION_COUNT
} section_t;

/* Primitive value types. X(name, opcode, WIT name) */
#define PRIMS(X)                                                                                   \
    X(BOOL, 0x7f, "bool")                                                                          \
    X(S8, 0x7e, "s8")                                                                              \
    X(U8, 0x7d, "u8")                                                                              \
    X(S16, 0x7c, "s16")                                                                            \
    X(U16, 0x7b, "u16")                                                                            \
    X(S32, 0x7a, "s32")                                                                            \
    X(U32, 0x79, "u32")                                                                            \
    X(S64, 0x78, "s64")                                                                            \
    X(U64, 0x77, "u64")                                                                            \
    X(F32, 0x76, "f32")                                                                            \
    X(F64, 0x75, "f64")                                                                            \
    X(CHAR, 0x74, "char")                                                                          \
    X(STRING, 0x73, "string")                                                                      \
    X(ERROR_CONTEXT, 0x64, "error-context")

typedef enum prim {
    PRIM_NONE = 0,
#define X(name, opcode, words) PRIM_##name = opcode,
    PRIMS(X)
#undef X
} prim_t;

/* Type constructors. X(name, opcode, words) */
#define TYPE_OPS(X)                                                                                \
    X(RECORD, 0x72, "record")                                                                      \
    X(VARIANT, 0x71, "variant")                                                                    \
    X(LIST, 0x70, "list")                                                                          \
    X(TUPLE, 0x6f, "tuple")                                                                        \
    X(FLAGS, 0x6e, "flags")                                                                        \
    X(ENUM, 0x6d, "enum")                                                                          \
    X(OPTION, 0x6b, "option")                                                                      \
    X(RESULT, 0x6a, "result")                                                                      \
    X(OWN, 0x69, "own")                                                                            \
    X(BORROW, 0x68, "borrow")                                                                      \
    X(FIXED_LIST, 0x67, "fixed-length list")                                                       \
    X(STREAM, 0x66, "stream")                                                                      \
    X(FUTURE, 0x65, "future")                                                                      \
    X(MAP, 0x63, "map")                                                                            \
    X(FUNC, 0x40, "func")                                                                          \
    X(ASYNC_FUNC, 0x43, "async func")                                                              \
    X(COMPONENT, 0x41, "component")                                                                \
    X(INSTANCE, 0x42, "instance")                                                                  \
    X(RESOURCE, 0x3f, "resource")

typedef enum type_op {
    TYPE_OP_PRIM = 0,
#define X(name, opcode, words) TYPE_OP_##name = opcode,
    TYPE_OPS(X)
#undef X
} type_op_t;

/* Canonical definitions. The operands that follow the opcode are one letter each, in binary order:
 *   F core func (behind a 0x00), f func (behind a 0x00), o options, t type, c core type,
 *   r result list, b flag byte, v core value type and u32 (a context slot), m core memory, T core table */
#define CANON_OPS(X)                                                                               \
    X(LIFT, 0x00, "lift", "Fot")                                                                   \
    X(LOWER, 0x01, "lower", "fo")                                                                  \
    X(RESOURCE_NEW, 0x02, "resource.new", "t")                                                     \
    X(RESOURCE_DROP, 0x03, "resource.drop", "t")                                                   \
    X(RESOURCE_REP, 0x04, "resource.rep", "t")                                                     \
    X(TASK_CANCEL, 0x05, "task.cancel", "")                                                        \
    X(SUBTASK_CANCEL, 0x06, "subtask.cancel", "b")                                                 \
    X(TASK_RETURN, 0x09, "task.return", "ro")                                                      \
    X(CONTEXT_GET, 0x0a, "context.get", "v")                                                       \
    X(CONTEXT_SET, 0x0b, "context.set", "v")                                                       \
    X(THREAD_YIELD, 0x0c, "thread.yield", "b")                                                     \
    X(SUBTASK_DROP, 0x0d, "subtask.drop", "")                                                      \
    X(STREAM_NEW, 0x0e, "stream.new", "t")                                                         \
    X(STREAM_READ, 0x0f, "stream.read", "to")                                                      \
    X(STREAM_WRITE, 0x10, "stream.write", "to")                                                    \
    X(STREAM_CANCEL_READ, 0x11, "stream.cancel-read", "tb")                                        \
    X(STREAM_CANCEL_WRITE, 0x12, "stream.cancel-write", "tb")                                      \
    X(STREAM_DROP_READABLE, 0x13, "stream.drop-readable", "t")                                     \
    X(STREAM_DROP_WRITABLE, 0x14, "stream.drop-writable", "t")                                     \
    X(FUTURE_NEW, 0x15, "future.new", "t")                                                         \
    X(FUTURE_READ, 0x16, "future.read", "to")                                                      \
    X(FUTURE_WRITE, 0x17, "future.write", "to")                                                    \
    X(FUTURE_CANCEL_READ, 0x18, "future.cancel-read", "tb")                                        \
    X(FUTURE_CANCEL_WRITE, 0x19, "future.cancel-write", "tb")                                      \
    X(FUTURE_DROP_READABLE, 0x1a, "future.drop-readable", "t")                                     \
    X(FUTURE_DROP_WRITABLE, 0x1b, "future.drop-writable", "t")                                     \
    X(ERROR_CONTEXT_NEW, 0x1c, "error-context.new", "o")                                           \
    X(ERROR_CONTEXT_DEBUG_MESSAGE, 0x1d, "error-context.debug-message", "o")                       \
    X(ERROR_CONTEXT_DROP, 0x1e, "error-context.drop", "")                                          \
    X(WAITABLE_SET_NEW, 0x1f, "waitable-set.new", "")                                              \
    X(WAITABLE_SET_WAIT, 0x20, "waitable-set.wait", "bm")                                          \
    X(WAITABLE_SET_POLL, 0x21, "waitable-set.poll", "bm")                                          \
    X(WAITABLE_SET_DROP, 0x22, "waitable-set.drop", "")                                            \
    X(WAITABLE_JOIN, 0x23, "waitable.join", "")                                                    \
    X(BACKPRESSURE_INC, 0x24, "backpressure.inc", "")                                              \
    X(BACKPRESSURE_DEC, 0x25, "backpressure.dec", "")                                              \
    X(THREAD_INDEX, 0x26, "thread.index", "")                                                      \
    X(THREAD_NEW_INDIRECT, 0x27, "thread.new-indirect", "cT")                                      \
    X(THREAD_RESUME_LATER, 0x28, "thread.resume-later", "")                                        \
    X(THREAD_SUSPEND, 0x29, "thread.suspend", "b")                                                 \
    X(THREAD_SUSPEND_THEN_RESUME, 0x2a, "thread.suspend-then-resume", "b")                         \
    X(THREAD_YIELD_THEN_RESUME, 0x2b, "thread.yield-then-resume", "b")                             \
    X(THREAD_SUSPEND_THEN_PROMOTE, 0x2c, "thread.suspend-then-promote", "b")                       \
    X(THREAD_YIELD_THEN_PROMOTE, 0x2d, "thread.yield-then-promote", "b")                           \
    X(STREAM_FORWARD, 0x2e, "stream.forward", "t")                                                 \
    X(FUTURE_FORWARD, 0x2f, "future.forward", "t")                                                 \
    X(THREAD_SPAWN_REF, 0x40, "thread.spawn-ref", "c")                                             \
    X(THREAD_SPAWN_INDIRECT, 0x41, "thread.spawn-indirect", "cT")                                  \
    X(THREAD_AVAILABLE_PARALLELISM, 0x42, "thread.available-parallelism", "")

typedef enum canon_op {
#define X(name, opcode, words, operands) CANON_##name = opcode,
    CANON_OPS(X)
#undef X
} canon_op_t;

/* Canonical options. X(name, opcode, words, sort of the operand or NONE) */
#define CANON_OPTS(X)                                                                              \
    X(UTF8, 0x00, "string-encoding=utf8", NONE)                                                    \
    X(UTF16, 0x01, "string-encoding=utf16", NONE)                                                  \
    X(LATIN1_UTF16, 0x02, "string-encoding=latin1+utf16", NONE)                                    \
    X(MEMORY, 0x03, "memory", CORE_MEMORY)                                                         \
    X(REALLOC, 0x04, "realloc", CORE_FUNC)                                                         \
    X(POST_RETURN, 0x05, "post-return", CORE_FUNC)                                                 \
    X(ASYNC, 0x06, "async", NONE)                                                                  \
    X(CALLBACK, 0x07, "callback", CORE_FUNC)                                                       \
    X(CORE_TYPE, 0x08, "core-type", CORE_TYPE)                                                     \
    X(GC, 0x09, "gc", NONE)

typedef enum opt {
#define X(name, opcode, words, sort) OPT_##name = opcode,
    CANON_OPTS(X)
#undef X
} opt_t;

typedef enum attribute_kind {
    ATTRIBUTE_IMPLEMENTS = 0x00,
    ATTRIBUTE_VERSION_SUFFIX = 0x01,
    ATTRIBUTE_EXTERNAL_ID = 0x02,
    ATTRIBUTE_KIND_COUNT
} attribute_kind_t;

typedef enum core_extern_kind {
    CORE_EXTERN_FUNC = 0x00,
    CORE_EXTERN_TABLE = 0x01,
    CORE_EXTERN_MEMORY = 0x02,
    CORE_EXTERN_GLOBAL = 0x03,
    CORE_EXTERN_TAG = 0x04
} core_extern_kind_t;

/* "core func", "type", ...; "canon" names as in the text format. NULL for what is in no table. */
const char *weft_sort_words(sort_t sort);
const char *weft_prim_words(prim_t prim);
const char *weft_type_op_words(type_op_t op);
const char *weft_canon_words(canon_op_t op);

/* The operand letters of a canonical definition; NULL for an unknown opcode. */
const char *weft_canon_operands(uint8_t opcode);

#endif
