"""The pages' addresses: each topic's view module brings its own `urlpatterns`."""

from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern, URLResolver, path
from django.views.i18n import set_language

from frontend.views import (
    api,
    cases,
    consent,
    covenant,
    covers,
    decisions,
    desk,
    enrolment,
    log,
    log_exports,
    login,
    me,
    overview,
    people,
    planning,
    questions,
    review,
    room,
    sample,
    theme,
    today,
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("language/", login_not_required(set_language), name="set_language"),
    # One line for each topic: *topic.urlpatterns
    *theme.urlpatterns,
    *covenant.urlpatterns,
    *log.urlpatterns,
    *overview.urlpatterns,
    *log_exports.urlpatterns,
    *review.urlpatterns,
    *sample.urlpatterns,
    *questions.urlpatterns,
    *login.urlpatterns,
    *enrolment.urlpatterns,
    *covers.urlpatterns,
    *people.urlpatterns,
    *me.urlpatterns,
    *today.urlpatterns,
    *desk.urlpatterns,
    *cases.urlpatterns,
    *consent.urlpatterns,
    *planning.urlpatterns,
    *room.urlpatterns,
    *decisions.urlpatterns,
    *api.urlpatterns,
]
