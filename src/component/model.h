/* The component model in memory: scopes and definitions.
 *
 * A scope is one component body, or the body of a component, instance or module type. It holds its
 * definitions as a list, in binary order. A definition defines at most one entity, in one index space;
 * the definition *is* the entity, so a reference from one definition to another is a plain pointer.
 * Index numbers exist in the reader and in the writer and nowhere else: that is what makes an edit
 * (insert a definition, point a reference elsewhere) a local act.
 *
 *   document --root--> scope --first--> def <-> def <-> def ...
 *                                        |       `-- instantiate.component --> def (a component)
 *                                        `-- component.body --> scope (parsed when somebody looks)
 *
 * Two productions of the binary format define several entities (a core recursion group, a start
 * function): they are one definition that is written, followed by definitions that only stand for the
 * further entities and are not written (DEF_START_RESULT).
 *
 * Everything is allocated in the document's arena and lives as long as the document; strings and bytes
 * point into the file's bytes where they came from there. */
#ifndef WEFT_COMPONENT_MODEL_H
#define WEFT_COMPONENT_MODEL_H

#include "component/opcodes.h"
#include "support/arena.h"
#include "support/buf.h"
#include "support/bytes.h"
#include "support/vec.h"

typedef struct document document_t;
typedef struct scope scope_t;
typedef struct def def_t;

/* ---- small parts ---------------------------------------------------------------------------- */

/* A value type as written: a primitive, or a reference to a type definition. */
typedef struct valtype {
    prim_t prim; /* PRIM_NONE: `def` holds */
    def_t *def;
} valtype_t;

/* A label with an optional type: a record field, a variant case, a parameter; a tuple element has no
 * name, a flag or enum case no type. */
typedef struct label {
    weft_str_t name;
    bool has_type;
    valtype_t type;
} label_t;

/* An attribute of an import or export name (Binary.md, Import and Export Definitions). */
typedef struct attribute {
    uint8_t kind; /* attribute_kind_t */
    weft_str_t text;
} attribute_t;

/* The name of an import or an export with its attributes. `form` is the leading byte as it was read
 * (0, 1 or 2): 0 and 1 mean the same, 2 means that attributes follow. */
typedef struct extern_name {
    weft_str_t name;
    uint8_t form;
    uint32_t attribute_count;
    attribute_t *attributes;
} extern_name_t;

/* The type of an import or of an export with ascription, as written (externtype). */
typedef struct extern_desc {
    sort_t sort;       /* SORT_CORE_MODULE, FUNC, VALUE, TYPE, COMPONENT or INSTANCE */
    def_t *type;       /* the type named; for a type: the type it equals, NULL for (sub resource) */
    valtype_t valtype; /* of a value */
} extern_desc_t;

/* `with` arguments and inline exports: a name for a definition. `name.form` is used by inline exports of
 * component instances only. */
typedef struct named_def {
    extern_name_t name;
    def_t *def;
} named_def_t;

/* Options of lift, lower and some built-ins, in the order written (reencoding keeps it). */
typedef struct canon_opt {
    opt_t opt;
    def_t *def; /* memory, realloc, post-return, callback, core type; else NULL */
} canon_opt_t;

typedef struct canon_opts {
    canon_opt_t *items;
    uint32_t count;
} canon_opts_t;

/* A core value type: one byte (i32, ..., funcref, ...) or 0x63/0x64 (ref null? heaptype). */
typedef struct core_valtype {
    uint8_t code;
    int64_t heap; /* abstract heap type (negative) when `def` is NULL */
    def_t *def;   /* a concrete core type */
} core_valtype_t;

typedef struct core_limits {
    uint8_t flags; /* bit 0: has a maximum, 1: shared, 2: 64-bit, 3: page size */
    uint64_t min, max;
    uint32_t page_size_log2;
} core_limits_t;

/* A core externtype: what a core module type imports or exports. */
typedef struct core_extern {
    uint8_t kind;         /* core_extern_kind_t */
    def_t *type;          /* func, tag */
    core_valtype_t value; /* element of a table, content of a global */
    bool is_mutable;      /* global: the whole byte is in `flags` */
    uint8_t flags;
    core_limits_t limits; /* table, memory */
} core_extern_t;

/* ---- definitions ---------------------------------------------------------------------------- */

typedef enum def_kind {
    DEF_CUSTOM,            /* custom */
    DEF_CORE_MODULE,       /* bytes */
    DEF_CORE_INSTANTIATE,  /* instantiate */
    DEF_CORE_INLINE,       /* inline_ */
    DEF_CORE_TYPE,         /* core_func */
    DEF_CORE_MODULE_TYPE,  /* body */
    DEF_COMPONENT,         /* component */
    DEF_INSTANTIATE,       /* instantiate */
    DEF_INLINE,            /* inline_ */
    DEF_ALIAS_EXPORT,      /* alias */
    DEF_ALIAS_CORE_EXPORT, /* alias */
    DEF_ALIAS_OUTER,       /* alias */
    DEF_TYPE,              /* type */
    DEF_CANON,             /* canon: lift and lower included */
    DEF_START,             /* start */
    DEF_START_RESULT,      /* start_result; not written */
    DEF_IMPORT,            /* import; in a component type: importdecl */
    DEF_EXPORT,            /* export_ */
    DEF_EXPORT_DECL,       /* import; in a component or instance type: exportdecl */
    DEF_VALUE,             /* value */
    DEF_CORE_IMPORT_DECL,  /* core_decl; in a module type */
    DEF_CORE_EXPORT_DECL,  /* core_decl; in a module type */
    DEF_KIND_COUNT
} def_kind_t;

/* DEF_TYPE by opcode (type_op_t):
 *   record, variant, flags, enum, tuple  labels
 *   list, option, stream, future         element (stream and future: has_element)
 *   fixed-length list                    element, length
 *   map                                  key, element
 *   result                               element (ok, has_element), error (has_error)
 *   own, borrow                          resource
 *   func, async func                     labels (parameters), element (result, has_element)
 *   component, instance                  body
 *   resource                             rep, dtor
 *   primitive                            element.prim */
typedef struct type_def {
    type_op_t op;
    bool has_element, has_error;
    uint32_t label_count;
    label_t *labels;
    valtype_t key, element, error;
    uint32_t length;
    def_t *resource;
    scope_t *body;
    uint8_t rep; /* core value type of the representation */
    def_t *dtor; /* NULL: none */
} type_def_t;

/* DEF_CANON by opcode (canon_op_t); which fields an opcode uses stands in its row of CANON_OPS. */
typedef struct canon_def {
    canon_op_t op;
    bool flag;         /* async?, cancellable? */
    bool has_result;   /* task.return */
    uint8_t slot_type; /* context.get, context.set: a core value type */
    uint32_t slot;
    def_t *func;   /* lift: the core function; lower: the function */
    def_t *type;   /* lift: the function type; resource.*, stream.*, future.*, thread.*: the type */
    def_t *memory; /* waitable-set.*: memory; thread.*-indirect: table */
    valtype_t result; /* task.return */
    canon_opts_t opts;
} canon_def_t;

struct def {
    def_t *prev, *next; /* in the scope's list */
    scope_t *scope;
    uint8_t kind;        /* def_kind_t */
    uint8_t sort;        /* sort_t of the entity; SORT_NONE: defines none */
    bool starts_section; /* the file began a new section here: reencoding keeps the boundary */
    uint32_t index;      /* of the entity in its space: as read; while writing: as written */
    uint32_t order;      /* place in the scope, see weft_scope_order */
    weft_bytes_t source; /* where it came from; empty for a new definition */
    weft_str_t name;     /* from the name section; empty: none */
    void *typed;         /* what typing found out (component/types/typing.h); NULL: not yet */
    union {
        struct {
            weft_str_t name;
            weft_bytes_t data;  /* after the name */
            void *name_section; /* "component-name", understood (binary/custom.h) */
        } custom;
        weft_bytes_t bytes;
        struct {
            def_t *target; /* the module or component */
            named_def_t *args;
            uint32_t count;
        } instantiate;
        struct {
            named_def_t *exports;
            uint32_t count;
        } inline_;
        struct {
            core_valtype_t *params, *results;
            uint32_t param_count, result_count;
        } core_func;
        scope_t *body;
        struct {
            weft_bytes_t bytes;
            scope_t *body; /* NULL until weft_component_body has parsed it */
        } component;
        struct {
            def_t *target;   /* export: the instance; outer: the entity in an enclosing scope */
            weft_str_t name; /* export */
        } alias;
        type_def_t type;
        canon_def_t canon;
        struct {
            def_t *func;
            def_t **args;
            uint32_t arg_count, result_count;
        } start;
        def_t *start_result; /* the DEF_START */
        struct {
            extern_name_t name;
            extern_desc_t desc;
        } import;
        struct {
            extern_name_t name;
            def_t *target;
            bool has_desc;
            extern_desc_t desc;
        } export_;
        struct {
            valtype_t type;
            weft_bytes_t data;
        } value;
        struct {
            weft_str_t module; /* import only */
            weft_str_t name;
            core_extern_t desc;
        } core_decl;
    };
};

/* ---- scopes --------------------------------------------------------------------------------- */

typedef enum scope_kind {
    SCOPE_COMPONENT,
    SCOPE_COMPONENT_TYPE,
    SCOPE_INSTANCE_TYPE,
    SCOPE_MODULE_TYPE
} scope_kind_t;

/* One index space as the file numbers it: index -> definition. Definitions that an edit adds are not in
 * it; bodies that are parsed later still resolve their outer aliases by it. */
typedef struct index_space {
    def_t **items;
    uint32_t count, capacity;
} index_space_t;

struct scope {
    document_t *document;
    scope_t *parent; /* NULL: the root */
    def_t *owner;    /* the component or type definition whose body this is; NULL: the root */
    scope_kind_t kind;
    uint32_t depth;
    def_t *first, *last;
    uint32_t def_count;
    weft_bytes_t source; /* all its bytes (of a component: with the preamble); empty: a new scope */
    weft_bytes_t file;   /* the file that `source` is a part of: offsets count from its start */
    bool is_file_root;   /* outer aliases of the file end here */
    weft_str_t name;     /* the component's own name in its name section */
    bool edited;         /* its definitions are written anew */
    bool holds_edits;    /* some body nested in it is */
    bool ordered;        /* `order` of the definitions is current */
    index_space_t spaces[SORT_COUNT];
    VEC(def_t *)
    outer_aliases; /* in this scope, not those nested in it; heap, freed by the document */
    void *typed;   /* what typing found out; NULL: not yet */
    uint32_t
        typed_count; /* how many definitions are typed, in type bodies too; it may be more, never less */
    scope_t *next_scope; /* all scopes of the document */
};

struct document {
    arena_t arena;
    scope_t *root;
    scope_t *scopes; /* all, linked by next_scope: some of what they hold lives on the heap */
};

/* ---- reading -------------------------------------------------------------------------------- */

/* Reads the root body; nested components are parsed when looked into. `bytes` must outlive the document.
 * A core module, text, or anything else is an error that says what it is. */
weft_error_t *weft_document_read(weft_bytes_t bytes, document_t **document);
/* An empty component (a root without definitions). */
weft_error_t *weft_document_new(document_t **document);
void weft_document_delete(document_t *document);

/* The body of a component definition (DEF_COMPONENT), parsed on the first call. */
weft_error_t *weft_component_body(def_t *component, scope_t **body);

/* Reads a whole component file as a new nested component of `parent` (which is not edited by it): a
 * DEF_COMPONENT that is in no list yet; insert it with weft_def_insert. `bytes` must outlive the document. */
weft_error_t *weft_component_adopt(scope_t *parent, weft_bytes_t bytes, def_t **component);

/* Where in its file a definition begins; WEFT_NO_OFFSET for a new one. */
uint64_t weft_def_offset(const def_t *def);
/* The same for a body: the place of what is wrong with the whole of it. */
uint64_t weft_scope_offset(const scope_t *scope);

/* ---- writing -------------------------------------------------------------------------------- */

/* The document as bytes, to be written one after another: what nobody edited are the very bytes that
 * came in (not copied), the rest is in `made`. */
typedef struct pieces {
    weft_bytes_t *items;
    size_t count;
    uint64_t length; /* in all */
    buf_t made;
} pieces_t;

weft_error_t *weft_document_write(document_t *document, pieces_t *pieces);
void weft_pieces_free(pieces_t *pieces);

/* One run of bytes of all pieces; `out` is appended to. */
weft_error_t *weft_pieces_join(const pieces_t *pieces, buf_t *out);

/* Parses every body at every depth and marks it edited, so that all definitions are written anew. */
weft_error_t *weft_document_edit_all(document_t *document);

/* Notes in the root's "producers" section that weft processed it; makes the section where there is none. */
weft_error_t *weft_document_stamp(document_t *document);

/* ---- making scopes -------------------------------------------------------------------------- */

/* Makes a scope; puts a definition that was read into it (list and index space). */
weft_error_t *weft_scope_new(document_t *document, scope_t *parent, def_t *owner, scope_kind_t kind,
                             scope_t **scope);
weft_error_t *weft_scope_append_read(scope_t *scope, def_t *def);

/* Gives a definition the next index of a space. */
weft_error_t *weft_scope_number(scope_t *scope, sort_t sort, def_t *def);

/* ---- walking -------------------------------------------------------------------------------- */

/* Follows exports, outer aliases and imports-by-nobody to the definition that stands behind: through
 * DEF_EXPORT and DEF_ALIAS_OUTER only (no instance is looked into). */
def_t *weft_def_origin(def_t *def);

/* Calls `visit` for every reference of a definition to another, by the address of the pointer, so that
 * it can be read or changed. References inside a type body are those of the body's own definitions: with
 * `deep` they are visited too (also outer aliases in them), not the definitions of nested components. */
typedef weft_error_t *(*ref_visitor_t)(def_t **ref, void *context);
weft_error_t *weft_def_refs(def_t *def, bool deep, ref_visitor_t visit, void *context);

/* The section that a kind of definition (def_kind_t) is written in; SECTION_COUNT: in none. */
section_t weft_def_section(uint8_t kind);

/* Sets def->order so that a < b in the list means a->order < b->order. Cheap when nothing changed. */
void weft_scope_order(scope_t *scope);

/* ---- editing -------------------------------------------------------------------------------- */

/* A new definition, in no list yet; the caller fills it. */
weft_error_t *weft_def_new(scope_t *scope, def_kind_t kind, sort_t sort, def_t **def);

/* Puts a definition that is in no list before `before` (NULL: at the end). Marks the scope edited. */
void weft_def_insert(scope_t *scope, def_t *before, def_t *def);
void weft_def_remove(def_t *def);

/* A definition was changed in place (a reference was pointed elsewhere). */
void weft_def_touch(def_t *def);

#endif
