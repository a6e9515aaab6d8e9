"""A case: one folder with everything of one investigation. `case.db` is the truth that the search index is made from."""

from jerat.case.candidates import Candidate, Candidates, Mention
from jerat.case.case import Case
from jerat.case.dead_letters import DeadLetter, DeadLetters
from jerat.case.images import Image, Images
from jerat.case.outbox import Outbox, OutboxRow
from jerat.case.posts import Change, Posts, Record
from jerat.case.presence import Event, Presence, is_past
from jerat.case.reviews import DECISIONS, Restriction, Review, Reviews
from jerat.case.runs import KILLED, Run, Runs
from jerat.case.versions import Version

__all__ = [
    "DECISIONS",
    "KILLED",
    "Candidate",
    "Candidates",
    "Case",
    "Change",
    "DeadLetter",
    "DeadLetters",
    "Event",
    "Image",
    "Images",
    "Mention",
    "Outbox",
    "OutboxRow",
    "Posts",
    "Presence",
    "Record",
    "Restriction",
    "Review",
    "Reviews",
    "Run",
    "Runs",
    "Version",
    "is_past",
]
