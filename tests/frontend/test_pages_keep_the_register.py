"""The care coordinator's conversation: read back before it counts, and taken back as quickly as given."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from agenda import pages
from agenda.commands import Refused, at_desk, casework
from conference import clock
from conference.cases.models import Subject
from consent.models import ConsentLine, ConsentTalk, RegisterTask, SubjectFact
from consent.notices import NOTICE_ID, text_hash
from tests.consenting import say, weighed
from tests.frontend.conversing import HOW, SHOWN, hidden_of, of, send
from tests.frontend.visiting import Region, once_of, page

Visit = Callable[[str], Client]


def test_nothing_is_chosen_for_her_beforehand(visit: Visit, here: str) -> None:
    text = page(visit("zc").get(here))
    choices = re.findall(r'<input type="radio" name="line-[^>]*>', text)
    assert choices
    assert not [one for one in choices if "checked" in one]
    assert "Zonder ja is het antwoord nee" in text
    assert 'value="23-05-2027"' in text, "half a year"


def test_an_answer_is_read_back_before_it_counts(region: Region, visit: Visit, here: str) -> None:
    client, count = visit("zc"), ConsentLine.objects.count()
    review = send(client, here, "review", gez__rvdk="yes", vbl__politie="no", vbl__zvh_procesregie="later")
    assert "mag weten hoe het met je gezondheid gaat, tot en met 23 mei 2027." in review
    assert "je kiest later of zij mogen weten hoe het zit met je verblijfsrecht" in review
    assert "Word je 12, 16 of 18, dan vraag ik het je opnieuw." in review
    assert ConsentLine.objects.count() == count
    again = send(client, here, "edit", gez__rvdk="yes")
    assert re.search(r'name="line-gez-rvdk" value="yes"[^>]*checked', again)
    assert ConsentLine.objects.count() == count


def test_what_is_given_opens_the_page_of_who_got_it_and_withdrawing_closes_it(
    region: Region, visit: Visit, here: str
) -> None:
    care, board = visit("zc"), visit("rvdk")
    case = here.split("consent/", maxsplit=1)[0]
    assert "tekst-i-gez" not in page(board.get(case))
    assert "Vastgelegd. Het geldt vanaf nu" in send(care, here, "record", gez__rvdk="yes")
    assert "tekst-i-gez" in page(board.get(case))
    # She turns 18 on 1 December: then she is asked anew.
    assert "Kinderbescherming, tot en met 30 november 2026" in page(care.get(here))
    assert "Ingetrokken. Het geldt meteen" in page(
        care.post(f"{here}withdraw/", {"party": "rvdk", "category": "gez"}, follow=True)
    )
    assert "tekst-i-gez" not in page(board.get(case))


def test_the_page_of_the_case_withdraws_a_line_too(region: Region, visit: Visit, here: str) -> None:
    care, kwintes = visit("zc"), visit("kw")
    case = here.split("consent/", maxsplit=1)[0]
    form = re.search(
        r'action="(/cases/[^"]*/consent/withdraw/)".*?name="subject" value="([^"]+)".*?name="party" value="kwintes">'
        r'<input type="hidden" name="category" value="gez">',
        page(care.get(case)),
        re.DOTALL,
    )
    assert form
    assert "tekst-i-gez" in page(kwintes.get(case))
    line = {"subject": form[2], "party": "kwintes", "category": "gez"}
    assert "Ingetrokken" in page(care.post(form[1], line, follow=True))
    assert "tekst-i-gez" not in page(kwintes.get(case))
    assert "Op deze regel is geen toestemming meer" in page(care.post(form[1], line, follow=True))


def test_an_earlier_end_is_kept_and_a_later_one_is_not(visit: Visit, here: str) -> None:
    care, line = visit("zc"), {"party": "kwintes", "category": "gez"}
    assert "eindigt nu eerder" in page(care.post(f"{here}limit/", line | {"ends": "25-11-2026"}, follow=True))
    assert "Kwintes, tot en met 25 november 2026" in page(care.get(here))
    assert "Een eerder einde ligt voor" in page(care.post(f"{here}limit/", line | {"ends": "01-02-2027"}, follow=True))
    assert "zoals 23-11-2026" in page(care.post(f"{here}limit/", line | {"ends": "ooit"}, follow=True))
    last = ConsentLine.objects.order_by("number").last()
    assert last
    assert (last.state, last.party) == ("beperkt", "kwintes")


def test_no_on_a_line_that_holds_is_withdrawing(visit: Visit, here: str) -> None:
    send(visit("zc"), here, "record", gez__kwintes="no", gez__zvh_procesregie="no")
    states = {line.party: line.state for line in ConsentLine.objects.order_by("number")}
    assert states["kwintes"] == "ingetrokken"
    assert states["zvh_procesregie"] == "geweigerd"


def test_a_form_sent_twice_is_recorded_once(visit: Visit, here: str) -> None:
    care, count = visit("zc"), ConsentLine.objects.count()
    form = HOW | hidden_of(page(care.get(here))) | {"step": "record", "line-gez-rvdk": "yes"}
    shown = SHOWN.search(page(care.post(here, form | {"step": "review"})))
    assert shown
    form["shown"] = shown[1]
    care.post(here, form)
    assert "Dit was al vastgelegd" in page(care.post(here, form, follow=True))
    assert ConsentLine.objects.count() == count + 1


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"gez__rvdk": ""}, "Kies minstens één antwoord."),
        ({"gez__rvdk": "yes", "ends": ""}, "Vul in tot en met welke dag elk ja geldt."),
        ({"gez__rvdk": "yes", "ends": "31-02-2027"}, "zoals 23-11-2026"),
        ({"gez__rvdk": "yes", "ends": "01-11-2026"}, "Kies een laatste dag die nog moet komen."),
        ({"gez__rvdk": "yes", "ends": "01-01-2099"}, "Kies een dag binnen vijf jaar."),
        ({"gez__rvdk": "perhaps"}, "error-summary"),
        ({"gez__kwintes": "later"}, "error-summary"),
        ({"gez__rvdk": "yes", "language": ""}, "Kies in welke taal"),
        ({"gez__rvdk": "yes", "language": "ar"}, "error-summary"),  # nobody has reviewed this translation
        ({"gez__rvdk": "yes", "language": "tlh"}, "error-summary"),
        ({"gez__rvdk": "yes", "interpreter": ""}, "Kies of er iemand tolkt."),
        ({"gez__rvdk": "yes", "alone": ""}, "Vraag of zij vrij kan praten."),
        ({"gez__rvdk": "yes", "overheard": ""}, "Vraag of iemand het kan horen."),
        ({"gez__rvdk": "yes", "pressure": ""}, "Kies of iemand haar onder druk zet."),
        ({"gez__rvdk": "yes", "capacity": "twijfel"}, "Twijfel je, vraag dan nu nog niets."),
        ({"gez__rvdk": "yes", "free": ""}, "dat een nee haar niets kost, en vink het aan"),
        ({"gez__rvdk": "yes", "apart": ""}, "losstaat van aangifte en van opvang, en vink"),
        ({"gez__rvdk": "yes", "witness": ""}, "Kies wie er meeluistert."),
        ({"gez__rvdk": "yes", "witness": "collega"}, "Vul in welke collega meeluistert."),
        ({"gez__rvdk": "yes", "method": "schriftelijk"}, "waar het ondertekende papier ligt"),
        ({"gez__rvdk": "yes", "given_by": "beiden"}, "Kies wie haar vertegenwoordigt."),
        ({"gez__rvdk": "yes", "review_on": ""}, "wanneer je het haar opnieuw vraagt"),
        ({"gez__rvdk": "yes", "method": "telepathie"}, "error-summary"),
    ],
)
def test_a_mistake_is_told_and_nothing_is_recorded(
    visit: Visit, here: str, changes: dict[str, str], message: str
) -> None:
    count = ConsentLine.objects.count()
    for step in ("review", "record"):
        text = send(visit("zc"), here, step, **changes)
        assert message in text
        assert 'class="error-summary"' in text
        assert "tolk 4471" in text
    assert ConsentLine.objects.count() == count


def test_a_line_that_the_covenant_does_not_ask_for_cannot_be_smuggled_in(visit: Visit, here: str) -> None:
    count = ConsentLine.objects.count()
    text = send(visit("zc"), here, "record", gez__politie="yes", pol__moviera="yes")
    assert "Kies minstens één antwoord." in text
    assert ConsentLine.objects.count() == count


def test_the_list_holds_everybody_who_may_be_asked_and_no_suspect(region: Region, visit: Visit) -> None:
    text = page(visit("zc").get("/consent/"))
    shown = set(re.findall(r'href="/cases/[0-9a-f-]{36}/consent/([0-9a-f-]{36})/"', text))
    assert shown == {str(region.id("subjects", name)) for name in ("s1", "s2", "t1")}
    assert "Noor" not in text, "no name is needed to start"


def test_how_it_was_given_is_kept_sealed_beside_the_exact_text_that_was_read(visit: Visit, here: str) -> None:
    send(visit("zc"), here, "record", gez__rvdk="yes")
    line, talk = ConsentLine.objects.order_by("number").last(), of(here, ConsentTalk).get()
    assert line
    assert (line.talk, str(line.review_on)) == (talk.id, "2027-05-23")
    assert line.covenant_row == "1.0-voorbeeld rvdk/gez/overleg=c"
    assert (talk.notice, talk.language, talk.notice_sha256) == (NOTICE_ID, "en", text_hash("en"))
    assert b"4471" not in bytes(talk.sealed)


# --- a yes must be free ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"alone": "nee"}, "Zij kan nu niet vrij praten"),
        ({"overheard": "ja"}, "Zij kan nu niet vrij praten"),
        ({"pressure": "ja"}, "Iemand zet haar onder druk"),
        ({"interpreter": "informeel", "interpreter_is": "partner"}, "kan niet voor haar tolken"),
        ({"interpreter": "informeel", "interpreter_is": "verdachte"}, "kan niet voor haar tolken"),
        ({"capacity": "nee", "capacity_told": "de arts"}, "moet haar vertegenwoordiger ook ja zeggen"),
        (
            {
                "given_by": "beiden",
                "representative": "ouder",
                "mandate": "gezag",
                "involved": "on",
                "because": "zij wil",
            },
            "Deze vertegenwoordiger kan erbij betrokken zijn",
        ),
    ],
)
def test_a_yes_that_is_not_free_is_refused_in_words_and_what_was_typed_stays(
    visit: Visit, here: str, changes: dict[str, str], message: str
) -> None:
    count = ConsentLine.objects.count()
    text = send(visit("zc"), here, "record", gez__rvdk="yes", **changes)
    assert message in text
    assert "tolk 4471" in text
    assert (ConsentLine.objects.count(), of(here, ConsentTalk).count()) == (count, 0)


def test_she_may_say_no_while_somebody_listens_and_take_back_at_any_time(visit: Visit, here: str) -> None:
    care = visit("zc")
    send(care, here, "record", vbl__zvh_procesregie="no", alone="nee", pressure="ja")
    line = ConsentLine.objects.order_by("number").last()
    assert line
    assert line.state == "geweigerd"
    assert "Ingetrokken" in page(care.post(f"{here}withdraw/", {"party": "kwintes", "category": "gez"}, follow=True))


def test_what_was_not_read_back_is_not_recorded(visit: Visit, here: str) -> None:
    care, count = visit("zc"), ConsentLine.objects.count()
    form = HOW | hidden_of(page(care.get(here))) | {"line-gez-rvdk": "yes"}
    shown = SHOWN.search(page(care.post(here, form | {"step": "review"})))
    assert shown
    other = {"step": "record", "shown": shown[1], "line-gez-zvh_procesregie": "yes"}
    text = page(care.post(here, form | other))
    assert SHOWN.search(text), "shown again, to be read back"
    assert "procesregie mag weten" in text.lower()
    without = page(care.post(here, form | {"step": "record", "shown": shown[1], "read_back": ""}))
    assert "vraag of het klopt, en vink het aan" in without
    assert ConsentLine.objects.count() == count


# --- what is known of her, and what is told ---------------------------------------------------


def test_the_safe_way_to_reach_her_is_kept_and_shown_the_next_time(visit: Visit, here: str) -> None:
    care = visit("zc")
    send(care, here, "record", gez__rvdk="no", contact_channel="bericht", contact_reach="eigen toestel")
    assert "eigen toestel" in page(care.get(here))
    fact = of(here, SubjectFact).get()
    assert fact.kind == "contact"
    assert b"toestel" not in bytes(fact.sealed)
    send(care, here, "record", vbl__zvh_procesregie="no", contact_channel="bericht", contact_reach="eigen toestel")
    assert of(here, SubjectFact).count() == 1, "what did not change is not recorded again"


def test_the_page_says_which_ground_carries_what_is_not_asked(visit: Visit, here: str) -> None:
    text = page(visit("zc").get(here))
    carried = text[text.index("Wat je haar niet vraagt") :]
    assert re.search(r"politie</th><td>politie</td><td>met naam</td><td>Wpg 20", carried)
    assert not re.search(r"gezondheid</td>", carried[: carried.index("</table>")])


def test_withdrawing_tells_what_was_shared_and_leaves_a_task_to_tell_it(
    region: Region, visit: Visit, here: str
) -> None:
    care, kwintes = visit("zc"), visit("kw")
    assert "tekst-i-gez" in page(kwintes.get(here.split("consent/", maxsplit=1)[0]))
    care.post(f"{here}withdraw/", {"party": "kwintes", "category": "gez"})
    task = RegisterTask.objects.get()
    assert (task.kind, task.party, task.category) == ("tell_receiver", "kwintes", "gez")
    assert (task.due - clock.today()).days == 7
    told = page(care.get(f"{here}shared/"))
    assert re.search(r"Kwintes</th><td>gezondheid</td>", told)
    assert "moet het nog horen" in page(care.get(here))


def test_where_nothing_was_shared_nobody_has_to_be_told(visit: Visit, here: str) -> None:
    visit("zc").post(f"{here}withdraw/", {"party": "kwintes", "category": "gez"})
    assert not RegisterTask.objects.exists()


def test_an_invalid_line_is_closed_for_ever_and_says_why(visit: Visit, here: str) -> None:
    care, line = visit("zc"), {"party": "kwintes", "category": "gez"}
    assert care.post(f"{here}invalid/", line).status_code == 404, "why is part of it"
    assert "Vanaf nu ongeldig" in page(care.post(f"{here}invalid/", line | {"because": "druk"}, follow=True))
    last = ConsentLine.objects.order_by("number").last()
    assert last
    assert last.state == "ongeldig"
    assert 'name="line-gez-kwintes"' not in page(care.get(here))


# --- somebody new --------------------------------------------------------------------------------


def test_a_conversation_begins_without_a_name_in_a_case_that_stands_there(region: Region, visit: Visit) -> None:
    care, before = visit("zc"), Subject.objects.count()
    text = page(care.get("/consent/new/"))
    form = {"once": once_of(text), "case": str(region.id("cases", "c1"))}
    answer = care.post("/consent/new/", form, follow=True)
    assert "betrokkene 4" in page(answer)
    assert "Haar geboortedatum is hier niet bekend" in page(answer)
    assert Subject.objects.count() == before + 1
    care.post("/consent/new/", form)
    assert Subject.objects.count() == before + 1, "sent twice is once"


def test_a_conversation_can_open_a_case_of_its_own_and_ask_for_when_it_is_discussed(
    region: Region, visit: Visit
) -> None:
    care = visit("zc")
    number = once_of(page(care.get("/consent/new/")))
    text = page(care.post("/consent/new/", {"once": number, "case": "new"}))
    assert "Schrijf waarvoor deze casus is." in text
    answer = care.post("/consent/new/", {"once": number, "case": "new", "purpose": "opvang"}, follow=True)
    text = page(answer)
    assert "betrokkene 1" in text
    assert "doel: opvang" in text
    here = answer.redirect_chain[-1][0]
    assert "Vraag hoe oud zij is" in send(care, here, "record", hlp__zvh_procesregie="yes")
    assert "Vastgelegd" in send(care, here, "record", hlp__zvh_procesregie="yes", age_band="16+")
    stranger = visit("kw").get("/consent/new/")
    assert stranger.status_code == 404


def test_in_a_signal_nobody_is_registered_for_consent(region: Region, visit: Visit) -> None:
    # The care coordinator takes no part in c3: to her it is not there to be chosen.
    care = visit("zc")
    number = once_of(page(care.get("/consent/new/")))
    text = page(care.post("/consent/new/", {"once": number, "case": str(region.id("cases", "c3"))}))
    assert 'class="error-summary"' in text


# --- asked, or carried --------------------------------------------------------------------------------


def test_nothing_is_both_asked_and_said_to_be_shared_anyway(region: Region) -> None:
    view = pages.register_view(region.sit("zc"), region.id("cases", "c1"), region.id("subjects", "s1"))
    assert view is not None
    asked = {(one.party, one.category) for one in view.choices}
    assert asked & {(one.party, one.category) for one in view.carried} == set()
    partly = {(one.party, one.category) for one in view.choices if one.partly}
    assert ("kwintes", "id") in partly, "of the mental health care she reads it with a yes only"
    assert ("kwintes", "gez") not in partly


def test_where_an_exception_carries_it_she_is_not_asked(region: Region, visit: Visit, here: str) -> None:
    pair = ("zorgcoordinator", "gez")
    view = pages.register_view(region.sit("zc"), region.id("cases", "c1"), region.id("subjects", "s1"))
    assert view is not None
    assert pair in {(one.party, one.category) for one in view.choices}
    new = casework.Exceptional(
        subject=region.id("subjects", "s1"), party=pair[0], category=pair[1], code=7,
        decider=region.id("people", "vz"), weighed=weighed(), ends=clock.now() + timedelta(days=9),
    )  # fmt: skip
    case = region.id("cases", "c1")
    at_desk(region.sit("zc"), "exception.recorded", lambda turn: casework.record_exception(turn, case, new), case=case)
    view = pages.register_view(region.sit("zc"), case, region.id("subjects", "s1"))
    assert view is not None
    assert pair not in {(one.party, one.category) for one in view.choices}
    with pytest.raises(Refused, match="not_for_consent"):
        say(region, party=pair[0], category=pair[1])
