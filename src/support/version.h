/* Semantic versions (semver.org 2.0.0), ranges of them as the rules file writes them, and the versions of
 * interfaces. */
#ifndef WEFT_SUPPORT_VERSION_H
#define WEFT_SUPPORT_VERSION_H

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

/* `ns:pkg/name@1.2.3` in two: the version is empty when there is none. */
void weft_split_version(weft_str_t interface, weft_str_t *name, weft_str_t *version);

/* Whether a component that was built for one of two versions can use the other: equal, or releases with the same
 * leftmost part that is not zero (Explainer.md, canonical interface names). Fewer parts are allowed: `1`, `0.2`. */
bool weft_version_compatible(weft_str_t a, weft_str_t b);

/* Whether `a` is the higher one of two versions; false as well when one of them is none. */
bool weft_version_newer(weft_str_t a, weft_str_t b);

/* Whether two interfaces have the same name and versions that go together. */
bool weft_interface_compatible(weft_str_t a, weft_str_t b);

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
