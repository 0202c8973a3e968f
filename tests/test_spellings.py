"""Which spellings of a path an application takes for the same, by what it is built with."""

import pytest

from edgelint.model.expression import Contains, Equals, PathPrefix, StartsWith
from edgelint.spellings import spellings


def paths(literal, stack=None):
    return [spelling.path for spelling in spellings(literal, stack)]


@pytest.mark.parametrize(
    ("literal", "stack", "expected"),
    [
        (Equals("/login"), None, ["/login/"]),
        (Equals("/login/"), None, ["/login"]),
        (Equals("/robots.txt"), None, []),
        (PathPrefix("/login"), None, []),
        (Equals("/login"), "go", []),
        (Equals("/login"), "express", ["/login/", "/Login"]),
        (Equals("/Login"), "express", ["/Login/", "/login"]),
        (PathPrefix("/42"), "express", []),
        (StartsWith("/admin"), "aspnet", ["/Admin"]),
        (PathPrefix("/admin"), "spring", ["/admin;x"]),
        (PathPrefix("/admin/"), "spring", []),
        (StartsWith("/admin"), "spring", []),
        (Equals("/orders"), "rails", ["/orders/", "/orders.json"]),
        (Equals("/orders.xml"), "rails", ["/orders.xml/"]),
        (Equals("/xmlrpc.php"), "php", ["/xmlrpc.php/x"]),
        (Equals("/xmlrpc"), "php", []),
        (Equals("/login"), "spring", ["/login;x"]),
        (PathPrefix("/.git"), "express", []),
        (PathPrefix("/.git"), "spring", []),
        (StartsWith("/.env"), "aspnet", []),
        (PathPrefix("/.well-known/admin"), "express", ["/.Well-known/admin"]),
        (Equals("/"), "express", []),
        (PathPrefix(""), "express", []),
        (Contains("/login"), "express", []),
    ],
)
def test_spellings_follow_the_habits_of_the_framework(literal, stack, expected):
    assert paths(literal, stack) == expected
