/* Compiled code that is kept between runs: files in a folder of the user's, one for each module or component
 * and the settings it was compiled with.
 *
 *   0            image            what Wasmtime serialised; mapped from the file when it is used
 *   image.len    source           the module or component it was made of
 *   ...          settings         weft_settings_text
 *   end - N      trailer_t        lengths, and a hash over image, settings and lengths
 *
 * Wasmtime does not notice when an image is damaged, and runs it. So an entry counts only when its hash is right
 * and its source is, byte for byte, what is to be compiled: the name of the file is a hash, too, but that two
 * sources may share a name harms nothing, however they came about. What is wrong, for whatever reason, is compiled
 * anew and written over; what cannot be written is not kept. So nothing here is an error but the folder. */
#ifndef WEFT_RUNTIME_CACHE_H
#define WEFT_RUNTIME_CACHE_H

#include <weft/base.h>

#include "support/error.h"

typedef struct cache cache_t;

/* What the entry is of: the caller's own number, in the name and in the hash. */
typedef enum cache_kind { CACHE_MODULE, CACHE_COMPONENT } cache_kind_t;

/* What an entry is asked for with. */
typedef struct cache_key {
    cache_kind_t kind;
    weft_bytes_t source;
    weft_str_t settings;
} cache_key_t;

/* Makes the folder where it is not there; it must be this user's, and writable by nobody else. NULL: the user's
 * own, $WEFT_CACHE/code or $XDG_CACHE_HOME/weft/code or ~/.cache/weft/code. */
weft_error_t *weft_cache_open(const char *folder, cache_t **cache);
void weft_cache_close(cache_t *cache);

/* The path of a sound entry, which starts with the image; freed with weft_free. NULL: there is none. */
char *weft_cache_find(cache_t *cache, const cache_key_t *key);

/* Writes an entry, under another name until it is whole. Where the folder has more than CACHE_MOST bytes then,
 * those that were not used for the longest time go. */
void weft_cache_add(cache_t *cache, const cache_key_t *key, weft_bytes_t image);

#define CACHE_MOST (UINT64_C(2) << 30)

#endif
