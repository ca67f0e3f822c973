"""The page with every figure: the same figures as the file of it, and as the exported data give on their own."""

from __future__ import annotations

import html
import json
import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, text

from service.exports.long_file import read_long_file
from service.measures.analysis.analyse import analyse
from service.measures.analysis.plan import default_plan
from service.measures.analysis.result import as_plain
from service.usecases.access import Role
from service.usecases.services import Services
from tests.api import year as v
from tests.builders import Clock
from tests.usecases.scene import Scene, make_scene


@pytest.fixture
def scene(services: Services) -> Scene:
    return make_scene(services)


@pytest.fixture
def evaluator(scene: Scene, database: Engine, clock: Clock) -> FlaskClient:
    """An evaluator, with a programme behind which seven months lie."""
    v.fill(scene, database, clock, people=36, answering=0.8)
    return v.browser(v.make_app(scene.services), scene.services, Role.EVALUATOR)


def page(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, answer.status
    return answer.get_data(as_text=True)


def figures(client: FlaskClient, path: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(page(client, path))
    return found


def rows(source: str) -> dict[str, str]:
    """Every figure of the tables by its key, in the words of the page."""
    found = re.findall(r'<tr data-key="([^"]+)">.*?<td class="num[^"]*"[^>]*>(.*?)</td>', source, re.DOTALL)
    return {key: html.unescape(words) for key, words in found}


def test_every_figure_of_the_analysis_stands_on_the_page(scene: Scene, evaluator: FlaskClient) -> None:
    base = f"/programmas/{scene.programme_id}/analyse"
    told = figures(evaluator, f"{base}.json")["figures"]
    shown = rows(page(evaluator, base))
    assert set(shown) == set(told)
    assert len(shown) > 100
    for key, figure in told.items():
        if "hidden" in figure:
            assert "niet getoond" in shown[key], key
            assert "value" not in figure
        elif figure.get("value") is not None:
            assert any(sign.isdigit() for sign in shown[key]), key


def everybody_shares(database: Engine) -> None:
    """Everybody agrees that the evaluator reads along."""
    with database.begin() as connection:
        connection.execute(
            text(
                "insert into consent (org_id, participant_id, purpose, legal_basis, taken_how, taken_by, wording, given_at)"
                " select org_id, participant_id, 'sharing', legal_basis, taken_how, taken_by, wording, given_at"
                " from consent where purpose = 'questions'"
            )
        )


def test_the_exported_file_gives_the_same_figures_to_the_last_digit(
    scene: Scene, evaluator: FlaskClient, database: Engine
) -> None:
    everybody_shares(database)
    told = figures(evaluator, f"/programmas/{scene.programme_id}/analyse.json")
    answer = v.post(evaluator, "/gegevens", f"/gegevens/bestand/{scene.programme_id}")
    found = read_long_file(answer.get_data(as_text=True), scene.services.instruments)
    assert isinstance(found, list)
    [records] = found
    plan = default_plan(records.instrument, [wave.key for wave in records.waves], records.primary)
    again = json.loads(json.dumps(as_plain(analyse(records, plan, live=True))))
    assert again["head"] == told["head"]
    assert again["figures"] == told["figures"]
    assert again["words"] == told["words"]


def test_the_first_sentence_says_of_whom_and_between_which_two(scene: Scene, evaluator: FlaskClient) -> None:
    told = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page(evaluator, f"/programmas/{scene.programme_id}/analyse")))
    assert "95%-interval" in told
    assert "Dit zijn cijfers van nu" in told
    assert "Er is vooraf geen analyseplan vastgelegd" in told
    assert "effect" not in told.lower()


def test_a_reference_date_never_moves_and_says_so(
    scene: Scene, evaluator: FlaskClient, database: Engine, clock: Clock
) -> None:
    base = f"/programmas/{scene.programme_id}"
    laid = v.post(evaluator, f"{base}/analyse", f"{base}/peildatum")
    assert laid.status_code in (302, 303), laid.get_data(as_text=True)
    place = laid.headers["Location"].split("?")[0]
    before = figures(evaluator, f"{place}.json")
    with database.begin() as connection:
        connection.execute(
            text("delete from score where measurement_id = (select min(measurement_id::text) from score)::uuid")
        )
    assert figures(evaluator, f"{place}.json") == before
    live = figures(evaluator, f"{base}/analyse.json")
    assert live["head"]["data_digest"] != before["head"]["data_digest"]
    assert (live["head"]["live"], before["head"]["live"]) == (True, False)
    laid_down = page(evaluator, place)
    assert "Peildatum: ligt vast" in laid_down
    assert before["head"]["data_digest"] in laid_down
    assert place in page(evaluator, f"{base}/analyse")


def test_about_a_handful_of_people_every_outcome_keeps_its_place_and_is_not_told(
    scene: Scene, database: Engine, clock: Clock
) -> None:
    v.fill(scene, database, clock, people=8)
    client = v.browser(v.make_app(scene.services), scene.services, Role.COORDINATOR)
    shown = rows(page(client, f"/programmas/{scene.programme_id}/analyse"))
    told = {key: words for key, words in shown.items() if key.startswith(("change", "course", "above", "model"))}
    assert told
    for key, words in told.items():
        if not key.endswith((".valid", ".waiting")):
            assert words.startswith(("niet ", "nog niet ")), (key, words)
    assert shown["response.intervention.t0.enrolled"].startswith("8")
