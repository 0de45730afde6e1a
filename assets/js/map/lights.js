// What is drawn of one thing and all rows about it ([data-lights]) light each other up, rows that come later too. A press
// on what is drawn leads to its first row, or to its page if it has none.
import { visit } from "./tie.js";

const drawn = new Map();

for (const [type, isLit] of Object.entries({ mouseover: true, mouseout: false, focusin: true, focusout: false })) {
  document.addEventListener(type, (event) => {
    const row = event.target.closest("[data-lights]");
    if (row) light(row.dataset.lights, isLit);
  });
}

export function lights(layer, name, url) {
  drawn.set(name, [...(drawn.get(name) ?? []), layer]);
  layer.on("mouseover", () => light(name, true));
  layer.on("mouseout", () => light(name, false));
  layer.on("click", () => {
    const [row] = rowsOf(name);
    if (row) visit(row);
    else if (url) location.assign(url);
  });
}

export const forget = () => drawn.clear();

const rowsOf = (name) => document.querySelectorAll(`[data-lights="${CSS.escape(name)}"]`);

function light(name, isLit) {
  for (const layer of drawn.get(name) ?? []) {
    layer.getElement()?.classList.toggle("is-lit", isLit);
    layer.setZIndexOffset?.(isLit ? 1000 : 0);
  }
  for (const row of rowsOf(name)) row.classList.toggle("is-lit", isLit);
}
