"""The built styles fit the templates, and load nothing from elsewhere."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
STYLES = sorted((ROOT / "static" / "css").glob("*.css"))
PAPERS = [path for room in ("audit", "registry", "shop", "templates") for path in (ROOT / room).rglob("*.css")]
OF_ALL_PAPERS = ROOT / "templates" / "paper.css"
RULE = re.compile(r"([^{};]+){([^{}]+)}")
MOST_STYLES = 62_500
COMPUTED = "\0"


def styles(*, paper: bool = False) -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in [*STYLES, *(PAPERS if paper else [])])


def classes_of(template: Path) -> set[str]:
    """Return the class names that a template writes out; computed ones are left out."""
    text = re.sub(r"{#.*?#}|{%\s*comment.*?endcomment\s*%}", "", template.read_text(encoding="utf-8"), flags=re.DOTALL)
    text = re.sub(r"{%\s*(?:if|elif|else|endif).*?%}", " ", text)
    text = re.sub(r"{%.*?%}|{{.*?}}", COMPUTED, text)
    names = {name for value in re.findall(r'\bclass="([^"]*)"', text) for name in value.split()}
    return {name for name in names if COMPUTED not in name}


def test_every_class_in_a_template_has_a_rule() -> None:
    ruled = set(re.findall(r"\.(-?[A-Za-z_][\w-]*)", styles(paper=True)))
    pages = [path for path in (ROOT / "templates").rglob("*.html") if "messages" not in path.parts]
    unknown = {str(page.relative_to(ROOT)): sorted(classes_of(page) - ruled) for page in pages}
    assert {page: names for page, names in unknown.items() if names} == {}


def declarations(path: Path) -> set[tuple[str, str]]:
    """Return what a sheet declares of each selector, without the declarations that hold other rules."""
    rules = RULE.findall(path.read_text(encoding="utf-8"))
    return {(names.strip(), one.strip()) for names, all_of in rules for one in all_of.split(";") if one.strip()}


def test_a_paper_repeats_nothing_of_the_sheet_that_all_papers_begin_with() -> None:
    shared = declarations(OF_ALL_PAPERS)
    assert ("table", "border-collapse: collapse") in shared
    own = [path for path in PAPERS if path not in {OF_ALL_PAPERS, ROOT / "templates" / "theme.css"}]
    repeated = {str(path.relative_to(ROOT)): sorted(declarations(path) & shared) for path in own}
    assert {path: lines for path, lines in repeated.items() if lines} == {}
    assert [path for path in own if "@font-face" in path.read_text(encoding="utf-8")] == []


def test_styles_stay_within_their_weight() -> None:
    assert (ROOT / "static" / "css" / "portal.css").stat().st_size <= MOST_STYLES


def test_styles_ask_only_for_files_that_are_here() -> None:
    asked = set(re.findall(r"""url\(["']?([^"')#]+)["']?\)""", styles()))
    assert asked
    assert {address for address in asked if not (ROOT / "static" / "css" / address).resolve().is_file()} == set()


def test_scripts_are_bundled_whole() -> None:
    for script in (ROOT / "static" / "js").glob("*.js"):
        text = script.read_text(encoding="utf-8")
        assert not re.search(r"""(?:from|import)\s*\(?["'](?:https?:|\.{0,2}/)""", text), script.name
        assert not re.search(r"\beval\(|new Function\(", text), script.name
