"""Every address of the product; /healthz and /readyz are answered by conference.health."""

from django.urls import include, path

urlpatterns = [path("", include("frontend.urls"))]

handler400 = "frontend.views.errors.bad_request"
handler403 = "frontend.views.errors.not_found"
handler404 = "frontend.views.errors.not_found"
handler500 = "frontend.views.errors.server_error"
