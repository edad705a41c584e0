"""The only writers of the register; each in the caller's transaction.

The caller (the room of cases) has checked who may write, hands a Sealer bound to the
case, and writes the audit entry; the register checks its own rules.
"""

from consent.commands.drafts import drop_draft, open_draft, save_draft
from consent.commands.exceptions import EXCEPTION_TABLE, NewException, Weighed, lacking, record_exception
from consent.commands.facts import FACT_TABLE, record_fact
from consent.commands.lines import LINE_TABLE, NewLine, record_line
from consent.commands.sealing import Opener, RegisterRefusal, Sealer
from consent.commands.talks import (
    EVIDENCE_TABLE,
    TALK_TABLE,
    NewEvidence,
    NewTalk,
    NoticeRef,
    keep_evidence,
    record_talk,
)
from consent.commands.tasks import TASK_TABLE, finish_task, open_task

__all__ = [
    "EVIDENCE_TABLE",
    "EXCEPTION_TABLE",
    "FACT_TABLE",
    "LINE_TABLE",
    "TALK_TABLE",
    "TASK_TABLE",
    "NewEvidence",
    "NewException",
    "NewLine",
    "NewTalk",
    "NoticeRef",
    "Opener",
    "RegisterRefusal",
    "Sealer",
    "Weighed",
    "drop_draft",
    "finish_task",
    "keep_evidence",
    "lacking",
    "open_draft",
    "open_task",
    "record_exception",
    "record_fact",
    "record_line",
    "record_talk",
    "save_draft",
]
