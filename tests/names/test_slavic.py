"""Names of Russia, Ukraine and Belarus: spellings, languages' forms, roles, Cyrillic."""

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

from tumen.names import slavic
from tumen.names.slavic_given import full_names, short_names
from tumen.names.slavic_sound import code, distance, long_sound, single
from tumen.names.word import Role

SYNONYMS = (
    Path(__file__).parents[2] / "../shared/data/labelled/nk_person_name_synonyms.txt.gz"
).resolve()
WORDS = st.text(alphabet=string.ascii_lowercase + string.digits, min_size=1, max_size=14)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("shchegolev", "shchyogolev"),
        ("tsaryov", "tsariov"),
        ("timchenko", "timtchenko"),
        ("schewtschenko", "shevchenko"),
        ("jelzin", "yeltsin"),
        ("poutine", "putin"),
        ("soukhov", "sukhov"),
        ("emelyanov", "yemelyanov"),
        ("artyakov", "artjakov"),
        ("sergey", "sergei"),
        ("sergey", "sergej"),
        ("dmitry", "dmitrii"),
        ("yuryevich", "yurevich"),
        ("yuriiovych", "yurevich"),
        ("arkadyevich", "arkadiiovych"),
        ("iosifavitj", "yosifovich"),
        ("viktorovitj", "viktorovich"),
        ("sjapetska", "shapetska"),
        ("tkachou", "tkachev"),
        ("lukashenka", "lukashenko"),
        ("kacuba", "katsuba"),
        ("romanoff", "romanov"),
        ("zaritskiy", "zaritsky"),
        ("aleksej", "alexey"),
        ("kuznetsow", "kuznetsov"),
        ("vassiliev", "vasiliev"),
    ],
)
def test_one_name_under_two_rules_of_spelling(left: str, right: str) -> None:
    """A rule of transliteration never makes another name, nor another key."""
    assert slavic.similarity(left, right) == 1.0
    assert slavic.key(left) == slavic.key(right)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("milosevic", "miloshevich"),
        ("zujovic", "zhujovich"),
        ("cernov", "chernov"),
        ("kovacevic", "kovachevich"),
    ],
)
def test_a_lost_caron_is_a_small_slip(left: str, right: str) -> None:
    """A register without marks writes Milošević as Milosevic."""
    assert 0.8 <= slavic.similarity(left, right) < 1.0


@pytest.mark.parametrize(("left", "right"), [("sasin", "shashin"), ("zorin", "shorin")])
def test_short_names_are_not_the_same_for_a_caron(left: str, right: str) -> None:
    """In a few letters each tells; s is not sh where the whole name rests on it."""
    assert slavic.similarity(left, right) < 0.9


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("volodymyr", "vladimir"),
        ("uladzimir", "vladimir"),
        ("serhii", "sergey"),
        ("siarhei", "sergey"),
        ("oleksandr", "alexander"),
        ("aliaksandr", "aleksandr"),
        ("mykola", "nikolai"),
        ("mikalai", "nikolai"),
        ("pavlo", "pavel"),
        ("yevhen", "evgeny"),
        ("yauhen", "evgeny"),
        ("dzmitry", "dmitry"),
        ("dmytro", "dmitry"),
        ("katsiaryna", "ekaterina"),
        ("kateryna", "yekaterina"),
        ("sviatlana", "svetlana"),
        ("lidziya", "lidia"),
        ("stsiapan", "stepan"),
        ("halina", "galina"),
        ("volodymyrovych", "vladimirovich"),
        ("mikalayevich", "nikolaevich"),
        ("mykolaiovych", "nikolayevich"),
        ("radzivonawna", "rodionovna"),
        ("andriivna", "andreevna"),
        ("oleksandrivna", "aleksandrovna"),
        ("piatrouna", "petrovna"),
        ("magomed", "muhammad"),
    ],
)
def test_one_name_in_two_languages(left: str, right: str) -> None:
    """Russian, Ukrainian and Belarusian forms share a key and nearly the full likeness."""
    assert slavic.similarity(left, right) >= 0.93
    assert slavic.key(left) == slavic.key(right)


@pytest.mark.parametrize(
    ("left", "right", "lowest"),
    [
        ("sukharenka", "sukhorenko", 0.93),
        ("halavanau", "golovanov", 0.9),
        ("paulichenka", "pavlichenko", 0.93),
        ("kharichev", "harichev", 0.93),
        ("zacharova", "zakharova", 0.9),
        ("melnychuk", "melnichuk", 1.0),
        ("rotenberh", "rotenberg", 0.93),
        ("naumau", "naumov", 0.93),
    ],
)
def test_family_names_between_languages(left: str, right: str, lowest: float) -> None:
    """Belarusian a for o and u for v, Ukrainian h for g, German ch for kh cost little."""
    assert slavic.similarity(left, right) >= lowest


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("liza", "elizaveta"),
        ("sasha", "oleksandr"),
        ("sasha", "aleksandra"),
        ("katya", "ekaterina"),
    ],
)
def test_short_forms_are_plausible_only(left: str, right: str) -> None:
    """A short form is told from a spelling: it is worth 0.85."""
    assert slavic.similarity(left, right) == pytest.approx(0.85)


@pytest.mark.parametrize(
    ("left", "right"),
    [("putin", "putina"), ("zaritsky", "zaritskaya"), ("ivanovich", "ivanovna")],
)
def test_forms_for_men_and_women_are_told_apart(left: str, right: str) -> None:
    """The ending tells another person's sex, so likeness stays at 0.85, the key the same."""
    assert slavic.similarity(left, right) == pytest.approx(0.85)
    assert slavic.key(left) == slavic.key(right)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("beglova", "belova"),
        ("fomichev", "fomin"),
        ("savelyev", "savchenko"),
        ("vasiliev", "vasyuk"),
        ("ivanov", "ivanenko"),
        ("petrov", "petrenko"),
        ("karpov", "karpin"),
        ("kozlov", "kotlov"),
        ("orlov", "frolov"),
        ("rodina", "rodionova"),
        ("aleksandr", "aleksei"),
        ("maria", "marina"),
        ("anna", "yana"),
        ("aleksandr", "aleksandra"),
        ("oleksandr", "oleksandrovych"),
        ("valeryevich", "vasilyevich"),
        ("evgenievich", "sergeevich"),
        ("kuzin", "kozhin"),
    ],
)
def test_other_names_stay_other_names(left: str, right: str) -> None:
    """Short stems, other endings and known given names are judged strictly."""
    assert slavic.similarity(left, right) < 0.6


def test_one_slip_costs_less_in_a_longer_name() -> None:
    """A wrong consonant is plausible in nine sounds and another name in four."""
    assert slavic.similarity("streshinskiy", "streshimskiy") >= 0.7
    assert slavic.similarity("perevertayev", "perevertaev") == 1.0
    assert slavic.similarity("gromov", "gronov") < 0.6


@pytest.mark.parametrize(
    ("name", "roles"),
    [
        ("lukashenka viktar aliaksandravich", "surname given patronymic"),
        ("vashkevich vladimir", "surname given"),
        ("vashkevich vladimir vladimirovich", "surname given patronymic"),
        ("pavlovich ivan petrovich", "surname given patronymic"),
        ("rakhmanava maryna jurjewna", "surname given patronymic"),
        ("tselikaviets iryna aliaksandrawna", " given patronymic"),
        ("vladimir putin", "given surname"),
        ("aliyev ilham heydar oglu", "surname given patronymic particle"),
    ],
)
def test_roles_of_words(name: str, roles: str) -> None:
    """A patronymic may be left out without harm, so it must be found and not guessed."""
    words = slavic.read(tuple(name.split()))
    assert words is not None
    assert [word.role.value for word in words] == roles.split(" ")
    assert [word.text for word in words] == name.split()


@pytest.mark.parametrize(
    "name", ["kim jong un", "mao zedong", "jose garcia lopez", "muhammad saeed", "putin", ""]
)
def test_names_of_elsewhere_have_no_reading(name: str) -> None:
    """Without a typical word, or with one word alone, the culture does not speak."""
    assert slavic.read(tuple(name.split())) is None


def test_initials_are_no_role() -> None:
    """`Putin V V` keeps its initials as plain words for the engine."""
    words = slavic.read(("putin", "v", "v"))
    assert words is not None
    assert [word.role for word in words[1:]] == [Role.PLAIN, Role.PLAIN]


@pytest.mark.parametrize(
    ("cyrillic", "latin"),
    [
        ("Путин Владимир Владимирович", "Putin Vladimir Vladimirovich"),
        ("ЩЁГОЛЕВ", "SHCHYOGOLEV"),
        ("Евгений Алексеев", "Yevgeny Alekseyev"),
        ("Зеленський Володимир Олексійович", "Zelensky Volodymyr Oleksiyovych"),
        ("Сергій Гнатюк", "Serhiy Hnatyuk"),
        ("Лукашэнка Уладзімір Рыгоравіч", "Lukashenka Uladzimir Rygoravich"),
        ("Мар'яна Ґонта", "Maryana Gonta"),
        ("Пётр Ильич", "Pyotr Ilich"),
        ("Јован Петровић", "Jovan Petrovic"),
        ("Нұрсұлтан Әбішұлы", "Nursultan Abishuly"),
        ("Иванов (Ivanov) 김정은", "Ivanov (Ivanov) 김정은"),
        ("plain", "plain"),
    ],
)
def test_cyrillic_becomes_the_usual_latin(cyrillic: str, latin: str) -> None:
    """Russian, Ukrainian, Belarusian, Serbian and Kazakh letters; other text is left alone."""
    assert slavic.transliterate(cyrillic) == latin


@pytest.mark.parametrize(
    ("cyrillic", "listed"),
    [
        ("юрьевич", "yuryevich"),
        ("володимирович", "vladimirovich"),
        ("плышэўскі", "plyshevsky"),
        ("хабиров", "khabirov"),
        ("сергеевна", "sergeevna"),
    ],
)
def test_cyrillic_meets_listed_spellings(cyrillic: str, listed: str) -> None:
    """A Cyrillic name is compared as well as a Latin one."""
    assert slavic.similarity(slavic.transliterate(cyrillic), listed) >= 0.93


@given(WORDS, WORDS)
def test_similarity_is_a_symmetric_share(left: str, right: str) -> None:
    """Any two words: between 0 and 1, the same both ways, 1 for a word and itself."""
    assert 0.0 <= slavic.similarity(left, right) <= 1.0
    assert slavic.similarity(left, right) == slavic.similarity(right, left)
    assert slavic.similarity(left, left) == 1.0


@given(WORDS)
def test_a_key_is_never_empty(word: str) -> None:
    """An empty key would make unlike words candidates of each other."""
    assert slavic.key(word)


@given(st.lists(WORDS, max_size=6))
def test_a_reading_keeps_every_word(words: list[str]) -> None:
    """No word of a name is lost by reading it."""
    found = slavic.read(tuple(words))
    assert found is None or [word.text for word in found] == words


@given(WORDS, WORDS, WORDS)
def test_sounds_apart_grow_with_each_sound(left: str, right: str, more: str) -> None:
    """A distance is never negative, and common beginnings add nothing to it."""
    assert distance(left, right) >= 0.0
    assert distance(more + left, more + right) <= distance(left, right) + 1e-9


def test_every_form_of_the_table_is_found() -> None:
    """Each line of the table can be reached by each of its words."""
    text = files("tumen.names").joinpath("data/slavic_given.txt").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line and line[0] not in "#["]
    assert len(lines) > 200
    for line in lines:
        forms, _, short_forms = line.partition("|")
        name = forms.split()[0]
        assert all(name in full_names(single(long_sound(form))) for form in forms.split()), line
        shorts = (single(long_sound(form)) for form in short_forms.split())
        assert all(name in short_names(short) for short in shorts), line


def test_a_code_keeps_given_names_apart() -> None:
    """Folding a/o and g/h/kh must not make two common given names one."""
    names = """aleksei aleksandr andrei anton artem boris denis dmitry egor igor ilya ivan
    kirill konstantin maksim mikhail nikita nikolai oleg pavel roman ruslan sergei stepan"""
    found = {code(single(long_sound(name))) for name in names.split()}
    assert len(found) == len(names.split())


def test_real_cyrillic_synonyms() -> None:
    """Of real names given in both scripts most are found, and unlike ones hardly ever."""
    pairs = _synonyms()
    found = [slavic.similarity(latin, other) >= 0.8 for latin, other in pairs]
    # Neighbours in the file are often one name, so each meets one far away.
    shifted = zip(pairs, pairs[1000:], strict=False)
    wrong = [slavic.similarity(a[0], b[1]) >= 0.8 for a, b in shifted]
    assert sum(found) / len(found) >= 0.65
    assert sum(wrong) / len(wrong) <= 0.005


def _synonyms() -> list[tuple[str, str]]:
    if not SYNONYMS.exists():
        pytest.skip(f"real name synonyms are not at {SYNONYMS}")
    pairs = []
    with gzip.open(SYNONYMS, "rt", encoding="utf-8") as lines:
        for line in lines:
            forms = [form.strip() for form in line.partition("=>")[0].split(",")]
            latin = next((form for form in forms if re.fullmatch("[a-z]{4,}", form)), None)
            other = next((form for form in forms if re.fullmatch("[а-я]{4,}", form)), None)
            if latin and other:
                spelled = anyascii(slavic.transliterate(other)).lower()
                pairs.append((latin, re.sub("[^a-z]", "", spelled)))
            if len(pairs) == 5000:
                break
    return pairs
