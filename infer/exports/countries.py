"""What coders' schemes call a country: names, numbers and regions for the countries Arabic conflict news is about.

Facts of ISO 3166-1 (numeric codes), ACLED's country and region list, and the Gleditsch and Ward list of states, whose
numbers UCDP uses. A country that is not here, or that a scheme does not list, is left empty.
"""

from dataclasses import dataclass

__all__ = ["Country", "country"]


@dataclass(frozen=True, slots=True)
class Country:
    """One country: its ISO 3166-1 number, ACLED's name and region, UCDP's name, number and region (or None)."""

    iso: int
    name: str
    acled_region: str
    ucdp_name: str | None = None
    ucdp_id: int | None = None
    ucdp_region: str | None = None


# ISO alpha-2, ISO numeric, ACLED name, ACLED region, UCDP number, UCDP region, UCDP name where it differs.
_TABLE = """
AE|784|United Arab Emirates|Middle East|696|Middle East|
AF|4|Afghanistan|South Asia|700|Asia|
BH|48|Bahrain|Middle East|692|Middle East|
DJ|262|Djibouti|Eastern Africa|522|Africa|
DZ|12|Algeria|Northern Africa|615|Africa|
EG|818|Egypt|Northern Africa|651|Middle East|
EH|732|Western Sahara|Northern Africa|||
ER|232|Eritrea|Eastern Africa|531|Africa|
ET|231|Ethiopia|Eastern Africa|530|Africa|
IL|376|Israel|Middle East|666|Middle East|
IQ|368|Iraq|Middle East|645|Middle East|
IR|364|Iran|Middle East|630|Middle East|
JO|400|Jordan|Middle East|663|Middle East|
KW|414|Kuwait|Middle East|690|Middle East|
LB|422|Lebanon|Middle East|660|Middle East|
LY|434|Libya|Northern Africa|620|Africa|
MA|504|Morocco|Northern Africa|600|Africa|
ML|466|Mali|Western Africa|432|Africa|
MR|478|Mauritania|Western Africa|435|Africa|
NE|562|Niger|Western Africa|436|Africa|
NG|566|Nigeria|Western Africa|475|Africa|
OM|512|Oman|Middle East|698|Middle East|
PK|586|Pakistan|South Asia|770|Asia|
PS|275|Palestine|Middle East|||
QA|634|Qatar|Middle East|694|Middle East|
RU|643|Russia|Europe|365|Europe|Russia (Soviet Union)
SA|682|Saudi Arabia|Middle East|670|Middle East|
SD|729|Sudan|Northern Africa|625|Africa|
SO|706|Somalia|Eastern Africa|520|Africa|
SS|728|South Sudan|Eastern Africa|626|Africa|
SY|760|Syria|Middle East|652|Middle East|
TD|148|Chad|Middle Africa|483|Africa|
TN|788|Tunisia|Northern Africa|616|Africa|
TR|792|Turkey|Middle East|640|Middle East|
UA|804|Ukraine|Europe|369|Europe|
YE|887|Yemen|Middle East|678|Middle East|Yemen (North Yemen)
"""


def country(alpha2: str | None) -> Country | None:
    """The country of an ISO 3166-1 alpha-2 code, None where the table lacks it."""
    return _COUNTRIES.get(alpha2 or "")


def _read(line: str) -> tuple[str, Country]:
    alpha2, iso, name, acled_region, number, ucdp_region, ucdp_name = line.split("|")
    if not number:
        return alpha2, Country(int(iso), name, acled_region)
    return alpha2, Country(int(iso), name, acled_region, ucdp_name or name, int(number), ucdp_region)


_COUNTRIES = dict(_read(line) for line in _TABLE.split("\n") if line)
