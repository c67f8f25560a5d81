"""Code lists that several tables share: units, flags, sex, licences, areas that are not countries.

Not here: code lists of one family (they stand with its tables), names of countries (``countries``).
"""

from importers.declaration import CodeList

LICENCES = {
    "CC BY 4.0": "https://creativecommons.org/licenses/by/4.0/",
    "CC BY-SA 3.0 IGO": "https://creativecommons.org/licenses/by-sa/3.0/igo/",
    "MIT": "https://opensource.org/license/mit",
}

# Code: (label, symbol after a number)
UNITS = {
    "PERCENT": ("Per cent", "%"),
    "PERCENT_POINT": ("Percentage points", "pp"),
    "PERCENT_GDP": ("Per cent of gross domestic product", "% of GDP"),
    "PISA_SCORE": ("PISA score points", "points"),
    "SCORE": ("Score points", "points"),
    "SCORE_0_10": ("Score from 0 to 10", ""),
    "RATIO": ("Ratio", ""),
    "INDEX": ("Index", ""),
    "INDEX_UPPER_SECONDARY_100": ("Index, upper secondary education = 100", ""),
    "INDEX_EU27_100": ("Index, European Union of 27 = 100", ""),
    "USD_PPP_PER_STUDENT": ("US dollars per student, converted with purchasing power parities", "USD PPP"),
    "USD": ("US dollars", "USD"),
    "YEARS": ("Years", "years"),
    "HOURS": ("Hours", "hours"),
    "PER_1000_EMPLOYED": ("Per 1,000 persons employed", "per 1,000"),
    "PER_MILLION": ("Per million inhabitants", "per million"),
    "MICROGRAM_PER_M3": ("Micrograms per cubic metre", "µg/m³"),
    "NUMBER": ("Number", ""),
    "MILLION_EUR": ("Million euro", "million euro"),
    "FULL_TIME_EQUIVALENT": ("Full-time equivalents", "full-time equivalents"),
    "INDEX_EU_2016_100": ("Index, European Union in 2016 = 100", ""),
    "Z_SCORE": ("Standard deviations from the mean of regions", ""),
    "PER_100000": ("Per 100,000 inhabitants", "per 100,000"),
    "PER_1000": ("Per 1,000 inhabitants", "per 1,000"),
    "ROOMS_PER_PERSON": ("Rooms per person", "rooms per person"),
    "USD_PPP_2015": ("US dollars per head at prices of 2015, converted with purchasing power parities", "USD PPP"),
    "USD_PPP_PER_HOUR": (
        "US dollars per hour worked, constant prices and purchasing power parities",
        "USD PPP per hour",
    ),
    "PUPILS_PER_TEACHER": ("Pupils per teacher", "pupils per teacher"),
    "USD_PPP": ("US dollars, converted with purchasing power parities", "USD PPP"),
    "PERCENT_GDP_PER_HEAD": ("Per cent of gross domestic product per head", "% of GDP per head"),
}

OBS_STATUS = {
    "a": "missing: not applicable",
    "b": "break in the series",
    "c": "missing: too few observations, or withheld",
    "d": "definition differs",
    "e": "estimated by the publisher",
    "m": "missing: not available",
    "p": "provisional",
    "s": "sampling caveat of the publisher: read with caution",
    "u": "low reliability",
    "x": "missing: included in another category",
}

SEX = CodeList("sex", "Sex", {"female": "Women or girls", "male": "Men or boys", "total": "Both sexes"})
