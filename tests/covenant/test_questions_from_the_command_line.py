"""`casustafel covenant ...`: exit statuses, the JSON that is promised, and the words for people."""

import json
import os
import subprocess
import sys
from argparse import ArgumentParser

import pytest
import yaml

from conference import clock
from conference.covenant import cli, example
from conference.covenant.diff import diff
from conference.covenant.explain import Ask, explain
from conference.covenant.file import parse
from tests.covenant import builders as b
from tests.covenant.oracle import ask as oracle


@pytest.fixture
def run(capsys):
    """Run a command; returns (exit status, standard output, standard error)."""

    def command(*words):
        parser = ArgumentParser(prog="casustafel")
        cli.add_arguments(parser.add_subparsers(required=True))
        status = cli.run(parser.parse_args(["covenant", *map(str, words)]))
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return command


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "covenant.yaml"
    path.write_text(example.text(), encoding="utf-8")
    return path


def write(path, data):
    path.write_text(yaml.safe_dump(data, sort_keys=False), encoding="utf-8")
    return path


# --- check ------------------------------------------------------------------------


def test_a_good_file_passes_and_says_what_is_open(run, file):
    status, out, _err = run("check", file, "--json")
    answer = json.loads(out)
    assert status == 0
    assert answer["ok"] is True
    assert (answer["id"], answer["version"]) == ("veenland-mensenhandel", "1.0-voorbeeld")
    assert answer["not_checked"] == ["pretty_woman"]
    assert answer["unread"] == ["pol", "jus"]
    assert answer["not_approved"] == []


def test_a_good_file_passes_in_words_too(run, file):
    status, out, _err = run("check", file)
    assert status == 0
    assert "veenland-mensenhandel 1.0-voorbeeld" in out
    assert "not_checked: pretty_woman" in out


def test_a_draft_is_a_good_file_that_is_not_active(run, tmp_path):
    data = b.raw()
    data["covenant"] |= {"valid_from": None, "approved_by": []}
    status, out, _err = run("check", write(tmp_path / "draft.yaml", data))
    assert status == 0
    assert "not active" in out


def test_a_broken_file_is_status_1_with_code_and_place(run, file):
    file.write_text(example.text().replace("pol: opIII", "pol: opIIx", 1), encoding="utf-8")
    status, out, _err = run("check", file, "--json")
    answer = json.loads(out)
    assert status == 1
    assert answer["error"] == "unknown_code"
    assert answer["place"] == "parties.politie.pol"
    assert "parties.politie.pol" in answer["message"]
    assert answer["line"] > 1


def test_a_broken_file_is_told_in_words_on_standard_error(run, file):
    file.write_text("covenant: 3", encoding="utf-8")
    status, out, err = run("check", file)
    assert (status, out) == (1, "")
    assert err.startswith("missing_key: ")


def test_a_file_that_is_not_there_is_misuse(run, tmp_path):
    status, out, _err = run("check", tmp_path / "none.yaml", "--json")
    assert status == 2
    assert json.loads(out)["error"] == "unreadable_file"


def test_a_file_of_other_bytes_is_misuse(run, file):
    file.write_bytes(b"\xff\xfe\x00")
    status, out, _err = run("check", file, "--json")
    assert status == 2
    assert json.loads(out)["error"] == "not_utf8"


@pytest.mark.parametrize("command", [["matrix"], ["explain", "--party", "om", "--category", "id", "--phase", "triage"]])
def test_other_commands_refuse_a_broken_file(run, file, command):
    file.write_text("[]", encoding="utf-8")
    status, out, _err = run(command[0], file, *command[1:], "--json")
    assert status == 2
    assert json.loads(out)["error"] == "bad_type"


def test_an_unknown_command_is_misuse(run, file):
    with pytest.raises(SystemExit) as left:
        run("burn", file)
    assert left.value.code == 2


# --- matrix -----------------------------------------------------------------------


def test_the_matrix_has_every_cell_with_its_effective_letter(run, file):
    status, out, _err = run("matrix", file, "--json")
    cells = json.loads(out)
    raw = b.raw()["parties"]
    assert status == 0
    assert len(cells) == len(raw) * 14 * 5
    for cell in cells:
        assert list(cell) == ["party", "category", "phase", "code"]
        row = raw[cell["party"]].get(cell["category"], "-----")
        written = row[b.PHASES.index(cell["phase"])]
        assert cell["code"] == ("-" if cell["party"] == "pretty_woman" else written)


def test_the_matrix_reads_as_a_table(run, file):
    _status, out, _err = run("matrix", file)
    lines = out.splitlines()
    assert lines[0].split()[:3] == ["id", "bsn", "won"]
    assert next(line for line in lines if line.startswith("politie")).split()[7] == "opIII"


# --- explain ----------------------------------------------------------------------


def test_one_question_is_answered(run, file):
    status, out, _err = run(
        "explain", file, "--party", "kwintes", "--category", "gez", "--phase", "overleg", "--supplier", "ggz", "--json"
    )
    assert status == 0
    assert json.loads(out) == {
        "level": "none",
        "reason": "consent_missing",
        "cell": "kwintes/gez/overleg = c",
        "nearest": None,
        "active": True,
    }


def test_a_question_is_answered_in_words(run, file):
    status, out, _err = run("explain", file, "--party", "om", "--category", "pol", "--phase", "overleg")
    assert status == 0
    assert out.splitlines()[:2] == ["level: identified", "reason: covenant"]


@pytest.mark.parametrize(
    ("options", "level", "reason"),
    [
        (["--consent"], "identified", "consent"),
        (["--exception", "2"], "identified", "exception"),
        (["--exception", "1"], "none", "consent_missing"),
        (["--not-involved"], "none", "not_involved"),
        (["--item-status", "draft"], "none", "item_draft"),
        (["--item-status", "withdrawn"], "none", "item_withdrawn"),
        (["--item-status", "lost"], "none", "unknown_status"),
        (["--track", "signaal"], "none", "track_forbids"),
        (["--track", "nergens"], "none", "unknown_track"),
        (["--supplier", "kwintes"], "identified", "own_contribution"),
        (["--supplier", "niemand"], "none", "unknown_party"),
    ],
)
def test_each_option_counts(run, file, options, level, reason):
    base = ["--party", "kwintes", "--category", "gez", "--phase", "overleg", "--supplier", "ggz"]
    _status, out, _err = run("explain", file, *base, *options, "--json")
    answer = json.loads(out)
    assert (answer["level"], answer["reason"]) == (level, reason)


@pytest.mark.parametrize(("minor", "reason"), [([], "party_condition"), (["--minor"], "covenant")])
def test_a_minor_is_asked_for_by_name(run, file, minor, reason):
    base = ["--party", "rvdk", "--category", "id", "--phase", "overleg", *minor]
    _status, out, _err = run("explain", file, *base, "--json")
    assert json.loads(out)["reason"] == reason


def test_a_draft_is_explained_as_if_it_were_active(run, tmp_path):
    data = b.raw()
    data["covenant"] |= {"valid_from": None, "approved_by": []}
    path = write(tmp_path / "draft.yaml", data)
    _status, out, _err = run("explain", path, "--party", "om", "--category", "pol", "--phase", "overleg", "--json")
    assert json.loads(out)["level"] == "identified"
    assert json.loads(out)["active"] is False


def test_a_question_without_a_party_is_misuse(run, file):
    status, out, _err = run("explain", file, "--category", "pol", "--json")
    assert status == 2
    assert json.loads(out)["error"] == "bad_ask"


@pytest.mark.parametrize(
    ("words", "nearest"),
    [
        (("politie", "pol", "aanmelding"), "politie/pol/triage = p"),
        (("politie", "bsn", "overleg"), "politie/bsn/verrijking = I"),
        (("kwintes", "pol", "overleg"), "politie/pol/overleg = I"),
        (("kwintes", "hlp", "triage"), "kwintes/hlp/overleg = I"),
        (("kwintes", "vbl", "overleg"), None),
        (("comensha", "hlp", "overleg"), None),
        (("politie", "pol", "overleg"), None),
    ],
)
def test_the_nearest_cell_that_allows_is_named(words, nearest):
    party, category, phase = words
    assert explain(b.covenant(), Ask(party=party, category=category, phase=phase), b.NOW)["nearest"] == nearest


@pytest.mark.parametrize("more", [{"item_status": "draft"}, {"not_involved": True}, {"phase": "vernietigd"}])
def test_what_may_not_be_told_names_no_cell(more):
    asked = Ask(**({"party": "kwintes", "category": "pol", "phase": "overleg"} | more))
    assert explain(b.covenant(), asked, b.NOW)["nearest"] is None


def test_the_nearest_cell_would_really_have_allowed_it():
    for party in b.covenant().parties:
        for category in b.covenant().categories:
            for phase in b.ALL_PHASES:
                answer = explain(b.covenant(), Ask(party=party, category=category, phase=phase), b.NOW)
                if answer["nearest"]:
                    assert answer["level"] == "none"
                    assert answer["nearest"].split("/")[1] == category
                    assert answer["nearest"][-1] in "pIc"


def test_many_questions_are_answered_line_by_line_like_the_oracle(run, file, tmp_path):
    asks = [
        {"party": party, "category": category, "phase": phase, "track": track, "supplier": supplier, "consent": given}
        for party in ("politie", "kwintes", "ggz", "comensha", "zvh_procesregie")
        for category in ("pol", "gez", "prc", "bsn", "hlp")
        for phase in b.ALL_PHASES
        for track in b.TRACKS
        for supplier in ("zorgcoordinator", "ggz")
        for given in (True, False)
    ]
    path = tmp_path / "asks.jsonl"
    path.write_text("\n".join(json.dumps(ask) for ask in asks) + "\n\n", encoding="utf-8")
    status, out, _err = run("explain", file, "--asks", path, "--json")
    answers = [json.loads(line) for line in out.splitlines()]
    assert status == 0
    assert len(answers) == len(asks)
    for ask, answer in zip(asks, answers, strict=True):
        case = b.case(ask["party"], ask["supplier"], track=ask["track"], phase=ask["phase"])
        lines = (b.consent(ask["party"], ask["category"]),) if ask["consent"] else ()
        item = b.item(ask["category"], ask["supplier"])
        expected = oracle(b._raw(), True, b.viewer(ask["party"]), case, item, lines, (), b.NOW)
        assert (answer["level"], answer["reason"]) == expected


@pytest.mark.parametrize(
    "line",
    [
        "no json",
        "[]",
        "3",
        '{"party": "om"}',
        '{"party": "om", "category": "id", "phase": "triage", "colour": "red"}',
        '{"party": "om", "category": "id", "phase": "triage", "consent": "yes"}',
        '{"party": "om", "category": "id", "phase": "triage", "exception": "7"}',
        '{"party": "om", "category": "id", "phase": "triage", "item-status": "draft", "item_status": "draft"}',
        '{"party": 3, "category": "id", "phase": "triage"}',
        "[" * 20000,
    ],
)
def test_a_line_that_is_no_question_gets_an_error_and_the_others_go_on(run, file, tmp_path, line):
    good = '{"party": "om", "category": "pol", "phase": "overleg", "item-status": "released", "exception": null}'
    path = tmp_path / "asks.jsonl"
    path.write_text(f"{line}\n{good}\n", encoding="utf-8")
    status, out, _err = run("explain", file, "--asks", path)
    wrong, right = map(json.loads, out.splitlines())
    assert status == 2
    assert set(wrong) == {"error", "message"}
    assert wrong["error"] == "bad_ask"
    assert right["level"] == "identified"


def test_a_supplier_must_be_named_where_no_other_party_is_free(run, tmp_path):
    data = b.raw()
    data["parties"] = {"zvh_procesregie": data["parties"]["zvh_procesregie"], "ggz": data["parties"]["ggz"]}
    data["covenant"]["approved_by"] = []
    path = write(tmp_path / "small.yaml", data)
    asked = ["explain", path, "--category", "id", "--phase", "overleg", "--json"]
    assert json.loads(run(*asked, "--party", "zvh_procesregie")[1])["error"] == "bad_ask"
    assert json.loads(run(*asked, "--party", "ggz")[1])["level"] == "identified"


# --- diff -------------------------------------------------------------------------


def test_a_file_differs_in_nothing_from_itself(run, file):
    status, out, _err = run("diff", file, file, "--json")
    answer = json.loads(out)
    assert status == 0
    assert (answer["same"], answer["cells"], answer["facts"]) == (True, [], [])
    assert "the same" in run("diff", file, file)[1]


def test_each_changed_cell_and_fact_is_named(run, file, tmp_path):
    data = b.raw()
    data["covenant"]["version"] = "2"
    data["parties"]["politie"]["gez"] = "----c"
    del data["parties"]["om"]["vzn"]
    data["parties"]["pretty_woman"]["checked"] = {"by": "om", "on": "2026-02-01"}
    newer = write(tmp_path / "new.yaml", data)
    _status, out, _err = run("diff", file, newer, "--json")
    answer = json.loads(out)
    assert (answer["from"]["version"], answer["to"]["version"]) == ("1.0-voorbeeld", "2")
    assert {"party": "politie", "category": "gez", "phase": "uitvoering", "old": "-", "new": "c"} in answer["cells"]
    assert {"party": "om", "category": "vzn", "phase": "overleg", "old": "p", "new": "-"} in answer["cells"]
    assert {"place": "parties.om.vzn", "old": "---p-", "new": None} in answer["facts"]
    assert {"place": "parties.pretty_woman.checked.by", "old": None, "new": "om"} in answer["facts"]
    assert any(cell["party"] == "pretty_woman" for cell in answer["cells"])
    words = run("diff", file, newer)[1]
    assert "politie/gez/uitvoering: - -> c" in words
    assert "covenant.version: 1.0-voorbeeld -> 2" in words


def test_a_comparison_is_exactly_the_difference_of_two_matrices():
    from conference.covenant import matrix

    data = b.raw()
    del data["parties"]["moviera"]
    data["covenant"]["approved_by"] = []
    data["parties"]["gi"]["hlp"] = "---pp"
    old, new = b.covenant(), parse(data)
    before = {cell[:3]: cell.code for cell in matrix.cells(old)}
    after = {cell[:3]: cell.code for cell in matrix.cells(new)}
    told = {
        (cell["party"], cell["category"], cell["phase"]): (cell["old"], cell["new"]) for cell in diff(old, new)["cells"]
    }
    assert told == {
        place: (before.get(place), after.get(place))
        for place in before | after
        if before.get(place) != after.get(place)
    }


def test_the_order_of_parties_in_a_file_is_no_difference():
    data = b.raw()
    data["parties"] = dict(reversed(data["parties"].items()))
    assert diff(b.covenant(), parse(data))["same"] is True


# --- alone ------------------------------------------------------------------------


def test_the_command_needs_no_store_no_settings_and_no_django(file):
    program = f"""
import sys, argparse
from conference.covenant import cli
parser = argparse.ArgumentParser()
cli.add_arguments(parser.add_subparsers())
status = cli.run(parser.parse_args(["covenant", "check", {str(file)!r}, "--json"]))
assert "django" not in sys.modules
sys.exit(status)
"""
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("CASUSTAFEL_", "DJANGO_"))}
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, env=environment, check=False, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["ok"] is True


def test_questions_are_asked_on_the_products_day(run, file, monkeypatch):
    monkeypatch.setattr(clock, "_offset", b.timedelta(days=-365 * 3))
    _status, out, _err = run("explain", file, "--party", "om", "--category", "pol", "--phase", "overleg", "--json")
    assert json.loads(out)["active"] is False
