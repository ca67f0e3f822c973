"""What every column of the evaluator's file means, for the instruments this organisation uses."""

from __future__ import annotations

from service.exports.long_csv import codebook_csv
from service.followup.protocol_file import read_protocol
from service.measures.codebook import codebook
from service.store.programmes import list_protocols
from service.usecases import access
from service.usecases.access import Action, Actor
from service.usecases.services import Services


def show_codebook(services: Services, actor: Actor) -> str:
    """The codebook as CSV; of every instrument when no protocol was uploaded yet. Raises Denied."""
    access.require(actor, Action.EXPORT)
    with services.transaction(actor.org_id) as session:
        sources = [protocol.source for protocol in list_protocols(session)]
    used = sorted({read_protocol(source, services.instruments).protocol.instrument for source in sources})
    instruments = [services.instruments[key] for key in used] or list(services.instruments.values())
    return codebook_csv(codebook(instruments))
