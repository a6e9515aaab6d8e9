"""Sample sites that come with jerat: invented lures and honest jobs, served on loopback for the demo and the tests."""

from jerat.samples.posts import SamplePost, SampleSite, load
from jerat.samples.server import Expected, Served, Sites, serve

__all__ = ["Expected", "SamplePost", "SampleSite", "Served", "Sites", "load", "serve"]
