# Find Wasmtime's C API.
#
# Looks in Wasmtime_ROOT (CMake or environment variable; an unpacked release archive, include/ and lib/),
# then in the tree that scripts/wasmtime keeps in weft's cache, then in the system's places.
#
#   Wasmtime_FOUND, Wasmtime_VERSION, Wasmtime_LIBRARY, Wasmtime_INCLUDE_DIR
#   Wasmtime::wasmtime   imported target

include("${CMAKE_CURRENT_LIST_DIR}/WeftCache.cmake")

set(weft_wasmtime_tree "${WEFT_CACHE_DIR}/wasmtime-${WEFT_PIN_WASMTIME_VERSION}")

# weft needs these, which not every build of the library has.
set(weft_wasmtime_functions
  wasmtime_component_linker_instantiate_async
  wasmtime_component_linker_add_wasi_http)

# What an earlier run found in other places, or tried and found wanting, is looked for again.
set(weft_searched "${Wasmtime_ROOT}:$ENV{Wasmtime_ROOT}:${weft_wasmtime_tree}")
if(DEFINED Wasmtime_SEARCHED AND NOT "${Wasmtime_SEARCHED}" STREQUAL weft_searched)
  unset(Wasmtime_INCLUDE_DIR CACHE)
  unset(Wasmtime_LIBRARY CACHE)
  foreach(function IN LISTS weft_wasmtime_functions)
    unset(Wasmtime_HAS_${function} CACHE)
  endforeach()
endif()
set(Wasmtime_SEARCHED "${weft_searched}" CACHE INTERNAL "Where Wasmtime was looked for")

find_path(Wasmtime_INCLUDE_DIR NAMES wasmtime.h HINTS "${weft_wasmtime_tree}/include")
find_library(Wasmtime_LIBRARY NAMES wasmtime HINTS "${weft_wasmtime_tree}/lib")

if(Wasmtime_INCLUDE_DIR)
  file(STRINGS "${Wasmtime_INCLUDE_DIR}/wasmtime.h" Wasmtime_VERSION REGEX "^#define WASMTIME_VERSION \"")
  string(REGEX REPLACE ".*\"(.*)\".*" "\\1" Wasmtime_VERSION "${Wasmtime_VERSION}")
endif()

if(Wasmtime_INCLUDE_DIR AND Wasmtime_LIBRARY)
  include(CheckSymbolExists)
  include(CMakePushCheckState)
  set(Wasmtime_FUNCTIONS_FOUND TRUE)
  cmake_push_check_state(RESET)
  set(CMAKE_REQUIRED_INCLUDES "${Wasmtime_INCLUDE_DIR}")
  set(CMAKE_REQUIRED_LIBRARIES "${Wasmtime_LIBRARY}")
  set(CMAKE_REQUIRED_QUIET TRUE)
  foreach(function IN LISTS weft_wasmtime_functions)
    check_symbol_exists(${function} "wasmtime.h" Wasmtime_HAS_${function})
    if(NOT Wasmtime_HAS_${function})
      unset(Wasmtime_HAS_${function} CACHE)
      set(Wasmtime_FUNCTIONS_FOUND FALSE)
      list(APPEND weft_missing_functions ${function})
    endif()
  endforeach()
  cmake_pop_check_state()
  if(weft_missing_functions)
    string(JOIN ", " weft_missing_functions ${weft_missing_functions})
    message(STATUS "Wasmtime at ${Wasmtime_LIBRARY} lacks ${weft_missing_functions}")
  endif()
endif()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(Wasmtime
  REQUIRED_VARS Wasmtime_LIBRARY Wasmtime_INCLUDE_DIR Wasmtime_FUNCTIONS_FOUND
  VERSION_VAR Wasmtime_VERSION
  REASON_FAILURE_MESSAGE "run scripts/setup to obtain it, or set Wasmtime_ROOT to an unpacked release archive of its C API")

if(Wasmtime_FOUND AND NOT TARGET Wasmtime::wasmtime)
  add_library(Wasmtime::wasmtime SHARED IMPORTED)
  set_target_properties(Wasmtime::wasmtime PROPERTIES
    IMPORTED_LOCATION "${Wasmtime_LIBRARY}"
    IMPORTED_NO_SONAME TRUE
    INTERFACE_INCLUDE_DIRECTORIES "${Wasmtime_INCLUDE_DIR}")
endif()
mark_as_advanced(Wasmtime_LIBRARY Wasmtime_INCLUDE_DIR)
