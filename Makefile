# A thin driver over scripts/ and the CMake presets.
#
#   make                  build, into build/ (the program is build/bin/weft)
#   make demo             set up, build, and show the main job on the shipped example
#   make check            set up, build, and run every test
#   make asan             the same tests under the sanitizers
#   make install PREFIX=  a tree that can be moved
#   make bench            measure
#   make fuzz             run the fuzz targets, FUZZ_TIME=60 each
#   make guests           make the shipped WebAssembly anew from its sources
#   make lint             check the house's rules;  make fmt  lays the code out;  make tidy  runs clang-tidy
#   make setup            only set up (scripts/setup check)
#   make clean

PREFIX ?= /usr/local
FUZZ_TIME ?= 60

all:
	@scripts/build release
demo:
	@scripts/demo
check:
	@scripts/check release
asan:
	@scripts/check asan
install: all
	@cmake --install build --prefix "$(abspath $(PREFIX))"
bench:
	@scripts/bench
fuzz:
	@scripts/fuzz $(FUZZ_TIME)
guests:
	@scripts/guests
lint:
	@scripts/lint
	@ctest --test-dir build -L lint --output-on-failure
tidy: all
	@scripts/lint --tidy
fmt:
	@scripts/lint --fix
setup:
	@scripts/setup check
clean:
	rm -rf build build-debug build-asan build-fuzz

.PHONY: all demo check asan install bench fuzz guests lint tidy fmt setup clean
