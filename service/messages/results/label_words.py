"""The names of single figures, both languages side by side: tables and charts stand them beside the value."""

from __future__ import annotations

from collections.abc import Mapping

from service.messages.results.words import Both

#: The keys of figures and curves. A word in braces stands for one part of a key ({value} for one or more) and, in the
#: label, for the name of that part.
LABELS: Mapping[str, Both] = {
    "response.{arm}.{wave}.enrolled": Both("{wave}: gepland voor", "{wave}: planned for"),
    "response.{arm}.{wave}.closed": Both("{wave}: antwoordperiode voorbij", "{wave}: time to answer over"),
    "response.{arm}.{wave}.invited": Both("{wave}: uitgenodigd", "{wave}: invited"),
    "response.{arm}.{wave}.delivered": Both("{wave}: bericht aangekomen", "{wave}: message arrived"),
    "response.{arm}.{wave}.started": Both("{wave}: begonnen", "{wave}: started"),
    "response.{arm}.{wave}.complete": Both("{wave}: geldige score", "{wave}: valid score"),
    "response.{arm}.{wave}.late": Both("{wave}: daarvan te laat", "{wave}: late among these"),
    "response.{arm}.{wave}.partial": Both("{wave}: onvolledig", "{wave}: incomplete"),
    "response.{arm}.{wave}.refused": Both("{wave}: wilde niet", "{wave}: did not want to"),
    "response.{arm}.{wave}.bounced": Both("{wave}: niet bereikt", "{wave}: not reached"),
    "response.{arm}.{wave}.no_reply": Both("{wave}: geen antwoord", "{wave}: no answer"),
    "response.{arm}.{wave}.pending": Both("{wave}: loopt nog", "{wave}: still open"),
    "response.{arm}.{wave}.open": Both("{wave}: nu open", "{wave}: open now"),
    "response.{arm}.{wave}.open_answered": Both("{wave}: nu open en al geldig", "{wave}: open now and already valid"),
    "response.{arm}.{wave}.left": Both("{wave}: overleden of teruggetrokken", "{wave}: died or withdrew"),
    "response.{arm}.{wave}.rr1": Both("{wave}: respons, geldige score (RR1)", "{wave}: response, valid score (RR1)"),
    "response.{arm}.{wave}.rr2": Both(
        "{wave}: respons, ook onvolledig (RR2)", "{wave}: response, also incomplete (RR2)"
    ),
    "response.{arm}.{wave}.coop1": Both(
        "{wave}: geldige score van wie reageerde (COOP1)", "{wave}: valid score of who reacted (COOP1)"
    ),
    "response.{arm}.{wave}.ref1": Both("{wave}: weigering (REF1)", "{wave}: refusal (REF1)"),
    "response.{arm}.{wave}.cumulative": Both("{wave}: respons van iedereen", "{wave}: response of everybody"),
    "response.{arm}.{wave}.conditional": Both(
        "{wave}: respons van wie de vorige keer antwoordde", "{wave}: response of who answered the time before"
    ),
    "response.{arm}.paired": Both("Twee metingen", "Two measurements"),
    "flow.{arm}.enrolled": Both("Ingeschreven", "Enrolled"),
    "flow.{arm}.received": Both("Begonnen", "Begun"),
    "flow.{arm}.not_received": Both("Niet begonnen", "Not begun"),
    "flow.{arm}.analysed": Both("In de verandering", "In the change"),
    "flow.{arm}.exit.still_there": Both("Doet nog mee", "Still takes part"),
    "flow.{arm}.exit.completed": Both("Rondde af", "Completed it"),
    "flow.{arm}.exit.stopped": Both("Stopte", "Stopped"),
    "flow.{arm}.exit.moved": Both("Verhuisde", "Moved house"),
    "flow.{arm}.exit.ill": Both("Werd ziek", "Fell ill"),
    "flow.{arm}.exit.deceased": Both("Overleed", "Died"),
    "flow.{arm}.exit.referred_on": Both("Doorverwezen", "Referred on"),
    "flow.{arm}.exit.no_contact": Both("Geen contact meer", "Contact was lost"),
    "flow.{arm}.exit.never_started": Both("Begon nooit", "Never started"),
    "flow.{arm}.exit.no_longer_needed": Both("Had het niet meer nodig", "No longer needed it"),
    "flow.{arm}.left_out.pending": Both(
        "Niet in de verandering: antwoordperiode loopt nog", "Not in the change: time to answer still runs"
    ),
    "flow.{arm}.left_out.left": Both(
        "Niet in de verandering: overleden of teruggetrokken", "Not in the change: died or withdrew"
    ),
    "flow.{arm}.left_out.no_baseline": Both(
        "Niet in de verandering: geen geldige eerste meting", "Not in the change: no valid first measurement"
    ),
    "flow.{arm}.left_out.no_follow_up": Both(
        "Niet in de verandering: geen geldige latere meting", "Not in the change: no valid later measurement"
    ),
    "leaving.{arm}.followed": Both("Gevolgd in het programma", "Followed in the programme"),
    "leaving.{arm}.not_followed.never_started": Both("Niet gevolgd: begon nooit", "Not followed: never started"),
    "leaving.{arm}.not_followed.started_later": Both(
        "Niet gevolgd: begint na de peildatum", "Not followed: starts after the reference date"
    ),
    "leaving.{arm}.not_followed.exit_undated": Both(
        "Niet gevolgd: datum van stoppen onbekend", "Not followed: date of leaving unknown"
    ),
    "leaving.{arm}.not_followed.dates_contradict": Both(
        "Niet gevolgd: datums spreken elkaar tegen", "Not followed: dates contradict each other"
    ),
    "leaving.{arm}.median": Both("Tijd tot de helft gestopt is", "Time until half have stopped"),
    "leaving.{arm}.staying.{days}": Both("Doet nog mee na {days} dagen", "Still takes part after {days} days"),
    "leaving.{arm}.drop_out": Both("Doet nog mee", "Still takes part"),
    "leaving.{arm}.dropped_out": Both("Gestopt", "Stopped"),
    "leaving.{arm}.died": Both("Overleden", "Died"),
    "leaving.{arm}.moved": Both("Verhuisd", "Moved house"),
    "leaving.{arm}.no_longer_needed": Both("Niet meer nodig", "No longer needed"),
    "leaving.{arm}.other": Both("Andere reden", "Another reason"),
    "leaving.log_rank.{one}.{other}": Both(
        "Tempo van stoppen, {one} en {other} (log-ranktoets)", "Pace of stopping, {one} and {other} (log-rank test)"
    ),
    "course.{arm}.{wave}.mean": Both("{wave}: gemiddelde score", "{wave}: average score"),
    "course.{arm}.{wave}.valid": Both("{wave}: geldige scores", "{wave}: valid scores"),
    "course.{arm}.{wave}.waiting": Both(
        "{wave}: scores die nog niet meetellen", "{wave}: scores that do not count yet"
    ),
    "change.{arm}.difference": Both("Verandering", "Change"),
    "change.{arm}.t": Both("Verandering: t-toets", "Change: t test"),
    "change.{arm}.p": Both("Verandering: p van de t-toets", "Change: p of the t test"),
    "change.{arm}.permutation": Both("Verandering: p van de permutatietoets", "Change: p of the permutation test"),
    "change.{arm}.d_av": Both(
        "Grootte van de verandering, gemiddelde spreiding (d_av)", "Size of the change, average spread (d_av)"
    ),
    "change.{arm}.d_z": Both(
        "Grootte van de verandering, spreiding van veranderingen (d_z)", "Size of the change, spread of changes (d_z)"
    ),
    "change.{arm}.g_av": Both(
        "Grootte van de verandering, gecorrigeerd (g_av)", "Size of the change, corrected (g_av)"
    ),
    "change.{arm}.g_z": Both("Grootte van de verandering, gecorrigeerd (g_z)", "Size of the change, corrected (g_z)"),
    "change.{arm}.before": Both("Gemiddelde eerst, van wie twee metingen heeft", "Average before, of who has both"),
    "change.{arm}.after": Both("Gemiddelde later, van wie twee metingen heeft", "Average after, of who has both"),
    "change.{arm}.score.{score}": Both("Verandering: {score}", "Change: {score}"),
    "model.{arm}.{wave}.mean": Both("{wave}: gemiddelde volgens het model", "{wave}: average by the model"),
    "model.{arm}.{wave}.change": Both("{wave}: verandering volgens het model", "{wave}: change by the model"),
    "model.{arm}.joint": Both("Alle meetmomenten samen (F-toets)", "All waves together (F test)"),
    "contrast.{one}.{other}.model": Both(
        "Verschil tussen {one} en {other}: model", "Difference of {one} and {other}: model"
    ),
    "contrast.{one}.{other}.did": Both(
        "Verschil tussen {one} en {other}: twee metingen", "Difference of {one} and {other}: two measurements"
    ),
    "contrast.{one}.{other}.ancova": Both(
        "Verschil tussen {one} en {other}: gelijke eerste score",
        "Difference of {one} and {other}: same first score",
    ),
    "band.{arm}.{wave}.{band}": Both("{wave}: {band}", "{wave}: {band}"),
    "above.{arm}.{band}.wave.{wave}": Both("{wave}: {band} of ongunstiger", "{wave}: {band} or worse"),
    "above.{arm}.{band}.before": Both("Eerst {band} of ongunstiger", "First {band} or worse"),
    "above.{arm}.{band}.after": Both("Later {band} of ongunstiger", "Later {band} or worse"),
    "above.{arm}.{band}.entered": Both("Kwam bij {band} of ongunstiger", "Came into {band} or worse"),
    "above.{arm}.{band}.left": Both("Ging weg uit {band} of ongunstiger", "Went out of {band} or worse"),
    "above.{arm}.{band}.p": Both(
        "Eerst en later {band} of ongunstiger (toets van McNemar)", "First and later {band} or worse (McNemar’s test)"
    ),
    "transition.{arm}.lower": Both("Naar een groep met lagere scores", "To a group with lower scores"),
    "transition.{arm}.same": Both("In dezelfde groep", "In the same group"),
    "transition.{arm}.higher": Both("Naar een groep met hogere scores", "To a group with higher scores"),
    "transition.{arm}.from.{band}.to.{to}": Both("Van {band} naar {to}", "From {band} to {to}"),
    "reliable.{arm}.critical": Both("Grens van betrouwbare verandering", "Limit of reliable change"),
    "reliable.{arm}.recovered": Both(
        "Betrouwbaar beter, over de grens van een groep", "Reliably better, across the edge of a group"
    ),
    "reliable.{arm}.improved": Both("Betrouwbaar beter", "Reliably better"),
    "reliable.{arm}.unchanged": Both("Niet betrouwbaar veranderd", "Not reliably changed"),
    "reliable.{arm}.deteriorated": Both("Betrouwbaar slechter", "Reliably worse"),
    "reliable.{arm}.eligible": Both("Ruimte om betrouwbaar beter te worden", "Room to get reliably better"),
    "equivalence.{arm}.difference": Both("Verandering tegenover de marge", "Change against the margin"),
    "regression.{arm}.expected": Both("Verwachte verandering vanzelf", "Change expected by itself"),
    "subgroup.{arm}.{by}.{value}.difference": Both("Verandering, {by}: {value}", "Change, {by}: {value}"),
    "clusters.{arm}.difference": Both(
        "Verandering, met plekken die op elkaar lijken", "Change, with sites that are alike"
    ),
    "attrition.{arm}.stayed": Both("Met een latere meting", "With a later measurement"),
    "attrition.{arm}.dropped": Both("Zonder latere meting", "Without a later measurement"),
    "attrition.{arm}.{covariate}.stayed": Both("{covariate}: wie bleef", "{covariate}: who stayed"),
    "attrition.{arm}.{covariate}.dropped": Both(
        "{covariate}: wie geen latere meting heeft", "{covariate}: who has no later measurement"
    ),
    "attrition.{arm}.{covariate}.smd": Both(
        "{covariate}: verschil in standaardafwijkingen", "{covariate}: difference in standard deviations"
    ),
    "attrition.{arm}.{covariate}.odds": Both(
        "{covariate}: odds ratio van geen latere meting", "{covariate}: odds ratio of no later measurement"
    ),
    "sensitivity.{arm}.completers": Both(
        "Verandering van wie beide metingen heeft", "Change of who has both measurements"
    ),
    "sensitivity.{arm}.delta.0": Both(
        "Verandering met een schatting voor wie geen latere meting heeft",
        "Change with an estimate for who has no later measurement",
    ),
    "sensitivity.{arm}.delta.half": Both(
        "Verandering als wie geen latere meting heeft een half punt slechter scoort",
        "Change if who has no later measurement scored half a point worse",
    ),
    "sensitivity.{arm}.delta.1": Both(
        "Verandering als wie geen latere meting heeft één punt slechter scoort",
        "Change if who has no later measurement scored one point worse",
    ),
    "sensitivity.{arm}.tipping": Both(
        "Punten waarbij de verandering niet meer is aangetoond", "Points at which change is no longer shown"
    ),
    "sensitivity.{arm}.no_change": Both(
        "Punten waarbij er geen verandering overblijft", "Points at which no change is left"
    ),
    "sensitivity.{arm}.same_mode": Both(
        "Verandering van wie twee keer gelijk antwoordde", "Change of who answered in the same way twice"
    ),
    "sensitivity.{arm}.no_helper": Both(
        "Verandering zonder hulp van iemand uit het programma", "Change without help of somebody of the programme"
    ),
    "sensitivity.{arm}.common_items": Both(
        "Verandering op de vragen die twee keer beantwoord zijn", "Change on the questions answered twice"
    ),
    "quality.{arm}.{wave}.on_time": Both("{wave}: op tijd geantwoord", "{wave}: answered in time"),
    "quality.{arm}.{wave}.straight": Both("{wave}: overal hetzelfde antwoord", "{wave}: the same answer everywhere"),
    "quality.{arm}.{wave}.item.{item}": Both("{wave}, vraag {item}", "{wave}, question {item}"),
    "quality.{arm}.{wave}.{score}.alpha": Both(
        "{wave}: samenhang van {score} (alfa)", "{wave}: {score}, hanging together (alpha)"
    ),
    "quality.{arm}.{wave}.{score}.h": Both(
        "{wave}: schaalbaarheid van {score} (H)", "{wave}: {score}, scalability (H)"
    ),
    "quality.{arm}.item.{item}.drift": Both("Verandering bij vraag {item}", "Change for question {item}"),
    "like.{arm}.instrument": Both("Andere vragenlijst", "Another questionnaire"),
    "like.{arm}.version": Both("Andere versie", "Another version"),
    "like.{arm}.language": Both("Andere taal", "Another language"),
    "like.{arm}.mode": Both("Andere manier van antwoorden", "Another way of answering"),
    "like.{arm}.helper_delivers": Both("Hulp van iemand uit het programma", "Help of somebody of the programme"),
}

ARMS: Mapping[str, Both] = {
    "intervention": Both("deelnemers", "participants"),
    "waiting_list": Both("wachtlijst", "waiting list"),
    "comparison": Both("vergelijkingsgroep", "comparison group"),
}
COVARIATES: Mapping[str, Both] = {
    "score": Both("Eerste score", "First score"),
    "older": Both("75 of ouder", "75 or older"),
    "sms": Both("Begonnen per sms", "Began by SMS"),
}
SUBGROUPS: Mapping[str, Both] = {
    "age": Both("leeftijd", "age"),
    "language": Both("taal", "language"),
    "mode": Both("manier van antwoorden", "way of answering"),
    "cluster": Both("plek", "site"),
}
VALUES: Mapping[tuple[str, str], Both] = {
    ("age", "younger"): Both("jonger dan 75", "under 75"),
    ("age", "older"): Both("75 of ouder", "75 or older"),
    ("mode", "sms"): Both("per sms", "by SMS"),
    ("mode", "web"): Both("op een webpagina", "on a web page"),
    ("mode", "email"): Both("per e-mail", "by e-mail"),
    ("mode", "telephone"): Both("aan de telefoon", "by telephone"),
    ("mode", "face_to_face"): Both("in een gesprek", "face to face"),
    ("mode", "paper"): Both("op papier", "on paper"),
}
UNKNOWN = Both("onbekend", "unknown")
