"""The words for days, weeks, months and years in five languages, as parts and templates of regular expressions.

A template's tokens stand for groups: <MONTH>, <MON> (also abbreviated), <WEEKDAY>, <UNIT> (a week or longer), <EACH> (also a
day), <UNITS> (after a number), <WHICH> (last, this or next), <N> (a number), <D> (a day's number), <Y> (a year beside a month)
and <YEAR> (a year alone). `date_periods` makes them so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, eq=False)  # two are never alike; forms are kept by the very one
class DateWords:
    """The vocabulary of one language. Words of questions tell which language a question is in.

    `which` has the words for last, this and next, `near` those for days by their distance from today, `bounds` those for before,
    since, until and after. `units` holds, by unit, its singular and what stands after a number.
    """

    question_words: frozenset[str]
    months: Sequence[str]
    abbreviated_months: Sequence[str]
    weekdays: Sequence[str]
    numbers: Mapping[str, int]
    units: Mapping[str, tuple[str, str]]
    which: Mapping[str, str]
    days: Sequence[str]  # templates from here on
    months_of_years: Sequence[str]
    months_alone: Sequence[str]
    up_to_now: Sequence[str]
    calendar: Sequence[str]
    ago: Sequence[str]
    weekdays_alone: Sequence[str]
    years: Sequence[str]
    near: Mapping[int, str]
    recently: str
    ahead: str  # words of a question about what is to come
    ordinal: str  # behind the number of a day
    bounds: Mapping[str, str]
    between: str
    and_: str
    from_: str
    to: str
    article: str  # may stand between a word for a bound and what it bounds
    halves: tuple[str, str]
    quarters: tuple[str, str, str, str]
    half_of: str
    quarter_of: str
    whole_year: str = field(default="")  # "the year" in "the first half of the year"


_EN_NUMBERS = {"a": 1, "an": 1, "one": 1, "two": 2, "couple of": 2, "three": 3, "few": 3, "four": 4, "five": 5, "six": 6}
_EN_NUMBERS |= {"seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12}
_EN_ORDINAL = "(?:st|nd|rd|th)?"
_EN_MONTHS = "january february march april may june july august september october november december".split()

ENGLISH = DateWords(
    question_words=frozenset(
        "what who whom whose when where which how why the did does do is are was were of and has have had will in on to by a an "
        "for with from before after between there their his her its at as".split()
    ),
    months=_EN_MONTHS,
    abbreviated_months=[rf"{name}|{'sept?' if name == 'september' else name[:3]}\.?" for name in _EN_MONTHS],
    weekdays="monday tuesday wednesday thursday friday saturday sunday".split(),
    numbers=_EN_NUMBERS,
    units={name: (name, f"{name}s?") for name in ("day", "weekend", "week", "month", "year")},
    which={"last": "last|past|previous", "this": "this", "next": "next"},
    days=(
        f"(?:on )?<MON> <D>{_EN_ORDINAL}(?:,? <Y>)?",
        f"(?:on )?(?:the )?<D>{_EN_ORDINAL} (?:of )?<MON>(?:,? <Y>)?",
    ),
    months_of_years=("(?:in |during )?(?:early |mid-|late )?<MON>,?(?: of)? <Y>",),
    months_alone=("(?:in |during |by |of |early |late )(?:early |mid-|late )?(?:<WHICH> )?<MONTH>", "<WHICH> <MONTH>"),
    up_to_now=(
        "(?:in |over |during |for |within )?(?:the )?(?:last|past|previous) (?:a )?<N> <UNITS>",
        "(?:in |over |during |for |within )?(?:(?:the|this) past|the last) (?!weekend)<EACH>",
    ),
    calendar=("(?:earlier |later |early |late |of )?(?:the )?<WHICH>(?: past)? <UNIT>",),
    ago=("(?:a )?<N> <UNITS> ago",),
    weekdays_alone=("(?:on )?(?:<WHICH> )?<WEEKDAY>",),
    years=("(?:in |during |of |by )?<YEAR>",),
    near={
        -2: "(?:the )?day before yesterday",
        -1: "yesterday|last night",
        0: "today|tonight|this (?:morning|afternoon|evening)",
        2: "(?:the )?day after tomorrow",
        1: "(?:on )?tomorrow",
    },
    recently="recently|(?:the )?(?:latest|most recent)|current(?:ly)?|now|nowadays|these days|at the moment|at present"
    "|in recent (?:days|weeks|months)",
    ahead="will|going to|set to|upcoming|expected|scheduled|planned",
    ordinal=_EN_ORDINAL,
    bounds={
        "before": "before|prior to|earlier than",
        "since": "(?:ever )?since",
        "until": "until|till|up to|through",
        "after": "after|later than",
    },
    between="(?:in )?between",
    and_="and",
    from_="from",
    to="to|until|till|through",
    article="the (?:beginning|start|end)(?: of)?(?: the)?",
    halves=("first|1st", "second|2nd|latter|last"),
    quarters=("first|1st", "second|2nd", "third|3rd", "fourth|4th|last"),
    half_of="half(?: of)?",
    quarter_of="quarter(?: of)?",
    whole_year="(?:of )?the year",
)

_DE_NUMBERS = {"einem": 1, "einer": 1, "ein": 1, "eine": 1, "zwei": 2, "drei": 3, "vier": 4, "fünf": 5, "sechs": 6, "sieben": 7}
_DE_NUMBERS |= {"acht": 8, "neun": 9, "zehn": 10, "elf": 11, "zwölf": 12, "ein paar": 3, "wenigen": 3}
_DE_MONTHS = "januar februar m(?:ä|ae)rz april mai juni juli august september oktober november dezember".split()
_DE_SHORT = r"jan\.? feb\.? mär\.? apr\.? mai jun\.? jul\.? aug\.? sept?\.? okt\.? nov\.? dez\.?".split()

GERMAN = DateWords(
    question_words=frozenset(
        "was wer wen wem wann wo welche welcher welches welchen wie warum wieso der die das ist sind hat haben wurde wurden und "
        "im den dem des ein eine gab es von zum zur über am auf für mit nicht viele wird werden seit vor nach zwischen "
        "bis in".split()
    ),
    months=_DE_MONTHS,
    abbreviated_months=[f"{name}|{short}" for name, short in zip(_DE_MONTHS, _DE_SHORT, strict=True)],
    weekdays="montag dienstag mittwoch donnerstag freitag (?:samstag|sonnabend) sonntag".split(),
    numbers=_DE_NUMBERS,
    units={
        "day": ("tag", "tage?n?"),
        "weekend": ("wochenende", "wochenenden?"),
        "week": ("woche", "wochen?"),
        "month": ("monat", "monate?n?"),
        "year": ("jahr", "jahre?n?"),
    },
    which={
        "last": "(?:letzte|vergangene|vorige)[nrsm]?",
        "this": "diese[nrsm]?",
        "next": "(?:n(?:ä|ae)chste|kommende)[nrsm]?",
    },
    days=(r"(?:am |vom |den )?(?:<WEEKDAY>,? (?:dem |den )?)?<D>\. ?<MON>(?: <Y>)?",),
    months_of_years=("(?:im |anfang |mitte |ende )?(?:jahr )?<MON> <Y>",),
    months_alone=("(?:im |anfang |mitte |ende )(?:<WHICH> )?<MONTH>", "<WHICH> <MONTH>"),
    up_to_now=("(?:in |während |über )?(?:den|der|die) (?:letzten|vergangenen) <N> <UNITS>",),
    calendar=("(?:in der |im |am )?<WHICH> <UNIT>",),
    ago=("vor <N> <UNITS>",),
    weekdays_alone=("(?:am )?(?:<WHICH> )?<WEEKDAY>",),
    years=("(?:im jahre? |im |in |des jahres )?<YEAR>",),
    near={
        -2: "vorgestern",
        -1: "gestern(?: (?:morgen|abend|nachmittag))?|letzte nacht",
        0: "heute(?: (?:morgen|früh|abend|nachmittag))?",
        2: "übermorgen",
        1: "morgen",
    },
    recently="kürzlich|neulich|zuletzt|jüngst|vor kurzem|derzeit|aktuell|gegenwärtig|zurzeit|in letzter zeit",
    ahead="wird|werden|geplant",
    ordinal=r"\.?",
    bounds={"before": "vor", "since": "seit|ab", "until": "bis(?: zum| zur)?", "after": "nach"},
    between="zwischen",
    and_="und",
    from_="vom|von",
    to="bis(?: zum)?",
    article="(?:dem|der|den|ende|anfang)",
    halves=("ersten?|1\\.", "zweiten?|2\\."),
    quarters=("ersten?|1\\.", "zweiten?|2\\.", "dritten?|3\\.", "vierten?|4\\."),
    half_of="(?:halbjahr|jahreshälfte|hälfte)(?: von| des jahres)?",
    quarter_of="quartal(?: von| des jahres)?",
)

_FR_NUMBERS = {"un": 1, "une": 1, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "six": 6, "sept": 7, "huit": 8, "neuf": 9}
_FR_NUMBERS |= {"dix": 10, "onze": 11, "douze": 12, "quelques": 3}
_FR_MONTHS = "janvier f[ée]vrier mars avril mai juin juillet ao[ûu]t septembre octobre novembre d[ée]cembre".split()

FRENCH = DateWords(
    question_words=frozenset(
        "que qu quoi qui quand où quel quelle quels quelles comment pourquoi combien le la les l est sont a ont été et du des un "
        "une en dans il y au aux pendant par pour sur ce cette s d depuis avant après entre jusqu".split()
    ),
    months=_FR_MONTHS,
    abbreviated_months=_FR_MONTHS,
    weekdays="lundi mardi mercredi jeudi vendredi samedi dimanche".split(),
    numbers=_FR_NUMBERS,
    units={
        "day": ("jour", "jours?"),
        "weekend": ("week-?end", "week-?ends?"),
        "week": ("semaine", "semaines?"),
        "month": ("mois", "mois"),
        "year": ("(?:ann[ée]e|an)", "(?:ann[ée]es?|ans?)"),
    },
    which={
        "last": "derni[èe]re?|pass[ée]e?",
        "this": "ce(?:tte)?",
        "next": "prochaine?",
    },
    days=("(?:le )?(?:<WEEKDAY> )?<D>(?:er)? <MON>(?: <Y>)?",),
    months_of_years=("(?:en |d[ée]but |mi-|fin |au mois de )?<MON> <Y>",),
    months_alone=("(?:en |d[ée]but |fin |au mois de )<MONTH>(?: <WHICH>)?", "<MONTH> <WHICH>"),
    up_to_now=("(?:(?:au cours|lors) des |(?:pendant|durant|dans|ces|les)(?: les| ces)? )<N> derni(?:ers|[èe]res) <UNITS>",),
    calendar=("(?:l['’]|la |le |au cours de (?:la |l['’]))?<UNIT> <WHICH>", "<WHICH> <UNIT>(?:-ci)?"),
    ago=("il y a <N> <UNITS>",),
    weekdays_alone=("(?:le )?<WEEKDAY>(?: <WHICH>)?",),
    years=("(?:en |pendant |l['’]ann[ée]e )?<YEAR>",),
    near={
        -2: "avant-hier",
        -1: "hier(?: (?:soir|matin))?|la nuit derni[èe]re",
        0: "aujourd['’]hui|ce (?:matin|soir)|cet apr[èe]s-midi",
        2: "apr[èe]s-demain",
        1: "demain",
    },
    recently="r[ée]cemment|derni[èe]rement|actuellement|en ce moment|ces derniers (?:jours|mois|temps)|ces derni[èe]res semaines",
    ahead="sera|seront|va|vont|aura|auront|pr[ée]vue?s?",
    ordinal="(?:er)?",
    bounds={
        "before": "avant",
        "since": "depuis|[àa] partir(?: d[eu])?|d[èe]s",
        "until": "jusqu['’](?:en|au|[àa])?",
        "after": "apr[èe]s",
    },
    between="entre",
    and_="et",
    from_="du|de",
    to="au|[àa]|jusqu['’](?:en|au|[àa])",
    article="(?:le|la|l['’]|fin|d[ée]but)",
    halves=("premi(?:er|[èe]re)|1(?:er|re)", "second|seconde|deuxi[èe]me|2e"),
    quarters=("premier|1er", "deuxi[èe]me|second|2e", "troisi[èe]me|3e", "quatri[èe]me|dernier|4e"),
    half_of="(?:semestre|moiti[ée])(?: de(?: l['’]ann[ée]e)?)?",
    quarter_of="trimestre(?: de(?: l['’]ann[ée]e)?)?",
)

_ES_NUMBERS = {"un": 1, "una": 1, "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6, "siete": 7, "ocho": 8, "nueve": 9}
_ES_NUMBERS |= {"diez": 10, "once": 11, "doce": 12, "unos": 3, "unas": 3}
_ES_MONTHS = "enero febrero marzo abril mayo junio julio agosto sep?tiembre octubre noviembre diciembre".split()

SPANISH = DateWords(
    question_words=frozenset(
        "qué que quién quien quiénes cuándo cuando dónde donde cuál cual cuáles cómo como por cuánto cuántos cuántas el la los "
        "las es son fue fueron ha han y de del un una en se hubo con para al desde antes después entre hasta".split()
    ),
    months=_ES_MONTHS,
    abbreviated_months=_ES_MONTHS,
    weekdays="lunes martes mi[ée]rcoles jueves viernes s[áa]bado domingo".split(),
    numbers=_ES_NUMBERS,
    units={
        "day": ("d[íi]a", "d[íi]as?"),
        "weekend": ("fin de semana", "fines? de semana"),
        "week": ("semana", "semanas?"),
        "month": ("mes", "mes(?:es)?"),
        "year": ("a[ñn]o", "a[ñn]os?"),
    },
    which={"last": "pasad[oa]|[úu]ltim[oa]", "this": "est[ea]", "next": "pr[óo]xim[oa]|que viene"},
    days=("(?:el )?(?:<WEEKDAY>,? )?(?:d[íi]a )?<D>(?:º|°)? de <MON>(?:,? (?:del? )?<Y>)?",),
    months_of_years=("(?:en |a principios de |a mediados de |a finales de )?<MON>(?: del?)? <Y>",),
    months_alone=("(?:en |a principios de |a mediados de |a finales de )<MONTH>(?: <WHICH>)?", "<MONTH> <WHICH>"),
    up_to_now=("(?:en |durante )?(?:los|las) [úu]ltim[oa]s <N> <UNITS>",),
    calendar=("(?:(?:en )?(?:el|la) )?<UNIT> <WHICH>", "(?:(?:en )?(?:el|la) )?<WHICH> <UNIT>"),
    ago=("hace <N> <UNITS>",),
    weekdays_alone=("(?:el )?<WEEKDAY> <WHICH>", "(?:el )?(?:<WHICH> )?<WEEKDAY>"),
    years=("(?:en |durante )?(?:el a[ñn]o )?<YEAR>",),
    near={
        -2: "anteayer|antes de ayer",
        -1: "ayer|anoche",
        0: "hoy(?! en d[íi]a)|esta (?:ma[ñn]ana|tarde|noche)",
        2: "pasado mañana",
        1: "ma[ñn]ana",
    },
    recently="recientemente|hoy en d[íi]a|[úu]ltimamente|actualmente|hace poco"
    "|en los [úu]ltimos (?:d[íi]as|meses)|en estos momentos",
    ahead="ser[áa]n?|habr[áa]|va a|van a|previst[oa]s?",
    ordinal="(?:º|°)?",
    bounds={
        "before": "antes(?: del?)?",
        "since": "desde|a partir(?: del?)?",
        "until": "hasta",
        "after": "despu[ée]s(?: del?)?",
    },
    between="entre",
    and_="y|e",
    from_="del?|desde",
    to="al?|hasta",
    article="(?:el|la|finales de|principios de)",
    halves=("primera?", "segund[oa]"),
    quarters=("primer", "segundo", "tercer", "cuarto|[úu]ltimo"),
    half_of="(?:semestre|mitad)(?: del? a[ñn]o| de)?",
    quarter_of="trimestre(?: del? a[ñn]o| de)?",
)

_NL_NUMBERS = {"een": 1, "één": 1, "twee": 2, "drie": 3, "vier": 4, "vijf": 5, "zes": 6, "zeven": 7, "acht": 8, "negen": 9}
_NL_NUMBERS |= {"tien": 10, "elf": 11, "twaalf": 12, "paar": 3}
_NL_MONTHS = "januari februari maart april mei juni juli augustus september oktober november december".split()
_NL_SHORT = r"jan\.? feb\.? mrt\.? apr\.? mei jun\.? jul\.? aug\.? sept?\.? okt\.? nov\.? dec\.?".split()

DUTCH = DateWords(
    question_words=frozenset(
        "wat wie wanneer waar welke welk hoe waarom hoeveel de het een is zijn heeft hebben had werd werden en van op er in te "
        "met om ging gebeurde wordt voor na tussen sinds tot bij aan dat die".split()
    ),
    months=_NL_MONTHS,
    abbreviated_months=[f"{name}|{short}" for name, short in zip(_NL_MONTHS, _NL_SHORT, strict=True)],
    weekdays="maandag dinsdag woensdag donderdag vrijdag zaterdag zondag".split(),
    numbers=_NL_NUMBERS,
    units={
        "day": ("dag", "dag(?:en)?"),
        "weekend": ("weekend", "weekend(?:en|s)?"),
        "week": ("week", "we(?:ek|ken)"),
        "month": ("maand", "maand(?:en)?"),
        "year": ("jaar", "ja(?:ar|ren)"),
    },
    which={"last": "vorige?|afgelopen|laatste", "this": "deze|dit", "next": "volgende?|komende?"},
    days=("(?:op )?(?:<WEEKDAY> )?<D> <MON>(?: <Y>)?",),
    months_of_years=("(?:in |begin |half |medio |eind )?<MON> <Y>",),
    months_alone=("(?:in |begin |half |medio |eind )(?:<WHICH> )?<MONTH>", "<WHICH> <MONTH>"),
    up_to_now=("(?:in |tijdens |gedurende )?de (?:afgelopen|laatste|voorbije) <N> <UNITS>",),
    calendar=("(?:in |in het |het )?<WHICH> <UNIT>",),
    ago=("(?:een )?<N> <UNITS> geleden",),
    weekdays_alone=("(?:op )?(?:<WHICH> )?<WEEKDAY>",),
    years=("(?:in |in het jaar )?<YEAR>",),
    near={
        -2: "eergisteren",
        -1: "gister(?:en|avond|ochtend|middag)|afgelopen nacht",
        0: "vandaag|van(?:ochtend|avond|middag|morgen)",
        2: "overmorgen",
        1: "morgen",
    },
    recently="onlangs|recent(?:elijk)?|momenteel|tegenwoordig|de laatste tijd",
    ahead="zal|zullen|gaat|gaan|gepland",
    ordinal="(?:e)?",
    bounds={"before": "v(?:óó|oo)r", "since": "sinds|sedert|vanaf", "until": "tot(?: en met| aan)?", "after": "na"},
    between="tussen",
    and_="en",
    from_="van",
    to="tot(?: en met)?|t/m",
    article="(?:de|het|eind|begin)",
    halves=("eerste|1e", "tweede|2e"),
    quarters=("eerste|1e", "tweede|2e", "derde|3e", "vierde|laatste|4e"),
    half_of="(?:jaar)?helft(?: van(?: het jaar)?)?",
    quarter_of="kwartaal(?: van(?: het jaar)?)?",
)

LANGUAGES = (ENGLISH, GERMAN, FRENCH, DUTCH, SPANISH)
