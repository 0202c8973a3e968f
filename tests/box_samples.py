"""Random boxes over a small space."""

from hypothesis import strategies as st

from edgelint.space import language as lang
from edgelint.space import leaves
from edgelint.space.addresses import network
from edgelint.space.region import OPAQUE, Box, Space
from edgelint.space.theory import AddressTheory, Axis, TextTheory, ValuesTheory
from edgelint.space.values import some_value

SPACE = Space(
    {
        "host": TextTheory(leaves.pattern("^[a-z.]+$")),
        "path": TextTheory(leaves.prefix("/")),
        "address": AddressTheory(),
        "header": ValuesTheory(lang.ANYTHING),
        OPAQUE: ValuesTheory(lang.words(["true"]), most=1),
    }
)
hosts = st.sampled_from([lang.words(["a.x"]), lang.words(["x"]), leaves.suffix(".x"), ~lang.words(["a.x"])])
paths = st.sampled_from(
    [
        leaves.below_path("/a"),
        leaves.below_path("/a/b"),
        leaves.prefix("/ab"),
        lang.words(["/a", "/c"]),
        leaves.suffix(".js"),
        leaves.pattern("^/a/.*[.]css$"),
        leaves.pattern("(?i)/B/"),
        leaves.below_path("/a") & ~leaves.below_path("/a/b"),
    ]
)
addresses = st.sampled_from([network("10.0.0.0/8"), network("10.1.0.0/16"), network("::/0")])
headers = st.sampled_from([some_value(lang.words(["a"])), ~some_value(lang.words(["a"]))])
boxes = st.fixed_dictionaries(
    {},
    optional={
        Axis("host"): hosts,
        Axis("path"): paths,
        Axis("address"): addresses,
        Axis("header", "x-plan"): headers,
    },
).map(lambda constraints: Box(SPACE, constraints))
