# shellcheck shell=bash
# A Java for Elasticsearch: 21 or newer for the 9.x server, 17 to 20 for the 8.19 server.

_java_major() {
  "$1/bin/java" -version 2>&1 | sed -n 's/.* version "\([0-9]*\).*/\1/p' | head -n 1
}

# find_java: prints `MAJOR HOME` of the newest Java that the server's user may run; nothing where there is none.
find_java() {
  local home major best=0 chosen=""
  for home in ${JAVA_HOME:+"$JAVA_HOME"} /usr/lib/jvm/* "$(_java_on_path)"; do
    if ! as_server_user test -x "$home/bin/java" 2>/dev/null; then continue; fi
    major=$(_java_major "$home")
    if [ "${major:-0}" -gt "$best" ]; then
      best=$major
      chosen=$home
    fi
  done
  if [ "$best" -ge 17 ]; then printf '%s %s\n' "$best" "$chosen"; fi
}

_java_on_path() {
  local program
  program=$(command -v java) || return 0
  program=$(readlink -f "$program")
  printf '%s\n' "${program%/bin/java}"
}
