# shellcheck shell=bash
# Plain sentences on standard error, so that standard output stays with the command that is run.

say() { printf '%s\n' "$*" >&2; }

fail() {
  printf 'error: %s\n' "$*" >&2
  exit 1
}

# as_root COMMAND...: runs it as root, directly or through sudo; returns 126 where neither is possible.
as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
    sudo "$@"
  elif command -v sudo >/dev/null && [ -t 0 ]; then
    say "sudo may ask for your password."
    sudo "$@"
  else
    return 126
  fi
}

# install_packages PACKAGE...: with apt-get; where that cannot be, says what to type.
install_packages() {
  if ! command -v apt-get >/dev/null; then
    fail "this system has no apt-get; install what Debian calls: $*"
  fi
  say "Installing $* with apt-get."
  if ! { as_root apt-get update -qq &&
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@"; } >&2; then
    fail "$* could not be installed; type: sudo apt-get update && sudo apt-get install $*"
  fi
}
