"""Names of the Muslim world: romanisations, compounds, roles, Arabic and Persian script."""

from __future__ import annotations

import gzip
import re
import string
from importlib.resources import files
from pathlib import Path

import pytest
from anyascii import anyascii
from hypothesis import given
from hypothesis import strategies as st

from tumen.names import arabic
from tumen.names.arabic_compound import compound
from tumen.names.arabic_sound import hear
from tumen.names.arabic_table import folded, latin_of, same_names
from tumen.names.word import Role

SYNONYMS = (
    Path(__file__).parents[2] / "../shared/data/labelled/nk_person_name_synonyms.txt.gz"
).resolve()
WORDS = st.text(alphabet=string.ascii_lowercase + string.digits, min_size=1, max_size=14)
PARTS = st.sampled_from(
    ("abd", "al", "abu", "bin", "ullah", "din", "eddine", "haji", "umar", "pour", "rahman", "reza")
)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("muhammad", "mohammed"),
        ("muhammad", "mohamed"),
        ("muhammad", "mahomed"),
        ("husayn", "hussein"),
        ("hosein", "hussain"),
        ("uthman", "osman"),
        ("othman", "usman"),
        ("jamal", "djamel"),
        ("qadhafi", "gaddafi"),
        ("kadafi", "ghathafi"),
        ("yusuf", "youssef"),
        ("walid", "oualid"),
        ("sahrawi", "sahraoui"),
        ("ramadan", "romdhane"),
        ("rida", "reza"),
        ("hudroj", "hodrooj"),
        ("awlaki", "aulaqi"),
        ("abdulrahman", "abdirahman"),
        ("abdurrahman", "abderrahmane"),
        ("abdallah", "abdollah"),
        ("saifullah", "sayfallah"),
        ("attiya", "attieh"),
    ],
)
def test_one_name_under_two_romanisations(left: str, right: str) -> None:
    """Vowels, doubled letters and the letters of one sound make no other name or key."""
    assert arabic.similarity(left, right) == 1.0
    assert arabic.key(left) == arabic.key(right)


@pytest.mark.parametrize(
    ("left", "right", "lowest"),
    [
        ("nasreddine", "nasseredine", 0.85),
        ("laghub", "laagoub", 0.9),
        ("bouchoucha", "bushusha", 0.9),
        ("masouti", "msouti", 0.85),
        ("shehadeh", "chehadeh", 0.9),
        ("celik", "chelik", 0.9),
        ("abdulrahim", "abdurrochim", 0.85),
        ("saqr", "saqer", 0.85),
        ("damush", "daghmoush", 0.75),
        ("jalahmah", "jalamah", 0.75),
    ],
)
def test_near_romanisations(left: str, right: str, lowest: float) -> None:
    """What one country hears as another letter, or does not hear, costs little."""
    assert arabic.similarity(left, right) >= lowest


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ("muhammad", "mehmet", 0.9),
        ("jamal", "gamal", 0.9),
        ("yusuf", "joseph", 0.9),
        ("heshmatollah", "heshmat", 0.85),
        ("abdulkader", "kader", 0.65),
        ("najmuddin", "najm", 0.8),
    ],
)
def test_lesser_likeness_is_graded(left: str, right: str, expected: float) -> None:
    """Another language's form or a compound cut short is likely, not the same."""
    assert arabic.similarity(left, right) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("hassan", "husayn"),
        ("salim", "salam"),
        ("salim", "sulaiman"),
        ("karim", "akram"),
        ("karim", "karam"),
        ("ahmad", "hamid"),
        ("ahmad", "mahmud"),
        ("ahmad", "muhammad"),
        ("mahmud", "muhammad"),
        ("hamid", "mahmud"),
        ("jamil", "jamal"),
        ("said", "saad"),
        ("nasir", "nasr"),
        ("rahimi", "salimi"),
        ("kazemi", "hashemi"),
        ("makhluf", "maruf"),
        ("abdulrahman", "abdulrahim"),
        ("abdulkarim", "abdulhakim"),
        ("nasruddin", "nasrullah"),
        ("saifuddin", "najmuddin"),
        ("abuhafs", "abuumar"),
    ],
)
def test_colliding_skeletons_stay_other_names(left: str, right: str) -> None:
    """Names that share consonants differ by the length and place of their vowels."""
    assert arabic.similarity(left, right) < 0.6


@pytest.mark.parametrize(
    "name",
    [
        "abd al rahman zahid",
        "abdul rahman zahid",
        "abd al-rahman zahid",
        "abdurrahman zahid",
        "abdelrahman zahid",
        "abdal rahman zahid",
        "abdirahman zahid",
        "abdolrahman zahid",
    ],
)
def test_the_servant_of_the_merciful_is_one_word(name: str) -> None:
    """All joinings of Abd al-Rahman read alike."""
    words = arabic.read(tuple(re.split("[ -]", name)))
    assert words is not None
    assert [word.text for word in words] == ["abdrahman", "zahid"]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("nasr al din ghazi", "nasrdin ghazi"),
        ("nasr aldin ghazi", "nasrdin ghazi"),
        ("saif ullah ahmad", "saifallah ahmad"),
        ("soleimani gholamreza", "soleimani gholam reza"),
        ("kazemi mohammadreza", "kazemi mohammad reza"),
        ("abdollah pour mohammad", "abdollahpur mohammad"),
        ("zia ur rahman madani", "zia rahman madani"),
        ("ziaurrahman madani", "zia rahman madani"),
        ("haq abdul", "abdhaq"),
        ("elkaddafi saif al arab", "kaddafi saif arab"),
        ("al assad bashar", "assad bashar"),
    ],
)
def test_compounds_and_articles(name: str, expected: str) -> None:
    """Joined or split, with or without the article, in the list's odd order: one reading."""
    words = arabic.read(tuple(name.split()))
    assert words is not None
    assert " ".join(word.text for word in words) == expected


@pytest.mark.parametrize(
    ("name", "text", "role"),
    [
        ("umar abu hafs", "abuhafs", Role.KUNYA),
        ("umar abou hafs", "abuhafs", Role.KUNYA),
        ("abu abd al rahman ali", "abuabdrahman", Role.KUNYA),
        ("sofiane abousofiane", "abusofiane", Role.KUNYA),
        ("abu bakr umar", "abubakr", Role.PLAIN),
        ("hamid al tikriti", "tikriti", Role.ORIGIN),
        ("walid tikritawi", "tikritawi", Role.ORIGIN),
        ("usama bin ladin", "bin", Role.PARTICLE),
        ("haji umar khalil", "haji", Role.PARTICLE),
        ("mullah umar khalil", "mullah", Role.PARTICLE),
        ("umar khalil khan", "khan", Role.ORIGIN),
    ],
)
def test_roles_of_words(name: str, text: str, role: Role) -> None:
    """A kunya, an origin or a title weighs less than a name, so it must be told."""
    words = arabic.read(tuple(name.split()))
    assert words is not None
    assert (text, role) in words


def test_a_title_alone_is_a_name() -> None:
    """Hafiz Saeed: where only one word would be left, a title counts as a given name."""
    words = arabic.read(("hafiz", "saeed"))
    assert words is not None
    assert [word.role for word in words] == [Role.PLAIN, Role.PLAIN]


@pytest.mark.parametrize("name", ["kim jong un", "john smith", "ivan petrov", "muhammad", ""])
def test_names_of_elsewhere_have_no_reading(name: str) -> None:
    """Without a telling word, or with one word alone, the culture does not speak."""
    assert arabic.read(tuple(name.split())) is None


@pytest.mark.parametrize(
    ("script", "latin"),
    [
        ("محمد علي الحبو", "muhammad ali al hbu"),
        ("عبد القادر لاغوب", "abd al qadir laghub"),
        ("عبدالرحمان زاهد", "abd al rahman zahid"),
        ("مُحَمَّد حسين", "muhammad hussein"),
        ("محمد حسین", "muhammad hussein"),
        ("عتیق الله ولی محمد", "atiq allah wali muhammad"),
        ("نورالدین", "nur al din"),
        ("سیف‌الله", "saif allah"),
        ("فاطمة", "fatima"),
        ("صدام التكريتي", "saddam al tikriti"),
        ("انتصار العبيدي", "intisar al ubaydi"),
        ("Ali (علي) Иван", "Ali (ali) Иван"),
        ("١٢۳", "123"),
    ],
)
def test_script_becomes_latin(script: str, latin: str) -> None:
    """Common names as usually spelled, the rest without the vowels the script leaves out."""
    assert arabic.transliterate(script) == latin


@pytest.mark.parametrize(
    ("script", "listed"),
    [
        ("طلفاح", "tilfah"),
        ("لونيسي", "lounici"),
        ("خنافر", "khanafir"),
        ("العولقي", "awlaqi"),
        ("الكاشف", "kashef"),
        ("محفوظ", "mahfouz"),
        ("رستمی", "rostami"),
    ],
)
def test_script_meets_listed_spellings(script: str, listed: str) -> None:
    """Letters without short vowels are still the listed name."""
    word = arabic.transliterate(script).removeprefix("al ")
    assert arabic.similarity(word, listed) >= 0.75


@given(WORDS, WORDS)
def test_similarity_is_a_symmetric_share(left: str, right: str) -> None:
    """Any two words: between 0 and 1, the same both ways, 1 for a word and itself."""
    assert 0.0 <= arabic.similarity(left, right) <= 1.0
    assert arabic.similarity(left, right) == arabic.similarity(right, left)
    assert arabic.similarity(left, left) == 1.0


@given(WORDS)
def test_a_key_is_never_empty(word: str) -> None:
    """An empty key would make unlike words candidates of each other."""
    assert arabic.key(word)


@given(st.lists(WORDS | PARTS, max_size=7))
def test_a_reading_has_words(words: list[str]) -> None:
    """Whatever articles and openings stand together, a reading has words, none empty."""
    found = arabic.read(tuple(words))
    assert found is None or (found and all(word.text for word in found))


@given(WORDS)
def test_vowels_stand_around_consonants(word: str) -> None:
    """Words with as many consonants can be compared place by place, and none is without a core."""
    sound = hear(word)
    assert len(sound.vowels) == len(sound.consonants) + 1
    assert compound(word).core


@given(st.text(max_size=20))
def test_transliteration_leaves_no_arabic_letter(text: str) -> None:
    """Whatever the text, no letter of the basic Arabic block is left."""
    assert not re.search("[\u0621-\u063a\u0641-\u064a]", arabic.transliterate(text))


def test_every_spelling_of_the_table_is_found() -> None:
    """Each line of the table is reached by its Latin and its Arabic spellings."""
    text = files("tumen.names").joinpath("data/arabic_names.txt").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    assert len(lines) > 300
    for line in lines:
        name, scripts, spellings, _forms = (field.split() for field in line.split(";"))
        assert all(name[0] in same_names(spelling) for spelling in (*name, *spellings)), line
        assert all(latin_of(folded(script)) for script in scripts), line


def test_real_script_synonyms() -> None:
    """Of real names in both scripts most are found, and unlike ones hardly ever."""
    pairs = _synonyms()
    found = [arabic.similarity(latin, other) >= 0.7 for latin, other in pairs]
    # Neighbours in the file are often one name, so each meets one far away.
    shifted = zip(pairs, pairs[1000:], strict=False)
    wrong = [arabic.similarity(a[0], b[1]) >= 0.7 for a, b in shifted]
    assert sum(found) / len(found) >= 0.6
    assert sum(wrong) / len(wrong) <= 0.01


def _synonyms() -> list[tuple[str, str]]:
    if not SYNONYMS.exists():
        pytest.skip(f"real name synonyms are not at {SYNONYMS}")
    pairs = []
    with gzip.open(SYNONYMS, "rt", encoding="utf-8") as lines:
        for line in lines:
            forms = [form.strip() for form in line.partition("=>")[0].split(",")]
            latin = next((form for form in forms if re.fullmatch("[a-z]{4,}", form)), None)
            other = next(
                (form for form in forms if re.fullmatch("[\u0621-\u064a]{3,}", form)), None
            )
            if latin and other:
                spelled = anyascii(arabic.transliterate(other)).lower()
                pairs.append((latin, re.sub("[^a-z]", "", spelled)))
            if len(pairs) == 4000:
                break
    return pairs
