# shellcheck shell=bash
# A Chromium for the tests that show pages in a real browser: one that is here, else Debian's.

# find_chromium: prints the program; nothing where there is none.
find_chromium() {
  local name
  for name in ${JERAT_BROWSER:+"$JERAT_BROWSER"} chromium chromium-browser google-chrome-stable google-chrome; do
    if command -v "$name" >/dev/null; then
      command -v "$name"
      return
    fi
  done
}

# chromium_for_tests: installs one where there is none.
chromium_for_tests() {
  if [ -n "$(find_chromium)" ]; then return; fi
  say "There is no Chromium here; --without-browser leaves out the tests that need one."
  install_packages chromium
  [ -n "$(find_chromium)" ] || fail "Chromium was installed and cannot be found; JERAT_BROWSER may name it"
}
