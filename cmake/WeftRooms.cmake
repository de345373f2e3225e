# Turning rooms (folders of src/) into libraries and the program.
#
#   weft_library(NAME ROOMS room... [OVER library])
#       NAME-static and NAME-shared from the rooms' files, both from one set of object files. NAME_deps is
#       the interface target to which external libraries are added. The rooms of a library may use
#       private functions of the library they are OVER; since those are hidden in its shared form, the
#       upper shared library contains the lower one's objects and so gives its public functions too.
#
#   weft_program(NAME ROOM room [LOADS library])
#       the program `weft` from the room; all but main.c and loader.c also as NAME-static, for the tests. The
#       library that it LOADS is not linked: loader.c finds it when it is needed.

# The C files of a room and of the folders in it.
function(weft_room_sources out room)
  file(GLOB_RECURSE found CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/src/${room}/*.c")
  list(SORT found)
  set(${out} "${found}" PARENT_SCOPE)
endfunction()

# A library needs at least one file; this stands in while all of its rooms are empty.
set(WEFT_EMPTY_ROOM "${PROJECT_BINARY_DIR}/empty-room.c")
file(CONFIGURE OUTPUT "${WEFT_EMPTY_ROOM}" CONTENT "typedef int weft_empty_room_t;\n")

function(weft_library name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "OVER" "ROOMS")

  set(sources "")
  foreach(room IN LISTS arg_ROOMS)
    weft_room_sources(of_room ${room})
    list(APPEND sources ${of_room})
  endforeach()
  if(NOT sources)
    set(sources "${WEFT_EMPTY_ROOM}")
  endif()

  add_library(${name}_deps INTERFACE)
  add_library(${name}-objects OBJECT ${sources})
  set_target_properties(${name}-objects PROPERTIES POSITION_INDEPENDENT_CODE ON)
  target_link_libraries(${name}-objects PRIVATE weft_compile ${name}_deps)

  add_library(${name}-static STATIC $<TARGET_OBJECTS:${name}-objects>)
  set_target_properties(${name}-static PROPERTIES OUTPUT_NAME ${name} LINKER_LANGUAGE C)
  target_link_libraries(${name}-static PUBLIC $<BUILD_INTERFACE:${name}_deps>)

  set(lower "")
  if(arg_OVER)
    set(lower $<TARGET_OBJECTS:${arg_OVER}-objects>)
    target_link_libraries(${name}_deps INTERFACE ${arg_OVER}_deps)
    target_link_libraries(${name}-static PUBLIC ${arg_OVER}-static)
  endif()

  add_library(${name}-shared SHARED $<TARGET_OBJECTS:${name}-objects> ${lower})
  set_target_properties(${name}-shared PROPERTIES
    OUTPUT_NAME ${name}
    LINKER_LANGUAGE C
    VERSION ${PROJECT_VERSION}
    SOVERSION ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR})
  target_link_libraries(${name}-shared PRIVATE $<BUILD_INTERFACE:${name}_deps>)
  target_link_options(${name}-shared PRIVATE -Wl,-Bsymbolic-functions)
endfunction()

function(weft_program name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "ROOM;LOADS" "")

  set(own "${PROJECT_SOURCE_DIR}/src/${arg_ROOM}/main.c" "${PROJECT_SOURCE_DIR}/src/${arg_ROOM}/loader.c")
  weft_room_sources(sources ${arg_ROOM})
  list(REMOVE_ITEM sources ${own})
  if(NOT sources)
    set(sources "${WEFT_EMPTY_ROOM}")
  endif()

  add_library(${name}-static STATIC ${sources})
  target_link_libraries(${name}-static PUBLIC weft_compile weft-static)

  add_executable(${name} ${own})
  set_target_properties(${name} PROPERTIES OUTPUT_NAME weft)
  target_link_libraries(${name} PRIVATE ${name}-static)

  if(TARGET ${arg_LOADS}-shared)
    # What its headers include is needed all the same.
    target_include_directories(${name}-static SYSTEM PUBLIC
      $<TARGET_PROPERTY:${arg_LOADS}_deps,INTERFACE_INCLUDE_DIRECTORIES>)
    target_compile_definitions(${name} PRIVATE
      WEFT_RUNTIME_LIBRARY="$<TARGET_SONAME_FILE_NAME:${arg_LOADS}-shared>")
    target_link_libraries(${name} PRIVATE ${CMAKE_DL_LIBS})
    set_target_properties(${name} PROPERTIES BUILD_RPATH $<TARGET_FILE_DIR:${arg_LOADS}-shared>)
    add_dependencies(${name} ${arg_LOADS}-shared)
  endif()
endfunction()
