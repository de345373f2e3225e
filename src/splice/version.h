/* Semantic versions (semver.org 2.0.0) and ranges of them, as the rules file writes them. */
#ifndef WEFT_SPLICE_VERSION_H
#define WEFT_SPLICE_VERSION_H

#include <weft/base.h>

typedef struct version {
    uint64_t part[3];
    unsigned parts; /* how many were written, 1 to 3 */
    weft_str_t pre; /* after `-`, empty: a release */
} version_t;

/* `1.2.3-rc.1+build`; fewer parts are allowed where `partial`. False when it is not a version. */
bool weft_version_parse(weft_str_t text, bool partial, version_t *version);

/* By precedence, rule 11: negative, 0 or positive. */
int weft_version_compare(const version_t *a, const version_t *b);

/* Ranges, with the meaning they have in Cargo and npm:
 *   ^1.2    same leftmost part that is not zero, 1.2.0 or later
 *   ~1.2    same major and minor, 1.2.0 or later (~1: same major)
 *   >=1.2   1.2.0 or later
 *   *       any
 * A version with a pre-release is in a range only if the range names a pre-release of the same three parts. */
bool weft_is_version_range(weft_str_t text); /* begins like one, right or wrong */
bool weft_version_range_valid(weft_str_t range);
bool weft_version_in_range(weft_str_t version, weft_str_t range);

#endif
