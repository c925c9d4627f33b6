"""紧急调阅页面: the form that a clinician fills before one person's record opens."""

from django.http import HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access.codes import Permission, Purpose
from sanyi.registry.access.pages.table import routes
from sanyi.registry.access.services import break_glass, forget
from sanyi.registry.access.services.limits import limit
from sanyi.registry.access.tables import GLASS
from sanyi.registry.doors.forms import form_of
from sanyi.registry.doors.routes import GuardedRequest


@routes.page(
    "access/glass/<str:person_id>/",
    name="glass",
    permission=Permission.PERSON_BREAK_GLASS,
    purpose=Purpose.CARE,
    methods=("GET", "POST"),
    zh="紧急调阅",
    en="Emergency access",
)
def glass(request: GuardedRequest, person_id: str) -> HttpResponseBase:
    """紧急调阅: asks for the reason, says for how long and that it is reviewed; then goes on to the record."""
    form = form_of(GLASS.columns)
    target = request.GET.get("next", "")
    if not url_has_allowed_host_and_scheme(target, allowed_hosts=None):
        target = "/"
    if request.method == "POST" and form.bind(request.POST).is_valid:
        try:
            break_glass(request.actor, person_id, reason=form.values["reason"])
        except RefusedError as error:
            form.add(RefusedError(refusal.at(column="reason") for refusal in error.refusals))
        else:
            forget(request)
            return HttpResponseRedirect(target)
    context = {"title": _("紧急调阅"), "form": form, "hours": limit("glass_hours"), "cancel_url": "/"}
    return render(request, "access/glass.html", context, status=422 if form.refusals else 200)
