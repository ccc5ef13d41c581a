# What the tests need beside cargo. Nothing is installed twice; nothing is installed outside the checkout but Debian packages and a target of rustup.

# command → Debian package that has it
SYSTEM=(cc:build-essential make:build-essential curl:curl chromium:chromium node:nodejs npm:npm python3:python3 nginx:nginx haproxy:haproxy)

install_system() {
  local pair missing=()
  # Where Debian keeps servers, also for who is not root.
  PATH=$PATH:/usr/sbin
  for pair in "${SYSTEM[@]}"; do
    command -v "${pair%%:*}" >/dev/null || missing+=("${pair#*:}")
  done
  python3 -c 'import ensurepip, venv' 2>/dev/null || missing+=(python3-venv)
  if ((${#missing[@]} == 0)); then
    echo "already there: ${SYSTEM[*]#*:} python3-venv"
  elif ((EUID != 0)); then
    echo "missing: ${missing[*]}; as root: apt-get install ${missing[*]}"
    return 1
  else
    export DEBIAN_FRONTEND=noninteractive
    timeout 300 apt-get update -q && timeout 600 apt-get install -q -y --no-install-recommends "${missing[@]}" || return 1
  fi
  command -v cargo >/dev/null || { echo "missing: cargo (the Rust toolchain named in Cargo.toml; install it with rustup)"; return 1; }
  # The codec crates are built for it; without it they are only checked for this machine.
  timeout 120 rustup target add wasm32-unknown-unknown || echo "wasm32-unknown-unknown could not be added"
}

# Every folder here with a lock file of its own.
install_npm() {
  local lock folder have
  for lock in "$ROOT"/tests/*/package-lock.json; do
    folder=${lock%/*} have=${lock%/*}/node_modules/.roomcast-lock
    if cmp -s "$lock" "$have"; then echo "already there: $folder/node_modules"; continue; fi
    (cd "$folder" && timeout 300 npm ci --no-audit --no-fund) && cp "$lock" "$have" || return 1
  done
}

install_python() {
  local want=$CLIENTS/python/requirements.txt have=$CACHE/venv/requirements.txt
  if cmp -s "$want" "$have"; then echo "already there"; return; fi
  python3 -m venv "$CACHE/venv" || return 1
  timeout 300 "$CACHE/venv/bin/pip" install -q --disable-pip-version-check -r "$want" && cp "$want" "$have"
}
