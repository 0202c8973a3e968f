"""Random requests that a client can send and an edge may see."""

from hypothesis import strategies as st

from edgelint.model.request import Request

TOKENS = st.text("abcdefghijklmnopqrstuvwxyz0123456789-_.!#$%&'*+^`|~", min_size=1, max_size=8)
NAMES = TOKENS.filter(lambda name: name not in {"host", "transfer-encoding", "trailer", "content-length"})
VALUES = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=12).map(str.strip)
SEGMENTS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), min_size=1, max_size=6).filter(
    lambda text: "/" not in text and text not in (".", "..")
)
REQUESTS = st.builds(
    Request,
    st.sampled_from(["GET", "POST", "HEAD", "PUT", "DELETE", "PURGE"]),
    st.sampled_from(["http", "https"]),
    st.sampled_from(["a.example", "xn--bcher-kva.example", "2001:db8::1", "192.0.2.1", "", "x_y.example"]),
    st.lists(SEGMENTS, max_size=3).map(lambda parts: "/" + "/".join(parts)),
    st.just("198.51.100.7"),
    st.lists(st.tuples(NAMES, VALUES), max_size=4).map(tuple),
    st.lists(st.tuples(SEGMENTS, VALUES), max_size=3).map(tuple),
    st.just(""),
    st.sampled_from([0, 8443]),
)
