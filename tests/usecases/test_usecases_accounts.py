"""Who may log in, for how long, and what guessing leads to."""

from __future__ import annotations

import uuid
from datetime import date

import pytest
from sqlalchemy import Engine

from service.followup.problem import Refusal
from service.usecases.access import Denied, Role
from service.usecases.add_account import add_account
from service.usecases.create_programme import create_programme
from service.usecases.disable_account import disable_account
from service.usecases.identify import identify
from service.usecases.reset_password import reset_password
from service.usecases.services import Services
from service.usecases.show_administration import show_administration
from service.usecases.sign_in import sign_in
from service.usecases.sign_out import sign_out
from service.usecases.upload_protocol import upload_protocol
from tests.builders import Clock
from tests.usecases.scene import PASSWORD, Scene, make_scene, protocol_text, rows

EMAIL = "coordinator.welzijn@voorbeeld.invalid"


@pytest.fixture
def scene(services: Services) -> Scene:
    return make_scene(services)


def refused(services: Services, email: str, password: str) -> str:
    with pytest.raises(Refusal) as refusal:
        sign_in(services, email, password)
    return refusal.value.problems[0].key


def test_a_session_knows_who_acts_until_it_ends(scene: Scene, services: Services, database: Engine) -> None:
    token = sign_in(services, f"  {EMAIL.upper()} ", PASSWORD)
    assert identify(services, token) == scene.coordinator
    assert token not in str(rows(database, "select token_digest from staff_session"))
    sign_out(services, token)
    assert identify(services, token) is None
    assert identify(services, "no such token") is None


def test_a_session_ends_after_half_an_hour_of_silence_and_after_eight_hours(
    scene: Scene, services: Services, clock: Clock
) -> None:
    token = sign_in(services, EMAIL, PASSWORD)
    for _ in range(16):
        clock.forward(minutes=29)
        assert identify(services, token) is not None
    clock.forward(minutes=29)
    assert identify(services, token) is None
    token = sign_in(services, EMAIL, PASSWORD)
    clock.forward(minutes=31)
    assert identify(services, token) is None


def test_wrong_password_and_unknown_address_sound_the_same(scene: Scene, services: Services) -> None:
    assert (
        refused(services, EMAIL, "fout") == refused(services, "niemand@voorbeeld.invalid", "fout") == "sign_in_failed"
    )


def test_after_ten_failures_even_the_right_password_waits_a_quarter_of_an_hour(
    scene: Scene, services: Services, clock: Clock
) -> None:
    for _ in range(10):
        assert refused(services, EMAIL, "fout") == "sign_in_failed"
    assert refused(services, EMAIL, PASSWORD) == "sign_in_throttled"
    clock.forward(minutes=15, seconds=1)
    assert sign_in(services, EMAIL, PASSWORD)


def test_a_new_password_and_a_closed_account_end_every_session(scene: Scene, services: Services) -> None:
    token = sign_in(services, EMAIL, PASSWORD)
    reset_password(services, email=EMAIL, password="een ander lang wachtwoord")
    assert identify(services, token) is None
    assert refused(services, EMAIL, PASSWORD) == "sign_in_failed"
    token = sign_in(services, EMAIL, "een ander lang wachtwoord")
    disable_account(services, email=EMAIL)
    disable_account(services, email=EMAIL)
    assert identify(services, token) is None
    assert refused(services, EMAIL, "een ander lang wachtwoord") == "sign_in_failed"


def test_an_address_has_one_account_everywhere(scene: Scene, services: Services) -> None:
    other = make_scene(services, "ander")
    for password, key in ((PASSWORD, "account_exists"), ("kort", "password_too_short")):
        with pytest.raises(Refusal) as refusal:
            add_account(services, org_id=other.org_id, email=EMAIL, name="X", role=Role.COORDINATOR, password=password)
        assert refusal.value.problems[0].key == key


def test_a_protocol_never_changes(scene: Scene, services: Services) -> None:
    assert not upload_protocol(services, scene.administrator, protocol_text()).new
    changed = protocol_text().replace("after: 3 days", "after: 4 days")
    with pytest.raises(Refusal) as refusal:
        upload_protocol(services, scene.administrator, changed)
    assert "versie 3" in services.render.problem(refusal.value.problems[0], "nl")
    assert upload_protocol(services, scene.administrator, changed.replace("version: 2", "version: 3")).new
    with pytest.raises(Denied):
        upload_protocol(services, scene.coordinator, changed)


def test_a_programme_needs_things_of_its_own_organisation(scene: Scene, services: Services) -> None:
    other = make_scene(services, "ander")
    found = show_administration(services, other.administrator)
    with pytest.raises(Refusal) as refusal:
        create_programme(
            services,
            scene.administrator,
            intervention_id=found.interventions[0].id,
            protocol_id=uuid.uuid4(),
            coordinator_id=other.coordinator.account_id,
            name="",
            site="Noord",
            municipality="",
            starts_on=date(2026, 3, 1),
        )
    assert {problem.where for problem in refusal.value.problems} == {
        "name",
        "intervention_id",
        "protocol_id",
        "coordinator_id",
    }
