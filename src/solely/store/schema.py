"""The one schema of the gate's own state, for SQLite and PostgreSQL alike.

- `metadata` carries a naming convention, so that Alembic names every constraint the same on both engines.
- Big data lies in Parquet; here stand only batches, chunks, and the cases that people or timers touch.
- No state row is believed by itself: what permits a release is held against its ledger entry (R-82).
"""

import sqlalchemy as sa

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

part = sa.Table(
    "part",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),  # agreement, records, trust, inputs
    sa.Column("digest", sa.Text, nullable=False),
    sa.Column("entry_index", sa.BigInteger, nullable=False),
)

batch = sa.Table(
    "batch",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("state", sa.Text, nullable=False),  # received, decided, released
    sa.Column("requester", sa.Text, nullable=False),
    sa.Column("submitter_key_id", sa.Text, nullable=False),
    sa.Column("received_at", sa.Text, nullable=False),  # RFC 3339; its UTC date is `received_on`
    sa.Column("items", sa.BigInteger, nullable=False),  # rows received
    sa.Column("data_file", sa.Text, nullable=False),
    sa.Column("request_index", sa.BigInteger, nullable=False),
    sa.Column("decided_index", sa.BigInteger),
    sa.Column("digests", sa.JSON),  # SHA-256 of each file and tally as first decided
    sa.Column("counts", sa.JSON),  # as first decided
)

chunk = sa.Table(
    "chunk",
    metadata,
    sa.Column("batch_id", sa.Text, primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("first_row", sa.BigInteger, nullable=False),
    sa.Column("items", sa.Integer, nullable=False),
    sa.Column("first_index", sa.BigInteger, nullable=False),
    sa.Column("digests", sa.JSON, nullable=False),  # of its flushed Parquet files: "the decision" of I4
    sa.Column("tag", sa.Text, nullable=False),  # of the columns above, under the gate's key
)

# Rows decided one request at a time, until their chunk is whole and stands in files.
online = sa.Table(
    "online",
    metadata,
    sa.Column("batch_id", sa.Text, primary_key=True),
    sa.Column("first_row", sa.BigInteger, primary_key=True),
    sa.Column("decided", sa.Text, nullable=False),  # the outcome of each row and the records read for it
    sa.Column("tag", sa.Text, nullable=False),  # of the columns above, under the gate's key
)

case = sa.Table(
    "case_file",
    metadata,
    sa.Column("batch_id", sa.Text, primary_key=True),
    sa.Column("row", sa.BigInteger, primary_key=True),
    sa.Column("request_id", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),  # compare-and-swap
    sa.Column("item", sa.Text, nullable=False),  # the requester's own words, canonical JSON
    sa.Column("evidence", sa.Text, nullable=False),  # what the decision entry commits to, canonical JSON
    sa.Column("decision_index", sa.BigInteger, nullable=False),
    sa.Column("decision_key", sa.Text),  # event key of a later decision; none for the first
    # By what it is found: its request id in lower case, and the record that `evidence` says it rests on.
    sa.Column("request_key", sa.Text, nullable=False, index=True),
    sa.Column("record_ref", sa.Text),
    # What a referred item has in common with others, each a digest; none once no person is asked.
    sa.Column("cause", sa.Text),
    sa.Column("building", sa.Text),
    sa.Column("statute", sa.Text),
    sa.Column("sentence", sa.Text),
)
sa.Index("ix_case_file_state", case.c.state, case.c.batch_id, case.c.row)
sa.Index("ix_case_file_record_ref", case.c.record_ref, case.c.batch_id)
for _kind in ("cause", "building", "statute", "sentence"):
    _waits = case.c.cause.is_not(None)
    sa.Index(
        f"ix_case_file_alike_{_kind}",
        case.c[_kind],
        case.c.batch_id,
        case.c.row,
        sqlite_where=_waits,
        postgresql_where=_waits,
    )

# How many cases stand in each state, written with them: pages show it, nothing is permitted by it.
case_count = sa.Table(
    "case_count",
    metadata,
    sa.Column("batch_id", sa.Text, primary_key=True),
    sa.Column("state", sa.Text, primary_key=True),
    sa.Column("items", sa.BigInteger, nullable=False),
)

# Whose hands a referred item is in: nobody else's until an instant (0: given back), or decided already while
# others are still asked.
taken = sa.Table(
    "taken",
    metadata,
    sa.Column("batch_id", sa.Text, primary_key=True),
    sa.Column("row", sa.BigInteger, primary_key=True),
    sa.Column("officer_id", sa.Text, primary_key=True, index=True),
    sa.Column("until", sa.BigInteger),  # milliseconds since 1970; none once this officer has decided
)

approval = sa.Table(
    "approval",
    metadata,
    sa.Column("batch_id", sa.Text, primary_key=True),
    sa.Column("approver_id", sa.Text, primary_key=True),
    sa.Column("statement", sa.Text, nullable=False),  # the signed bytes, canonical JSON
    sa.Column("signature", sa.Text, nullable=False),
    sa.Column("entry_index", sa.BigInteger, nullable=False),
)

vote = sa.Table(
    "vote",
    metadata,
    sa.Column("batch_id", sa.Text, primary_key=True),
    sa.Column("row", sa.BigInteger, primary_key=True),
    sa.Column("stage", sa.Text, primary_key=True),  # the state the case was referred in
    sa.Column("approver_id", sa.Text, primary_key=True),
    sa.Column("decide", sa.Text, nullable=False),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("entry_index", sa.BigInteger, nullable=False),
)

contest = sa.Table(
    "contest",
    metadata,
    sa.Column("batch_id", sa.Text, primary_key=True),
    sa.Column("row", sa.BigInteger, primary_key=True),  # an item is contested once
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("key_id", sa.Text, nullable=False),
    sa.Column("signature", sa.Text, nullable=False),
    sa.Column("contested_index", sa.BigInteger, nullable=False),  # the decision that returned the item
    sa.Column("contested_key", sa.Text),  # its event key; none for a first decision
    sa.Column("reconsider_by", sa.Text),  # none where the return stands
    sa.Column("entry_index", sa.BigInteger, nullable=False),
)

release = sa.Table(
    "release",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),  # the policy's UUID
    sa.Column("batch_id", sa.Text, nullable=False),
    sa.Column("row", sa.BigInteger, nullable=False),
    sa.Column("request_id", sa.Text, nullable=False, index=True),
    sa.Column("record_ref", sa.Text, nullable=False),
    sa.Column("address_sha256", sa.Text, nullable=False),
    sa.Column("package_sha256", sa.Text, nullable=False),
    sa.Column("officers", sa.JSON, nullable=False),
    sa.Column("expires_on", sa.Text, nullable=False),
    sa.Column("entry_index", sa.BigInteger, nullable=False),
    sa.Column("released_at", sa.Text, nullable=False),
    sa.Column("is_delivered", sa.Boolean, nullable=False),
    sa.UniqueConstraint("batch_id", "row"),
)

caseload = sa.Table(
    "caseload",
    metadata,
    sa.Column("batch_id", sa.Text, primary_key=True),
    sa.Column("officer_id", sa.Text, primary_key=True),
    sa.Column("items", sa.BigInteger, nullable=False),  # of the batch, when it was admitted
)

attempt = sa.Table(
    "attempt",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("batch_id", sa.Text, nullable=False, index=True),
    sa.Column("row", sa.BigInteger),  # of the one item that people sent on; none for a decided chunk
    # The keyed tags of every row of a chunk that reached the records, packed: a table of random tags would
    # be rewritten whole with every chunk.
    sa.Column("tags", sa.LargeBinary, nullable=False),
    sa.Column("referral_index", sa.BigInteger),  # the referral sent on; no tags where no record was read
    sa.Column("tag", sa.Text),  # over the other columns of a row that people sent on
)

sample = sa.Table(
    "sample",
    metadata,
    sa.Column("batch_id", sa.Text, primary_key=True),
    sa.Column("seed", sa.Text, nullable=False),
    sa.Column("investigations", sa.JSON, nullable=False),  # as first spelled in the batch
    sa.Column("evidence_by", sa.Text, nullable=False),  # the requester's last day to evidence them
    sa.Column("entry_index", sa.BigInteger, nullable=False),
)

# What an approver decides before signing a batch; which places have known answers, only the gate's key tells.
review_sample = sa.Table(
    "review_sample",
    metadata,
    sa.Column("batch_id", sa.Text, primary_key=True),
    sa.Column("approver_id", sa.Text, primary_key=True),
    sa.Column("entry_index", sa.BigInteger, primary_key=True),  # of the draw; a later one begins anew
    sa.Column("said", sa.Text, nullable=False),  # what the entry commits to, canonical JSON
    sa.Column("places", sa.Text, nullable=False),  # rows, each with a mark under the gate's key
)

review_answer = sa.Table(
    "review_answer",
    metadata,
    sa.Column("drawn_index", sa.BigInteger, primary_key=True),
    sa.Column("place", sa.Integer, primary_key=True),
    sa.Column("decide", sa.Text, nullable=False),  # confirm, decline
    sa.Column("tag", sa.Text, nullable=False),  # of the columns above, under the gate's key
)

evidence = sa.Table(
    "evidence",
    metadata,
    sa.Column("batch_id", sa.Text, primary_key=True),
    sa.Column("investigation", sa.Text, primary_key=True),  # folded
    sa.Column("file_sha256", sa.Text, nullable=False),
    sa.Column("reply_by", sa.Text, nullable=False),  # the custodian's last day to act on it
    sa.Column("key_id", sa.Text, nullable=False),
    sa.Column("signature", sa.Text, nullable=False),
    sa.Column("entry_index", sa.BigInteger, nullable=False),
)

# Orders as they were filed: the signed bytes, and what was done about them.
order = sa.Table(
    "order_file",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),  # the first 16 hexadecimal digits of the bytes' SHA-256
    sa.Column("text", sa.Text, nullable=False),  # exactly what was signed, in UTF-8
    sa.Column("signature", sa.Text, nullable=False),
    sa.Column("entry_index", sa.BigInteger, nullable=False),
)

order_act = sa.Table(
    "order_act",
    metadata,
    sa.Column("order_id", sa.Text, primary_key=True),
    sa.Column("act", sa.Text, primary_key=True),  # countersigned, noticed
    sa.Column("approver_id", sa.Text, primary_key=True),
    sa.Column("statement", sa.Text, nullable=False),  # the signed bytes, canonical JSON
    sa.Column("signature", sa.Text, nullable=False),
    sa.Column("entry_index", sa.BigInteger, nullable=False),
)

# Of a batch whose releases stand in the sealed domain until a day.
delay = sa.Table(
    "delay",
    metadata,
    sa.Column("batch_id", sa.Text, primary_key=True),
    sa.Column("statement", sa.Text, nullable=False),  # what the court signed, canonical JSON
    sa.Column("signature", sa.Text, nullable=False),
    sa.Column("court", sa.Text, nullable=False),
    sa.Column("ends_on", sa.Text, nullable=False),  # its last day
    sa.Column("entry_index", sa.BigInteger, nullable=False),
)

inquiry = sa.Table(
    "inquiry",
    metadata,
    sa.Column("entry_index", sa.BigInteger, primary_key=True),
    sa.Column("event_key", sa.Text, nullable=False),
    sa.Column("said", sa.Text, nullable=False),  # what the entry commits to, canonical JSON
)

# What recipients sign: acceptance of terms, verification, acknowledgment, destruction, outcome.
recipient_act = sa.Table(
    "recipient_act",
    metadata,
    sa.Column("subject", sa.Text, primary_key=True),  # a release's UUID; the law's digest; a correction's id
    sa.Column("act", sa.Text, primary_key=True),
    sa.Column("officer_id", sa.Text, primary_key=True),
    sa.Column("times", sa.Integer, primary_key=True),  # an acceptance is repeated each year; others are not
    sa.Column("statement", sa.Text, nullable=False),  # the signed bytes, canonical JSON
    sa.Column("signature", sa.Text, nullable=False),
    sa.Column("entry_index", sa.BigInteger, nullable=False),
)

# Corrections and disputes of a record after releases from it; the words stay at the gate.
correction = sa.Table(
    "correction",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("releases", sa.JSON, nullable=False),  # UUIDs of every earlier release from the record
    sa.Column("note_sha256", sa.Text, nullable=False),
    sa.Column("note", sa.Text, nullable=False),  # what the recipient is told; no value of the record
    sa.Column("approver_id", sa.Text, nullable=False),
    sa.Column("entry_index", sa.BigInteger, nullable=False),
)

shred_order = sa.Table(
    "shred_order",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("said", sa.Text, nullable=False),  # what the intent commits to, canonical JSON
    sa.Column("intent_index", sa.BigInteger, nullable=False),
    sa.Column("deleting_index", sa.BigInteger),  # none until nothing stands against it any more
    sa.Column("certificate_index", sa.BigInteger),  # none until a read-back has shown the keys gone
)

shredding = sa.Table(
    "shredding",
    metadata,
    sa.Column("release_id", sa.Text, primary_key=True),
    sa.Column("order_id", sa.Text, nullable=False, index=True),
    sa.Column("content", sa.Text, nullable=False),  # the commitment to what left: opens nothing by itself
)

# A notice that is owed to the person a release was about.
task = sa.Table(
    "task",
    metadata,
    sa.Column("release_id", sa.Text, primary_key=True),
    sa.Column("causes", sa.JSON, nullable=False),
    sa.Column("entry_index", sa.BigInteger, nullable=False),
    sa.Column("ended", sa.Text),  # what the entry that ends it commits to, canonical JSON; none while open
    sa.Column("note", sa.Text),  # why it was declined, or what was done
    sa.Column("ended_index", sa.BigInteger),
)

# Objections and their answers, in the words of who wrote them; what stands open is read from the ledger.
writing = sa.Table(
    "writing",
    metadata,
    sa.Column("entry_index", sa.BigInteger, primary_key=True),
    sa.Column("batch_id", sa.Text, nullable=False),
    sa.Column("about_index", sa.BigInteger, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),  # objection, answer
    sa.Column("by", sa.Text, nullable=False),  # the approver
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("signature", sa.Text, nullable=False),
)

# What a caller of the service may use once: proofs, signed requests, challenges; kept until void anyway.
replay = sa.Table(
    "replay",
    metadata,
    sa.Column("digest", sa.Text, primary_key=True),
    sa.Column("until", sa.BigInteger, nullable=False, index=True),  # milliseconds since 1970
)

# What later looks read of the records while the service answers, until a file of the batch has it.
look = sa.Table(
    "look",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("batch_id", sa.Text, nullable=False),
    sa.Column("read", sa.Text, nullable=False),  # rows of the access journal, JSON
)

# Passkeys that enrolled keys have vouched for; whether one was ended is read from the ledger.
passkey = sa.Table(
    "passkey",
    metadata,
    sa.Column("credential", sa.Text, primary_key=True),  # the authenticator's id for it, base64url
    sa.Column("holder", sa.Text, nullable=False),  # the enrolled key's name
    sa.Column("voucher", sa.Text, nullable=False),  # the signed bytes, canonical JSON
    sa.Column("signature", sa.Text, nullable=False),  # of the enrolled key
    sa.Column("entry_index", sa.BigInteger, nullable=False),
)

# Who is signed in at the console; of the cookie only a digest is kept.
sign_in = sa.Table(
    "sign_in",
    metadata,
    sa.Column("digest", sa.Text, primary_key=True),
    sa.Column("holder", sa.Text, nullable=False),  # the enrolled key's name
    sa.Column("credential", sa.Text),  # absent where an identity provider said who is there
    sa.Column("provider", sa.Text),  # the digest of its issuer; absent with a passkey
    sa.Column("form_word", sa.Text, nullable=False),  # every form of this sign-in must bring it back
    sa.Column("began", sa.BigInteger, nullable=False),  # milliseconds since 1970
    sa.Column("seen", sa.BigInteger, nullable=False),
    sa.Column("entry_index", sa.BigInteger, nullable=False),
)

# Incidents and the steps taken: what was written stays at the gate; the ledger has its digest and the clock.
incident = sa.Table(
    "incident",
    metadata,
    sa.Column("entry_index", sa.BigInteger, primary_key=True),
    sa.Column("incident_index", sa.BigInteger, nullable=False),  # the entry that opened it
    sa.Column("stage", sa.Text, nullable=False),  # opened, reported, closed
    sa.Column("said", sa.Text, nullable=False),  # what the entry commits to, canonical JSON
    sa.Column("note", sa.Text, nullable=False),
)
