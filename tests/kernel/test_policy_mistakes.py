"""One bad policy file for each mistake: the refusal names file, key and line, and shows what is right."""

import re
from pathlib import Path

import pytest

from sanyi.kernel import file_codes
from sanyi.kernel.policy import PolicyBook, codes
from sanyi.kernel.refusals import RefusalKind, RefusedError

FOLDER = Path(__file__).parent / "policy_mistakes"
FILES = sorted(FOLDER.glob("*.yaml"))
LOOKUPS = {"policy.key_unknown", "policy.value_not_found", "policy.value_expected"}
NOT_IN_ONE_FILE = {"policy.no_files", "policy.declared_twice", "file.missing", "file.too_large"}
EXAMPLE_WORDS = ("例如", "示例", "写", "另存为")


def expectation(file: Path) -> dict[str, str]:
    head = file.read_bytes().split(b"\n")[:3]
    found = (re.fullmatch(r"# (code|words|line): (.*)", line.decode()) for line in head)
    return {match[1]: match[2] for match in found if match}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_each_mistake_is_named_with_file_key_line_and_remedy(file: Path) -> None:
    expected = expectation(file)
    with pytest.raises(RefusedError) as refused:
        PolicyBook.load(file)
    found = {refusal.code: refusal for refusal in refused.value.refusals}
    assert list(found) == [expected["code"]], str(refused.value)
    refusal = found[expected["code"]]
    assert expected["words"] in refusal.text()
    assert refusal.place.file == str(file)
    assert str(refusal.place.line) == expected["line"]
    assert any(word in refusal.remedy() for word in EXAMPLE_WORDS)
    if refusal.code.startswith("policy.") and refusal.code != "policy.file_not_a_mapping":
        assert refusal.place.key


def kinds() -> set[str]:
    declared = [*vars(codes).values(), *vars(file_codes).values()]
    return {kind.code for kind in declared if isinstance(kind, RefusalKind)}


def test_every_kind_of_mistake_has_a_file() -> None:
    shown = {expectation(file)["code"] for file in FILES}
    assert kinds() - shown - LOOKUPS - NOT_IN_ONE_FILE == set()


def test_all_mistakes_of_all_files_are_reported_together() -> None:
    with pytest.raises(RefusedError) as refused:
        PolicyBook.load(FOLDER / "from_missing.yaml", FOLDER / "unit_missing.yaml", FOLDER / "overlap.yaml")
    found = {(refusal.code, Path(refusal.place.file or "").stem) for refusal in refused.value.refusals}
    assert ("policy.from_missing", "from_missing") in found
    assert ("policy.unit_missing", "unit_missing") in found


def test_a_key_declared_in_two_files_is_refused_naming_the_first(tmp_path: Path) -> None:
    text = (FOLDER / "unit_missing.yaml").read_text().replace("  values", "  unit: fen\n  values")
    (tmp_path / "a.yaml").write_text(text)
    (tmp_path / "b.yaml").write_text(text.replace("140830", "370682"))
    with pytest.raises(RefusedError) as refused:
        PolicyBook.load(tmp_path)
    (refusal,) = refused.value.refusals
    assert refusal.code == "policy.declared_twice"
    assert "a.yaml" in refusal.message()
    assert (refusal.place.file, refusal.place.line) == (str(tmp_path / "b.yaml"), 4)


def test_a_folder_without_policy_and_a_missing_file_are_refused(tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match="没有政策文件"):
        PolicyBook.load(tmp_path)
    with pytest.raises(RefusedError, match="找不到文件"):
        PolicyBook.load(tmp_path / "none.yaml")


def test_a_huge_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "huge.yaml").write_bytes(b"#" * 5_000_001)
    with pytest.raises(RefusedError, match="字节"):
        PolicyBook.load(tmp_path)
