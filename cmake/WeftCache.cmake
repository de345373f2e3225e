# Where scripts/setup and scripts/oracles keep what they obtained: outside the tree, shared by all builds.
#
#   WEFT_CACHE_DIR    ${WEFT_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/weft}
#   WEFT_ORACLES_DIR  the pinned test oracles below it (bin/wasm-tools, ...)

include_guard(GLOBAL)

if(DEFINED ENV{WEFT_CACHE})
  set(WEFT_CACHE_DIR "$ENV{WEFT_CACHE}")
elseif(DEFINED ENV{XDG_CACHE_HOME})
  set(WEFT_CACHE_DIR "$ENV{XDG_CACHE_HOME}/weft")
else()
  set(WEFT_CACHE_DIR "$ENV{HOME}/.cache/weft")
endif()
set(WEFT_ORACLES_DIR "${WEFT_CACHE_DIR}/oracles")
