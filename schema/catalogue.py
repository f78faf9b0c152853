"""Descriptions of the fields that carry a text's key and parameters; `messages.<language>.json` are the catalogues."""

KEY = "The key of {text} in the message catalogues; null for text that a model or a person wrote."
PARAMS = "The parameters of `{key}`: scalars, lists of them, or nested objects with `key` and `params`."


def key_of(text: str) -> str:
    """The description of the key of a field, for example of `reason`."""
    return KEY.format(text=f"`{text}`")


def params_of(key: str) -> str:
    """The description of the parameters that belong to a key."""
    return PARAMS.format(key=key)
