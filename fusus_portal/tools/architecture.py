"""`make picture` draws the picture of docs/architecture.md from the imports of the code.

Boxes are the layers of the import contract "Apps, from top to bottom"; an app laid out by noun shows its nouns. One
more box wires everything: packages and modules that no layer imports.
"""

import sys
from collections.abc import Collection, Iterable, Iterator
from configparser import ConfigParser
from dataclasses import dataclass
from pathlib import Path

from grimp import build_graph

CHECKOUT = Path(__file__).resolve().parents[2]
PAGE = CHECKOUT / "docs" / "architecture.md"
BEGIN, END = "```mermaid\n", "```\n"
WIRING = "wiring"

Arrow = tuple[str, str]
"""Importing and imported module; or the two boxes of an arrow in the picture."""

Layer = tuple[str, ...]
"""Packages that are side by side in a layer of the import contract."""


@dataclass(frozen=True)
class Code:
    """All modules and their imports. layers: from top to bottom. parts: names of a noun's modules, as "services"."""

    modules: frozenset[str]
    imports: frozenset[Arrow]
    layers: tuple[Layer, ...]
    parts: frozenset[str]

    def layer_of(self, module: str) -> int | None:
        """Return the index of a module's layer from the top, None if it is in no layer."""
        names = _two(module), module.partition(".")[0]
        return next((place for place, layer in enumerate(self.layers) for name in names if name in layer), None)

    def children(self, package: str) -> set[str]:
        return {module for module in self.modules if module.rpartition(".")[0] == package}

    def nouns(self, app: str) -> list[str]:
        """Return the nouns of an app: packages with modules named in `parts`; [] if the app itself has such modules."""
        folders = [child for child in self.children(app) if self.children(child)]
        if any(_last(folder) in self.parts for folder in folders):
            return []
        return sorted(folder for folder in folders if self.parts & {_last(child) for child in self.children(folder)})

    def wiring(self) -> list[str]:
        """Return packages and modules that are in no layer, and that no module of a layer imports."""
        used = {_two(imported) for importer, imported in self.imports if self.layer_of(importer) is not None}
        found = {_two(module) for module in self.modules if self.layer_of(module) is None and "." in module}
        return sorted(found - used)


def read() -> Code:
    contracts = ConfigParser()
    contracts.read(CHECKOUT / ".importlinter", encoding="utf-8")
    packages = contracts["importlinter"]["root_packages"].split()
    graph = build_graph(*packages, exclude_type_checking_imports=True)
    found = {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}
    return Code(
        modules=frozenset(found),
        imports=frozenset((importer, imported) for importer, all_of_it in found.items() for imported in all_of_it),
        layers=tuple(_layers(contracts["importlinter:contract:apps"]["layers"])),
        parts=frozenset(name for layer in _layers(contracts["importlinter:contract:noun"]["layers"]) for name in layer),
    )


def picture(code: Code) -> str:
    down, up = between_layers(code)
    lines = [
        f'{WIRING}["wires everything: {_title(code.wiring())}"]',
        *(line for layer in code.layers for line in _box(code, layer)),
        *(f"{one} --> {other}" for one, other in reduced(down)),
        *(f"{one} -.-> {other}" for one, other in sorted(up)),
    ]
    return "".join(f"{line}\n" for line in ["flowchart TB", *(f"    {line}" for line in lines)])


def between_layers(code: Code) -> tuple[set[Arrow], set[Arrow]]:
    """Return arrows from upper layers to lower ones, and arrows up. An arrow up begins at the noun that imports."""
    wiring, down, up = code.wiring(), set(), set()
    for importer, imported in code.imports:
        above, below = code.layer_of(importer), code.layer_of(imported)
        if below is None:
            continue
        target = _id(code.layers[below][0])
        if above is None:
            down |= {(WIRING, target)} if _two(importer) in wiring else set()
        elif above < below:
            down.add((_id(code.layers[above][0]), target))
        elif above > below:
            layer = code.layers[above]
            up.add((_id(_in(importer, code.nouns(layer[0])) or layer[0]), target))
    return down, up


def between_nouns(code: Code, nouns: Collection[str]) -> set[Arrow]:
    """Return arrows from noun to noun whose services it calls. If two call each other, only calls by services count."""
    calls, acts = set(), set()
    for importer, imported in code.imports:
        one, other = _in(importer, nouns), _in(imported, nouns)
        if one and other and one != other and "services" in imported.split("."):
            calls.add((one, other))
            if "services" in importer.split("."):
                acts.add((one, other))
    return {(one, other) for one, other in calls if (other, one) not in calls or (one, other) in acts}


def reduced(arrows: Iterable[Arrow]) -> list[Arrow]:
    """Return the arrows, except those whose two boxes a path of other arrows joins as well."""
    left = set(arrows)
    for arrow in sorted(left):
        if _leads(*arrow, over=left - {arrow}):
            left.remove(arrow)
    return sorted(left)


def redrawn(page: str, new: str) -> str:
    before, _begin, rest = page.partition(BEGIN)
    return f"{before}{BEGIN}{new}{END}{rest.partition(END)[2]}"


def _leads(one: str, other: str, *, over: Collection[Arrow]) -> bool:
    reached: set[str] = set()
    waiting = [one]
    while waiting:
        here = waiting.pop()
        new = {end for begin, end in over if begin == here} - reached
        reached |= new
        waiting += new
    return other in reached


def _box(code: Code, layer: Layer) -> Iterator[str]:
    nouns = code.nouns(layer[0]) if len(layer) == 1 else []
    if not nouns:
        yield f'{_id(layer[0])}["{_title(layer)}"]'
        return
    yield f"subgraph {_id(layer[0])}"
    yield from (f"    {_id(noun)}[{_last(noun)}]" for noun in nouns)
    yield from (f"    {_id(one)} --> {_id(other)}" for one, other in reduced(between_nouns(code, nouns)))
    yield "end"


def _layers(lines: str) -> Iterator[Layer]:
    for line in lines.split("\n"):
        if names := line.translate(str.maketrans("|:()", "    ")).split():
            yield tuple(names)


def _in(module: str, packages: Iterable[str]) -> str:
    return next((package for package in packages if f"{module}.".startswith(f"{package}.")), "")


def _two(module: str) -> str:
    return ".".join(module.split(".")[:2])


def _last(module: str) -> str:
    return module.rpartition(".")[2]


def _id(module: str) -> str:
    return module.replace(".", "_")


def _title(layer: Iterable[str]) -> str:
    return ", ".join(_last(name) for name in layer)


def main() -> int:
    PAGE.write_text(redrawn(PAGE.read_text(encoding="utf-8"), picture(read())), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
