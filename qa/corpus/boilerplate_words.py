"""The words that head lists of other articles, and that open newsletter, paywall, share and advertisement lines, by language.

Each entry is a regular expression; a blank stands for white space. They hold for texts of any language, since the
language of a text may be unknown.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

# The whole label above a list of other articles, or before the title of one.
LINK_LABELS: dict[str, tuple[str, ...]] = {
    "en": (
        "related(?: (?:news|articles?|stor(?:y|ies)|topics?|links?|content|coverage|reading|posts?|video|videos))?",
        "(?:more|also) (?:on|from|in|about) (?:this|the|our) (?:story|topic|subject|site|author|section)",
        "more (?:news|stories|articles|to read|like this)",
        "read (?:more|next|also|on)",
        "see also",
        "also read",
        "further reading",
        "you (?:may|might) (?:also|like)(?: also)?(?: like)?",
        "up next",
        "what to read next",
        "most (?:read|popular|viewed|shared)",
    ),
    "de": (
        "(?:lesen|sehen|hören) sie (?:auch|mehr|hier|dazu|hierzu|weiter|außerdem|(?:hierzu|dazu) auch|mehr dazu)",
        "lies (?:auch|mehr|weiter)",
        "mehr (?:zum thema|zu diesem thema|lesen|dazu|nachrichten|artikel)",
        "auch (?:interessant|lesenswert)",
        "das könnte (?:sie|dich) (?:auch )?interessieren",
        "weitere (?:artikel|nachrichten|meldungen|themen|beiträge)(?: zum thema)?",
        "schon gelesen\\?",
        (
            "(?:meistgelesene?|am meisten gelesen|meist gelesen|beliebte|empfohlene|verwandte|"
            "ähnliche)(?: (?:artikel|beiträge|themen))?"
        ),
        "empfehlungen(?: der redaktion| für sie)?",
        "siehe auch",
        "passend dazu",
        "lesetipps?",
    ),
    "fr": (
        "(?:à )?lire (?:aussi|également)",
        "(?:à )?(?:voir|écouter|découvrir) (?:aussi|également)",
        "lisez (?:aussi|également)",
        "à lire",
        "sur le même (?:sujet|thème)",
        "(?:articles )?les plus (?:lus|populaires|partagés|vus)",
        "articles? (?:liés?|similaires?|connexes?|recommandés?|associés?)",
        "recommandés? pour vous",
        "nos recommandations",
        "(?:cela|ça) (?:pourrait|peut) (?:aussi )?vous intéresser",
        "vous (?:pourriez|aimerez) (?:aussi|également)(?: aimer)?",
        "plus d['’](?:articles|infos|actualités)",
        "dans la même rubrique",
    ),
    "nl": (
        "lees (?:ook|meer|verder|hier(?: meer)?)",
        "(?:bekijk|beluister|luister|zie) ook",
        "meer (?:lezen|nieuws|artikelen|hierover|over dit onderwerp|van deze auteur)",
        "(?:meest|best) (?:gelezen|populair|bekeken)",
        "aanbevolen(?: voor (?:jou|u)| artikelen)?",
        "misschien (?:vind je dit ook (?:interessant|leuk)|ook interessant)",
        "ook interessant",
        "gerelateerd(?:e (?:artikelen|berichten|onderwerpen))?",
        "verwante (?:artikelen|berichten)",
    ),
    "es": (
        "(?:lea|lee|leer|ver|vea|mira|escucha) (?:también|más|además)",
        "puedes ver",
        "más (?:noticias|artículos|sobre este tema|en esta sección)",
        "(?:lo|las|los) más (?:leíd[oa]s?|vist[oa]s?|compartid[oa]s?)",
        "(?:también )?(?:te|le) (?:puede|podría) (?:también )?interesar",
        "(?:artículos?|noticias?|notas?|contenidos?) (?:relacionad[oa]s?|recomendad[oa]s?)",
        "relacionad[oa]s?",
        "recomendad[oa]s?(?: para (?:ti|usted))",
    ),
    "it": ("(?:leggi|vedi|guarda) anche", "ti potrebbe interessare"),
    "pl": ("(?:czytaj|zobacz) (?:też|także|również|więcej)",),
    "pt": ("(?:leia|veja) (?:também|mais)",),
}

# The same only above a list, since as "Recommended: two doses" they may begin a sentence of the story.
LIST_LABELS: dict[str, tuple[str, ...]] = {
    "en": (
        "recommended(?: (?:for you|stories|articles|reading))?",
        "trending(?: now)?",
        "top stories",
        "latest (?:news|stories|headlines)",
        "editors?['’]?s? picks?",
        "don['’]t miss",
        "popular (?:now|stories)",
        "tags",
        "filed under",
        "external links",
    ),
    "de": ("zum thema", "top-?themen", "neueste (?:nachrichten|artikel)", "nicht verpassen"),
    "fr": ("à (?:découvrir|ne pas manquer)", "dernières (?:nouvelles|actualités|infos)", "pour aller plus loin"),
    "nl": ("populair", "niet te missen", "laatste nieuws"),
    "es": ("no te (?:lo )?pierdas", "no se (?:lo )?pierda", "últimas noticias"),
}

# Before the title of another article at once: "More: Why is the bridge shut?"
TITLE_LABELS: dict[str, tuple[str, ...]] = {"en": ("more",)}

_SOCIAL = "(?:facebook|twitter|x|instagram|linkedin|whatsapp|reddit|tiktok|threads|bluesky|mastodon|youtube)"

# The opening words of a boilerplate sentence.
OPENINGS: dict[str, tuple[str, ...]] = {
    "en": (
        (
            r"(?:sign|signed) up (?:to|for|here|now|today)\b(?=.*\b(?:newsletters?|emails?|alerts?|updates?|inbox|"
            r"briefing|free|here)\b)"
        ),
        r"(?:you can )?(?:sign up|subscribe) (?:right )?here\W*$",
        r"subscribe (?:to|now|here|today|for|& save|and save)\b",
        (
            r"(?:get|receive) (?:the|our|all|more|breaking|daily)\b.*\b(?:in(?:to)? your inbox|by email|"
            r"our (?:app|newsletters?))\b"
        ),
        r".*\bdelivered (?:\w+ )?to your inbox\b",
        r"(?:click|tap) here\b",
        r"(?:read|see|watch|listen) (?:more|also|next|now|on) ?[:|»>]",
        r"(?:read|learn|find out) more(?: here)?\W*$",
        r"read (?:the|his|her|their|our|more)\b.{0,60}\bhere\W*$",
        r"(?:share|print|save|email|tweet|comment on) (?:this|the) (?:article|story|page|post)\b",
        rf"share on {_SOCIAL}\b",
        r"(?:follow|like|find|join) us on\b",
        rf"follow .{{1,60}}\bon {_SOCIAL}\b(?=.{{0,60}}$)",
        r"download (?:the|our) .*\bapp\b",
        r"advertisement\W*$",
        r"the post .{1,250}\b(?:appeared first|first appeared) on\b",  # of feeds, as in the other languages
        r"(?:sponsored|paid) content\b(?=\W*$)",
        r"skip (?:to )?(?:advertisement|main|content)\b",
        r"(?:story|article|text) continues (?:below|after)\b",
        r"(?:continue|keep) reading(?: to learn more| the (?:main|full) (?:story|article)| below)?\W*$",
        (
            r"you(?:['’]ve| have) (?:read |used )?\S+ (?:of \S+ )?(?:more |your )?(?:free |"
            r"complimentary )*(?:articles?|stories) (?:left|remaining|this)\b"
        ),
        r"(?:\S+ )?(?:free|complimentary) (?:articles?|stories) (?:left|remaining)\b(?=.{0,30}$)",
        r"(?:this is )?your last free (?:article|story)\b",
        r"you(?:['’]ve| have) reached your (?:\w+ )?limit of (?:free )?(?:articles|stories)\b",
        (
            r"th(?:is|ese) (?:articles?|stor(?:y|ies)|content) (?:is|are) (?:only |available |"
            r"exclusively )*(?:for|to) .{0,30}\b(?:subscribers|members)(?: only)?\W*$"
        ),
        r"(?:already|not(?: yet)?) a subscriber\b",
        r"if you(?:['’]re| are) (?:seeing|reading) this\b.*\bsubscriber\b",
        r"to (?:view|read) the (?:full|whole|entire) (?:story|article),",
        r"never miss\b.*\b(?:sign(?:ing)? up|newsletter|subscrib(?:e|ing))\b",
        r"for the latest (?:stories|news)\b.*\bdownload\b",
        r"log in to (?:read|comment|continue|your account)\b",
        r"create (?:a|an|your) (?:free )?account\b",
        (
            r"(?:please )?(?:consider )?support(?:ing)? (?:our|local|quality|independent) journalism\b(?=\W*$|:|"
            r" by | with | like | and (?:become|subscribe))"
        ),
        r"thank you for supporting our journalism\b",
        r"support our journalism\b",
        r"(?:we|this (?:web)?site) uses? cookies\b",
        r"accept (?:all )?cookies\b",
        (
            r"by (?:continuing|clicking|signing|using|subscribing)\b.*\b(?:you (?:agree|accept|consent)|"
            r"our (?:terms|privacy|cookies?))\b"
        ),
        r"purchases you make through (?:our|the|these) links\b",
        r"if you (?:make a purchase|buy something)\b.*\b(?:our|the|these) links?\b",
        r"(?:©|copyright (?:©|\(c\))|\(c\) ?\d{4}\b|copyright \d{4}\b(?=.*\brights reserved\b|[^.!?]*$))",
        r"all rights reserved\b",
        r"this material may not be (?:published|reproduced)\b",
        r"(?:terms (?:of|and) (?:use|service|conditions)|privacy policy)\b(?=\W*$)",
        r"(?:image|photo|picture|video) (?:credit|source|caption)s? ?[:,]",
    ),
    "de": (
        r"meld(?:en sie sich|e? dich)\b.{0,60}\b(?:newsletter|briefing)",
        r"melden sie sich (?:jetzt )?an(?:\W*$|,? um (?:weiterzulesen|zu kommentieren))",
        (
            r"(?:jetzt|hier) (?:(?:kostenlos|gratis|zum|unseren|den|für|newsletter) ){0,4}(?:abonnieren|anmelden|"
            r"registrieren)(?=\W*$| und\b|,)"
        ),
        r"abonnieren sie\b",
        r"newsletter (?:abonnieren|bestellen)\b",
        r"(?:erhalten|bekommen) sie\b.*\b(?:newsletter|postfach)\b",
        r"mit (?:der|ihrer) (?:anmeldung|registrierung)\b.*\b(?:akzeptieren|stimmen|willigen)\b",
        r"sie haben\b.{0,40}\bnoch \S+ (?:kostenlose|freie|gratis)\w* artikel\b",
        r"(?:dies ist )?ihr letzter (?:kostenloser|freier) artikel\b",
        (
            r"(?:dieser|der) (?:artikel|inhalt|beitrag|text) ist (?:nur|exklusiv|ausschließlich) (?:für|"
            r"mit)\b.{0,40}\b(?:abonnent|abo\b|plus\b|registrierte)"
        ),
        r"(?:sie (?:sind|haben) )?(?:schon|bereits) (?:abonnent\w*|registriert|ein abo\w*)\W*$",
        r"sie sind (?:aktuell |derzeit )?nicht (?:eingeloggt|angemeldet)\W*$",
        r"mit unserem newsletter (?:erhalten|bekommen) sie\b",
        r"um (?:weiterzulesen|diesen artikel (?:weiter)?(?:zu )?lesen)\b",
        r"der beitrag .{1,250}\berschien zuerst auf\b",
        r"(?:anzeige|werbung|gesponserter inhalt)\W*$",
        r"(?:nach|unter) der (?:anzeige|werbung) (?:geht|lesen)\b",
        (
            r"(?:(?:der|dieser) )?(?:artikel|text|beitrag) (?:geht|wird) (?:nach|unter|"
            r"unterhalb)\b.{0,40}\b(?:anzeige|werbung|bild\w*|video\w*)\b"
        ),
        r"(?:diesen )?(?:artikel|beitrag) (?:teilen|drucken|merken|kommentieren)\W*$",
        rf"auf {_SOCIAL} teilen\W*$",
        r"folge(?:n sie)? uns\b",
        r"(?:klicken sie|klicke|klick) hier\b",
        r"(?:lesen|sehen|hören) sie (?:auch|mehr|hier|dazu|hierzu|mehr dazu|hierzu auch) ?[:|»>]",
        r"(?:wir|diese (?:web)?seite) (?:verwende[nt]|nutz(?:en|t)|setzt?(?:en)?) cookies\b",
        r"(?:alle )?cookies (?:akzeptieren|zulassen)\b",
        r"alle rechte vorbehalten\b",
        r"(?:impressum|datenschutzerklärung)\W*$",
        r"unterstützen sie (?:unseren|unabhängigen) journalismus\b",
    ),
    "fr": (
        r"abonnez-vous\b",
        r"inscrivez-vous\b(?=.*\b(?:newsletters?|lettre d['’]info\w*|infolettre|alertes?)\b)",
        r"recevez\b.*\b(?:newsletters?|infolettre|boîte mail|votre boîte)\b",
        r"(?:je m['’](?:inscris|abonne)|s['’](?:inscrire|abonner))\W*$",
        r"en vous (?:inscrivant|abonnant|connectant)\b.*\b(?:acceptez|conditions|confidentialité)\b",
        r"en (?:poursuivant|continuant)\b.*\bvous acceptez\b",
        r"il vous reste\b.{0,30}(?:\barticles?\b|% de (?:cet|l['’]) ?article)",
        r"vous avez lu \S+ (?:de vos )?articles?\b",
        r"(?:cet |l['’])article est (?:réservé|offert|accessible)\b.*\babonnés?\b",
        r"(?:contenu|article) réservé aux abonnés\b",
        r"(?:déjà|pas encore|vous êtes déjà) abonnée?s?\W*$",
        r"connectez-vous\b(?=\W*$| (?:pour (?:lire|commenter|continuer)|à votre compte))",
        r"(?:pour )?lire la suite\W*$",
        r"l['’]article .{1,250}\best apparu en premier sur\b",
        r"(?:publicité|contenu sponsorisé)\W*$",
        r"(?:la )?suite (?:de (?:l['’]|votre )article )?après (?:la|cette) publicité\b",
        r"partage[rz] (?:(?:cet |l['’])article|sur (?:facebook|twitter|x|whatsapp|linkedin))\b",
        rf"suivez(?:[- ]nous| .{{1,40}}?) sur {_SOCIAL}\b",
        r"cliquez ici\b",
        r"(?:à )?(?:lire|voir|écouter) (?:aussi|également) ?[:|»>]",
        r"(?:nous utilisons|ce site utilise) des cookies\b",
        r"accepter (?:tous les |les )?cookies\b",
        r"tous droits réservés\b",
        r"(?:mentions légales|politique de confidentialité)\W*$",
        r"crédits? photos? ?:",
        r"soutenez (?:notre|le) journalisme\b",
    ),
    "nl": (
        r"(?:schrijf|meld) (?:je|u)\b(?=.*\b(?:nieuwsbrief|nieuwsbrieven)\b)",
        r"abonneer (?:je|u)\b",
        r"(?:neem (?:nu )?een (?:\w+ )?abonnement|word (?:nu )?abonnee)\b",
        r"ontvang\b.*\b(?:nieuwsbrief|in (?:je|uw) (?:inbox|mailbox))\b",
        r"door (?:je|u)\b.*\bakkoord met (?:onze|de)\b",
        r"(?:je|u) (?:hebt|heeft)\b.{0,30}\b\S+ gratis artikel(?:en)?\b",
        r"dit (?:artikel|verhaal) is (?:alleen|exclusief|uitsluitend) (?:voor|te lezen|toegankelijk)\b.*\b(?:abonnees|leden)\b",
        r"(?:(?:ben je|bent u) )?(?:al|nog geen) (?:een )?abonnee\W*$",
        r"log in om\b.*\blezen\b",
        r"het bericht .{1,250}\bverscheen eerst op\b",
        r"(?:advertentie|gesponsorde inhoud)\W*$",
        r"(?:de |het )?(?:tekst|artikel|verhaal) (?:gaat verder|loopt door) (?:onder|na)\b",
        r"lees (?:verder|door) (?:onder|na) (?:de|het)\b",
        rf"deel (?:dit (?:artikel|bericht|verhaal)|op {_SOCIAL})\b",
        r"volg ons\b",
        r"klik hier\b",
        r"(?:lees|bekijk|luister|zie) ook ?[:|»>]",
        r"(?:wij gebruiken|we gebruiken|deze (?:web)?site gebruikt) cookies\b",
        r"(?:alle )?cookies (?:accepteren|toestaan)\b",
        r"alle rechten voorbehouden\b",
        r"(?:privacybeleid|privacyverklaring|algemene voorwaarden)\W*$",
        r"steun (?:onze|de onafhankelijke) journalistiek\b",
    ),
    "es": (
        r"suscríb(?:ete|ase)\b",
        r"(?:regístr(?:ate|ese)|apúnt(?:ate|ese))\b(?=.*\b(?:boletín|boletines|newsletter|gratis)\b)",
        r"recib[ea]\b.*\b(?:nuestr[oa]s? (?:boletín|boletines|newsletter|noticias)|en (?:tu|su) correo)\b",
        r"al (?:registrar|suscribir|inscribir)[ts]e\b.*\b(?:aceptas?|condiciones|privacidad)\b",
        r"(?:te|le) quedan?\b.{0,30}\b(?:artículos?|notas?|noticias?) (?:gratis|gratuit[oa]s?)\b",
        (
            r"(?:este |esta )?(?:artículo|contenido|noticia) (?:es )?(?:exclusiv[oa]|solo|sólo|"
            r"reservad[oa]) (?:para|a) (?:nuestros |los )?suscriptores\b"
        ),
        r"ya (?:eres|es|soy) suscriptora?\W*$",
        r"inici[ae] sesión\b",
        r"para (?:seguir|continuar) leyendo\b",
        r"(?:sigue|siga|seguir|continuar) leyendo\W*$",
        r"la entrada .{1,250}\b(?:se publicó primero|aparece primero|apareció primero) en\b",
        r"(?:publicidad|contenido patrocinado)\W*$",
        r"(?:la (?:noticia|nota|información)|el (?:artículo|texto)) (?:continúa|sigue)\b.*\b(?:publicidad|anuncio)\b",
        rf"compart(?:ir|e|a) (?:(?:este artículo|esta (?:noticia|nota))|en {_SOCIAL})\b",
        r"(?:síguenos|síganos)\b",
        r"(?:haz|haga) clic?k? (?:aquí|en (?:este|el) enlace)\b",
        r"(?:lea|lee|leer|vea|ver|mira) (?:también|más|además) ?[:|»>]",
        r"(?:utilizamos|usamos|este sitio (?:web )?(?:utiliza|usa)) cookies\b",
        r"aceptar (?:todas las |las )?cookies\b",
        r"todos los derechos reservados\b",
        r"(?:política de privacidad|aviso legal)\W*$",
        r"apoya (?:el|nuestro) periodismo\b",
    ),
}


def any_of(*by_language: dict[str, tuple[str, ...]]) -> str:
    """The source of a regular expression for all of them; a blank matches white space."""
    return "(?:" + "|".join(_spaced(entry) for entry in _entries(by_language)) + ")"


def _entries(by_language: Iterable[dict[str, tuple[str, ...]]]) -> Iterable[str]:
    return (entry for words in by_language for entries in words.values() for entry in entries)


def _spaced(entry: str) -> str:
    return re.sub(" (?=[?*])", r"\\s", entry).replace(" ", r"\s+")
