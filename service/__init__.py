"""Peil: follows participants of interventions against loneliness over time."""

__version__ = "0.1.0"
