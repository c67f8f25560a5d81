"""Code lists that several tables share: units, flags, sex, licences, areas that are not countries.

Not here: code lists of one family (they stand with its tables), names of countries (``countries``).
"""

from importers.declaration import CodeList

# Name: where its text is; empty if there is no text to be had.
LICENCES = {
    "CC BY 4.0": "https://creativecommons.org/licenses/by/4.0/",
    "CC BY-SA 3.0 IGO": "https://creativecommons.org/licenses/by-sa/3.0/igo/",
    "MIT": "https://opensource.org/license/mit",
    "OECD Terms and Conditions": "https://www.oecd.org/en/about/terms-conditions.html",
    "not established": "",
}

# What was seen of a licence, by publisher; said beside its name.
LICENCE_NOTES = {
    "Cedefop": "not verified: no notice of the publisher was found; metadata of a re-user say so",
    "Council of Ministers of Education, Canada (CMEC)": "no notice was found; numbers are quoted with their source",
    "European Commission": "by the Commission's decision of 22 February 2019 on the reuse of its documents",
    "Eurostat": "source and changes are stated; values of countries outside the European Union, EFTA and the candidate "
    "countries, and data of other producers, are not for commercial reuse",
    "IEA": "the terms of the database were not found; only estimates made here are published, no microdata",
    "UNESCO Institute for Statistics": "not verified: no notice of the publisher was found; kept as the stricter reading",
}
OECD_TERMS_NOTE = (
    "content published before July 2024, and data sets of the data portal: free to use, also commercially, with the source "
    "named, on terms similar to CC BY 4.0"
)

# Sentences that whoever passes on a table must pass on with it, by publisher.
NOTICES = {
    "OECD": "This is an adaptation of an original work by the OECD. The opinions expressed and arguments employed in this "
    "adaptation should not be reported as representing the official views of the OECD or of its Member countries.",
    "Eurostat": "Values of Eurostat were brought into the form of this project: codes and units are ours, and what was left "
    "out is said with each table.",
    "IEA": "Estimates of this report from the public-use file of the IEA; the IEA is not responsible for them.",
}
TERRITORIES = (
    "Names of countries, territories and regions, and their place in a table, are those of the publishers or of international "
    "standards, and are without prejudice to the status of or sovereignty over any territory, or to the delimitation of "
    "frontiers."
)

# Code: (label, symbol after a number)
UNITS = {
    "PERCENT": ("Per cent", "%"),
    "PERCENT_POINT": ("Percentage points", "pp"),
    "PERCENT_GDP": ("Per cent of gross domestic product", "% of GDP"),
    "PISA_SCORE": ("PISA score points", "points"),
    "SCORE": ("Score points", "points"),
    "SCORE_0_10": ("Score from 0 to 10", ""),
    "SCORE_0_60": ("Score from 0 to 60", "points"),
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
    "r": "rounded more than the other values of the table",
    "s": "sampling caveat of the publisher: read with caution",
    "u": "low reliability",
    "x": "missing: included in another category",
}

SEX = CodeList("sex", "Sex", {"female": "Women or girls", "male": "Men or boys", "total": "Both sexes"})
