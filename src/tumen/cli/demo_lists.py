"""The demo's lists as they stood before they changed, made from the starter pack of today.

What was listed later is left out; what `earlier.xml` tells of entries comes in its place.
"""

from __future__ import annotations

import csv
import shutil
from copy import deepcopy
from datetime import date
from pathlib import Path

from lxml import etree

from tumen.demo import EARLIER, LISTS

_SPACE = "{https://sanctionslistservice.ofac.treas.gov/api/PublicationPreview/exports/ENHANCED_XML}"
_OFAC, _JOURNALS = "sdn_enhanced.xml", "3201*.csv"
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True)


def write_earlier_lists(folder: Path) -> date:
    """Put the starter pack as it stood into `folder`; the day on which it did."""
    shutil.copytree(LISTS, folder, dirs_exist_ok=True)
    earlier = etree.parse(EARLIER, _PARSER).getroot()
    day = date.fromisoformat(str(earlier.get("asOf")))
    ofac = etree.parse(folder / _OFAC, _PARSER)
    _set_back(ofac.getroot(), earlier, day)
    ofac.write(folder / _OFAC, encoding="utf-8", xml_declaration=True)
    for journal in folder.glob(_JOURNALS):
        _cut_off(journal, day)
    return day


def _set_back(root: etree._Element, earlier: etree._Element, day: date) -> None:
    stated = root.find(f"{_SPACE}publicationInfo/{_SPACE}dataAsOf")
    entities = root.find(f"{_SPACE}entities")
    assert stated is not None
    assert entities is not None
    stated.text = f"{day}T00:00:00"
    for entity in list(entities):
        listed = entity.find(f"{_SPACE}sanctionsLists/{_SPACE}sanctionsList")
        published = listed.get("datePublished") if listed is not None else None
        if published and date.fromisoformat(str(published)) > day:
            entities.remove(entity)
    known = {entity.get("id"): entity for entity in entities}
    for then in earlier:
        now = known.get(then.get("id"))
        if now is None:
            entities.append(deepcopy(then))
        else:
            _replace_parts(now, then)


def _replace_parts(entity: etree._Element, then: etree._Element) -> None:
    for part in then:
        present = entity.find(part.tag)
        assert present is not None
        entity.replace(present, deepcopy(part))


def _cut_off(journal: Path, day: date) -> None:
    """Leave what the regulation's annexes held by then, in a file that is dated so."""
    head, *lines = csv.reader(journal.read_text("utf-8").splitlines())
    begins = head.index("startDate")
    held = [line for line in lines if _day(line[begins]) <= day]
    journal.unlink()
    if held:
        dated = journal.with_name(f"{journal.name.partition('_')[0]}_{day}.csv")
        with dated.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows([head, *held])


def _day(text: str) -> date:
    day, month, year = map(int, text.split("."))
    return date(year, month, day)
