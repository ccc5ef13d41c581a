# Stock clients, the seed's examples, the browser and the kills, all against the server of the profile `tested`.

client_parts() {
  local file
  WIRE_SERVER=$TARGET/debug/wire-server part "differential, against npm's servers" node node_test "$ROOT/tests/differential/differential.test.js"
  for file in "$CLIENTS"/*.test.js; do
    part "javascript $(basename "$file" .test.js)" node node_test "$file"
  done
  for file in "$ROOT"/tests/features/*.test.js; do
    part "features $(basename "$file" .test.js)" node node_test "$file"
  done
  for file in "$ROOT"/tests/operations/*.test.js; do
    part "operations $(basename "$file" .test.js)" node node_test "$file"
  done
  for file in "$ROOT"/tests/tools/*.test.js; do
    part "tools $(basename "$file" .test.js)" node node_test "$file"
  done
  for file in "$ROOT"/tests/deploy/*.test.js; do
    part "deploy $(basename "$file" .test.js)" node node_test "$file"
  done
  behind_proxies chat rooms transports matrix
  part "openapi, schemathesis" step env VENV="$CACHE/openapi" "$ROOT/tests/openapi/run"
  part "benchmark report" pytest timeout 60 "$CACHE/venv/bin/pytest" -q -p no:cacheprovider "$ROOT/benches/compare/report"
  part "python clients" pytest timeout 600 "$CACHE/venv/bin/pytest" -v -s -p no:cacheprovider "$CLIENTS/python"
}

# behind_proxies NAME...: the same tests with a proxy of deploy/ between the clients and the server, over TLS.
behind_proxies() {
  local front name
  for front in nginx haproxy; do
    for name in "$@"; do
      FRONT=$front NODE_EXTRA_CA_CERTS=$CLIENTS/fixtures/tls/cert.pem part "behind $front, $name" node node_test "$CLIENTS/$name.test.js"
    done
  done
}

# node_test FILE: a readable report, and TAP for the count beside the log that `part` keeps.
node_test() {
  rm -f "${log%.log}.tap"
  timeout "${NODE_TEST_SECONDS:-600}" node --test \
    --test-reporter=spec --test-reporter-destination=stdout \
    --test-reporter=tap --test-reporter-destination="${log%.log}.tap" "$1"
}

long_parts() {
  export KILL_ROUNDS=20
  part "javascript kill, 20 rounds" node node_test "$CLIENTS/kill.test.js"
  export KILL_ROUNDS=50
  NODE_TEST_SECONDS=1800 part "javascript kill of groups, 50 rounds" node node_test "$CLIENTS/kill_group.test.js"
  export FIRE_CLIENTS=200 FIRE_SEEDS=20
  NODE_TEST_SECONDS=3600 part "javascript fire, 200 clients, 20 seeds" node node_test "$CLIENTS/fire.test.js"
  export DRAIN_CLIENTS=5000 DRAIN_STOCK=50 DRAIN_SECONDS=20 METRICS_CLIENTS=1000
  part "operations, SIGTERM with 5,000 clients" node node_test "$ROOT/tests/operations/drain.test.js"
  part "operations, metrics of 1,000 clients" node node_test "$ROOT/tests/operations/metrics.test.js"
  behind_proxies broadcast fire hearing heavy members mistakes screenplay
  local target
  for target in fuzz/fuzz_targets/*.rs; do
    part "fuzz $(basename "$target" .rs)" step fuzz "$(basename "$target" .rs)"
  done
}

fuzz() {
  cargo fuzz --version >/dev/null || { echo "missing: cargo-fuzz (cargo install cargo-fuzz)"; return 1; }
  local nightly=()
  if rustup toolchain list 2>/dev/null | grep -q '^nightly'; then nightly=(+nightly); else export RUSTC_BOOTSTRAP=1; fi
  mkdir -p "fuzz/corpus/$1"
  timeout 900 cargo "${nightly[@]}" fuzz run "$1" "fuzz/corpus/$1" "fuzz/seeds/$1" -- -max_total_time=60 -print_final_stats=1 2>&1 | tail -n 40
}
