// The wall: how many tiles are side by side, which key enlarges which, and where the next reason is typed.
const KEYS = "123456789abcdefg";
const SIDES = [1, 2, 3, 4];

export function arranged(page, tiles) {
  const grid = page.querySelector("[data-live-grid]");
  const shown = () => [...grid.children];

  const arrange = () => {
    const elements = shown();
    const side = SIDES.find((side) => side * side >= elements.length) ?? SIDES.at(-1);
    grid.dataset.columns = String(side);
    grid.toggleAttribute("data-large", elements.some((element) => element.classList.contains("live-tile--large")));
    elements.forEach((element, place) => name(element, KEYS[place] ?? ""));
    page.querySelector("[data-live-none]").hidden = elements.length > 0;
    const runs = [...tiles.values()].some((tile) => tile.isRunning);
    page.querySelector("form[data-leave]").hidden = !runs;
    page.querySelector("[data-longer]").hidden = !runs;
  };

  const name = (element, key) => {
    const button = element.querySelector("[data-enlarge]");
    if (!button) return;
    button.dataset.key = key;
    button.querySelector("[data-number]").textContent = key;
  };

  // One tile is large, or none: the same press again brings all back.
  const enlarge = (element) => {
    const wasLarge = element.classList.contains("live-tile--large");
    for (const each of shown()) {
      const large = each === element && !wasLarge;
      each.classList.toggle("live-tile--large", large);
      each.querySelector("[data-enlarge]")?.setAttribute("aria-pressed", String(large));
    }
    arrange();
    if (!wasLarge) element.scrollIntoView({ block: "nearest" });
  };

  // Whose time is to be longer: the large one, the one with the focus, or the one that ends first.
  const longer = () => {
    const running = [...tiles.values()].filter((tile) => tile.isRunning);
    const [soonest] = running.sort((one, other) => one.endsAt - other.endsAt);
    const chosen =
      running.find((tile) => tile.element.classList.contains("live-tile--large")) ??
      running.find((tile) => tile.element.contains(document.activeElement)) ??
      soonest;
    chosen?.askLonger();
  };

  const replace = (old, next) => {
    if (old.classList.contains("live-tile--large")) next.classList.add("live-tile--large");
    old.replaceWith(next);
    arrange();
    next.querySelector("h2").focus();
  };

  grid.addEventListener("click", (event) => {
    const button = event.target.closest("[data-enlarge]");
    if (button) enlarge(button.closest("section"));
  });
  page.querySelector("[data-longer]").addEventListener("click", longer);
  return { grid, arrange, replace };
}
