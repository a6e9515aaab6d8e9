"""Settings: from a file and the environment, and every mistake is named."""

import re
from pathlib import Path

import pytest

from jerat.errors import SettingsError
from jerat.settings import Settings, load_settings, unknown_variables


def test_defaults(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    settings = load_settings()
    assert settings.case == Path("case")
    assert settings.index == "embedded:"
    assert settings.allow_loopback is False
    assert settings.obey_robots is True


def test_argument_wins_over_environment_and_environment_over_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("jerat.toml").write_text('case = "file"\ndelay = 3\ntimeout = 7\n')
    assert (load_settings().case, load_settings().delay) == (Path("file"), 3)
    monkeypatch.setenv("JERAT_CASE", "environment")
    assert load_settings().case == Path("environment")
    assert load_settings(case=Path("argument")).case == Path("argument")
    assert load_settings(case=None).case == Path("environment")
    assert load_settings().timeout == 7


def test_another_file_can_be_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("jerat.toml").write_text("delay = 3\n")
    other = tmp_path / "other.toml"
    other.write_text("delay = 4\n")
    monkeypatch.setenv("JERAT_CONFIG", str(other))
    assert load_settings().delay == 4
    monkeypatch.setenv("JERAT_CONFIG", str(tmp_path / "missing.toml"))
    with pytest.raises(SettingsError, match=r"missing\.toml"):
        load_settings()


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("JERAT_INDEX", "search.example:9200"),
        ("JERAT_INDEX", "ftp://search.example"),
        ("JERAT_INDEX", "https://user:secret@search.example"),
        ("JERAT_INDEX", "https://"),
        ("JERAT_INDEX_NAME", "Upper Case"),
        ("JERAT_INDEX_NAME", "-x"),
        ("JERAT_DELAY", "-1"),
        ("JERAT_DELAY", "soon"),
        ("JERAT_CONCURRENCY", "0"),
        ("JERAT_MAX_TEXT", "10"),
        ("JERAT_CONTACT", "a\nb: c"),
        ("JERAT_CONTACT", "é@example.org"),
        ("JERAT_LOG_LEVEL", "loud"),
        ("JERAT_OBEY_ROBOTS", "perhaps"),
    ],
)
def test_a_value_that_cannot_be_used_names_its_variable(
    variable: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(SettingsError, match=variable) as error:
        load_settings()
    assert "secret" not in str(error.value)
    assert error.value.exit_code == 2


@pytest.mark.parametrize("content", ["delay = ", "[[[", "\x00", "colour = 'red'"])
def test_a_file_that_cannot_be_used_is_said_so(content: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("jerat.toml").write_text(content)
    with pytest.raises(SettingsError):
        load_settings()


def test_the_address_of_the_engine_loses_its_last_slash(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JERAT_INDEX", "https://search.example:9200/")
    assert load_settings().index == "https://search.example:9200"


def test_secrets_are_masked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JERAT_INDEX_PASSWORD", "hunter2")
    assert "hunter2" not in repr(load_settings())


def test_misspelt_variables_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JERAT_DELAY", "2")
    monkeypatch.setenv("JERAT_TEST_ANYTHING", "x")
    assert unknown_variables() == ()
    monkeypatch.setenv("JERAT_DELLAY", "2")
    assert unknown_variables() == ("JERAT_DELLAY",)


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(Exception, match="frozen"):
        load_settings().delay = 5  # type: ignore[misc]


def test_every_setting_is_described_in_a_sentence() -> None:
    for name, field in Settings.model_fields.items():
        assert field.description, name
        assert re.fullmatch(r"[A-Z].*\.", field.description), name
