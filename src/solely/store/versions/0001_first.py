"""Version 1 of the schema: first; written by `make schema`."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Take the tables from the version before to this one."""
    _approval()
    _attempt()
    _attempt_indexes()
    _batch()
    _case_count()
    _case_file()
    _case_file_indexes()
    _caseload()
    _chunk()
    _contest()
    _correction()
    _delay()
    _evidence()
    _incident()
    _inquiry()
    _ledger_bundle()
    _ledger_event()
    _ledger_root()
    _ledger_size()
    _look()
    _online()
    _order_act()
    _order_file()
    _part()
    _passkey()
    _recipient_act()
    _release()
    _release_indexes()
    _replay()
    _replay_indexes()
    _review_answer()
    _review_sample()
    _sample()
    _shred_order()
    _shredding()
    _shredding_indexes()
    _sign_in()
    _taken()
    _taken_indexes()
    _task()
    _vote()
    _writing()


def _approval() -> None:
    op.create_table(
        "approval",
        sa.Column("batch_id", sa.Text(), nullable=False),
        sa.Column("approver_id", sa.Text(), nullable=False),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("signature", sa.Text(), nullable=False),
        sa.Column("entry_index", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("batch_id", "approver_id", name=op.f("pk_approval")),
    )


def _attempt() -> None:
    op.create_table(
        "attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Text(), nullable=False),
        sa.Column("row", sa.BigInteger(), nullable=True),
        sa.Column("tags", sa.LargeBinary(), nullable=False),
        sa.Column("referral_index", sa.BigInteger(), nullable=True),
        sa.Column("tag", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempt")),
    )


def _attempt_indexes() -> None:
    op.create_index(op.f("ix_attempt_batch_id"), "attempt", ["batch_id"], unique=False)


def _batch() -> None:
    op.create_table(
        "batch",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("requester", sa.Text(), nullable=False),
        sa.Column("submitter_key_id", sa.Text(), nullable=False),
        sa.Column("received_at", sa.Text(), nullable=False),
        sa.Column("items", sa.BigInteger(), nullable=False),
        sa.Column("data_file", sa.Text(), nullable=False),
        sa.Column("request_index", sa.BigInteger(), nullable=False),
        sa.Column("decided_index", sa.BigInteger(), nullable=True),
        sa.Column("digests", sa.JSON(), nullable=True),
        sa.Column("counts", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batch")),
    )


def _case_count() -> None:
    op.create_table(
        "case_count",
        sa.Column("batch_id", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("items", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("batch_id", "state", name=op.f("pk_case_count")),
    )


def _case_file() -> None:
    op.create_table(
        "case_file",
        sa.Column("batch_id", sa.Text(), nullable=False),
        sa.Column("row", sa.BigInteger(), nullable=False),
        sa.Column("request_id", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("decision_index", sa.BigInteger(), nullable=False),
        sa.Column("decision_key", sa.Text(), nullable=True),
        sa.Column("request_key", sa.Text(), nullable=False),
        sa.Column("record_ref", sa.Text(), nullable=True),
        sa.Column("cause", sa.Text(), nullable=True),
        sa.Column("building", sa.Text(), nullable=True),
        sa.Column("statute", sa.Text(), nullable=True),
        sa.Column("sentence", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("batch_id", "row", name=op.f("pk_case_file")),
    )


def _case_file_indexes() -> None:
    op.create_index(
        "ix_case_file_alike_building",
        "case_file",
        ["building", "batch_id", "row"],
        unique=False,
        sqlite_where=sa.text("cause IS NOT NULL"),
        postgresql_where=sa.text("cause IS NOT NULL"),
    )
    op.create_index(
        "ix_case_file_alike_cause",
        "case_file",
        ["cause", "batch_id", "row"],
        unique=False,
        sqlite_where=sa.text("cause IS NOT NULL"),
        postgresql_where=sa.text("cause IS NOT NULL"),
    )
    op.create_index(
        "ix_case_file_alike_sentence",
        "case_file",
        ["sentence", "batch_id", "row"],
        unique=False,
        sqlite_where=sa.text("cause IS NOT NULL"),
        postgresql_where=sa.text("cause IS NOT NULL"),
    )
    op.create_index(
        "ix_case_file_alike_statute",
        "case_file",
        ["statute", "batch_id", "row"],
        unique=False,
        sqlite_where=sa.text("cause IS NOT NULL"),
        postgresql_where=sa.text("cause IS NOT NULL"),
    )
    op.create_index("ix_case_file_record_ref", "case_file", ["record_ref", "batch_id"], unique=False)
    op.create_index(op.f("ix_case_file_request_key"), "case_file", ["request_key"], unique=False)
    op.create_index("ix_case_file_state", "case_file", ["state", "batch_id", "row"], unique=False)


def _caseload() -> None:
    op.create_table(
        "caseload",
        sa.Column("batch_id", sa.Text(), nullable=False),
        sa.Column("officer_id", sa.Text(), nullable=False),
        sa.Column("items", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("batch_id", "officer_id", name=op.f("pk_caseload")),
    )


def _chunk() -> None:
    op.create_table(
        "chunk",
        sa.Column("batch_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("first_row", sa.BigInteger(), nullable=False),
        sa.Column("items", sa.Integer(), nullable=False),
        sa.Column("first_index", sa.BigInteger(), nullable=False),
        sa.Column("digests", sa.JSON(), nullable=False),
        sa.Column("tag", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("batch_id", "number", name=op.f("pk_chunk")),
    )


def _contest() -> None:
    op.create_table(
        "contest",
        sa.Column("batch_id", sa.Text(), nullable=False),
        sa.Column("row", sa.BigInteger(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("key_id", sa.Text(), nullable=False),
        sa.Column("signature", sa.Text(), nullable=False),
        sa.Column("contested_index", sa.BigInteger(), nullable=False),
        sa.Column("contested_key", sa.Text(), nullable=True),
        sa.Column("reconsider_by", sa.Text(), nullable=True),
        sa.Column("entry_index", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("batch_id", "row", name=op.f("pk_contest")),
    )


def _correction() -> None:
    op.create_table(
        "correction",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("releases", sa.JSON(), nullable=False),
        sa.Column("note_sha256", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("approver_id", sa.Text(), nullable=False),
        sa.Column("entry_index", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_correction")),
    )


def _delay() -> None:
    op.create_table(
        "delay",
        sa.Column("batch_id", sa.Text(), nullable=False),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("signature", sa.Text(), nullable=False),
        sa.Column("court", sa.Text(), nullable=False),
        sa.Column("ends_on", sa.Text(), nullable=False),
        sa.Column("entry_index", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("batch_id", name=op.f("pk_delay")),
    )


def _evidence() -> None:
    op.create_table(
        "evidence",
        sa.Column("batch_id", sa.Text(), nullable=False),
        sa.Column("investigation", sa.Text(), nullable=False),
        sa.Column("file_sha256", sa.Text(), nullable=False),
        sa.Column("reply_by", sa.Text(), nullable=False),
        sa.Column("key_id", sa.Text(), nullable=False),
        sa.Column("signature", sa.Text(), nullable=False),
        sa.Column("entry_index", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("batch_id", "investigation", name=op.f("pk_evidence")),
    )


def _incident() -> None:
    op.create_table(
        "incident",
        sa.Column("entry_index", sa.BigInteger(), nullable=False),
        sa.Column("incident_index", sa.BigInteger(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("entry_index", name=op.f("pk_incident")),
    )


def _inquiry() -> None:
    op.create_table(
        "inquiry",
        sa.Column("entry_index", sa.BigInteger(), nullable=False),
        sa.Column("event_key", sa.Text(), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("entry_index", name=op.f("pk_inquiry")),
    )


def _ledger_bundle() -> None:
    op.create_table(
        "ledger_bundle",
        sa.Column("place", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("entries", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("place", name=op.f("pk_ledger_bundle")),
    )


def _ledger_event() -> None:
    op.create_table(
        "ledger_event",
        sa.Column("event_key", sa.String(length=200), nullable=False),
        sa.Column("first_index", sa.BigInteger(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("event_key", name=op.f("pk_ledger_event")),
    )


def _ledger_root() -> None:
    op.create_table(
        "ledger_root",
        sa.Column("place", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("root", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("place", name=op.f("pk_ledger_root")),
    )


def _ledger_size() -> None:
    op.create_table(
        "ledger_size",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("last_time", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_size")),
    )


def _look() -> None:
    op.create_table(
        "look",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Text(), nullable=False),
        sa.Column("read", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_look")),
    )


def _online() -> None:
    op.create_table(
        "online",
        sa.Column("batch_id", sa.Text(), nullable=False),
        sa.Column("first_row", sa.BigInteger(), nullable=False),
        sa.Column("decided", sa.Text(), nullable=False),
        sa.Column("tag", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("batch_id", "first_row", name=op.f("pk_online")),
    )


def _order_act() -> None:
    op.create_table(
        "order_act",
        sa.Column("order_id", sa.Text(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("approver_id", sa.Text(), nullable=False),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("signature", sa.Text(), nullable=False),
        sa.Column("entry_index", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("order_id", "act", "approver_id", name=op.f("pk_order_act")),
    )


def _order_file() -> None:
    op.create_table(
        "order_file",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("signature", sa.Text(), nullable=False),
        sa.Column("entry_index", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_file")),
    )


def _part() -> None:
    op.create_table(
        "part",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("entry_index", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_part")),
    )


def _passkey() -> None:
    op.create_table(
        "passkey",
        sa.Column("credential", sa.Text(), nullable=False),
        sa.Column("holder", sa.Text(), nullable=False),
        sa.Column("voucher", sa.Text(), nullable=False),
        sa.Column("signature", sa.Text(), nullable=False),
        sa.Column("entry_index", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("credential", name=op.f("pk_passkey")),
    )


def _recipient_act() -> None:
    op.create_table(
        "recipient_act",
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("officer_id", sa.Text(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("signature", sa.Text(), nullable=False),
        sa.Column("entry_index", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("subject", "act", "officer_id", "times", name=op.f("pk_recipient_act")),
    )


def _release() -> None:
    op.create_table(
        "release",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("batch_id", sa.Text(), nullable=False),
        sa.Column("row", sa.BigInteger(), nullable=False),
        sa.Column("request_id", sa.Text(), nullable=False),
        sa.Column("record_ref", sa.Text(), nullable=False),
        sa.Column("address_sha256", sa.Text(), nullable=False),
        sa.Column("package_sha256", sa.Text(), nullable=False),
        sa.Column("officers", sa.JSON(), nullable=False),
        sa.Column("expires_on", sa.Text(), nullable=False),
        sa.Column("entry_index", sa.BigInteger(), nullable=False),
        sa.Column("released_at", sa.Text(), nullable=False),
        sa.Column("is_delivered", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_release")),
        sa.UniqueConstraint("batch_id", "row", name=op.f("uq_release_batch_id")),
    )


def _release_indexes() -> None:
    op.create_index(op.f("ix_release_request_id"), "release", ["request_id"], unique=False)


def _replay() -> None:
    op.create_table(
        "replay",
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_replay")),
    )


def _replay_indexes() -> None:
    op.create_index(op.f("ix_replay_until"), "replay", ["until"], unique=False)


def _review_answer() -> None:
    op.create_table(
        "review_answer",
        sa.Column("drawn_index", sa.BigInteger(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("decide", sa.Text(), nullable=False),
        sa.Column("tag", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("drawn_index", "place", name=op.f("pk_review_answer")),
    )


def _review_sample() -> None:
    op.create_table(
        "review_sample",
        sa.Column("batch_id", sa.Text(), nullable=False),
        sa.Column("approver_id", sa.Text(), nullable=False),
        sa.Column("entry_index", sa.BigInteger(), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("places", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("batch_id", "approver_id", "entry_index", name=op.f("pk_review_sample")),
    )


def _sample() -> None:
    op.create_table(
        "sample",
        sa.Column("batch_id", sa.Text(), nullable=False),
        sa.Column("seed", sa.Text(), nullable=False),
        sa.Column("investigations", sa.JSON(), nullable=False),
        sa.Column("evidence_by", sa.Text(), nullable=False),
        sa.Column("entry_index", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("batch_id", name=op.f("pk_sample")),
    )


def _shred_order() -> None:
    op.create_table(
        "shred_order",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("intent_index", sa.BigInteger(), nullable=False),
        sa.Column("deleting_index", sa.BigInteger(), nullable=True),
        sa.Column("certificate_index", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shred_order")),
    )


def _shredding() -> None:
    op.create_table(
        "shredding",
        sa.Column("release_id", sa.Text(), nullable=False),
        sa.Column("order_id", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("release_id", name=op.f("pk_shredding")),
    )


def _shredding_indexes() -> None:
    op.create_index(op.f("ix_shredding_order_id"), "shredding", ["order_id"], unique=False)


def _sign_in() -> None:
    op.create_table(
        "sign_in",
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("holder", sa.Text(), nullable=False),
        sa.Column("credential", sa.Text(), nullable=True),
        sa.Column("provider", sa.Text(), nullable=True),
        sa.Column("form_word", sa.Text(), nullable=False),
        sa.Column("began", sa.BigInteger(), nullable=False),
        sa.Column("seen", sa.BigInteger(), nullable=False),
        sa.Column("entry_index", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_sign_in")),
    )


def _taken() -> None:
    op.create_table(
        "taken",
        sa.Column("batch_id", sa.Text(), nullable=False),
        sa.Column("row", sa.BigInteger(), nullable=False),
        sa.Column("officer_id", sa.Text(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("batch_id", "row", "officer_id", name=op.f("pk_taken")),
    )


def _taken_indexes() -> None:
    op.create_index(op.f("ix_taken_officer_id"), "taken", ["officer_id"], unique=False)


def _task() -> None:
    op.create_table(
        "task",
        sa.Column("release_id", sa.Text(), nullable=False),
        sa.Column("causes", sa.JSON(), nullable=False),
        sa.Column("entry_index", sa.BigInteger(), nullable=False),
        sa.Column("ended", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("ended_index", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("release_id", name=op.f("pk_task")),
    )


def _vote() -> None:
    op.create_table(
        "vote",
        sa.Column("batch_id", sa.Text(), nullable=False),
        sa.Column("row", sa.BigInteger(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("approver_id", sa.Text(), nullable=False),
        sa.Column("decide", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("entry_index", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("batch_id", "row", "stage", "approver_id", name=op.f("pk_vote")),
    )


def _writing() -> None:
    op.create_table(
        "writing",
        sa.Column("entry_index", sa.BigInteger(), nullable=False),
        sa.Column("batch_id", sa.Text(), nullable=False),
        sa.Column("about_index", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("signature", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("entry_index", name=op.f("pk_writing")),
    )
