"""People at a served gate's console, without a browser: a passkey in software each, and plain HTTP."""

import http.client
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlencode

from solely import clock, remote
from solely.access import jose
from solely.signing import KeySigner, parse_private_key
from tests.support.authenticator import Authenticator
from tests.support.service import Service

FORM, JSON = "application/x-www-form-urlencoded", "application/json"
FIELD = re.compile(r'<input type="hidden" name="([^"]*)" value="([^"]*)">')


class Answer(NamedTuple):
    """What came back."""

    status: int
    location: str
    text: str
    headers: Mapping[str, str]
    cookies: tuple[str, ...]
    body: bytes = b""

    @property
    def said(self) -> str:
        """The sentence on what was done, which the next page shows once."""
        (said,) = (each.removeprefix("said=").split(";")[0] for each in self.cookies if "said=" in each)
        return bytes.fromhex(said).decode()


def form_of(files: Mapping[str, bytes], fields: Mapping[str, str]) -> tuple[str, bytes]:
    """Content type and body of a form with files, its fields first."""
    parts = [f'name="{name}"\r\n\r\n{value}'.encode() for name, value in fields.items()]
    parts += [f'name="files"; filename="{name}"\r\n\r\n'.encode() + data for name, data in files.items()]
    lines = [b"--a-boundary\r\nContent-Disposition: form-data; " + part + b"\r\n" for part in parts]
    return "multipart/form-data; boundary=a-boundary", b"".join(lines) + b"--a-boundary--\r\n"


@dataclass
class People:
    """Everybody who is signed in at one service, by role."""

    service: Service
    devices: dict[str, Authenticator] = field(default_factory=dict)
    cookies: dict[str, str] = field(default_factory=dict)

    @property
    def address(self) -> str:
        """Where people open the console."""
        return self.service.url.replace("127.0.0.1", "localhost")

    @classmethod
    def signed_in(cls, service: Service) -> "People":
        """One person of each role that the world's keys know, signed in."""
        people = cls(service)
        for folder in sorted((service.world.folders.root / "keys").iterdir()):
            if folder.name in ("inquiries",):
                continue
            people.join(folder.name, people.first_key(folder))
        return people

    def join(self, name: str, keyfile: Path) -> None:
        """A new passkey of whoever holds the key file, signed in with it."""
        self.register(name, keyfile)
        self.cookies[name] = self.sign_in(name)

    def first_key(self, folder: Path) -> Path:
        """The first key of a role whose enrolment is that of a person, in date."""
        others = ("officer-expired.pem", "duty-mailbox.pem")
        return next(each for each in sorted(folder.glob("*.pem")) if each.name not in others)

    def register(self, name: str, keyfile: Path) -> None:
        """A passkey for whoever holds the key file, vouched for by it."""
        code = self.offer(name)
        log = (self.service.world.gate / "log.vkey").read_text().strip()
        signer = KeySigner(parse_private_key(keyfile.read_bytes()))
        until = clock.now(may_be_set=True).date() + timedelta(days=30)
        remote.vouch_for_passkey(self.service.url, code, log, signer, until)

    def offer(self, name: str) -> str:
        """The code of a new passkey that nobody has vouched for yet."""
        device = self.devices.setdefault(name, Authenticator())
        options = json.loads(self.send("POST", "/passkeys/options", b"{}", {"Content-Type": JSON}).text)
        made = {
            "challenge": options["challenge"],
            "credential": device.made(options["challenge"], self.address),
        }
        return str(json.loads(self._json("/passkeys", made).text)["code"])

    def sign_in(self, name: str) -> str:
        """The cookie of a new sign-in."""
        device = self.devices[name]
        challenge = json.loads(self._json("/sign-in/challenge", {}).text)["challenge"]
        signed = device.sign(bytes.fromhex(challenge), self.address)
        words = {name: jose.encode(each) for name, each in signed._asdict().items()}
        words |= {"challenge": challenge, "credential": jose.encode(device.credential)}
        answer = self._json("/sign-in", words)
        assert answer.status == 200, answer.text
        return next(each.split(";")[0] for each in answer.cookies if "solely=" in each)

    def ask(
        self, role: str, method: str, path: str, form: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:  # fmt: skip
        """A page asked for, or a form sent with the word of the sign-in, by a role's person or by nobody."""
        cookie = self.cookies.get(role, "")
        sent = dict(form or {})
        if method == "POST" and cookie and "form_word" not in sent:
            sent["form_word"] = self.word_of(cookie)
        return self.ask_with(cookie, method, path, sent, headers)

    def upload(self, role: str, path: str, files: Mapping[str, bytes], **fields: str) -> Answer:
        """A form with files, sent with the word of the sign-in."""
        cookie = self.cookies.get(role, "")
        kind, body = form_of(files, {"form_word": self.word_of(cookie)} | fields)
        return self.send("POST", path, body, {"Cookie": cookie, "Content-Type": kind})

    def ask_with(
        self, cookie: str, method: str, path: str, form: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:  # fmt: skip
        """The same with a cookie."""
        own = {"Cookie": cookie} | ({"Content-Type": FORM} if method == "POST" else {}) | dict(headers or {})
        return self.send(method, path, urlencode(dict(form or {})).encode(), own)

    def word_of(self, cookie: str) -> str:
        """The word that forms of this sign-in bring back: every page of it has it in its own form."""
        page = self.ask_with(cookie, "GET", "/me").text
        return dict(FIELD.findall(page)).get("form_word", "")

    def act(self, role: str, path: str, form: Mapping[str, str]) -> Answer:
        """A form sent, what is asked signed with the person's passkey, and the form sent again."""
        asked = self.ask(role, "POST", path, form)
        found = re.search(r'data-challenge="([0-9a-f]+)"', asked.text)
        if asked.status != 200 or found is None:
            return asked
        fields: dict[str, Any] = {name: unescape(each) for name, each in FIELD.findall(asked.text)}
        signed = self.devices[role].sign(bytes.fromhex(found[1]), self.address)
        fields |= {f"assertion_{name}": jose.encode(each) for name, each in signed._asdict().items()}
        fields["assertion_credential"] = jose.encode(self.devices[role].credential)
        return self.ask(role, "POST", path, fields)

    def _json(self, path: str, words: Mapping[str, Any]) -> Answer:
        return self.send("POST", path, json.dumps(words).encode(), {"Content-Type": JSON})

    def send(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """One call as it is."""
        host, _, port = self.service.url.removeprefix("http://").partition(":")
        connection = http.client.HTTPConnection(host, int(port), timeout=60)
        try:
            connection.request(method, path, body if method == "POST" else None, dict(headers))
            answer = connection.getresponse()
            body = answer.read()
            text = body.decode(errors="replace")
            named = {name.lower(): value for name, value in answer.getheaders()}
            cookies = tuple(answer.headers.get_all("set-cookie") or ())
            return Answer(answer.status, named.get("location", ""), text, named, cookies, body)
        finally:
            connection.close()
