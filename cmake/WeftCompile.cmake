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
  -Wvla
  # gcc cannot see across files that an out parameter is written whenever the returned error is NULL, which
  # is how every function here returns; clang's analysis and the sanitizers watch over it instead.
  $<$<C_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
target_include_directories(weft_compile INTERFACE
  "${PROJECT_SOURCE_DIR}/src"
  "${PROJECT_SOURCE_DIR}/include")

if(WEFT_WERROR)
  target_compile_options(weft_compile INTERFACE -Werror)
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
