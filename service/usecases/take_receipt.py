"""A provider reports about a message: store it, and let it be applied later."""

from __future__ import annotations

from collections.abc import Mapping

from service.store import receipts
from service.store.listen import notify
from service.usecases.services import Services


def take_receipt(services: Services, form: Mapping[str, list[str]], token: str, signature: str) -> bool:
    """Take one report; False when it changes nothing or was here before. Raises Forged or Malformed; none is kept."""
    receipt = services.webhooks.read_receipt(form, token, signature)
    if receipt is None:
        return False
    with services.transaction() as session:
        org_id = receipts.organisation_for_receipt(session, receipt.token, receipt.provider_id)
    if org_id is None:
        return False
    with services.transaction(org_id) as session:
        new = receipts.keep(
            session,
            org_id,
            receipt.provider,
            receipt.provider_id,
            receipt.token,
            receipt.status,
            receipt.code,
            services.now(),
        )
        if new:
            notify(session)
    return new
