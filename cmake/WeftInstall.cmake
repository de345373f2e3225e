# cmake --install gives a tree that can be moved.

install(TARGETS weft-cli weft-static weft-shared)
install(DIRECTORY "${PROJECT_SOURCE_DIR}/include/weft" DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}")
