"""Settings of the whole suite: random tests print how to repeat a failure, and are not timed."""

from hypothesis import settings

settings.register_profile("edgelint", deadline=None, print_blob=True)
settings.load_profile("edgelint")
