"""What stands at the door of a p2pstream configuration: listeners, routes, targets, captcha providers, old backends."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from pydantic import Field

from edgelint.readers.p2pstream.shape import Flag, Protocol, Shape, Text, Unused, Whole, choice


class Provider(Shape):
    """A captcha provider. Its keys are not looked at."""

    zeros: ClassVar = {"enabled": False}

    id: Whole = 0
    name: Text = ""
    enabled: Flag = True
    provider_type: Unused = None
    site_key: Unused = None
    secret_key: Unused = None
    secret_key_set: Unused = None
    created_at_unix_millis: Unused = None
    updated_at_unix_millis: Unused = None


class Listener(Shape):
    """A listener. Until v0.1.39 it named the backend that takes what no route takes."""

    zeros: ClassVar = {"enabled": False}
    decisive = frozenset({"id", "port", "protocol", "enabled"})
    limits: ClassVar = {"port": (1, 65_535)}

    id: Whole = 0
    name: Text = ""
    bind_address: Text = ""
    port: Whole = 0
    protocol: Protocol = ""
    enabled: Flag = True
    default_backend_id: Whole = 0
    created_at_unix_millis: Unused = None
    updated_at_unix_millis: Unused = None


class RouteBackend(Shape):
    """A backend of a route, until v0.1.39."""

    zeros: ClassVar = {"enabled": False}

    route_id: Whole = 0
    backend_id: Whole = 0
    position: Whole = 0
    weight: Unused = None
    enabled: Flag = True


class Route(Shape):
    """A route. Targets are read one by one; the backend fields are those of v0.1.39 and before."""

    zeros: ClassVar = {"priority": 0, "enabled": False}
    decisive = frozenset(
        {"id", "listener_id", "priority", "enabled", "host_pattern", "path_prefix", "is_default", "action"}
    )

    id: Whole = 0
    listener_id: Whole = 0
    priority: Whole = 100
    host_pattern: Text = ""
    path_prefix: Text = ""
    enabled: Flag = True
    action: Annotated[str, choice("PUBLIC_ROUTE_ACTION_", "forward", "forward", "redirect")] = "forward"
    is_default: Flag = False
    path_security_mode: Annotated[
        str, choice("PUBLIC_ROUTE_PATH_SECURITY_MODE_", "strict", "strict", "allow_encoded_separators")
    ] = "strict"
    targets: Any = ()
    redirect_target_mode: Unused = None
    redirect_target: Unused = None
    redirect_status_code: Unused = None
    redirect_preserve_path_suffix: Unused = None
    redirect_preserve_query: Unused = None
    target_load_balancing: Unused = None
    created_at_unix_millis: Unused = None
    updated_at_unix_millis: Unused = None
    backend_id: Whole = 0
    fallback_backend_id: Whole = 0
    backend_assignments: tuple[RouteBackend, ...] = ()
    load_balancing: Unused = None


class AgentSelector(Shape):
    """The labels an agent has to have."""

    match_labels: dict[Text, Text] = Field(default_factory=dict)


class Target(Shape):
    """A target of a route. Everything about how it is reached, its credentials above all, is not looked at."""

    zeros: ClassVar = {"enabled": False}
    decisive = frozenset({"id", "route_id", "enabled", "target_type", "url", "transport", "agent_selector"})

    id: Whole = 0
    route_id: Whole = 0
    name: Text = ""
    position: Whole = 0
    enabled: Flag = True
    target_type: Annotated[str, choice("PUBLIC_ROUTE_TARGET_TYPE_", "proxy", "proxy", "static")] = "proxy"
    url: Text = ""
    transport: Annotated[str, choice("PUBLIC_ROUTE_TARGET_TRANSPORT_", "direct", "direct", "agent")] = "direct"
    agent_selector: AgentSelector = AgentSelector.model_construct()
    priority_group: Unused = None
    weight: Unused = None
    agent_load_balancing: Unused = None
    tls_skip_verify: Unused = None
    upstream_response_header_timeout_millis: Unused = None
    upstream_request_headers: Unused = None
    upstream_basic_auth: Unused = None
    health_check: Unused = None
    health: Unused = None
    static_status_code: Unused = None
    static_response_headers: Unused = None
    static_response_body: Unused = None
    static_response_body_mode: Unused = None
    static_response_template_id: Unused = None
    created_at_unix_millis: Unused = None
    updated_at_unix_millis: Unused = None


class BackendAgent(Shape):
    """An agent of a backend, until v0.1.39."""

    backend_id: Whole = 0
    agent_id: Whole = 0
    position: Unused = None
    weight: Unused = None
    enabled: Unused = None
    health: Unused = None


class Backend(Shape):
    """What targets were until v0.1.39: an origin of its own, shared by routes."""

    zeros: ClassVar = {"enabled": False}
    decisive = frozenset({"id", "enabled", "target_origin", "backend_type", "forward_mode"})

    id: Whole = 0
    name: Text = ""
    target_origin: Text = ""
    enabled: Flag = True
    backend_type: Annotated[str, choice("PUBLIC_BACKEND_TYPE_", "proxy_forward", "proxy_forward", "static")] = (
        "proxy_forward"
    )
    forward_mode: Annotated[str, choice("PUBLIC_BACKEND_FORWARD_MODE_", "direct", "direct", "agent_pool")] = "direct"
    agent_assignments: tuple[BackendAgent, ...] = ()
    load_balancing: Unused = None
    tls_skip_verify: Unused = None
    static_status_code: Unused = None
    static_response_headers: Unused = None
    static_response_body: Unused = None
    static_response_body_mode: Unused = None
    static_response_template_id: Unused = None
    upstream_request_headers: Unused = None
    upstream_basic_auth: Unused = None
    upstream_response_header_timeout_millis: Unused = None
    health_check: Unused = None
    created_at_unix_millis: Unused = None
    updated_at_unix_millis: Unused = None
