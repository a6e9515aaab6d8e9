# shellcheck shell=bash
# A real Elasticsearch of the tests' own: from Maven Central, on a free loopback port, stopped by whoever started it.
#
# elasticsearch_start sets ELASTICSEARCH_URL; elasticsearch_stop ends the server and removes all it has written.
# The server comes as the zip that Elasticsearch's own plugin tests use: the real one, with fewer modules.

_SERVER_USER=jerat-test
_SERVER_WORK=""
_SERVER_PID=""
_SERVER_USER_MADE=""
_SERVER_WAIT=${JERAT_TEST_ELASTICSEARCH_WAIT:-180}

# as_server_user COMMAND...: Elasticsearch refuses to run as root.
as_server_user() {
  if [ "$(id -u)" -eq 0 ]; then
    setpriv --reuid "$_SERVER_USER" --regid "$_SERVER_USER" --clear-groups -- "$@"
  else
    "$@"
  fi
}

_make_server_user() {
  if [ "$(id -u)" -ne 0 ] || id "$_SERVER_USER" >/dev/null 2>&1; then return; fi
  say "Elasticsearch does not run as root: making the system user $_SERVER_USER, for the time of the tests."
  useradd --system --user-group --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin "$_SERVER_USER" ||
    fail "the user $_SERVER_USER could not be made; start this as an ordinary user, or with --without-elasticsearch"
  _SERVER_USER_MADE=1
}

# Sets ES_JAVA_HOME and _SERVER_VERSION.
_choose_server() {
  local found
  found=$(find_java)
  if [ -z "$found" ]; then
    install_packages default-jre-headless
    found=$(find_java)
  fi
  [ -n "$found" ] || fail "Elasticsearch needs Java 17 or newer; install one, or use --without-elasticsearch"
  ES_JAVA_HOME=${found#* }
  export ES_JAVA_HOME
  if [ "${found%% *}" -ge 21 ]; then _SERVER_VERSION=9.2.0; else _SERVER_VERSION=8.19.8; fi
}

# Fetches and unpacks the server once; sets _SERVER_HOME.
_fetch_server() {
  local artifact="org.elasticsearch.distribution.integ-test-zip:elasticsearch:$_SERVER_VERSION:zip" zip home new output
  _SERVER_HOME="$CHECKOUT/.cache/elasticsearch-$_SERVER_VERSION"
  if [ -d "$_SERVER_HOME" ]; then return; fi
  command -v mvn >/dev/null || install_packages maven
  say "Fetching Elasticsearch $_SERVER_VERSION from Maven Central (once)."
  output=$(mvn -q -B dependency:get -Dtransitive=false -Dartifact="$artifact" </dev/null 2>&1) || {
    say "$output"
    fail "Maven could not fetch $artifact; is there a network? --without-elasticsearch runs all other tests"
  }
  zip=""
  # Maven takes the home folder from the user database, not from the environment.
  for home in "${HOME:-/nonexistent}" "$(getent passwd "$(id -u)" | cut -d: -f6)"; do
    new="$home/.m2/repository/org/elasticsearch/distribution/integ-test-zip/elasticsearch"
    new="$new/$_SERVER_VERSION/elasticsearch-$_SERVER_VERSION.zip"
    if [ -f "$new" ]; then zip=$new; fi
  done
  if [ -z "$zip" ]; then # a repository elsewhere, by the user's own settings
    mvn -q -B dependency:copy -Dartifact="$artifact" -DoutputDirectory="$CHECKOUT/.cache" </dev/null >&2 ||
      fail "Maven fetched $artifact, but could not copy it to .cache"
    zip="$CHECKOUT/.cache/elasticsearch-$_SERVER_VERSION.zip"
  fi
  new=$(mktemp -d "$CHECKOUT/.cache/unpack-XXXXXX")
  "$CHECKOUT/.venv/bin/python" -m zipfile -e "$zip" "$new" || fail "$zip is no whole zip file; remove it and try again"
  chmod -R u+rwX,go+rX "$new"
  chmod +x "$new"/elasticsearch-*/bin/*
  mv "$new"/elasticsearch-* "$_SERVER_HOME" # whole or not at all
  rm -rf "$new"
}

_free_port() {
  "$CHECKOUT/.venv/bin/python" -c \
    'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

elasticsearch_start() {
  local port home
  mkdir -p "$CHECKOUT/.cache"
  _make_server_user
  _choose_server
  _fetch_server
  _SERVER_WORK=$(mktemp -d /var/tmp/jerat-test-XXXXXX)
  home=$_SERVER_HOME
  if ! as_server_user test -r "$home/bin/elasticsearch" 2>/dev/null; then # a checkout below /root
    cp -r "$home" "$_SERVER_WORK/server"
    home="$_SERVER_WORK/server"
  fi
  cp -r "$home/config" "$_SERVER_WORK/config"
  mkdir "$_SERVER_WORK/tmp"
  if [ "$(id -u)" -eq 0 ]; then chown -R "$_SERVER_USER:$_SERVER_USER" "$_SERVER_WORK"; fi
  port=$(_free_port)
  ELASTICSEARCH_URL="http://127.0.0.1:$port"
  say "Starting Elasticsearch $_SERVER_VERSION on $ELASTICSEARCH_URL with Java from $ES_JAVA_HOME."
  # The death signal ends the server also where this script is killed outright.
  (
    cd "$_SERVER_WORK"
    export ES_PATH_CONF="$_SERVER_WORK/config" ES_TMPDIR="$_SERVER_WORK/tmp" ES_JAVA_OPTS="-Xms512m -Xmx512m"
    export HOME="$_SERVER_WORK"
    unset JAVA_TOOL_OPTIONS
    if [ "$(id -u)" -eq 0 ]; then
      set -- --reuid "$_SERVER_USER" --regid "$_SERVER_USER" --clear-groups
    fi
    exec setpriv "$@" --pdeathsig TERM -- "$home/bin/elasticsearch" -p "$_SERVER_WORK/pid" \
      -E discovery.type=single-node -E xpack.security.enabled=false \
      -E cluster.routing.allocation.disk.threshold_enabled=false \
      -E network.host=127.0.0.1 -E http.port="$port" -E transport.port="$(_free_port)" \
      -E path.data="$_SERVER_WORK/data" -E path.logs="$_SERVER_WORK/logs" \
      -E path.repo="$_SERVER_WORK/snapshots"
  ) >"$_SERVER_WORK/output" 2>&1 </dev/null &
  _SERVER_PID=$!
  _await_server
}

_await_server() {
  local since=$SECONDS
  until "$CHECKOUT/.venv/bin/python" -c '
import sys, urllib.request
opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
opener.open(sys.argv[1] + "/_cluster/health?wait_for_status=yellow&timeout=5s", timeout=10).read()
' "$ELASTICSEARCH_URL" 2>/dev/null; do
    if ! kill -0 "$_SERVER_PID" 2>/dev/null; then
      tail -n 40 "$_SERVER_WORK/output" >&2
      fail "Elasticsearch ended while it started; above are the last lines that it wrote"
    fi
    if [ $((SECONDS - since)) -gt "$_SERVER_WAIT" ]; then
      tail -n 40 "$_SERVER_WORK/output" >&2
      fail "Elasticsearch did not answer within $_SERVER_WAIT seconds; above are the last lines that it wrote"
    fi
    sleep 1
  done
  say "Elasticsearch answers after $((SECONDS - since)) seconds."
}

# May be called at any time, and more than once.
elasticsearch_stop() {
  local pid waited=0
  if [ -n "$_SERVER_PID" ]; then
    pid=$(cat "$_SERVER_WORK/pid" 2>/dev/null || true)
    kill "$_SERVER_PID" 2>/dev/null || true
    while kill -0 "$_SERVER_PID" 2>/dev/null && [ "$waited" -lt 30 ]; do
      sleep 1
      waited=$((waited + 1))
    done
    kill -KILL "$_SERVER_PID" ${pid:+"$pid"} 2>/dev/null || true
    wait "$_SERVER_PID" 2>/dev/null || true
    _SERVER_PID=""
    say "Elasticsearch is stopped."
  fi
  if [ -n "$_SERVER_WORK" ]; then
    rm -rf "$_SERVER_WORK"
    _SERVER_WORK=""
  fi
  if [ -n "$_SERVER_USER_MADE" ]; then
    userdel "$_SERVER_USER" 2>/dev/null || true # another run may still use it
    _SERVER_USER_MADE=""
  fi
}
