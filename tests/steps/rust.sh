# The Rust side: format, lints, tests, the model test, the codecs without I/O, the server for the tests with clients.

rust_parts() {
  part "rustfmt" step cargo fmt --all --check
  part "clippy" step timeout 1200 cargo clippy -q --workspace --all-targets -- -D warnings
  part "cargo test (workspace and docs)" cargo timeout 1500 cargo test --workspace --no-fail-fast
  part "documentation" step documentation
  part "codec crates without tokio and hyper" step codecs_are_pure
  part "codec tests without features" cargo timeout 900 cargo test -p engineio -p socketio --no-default-features --lib
  part "model test of outbox, claim, switch, close" cargo model_test
  part "build of server and examples" step tested_build
}

# Without warnings: broken links and items without documentation are errors.
documentation() {
  RUSTDOCFLAGS="-D warnings" timeout 900 cargo doc -q --no-deps --workspace && ls "$TARGET"/doc/{engineio,socketio}/index.html
}

codecs_are_pure() {
  local crate tree
  for crate in engineio socketio; do
    tree=$(cargo tree -p "$crate" --no-default-features -e normal --prefix none) || return 1
    if grep -E '^(tokio|hyper|mio|socket2)\b' <<<"$tree"; then echo "$crate: its codec pulls in I/O"; return 1; fi
    echo "$crate --no-default-features: $(sort -u <<<"$tree" | wc -l) packages, no tokio, no hyper"
    codec_builds "$crate" || return 1
  done
}

# Builds for wasm where the target is installed, else for this machine.
codec_builds() {
  local target=wasm32-unknown-unknown
  if [[ -d $(rustc --print target-libdir --target $target 2>/dev/null) ]]; then
    cargo build -q -p "$1" --no-default-features --target $target && echo "$1 builds for $target"
  else
    echo "$target is not installed here: $1 is only checked for this machine"
    cargo check -q -p "$1" --no-default-features
  fi
}

model_test() {
  RUSTFLAGS="--cfg roomcast_model" CARGO_TARGET_DIR=$TARGET/model timeout 900 \
    cargo test -p engineio --release --lib model
}

# Both crates have an example of one name, so those of `socketio` are copied away as soon as they are built.
tested_build() {
  local name examples=(conformance rooms features axum hyper chat_in_40_lines)
  timeout 1500 cargo build -q --profile tested -p roomcast || return 1
  timeout 900 cargo build -q --profile tested -p socketio "${examples[@]/#/--example=}" || return 1
  for name in "${examples[@]}"; do cp -f "$TARGET/tested/examples/$name" "$EXAMPLES/$name"; done
  ls -l "$ROOMCAST" "$EXAMPLES"/*
}
