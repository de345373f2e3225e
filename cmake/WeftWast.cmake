# weft-wast, which runs component test scripts: tests/wast/runner.

if(TARGET weft-runtime-static)
  file(GLOB weft_wast_sources CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/tests/wast/runner/*.c")
  add_executable(weft-wast ${weft_wast_sources})
  target_link_libraries(weft-wast PRIVATE weft_compile weft-runtime-static PkgConfig::jansson)
endif()
