"""What stands at the door of a p2pstream configuration: listeners, routes, targets, captcha providers, old backends."""

from __future__ import annotations

from edgelint.readers.p2pstream.parsers import PROTOCOL, UNUSED, Choice, each, flag, labels, text, whole
from edgelint.readers.p2pstream.shape import Field, Shape


class Provider(Shape):
    """A captcha provider. Its secret key is not looked at."""

    id = Field(whole, 0)
    name = Field(text, "")
    enabled = Field(flag, True, zero=False)
    provider_type = Field(
        Choice("PUBLIC_WAF_CAPTCHA_PROVIDER_TYPE_", "turnstile hcaptcha recaptcha_v2", unspecified=""), ""
    )
    site_key = Field(text, "")
    secret_key = secret_key_set = UNUSED
    created_at_unix_millis = updated_at_unix_millis = UNUSED


class Listener(Shape):
    """A listener. Until v0.1.39 it named the backend that takes what no route takes."""

    id = Field(whole, 0, decisive=True)
    name = Field(text, "")
    bind_address = Field(text, "")
    port = Field(whole, 0, decisive=True, limits=(1, 65_535))
    protocol = Field(PROTOCOL, "", decisive=True)
    enabled = Field(flag, True, zero=False, decisive=True)
    default_backend_id = Field(whole, 0)
    created_at_unix_millis = updated_at_unix_millis = UNUSED


class RouteBackend(Shape):
    """A backend of a route, until v0.1.39."""

    route_id = Field(whole, 0)
    backend_id = Field(whole, 0)
    position = Field(whole, 0)
    weight = UNUSED
    enabled = Field(flag, True, zero=False)


class Route(Shape):
    """A route. Targets are read one by one; the backend fields are those of v0.1.39 and before."""

    id = Field(whole, 0, decisive=True)
    listener_id = Field(whole, 0, decisive=True)
    priority = Field(whole, 100, zero=0, decisive=True)
    host_pattern = Field(text, "", decisive=True)
    path_prefix = Field(text, "", decisive=True)
    enabled = Field(flag, True, zero=False, decisive=True)
    action = Field(Choice("PUBLIC_ROUTE_ACTION_", "forward redirect"), "forward", decisive=True)
    is_default = Field(flag, False, decisive=True)
    path_security_mode = Field(Choice("PUBLIC_ROUTE_PATH_SECURITY_MODE_", "strict allow_encoded_separators"), "strict")
    targets = target_load_balancing = UNUSED
    redirect_target_mode = Field(
        Choice("PUBLIC_ROUTE_REDIRECT_TARGET_MODE_", "same_host_path external_origin_keep_path absolute_url"),
        "same_host_path",
    )
    redirect_target = Field(text, "")
    redirect_status_code = Field(whole, 302)
    redirect_preserve_path_suffix = Field(flag, True, zero=False)
    redirect_preserve_query = Field(flag, True, zero=False)
    created_at_unix_millis = updated_at_unix_millis = UNUSED
    backend_id = Field(whole, 0)
    fallback_backend_id = Field(whole, 0)
    backend_assignments = Field(each(RouteBackend.read), ())
    load_balancing = UNUSED


class AgentSelector(Shape):
    """The labels an agent has to have."""

    match_labels: Field[dict[str, str]] = Field(labels, {})


class UpstreamHeader(Shape):
    """A header that p2pstream adds on the way to a target. Its value may be a secret and is not looked at."""

    target_id = Field(whole, 0)
    name = Field(text, "")
    id = value = sensitive = value_set = position = UNUSED


class BasicAuth(Shape):
    """Whether p2pstream logs in at a target. Name and password are not looked at."""

    enabled = Field(flag, False)
    username = password = password_set = UNUSED


class HealthCheck(Shape):
    """Whether the health of a target is watched."""

    enabled = Field(flag, False)
    method = path = interval_millis = timeout_millis = UNUSED
    healthy_threshold = unhealthy_threshold = expected_status_min = expected_status_max = UNUSED


class Target(Shape):
    """A target of a route. Of what is sent to it only the names of added headers are looked at, never a credential."""

    id = Field(whole, 0, decisive=True)
    route_id = Field(whole, 0, decisive=True)
    name = Field(text, "")
    position = Field(whole, 0)
    enabled = Field(flag, True, zero=False, decisive=True)
    target_type = Field(Choice("PUBLIC_ROUTE_TARGET_TYPE_", "proxy static"), "proxy", decisive=True)
    url = Field(text, "", decisive=True)
    transport = Field(Choice("PUBLIC_ROUTE_TARGET_TRANSPORT_", "direct agent"), "direct", decisive=True)
    agent_selector = Field(AgentSelector.read, AgentSelector(), decisive=True)
    priority_group = Field(whole, 0)
    weight = Field(whole, 100, zero=0)
    upstream_request_headers = Field(each(UpstreamHeader.read), ())
    upstream_basic_auth = Field(BasicAuth.read, BasicAuth())
    health_check = Field(HealthCheck.read, HealthCheck())
    agent_load_balancing = health = tls_skip_verify = upstream_response_header_timeout_millis = UNUSED
    static_status_code = static_response_headers = UNUSED
    static_response_body = static_response_body_mode = static_response_template_id = UNUSED
    created_at_unix_millis = updated_at_unix_millis = UNUSED


class BackendAgent(Shape):
    """An agent of a backend, until v0.1.39."""

    backend_id = Field(whole, 0)
    agent_id = Field(whole, 0)
    position = weight = enabled = health = UNUSED


class Backend(Shape):
    """What targets were until v0.1.39: an origin of its own, shared by routes."""

    id = Field(whole, 0, decisive=True)
    name = Field(text, "")
    target_origin = Field(text, "", decisive=True)
    enabled = Field(flag, True, zero=False, decisive=True)
    backend_type = Field(Choice("PUBLIC_BACKEND_TYPE_", "proxy_forward static"), "proxy_forward", decisive=True)
    forward_mode = Field(Choice("PUBLIC_BACKEND_FORWARD_MODE_", "direct agent_pool"), "direct", decisive=True)
    agent_assignments = Field(each(BackendAgent.read), ())
    load_balancing = health_check = UNUSED
    tls_skip_verify = upstream_response_header_timeout_millis = UNUSED
    upstream_request_headers = upstream_basic_auth = UNUSED
    static_status_code = static_response_headers = UNUSED
    static_response_body = static_response_body_mode = static_response_template_id = UNUSED
    created_at_unix_millis = updated_at_unix_millis = UNUSED
