# How every C file of the project is compiled. The interface target weft_compile carries the flags.

add_library(weft_compile INTERFACE)
target_compile_features(weft_compile INTERFACE c_std_17)
target_compile_definitions(weft_compile INTERFACE _GNU_SOURCE)
target_compile_options(weft_compile INTERFACE
  -fvisibility=hidden
  -Wall
  -Wextra
  -Wpedantic
  -Wconversion
  -Wshadow
  -Wstrict-prototypes
  -Wmissing-prototypes
  -Wold-style-definition
  -Wvla)
target_include_directories(weft_compile INTERFACE
  "${PROJECT_SOURCE_DIR}/src"
  "${PROJECT_SOURCE_DIR}/include")

if(WEFT_WERROR)
  # gcc's guess at uninitialised variables is a hint; clang's analysis and the sanitizers decide.
  target_compile_options(weft_compile INTERFACE -Werror $<$<C_COMPILER_ID:GNU>:-Wno-error=maybe-uninitialized>)
endif()

# Sanitizers apply to everything linked into one program, so they are set for the whole tree.
set(WEFT_SANITIZE_FLAGS "")
if(WEFT_SANITIZE)
  set(WEFT_SANITIZE_FLAGS "-fsanitize=${WEFT_SANITIZE}")
  add_compile_options(${WEFT_SANITIZE_FLAGS} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(${WEFT_SANITIZE_FLAGS})
endif()

# Colour from compilers run by Ninja.
set(CMAKE_COLOR_DIAGNOSTICS ON)
