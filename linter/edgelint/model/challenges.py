"""How a platform challenges visitors: what its passes are, how many of them it hands out, and how it measures a rush."""

from __future__ import annotations

from math import inf

from edgelint.record import record


@record
class Challenges:
    """The bounds of a platform's challenges and waiting rooms; the defaults are those of a platform without any.

    `cookie` is the name of the cookie that holds a captcha pass, with `{id}` for the rule's id, `admission` that of the one
    which holds an admission from a waiting room. `cross_site` says that it
    comes along with a form that another site sends. `bound` says that a pass is good for one host of one listener only.
    A rule checks at most `solved_by_client` solutions a minute of one client address, and `solved` altogether. The
    baseline that a rise of traffic is measured against moves by the share `gain` towards the present with each request.
    """

    cookie: str = ""
    admission: str = ""
    cross_site: bool = True
    bound: bool = False
    solved_by_client: float = inf
    solved: float = inf
    gain: float = 0
