"""The page that says how many participants a plan takes."""

from __future__ import annotations

import pytest

from service.usecases.access import Role
from service.usecases.services import Services
from tests.api import year
from tests.usecases.scene import Scene, make_scene


@pytest.fixture
def scene(services: Services) -> Scene:
    return make_scene(services)


def page(scene: Scene, question: str = "", role: Role = Role.EVALUATOR) -> tuple[int, str]:
    app = year.make_app(scene.services)
    found = year.browser(app, scene.services, role).get(f"/plannen{question}")
    return found.status_code, found.get_data(as_text=True).replace("\N{NO-BREAK SPACE}", " ")


def test_evaluators_and_administrators_plan_and_coordinators_do_not(scene: Scene) -> None:
    assert page(scene)[0] == page(scene, role=Role.ADMINISTRATOR)[0] == 200
    assert page(scene, role=Role.COORDINATOR)[0] == 403


def test_a_wish_gets_a_sentence_and_a_table(scene: Scene) -> None:
    status, html = page(scene, "?aim=change&size=1&sd=djg11&drop_out=30&power=80")
    assert status == 200
    assert "zijn 52 mensen met twee metingen nodig. Valt 30 % uit, schrijf dan 75 mensen in." in html
    assert "een ruime aanname van Peil" in html
    assert html.count('<th scope="row">') == 6


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("aim=precision&size=0,5&sd=djg11&drop_out=0", "zijn 99 mensen met twee metingen nodig"),
        ("aim=arms&size=1&sd=djg11&drop_out=0", "zijn samen 200 mensen met twee metingen nodig"),
        ("aim=same&size=1&sd=djg11&drop_out=0", "zijn 55 mensen met twee metingen nodig"),
        ("aim=people&size=40&sd=djg11&drop_out=25", "Van 40 mensen houden er bij 25 % uitval 30 twee metingen."),
        ("aim=change&size=1&sd=own&own_sd=2,5&own_source=ons+onderzoek&drop_out=0", "Bron: ons onderzoek"),
        ("aim=change&size=0,01&sd=own&own_sd=100&own_source=x&drop_out=0", "meer dan een miljoen"),
        ("aim=people&size=2&sd=djg11&drop_out=90", "te weinig mensen"),
    ],
)  # fmt: skip
def test_every_question_is_answered(scene: Scene, question: str, said: str) -> None:
    status, html = page(scene, f"?{question}")
    assert status == 200
    assert said in html


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("aim=change&size=veel&sd=djg11&drop_out=30", "veel kan hier niet"),
        ("aim=change&size=nan&sd=djg11&drop_out=30", "nan kan hier niet"),
        ("aim=change&size=1&sd=djg11&drop_out=100", "100 kan hier niet"),
        ("aim=change&size=1&sd=own&own_sd=2&drop_out=30", "Schrijf erbij waar dat getal vandaan komt"),
        ("aim=change", "Vul hier een getal in van 0,01 tot en met 100."),
        ("aim=%3Cb%3E&size=%3Cb%3E", "&lt;b&gt; kan hier niet"),
    ],
)
def test_what_cannot_be_is_said_above_its_field(scene: Scene, question: str, said: str) -> None:
    status, html = page(scene, f"?{question}")
    assert status == 400
    assert said in html
