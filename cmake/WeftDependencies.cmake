# What weft stands on. scripts/setup installs all of it; the names of the Debian packages are in
# scripts/packages.

find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
pkg_check_modules(libfyaml REQUIRED IMPORTED_TARGET libfyaml)
pkg_check_modules(jansson REQUIRED IMPORTED_TARGET jansson)

# Drawings (weft graph --format svg|png) need Graphviz; without it those formats say so.
option(WEFT_WITH_GRAPHVIZ "Use Graphviz for drawings when it is there" ON)
set(WEFT_GRAPHVIZ "")
if(WEFT_WITH_GRAPHVIZ)
  pkg_check_modules(graphviz IMPORTED_TARGET libgvc)
  if(graphviz_FOUND)
    set(WEFT_GRAPHVIZ PkgConfig::graphviz)
    target_compile_definitions(weft_compile INTERFACE WEFT_HAVE_GRAPHVIZ=1)
  endif()
endif()

if(WEFT_REQUIRE_RUNTIME)
  find_package(Wasmtime REQUIRED)
else()
  find_package(Wasmtime QUIET)
  if(NOT Wasmtime_FOUND)
    message(STATUS "Wasmtime not found: building without libweft-runtime (scripts/setup obtains it)")
  endif()
endif()
if(Wasmtime_FOUND)
  # The cache of compiled code. On x86 the library may choose instructions at run time, which is twice as fast.
  include(CheckCSourceCompiles)
  pkg_check_modules(xxhash REQUIRED IMPORTED_TARGET libxxhash)
  set(CMAKE_REQUIRED_LIBRARIES PkgConfig::xxhash)
  check_c_source_compiles("#include <xxh_x86dispatch.h>
    int main(void) { return (int)XXH3_64bits(\"\", 0); }" WEFT_XXHASH_DISPATCHES)
  unset(CMAKE_REQUIRED_LIBRARIES)
  if(WEFT_XXHASH_DISPATCHES)
    target_compile_definitions(weft_compile INTERFACE WEFT_XXHASH_DISPATCHES=1)
  endif()
  target_compile_definitions(weft_compile INTERFACE WEFT_HAVE_RUNTIME=1)
endif()
