"""Logging in and out."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from service.api.access import public
from service.api.context import actor_or_none, forget, remember, services, staff_token
from service.api.forms import Form
from service.followup.problem import Refusal
from service.usecases.sign_in import sign_in
from service.usecases.sign_out import sign_out

blueprint = Blueprint("sign_in", __name__)


@blueprint.route("/inloggen", methods=["GET", "POST"])
@public
def log_in() -> ResponseReturnValue:
    """The log-in page. After logging in one comes where one was going, within this service only."""
    form = Form(request.form)
    onward = _onward(request.values.get("next", ""))
    if request.method == "GET":
        return redirect(onward) if actor_or_none() else render_template("sign_in.html", form=form, onward=onward)
    try:
        token = sign_in(services(), form.value("email"), request.form.get("password", ""))
    except Refusal as refusal:
        form.take(refusal)
        return render_template("sign_in.html", form=form, onward=onward), 400
    remember(token)
    return redirect(onward)


@blueprint.post("/uitloggen")
@public
def log_out() -> ResponseReturnValue:
    """End the session everywhere, and empty the cookie."""
    token = staff_token()
    if token:
        sign_out(services(), token)
    forget()
    return redirect("/inloggen")


def _onward(path: str) -> str:
    # Only a path of our own: "//elsewhere" and "/\elsewhere" lead away.
    if path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable():
        return path
    return "/"
