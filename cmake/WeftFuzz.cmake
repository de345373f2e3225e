# Fuzz targets: every fuzz/fuzz_<thing>.c defines LLVMFuzzerTestOneInput and becomes bin/fuzz_<thing>.
# tests/hostile/survive.c, which the tests share, is part of each.

if(NOT CMAKE_C_COMPILER_ID STREQUAL "Clang")
  message(FATAL_ERROR "WEFT_FUZZ needs clang: use the preset `fuzz`")
endif()

# Coverage in the libraries too, the driver only in the targets.
target_compile_options(weft_compile INTERFACE -fsanitize=fuzzer-no-link)
file(GLOB weft_fuzz_files CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/fuzz/fuzz_*.c")
foreach(file IN LISTS weft_fuzz_files)
  cmake_path(GET file STEM target)
  add_executable(${target} ${file} "${PROJECT_SOURCE_DIR}/tests/hostile/survive.c")
  target_include_directories(${target} PRIVATE "${PROJECT_SOURCE_DIR}/tests")
  target_link_libraries(${target} PRIVATE weft_compile weft-static)
  target_link_options(${target} PRIVATE -fsanitize=fuzzer)
endforeach()
