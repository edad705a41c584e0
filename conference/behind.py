"""What a serving process does behind the pages: it puts the log's workers on threads of their own."""

from agenda.explaining import facts_for
from audit.cosigning import background as cosigning
from audit.growth import background as growth
from audit.proving import daily
from audit.review import background as review
from audit.threads import Rhythm, Threads


def threads() -> Threads:
    """Return the threads of this process, not started yet; import this after Django is set up."""
    return Threads(
        [
            Rhythm("tree", growth.Integrating(), growth.INTERVAL, growth.INTERVAL),
            Rhythm("watch", growth.Watch(), growth.WATCH_EVERY, growth.WATCH_EVERY),
            Rhythm("witness", cosigning.Cosigning(), cosigning.LOOK_EVERY, cosigning.LOOK_EVERY),
            Rhythm("review", review.Reviewing(facts_for), review.EVERY, review.FIRST),
            Rhythm("check", daily.Checking(), daily.EVERY, daily.FIRST),
        ]
    )
