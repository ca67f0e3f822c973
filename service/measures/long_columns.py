"""The columns of the long file that are the same for every instrument, with what they mean (nl and en)."""

from __future__ import annotations

from service.measures.long_row import Variable

_WAVE = (
    Variable("pseudonym", "pseudoniem van de deelnemer", "pseudonym of the participant", "text"),
    Variable("intervention", "interventie", "intervention", "text"),
    Variable(
        "programme",
        "programma: één uitvoering van een interventie",
        "programme: one delivery of an intervention",
        "text",
    ),
    Variable(
        "arm",
        "groep waartoe de deelname hoort",
        "group to which the enrolment belongs",
        "code",
        (
            ("intervention", "interventie / intervention"),
            ("waiting_list", "wachtlijst / waiting list"),
            ("comparison", "vergelijkingsgroep / comparison group"),
        ),
    ),
    Variable("enrolled_on", "dag van aanmelding (plaatselijke datum)", "day of enrolment (local date)", "date"),
    Variable("wave", "meting", "wave", "text"),
    Variable("wave_position", "volgorde van de meting, vanaf 0", "position of the wave, from 0", "integer"),
    Variable("target_on", "dag waarop het protocol mikt (plaatselijk)", "day the protocol aims at (local)", "date"),
    Variable("opened_on", "dag waarop de meting openging (plaatselijk)", "day the window opened (local)", "date"),
    Variable(
        "closed_on",
        "dag waarop de meting sluit of sloot (plaatselijk)",
        "day the window closes or closed (local)",
        "date",
    ),
    Variable(
        "status",
        "wat er van de meting werd; ook een meting zonder antwoord heeft een rij; leeg als zij voor deze deelname niet "
        "gepland is, of nog niet",
        "what became of the measurement; one without an answer has a row too; empty when it is not planned for this "
        "enrolment, or not yet",
        "code",
        (
            ("scheduled", "gepland, nog niet open / scheduled, not open yet"),
            ("open", "open, nog geen antwoord / open, no answer yet"),
            ("partial", "deels ingevuld, geen hoofdscore / partly answered, no primary score"),
            ("complete", "hoofdscore binnen de termijn / primary score inside the window"),
            ("late", "hoofdscore na de termijn / primary score after the window"),
            ("missed", "gesloten zonder antwoord / closed without an answer"),
            ("excused", "niet gevraagd, met reden / not asked, with a reason"),
            ("cancelled", "vervallen / cancelled"),
        ),
    ),
    Variable(
        "status_reason",
        "reden bij de status, als die er is; not_shared: deze persoon deelt de antwoorden niet, zij staan hier niet in",
        "reason for the status, where there is one; not_shared: this person shares no answers, they are left out",
        "text",
    ),
    Variable(
        "mode",
        "hoe er het laatst geantwoord is; leeg zonder antwoord",
        "how the last answers were given; empty without an answer",
        "code",
        (
            ("sms", "sms / text message"),
            ("email", "e-mail / e-mail"),
            ("web", "persoonlijke webpagina / personal web page"),
            ("telephone", "telefoon / telephone"),
            ("face_to_face", "in een gesprek / face to face"),
            ("paper", "op papier / on paper"),
        ),
    ),
    Variable(
        "modes",
        "alle manieren waarop de antwoorden kwamen die tellen, met een plus ertussen; leeg zonder antwoord",
        "every way in which the answers that count came, joined by a plus; empty without an answer",
        "text",
    ),
    Variable(
        "assisted",
        "1 als een helper antwoorden van deze persoon opschreef, per telefoon of in een gesprek, anders 0",
        "1 when a helper wrote down answers of this person, by telephone or face to face, else 0",
        "integer",
        (("0", "nee / no"), ("1", "ja / yes")),
    ),
    Variable(
        "helper_delivers",
        "1 als die helper ook de begeleiding geeft, anders 0; leeg zonder helper",
        "1 when that helper also delivers the intervention, else 0; empty without a helper",
        "integer",
        (("0", "nee / no"), ("1", "ja / yes")),
    ),
    Variable("language", "taal van de vragenlijst (ISO 639-1)", "language of the questionnaire (ISO 639-1)", "text"),
    Variable("instrument", "vragenlijst", "instrument", "text"),
    Variable("instrument_version", "versie van de vragenlijst", "version of the instrument", "text"),
    Variable("answered_on", "dag van het laatste antwoord (plaatselijk)", "day of the last answer (local)", "date"),
)

SCORING = (
    Variable(
        "lower_bound",
        "1 als er een antwoord ontbreekt en één punt meer een andere klasse zou geven (ondergrens), anders 0",
        "1 when an answer is missing and one point more would give another band (a lower bound), else 0",
        "integer",
        (("0", "nee / no"), ("1", "ja / yes")),
    ),
    Variable("missing", "aantal vragen zonder antwoord", "number of items without an answer", "integer"),
    Variable("scoring_version", "versie van de scoreregels", "version of the scoring rules", "text"),
)


_YES_NO = (("0", "nee / no"), ("1", "ja / yes"))

#: What a reader needs to compute every figure again without the service.
_FIGURES = (
    Variable(
        "enrolment",
        "de hoeveelste deelname van deze persoon aan dit programma, vanaf 1",
        "which enrolment of this person in this programme, from 1",
        "integer",
    ),
    Variable("site", "plek waar het programma is", "site of the programme", "text"),
    Variable(
        "goal",
        "doel van de interventie",
        "goal of the intervention",
        "code",
        (
            ("reduce", "eenzaamheid verminderen / reduce loneliness"),
            ("stabilise", "stabiel houden / keep it stable"),
            ("prevent_onset", "voorkomen dat het ontstaat / prevent its onset"),
        ),
    ),
    Variable(
        "age_group",
        "leeftijd in het jaar van aanmelding, in groepen",
        "age in the year of enrolment, in groups",
        "code",
        (
            ("younger", "jonger dan 75 / under 75"),
            ("older", "75 of ouder / 75 or over"),
            ("unknown", "onbekend / unknown"),
        ),
    ),
    Variable(
        "received",
        "1 als de deelname echt begonnen is: er is opgeschreven dat de persoon erbij was, of in deze groep wordt dat "
        "niet bijgehouden en de deelname is niet geëindigd als nooit begonnen",
        "1 when taking part has really begun: the person was noted as present, or that is not noted in this arm and "
        "the enrolment did not end as never started",
        "integer",
        _YES_NO,
    ),
    Variable(
        "exit_kind",
        "hoe de deelname eindigde; leeg zolang zij duurt",
        "how the enrolment ended; empty while it lasts",
        "code",
        (
            ("completed", "afgerond / completed"),
            ("stopped", "gestopt / stopped"),
            ("moved", "verhuisd / moved"),
            ("ill", "ziek / ill"),
            ("deceased", "overleden / died"),
            ("referred_on", "doorverwezen / referred on"),
            ("no_contact", "geen contact meer / contact was lost"),
            ("never_started", "nooit begonnen / never started"),
            ("no_longer_needed", "niet meer nodig / no longer needed"),
        ),
    ),
    Variable("exited_on", "dag waarop de deelname eindigde", "day on which the enrolment ended", "date"),
    Variable(
        "planned_end_on",
        "laatste dag van het programma, als die vaststaat",
        "last day of the programme, where it is fixed",
        "date",
    ),
    Variable(
        "wave_number",
        "plaats van de meting in het protocol, vanaf 1; leeg als het protocol deze meting niet meer heeft",
        "place of the wave in the protocol, from 1; empty when the protocol does not have it any more",
        "integer",
    ),
    Variable(
        "wave_role",
        "waarvoor de meting dient: het verschil is dat tussen deze twee",
        "what the wave is for: the change is that between these two",
        "code",
        (
            ("baseline", "beginmeting / baseline"),
            ("primary", "meting waar de verandering over gaat / the wave the change is about"),
        ),
    ),
    Variable(
        "wave_days",
        "hoeveel dagen na haar beginpunt het protocol op de meting mikt (een maand is 30,4375 dagen)",
        "how many days after its anchor the protocol aims at the wave (a month is 30.4375 days)",
        "number",
    ),
    Variable("wave_title_nl", "naam van de meting in het Nederlands", "name of the wave in Dutch", "text"),
    Variable("wave_title_en", "naam van de meting in het Engels", "name of the wave in English", "text"),
    Variable(
        "outcome",
        "wat er van de meting werd, in de woorden van de cijfers; leeg als zij in geen cijfer telt: niet (meer) "
        "gepland, of niet meer in het protocol",
        "what became of the measurement, in the words of the figures; empty when it counts in none: not planned (any "
        "more), or not in the protocol any more",
        "code",
        (
            ("complete", "hoofdscore binnen de termijn / primary score inside the window"),
            ("late", "hoofdscore na de termijn / primary score after the window"),
            ("partial", "een antwoord, geen hoofdscore / an answer, no primary score"),
            ("no_reply", "gesloten zonder antwoord / closed without an answer"),
            ("refused", "wilde niet, of stopte tijdens de termijn / declined, or withdrew while it was open"),
            ("unreachable", "geen bericht kwam aan / no message arrived"),
            ("left", "overleden of gestopt voor de meting / died or withdrew before it"),
            ("pending", "de termijn is nog niet voorbij / the window is not over yet"),
        ),
    ),
    Variable(
        "reach",
        "hoe ver de meting bij deze persoon kwam; elke stap is na de vorige",
        "how far the wave came with this person; each step is after the one before",
        "code",
        (
            ("not_invited", "niet uitgenodigd / not invited"),
            ("invited", "er ging een bericht uit / a message was sent"),
            ("delivered", "het kwam aan, voor zover bekend / it arrived, as far as is known"),
            ("started", "er kwam een antwoord / an answer came"),
        ),
    ),
    Variable(
        "in_course",
        "1 als de score op dit moment meetelt in het gemiddelde van haar meting: cijfers bewegen in stappen van tien",
        "1 when the score counts at this moment in the mean of its wave: figures move in steps of ten",
        "integer",
        _YES_NO,
    ),
    Variable(
        "in_change",
        "1 bij de twee metingen waarvan het verschil op dit moment meetelt in de verandering",
        "1 at the two measurements whose difference counts at this moment in the change",
        "integer",
        _YES_NO,
    ),
    Variable(
        "as_of",
        "moment van de gegevens (UTC); in elke rij hetzelfde",
        "moment of the data (UTC); the same in every row",
        "datetime",
    ),
)

#: Every column about the enrolment and the wave, in their order; those about the answers come after them.
ROW = (*_WAVE, *_FIGURES)

#: The names that no score of an instrument may have: their columns would be one.
COLUMNS = frozenset(variable.name for variable in (*ROW, *SCORING)) | {"band", "cutoff_set"}
