"""Forms of login, enrolment, people and one's own account; what they refuse says the room's code."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext_lazy as _

from conference.accounts.commands import Profile
from conference.accounts.projections import PersonRow
from conference.accounts.rules import FAMILIES, GUEST_CLASSES, ROLES
from frontend.names import FAMILIES as FAMILY_NAMES
from frontend.names import party_name, role_name

REFUSALS: dict[str, Any] = {
    "wrong_credentials": _("This username and password do not fit. Look at both and try again."),
    "too_many_tries": _(
        "There were too many tries. Wait 15 minutes, or log in with the device, or at the place, "
        "where you logged in before."
    ),
    "busy": _("Many people are logging in now. Try again in a moment."),
    "code_wrong": _("This code is not right. Wait for the next one and try again."),
    "code_used": _("This code has been used. Each code works once: wait for the next one and try again."),
    "factor_missing": _("Your phone is not linked any more. Use the link that your administrator gave you."),
    "person_disabled": _("Your account is closed. Ask your administrator to open it."),
    "guest_no_account": _("Your organisation takes part without accounts. Ask the process team for what you need."),
    "screening_missing": _("Your screening is not recorded yet. Ask your administrator to record it."),
    "screening_expired": _(
        "Your screening is no longer valid. Ask your organisation for a new one and tell your administrator."
    ),
    "training_missing": _("Your training is not recorded yet. Follow it, then ask your administrator to record it."),
    "secrecy_missing": _("You have not signed the secrecy declaration. Ask your administrator for a new invitation."),
    "password_short": _("Choose a password of at least 15 characters. Four words in a row work well."),
    "password_long": _("Choose a password of at most 256 characters."),
    "password_common": _("This password is easy to guess. Choose words that have nothing to do with you or this work."),
    "passwords_differ": _("The two passwords are not the same. Type the second one again."),
    "wrong_password": _("This is not your present password."),
    "secrecy_declaration": _("Tick that you keep secret what you hear here. Without that you cannot take part."),
    "link_gone": _("This link was used in another browser or is too old. Ask your administrator for a new one."),
    "codes_not_kept": _("Tick that you have kept the codes. You see them only now."),
    "conflict": _(
        "Somebody else changed this account meanwhile. Below stands what you typed; look at it and save again."
    ),
    "last_administrator": _("This is the last administrator. Make somebody else administrator first."),
    "username_taken": _("This username is in use. Choose another one."),
    "unknown_party": _("The covenant does not know this organisation. Choose one from the list."),
    "role_missing": _("Choose at least one role for somebody who works on cases."),
    "role_excluded": _(
        "Oversight and administration have no roles in cases. Remove the roles, or choose work on cases."
    ),
    "not_enrolled": _("This person has not set up the account yet. Make a new invitation instead."),
    "unknown_session": _("This session had ended already."),
}
FIELD_OF = {
    "password_short": "new",
    "password_long": "new",
    "password_common": "new",
    "passwords_differ": "repeated",
    "wrong_password": "current",
    "secrecy_declaration": "secrecy",
    "code_wrong": "code",
    "code_used": "code",
    "codes_not_kept": "kept",
    "username_taken": "username",
    "unknown_party": "party",
    "guest_no_account": "party",
    "role_missing": "roles",
    "role_excluded": "roles",
}
NEEDED = {"required": _("Fill in this field.")}
DATE = {"required": _("Fill in a date."), "invalid": _("Fill in a date, such as 23-11-2026.")}


def answers(request: HttpRequest) -> QueryDict | None:
    """Return what was posted, empty or not; None when the form is only opened."""
    return request.POST if request.method == "POST" else None


def _shown(name: Any) -> Any:
    """Pass a name on as it is, lazy or not: it is translated when the page is drawn."""
    return name


class Plain(forms.Form):
    """A form that the browser does not check: what is wrong stands in the summary above it."""

    use_required_attribute = False
    refusal = ""

    def refuse(self, code: str) -> None:
        """Show a refusal of the room at the field that it is about."""
        self.refusal = code
        field = FIELD_OF.get(code)
        text = REFUSALS.get(code, _("This could not be done. Nothing was saved."))
        self.add_error(field if field in self.fields else None, ValidationError(text, code=code))


def _text(label: Any, autocomplete: str, help_text: Any = "", **attrs: str) -> forms.CharField:
    widget = forms.TextInput(attrs={"autocomplete": autocomplete, "spellcheck": "false", **attrs})
    return forms.CharField(label=label, max_length=150, widget=widget, help_text=help_text, error_messages=NEEDED)


def _password(label: Any, autocomplete: str, help_text: Any = "") -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": autocomplete})
    return forms.CharField(
        label=label, max_length=1024, strip=False, widget=widget, help_text=help_text, error_messages=NEEDED
    )


def _code(help_text: Any) -> forms.CharField:
    widget = forms.TextInput(
        attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "class": "input-code", "spellcheck": "false"}
    )
    return forms.CharField(
        label=_("Code from your app"), max_length=64, widget=widget, help_text=help_text, error_messages=NEEDED
    )


class LoginForm(Plain):
    username = _text(_("Username"), "username", autocapitalize="none")
    password = _password(_("Password"), "current-password")


class CodeForm(Plain):
    code = _code(_("6 digits. You may paste the code."))


class RecoveryCodeForm(Plain):
    code = forms.CharField(
        label=_("Recovery code"),
        max_length=64,
        help_text=_("24 letters and digits. You may leave out the dashes."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
        error_messages=NEEDED,
    )


class FirstPasswordForm(Plain):
    """Step 1 of an invitation: a password of one's own and the secrecy declaration."""

    new = _password(
        _("New password"), "new-password", _("At least 15 characters. You may paste it; every sign is allowed.")
    )
    repeated = _password(_("The same password again"), "new-password")
    secrecy = forms.BooleanField(label=_("I keep secret what I hear and read here"), required=False)


class OwnPasswordForm(Plain):
    """Step 1 after a reset of the second factor: the password that the person already has."""

    current = _password(_("Your password"), "current-password")
    secrecy = forms.BooleanField(label=_("I keep secret what I hear and read here"), required=False)


class KeptForm(Plain):
    kept = forms.BooleanField(label=_("I have kept these codes"), required=False)


class ChangePasswordForm(Plain):
    current = _password(_("Your present password"), "current-password")
    new = _password(
        _("New password"), "new-password", _("At least 15 characters. You may paste it; every sign is allowed.")
    )
    repeated = _password(_("The same password again"), "new-password")


class ProfileForm(Plain):
    """What an administrator says of a person. `expect`: the version that the page showed."""

    name = _text(_("Name"), "off", _("As colleagues know this person, for instance A. Gent."))
    family = forms.ChoiceField(
        label=_("Kind of work"),
        choices=[(family, _shown(FAMILY_NAMES[family])) for family in FAMILIES],
        help_text=_("Only who works on cases ever sees what is in them. The three exclude each other."),
        error_messages=NEEDED,
    )
    party = forms.CharField(label=_("Organisation"), max_length=64, error_messages=NEEDED)
    roles = forms.MultipleChoiceField(
        label=_("Roles in a conference"),
        required=False,
        choices=[(role, role_name(role)) for role in ROLES],
        widget=forms.CheckboxSelectMultiple,
    )
    screened_until = forms.DateField(
        label=_("Screening valid until"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "autocomplete": "off"}),
        error_messages=DATE,
    )
    trained_on = forms.DateField(
        label=_("Training followed on"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "autocomplete": "off"}),
        error_messages=DATE,
    )
    expect = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, classes: dict[str, str] | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["roles"].choices = [(role, role_name(role)) for role in ROLES]  # type: ignore[attr-defined]  # a ChoiceField, which the stubs do not know
        if classes is not None:
            parties = sorted((party for party, cls in classes.items() if cls not in GUEST_CLASSES), key=party_name)
            self.fields["party"] = forms.ChoiceField(
                label=_("Organisation"),
                choices=[("", _("Choose an organisation")), *((party, party_name(party)) for party in parties)],
                error_messages={**NEEDED, "invalid_choice": REFUSALS["unknown_party"]},
            )

    def profile(self) -> Profile:
        """Return the answers; only of a valid form."""
        given = self.cleaned_data
        return Profile(
            name=given["name"],
            party=given["party"],
            family=given["family"],
            roles=tuple(given["roles"]),
            screened_until=given["screened_until"],
            trained_on=given["trained_on"],
        )


class NewPersonForm(ProfileForm):
    username = _text(_("Username"), "off", _("For instance a.gent. The person logs in with it."), autocapitalize="none")
    field_order = ("name", "username")


def profile_of(row: PersonRow) -> dict[str, Any]:
    """Return a person's present answers, to fill the form with."""
    names = ("name", "family", "party", "roles", "screened_until", "trained_on")
    return {name: getattr(row, name) for name in names} | {"expect": row.version}
