"""Which tables is a record, and how are they kept? Events, payloads and checkpoints; what is erased is overwritten."""

SETTINGS = (
    "journal_mode = WAL",
    "synchronous = FULL",
    "fullfsync = ON",
    "checkpoint_fullfsync = ON",
    "secure_delete = ON",
    "trusted_schema = OFF",
)
SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE events (
  seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, subject TEXT NOT NULL, leaf BLOB NOT NULL, body BLOB) STRICT;
CREATE TABLE payloads (seq INTEGER PRIMARY KEY, ciphertext BLOB NOT NULL) STRICT;
CREATE TABLE checkpoints (size INTEGER PRIMARY KEY, note TEXT NOT NULL) STRICT;
CREATE TRIGGER events_stay BEFORE DELETE ON events BEGIN SELECT RAISE(ABORT, 'events stay'); END;
CREATE TRIGGER leaves_stay BEFORE UPDATE OF seq, id, subject, leaf ON events
  BEGIN SELECT RAISE(ABORT, 'leaves stay'); END;
CREATE TRIGGER bodies_are_only_erased BEFORE UPDATE OF body ON events WHEN new.body IS NOT NULL
  BEGIN SELECT RAISE(ABORT, 'bodies are only erased'); END;
CREATE TRIGGER payloads_are_only_erased BEFORE UPDATE ON payloads
  BEGIN SELECT RAISE(ABORT, 'payloads are only erased'); END;
CREATE TRIGGER checkpoints_stay BEFORE DELETE ON checkpoints BEGIN SELECT RAISE(ABORT, 'checkpoints stay'); END;
CREATE TRIGGER checkpoints_are_signed_once BEFORE UPDATE ON checkpoints
  BEGIN SELECT RAISE(ABORT, 'checkpoints are signed once'); END;
"""
"""The triggers stop slips; an attacker drops them, and is found by `record.verify`."""

BLANK_EVENTS = "UPDATE events SET body = NULL WHERE subject = ? AND body IS NOT NULL"
DROP_PAYLOADS = "DELETE FROM payloads WHERE seq IN (SELECT seq FROM events WHERE subject = ?)"
"""What erasing a subject is: the triggers let nothing else through."""
