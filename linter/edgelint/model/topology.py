"""What stands in front of the edge, as its owner declares it: facts that no rule set holds."""

from __future__ import annotations

from typing import Literal

from edgelint.record import record


@record
class Front:
    """What stands before one listener.

    `behind` is `edge` for nothing at all, a network's name, or networks in CIDR notation; None when it is not said.
    `preserves_client_ip` says that the edge still sees the addresses of the clients, as behind a passthrough of layer 4.
    `caches` says that it stores answers and shares them, `longest_header` how many bytes of headers it lets through.
    """

    behind: str | tuple[str, ...] | None = None
    preserves_client_ip: bool = False
    caches: bool = False
    longest_header: int | None = None


Stack = Literal["aspnet", "django", "express", "go", "laravel", "php", "rails", "spring"]


@record
class Upstream:
    """What is known of the application behind a host; an empty host stands for all. None is what is not known.

    `stack` is what it is built with. `websockets`, `acme`, `static` and `overrides` say whether it takes WebSocket
    connections, answers its own ACME challenges, is nothing but files for everybody, and obeys headers that override method
    or path (`x-http-method-override`, `x-original-url`).
    """

    host: str = ""
    stack: Stack | None = None
    websockets: bool | None = None
    acme: bool | None = None
    static: bool | None = None
    overrides: bool | None = None


@record
class MachineEndpoint:
    """A part of the service whose clients are no browsers. Host and path are empty where any will do; `every` is in seconds."""

    host: str = ""
    path: str = ""
    every: float | None = None


@record
class Topology:
    """What is declared of the surroundings: fronts by the name of a listener or `*`, trusted headers in lower case."""

    fronts: tuple[tuple[str, Front], ...] = ()
    trusted_headers: tuple[str, ...] = ()
    machine_endpoints: tuple[MachineEndpoint, ...] = ()
    upstreams: tuple[Upstream, ...] = ()

    def upstream(self, host: str) -> Upstream:
        """What is known of the application behind a host, or behind the hosts of a pattern; the first fitting entry counts."""
        return next((one for one in self.upstreams if one.host in ("", host)), Upstream())

    def front(self, listener: str) -> Front:
        """What stands before a listener; an entry of its own wins over `*`."""
        fronts = dict(self.fronts)
        return fronts.get(listener) or fronts.get("*") or Front()

    def declared(self, listener: str) -> bool:
        """Whether it is known if clients reach this listener under their own addresses."""
        front = self.front(listener)
        return front.behind is not None or front.preserves_client_ip

    def hides_clients(self, listener: str) -> bool:
        """Whether something stands before this listener whose addresses replace those of the clients."""
        front = self.front(listener)
        return front.behind not in (None, "edge") and not front.preserves_client_ip

    def networks(self, listener: str) -> tuple[str, ...]:
        """The networks from which requests reach this listener, where they are declared as such."""
        behind = self.front(listener).behind
        return behind if isinstance(behind, tuple) else ()

    def behind(self, listener: str) -> str:
        """What stands before this listener, in words for a message; empty when nothing does or nothing is known."""
        behind = self.front(listener).behind
        if behind is None or behind == "edge":
            return ""
        return behind if isinstance(behind, str) else ", ".join(behind)
