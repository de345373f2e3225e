/* A failed assertion is a trap. */
#undef assert
#define assert(condition) ((condition) ? (void)0 : __builtin_trap())
