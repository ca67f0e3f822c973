"""For whoever keeps the service running: is this process alive, and can it reach its data?"""

from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint
from flask.typing import ResponseReturnValue

from service.api.access import public
from service.api.context import services
from service.followup.problem import Unavailable
from service.usecases.show_health import show_health

blueprint = Blueprint("health", __name__, url_prefix="/health")


@blueprint.get("/live")
@public
def live() -> ResponseReturnValue:
    """This process answers."""
    return {"status": "alive"}


@blueprint.get("/ready")
@public
def ready() -> ResponseReturnValue:
    """The database answers too. What the other processes do is told, and does not decide."""
    try:
        processes = show_health(services())
    except Unavailable:
        return {"status": "unavailable", "what": "database"}, HTTPStatus.SERVICE_UNAVAILABLE
    return {"status": "ready", "processes": {one.name: "late" if one.late else "alive" for one in processes}}
