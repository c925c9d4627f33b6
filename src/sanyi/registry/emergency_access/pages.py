"""紧急调阅页面: the form that a clinician fills before one person's record opens."""

from django.http import HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access.codes import Permission, Purpose
from sanyi.registry.access.services import forget
from sanyi.registry.doors.forms import form_of
from sanyi.registry.doors.routes import GuardedRequest
from sanyi.registry.doors.services import Routes
from sanyi.registry.emergency_access.services import limit, open_record
from sanyi.registry.emergency_access.tables import REQUEST

routes = Routes("registry.emergency_access")


@routes.page(
    "emergency-access/<str:person_id>/",
    name="open",
    permission=Permission.PERSON_BREAK_GLASS,
    purpose=Purpose.CARE,
    methods=("GET", "POST"),
    zh="紧急调阅",
    en="Emergency access",
)
def open_in_emergency(request: GuardedRequest, person_id: str) -> HttpResponseBase:
    """紧急调阅: asks for the reason, says for how long and that it is reviewed; then goes on to the record."""
    form = form_of(REQUEST.columns)
    target = request.GET.get("next", "")
    if not url_has_allowed_host_and_scheme(target, allowed_hosts=None):
        target = "/"
    if request.method == "POST" and form.bind(request.POST).is_valid:
        try:
            open_record(request.actor, person_id, reason=form.values["reason"])
        except RefusedError as error:
            form.add(RefusedError(refusal.at(column="reason") for refusal in error.refusals))
        else:
            forget(request)
            return HttpResponseRedirect(target)
    context = {"title": _("紧急调阅"), "form": form, "hours": limit("hours"), "cancel_url": "/"}
    return render(request, "emergency_access/form.html", context, status=422 if form.refusals else 200)
