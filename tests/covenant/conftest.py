"""Property tests count examples, not milliseconds: a busy machine is no fault of the covenant's."""

from hypothesis import settings

settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")
