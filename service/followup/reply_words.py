"""The words people send back, as data. Everything here is compared after `plain_words` has normalised both sides."""

from __future__ import annotations

import re
import unicodedata


def plain_words(text: str) -> str:
    """Small letters without accents, ASCII digits, and single spaces for everything that is no letter or digit."""
    spread = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    return " ".join("".join(_plain_letter(letter) for letter in spread).split())


def _plain_letter(letter: str) -> str:
    kind = unicodedata.category(letter)
    if kind == "Nd":
        return str(unicodedata.digit(letter))
    if kind.startswith("L"):
        return letter
    return "" if kind.startswith("M") or kind == "Cf" else " "


def _set(words: str) -> frozenset[str]:
    """The lines and comma-separated phrases of a text, normalised."""
    return frozenset(filter(None, (plain_words(phrase) for phrase in re.split(r"[,\n]", words))))


#: Exact opt-out words: the whole reply, and nothing else in it. Compared without spaces, so that "S T O P" stops too.
STOP = frozenset(
    phrase.replace(" ", "")
    for phrase in _set("""
stop, stoppen, gestopt, stop nu, stop aub, stop a.u.b., stop svp, stop alstublieft, stop alsjeblieft, stop er mee
stop ermee, stop maar, stop hiermee, stop stop, stop stop stop, aub stoppen, aub stop, alstublieft stoppen
stoppen aub, stoppen alstublieft, stoppen graag, graag stoppen, stop dit, stop hier mee, ik stop, ik stop ermee
ik wil stoppen, wil stoppen, ik wil graag stoppen, wij stoppen, stop sms, sms stop, stop berichten
stop met berichten, stop met sms, stop met sms'en, stop met sturen, stop met appen, stop de berichten
geen berichten meer, geen sms meer, geen smsjes meer, geen berichtjes meer, geen bericht meer
geen berichten meer aub, geen sms meer aub, ik wil geen berichten meer, ik wil geen sms meer
ik wil geen berichten meer ontvangen, ik wil geen berichtjes meer, ik hoef geen berichten meer
wil geen berichten meer, stuur geen berichten meer, stuur mij geen berichten meer, stuur me geen berichten meer
niet meer sturen, niets meer sturen, niks meer sturen, stuur niets meer, stuur niks meer
uit, uitschrijven, schrijf mij uit, schrijf me uit, ik wil me uitschrijven, uitzetten, afzeggen berichten
opzeggen, annuleren, annuleer, einde
unsubscribe, stopall, stop all, end, cancel, quit, revoke, optout, opt out, stop please, please stop, stop it
stop messages, no more messages, no more texts, stop texting, stop texting me, remove me
""")
)

#: "Afmelden" is what one does with a club and with an afternoon alike: we ask which of the two is meant.
SIGN_OFF = _set("""
afmelden, afmelding, afgemeld, meld mij af, meld me af, ik meld me af, ik meld mij af, ik wil me afmelden
ik wil mij afmelden, wil me afmelden, graag afmelden, afmelden graag, afmelden aub, meld mij af aub, meld me af aub
ik wil me graag afmelden
""")
#: Who wants to see or change what they get: the answer is the link of their own page.
OWN_PAGE = _set("""
mijn, mijn deelname, mijn gegevens, mijn pagina, mijn eigen pagina, eigen pagina, gegevens, mijn berichten
mijn deelname aub, mijn gegevens aub, gegevens aub, mijn gegevens graag, mijn deelname graag, my data, my page, mine
""")
NOT_COMING = _set("""
kom niet, ik kom niet, wij komen niet, kan niet komen, ik kan niet komen, kan niet, ik kan niet, kom morgen niet
ik kom morgen niet, kom vandaag niet, ik kom vandaag niet, ik kan morgen niet, ik kan vandaag niet, kan morgen niet
kan vandaag niet, kom deze week niet, ik kom deze week niet, ik kan deze week niet, ik kan er niet bij zijn
ben er niet, ik ben er niet, ik ben er morgen niet, ik ben er vandaag niet, niet komen, not coming, i am not coming
i cannot come, i can't come
""")
#: Names the messages: the same with a question open or without one.
FEWER_MESSAGES = _set("""
minder berichten, minder sms, minder smsjes, minder sms'jes, minder sms'en, minder berichtjes, minder vaak berichten
minder vaak een bericht, minder vaak een berichtje, minder vaak sms, minder vaak sms'en, minder vaak smsen
te veel berichten, teveel berichten, veel te veel berichten, te veel berichtjes, teveel berichtjes, te veel sms
teveel sms, te veel sms'jes, teveel smsjes, te veel smsjes, graag minder berichten, minder berichten graag
minder berichten aub, ik wil minder berichten, ik wil graag minder berichten, wat minder berichten
wat minder berichten graag, iets minder berichten, minder berichten sturen, stuur minder berichten
stuur me minder berichten, het zijn te veel berichten, ik krijg te veel berichten, jullie sturen te veel berichten
u stuurt te veel berichten, fewer messages, less messages, too many messages, fewer texts, too many texts
""")
#: Only without a question: "minder vaak" may be somebody's answer to one.
LESS_OFTEN = _set("""
minder, minder vaak, wat minder, wat minder vaak, iets minder, iets minder vaak, graag minder, graag minder vaak
minder vaak graag, minder aub, minder vaak aub, kan het minder, kan het wat minder, kan het minder vaak
kan het wat minder vaak, niet zo vaak, niet zo vaak aub, less often, less
""")
UNDO = _set("""
fout, foutje, sorry fout, fout sorry, dat was fout, het was fout, vergissing, vergist, ik heb me vergist
ik heb mij vergist, ik vergis me, me vergist, verkeerd, verkeerd antwoord, fout antwoord, verkeerde antwoord
dat was verkeerd, verkeerd getypt, oeps, oeps fout, oeps verkeerd, terug, vorige, vorige vraag, terug aub
ongedaan maken, herstel, undo, oops, wrong, mistake, wrong answer, typefout, tikfout
""")
START = _set("start, starten, start aub, start graag, opnieuw starten, weer starten, unstop, aanmelden, weer meedoen")
HELP = _set("hulp, help, info, hulp aub, help aub, informatie, uitleg, hulp graag, hulp?, help?, menu")
LATER = _set("""
later, later aub, later graag, liever later, even later, iets later, later vandaag, later dan, straks, straks graag
nu niet, niet nu, nu even niet, even niet, even wachten, wacht even, wachten, morgen, morgen graag
liever morgen, vanavond, vanmiddag, geen tijd nu, nu geen tijd, geen tijd, ik heb nu geen tijd, later misschien
ander moment, op een ander moment, not now, maybe later, later please
""")
CALL = _set("""
bel, bel me, bel mij, bel aub, bel mij aub, bel me aub, bellen, bellen aub, bel maar, bel mij maar, bel me maar
graag bellen, liever bellen, bel graag, bel terug, bel me terug, terugbellen, graag terugbellen, kunt u bellen
kunt u mij bellen, kunt u me bellen, wilt u bellen, wilt u mij bellen, wilt u me bellen, kun je bellen
kun je me bellen, kun je mij bellen, kan iemand mij bellen, ik wil bellen, ik word liever gebeld, ik wil gebeld worden
call, call me, please call, please call me
""")
YES = _set("""
ja, jaa, ja hoor, jahoor, jazeker, ja zeker, jawel, ja graag, graag, ja dat mag, dat mag, mag, mag wel, ja mag
ja dat is goed, ja is goed, dat is goed, is goed, goed, prima, ja prima, ja goed, ok, oke, okee, okay, ja ok, ja oke
ja okee, dat is ok, dat is oke, akkoord, natuurlijk, ja natuurlijk, tuurlijk, jep, yep, j, y, ja doe maar, doe maar
ja u mag, yes, yes please, yeah, sure, ja dank u, ja bedankt, ja aub, toe maar, ja prima hoor, kom maar op
""")
NO = _set("""
nee, neen, neee, nee hoor, neehoor, nee dank u, nee dank u wel, nee bedankt, nee dankje, nee dank je, nee dank je wel
nee liever niet, liever niet, nee niet nodig, niet nodig, nope, n, no, no thanks, no thank you, nee joh, geen zin
nee geen zin, ik wil niet meedoen, ik doe niet mee, nee ik doe niet mee, niet meedoen, geen interesse
nee geen interesse, nee sorry
""")
#: What means "ja" or "nee" when a question with those answers is open. Narrower than YES and NO: "goed" is no answer.
YES_AS_ANSWER = _set("ja, jaa, ja hoor, jahoor, jazeker, ja zeker, jawel, jep, yep, j, y, yes, yeah, ja zeker wel")
NO_AS_ANSWER = _set("nee, neen, nee hoor, neehoor, nope, n, no, nee joh, zeker niet, nee zeker niet, nee nee")
MORE_OR_LESS = _set("min of meer, minofmeer, meer of min, min meer, meer of minder, min of meer hoor, more or less")
NO_ANSWER_WORDS = _set("""
weet niet, weet ik niet, ik weet niet, ik weet het niet, weet het niet, weet ik het niet, kweetniet, geen idee
weet ik eigenlijk niet, zou ik niet weten, geen antwoord, zeg ik niet, zeg ik liever niet, dat zeg ik liever niet
dat zeg ik niet, liever niet, wil ik niet zeggen, wil ik liever niet zeggen, dat wil ik niet zeggen, zeg liever niet
liever geen antwoord, ik geef geen antwoord, geen mening, sla over, overslaan, overgeslagen, sla deze over, volgende
sla deze vraag over, volgende vraag, skip, skip it, next, dont know, don't know, i don't know, i dont know, no answer
no idea, n.v.t., nvt, niet van toepassing, geen commentaar
""")
WRONG_NUMBER = tuple(
    plain_words(phrase)
    for phrase in (
        "verkeerd nummer", "verkeerde nummer", "verkeert nummer", "verkeerde persoon", "verkeerd persoon",
        "fout nummer", "foute nummer", "foutief nummer", "verkeerd verbonden", "nummer is verkeerd",
        "nummer klopt niet", "wrong number", "wrong person", "niet mijn nummer", "u heeft de verkeerde",
        "je hebt de verkeerde",
    )
)  # fmt: skip

#: Number words, for the place of the option. "Een" is also an article: it counts only when nothing else is said.
NUMBERS = {
    "een": 1, "eentje": 1, "one": 1, "twee": 2, "two": 2, "drie": 3, "three": 3, "vier": 4, "four": 4, "vijf": 5,
    "five": 5, "zes": 6, "six": 6, "zeven": 7, "seven": 7, "acht": 8, "eight": 8, "negen": 9, "nine": 9, "tien": 10,
}  # fmt: skip
#: Words around an answer that change nothing about it.
FILLERS = _set("""
eh, ehh, uh, uhh, uhm, ehm, euh, hm, hmm, mm, nou, tja, ach, oh, o, ah, zo, dus, dan, denk, ik, dat, is, het, t, wordt
hoor, antwoord, antwoordt, mijn, mn, nummer, nr, optie, keuze, keus, kies, cijfer, aub, alstublieft, alsjeblieft, svp
dank, u, wel, je, bedankt, groet, groetjes, groeten, mvg, graag, toch, maar, gewoon, doe, think, i, answer, number
option, please, thanks, ja, its
""") - _set("ja")  # fmt: skip
#: Words of near-answers and of politeness: nothing is told in them, and a short question back hurts nobody.
NEAR = FILLERS | _set("""
ja, jaa, jawel, nee, neen, yes, no, j, n, y, of, en, or, and, tot, tussen, a, b, c, d, e, x, niet, geen, wel, beetje
klein, bijna, soms, vaak, meestal, altijd, nooit, ooit, misschien, ongeveer, zelden, weleens, eens, af, toe, min, meer
minder, meestal, best, heel, erg, veel, weinig, redelijk, helemaal, zeker, allebei, beide, beiden, alle, allemaal
hangt, ervan, er, van, van af, vanaf, ligt, eraan, aan, gaat, wisselend, wisselt, weet, goed, prima, ok, oke, okee
okay, mee, oneens, eens, klopt, juist, waar, onwaar, some, sometimes, often, never, always, maybe, bit, little
not, fijne, fijn, dag, avond, weekend, gedaan, mooi, top, super, leuk, hoi, hallo, hi, dankjewel, dankuwel, thank, you
mag, graag gedaan, die, deze, ene, eerste, tweede, derde, laatste, beste, ander, andere, anders, ook, nog, wat
de, het, haha, hihi, lol
""")  # fmt: skip
#: Short words that tell something all the same: a human reads them.
TELLING = _set(
    "moe, pijn, rot, rouw, dood, bang, ziek, eng, kut, val, mis, nood, au, huil, boos, oud, arm, leeg, alleen"
)
