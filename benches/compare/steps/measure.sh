# One measurement: a fresh server, the load, the end of the server.

SERVER='' HOLDER=''

# A measurement that takes longer than this has failed; the slowest server needs a minute to let 10,000 clients in.
PATIENCE=150

pin() {
  local core=$1
  shift
  if ((PINNED)); then exec taskset -c "$core" "$@"; else exec "$@"; fi
}

# start_server NAME: on the next port; SERVER is its process.
start_server() {
  local log=$CACHE/logs/$1.log
  # Emptied here: the process is not the first to open it, and the line of the server before it would be found.
  : >"$log"
  PORT=$((PORT + 1))
  server_command "$1" "$PORT"
  pin 0 "${START[@]}" >>"$log" 2>&1 &
  SERVER=$!
  for _ in {1..200}; do
    if grep -q listening "$log"; then return; fi
    kill -0 "$SERVER" 2>/dev/null || return 1
    sleep 0.1
  done
  return 1
}

# It has nothing to save, and its clients are gone.
stop_server() {
  [[ -n $SERVER ]] || return 0
  kill -KILL "$SERVER" 2>/dev/null
  wait "$SERVER" 2>/dev/null
  SERVER=''
}

# start_holders CLIENTS ROOMS: they stay until stop_holders closes their input.
start_holders() {
  local ready
  coproc HOLDERS { pin 1 python3 "$HERE/steps/hold.py" "$PORT" "$1" "$2" 2>&1; }
  HOLDER=$HOLDERS_PID
  read -r -t "$PATIENCE" ready <&"${HOLDERS[0]}" && [[ $ready == ready ]]
}

stop_holders() {
  [[ -n $HOLDER ]] || return 0
  kill "$HOLDER" 2>/dev/null
  wait "$HOLDER" 2>/dev/null
  HOLDER=''
}

stop_all() {
  stop_holders
  stop_server
}

# load NAME: what `roomcast bench` prints.
load() {
  local arguments
  read -ra arguments <<<"$(arguments "$1")"
  pin 1 timeout -k 5 "$PATIENCE" "$TARGET/release/roomcast" bench "${arguments[0]}" "http://127.0.0.1:$PORT" "${arguments[@]:1}" \
    --size 200 --seconds "$(seconds "$1")" --warm-up "$WARM_UP" --server-pid "$SERVER" --json
}

# measure SERVER SCENARIO ROUND: one line of the raw results.
measure() {
  local out=$CACHE/logs/load.json log=$CACHE/logs/load.log record=$CACHE/logs/record.json error='' status held rooms
  read -r held rooms <<<"$(holders "$2")"
  if ! start_server "$1"; then
    error="the server does not start: $(tail -n 1 "$CACHE/logs/$1.log")"
  elif ((held)) && ! start_holders "$held" "$rooms"; then
    error="the clients beside it cannot connect"
  else
    (load "$2") >"$out" 2>"$log"
    status=$?
    if ((status == 124)); then
      error="not done after $PATIENCE s"
    elif ((status)) && [[ ! -s $out ]]; then
      error="the load ended with status $status: $(tail -n 1 "$log")"
    fi
  fi
  stop_all
  if [[ -n $error ]]; then
    python3 "$HERE/steps/record.py" meta "server=$1" "scenario=$2" "round=$3" "error=$error" >"$record"
  else
    python3 "$HERE/steps/record.py" result "server=$1" "scenario=$2" "round=$3" <"$out" >"$record"
  fi
  python3 "$HERE/report/line.py" <"$record" >&2
  cat "$record"
}
