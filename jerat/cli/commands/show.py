"""`jerat show`: one post with everything about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from jerat.cli.restricted import RESTRICTED, Restricted
from jerat.cli.state import State, state_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jerat.case import Case, Image, Record, Review
    from jerat.exchange.context import Context
    from jerat.exchange.history import Step

__all__ = ["find", "register"]

_TOLD = 8


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("show")(show)


def show(
    ctx: typer.Context,
    post_id: Annotated[str, typer.Argument(metavar="ID", help="The id of the post, or its beginning.")],
    lang: Annotated[str, typer.Option(help="The language of the explanations: en or id.")] = "en",
    restricted: Restricted = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document for programs.")] = False,
) -> None:
    """Show one post: its text with the reasons marked, what was found in it, what the case says of it, what was decided.

    [bold]Example[/]

      jerat show 3f2a91c07b44
    """
    from jerat.exchange.history import history

    state = state_of(ctx)
    with state.open_case() as case:
        record = find(case, post_id)
        versions = case.posts.history(record.post.id)
        told = history(versions, case.presence.events(record.post.id))
        images = case.images.of(record.post.id)
        reviews = case.reviews.of(record.post.id)
        hidden = record.restricted and not restricted
        context = None if hidden else _context(state, case, record)
    if hidden:
        _point_to_help(state, record, lang, as_json)
        return
    if record.restricted:
        state.screen.note(RESTRICTED)
    if as_json:
        state.screen.json(
            {
                "review": record.review,
                "reviews": reviews,
                "restricted": record.restricted,
                "context": context,
                "post": record.post,
                "analysis": record.analysis,
                "number": record.number,
                "first_seen": record.first_seen,
                "last_seen": record.last_seen,
                "gone_at": record.gone_at,
                "former": record.former,
                "images": images,
                "versions": [version.post for version in versions],
                "history": told,
            }
        )
        return
    _show(state, record, told, reviews, context, lang)
    _show_images(state, images)


def _context(state: State, case: Case, record: Record) -> Context | None:
    """What the index says of the post; None where it does not answer, for the case can be read without it."""
    from index.protocol import Document
    from jerat.errors import IndexUnavailable
    from jerat.exchange.context import Contexts
    from pipelines.engine import open_engine

    index = None
    try:
        index = open_engine(state.settings, case)
        index.ready()
        state.drain(case)
        return Contexts(index).of(Document.of(record))
    except IndexUnavailable as error:
        state.screen.warn(f"what the other posts say cannot be told: {error}")
        return None
    finally:
        if index is not None:
            index.close()


def _point_to_help(state: State, record: Record, lang: str, as_json: bool) -> None:
    """What is said of a post that is set apart: where help is, and nothing of what it says."""
    from rich.text import Text

    from jerat.cli.phrases import phrases
    from jerat.cli.restricted import help_lines, help_of, help_rows

    say = phrases(lang)
    found = help_of(record.analysis.language, record.analysis.entities, record.post.country_hint)
    if as_json:
        state.screen.json(
            {"id": record.post.id, "restricted": True, "said": say.set_apart, "help": help_rows(found, lang)}
        )
        return
    state.screen.heading(f"Post {record.post.id}")
    state.screen.hanging(Text(say.set_apart), 0)
    state.screen.say("")
    state.screen.heading(say.help)
    help_lines(state.screen, found, lang, say)


def find(case: Case, wanted: str) -> Record:
    """The post with this id, or the only one whose id begins so. Raises InputError where there is none, or several."""
    from jerat.errors import InputError

    record = case.posts.get(wanted)
    if record is not None:
        return record
    ids = case.posts.starting_with(wanted, _TOLD + 1) if wanted else []
    if len(ids) == 1:
        record = case.posts.get(ids[0])
        assert record is not None
        return record
    if ids:
        more = " and more" if len(ids) > _TOLD else ""
        raise InputError(f"several posts begin with {wanted}", f"{', '.join(ids[:_TOLD])}{more}")
    raise InputError(f"the case has no post {wanted}", "`jerat search` prints the ids")


def _show(
    state: State, record: Record, told: list[Step], reviews: list[Review], context: Context | None, lang: str
) -> None:
    from rich.text import Text

    from jerat.cli.cards import marked
    from jerat.cli.explain import reasons, tell_reasons
    from jerat.cli.phrases import phrases
    from jerat.cli.safe import one_line
    from jerat.cli.screen import LEVEL_STYLE, counted

    screen, post, analysis = state.screen, record.post, record.analysis
    screen.heading(one_line(post.title) or f"Post {post.id}")
    rows = [
        ("id", post.id),
        ("risk", f"{analysis.risk.level}, score {analysis.risk.score:.2f}"),
        ("context", "" if context is None or not context.reasons else f"{context.level}, score {context.score:.2f}"),
        ("review", "" if record.review == "none" else record.review),
        ("set apart", "yes: share it only with those who can help" if record.restricted else ""),
        ("kind", analysis.kind),
        ("language", analysis.language),
        ("where", post.url),
        ("source", f"{post.source} ({post.platform})"),
        ("author", post.author),
        ("published", "" if post.published_at is None else post.published_at.isoformat(sep=" ", timespec="minutes")),
        ("first seen", record.first_seen),
        ("last seen", record.last_seen),
        ("gone", record.gone_at or ""),
        ("evidence", post.evidence),
    ]
    if post.job is not None:
        rows += [
            ("employer", post.job.organisation),
            ("places", "; ".join(post.job.locations)),
            ("pay", post.job.salary),
            ("apply", "; ".join(post.job.contacts)),
        ]
    if post.message is not None:
        views = post.message.views
        rows += [
            ("views", "" if views is None else f"{views:,}"),
            ("forwarded", f"{post.message.forwarded_from} {post.message.forwarded_url}".strip()),
            ("shared by", post.message.shared_by),
            ("in reply to", post.message.reply_to),
            ("edited", "yes" if post.message.edited else ""),
        ]
    rows.append(("media", " ".join(post.media)))
    for name, value in rows:
        if value:
            style = LEVEL_STYLE.get(analysis.risk.level, "") if name == "risk" else ""
            screen.say(Text(f"{name:<11} ", "dim") + Text(one_line(value), style))
    screen.say("")
    screen.say(marked(post.text, analysis.risk.reasons))
    if analysis.entities:
        screen.say("")
        screen.heading("What it names")
        screen.table(
            ("kind", "value", "as written", "sure", "note"),
            [
                (entity.kind, entity.value, one_line(entity.text, 50), f"{entity.confidence:.2f}", _note(entity))
                for entity in analysis.entities
            ],
            right=("sure",),
        )
    if analysis.risk.reasons:
        screen.say("")
        screen.heading("Signs that matched")
        matched = reasons(analysis.risk.reasons, lang, state.settings.lexicon_in_force)
        tell_reasons(screen, matched, phrases(lang), weights=True)
    if context is not None and context.reasons:
        screen.say("")
        screen.heading("What other posts of the case say (not part of the risk)")
        for one in context.reasons:
            screen.hanging(Text("  - " if one.strength > 0 else "  + ", "bold") + Text(told_context(one)), 4)
    if reviews:
        screen.say("")
        screen.heading("Decisions, the last one in force")
        for review in reviews:
            screen.hanging(Text("  ") + _told_review(review), 4)
    if record.former:
        screen.say("")
        screen.heading("What only earlier versions named")
        screen.table(("kind", "value", "as written"), [(e.kind, e.value, one_line(e.text, 50)) for e in record.former])
    if len(told) > 1:
        from jerat.cli.changes import tell_history

        screen.say("")
        screen.heading(f"History: {counted(record.versions, 'version')}")
        tell_history(screen, told)
    made = ", ".join(f"{name} {value}" for name, value in analysis.versions.items())
    screen.say("", Text(f"read by {made}; a sign is a lead for a person to check, and no proof", "dim"))


def _show_images(state: State, images: Sequence[Image]) -> None:
    from rich.text import Text

    from jerat.cli.safe import one_line

    if not images:
        return
    state.screen.say("")
    state.screen.heading("Pictures")
    for image in images:
        line = Text("  ") + Text(one_line(image.url, 200), "dim")
        if image.file:
            line.append(f"\n  {state.settings.case / image.file}  ").append(
                f"{image.type}, {image.bytes:,} bytes", "dim"
            )
        else:
            line.append(f"  not kept: {one_line(image.problem, 300)}", "yellow")
        state.screen.hanging(line, 4)


def told_context(one: Any) -> str:
    """A reason of the context as a sentence."""
    from jerat.cli.safe import one_line
    from jerat.cli.screen import counted

    reviewed = [f"{one.lures} reviewed as lure"] if one.lures else []
    reviewed += [f"{one.cleared} reviewed as not"] if one.cleared else []
    more = f"; {', '.join(reviewed)}" if reviewed else ""
    value = one_line(one.value, 60)
    start = {
        "contact": f"{one.kind} {value} stands in {counted(one.of, 'other post')}, {one.posts:,} with signs",
        "near-duplicates": f"{counted(one.of, 'near-duplicate')}, {one.posts:,} with signs",
        "source": f"{one.posts:,} of {counted(one.of, 'other post')} of {value} with signs",
    }[one.why]
    return f"{start}{more} ({one.strength:+.2f})"


def _told_review(review: Review) -> Any:
    from rich.text import Text

    from jerat.cli.safe import one_line

    restriction = {"yes": "set apart", "no": "not set apart", "auto": "set apart by its kind", None: ""}
    what = ", ".join(part for part in (review.decision, restriction[review.restricted]) if part)
    line = Text(f"{review.at[:16].replace('T', ' ')}  {what}  {one_line(review.by, 60)}")
    return line.append(f"  {one_line(review.note, 400)}", "italic") if review.note else line


def _note(entity: Any) -> str:
    parts = [entity.role, entity.bank]
    if entity.country and entity.kind != "location":
        parts.append(entity.country)
    if entity.lat is not None and entity.lon is not None:
        parts.append(f"{entity.lat:.2f}, {entity.lon:.2f}")
    if entity.usd_month_min is not None:
        low, high = f"{entity.usd_month_min:,.0f}", f"{entity.usd_month_max or entity.usd_month_min:,.0f}"
        parts.append(f"about {low if low == high else f'{low}-{high}'} USD a month")
    if entity.undone:
        parts.append(f"was hidden by: {', '.join(entity.undone)}")
    if entity.field != "text":
        parts.append(f"in {entity.field}")
    return "; ".join(part for part in parts if part)
