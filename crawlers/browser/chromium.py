"""Which Chromium is used, and with what it is started."""

import os
import shutil
from pathlib import Path
from typing import Any, Final

from jerat.errors import SettingsError
from jerat.settings import Settings

__all__ = ["find_chromium", "launch_options"]

_NAMES: Final = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome", "microsoft-edge")
_PLACES: Final = (
    "/usr/bin/chromium",
    "/usr/lib/chromium/chromium",
    "/snap/bin/chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
# The folders of Playwright's own browsers: https://playwright.dev/python/docs/browsers#managing-browser-binaries
_OWN: Final = ("~/.cache/ms-playwright", "~/Library/Caches/ms-playwright")
_OWN_PROGRAMS: Final = (
    "chromium-*/chrome-linux*/chrome",
    "chromium_headless_shell-*/chrome-*/*headless*shell",
    "chromium-*/chrome-mac*/*.app/Contents/MacOS/*",
)
_INSTALL: Final = (
    "install one (`sudo apt-get install chromium` or `playwright install chromium`), or name one in JERAT_BROWSER"
)


def find_chromium(settings: Settings) -> Path:
    """JERAT_BROWSER, else one that is installed here, else Playwright's own. Raises SettingsError where there is none."""
    if settings.browser is not None:
        if settings.browser.is_file() and os.access(settings.browser, os.X_OK):
            return settings.browser
        raise SettingsError(f"JERAT_BROWSER names {settings.browser}, which is no program that can be run", _INSTALL)
    named = (shutil.which(name) for name in _NAMES)
    for place in (*named, *_PLACES):
        if place and os.access(place, os.X_OK):
            return Path(place)
    for folder in (os.environ.get("PLAYWRIGHT_BROWSERS_PATH", ""), *_OWN):
        for pattern in _OWN_PROGRAMS if folder else ():
            found = sorted(Path(folder).expanduser().glob(pattern))
            if found and os.access(found[-1], os.X_OK):
                return found[-1]
    raise SettingsError("there is no Chromium on this machine", _INSTALL)


def launch_options(program: Path, proxy: str, user: str, password: str) -> dict[str, Any]:
    """For Playwright's `launch`. Everything goes through the guarded proxy, also what goes to loopback."""
    return {
        "executable_path": str(program),
        "headless": True,
        "chromium_sandbox": os.geteuid() != 0 if hasattr(os, "geteuid") else True,  # it cannot be had as root
        "handle_sigint": False,
        "handle_sigterm": False,
        "handle_sighup": False,
        "timeout": 60_000,
        "proxy": {"server": proxy, "username": user, "password": password, "bypass": "<-loopback>"},
        "args": [
            # It resolves no name by itself: the proxy does, and connects to the very address that it has checked.
            "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
            "--proxy-bypass-list=<-loopback>",
            "--disable-quic",
            "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
            "--webrtc-ip-handling-policy=disable_non_proxied_udp",
            # It asks for nothing that the page does not ask for.
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-domain-reliability",
            "--disable-sync",
            "--no-first-run",
            "--no-pings",
            "--disable-gpu",
            "--js-flags=--max-old-space-size=512",
            "--renderer-process-limit=4",
        ],
    }
