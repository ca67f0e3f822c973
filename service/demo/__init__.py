"""A believable demonstration: three interventions, some two hundred people and a year, made only through use cases.

The history is played with a moved clock and channels that remember; the people who are asked live get their questions
from the real processes, on the pretend phone. Chance is seeded: the same start moment gives the same year.
"""

from __future__ import annotations

from service.demo.build import build_demo
from service.demo.cast import Demonstration, Login, Phone

__all__ = ["Demonstration", "Login", "Phone", "build_demo"]
