"""The components of the pipeline and their order, in one place."""

import importlib
from pathlib import Path
from typing import Final, NamedTuple

from nlp.context import STEPS, Component, factory_name

__all__ = ["COMPONENTS", "Step", "steps"]


class Step(NamedTuple):
    """A component: the module that registers it, its name and its version."""

    module: str
    name: str
    version: int = 1


COMPONENTS: Final = (
    Step("nlp.language", "language"),
    Step("nlp.entities.url", "url"),
    Step("nlp.entities.email", "email"),
    Step("nlp.entities.telegram", "telegram"),
    Step("nlp.entities.whatsapp", "whatsapp"),
    Step("nlp.entities.zalo", "zalo"),
    Step("nlp.entities.viber", "viber"),
    Step("nlp.entities.signal", "signal"),
    Step("nlp.entities.wechat", "wechat"),
    Step("nlp.entities.line", "line"),
    Step("nlp.entities.kakao", "kakao"),
    Step("nlp.entities.qq", "qq"),
    Step("nlp.entities.facebook", "facebook"),
    Step("nlp.entities.instagram", "instagram"),
    Step("nlp.entities.tiktok", "tiktok"),
    Step("nlp.entities.discord", "discord"),
    Step("nlp.entities.btc", "btc"),
    Step("nlp.entities.eth", "eth"),
    Step("nlp.entities.tron", "tron"),
    Step("nlp.entities.ltc", "ltc"),
    Step("nlp.entities.doge", "doge"),
    Step("nlp.entities.bch", "bch"),
    Step("nlp.entities.xrp", "xrp"),
    Step("nlp.entities.sol", "sol"),
    Step("nlp.entities.ton", "ton"),
    Step("nlp.entities.xmr", "xmr"),
    Step("nlp.entities.bank_account", "bank_account"),
    Step("nlp.entities.phone", "phone"),
    Step("nlp.entities.location", "location"),
    Step("nlp.entities.salary", "salary"),
    Step("nlp.entities.age", "age"),
    Step("nlp.entities.offer.recogniser", "offer"),
    Step("nlp.resolve", "resolve"),
    Step("nlp.indicators", "indicators"),
    Step("nlp.kind", "kind"),
    Step("nlp.risk", "risk"),
)
"""In the order in which they run: each may read what those before it found."""


def steps(lexicon: Path | None = None) -> list[Component]:
    """The components, their data read. Raises DataError where a data file, or one of the analyst's folder, is wrong."""
    made = []
    for step in COMPONENTS:
        importlib.import_module(step.module)
        made.append(STEPS[factory_name(step.name, step.version)](step.name, lexicon))
    return made
