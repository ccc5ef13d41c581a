# count_KIND LOG prints "passed failed", as the runner of that kind reports it.

# A step without tests of its own is one pass; `part` makes it a failure by its exit status.
count_step() {
  if [[ $status == 0 ]]; then echo 1 0; else echo 0 1; fi
}

count_cargo() {
  awk '/^test result:/ { for (i = 2; i <= NF; i++) { if ($i == "passed;") p += $(i - 1); if ($i == "failed;") f += $(i - 1) } }
       END { print p + 0, f + 0 }' "$1"
}

# node:test writes TAP beside its readable report; a cancelled test did not run to its end.
count_node() {
  awk '/^# pass /{ p += $3 } /^# fail /{ f += $3 } /^# cancelled /{ f += $3 } END { print p + 0, f + 0 }' "${1%.log}.tap"
}

count_pytest() {
  tail -n 3 "$1" | awk '{ for (i = 2; i <= NF; i++) {
      if ($i ~ /^passed/) p += $(i - 1)
      if ($i ~ /^(failed|errors?)/) f += $(i - 1) } }
    END { print p + 0, f + 0 }'
}
