"""A programme with a year behind it, and a browser without a browser: what the tests of the pages need."""

from __future__ import annotations

import json
import random
import re
import uuid
from datetime import timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection, Engine, text

from service.api import create_app
from service.api.context import TOKEN
from service.measures.instrument import Instrument
from service.measures.scoring import score
from service.usecases.access import Role
from service.usecases.enrol_participant import enrol_participant
from service.usecases.services import Services
from service.usecases.sign_in import sign_in
from tests.builders import Clock
from tests.usecases.scene import PASSWORD, Scene, make_scene

NAMES = ("Greet Hendriks", "Şükran Yıldız", "Piet de Groot", "Zoë van Dam", "Arie Kok", "Anaïs Peeters", "Toon Willems")


def make_app(services: Services) -> Flask:
    app = create_app(services, "geheim" * 8, secure_cookies=False)
    app.config["TESTING"] = False
    return app


def browser(app: Flask, services: Services, role: Role | None = None, name: str = "welzijn") -> FlaskClient:
    """A client, signed in as this role of the scene."""
    client = app.test_client()
    if role is not None:
        token = sign_in(services, f"{role}.{name}@voorbeeld.invalid", PASSWORD)
        with client.session_transaction() as session:
            session[TOKEN] = token
    return client


def post(client: FlaskClient, page: str, url: str, **data: str) -> Any:
    """Post a form with the token that stands on a page."""
    html = client.get(page).get_data(as_text=True)
    found = re.search(r'name="csrf_token" value="([^"]+)"', html)
    assert found, page
    return client.post(url, data={"csrf_token": found[1], **data})


def fill(scene: Scene, database: Engine, clock: Clock, people: int = 14, answering: float = 1.0) -> list[uuid.UUID]:
    """Enrol people and let them answer the first three waves, falling by about one point; seven months go by."""
    ids = []
    for number in range(people):
        first, last = NAMES[number % len(NAMES)].split(" ", 1)
        form = scene.form(first_name=first, last_name=last, birth_year=1930 + number, mobile=f"06 0000 {1000 + number}")
        ids.append(enrol_participant(scene.services, scene.coordinator, form).participant_id)
        if number % 5 == 4:
            clock.forward(days=1)
    clock.forward(days=250)
    chance = random.Random(7)
    instrument = scene.services.instruments["djg6"]
    with database.begin() as connection:
        rows = connection.execute(
            text("select id, position, opens_at, closes_at from measurement order by participant_id, position")
        )
        for row in rows.all():
            if row.closes_at > clock():
                continue
            if chance.random() < answering - 0.08 * row.position:
                answer(
                    connection,
                    scene,
                    row.id,
                    instrument,
                    lonely=max(0, 4 - row.position + chance.choice((0, 0, 1, -1))),
                    at=row.opens_at + timedelta(days=1),
                )
            else:
                connection.execute(text("update measurement set status = 'missed' where id = :id"), {"id": row.id})
        connection.execute(
            text("update message set state = 'delivered', sent_at = due_at, channel = 'sms' where due_at < :now"),
            {"now": clock()},
        )
    return ids  # fmt: skip


def answer(
    connection: Connection, scene: Scene, measurement_id: uuid.UUID, instrument: Instrument, lonely: int, at: Any
) -> None:
    """Answers that give this many points, and their score."""
    codes = {}
    for place, item in enumerate(instrument.items):
        pointed = instrument.lonely_codes[item.subscale or ""]
        codes[item.number] = "yes" if ("yes" in pointed) == (place < lonely) else "no"
        connection.execute(
            text(
                "insert into answer_event (org_id, measurement_id, item, code, mode, submission_key, given_at) values (:org, :m, :item, :code, 'sms', :key, :at)"
            ),
            {
                "org": scene.org_id,
                "m": measurement_id,
                "item": item.number,
                "code": codes[item.number],
                "key": str(item.number),
                "at": at,
            },
        )
    scored = score(instrument, codes)
    connection.execute(
        text(
            "insert into score (org_id, measurement_id, instrument, instrument_version, scoring_version, score_values, primary_value, band, cutoff_set, missing, lower_bound, input_hash, scored_at) values (:org, :m, :i, :v, '1', cast(:values as jsonb), :p, :band, :set, 0, false, :hash, :at)"
        ),
        {
            "org": scene.org_id,
            "m": measurement_id,
            "i": instrument.key,
            "v": instrument.version,
            "values": json.dumps(dict(scored.values)),
            "p": list(scored.values.values())[-1],
            "band": scored.band,
            "set": scored.cutoff_set,
            "hash": scored.input_hash,
            "at": at,
        },
    )
    connection.execute(text("update measurement set status = 'complete', mode = 'sms', first_answer_at = :at, completed_at = :at where id = :id"), {"id": measurement_id, "at": at})  # fmt: skip


def call_task(
    connection: Connection, scene: Scene, participant_id: uuid.UUID, reason: str, clock: Clock, days: int = 1
) -> uuid.UUID:
    """A call to make."""
    found: uuid.UUID = connection.execute(
        text(
            "insert into call_task (org_id, participant_id, reason, created_at, due_on, dedupe_key) values (:org, :p, :reason, :at, :on, :key) returning id"
        ),
        {
            "org": scene.org_id,
            "p": participant_id,
            "reason": reason,
            "at": clock() - timedelta(days=days),
            "on": clock().date(),
            "key": f"{participant_id}:{reason}",
        },
    ).scalar_one()
    return found


def reply(
    connection: Connection, scene: Scene, words: str, clock: Clock, participant_id: uuid.UUID | None = None
) -> uuid.UUID:
    """Words that came in and that a person should read."""
    vault = scene.services.vault
    sid = f"SM{uuid.uuid4().hex}"
    found: uuid.UUID = connection.execute(
        text(
            "insert into reply (org_id, provider, provider_id, received_at, sender_hash, sender, words, participant_id, read_as, state, failures) values (:org, 'memory', :sid, :at, 'x', :sender, :words, :p, 'personal', 'to_read', 0) returning id"
        ),
        {
            "org": scene.org_id,
            "sid": sid,
            "at": clock() - timedelta(hours=2),
            "sender": vault.encrypt("+31600000001", scene.org_id, sid, "sender"),
            "words": vault.encrypt(words, scene.org_id, sid, "words"),
            "p": participant_id,
        },
    ).scalar_one()
    return found


def alert(
    connection: Connection, scene: Scene, participant_id: uuid.UUID, reply_id: uuid.UUID, clock: Clock
) -> uuid.UUID:
    """Words that cannot wait."""
    found: uuid.UUID = connection.execute(
        text(
            "insert into alert (org_id, participant_id, reply_id, level, raised_at, due_at) values (:org, :p, :r, 'red', :at, :due) returning id"
        ),
        {
            "org": scene.org_id,
            "p": participant_id,
            "r": reply_id,
            "at": clock() - timedelta(hours=2),
            "due": clock() + timedelta(hours=2),
        },
    ).scalar_one()
    return found


def welfare(services: Services) -> Scene:
    return make_scene(services)
