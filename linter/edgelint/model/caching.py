"""What the shared cache of a platform keeps, whatever its rules say."""

from __future__ import annotations

from edgelint.model.request import Request
from edgelint.record import record


@record
class Caching:
    """The shared cache of a platform; the defaults are those of one that keeps every answer to GET.

    `methods` are those whose answers are kept, `served` those that are answered from what is kept. `bodies` says whether that
    goes for requests with a body, too. A request that has one of the `bypassing` headers (lower-case names) passes
    the cache by, and so does one with an encoded separator in its path where `separators` is false. Answers that vary on one
    of the `refused_vary` headers are not kept. `variants` is how many variants of one URL are looked through for a hit, 0 for
    all of them. `by_rule` says that a rule finds only what it has kept itself, although the key does not tell rules apart. `purged` says that what a rule has kept goes when the
    rule is edited.
    """

    methods: tuple[str, ...] = ("GET",)
    served: tuple[str, ...] = ("GET",)
    bodies: bool = True
    bypassing: tuple[str, ...] = ()
    separators: bool = True
    refused_vary: frozenset[str] = frozenset()
    variants: int = 0
    by_rule: bool = False
    purged: bool = True

    def passed_by(self, request: Request) -> str:
        """Why a request passes the cache by, by its method, headers and path; empty where these do not say so."""
        if request.method not in (*self.served, *self.methods):
            return f"the method is {request.method}"
        if name := next((name for name in self.bypassing if request.values(name)), ""):
            return f"the request has header `{name}`"
        path = request.target().partition("?")[0].lower()
        return "the path has an encoded separator" if not self.separators and ("%2f" in path or "%5c" in path) else ""
