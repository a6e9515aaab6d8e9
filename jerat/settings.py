"""What can be set, by a TOML file and by `JERAT_*` variables. docs/settings.md is made from the descriptions here."""

import os
from pathlib import Path
from typing import Any, Final, Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from jerat.errors import SettingsError
from jerat.tokens import tokens_of

__all__ = ["CONFIG_VARIABLE", "PREFIX", "Settings", "load_settings", "token_setting", "unknown_variables"]

PREFIX: Final = "JERAT_"
CONFIG_VARIABLE: Final = "JERAT_CONFIG"
_MIB: Final = 1024 * 1024
_TOKENS: Final = {
    "mastodon": ("mastodon_token", ""),
    "bluesky": ("bluesky_token", "bsky.social"),
    "reddit": ("reddit_token", "oauth.reddit.com"),
    "discourse": ("discourse_key", ""),
}
"""The setting of each platform, and the host of a token that names none."""


class Settings(BaseSettings):
    """Every setting of jerat. A variable in the environment wins over the TOML file, and the file over the default."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="forbid", frozen=True, env_ignore_empty=True)

    case: Path = Field(Path("case"), description="The case folder: everything of one investigation.")
    index: str = Field(
        "embedded:",
        description="Where posts are searched: `embedded:` (a folder of the case) or the http(s) address of Elasticsearch.",
    )
    index_name: str = Field(
        "jerat", pattern=r"^[a-z0-9][a-z0-9_.-]{0,100}$", description="The name of the index in Elasticsearch."
    )
    index_api_key: SecretStr | None = Field(None, description="API key for Elasticsearch.")
    index_user: str = Field("", description="User for Elasticsearch, where no API key is used.")
    index_password: SecretStr | None = Field(None, description="Password of that user.")
    index_ca_file: Path | None = Field(None, description="File with the CA certificate of Elasticsearch.")
    index_timeout: float = Field(30.0, gt=0, le=600, description="Seconds to wait for an answer of Elasticsearch.")
    allow_loopback: bool = Field(
        False,
        description="Let crawls reach loopback and private addresses. For sample sites and tests, never in the field.",
    )
    contact: str = Field(
        "",
        description="Address (e-mail or URL) that the user agent names, so that a site's owner can reach the operator.",
    )
    obey_robots: bool = Field(True, description="Obey robots.txt.")
    delay: float = Field(
        1.0,
        ge=0,
        le=600,
        description="Seconds between two requests to one site, at least, and never less than half a second; sites on loopback "
        "are not slowed.",
    )
    concurrency: int = Field(8, ge=1, le=64, description="Requests under way at once, over all sites.")
    timeout: float = Field(30.0, gt=0, le=600, description="Seconds until a request is given up.")
    max_response: int = Field(
        32 * _MIB, ge=1024, description="Bytes of a response, unpacked, above which it is refused."
    )
    max_ratio: int = Field(
        200,
        ge=10,
        le=2000,
        description="Times its packed size that a response may unpack to; 2 MiB are always allowed.",
    )
    max_minutes: float = Field(
        720.0, gt=0, description="Minutes after which a run asks for nothing more; what came until then is kept."
    )
    max_pages: int = Field(5000, ge=1, description="Pages fetched from one source in one run, at most.")
    max_image: int = Field(10 * _MIB, ge=1024, description="Bytes of a picture of a post, above which it is not kept.")
    max_images: int = Field(
        2000, ge=0, description="Pictures fetched in one run of a source that asks for them (`images`), at most."
    )
    max_pixels: int = Field(
        50_000_000, ge=1, description="Pixels of a picture, by the size in its header, above which it is not kept."
    )
    max_depth: int = Field(20, ge=1, description="Links followed from the start address, at most.")
    max_redirects: int = Field(10, ge=0, le=50, description="Redirects followed for one request, at most.")
    max_text: int = Field(
        1_000_000, ge=1000, description="Code points of a post's text above which it goes to the dead letters."
    )
    sources: Path | None = Field(
        None,
        description="A folder of YAML files with declared sources of your own; a source there takes the place of one of the "
        "same name that comes with jerat. Default: the folder `sources` of the case.",
    )
    browser: Path | None = Field(
        None,
        description="The Chromium that sources of the kind `browser` use. Default: one that is installed on the machine, "
        "else the one of Playwright.",
    )
    mastodon_token: SecretStr | None = Field(
        None,
        description="Access tokens for instances that show their timelines only with one, as `HOST=TOKEN`, several with spaces "
        "between them. Each is sent to its host alone.",
    )
    bluesky_token: SecretStr | None = Field(
        None,
        description="Access token for Bluesky, which a search wants: that of the account's own server as `HOST=TOKEN`; without "
        "a host it belongs to bsky.social.",
    )
    reddit_token: SecretStr | None = Field(
        None,
        description="OAuth access token for Reddit; with it oauth.reddit.com is asked. `HOST=TOKEN` names another host.",
    )
    discourse_key: SecretStr | None = Field(
        None,
        description="API keys of forums, as `HOST=KEY` or `HOST=USER:KEY`, several with spaces between them. Each is sent to "
        "its host alone.",
    )
    lexicon: Path | None = Field(
        None,
        description="A folder of YAML files that add to, or override, the indicators and places that come with jerat. "
        "Default: the folder `lexicon` of the case, where there is one.",
    )
    names: Literal["auto", "always", "never"] = Field(
        "auto",
        description="Which posts are read for names by the trained model, several times slower than all the rest: `auto` "
        "those whose risk is low or above, in a language it has learnt; `always` all; `never` none.",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field("warning", description="How much is logged.")

    @property
    def sources_folder(self) -> Path:
        """The operator's own folder of declared sources; it need not exist."""
        return self.sources or self.case / "sources"

    @property
    def lexicon_in_force(self) -> Path | None:
        """The analyst's folder that is read: the one that is set, else the folder `lexicon` of the case, else none."""
        own = self.case / "lexicon"
        return self.lexicon or (own if own.is_dir() else None)

    def tokens(self, platform: str) -> dict[str, str]:
        """The tokens for `mastodon`, `bluesky`, `reddit` or `discourse`, by the host that each belongs to."""
        name = _TOKENS[platform][0]
        secret: SecretStr | None = getattr(self, name)
        return {} if secret is None else tokens_of(secret.get_secret_value(), _TOKENS[platform][1])

    @field_validator(*(name for name, _ in _TOKENS.values()))
    @classmethod
    def _hosted(cls, value: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        home = next(home for name, home in _TOKENS.values() if name == info.field_name)
        if value is not None:
            tokens_of(value.get_secret_value(), home)
        return value

    @field_validator("index")
    @classmethod
    def _known_engine(cls, value: str) -> str:
        if value == "embedded:":
            return value
        parts = urlsplit(value)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("must be `embedded:` or an address such as https://search.example:9200")
        if parts.username or parts.password:
            raise ValueError("must not hold a password: use JERAT_INDEX_USER and JERAT_INDEX_PASSWORD")
        return value.rstrip("/")

    @field_validator("contact")
    @classmethod
    def _one_line(cls, value: str) -> str:
        if any(ord(char) < 32 or ord(char) > 126 for char in value):
            raise ValueError("must be plain printable ASCII, since it is sent in a header")
        return value.strip()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments, then the environment, then the TOML file."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, _config_file())


def token_setting(platform: str) -> str:
    """The variable that holds the tokens for `mastodon`, `bluesky`, `reddit` or `discourse`."""
    return f"{PREFIX}{_TOKENS[platform][0].upper()}"


def _config_file() -> Path | None:
    named = os.environ.get(CONFIG_VARIABLE)
    if named:
        return Path(named)
    here = Path("jerat.toml")
    return here if here.is_file() else None


def load_settings(**overrides: Any) -> Settings:
    """The settings in force; `overrides` that are None do not count. Raises SettingsError naming each wrong setting."""
    named = os.environ.get(CONFIG_VARIABLE)
    if named and not Path(named).is_file():
        raise SettingsError(f"{CONFIG_VARIABLE} names {named}, and there is no such file")
    try:
        return Settings(**{key: value for key, value in overrides.items() if value is not None})
    except ValidationError as error:
        wrong = "; ".join(
            f"{PREFIX}{'.'.join(str(part) for part in item['loc']).upper()}: {item['msg']}" for item in error.errors()
        )
        raise SettingsError(
            f"settings that cannot be used: {wrong}", "`jerat doctor --settings` lists them all"
        ) from error
    except (OSError, ValueError) as error:
        raise SettingsError(f"the settings file {_config_file()} cannot be read: {error}") from error


def unknown_variables() -> tuple[str, ...]:
    """`JERAT_*` variables that are no setting: likely misspelt, and so not in force. `JERAT_TEST_*` are the tests' own."""
    known = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields} | {CONFIG_VARIABLE}
    mine = (name for name in os.environ if name.startswith(PREFIX) and not name.startswith(f"{PREFIX}TEST_"))
    return tuple(sorted(name for name in mine if name not in known))
