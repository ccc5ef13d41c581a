# What is measured: a name, and what `roomcast bench` is told. $1 clients become $1 / SHRINK in a quick run.

few() { echo $(($1 / SHRINK)); }

# arguments NAME: the scenario's arguments, and for how long it is measured.
arguments() {
  case $1 in
    fanout-10000x4) echo "fanout --clients $(few 10000) --in-flight 4" ;;
    fanout-10000x4-one) echo "fanout --clients $(few 10000) --in-flight 4 --senders 1" ;;
    fanout-1000x16) echo "fanout --clients $(few 1000) --in-flight 16" ;;
    fanout-1000x1) echo "fanout --clients $(few 1000) --in-flight 1" ;;
    rooms-100x10) echo "rooms --clients $(few 1000) --rooms $(few 100) --in-flight $(few 100)" ;;
    echo-64) echo "echo --clients 64" ;;
    latency-1000) echo "latency --clients $(few 1000) --rate 20" ;;
    idle-10000) echo "idle --clients $(few 10000)" ;;
    connect-10000) echo "connect --clients $(few 10000)" ;;
    polling-10000) echo "polling --clients $(few 10000) --rate 1 --transport polling" ;;
    scale-*) echo "fanout --clients $(few "${1#scale-}") --in-flight 4" ;;
    beside-*) echo "fanout --clients $(few 5000) --in-flight 4" ;;
    *) return 1 ;;
  esac
}

# One message a second needs more of them than the others do.
seconds() {
  case $1 in
    polling-*) echo $((SECONDS_EACH * 2)) ;;
    *) echo "$SECONDS_EACH" ;;
  esac
}

# holders NAME: clients that are there and do nothing, and the rooms that they are in.
holders() {
  case $1 in
    beside-idle) echo "$(few 10000) 0" ;;
    beside-rooms) echo "$(few 10000) $(few 1000)" ;;
    *) echo "0 0" ;;
  esac
}

# can SERVER NAME: whether the server has what the scenario needs.
can() { [[ $1 != floor || $2 != polling-* ]]; }

# plan: PLAN has the names in the order in which they are measured.
plan() {
  if [[ -n $WANTED ]]; then
    read -ra PLAN <<<"$WANTED"
    for name in "${PLAN[@]}"; do arguments "$name" >/dev/null || { say "there is no scenario $name"; exit 2; }; done
  elif [[ $MODE == scaling ]]; then
    PLAN=(scale-100 scale-1000 scale-5000 scale-10000 scale-18000 beside-nothing beside-idle beside-rooms)
  else
    PLAN=(fanout-10000x4 fanout-10000x4-one fanout-1000x16 fanout-1000x1 rooms-100x10 echo-64 latency-1000 idle-10000 connect-10000 polling-10000)
  fi
}
