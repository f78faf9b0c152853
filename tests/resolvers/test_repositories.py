"""The form in which repositories are compared."""

import pytest

from resolvers.repositories import canonical_repository

SAME = {
    "github.com/acme/shop": (
        "git@github.com:Acme/Shop.git",
        "https://user:token@GitHub.com/acme/shop",
        "ssh://git@github.com:22/acme/shop.git/",
        "git+ssh://git@github.com/acme/shop.git",
        " https://github.com:443/acme/shop/ ",
    ),
    "git.example:8443/a/b": ("https://git.example:8443/a/b.git",),
    "https://server/a/b": ("ssh://git@server/a/b",),
    "https://[::1]:8080/a": ("http://[::1]:8080/a",),
    "例え.jp/倉庫": ("https://例え.jp/%E5%80%89%E5%BA%AB.git",),
    "/srv/shop": ("/srv//work/../shop/", "file:///srv/shop", "//srv/shop"),
    "C:/Work/Shop": ("c:\\Work\\Shop\\", "file:///C:/Work/Shop", "C:/Work/./Shop"),
}
NEITHER = (
    "",
    " ",
    "shop",
    "../shop.git",
    "/",
    "C:\\",
    "https://",
    "https://github.com/",
    "http://[x/a",
    "a b",
    "/a\nb",
    "/" + "a" * 501,
)


@pytest.mark.parametrize("form", SAME)
def test_a_repository_has_one_form(form: str) -> None:
    assert {canonical_repository(each) for each in (form, *SAME[form])} == {form}


@pytest.mark.parametrize("text", NEITHER)
def test_what_is_neither_a_url_nor_a_path_has_none(text: str) -> None:
    assert canonical_repository(text) is None
