"""`jerat reindex`: make the search index anew from the case."""

from typing import TYPE_CHECKING, Annotated

import typer

from jerat.cli.state import State, state_of

if TYPE_CHECKING:
    from jerat.case import Case

__all__ = ["register"]

_BATCH = 256


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("reindex")(reindex)


def reindex(
    ctx: typer.Context,
    analyse: Annotated[
        bool, typer.Option("--analyse", help="Read every post again first, with the nlp of this version.")
    ] = False,
) -> None:
    """Drop the search index and make it anew from the case, with the same ids and counts.

    For after a change of engine (`JERAT_INDEX`), a damaged index, or, with `--analyse`, a newer jerat or lexicon.

    [bold]Example[/]

      jerat reindex --analyse
    """
    import index as engines
    from jerat.errors import IndexUnavailable, JeratError
    from pipelines.engine import open_engine

    state = state_of(ctx)
    with state.open_case() as case:
        posts = case.posts.count()
        if analyse:
            changed = _analyse_again(state, case, posts)
            state.screen.say(f"{posts:,} posts read again, {changed:,} with other findings")
        engine = open_engine(state.settings, case)
        try:
            engine.clear()
            case.outbox.add_all()
            with state.screen.progress() as bar:
                task = bar.add_task("Indexing", total=posts)
                report = engines.drain(case, engine, progress=lambda done, _: bar.update(task, completed=done))
            if report.error:
                raise IndexUnavailable(
                    f"{report.waiting} posts wait in the outbox: {report.error}",
                    "`jerat doctor` says how the engine does",
                )
            engine.refresh()
            held = engine.count("*", restricted=True)
        finally:
            engine.close()
        if held != posts:
            raise JeratError(
                f"the case has {posts} posts and the index holds {held} ({report.refused} were refused)",
                "the dead letters hold the reasons: `jerat doctor`",
            )
    state.screen.say(f"{held:,} posts indexed")


def _analyse_again(state: State, case: "Case", posts: int) -> int:
    """Read all posts again; returns how many had other findings than before."""
    from itertools import islice

    from nlp import Input

    changed = 0
    records = case.posts.all()
    with state.screen.progress() as bar:
        task = bar.add_task("Reading", total=posts)
        while batch := list(islice(records, _BATCH)):
            inputs = [
                Input(id=post.id, text=post.text, fields=post.fields(), country_hint=post.country_hint)
                for post in (record.post for record in batch)
            ]
            analyses = list(state.analyser.pipe(inputs))
            pairs = zip(batch, analyses, strict=True)
            changed += sum(record.analysis != analysis for record, analysis in pairs)
            case.posts.put([(record.post, found) for record, found in zip(batch, analyses, strict=True)])
            for record in batch:
                if record.versions > 1:
                    _earlier(state, case, record.post.id)
            bar.update(task, advance=len(batch))
    return changed


def _earlier(state: State, case: "Case", post_id: str) -> None:
    """Read the earlier versions of a post again, too: their contacts are searched."""
    for version in case.posts.history(post_id):
        if not version.current:
            post = version.post
            found = state.analyser.analyse(post.text, id=post.id, fields=post.fields(), country_hint=post.country_hint)
            case.posts.keep_earlier(post_id, version.number, found)
