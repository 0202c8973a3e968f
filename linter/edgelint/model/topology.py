"""What stands in front of the edge, as its owner declares it: facts that no rule set holds."""

from __future__ import annotations

from edgelint.record import record


@record
class Front:
    """What stands before one listener.

    `behind` is `edge` for nothing at all, a network's name, or networks in CIDR notation; None when it is not said.
    `preserves_client_ip` says that the edge still sees the addresses of the clients, as behind a passthrough of layer 4.
    """

    behind: str | tuple[str, ...] | None = None
    preserves_client_ip: bool = False


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
