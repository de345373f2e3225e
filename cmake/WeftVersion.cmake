# WEFT_VERSION, read from include/weft/version.h: the one place that holds it.

file(STRINGS "${CMAKE_CURRENT_SOURCE_DIR}/include/weft/version.h" WEFT_VERSION
  REGEX "^#define WEFT_VERSION \"")
string(REGEX REPLACE "^#define WEFT_VERSION \"(.*)\"$" "\\1" WEFT_VERSION "${WEFT_VERSION}")
