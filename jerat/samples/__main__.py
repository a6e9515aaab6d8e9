"""`python -m jerat.samples`: serves the sample sites until Ctrl-C, for people who want to look at them."""

import contextlib
import threading

from jerat.samples import serve


def main() -> None:
    """Say where the sites are, and wait."""
    with serve() as sites, contextlib.suppress(KeyboardInterrupt):
        for site in sites.sites:
            print(f"{site.title}: {site.url}", flush=True)
        print("Ctrl-C stops them.", flush=True)
        threading.Event().wait()


if __name__ == "__main__":
    main()
