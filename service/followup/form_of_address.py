"""How somebody is addressed: "u", unless the person would rather be called "je". In Dutch it decides the words."""

from __future__ import annotations

FORMAL = "u"
INFORMAL = "je"
FORMS = (FORMAL, INFORMAL)
