"""Words for scales, currencies and measures in English, German, French, Spanish and Dutch, with what they stand for."""

from __future__ import annotations

_SCALES = (
    (1e3, "thousand k tausend mille mil duizend"),
    (1e6, "million millions m mn mio millionen millones millón miljoen milione milioni"),
    (1e9, "billion billions bn milliarde milliarden mrd milliard milliards miljard miliardo miliardi"),
    (1e12, "trillion trillions tn billionen"),
)
_CURRENCIES = (
    ("EUR", "€ euro euros eur"),
    ("USD", "$ us$ dollar dollars dólares usd"),
    ("GBP", "£ pound pounds pfund livres libras gbp quid"),
    ("JPY", "¥ yen"),
    ("RUB", "₽ rouble roubles ruble rubles rubel"),
    ("INR", "₹ rupee rupees"),
    ("crowns", "crown crowns krone kronen kroner couronnes coronas"),
    ("CHF", "franc francs franken chf"),
)
_MEASURES = (
    ("%", 1, "% percent prozent pct"),
    ("m", 1e3, "km kilometre kilometres kilometer kilometers kilometern kilómetros kilomètres"),
    ("m", 1, "metre metres meter meters metern metros mètres"),
    ("m", 0.01, "cm centimetre centimetres centimeter centimeters zentimeter"),
    ("m", 0.001, "mm millimetre millimetres millimeter millimeters"),
    ("m", 1609.34, "mile miles meilen millas"),
    ("m", 0.3048, "ft foot feet"),
    ("m", 0.0254, "inch inches"),
    ("m", 0.9144, "yard yards"),
    ("kg", 1, "kg kilo kilos kilogram kilograms kilogramm"),
    ("kg", 1e3, "tonne tonnes ton tons tonnen toneladas"),
    ("kg", 0.001, "gram grams gramm gramos grammes"),
    ("m²", 1e4, "hectare hectares hektar hectáreas ha"),
    ("m²", 4046.86, "acre acres"),
    ("l", 1, "litre litres liter liters litern litros"),
    ("s", 1, "second seconds sekunde sekunden segundos secondes sec secs"),
    ("s", 60, "minute minutes minuten minutos min mins"),
    ("s", 3600, "hour hours stunde stunden horas heures"),
    ("s", 86_400, "day days tag tage tagen días jours"),
    ("s", 604_800, "week weeks woche wochen semanas semaines"),
    ("month", 1, "month months monat monate monaten mes meses mois"),
    ("month", 12, "year years jahr jahre jahren años ans"),
)
SCALES = {word: scale for scale, words in _SCALES for word in words.split()}
CURRENCIES = {word: currency for currency, words in _CURRENCIES for word in words.split()}
# What a word measures, and how many of that it is.
MEASURES = {word: (unit, float(factor)) for unit, factor, words in _MEASURES for word in words.split()}
HUNDREDTHS = {"pence": "GBP", "p": "GBP", **dict.fromkeys(("cent", "cents", "centimes", "céntimos"), None)}  # of a currency
POWERS = {"square": 2, "cubic": 3}  # of a length
CONVERTED = frozenset((1609.34, 0.3048, 0.0254, 0.9144, 4046.86))  # factors between systems, whose amounts are rounded
