# shellcheck shell=bash
# The environment of the checkout: .venv, with the project installed so that edits count at once.

_CAN_RUN='import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))'
_CAN_MAKE='import ensurepip, venv'

# find_python: prints a Python 3.11 to 3.13 that can make environments; PYTHON names one to be used.
find_python() {
  local candidate found=""
  for candidate in ${PYTHON:+"$PYTHON"} python3.13 python3.12 python3.11 python3; do
    if ! command -v "$candidate" >/dev/null || ! "$candidate" -c "$_CAN_RUN" 2>/dev/null; then continue; fi
    found=${found:-$candidate}
    if "$candidate" -c "$_CAN_MAKE" 2>/dev/null; then
      command -v "$candidate"
      return
    fi
  done
  [ -z "$found" ] || "$found" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])'
  return 1
}

# python_for_venv: as find_python, and installs what is missing where that is possible.
python_for_venv() {
  local answer
  if answer=$(find_python); then
    printf '%s\n' "$answer"
    return
  fi
  if [ -n "$answer" ]; then
    say "Python is here, but cannot make environments."
    install_packages "$answer"
  else
    say "There is no Python 3.11, 3.12 or 3.13 here."
    install_packages python3 python3-venv
  fi
  find_python || fail "jerat needs Python 3.11, 3.12 or 3.13 with venv; set PYTHON to one"
}

# stamp EXTRAS: what the environment was made from; another stamp means that it must be made anew.
_stamp() {
  {
    printf '%s\n' "$CHECKOUT" "$1"
    "$CHECKOUT/.venv/bin/python" -VV
    cat "$CHECKOUT/pyproject.toml" "$CHECKOUT/constraints.txt"
  } | sha256sum | cut -d' ' -f1
}

# A checkout that was moved or copied leaves scripts that point at the old place; an interpreter that was removed, a dead link.
_venv_is_whole() {
  local venv="$CHECKOUT/.venv"
  "$venv/bin/python" -c "$_CAN_RUN" 2>/dev/null &&
    "$venv/bin/python" -c 'import pip' 2>/dev/null &&
    { [ ! -e "$venv/bin/pip" ] || head -n 1 "$venv/bin/pip" | grep -qF "$venv/bin/python"; }
}

# install_project EXTRAS: makes .venv and installs the project; EXTRAS is empty or `test`.
install_project() {
  local extras=$1 venv="$CHECKOUT/.venv" python name
  if [ -e "$venv" ] && ! _venv_is_whole; then
    say "The environment .venv is broken (the checkout was moved, or its Python is gone): making it anew."
    rm -rf "$venv"
  fi
  if [ ! -e "$venv" ]; then
    python=$(python_for_venv)
    say "Making the environment .venv with $("$python" -V)."
    "$python" -m venv "$venv"
  fi
  name=$(_stamp "$extras")
  # What the tests need includes all that a run needs.
  for done_before in "$venv/stamp-$extras" "$venv/stamp-test"; do
    if [ -e "$done_before" ] && [ "$(cat "$done_before")" = "$(_stamp "${done_before##*/stamp-}")" ]; then
      say "The environment is as it must be; nothing to install."
      return
    fi
  done
  say "Installing jerat${extras:+ and what its tests need}; the first time this takes a few minutes."
  "$venv/bin/python" -m pip install -qq --disable-pip-version-check \
    --constraint "$CHECKOUT/constraints.txt" hatchling editables setuptools ||
    fail "pip could not fetch the build tools; is there a network, and an index that pip may use?"
  # Without isolation the build uses the pinned tools that were just installed, and needs no network of its own. setuptools is
  # for jstyleson, which comes as source only; from Python 3.12 on an environment has none of its own.
  "$venv/bin/python" -m pip install -qq --disable-pip-version-check --no-build-isolation \
    --constraint "$CHECKOUT/constraints.txt" --editable "$CHECKOUT${extras:+[$extras]}" ||
    fail "pip could not install jerat; its last lines say why"
  # luqum makes the tables of its grammar anew when it is first imported by Python 3.13, and keeps them: now, not under a test.
  "$venv/bin/python" -W ignore -c 'import luqum.parser' 2>/dev/null || true
  printf '%s\n' "$name" >"$venv/stamp-$extras"
}
