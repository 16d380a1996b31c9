"""The gate over HTTP: who may open opens, everybody else is refused and stands in the ledger."""

import base64
import gzip
import json
from collections import Counter

import duckdb
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from solely import clock, flow, services
from solely.access import jose, messages, token
from solely.access.asked import Caller, EchoAsked
from solely.access.refusal import CallRefused
from solely.errors import NotPermitted, SolelyError
from solely.signing import key_id, parse_private_key
from solely.steps import opening, serving
from solely.steps.opening import Ground, Standing
from solely.store import looks
from tests.support.reading import entry_counts
from tests.support.service import Officer, served, signed_order
from tests.support.world import APPROVERS, officer_of

pytestmark = [pytest.mark.e2e, pytest.mark.slow]
SENDER = "secretary-of-homeland-security"
REWRAP, BEGIN = "/kas.AccessService/Rewrap", "/opening/begin"


@pytest.fixture(scope="module")
def delivered(new_gate, tmp_path_factory):
    """A world with twelve releases; the terms are accepted by the officers of all but the last."""
    world = new_gate.copied(tmp_path_factory.mktemp("served") / "world")
    rows = world.fresh_rows(12)
    batch = world.run(world.write_batch(rows, "valid")).result["batch"]
    assert world.approve_by_two(batch).result["released"] == 12
    for officer in sorted({officer_of(row) for row in rows}):
        assert world.accept(officer).code == 0
    return world, rows


@pytest.fixture
def live(delivered, tmp_path):
    """The same, served from a copy."""
    world, rows = delivered
    world = world.copied(tmp_path / "world")
    with served(world) as service:
        yield service, rows


def package(world, row):
    return world.gate / "outbox" / f"{row['request_id']}.tdf"


def officer(service, row) -> Officer:
    return Officer(service, service.world.key("officers", officer_of(row)))


def counted(service) -> Counter:
    service.stop()
    world = service.world
    ran = world.solely("verify", world.gate / "ledger", "--key", world.gate / "log.vkey")
    assert ran.code == 0, ran.out
    return Counter(entry_counts(world))


def opened(service, row, *more: str):
    world = service.world
    key = world.key("officers", officer_of(row))
    more = more or ("--confirm", row["request_id"])
    url = service.url.replace("127.0.0.1", "localhost")  # either name of this machine will do
    return world.solely("open", package(world, row), "--key", key, "--url", url, *more)


@pytest.mark.rule("R-95", "R-52")
def test_a_named_officer_opens_over_http_after_the_echo_and_the_ledger_has_it_first(live):
    service, (row, other, *_) = live
    world = service.world
    before = {path for path in world.root.rglob("*") if path.is_file() and "gate" not in path.parts}
    ran = opened(service, row)
    assert ran.code == 0, ran.err
    assert ran.result["request_id"] == row["request_id"]
    assert ran.result["marking"].startswith("a lead")
    assert before == {path for path in world.root.rglob("*") if path.is_file() and "gate" not in path.parts}
    assert opened(service, other, "--confirm", row["request_id"]).code == 1
    refused = world.solely("inbox", "--gate", world.gate, "--as", world.key("officers", officer_of(row)))
    assert (refused.code, "solely serve" in refused.err) == (3, True)
    counts = counted(service)
    assert (counts["open"], counts["showing"], counts["open-refused"]) == (1, 2, 1)
    direct = world.open(other)
    assert direct.code == 0, direct.err


@pytest.mark.rule("R-52")
def test_every_defect_of_a_call_is_refused_alike_and_is_an_entry(live):
    service, (row, *_) = live
    caller = officer(service, row)
    echo = caller.begin(package(service.world, row))
    body = caller.rewrap_body(echo, row["request_id"])
    url = service.url + REWRAP
    other = officer(service, row)
    wrong = [
        {"DPoP": ""},
        {"DPoP": caller.proof(REWRAP, htu=service.url + BEGIN)},
        {"DPoP": caller.proof(REWRAP, htu=url + "?a")},
        {"DPoP": caller.proof(REWRAP, htm="GET")},
        {"DPoP": caller.proof(REWRAP, ath=None)},
        {"DPoP": caller.proof(REWRAP, iat=1)},
        {"DPoP": caller.proof(REWRAP, jti=None)},
        {"DPoP": other.proof(REWRAP)},
        {"Authorization": f"Bearer {caller.token()}"},
        {"Authorization": "DPoP nothing"},
        {"Authorization": ""},
        {"Authorization": f"DPoP {other.token()}"},
    ]
    answers = {service.send(REWRAP, body, caller.headers(REWRAP, **each)) for each in wrong}
    assert len(answers) == 1
    ((status, said),) = answers
    assert (status, json.loads(said)["code"]) == (401, "unauthenticated")
    stolen = json.loads(body)
    head, _, signature = stolen["signedRequestToken"].split(".")
    claims = jose.read(stolen["signedRequestToken"]).claims
    swapped = jose.encode(json.dumps(dict(claims) | {"more": 1}).encode())
    forged = json.dumps({"signedRequestToken": f"{head}.{swapped}.{signature}"}).encode()
    assert service.send(REWRAP, forged, caller.headers(REWRAP))[0] == 401
    counts = counted(service)
    assert (counts["open-refused"], counts["open"]) == (len(wrong) + 1, 0)


@pytest.mark.rule("R-95")
def test_a_proof_a_request_and_a_confirmation_are_used_once_also_across_a_restart(delivered, tmp_path):
    world, (row, *_) = delivered[0].copied(tmp_path / "world"), delivered[1]
    with served(world, "--address", "http://127.0.0.1:9") as service:
        caller = officer(service, row)
        caller.service = type("At", (), {"url": "http://127.0.0.1:9"})()
        caller._address = "http://127.0.0.1:9"
        caller._port = int(service.url.rpartition(":")[2])
        echo = caller.begin(package(world, row))
        body, headers = caller.rewrap_body(echo, row["request_id"]), caller.headers(REWRAP)
        status, said = service.send(REWRAP, body, headers)
        assert json.loads(said)["responses"][0]["results"][0]["status"] == "permit", (status, said)
        assert service.send(REWRAP, body, headers)[0] == 401  # the proof
        assert service.send(REWRAP, body, caller.headers(REWRAP))[0] == 401  # the request
        again = caller.rewrap_body(echo, row["request_id"])
        said = service.send(REWRAP, again, caller.headers(REWRAP))[1]  # the confirmation
        assert json.loads(said)["responses"][0]["results"][0]["status"] == "fail"
    with served(world, "--address", "http://127.0.0.1:9") as service:
        assert service.send(REWRAP, body, headers)[0] == 401  # the token died with the process
        caller._token, caller._connection = "", None
        caller._port = int(service.url.rpartition(":")[2])
        assert service.send(REWRAP, body, caller.headers(REWRAP))[0] == 401  # the request, under a new token
        counts = counted(service)
    assert (counts["open"], counts["open-refused"]) == (1, 5)


@pytest.mark.rule("R-52")
def test_a_genuine_proof_is_used_up_by_the_call_that_it_came_with_also_where_that_is_refused(live):
    service, (row, *_) = live
    caller, arrived = officer(service, row), entry_counts(service.world)["arrival"]
    echo = caller.begin(package(service.world, row))
    good = caller.rewrap_body(echo, row["request_id"])
    words = json.loads(good)
    head, claims, _ = words["signedRequestToken"].split(".")
    unsigned = json.dumps({"signedRequestToken": f"{head}.{claims}.{jose.encode(bytes(64))}"}).encode()
    headers = caller.headers(REWRAP)
    assert service.send(REWRAP, unsigned, headers)[0] == 401  # the request is not signed by the proved key
    assert service.send(REWRAP, good, headers)[0] == 401  # nor does its proof serve for one that is
    headers = caller.headers(BEGIN)
    assert service.send(BEGIN, json.dumps({"release": "one"}).encode(), headers)[0] == 400
    asked = {"release": "one", "package_sha256": "0" * 64}
    assert service.send(BEGIN, json.dumps(asked).encode(), headers)[0] == 401
    again = caller.rewrap_body(echo, row["request_id"])
    status, said = service.send(REWRAP, again, caller.headers(REWRAP))
    assert json.loads(said)["responses"][0]["results"][0]["status"] == "permit", (status, said)
    counts = counted(service)
    assert (counts["open"], counts["open-refused"] + counts["arrival"]) == (1, 4 + arrived)


@pytest.mark.rule("R-52")
def test_whoever_has_every_file_of_the_gate_and_no_officers_key_opens_nothing(live):
    service, (row, other, *_) = live
    world = service.world
    for key in (
        world.key("approvers", "disclosure-officer"),
        world.key(
            "officers",
            next(officer_of(each) for each in (other, *live[1]) if officer_of(each) != officer_of(row)),
        ),
    ):
        ran = world.solely(
            "open", package(world, row), "--key", key, "--url", service.url, "--confirm", row["request_id"]
        )
        assert ran.code == 1, (ran.out, ran.err)
        assert "address" not in ran.out
    forger, name = officer(service, row), world.key("officers", officer_of(row))
    holder = key_id(parse_private_key(name.read_bytes()).public_key())
    jkt = jose.thumbprint(jose.jwk_of(forger._proof_key.public_key()))
    files = [path.read_bytes() for path in sorted(world.gate.rglob("*")) if path.is_file()]
    keys = [each for each in files if each.startswith(b"-----BEGIN PRIVATE KEY-----")]
    found = [serialization.load_pem_private_key(each, None) for each in keys]
    # What signs tokens is in no file; neither does any other key of the gate.
    for key in (ec.generate_private_key(ec.SECP256R1()), *found):
        if isinstance(key, ec.EllipticCurvePrivateKey):
            forger._token = token.issue(key, service.url, token.Grant(holder, jkt), "forged", clock.real())
            with pytest.raises(NotPermitted):
                forger.begin(package(world, row))
    counts = counted(service)
    assert counts["open"] == 0
    assert counts["open-refused"] + counts["arrival"] >= 3


@pytest.mark.rule("R-01")
def test_what_openings_read_of_the_records_is_journalled_before_the_answer_and_then_put_into_one_file(live):
    service, rows = live
    gate = service.world.gate
    for row in rows[:2]:
        assert opened(service, row).code == 0
    service.process.kill()
    service.stop()
    kept, before = access_of(gate)  # a file is there of the judging at approval
    assert (kept, len(before)) == (2, 1)
    with served(service.world) as again:  # puts there what the other left
        assert opened(again, rows[2]).code == 0
    kept, files = access_of(gate)
    own = sorted(set(files) - set(before))
    assert (kept, len(own)) == (0, 2)
    read = duckdb.read_parquet(own).project("request_id").fetchall()
    assert {each for (each,) in read} == {row["request_id"] for row in rows[:3]}


def access_of(gate):
    """How many looks stand in the table, and the files that earlier ones were put into."""
    with services.opened(gate) as found, found.database.transaction() as tx:
        kept = looks.oldest(tx, 100)
        days = {
            each["id"]: found.folder.batch(each["id"]) / "access" for each in found.cases.list_batches(tx)
        }
    return len(kept), sorted(str(path) for each in days.values() for path in each.glob("*.parquet"))


@pytest.mark.rule("R-07", "R-08")
def test_a_dated_plan_is_filed_over_http_and_answered_with_its_day(live):
    service, _ = live
    plan = {"kind": "safeguard", "status": "planned", "plan_by": "2027-01-31", "cite": "plan of correction"}
    order = signed_order(service.world, "parties/treasury", scope={"requester": "homeland-security"}, **plan)
    status, said = service.send("/orders", json.dumps(order).encode(), {"Content-Type": "application/json"})
    assert (status, json.loads(said)["plan_by"]) == (200, "2027-01-31"), said


@pytest.mark.rule("R-64", "R-08")
def test_an_order_filed_at_the_service_stops_the_next_opening_and_says_so_to_the_officer_alone(live):
    service, (row, other, *_) = live
    caller = officer(service, row)
    echo = caller.begin(package(service.world, row))
    order = signed_order(service.world, "parties/treasury", kind="recall", cite="judged again")
    status, said = service.send("/orders", json.dumps(order).encode(), {"Content-Type": "application/json"})
    assert (status, json.loads(said)["is_in_force"]) == (200, True), said
    with pytest.raises(NotPermitted, match="recalled"):
        caller.finish(echo, row["request_id"])
    ran = opened(service, other)
    assert (ran.code, "recalled" in ran.err) == (1, True), ran.err
    forged = order | {"signature": base64.b64encode(b"s" * 64).decode()}
    assert (
        service.send("/orders", json.dumps(forged).encode(), {"Content-Type": "application/json"})[0] != 200
    )
    counts = counted(service)
    assert (counts["open"], counts["open-refused"], counts["recall"]) == (0, 2, 1)


def revoked(world, holder):
    """A revocation of a person's key, filed from the command line, twice."""
    key = key_id(parse_private_key(holder.read_bytes()).public_key())
    is_named = holder.parent.name == "approvers"  # whose word can stop something
    of = {"holder": f"approvers/{holder.stem}"} if is_named else {}
    made = signed_order(world, "parties/treasury", kind="revocation", revoked_key=key, cite="lost", **of)
    path = world.root / f"{holder.stem}.json"
    path.write_bytes(base64.b64decode(made["order"]))
    path.with_name(path.name + ".sig").write_text(made["signature"])
    first, second = (world.solely("order", path, "--gate", world.gate) for _ in range(2))
    assert second.code == 4, second.err
    return first


@pytest.mark.rule("R-08", "R-64", "R-83", "R-91")
def test_orders_from_the_command_line_stop_the_next_opening_of_a_running_service(live):
    service, rows = live
    world, one = service.world, rows[2]
    chosen = [*rows[:2], one, next(each for each in rows[3:] if officer_of(each) != officer_of(one))]
    begun = [(officer(service, row), row) for row in chosen]
    begun = [(caller, caller.begin(package(world, row)), row) for caller, row in begun]
    given = (
        "--gate",
        world.gate,
        "--as",
        world.key("parties", "treasury"),
        "--cite",
        "of today",
        "--request",
    )
    acts = [
        (lambda row: world.solely("stay", *given, row["request_id"]), "STAYED"),
        (lambda row: world.solely("recall", *given, row["request_id"]), "RECALLED"),
        (lambda row: revoked(world, world.key("officers", officer_of(row))), ""),
        (lambda _: revoked(world, world.key("requesters", SENDER)), "KEY_REVOKED"),
    ]
    for (act, reason), (caller, echo, row) in zip(acts, begun, strict=True):
        ran = act(row)
        assert (ran.code, ran.result["is_in_force"]) == (0, True), ran.err
        with pytest.raises(NotPermitted) as denied:
            caller.finish(echo, row["request_id"])
        assert getattr(denied.value, "reason", "") == reason
    service.stop()
    with served(world) as again:
        assert [opened(again, row).code for row in chosen] == [1, 1, 1, 1]
        counts = counted(again)
    # The officer whose key is revoked gets no token any more: that is an arrival, of no release.
    assert (counts["open"], counts["open-refused"]) == (0, 7)
    ran = world.solely("stay", *given, rows[5]["request_id"])  # nobody holds the gate any more
    assert ran.code == 0, ran.err


def said(found):
    """By release, what was found; an error by its words."""
    return {
        name: repr(each) if isinstance(each, SolelyError | Standing) else each for name, each in found.items()
    }


@pytest.mark.rule("R-82", "R-83", "R-91", "R-92")
def test_releases_judged_together_are_judged_as_each_alone(delivered, tmp_path):
    world, rows = delivered[0].copied(tmp_path / "world"), delivered[1]
    stay = ("stay", "--as", world.key("parties", "treasury"), "--cite", "x", "--request")
    assert world.solely(*stay, rows[0]["request_id"], "--gate", world.gate).code == 0
    objection = ("object", rows[1]["request_id"], "--as", world.key("approvers", APPROVERS[0]))
    assert world.solely(*objection, "--note", "no", "--gate", world.gate).code == 0
    edits = [
        "UPDATE release SET record_ref = 'x' WHERE request_id = ?",
        "UPDATE release SET address_sha256 = 'x' WHERE request_id = ?",
        "UPDATE case_file SET row = 4096 WHERE request_id = ?",
    ]
    with world.state() as state:
        for edit, row in zip(edits, rows[2:5], strict=True):
            state.execute(edit, (row["request_id"],))
    with services.opened(world.gate) as opened_gate:
        with opened_gate.database.transaction() as tx:
            released = opened_gate.cases.releases(tx)
        ground = Ground.of(opened_gate, opened_gate.now())
        for many in (opening.standings, opening.stopped_releases, opening.judge_releases):
            together = many(opened_gate, released, ground)
            alone = [many(opened_gate, [each], ground) for each in released]
            assert said(together) == said({name: each[name] for each in alone for name in each})
    denied = [name for name, each in together.items() if isinstance(each, SolelyError)]
    assert len(denied) >= 4


@pytest.mark.rule("R-52", "R-103")
def test_who_asks_too_often_or_into_a_crowd_is_turned_away_and_is_in_the_ledger(
    delivered, tmp_path, monkeypatch
):
    world = delivered[0].copied(tmp_path / "world")
    before = entry_counts(world)
    monkeypatch.setattr(serving, "OPENINGS_MINUTE_MAX", 1)
    with services.opened(world.gate) as opened_gate:
        with opened_gate.database.transaction() as tx:
            (release,) = [each for each in opened_gate.cases.releases(tx) if each["row"] == 1]
        asked = echo_asked(opened_gate, release)
        with flow.serving(opened_gate, "http://127.0.0.1:9") as desk:
            assert desk.ask(asked).result(60).investigation_id
            reasons = [reason_of(desk, asked)]
            monkeypatch.setattr(serving, "WAITING_MAX", 0)
            reasons += [reason_of(desk, asked), reason_of(desk, asked)]
            monkeypatch.undo()
            reasons.append(reason_of(desk, asked))
    assert reasons == ["RATE", "BUSY", "BUSY", "RATE"]
    counts = Counter(entry_counts(world)) - Counter(before)
    assert (counts["showing"], counts["open-refused"], counts["arrival"]) == (1, 2, 1)


@pytest.mark.rule("R-52")
def test_an_alarm_says_what_was_denied(live):
    service, (row, *_) = live
    json_ = {"Content-Type": "application/json"}
    for path in ("/token", "/orders", BEGIN):
        assert service.send(path, b"{}", json_)[0] in (400, 401), path
    forged = dict.fromkeys(("key_id", "signature"), "nobody's")
    challenge = json.loads(service.send("/token/challenge", b"", json_)[1])
    proof = officer(service, row).proof("/token", ath=None)
    asked = json.dumps(challenge | forged).encode()
    assert service.send("/token", asked, json_ | {"DPoP": proof})[0] == 401
    said = [line for line in service.stop().splitlines() if line.startswith("alarm")]
    denied = ["token", "order", "opening", "token"]
    assert said == [f"alarm: a denied {what} is in the ledger" for what in denied]


@pytest.mark.rule("R-103", "R-02")
def test_a_fault_in_one_call_denies_that_call_and_no_other_of_its_group(delivered, tmp_path):
    world, said = delivered[0].copied(tmp_path / "world"), list[str]()
    before = entry_counts(world)
    with services.opened(world.gate, progress=said.append) as opened_gate:
        with opened_gate.database.transaction() as tx:
            first, last = [each for each in opened_gate.cases.releases(tx) if each["row"] in (1, 2)]
        asked = [echo_asked(opened_gate, each) for each in (first, last)]
        faulty = asked[0]._replace(release_id="\ud800")  # what the doors let nobody ask
        with flow.serving(opened_gate, "http://127.0.0.1:9") as desk:
            with desk._turn:
                shown, denied, other = [desk.ask(each) for each in (asked[0], faulty, asked[1])]
            assert shown.result(60).investigation_id and other.result(60).investigation_id
            with pytest.raises(CallRefused) as refused:
                denied.result(60)
    assert (refused.value.reason, refused.value.kind) == ("FAULT", "permission_denied")
    assert [line for line in said if "fault: UnicodeEncodeError in solely" in line and "\ud800" not in line]
    counts = Counter(entry_counts(world)) - Counter(before)
    assert (counts["showing"], counts["arrival"], counts["open-refused"]) == (2, 1, 0)


def echo_asked(opened_gate, release) -> EchoAsked:
    """An echo as the first officer of a release asks for it."""
    named = opened_gate.trust.officers[release["officers"][0]]
    return EchoAsked(Caller(named.key_id, ""), release["id"], release["package_sha256"], ())


def reason_of(desk, asked) -> str:
    """Why a call is refused."""
    with pytest.raises(CallRefused) as refused:
        desk.ask(asked).result(60)
    return refused.value.reason


@pytest.mark.rule("R-91", "R-103")
def test_who_has_not_signed_an_order_learns_nothing_of_what_is_filed_and_stands_in_the_ledger(live):
    service, _ = live
    before = Counter(entry_counts(service.world))

    def answer(given_name: str, signature: str = "") -> tuple[int, bytes]:
        people = [{"given_name": given_name, "family_name": "Garcia"}]
        order = signed_order(
            service.world, "courts/district-court", kind="stay", cite="No. 9", scope={"people": people}
        )
        body = order | ({"signature": signature} if signature else {})
        return service.send("/orders", json.dumps(body).encode(), {"Content-Type": "application/json"})

    assert answer("Jose")[0] == 200
    assert answer("Jose", "AAAA") == answer("Luis", "AAAA")
    assert answer("Jose", "AAAA")[0] == 422
    assert answer("Jose")[0] == 409
    counts = counted(service) - before  # a filed one again is an entry of its own; forged ones are counted
    assert (counts["stay"], counts["arrival"]) == (1, 3)


@pytest.mark.rule("R-91", "R-103")
def test_an_order_that_no_enrolled_authority_has_signed_takes_no_place_among_the_orders_that_wait(
    delivered, tmp_path
):
    world, kind = delivered[0].copied(tmp_path / "world"), {"Content-Type": "application/json"}
    no_place = "from solely.steps import serving; serving.ORDERS_WAITING_MAX = 0; "
    genuine = signed_order(world, "courts/district-court", kind="stay", cite="No. 10")
    senseless = signed_order(world, "officers/" + officer_of(delivered[1][0]), kind="stay", cite="No. 11")
    forged = genuine | {"signature": base64.b64encode(b"s" * 64).decode()}
    before = entry_counts(world)["arrival"]
    with served(world, program=("-c", no_place + "from solely.cli.main import main; main()")) as service:
        answers = [
            (status, json.loads(said)["code"])
            for status, said in (
                service.send("/orders", json.dumps(each).encode(), kind)
                for each in (forged, senseless, *(forged,) * 5, genuine)
            )
        ]
        counts = counted(service)
    assert answers == [
        (422, "VERIFICATION"), (400, "USAGE"), *((422, "VERIFICATION"),) * 5, (503, "unavailable")
    ]  # fmt: skip
    assert (counts["stay"], counts["arrival"] - before) == (0, 3), (
        "forged ones are counted, a senseless one is an entry"
    )


@pytest.mark.rule("R-91")
def test_an_order_for_another_gate_is_not_filed_here(live):
    service, _ = live
    order = signed_order(service.world, "parties/treasury", kind="stay", cite="of another gate")
    body = json.dumps(order | {"log": "another.example+00000000+AAAA"}).encode()
    assert service.send("/orders", body, {"Content-Type": "application/json"})[0] == 400
    assert counted(service)["stay"] == 0


def test_both_forms_gzip_and_the_older_addresses_give_the_key(live):
    service, rows = live
    forms = [
        (REWRAP, "application/json", False),
        (REWRAP, "application/proto", True),
        ("/kas/v2/rewrap", "application/json", True),
    ]
    for row, (path, kind, is_packed) in zip(rows, forms, strict=False):
        caller = officer(service, row)
        body = caller.rewrap_body(caller.begin(package(service.world, row)), row["request_id"])
        if kind == "application/proto":
            body = messages.field(1, json.loads(body)["signedRequestToken"])
        headers = caller.headers(path, **{"Content-Type": kind})
        if is_packed:
            body, headers = gzip.compress(body), headers | {"Content-Encoding": "gzip"}
        status, said = service.send(path, body, headers)
        assert status == 200
        assert b"permit" in said
    assert service.send("/kas.AccessService/PublicKey", b"", {"Content-Type": "application/proto"})[0] == 200
    query = "/kas.AccessService/PublicKey?connect=v1&encoding=json&message=%7B%7D"
    status, said = service.send(query, b"", {}, "GET")
    assert json.loads(said)["publicKey"].startswith("-----BEGIN PUBLIC KEY-----")
    assert service.send("/kas/v2/kas_public_key?algorithm=ec:secp256r1", b"", {}, "GET")[0] == 200
    assert counted(service)["open"] == 3


@pytest.mark.rule("R-103")
def test_large_packed_and_senseless_bodies_are_refused_and_each_is_an_entry(live):
    service, _ = live
    before = entry_counts(service.world)["arrival"]
    json_kind = {"Content-Type": "application/json"}
    packed = json_kind | {"Content-Encoding": "gzip"}
    wrong = [
        (gzip.compress(b"0" * 10_000_000), packed, 429),
        (b"0" * 300_000, json_kind, 429),
        (b"no gzip", packed, 400),
        (gzip.compress(b"{}") + b"more", packed, 400),
        (b"{", json_kind, 400),
        (b"{}", json_kind, 400),
        (rb'{"signedRequestToken": "\ud800"}', json_kind, 400),
        (b"{}", {"Content-Type": "text/plain"}, 501),
        (b"{}", json_kind | {"Content-Encoding": "br"}, 501),
    ]
    assert [service.send(REWRAP, body, headers)[0] for body, headers, _ in wrong] == [
        each[2] for each in wrong
    ]
    assert counted(service)["arrival"] == before + len(wrong)


@pytest.mark.rule("R-52")
def test_the_compatibility_profile_is_loud_and_is_refused_under_production_and_for_others(new_gate, tmp_path):
    world = new_gate.copied(tmp_path / "world")
    far = ["--gate", world.gate, "--port", "8700", "--address"]
    for words in (["http://gate.example"], ["https://gate.example", "--compat"]):
        ran = world.solely("serve", *far, *words)
        assert (ran.code, "`--address" in ran.err, "serving" in ran.err) == (2, True, False), ran.err
    with served(world, "--compat") as service:
        said = service.stop()
    assert "WARNING" in said
    config = world.gate / "gate.toml"
    config.write_text(config.read_text().replace('profile = "demo"', 'profile = "production"'))
    ran = world.solely("serve", "--gate", world.gate, "--port", "8700", "--compat")
    assert ran.code != 0
    assert "serving" not in ran.err
    ran = world.solely("serve", "--gate", world.gate, "--port", "8700", "--host", "0.0.0.0")  # noqa: S104 -- refused
    assert (ran.code, "--certificate" in ran.err) == (2, True)
