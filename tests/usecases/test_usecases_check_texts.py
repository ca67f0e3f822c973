"""A questionnaire that is in use keeps its words; another text is another version."""

from __future__ import annotations

from dataclasses import replace

from service.usecases.check_texts import check_texts
from service.usecases.enrol_participant import enrol_participant
from service.usecases.services import Services
from tests.usecases.scene import make_scene


def reworded(services: Services, text_hash: str = "other words", version: str = "") -> Services:
    djg6 = services.instruments["djg6"]
    changed = replace(djg6, text_hash=text_hash, version=version or djg6.version)
    return replace(services, instruments={**services.instruments, "djg6": changed})


def test_words_that_change_under_the_same_version_are_noticed_until_they_are_put_back(services: Services) -> None:
    scene = make_scene(services)
    enrol_participant(services, scene.coordinator, scene.form())
    assert check_texts(services) == ()
    named = (f"djg6 {services.instruments['djg6'].version}",)
    assert check_texts(reworded(services)) == named
    assert check_texts(reworded(services)) == named  # saying it once does not settle it
    assert check_texts(services) == ()


def test_another_version_is_another_text(services: Services) -> None:
    scene = make_scene(services)
    enrol_participant(services, scene.coordinator, scene.form())
    assert check_texts(services) == ()
    assert check_texts(reworded(services, version="2")) == ()
    assert check_texts(services) == ()


def test_before_it_is_used_a_questionnaire_may_be_reworded(services: Services) -> None:
    make_scene(services)
    assert check_texts(services) == ()
    assert check_texts(reworded(services)) == ()
