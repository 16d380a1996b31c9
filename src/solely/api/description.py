"""What `/openapi.json` says of all routes together: who may call, and the form of a refusal."""

from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel

from solely.api.problems import Problem

_ABOUT = (
    "Batches of a requester sent, followed and answered. An office signs the challenge of `/token/challenge` "
    "with its enrolled key for a token of five minutes, and proves each call with DPoP (RFC 9449). What is "
    "signed is canonical JSON (RFC 8785) of `challenge`, `format` (`solely/token/1`), `jkt` and `key_id`: "
    "`docs/formats/call.md` has all of it, with a client."
)


class Challenge(BaseModel):
    """What an enrolled key is to sign, with its name and the key to prove."""

    challenge: str


class Granted(BaseModel):
    """A token, good for some minutes."""

    access_token: str
    token_type: str
    expires_in: int


class Refused(BaseModel):
    """A refusal of the key service, the same few words for everybody."""

    code: str
    message: str


TOKEN_RESPONSES: Final[dict[int | str, dict[str, Any]]] = {
    200: {"model": Granted},
    400: {"model": Refused, "description": "The call cannot be read"},
    401: {"model": Refused, "description": "The key, the signature or the proof does not hold"},
    403: {"model": Refused, "description": "Not permitted"},
    429: {"model": Refused, "description": "Too much was asked for"},
    501: {"model": Refused, "description": "This encoding is not read here"},
    503: {"model": Refused, "description": "Try again"},
}
_WORD: Final = {"type": "string", "pattern": "^[!-~]{1,4096}$"}
_WORDS: Final = {name: _WORD for name in ("challenge", "key_id", "signature")}
_TOKEN: Final = {
    "type": "object",
    "required": list(_WORDS),
    "properties": _WORDS,
    "additionalProperties": False,
}
TOKEN_BODY: Final = {"required": True, "content": {"application/json": {"schema": _TOKEN}}}


def describe(app: FastAPI) -> None:
    """Make the application's description ours: made once, when it is asked for."""

    def made() -> dict[str, Any]:
        if app.openapi_schema is None:
            words = get_openapi(title=app.title, version=app.version, description=_ABOUT, routes=app.routes)
            parts = words.setdefault("components", {})
            parts.setdefault("schemas", {})["Problem"] = Problem.model_json_schema()
            office = {
                "type": "http",
                "scheme": "DPoP",
                "description": "`Authorization: DPoP TOKEN`, and a proof",
            }
            parts["securitySchemes"] = {"office": office}
            app.openapi_schema = words
        return app.openapi_schema

    app.openapi = made  # type: ignore[method-assign]
