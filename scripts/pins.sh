# What the build obtains from outside Debian, by version and checksum. Sourced by the scripts; CMake reads
# the versions from here too (one NAME=value per line).

# The engine: its shared library comes out of the wheel, its headers out of the crate.
WASMTIME_VERSION=50.0.1
WASMTIME_WHEEL_LINUX_X86_64=wasmtime-50.0.1-py3-none-manylinux1_x86_64.whl
WASMTIME_WHEEL_LINUX_X86_64_SHA256=cc14c3a17654e0394e0225b11813532ef0cd7bd1e222a0c5494cdedaabeddac4
WASMTIME_WHEEL_LINUX_AARCH64=wasmtime-50.0.1-py3-none-manylinux2014_aarch64.whl
WASMTIME_WHEEL_LINUX_AARCH64_SHA256=675484e525c028dc02762b777f1db4477ea70caa3fec6775426daff4d64edfb1
WASMTIME_CRATE=wasmtime-c-api-impl
WASMTIME_CRATE_SHA256=3c24d3970786b4baecb5b6aff31759b4f361879e8d99dbd5dc36a9524a0db6e6

# The oracles of the tests, built by cargo with --locked.
WASM_TOOLS_VERSION=1.263.0
WAC_CLI_VERSION=0.12.0
WIT_BINDGEN_CLI_VERSION=0.63.0
# A peer that benchmarks run side by side; never needed by a test.
SPLICER_VERSION=2.4.1

# The oldest cargo that fetches today's crates, and the oldest that builds the oracles.
CARGO_LEAST=1.85
CARGO_LEAST_ORACLES=1.88

# The compiler of the C guests that are shipped built: with another one they differ in a few bytes.
GUESTS_CLANG=19.1.7

# The toolchains of the large test guests (scripts/guests-large); wit-bindgen is pinned in their Cargo.toml, too.
COMPONENTIZE_PY_VERSION=0.25.1
COMPONENTIZE_JS_VERSION=0.23.0
WASI_ADAPTER_VERSION=50.0.1
WIT_BINDGEN_RUST_VERSION=0.63.0
# The oldest Go that exports functions under names of their own choice (go:wasmexport).
GO_LEAST=1.24

# The parser of Mermaid, which tests show the graphs to when it is there (scripts/mermaid).
MERMAID_VERSION=12.3.0
MERMAID_SHA256=be0684e8d20bfc874df12c0f04927a5c482f57f2200eec54cca52a4583fd4040
