# cmake --install gives a tree that can be moved: programs and libraries find one another by relative run paths,
# the pkg-config files and the CMake package by their own place.
#
#   bin/weft
#   include/weft/
#   lib/libweft.{a,so}, libweft-runtime.{a,so}, libwasmtime.so
#   lib/pkgconfig/weft.pc, weft-runtime.pc
#   lib/cmake/weft/
#   share/man/man1/, completion scripts, share/weft/wit/, share/doc/weft/

option(WEFT_INSTALL_WASMTIME "Install Wasmtime's library beside weft's" ON)

include(CMakePackageConfigHelpers)
set(weft_cmake_dir "${CMAKE_INSTALL_LIBDIR}/cmake/weft")

install(TARGETS weft-cli weft-static weft-shared)
install(DIRECTORY "${PROJECT_SOURCE_DIR}/include/weft" DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}"
  FILES_MATCHING PATTERN "*.h")

file(RELATIVE_PATH weft_lib_from_bin "/${CMAKE_INSTALL_BINDIR}" "/${CMAKE_INSTALL_LIBDIR}")
set_target_properties(weft-cli PROPERTIES INSTALL_RPATH "$ORIGIN/${weft_lib_from_bin}")

if(TARGET weft-runtime-shared)
  install(TARGETS weft-runtime-static weft-runtime-shared)
  set_target_properties(weft-runtime-shared PROPERTIES INSTALL_RPATH "$ORIGIN")
  if(WEFT_INSTALL_WASMTIME)
    file(REAL_PATH "${Wasmtime_LIBRARY}" weft_wasmtime_library)
    install(PROGRAMS "${weft_wasmtime_library}" DESTINATION "${CMAKE_INSTALL_LIBDIR}" RENAME libwasmtime.so)
  endif()
endif()

# ---- how others find it ----

# The prefix as seen from where a file is installed, so that the tree can be moved.
file(RELATIVE_PATH weft_prefix_from_pc "/${CMAKE_INSTALL_LIBDIR}/pkgconfig" "/")
file(RELATIVE_PATH weft_prefix_from_cmake "/${weft_cmake_dir}" "/")
set(weft_pc_static "-lfyaml -ljansson")
set(weft_cmake_static "fyaml;jansson")
if(WEFT_GRAPHVIZ)
  string(APPEND weft_pc_static " -lgvc -lcgraph -lcdt")
  list(APPEND weft_cmake_static gvc cgraph cdt)
endif()

set(weft_packages weft)
if(TARGET weft-runtime-shared)
  list(APPEND weft_packages weft-runtime)
endif()
foreach(package IN LISTS weft_packages)
  configure_file("${PROJECT_SOURCE_DIR}/cmake/${package}.pc.in" "${PROJECT_BINARY_DIR}/${package}.pc" @ONLY)
  install(FILES "${PROJECT_BINARY_DIR}/${package}.pc" DESTINATION "${CMAKE_INSTALL_LIBDIR}/pkgconfig")
endforeach()

configure_file("${PROJECT_SOURCE_DIR}/cmake/weft-config.cmake.in" "${PROJECT_BINARY_DIR}/weft-config.cmake" @ONLY)
write_basic_package_version_file("${PROJECT_BINARY_DIR}/weft-config-version.cmake"
  COMPATIBILITY SameMinorVersion)
install(FILES
  "${PROJECT_BINARY_DIR}/weft-config.cmake"
  "${PROJECT_BINARY_DIR}/weft-config-version.cmake"
  DESTINATION "${weft_cmake_dir}")

# ---- what people read ----

# Manual pages and completion are made by the program, from its own table of verbs.
set(weft_man_dir "${PROJECT_BINARY_DIR}/man")
set(weft_completion_dir "${PROJECT_BINARY_DIR}/completion")
add_custom_command(OUTPUT "${weft_man_dir}/weft.1"
  COMMAND ${CMAKE_COMMAND} -E rm -rf "${weft_man_dir}" "${weft_completion_dir}"
  COMMAND ${CMAKE_COMMAND} -E make_directory "${weft_man_dir}" "${weft_completion_dir}"
  COMMAND weft-cli help --man-pages "${weft_man_dir}"
  COMMAND sh -c "for s in bash zsh fish; do \"$1\" help --completion $s >\"$2/$s\" || exit; done"
    sh $<TARGET_FILE:weft-cli> "${weft_completion_dir}"
  DEPENDS weft-cli
  COMMENT "Writing the manual pages and the completion scripts"
  VERBATIM)
add_custom_target(weft-man ALL DEPENDS "${weft_man_dir}/weft.1")
install(DIRECTORY "${weft_man_dir}/" DESTINATION "${CMAKE_INSTALL_MANDIR}/man1" FILES_MATCHING PATTERN "*.1")
install(FILES "${weft_completion_dir}/bash" RENAME weft
  DESTINATION "${CMAKE_INSTALL_DATADIR}/bash-completion/completions")
install(FILES "${weft_completion_dir}/zsh" RENAME _weft
  DESTINATION "${CMAKE_INSTALL_DATADIR}/zsh/site-functions")
install(FILES "${weft_completion_dir}/fish" RENAME weft.fish
  DESTINATION "${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d")
install(DIRECTORY "${PROJECT_SOURCE_DIR}/wit" DESTINATION "${CMAKE_INSTALL_DATADIR}/weft" OPTIONAL)
install(FILES README.md CHANGELOG.md LICENSE-MIT LICENSE-APACHE DESTINATION "${CMAKE_INSTALL_DOCDIR}")
