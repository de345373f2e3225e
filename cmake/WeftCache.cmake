# Where scripts/setup and scripts/oracles keep what they obtained: outside the tree, shared by all builds.
#
#   WEFT_CACHE_DIR    ${WEFT_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/weft}
#   WEFT_ORACLES_DIR  the pinned test oracles below it (bin/wasm-tools, ...)
#   and each NAME=value of scripts/pins.sh as WEFT_PIN_NAME

include_guard(GLOBAL)

set(weft_pins_file "${CMAKE_CURRENT_LIST_DIR}/../scripts/pins.sh")
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${weft_pins_file}")
file(STRINGS "${weft_pins_file}" weft_pins REGEX "^[A-Z0-9_]+=")
foreach(pin IN LISTS weft_pins)
  string(REGEX MATCH "^([A-Z0-9_]+)=(.*)$" pin "${pin}")
  set(WEFT_PIN_${CMAKE_MATCH_1} "${CMAKE_MATCH_2}")
endforeach()

if(DEFINED ENV{WEFT_CACHE})
  set(WEFT_CACHE_DIR "$ENV{WEFT_CACHE}")
elseif(DEFINED ENV{XDG_CACHE_HOME})
  set(WEFT_CACHE_DIR "$ENV{XDG_CACHE_HOME}/weft")
else()
  set(WEFT_CACHE_DIR "$ENV{HOME}/.cache/weft")
endif()
string(JOIN - WEFT_ORACLES_DIR "${WEFT_CACHE_DIR}/oracles"
  "${WEFT_PIN_WASM_TOOLS_VERSION}" "${WEFT_PIN_WAC_CLI_VERSION}" "${WEFT_PIN_WIT_BINDGEN_CLI_VERSION}")
