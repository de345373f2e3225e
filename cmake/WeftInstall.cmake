# cmake --install gives a tree that can be moved.

install(TARGETS weft-cli weft-static weft-shared)
install(DIRECTORY "${PROJECT_SOURCE_DIR}/include/weft" DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}")

# The manual pages are made from the program's own table of verbs.
set(weft_man_dir "${PROJECT_BINARY_DIR}/man")
add_custom_command(OUTPUT "${weft_man_dir}/weft.1"
  COMMAND ${CMAKE_COMMAND} -E make_directory "${weft_man_dir}"
  COMMAND weft-cli help --man-pages "${weft_man_dir}"
  DEPENDS weft-cli
  COMMENT "Writing the manual pages"
  VERBATIM)
add_custom_target(weft-man ALL DEPENDS "${weft_man_dir}/weft.1")
install(DIRECTORY "${weft_man_dir}/" DESTINATION "${CMAKE_INSTALL_MANDIR}/man1" FILES_MATCHING PATTERN "*.1")
