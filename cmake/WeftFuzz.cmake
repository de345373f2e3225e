# Fuzz targets: every fuzz/fuzz_<thing>.c defines LLVMFuzzerTestOneInput and becomes bin/fuzz_<thing>.
# tests/hostile/survive.c, which the tests share, is part of each. A target that includes headers of tests/fuzz has
# those sources and the runtime as well; it is left out when the runtime is not built.

if(NOT CMAKE_C_COMPILER_ID STREQUAL "Clang")
  message(FATAL_ERROR "WEFT_FUZZ needs clang: use the preset `fuzz`")
endif()

# Coverage in the libraries too, the driver only in the targets.
target_compile_options(weft_compile INTERFACE -fsanitize=fuzzer-no-link)
file(GLOB weft_fuzz_files CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/fuzz/fuzz_*.c")
file(GLOB weft_fuzz_worlds CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/tests/fuzz/*.c"
  "${PROJECT_SOURCE_DIR}/tests/common/random.c")
list(FILTER weft_fuzz_worlds EXCLUDE REGEX "/test_[^/]*$")
foreach(file IN LISTS weft_fuzz_files)
  cmake_path(GET file STEM target)
  file(STRINGS ${file} runs REGEX "include \"fuzz/")
  if(runs AND NOT TARGET weft-runtime-static)
    continue()
  endif()
  add_executable(${target} ${file} "${PROJECT_SOURCE_DIR}/tests/hostile/survive.c")
  target_include_directories(${target} PRIVATE "${PROJECT_SOURCE_DIR}/tests")
  if(runs)
    target_sources(${target} PRIVATE ${weft_fuzz_worlds})
    target_link_libraries(${target} PRIVATE weft-runtime-static)
  endif()
  target_link_libraries(${target} PRIVATE weft_compile weft-static)
  target_link_options(${target} PRIVATE -fsanitize=fuzzer)
endforeach()
