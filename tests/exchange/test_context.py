"""What the case says of a post: contacts in other lures, copies, the source; never what the post says itself."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

import nlp
from index.embedded import EmbeddedIndex
from index.protocol import Document
from jerat.exchange.context import Context, Contexts, level_of
from jerat.model import Entity
from pipelines.engine import words

Fill = Callable[[Sequence[Document]], Callable[[Document], Context]]


@pytest.fixture
def told(tmp_path: Path) -> Iterator[Fill]:
    index = EmbeddedIndex(tmp_path / "search", words)

    def fill(documents: Sequence[Document]) -> Callable[[Document], Context]:
        assert index.put(list(enumerate(documents, 1))) == []
        index.refresh()
        return Contexts(index).of

    yield fill
    index.close()


def strengths(context: Context) -> dict[str, float]:
    return {one.value or one.why: one.strength for one in context.reasons}


def test_a_post_alone_has_no_context(told: Fill, make_document: Any, make_entity: Any) -> None:
    alone = make_document(1, make_entity("telegram", "agen"), level="high")
    context = told([alone])(alone)
    assert (context.level, context.score, context.reasons) == ("none", 0.0, ())


def test_a_contact_of_other_lures_counts_by_their_number(told: Fill, make_document: Any, make_entity: Any) -> None:
    agent = make_entity("telegram", "agen")
    posts = [make_document(at, agent, level="high", source=f"s{at}") for at in range(1, 8)]
    posts.append(make_document(9, agent, level="none", source="s9"))
    ask = told(posts)
    (reason,) = ask(posts[0]).reasons
    assert (reason.posts, reason.of, reason.kind, reason.value) == (6, 7, "telegram", "agen")
    assert reason.strength == pytest.approx(0.85 * 6 / 7, abs=0.01)
    assert ask(posts[0]).level == "medium"


def test_what_is_named_in_honest_posts_mostly_says_little(told: Fill, make_document: Any, make_entity: Any) -> None:
    agent = make_entity("phone", "+62215550143")
    posts = [make_document(at, agent, level="none" if at > 1 else "high", source=f"s{at}") for at in range(1, 11)]
    assert told(posts)(posts[9]).score == pytest.approx(0.5 / 9, abs=0.01)


def test_a_decision_of_a_person_weighs_more_than_signs_both_ways(
    told: Fill, make_document: Any, make_entity: Any
) -> None:
    agent, other = make_entity("line", "satu"), make_entity("line", "dua")
    posts: list[Document] = [
        make_document(1, agent, level="none", review="lure", source="a"),
        make_document(2, agent, level="none", source="b"),
        make_document(3, other, level="high", review="not", source="c"),
        make_document(4, other, level="high", source="d"),
        make_document(5, other, level="none", source="e"),
    ]
    ask = told(posts)
    assert ask(posts[1]).score == 0.9
    cleared = ask(posts[4])
    assert strengths(cleared)["dua"] == -0.7
    assert cleared.score == 0.0


def test_two_contacts_of_one_advertisement_are_one_witness(told: Fill, make_document: Any, make_entity: Any) -> None:
    both: tuple[Entity, ...] = (make_entity("line", "satu"), make_entity("telegram", "dua"))
    posts = [make_document(at, *both, level="high", source=f"s{at}") for at in (1, 2)]
    assert told(posts)(posts[0]).score == 0.5


def test_copies_are_weak_unless_reviewed_and_their_contact_is_not_counted_again(
    told: Fill, make_document: Any, make_entity: Any
) -> None:
    text = "Dibutuhkan admin online di Kamboja, gaji besar, tiket dan mes ditanggung, hubungi kami segera ya kak"
    print_ = nlp.analyse(text).fingerprint
    agent = make_entity("telegram", "agen")
    posts = [
        make_document(at, agent, text=text, fingerprint=print_, level="high", source=f"s{at}") for at in range(1, 5)
    ]
    (reason,) = told(posts)(posts[0]).reasons
    assert (reason.why, reason.posts, reason.of, reason.strength) == ("near-duplicates", 3, 3, 0.35)


def test_a_source_speaks_from_twenty_posts_on(told: Fill, make_document: Any) -> None:
    few = [make_document(at, level="high", source="few", id=f"f{at}") for at in range(1, 20)]
    bad = [make_document(at, level="high" if at % 2 else "none", source="bad", id=f"b{at}") for at in range(20, 60)]
    calm = [make_document(at, level="none", source="calm", id=f"c{at}") for at in range(60, 100)]
    ask = told([*few, *bad, *calm])
    assert ask(few[0]).reasons == ()
    assert [(one.why, one.strength) for one in ask(bad[0]).reasons] == [("source", 0.3)]
    (reason,) = ask(calm[0]).reasons
    assert reason.strength == pytest.approx(-0.3)
    assert ask(calm[0]).score == 0.0


def test_posts_that_are_set_apart_are_not_asked(told: Fill, make_document: Any, make_entity: Any) -> None:
    agent = make_entity("telegram", "agen")
    victim = make_document(1, agent, level="high", kind="victim", restricted=True, review="lure", source="a")
    offer = make_document(2, agent, level="none", source="b")
    assert told([victim, offer])(offer).reasons == ()


@pytest.mark.parametrize("value", ['a"b', "a\\", "a b:c", "*", "+62", "(x OR y)", "\u202e", "NOT"])
def test_whatever_a_contact_holds_the_question_can_be_asked(
    told: Fill, make_document: Any, make_entity: Any, value: str
) -> None:
    posts = [make_document(at, make_entity("wechat", value), level="high", source='s"\\') for at in (1, 2)]
    assert told(posts)(posts[0]).score in (0.0, 0.5)


def test_levels() -> None:
    assert [level_of(score) for score in (0.0, 0.19, 0.2, 0.5, 0.8, 1.0)] == [
        "none", "none", "low", "medium", "high", "high",
    ]  # fmt: skip
