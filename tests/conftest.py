"""What every test may use: the saved pages beside the checkout, a fresh case, and an environment without settings."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from jerat.case import Case

CHECKOUT = Path(__file__).resolve().parent.parent

# No deadline: a loaded machine is no failure. In CI the same examples are tried on every run.
_COMMON = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow, HealthCheck.function_scoped_fixture]}
settings.register_profile("developer", max_examples=50, **_COMMON)  # type: ignore[arg-type]
settings.register_profile("ci", max_examples=50, derandomize=True, **_COMMON)  # type: ignore[arg-type]
settings.load_profile("ci" if os.environ.get("CI") else "developer")


def _shared_folder() -> Path:
    return Path(os.environ.get("JERAT_TEST_SHARED") or CHECKOUT.parent / "shared" / "data")


@pytest.fixture(autouse=True)
def _no_settings_of_the_developer(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith("JERAT_") and not name.startswith("JERAT_TEST_"):
            monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of saved pages and corpora, `../shared/data` or JERAT_TEST_SHARED. Use it with the marker `shared`."""
    folder = _shared_folder()
    if not folder.is_dir():
        pytest.skip(f"there are no saved pages at {folder}; JERAT_TEST_SHARED may name another folder")
    return folder


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The fixture and the marker go together: `-m 'not shared'` must leave out every test that reads the folder."""
    for item in items:
        if "shared_data" in getattr(item, "fixturenames", ()):
            item.add_marker("shared")


@pytest.fixture
def case(tmp_path: Path) -> Iterator[Case]:
    """A fresh, empty case in a temporary folder."""
    with Case(tmp_path / "case") as fresh:
        yield fresh


@pytest.fixture(scope="session")
def elasticsearch_url() -> str:
    """The address of the real Elasticsearch that `scripts/test` starts. Use it with the marker `elasticsearch`."""
    url = os.environ.get("JERAT_TEST_ELASTICSEARCH", "")
    if not url:
        pytest.skip("JERAT_TEST_ELASTICSEARCH names no server; `scripts/test` starts one")
    return url
