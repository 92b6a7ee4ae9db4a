"""How much of what reads language is patterns is counted, and the readers of details keep theirs short."""

from __future__ import annotations

from pathlib import Path

from evaluation.patterns import ROOT, counted

LONGEST = 200


def test_the_readers_of_details_have_no_long_pattern() -> None:
    mine = [one for one in counted(ROOT) if one.path.startswith(("language/fields/", "office/enquiries/"))]
    assert mine and {one.path: one.longest for one in mine if one.longest > LONGEST} == {}


def test_strings_of_patterns_and_lists_of_words_are_counted_once(tmp_path: Path) -> None:
    module = tmp_path / "language" / "read.py"
    module.parent.mkdir()
    module.write_text(
        'import re\n_PART = r"abc"\n_ONE = re.compile(rf"{_PART}de")\n_TWO = re.compile(rf"{_PART}f")\nWORDS = "a b c d e f g h i j".split()\nFEW = ("k", "l")\n'
    )
    words = tmp_path / "language" / "lexicon" / "words.txt"
    words.parent.mkdir()
    words.write_text("# where it is from\none two\n")
    assert [(one.path, one.patterns, one.longest, one.words) for one in counted(tmp_path)] == [
        ("language/read.py", 6, 5, 19),
        ("language/lexicon/words.txt", 0, 0, 7),
    ]
