# Building and installing what is measured, and telling what it is.

export CARGO_TERM_COLOR=never

quietly() {
  local name=$1
  shift
  "$@" >"$CACHE/logs/install-$name.log" 2>&1
}

build_ours() {
  say "building roomcast (benches/compare/.cache/logs/install-ours.log)"
  quietly ours cargo build --release -p roomcast --bin roomcast -p socketio --example fanout
}

# A Rust peer has its own lock file and shares no dependency with us.
build_peer() {
  CARGO_TARGET_DIR=$CACHE/target quietly "$1" cargo build --release --locked --manifest-path "$HERE/$1/Cargo.toml"
}

install_npm() {
  local folder=$CACHE/$1
  command -v npm >/dev/null || { echo "npm is not there" >"$CACHE/logs/install-$1.log"; return 1; }
  mkdir -p "$folder"
  cp "$HERE/$1"/*.mjs "$HERE/$1/package.json" "$folder"
  if cmp -s "$HERE/$1/package-lock.json" "$folder/installed.json"; then return; fi
  cp "$HERE/$1/package-lock.json" "$folder"
  (cd "$folder" && quietly "$1" npm ci --no-audit --no-fund) && cp "$HERE/$1/package-lock.json" "$folder/installed.json"
}

install_python() {
  local wanted=$HERE/python/requirements.txt
  if cmp -s "$wanted" "$CACHE/venv/installed.txt"; then return; fi
  quietly python python3 -m venv "$CACHE/venv" &&
    quietly python "$CACHE/venv/bin/pip" install -q -r "$wanted" && cp "$wanted" "$CACHE/venv/installed.txt"
}

# Where npm does not run the scripts of packages, the program is still there.
install_bun() {
  install_npm bun || return 1
  local folder=$CACHE/bun/node_modules
  "$folder/.bin/bun" --version >"$CACHE/logs/install-bun.log" 2>&1 || quietly bun node "$folder/bun/install.js"
}

install() {
  case $1 in
    ours) true ;;
    socketioxide | floor) build_peer "$1" ;;
    node) install_npm node ;;
    bun) install_bun ;;
    python) install_python ;;
    *) say "there is no server $1"; exit 2 ;;
  esac
}

# server_command NAME PORT: fills START.
server_command() {
  case $1 in
    ours) START=("$TARGET/release/examples/fanout" "$2" "$THREADS") ;;
    socketioxide) START=("$CACHE/target/release/peer-socketioxide" "$2" "$THREADS") ;;
    floor) START=("$CACHE/target/release/peer-floor" "$2") ;;
    node) START=(node "$CACHE/node/server.mjs" "$2") ;;
    bun) START=("$CACHE/bun/node_modules/.bin/bun" "$CACHE/bun/server.mjs" "$2") ;;
    python) START=("$CACHE/venv/bin/python" "$HERE/python/server.py" "$2") ;;
  esac
}

# prepare NAME: installs it and lets the stock client say that it is the same program.
prepare() {
  local transports='websocket polling' problem=''
  if [[ $1 == floor ]]; then transports=websocket; fi
  if ! install "$1"; then
    problem="cannot be installed: $(tail -n 1 "$CACHE/logs/install-$1.log")"
  elif ! install_npm node; then
    say "the stock client cannot be installed: $1 is measured unchecked"
  elif ! start_server "$1"; then
    problem="does not start: $(tail -n 1 "$CACHE/logs/$1.log")"
  elif ! quietly "check-$1" node "$CACHE/node/check.mjs" "$PORT" $transports; then
    problem="the stock client does not agree with it (benches/compare/.cache/logs/install-check-$1.log)"
  fi
  stop_server
  [[ -z $problem ]] || { MISSING[$1]=$problem; return 1; }
}

npm_version() { node -p "require('$CACHE/$1/node_modules/$2/package.json').version"; }

version() {
  case $1 in
    ours) echo "roomcast $(git rev-parse --short HEAD)$(git diff --quiet HEAD -- . ':!benches/results' || echo ', changed'), $(rustc --version)" ;;
    socketioxide) echo "socketioxide $(sed -n '/^name = "socketioxide"/{n;s/.*"\(.*\)"/\1/p}' "$HERE/socketioxide/Cargo.lock"), $(rustc --version)" ;;
    node) echo "socket.io $(npm_version node socket.io) with ws $(npm_version node ws) and bufferutil $(npm_version node bufferutil), Node $(node --version)" ;;
    bun) echo "socket.io $(npm_version bun socket.io) with @socket.io/bun-engine $(npm_version bun @socket.io/bun-engine), Bun $("$CACHE/bun/node_modules/.bin/bun" --version)" ;;
    python) "$CACHE/venv/bin/python" -c 'import platform; from importlib.metadata import version as v; print(
      f"python-socketio {v('\''python-socketio'\'')} under uvicorn {v('\''uvicorn'\'')} with uvloop {v('\''uvloop'\'')}, Python {platform.python_version()}")' ;;
    floor) echo "mio, one thread, no rules" ;;
  esac
}

# meta: the first line of the raw results.
meta() {
  local server arguments=()
  for server in "${SERVERS[@]}"; do
    if [[ -n ${MISSING[$server]:-} ]]; then
      arguments+=("missing.$server=${MISSING[$server]}")
    else
      arguments+=("versions.$server=$(version "$server")")
    fi
  done
  python3 "$HERE/steps/record.py" meta "mode=$MODE" "command=$COMMAND" "rounds=$ROUNDS" "seconds=$SECONDS_EACH" "shrink=$SHRINK" \
    "cpu=$(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -n 1)" "cores=$(nproc)" "kernel=$(uname -sr)" \
    "memory=$(awk '/MemTotal/ { printf "%.0f GiB", $2 / 1048576 }' /proc/meminfo)" "${arguments[@]}"
}
