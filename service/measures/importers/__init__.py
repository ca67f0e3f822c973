"""Questionnaires of other programs (REDCap, XLSForm, formr) -> a draft in Peil's own form, and what is not in it."""
