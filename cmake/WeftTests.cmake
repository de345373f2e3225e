# Tests. A file is a test by its name and place; nothing is listed here.
#
#   tests/<room>/test_<thing>.c   one cmocka program, CTest name <room>/<thing>, label <room>
#   tests/<room>/test_<thing>.sh  a script, same naming; exit status 77 means skipped
#   tests/<room>/*.c              (other names) compiled into every test program of that room
#   tests/common/*.c              compiled into every test program
#
# Programs of the rooms runtime, app, cli, e2e and fuzz link libweft-runtime as well and are left out when it is not
# built. Every test finds in its environment: WEFT (the program), WEFT_TESTS_DIR (the folder tests/),
# WEFT_SOURCE_DIR, WEFT_BUILD_DIR, WEFT_CORPUS_DIR, WEFT_CC and WEFT_CFLAGS (the compiler, and the sanitizers if
# any), and in PATH the oracles that scripts/oracles put into the cache.
#
# corpus/build fills WEFT_CORPUS_DIR. A test whose source has the word "corpus" in it runs after that.

include(WeftCache)

set(WEFT_TEST_TIMEOUT 120 CACHE STRING "Seconds a test may take")
set(weft_test_environment
  "WEFT=$<TARGET_FILE:weft-cli>"
  "WEFT_TESTS_DIR=${PROJECT_SOURCE_DIR}/tests"
  "WEFT_SOURCE_DIR=${PROJECT_SOURCE_DIR}"
  "WEFT_BUILD_DIR=${PROJECT_BINARY_DIR}"
  "WEFT_CORPUS_DIR=${PROJECT_BINARY_DIR}/corpus"
  "WEFT_CC=${CMAKE_C_COMPILER}"
  "WEFT_CFLAGS=${WEFT_SANITIZE_FLAGS}")
set(weft_rooms_over_runtime runtime app cli e2e fuzz)

function(weft_register_test room thing source)
  set_tests_properties(${room}/${thing} PROPERTIES
    LABELS ${room}
    TIMEOUT ${WEFT_TEST_TIMEOUT}
    ENVIRONMENT "${weft_test_environment}"
    ENVIRONMENT_MODIFICATION "PATH=path_list_prepend:${WEFT_ORACLES_DIR}/bin")
  if(WEFT_SKIPS)
    set_tests_properties(${room}/${thing} PROPERTIES SKIP_RETURN_CODE 77)
  endif()
  file(STRINGS ${source} reads_corpus REGEX "[Cc]orpus|CORPUS")
  if("${room}/${thing}" STREQUAL "corpus/build")
    set_tests_properties(${room}/${thing} PROPERTIES FIXTURES_SETUP corpus)
  elseif(reads_corpus)
    set_tests_properties(${room}/${thing} PROPERTIES FIXTURES_REQUIRED corpus)
  endif()
endfunction()

function(weft_test_program room source helpers)
  cmake_path(GET source STEM stem)
  string(REGEX REPLACE "^test_" "" thing "${stem}")
  set(target test-${room}-${thing})

  add_executable(${target} ${source} ${helpers})
  set_target_properties(${target} PROPERTIES
    RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/tests/${room}"
    OUTPUT_NAME ${stem})
  target_include_directories(${target} PRIVATE "${PROJECT_SOURCE_DIR}/tests")
  if(room IN_LIST weft_rooms_over_runtime)
    target_link_libraries(${target} PRIVATE weft-cli-static weft-runtime-static)
  endif()
  target_link_libraries(${target} PRIVATE weft_compile weft-static PkgConfig::cmocka)

  add_test(NAME ${room}/${thing} COMMAND ${target})
  weft_register_test(${room} ${thing} ${source})
endfunction()

function(weft_test_script room source)
  cmake_path(GET source STEM stem)
  string(REGEX REPLACE "^test_" "" thing "${stem}")
  add_test(NAME ${room}/${thing} COMMAND bash "${source}")
  weft_register_test(${room} ${thing} ${source})
endfunction()

file(GLOB weft_common_helpers CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/tests/common/*.c")
file(GLOB weft_test_files CONFIGURE_DEPENDS
  "${PROJECT_SOURCE_DIR}/tests/*/test_*.c"
  "${PROJECT_SOURCE_DIR}/tests/*/test_*.sh")

foreach(file IN LISTS weft_test_files)
  cmake_path(GET file PARENT_PATH folder)
  cmake_path(GET folder FILENAME room)
  cmake_path(GET file EXTENSION LAST_ONLY kind)
  if(kind STREQUAL ".sh")
    weft_test_script(${room} ${file})
  elseif(TARGET weft-runtime-static OR NOT room IN_LIST weft_rooms_over_runtime)
    file(GLOB helpers CONFIGURE_DEPENDS "${folder}/*.c")
    list(FILTER helpers EXCLUDE REGEX "/test_[^/]*$")
    weft_test_program(${room} ${file} "${helpers};${weft_common_helpers}")
  endif()
endforeach()

# The one test that is long by its nature: so many cases, also on a machine that does other things as well.
if(TEST fuzz/calls)
  set_tests_properties(fuzz/calls PROPERTIES TIMEOUT 600)
endif()
