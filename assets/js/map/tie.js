// What is drawn and its row in the list light each other up. Where the row can be ticked, what is drawn shows that it is,
// and a press on it ticks; elsewhere a press leads to the row.
export function tie(drawn, row) {
  const element = drawn.getElement();
  const tick = row.querySelector("[data-tick]");
  const light = (isLit) => {
    element.classList.toggle("is-lit", isLit || Boolean(tick?.checked));
    row.classList.toggle("is-lit", isLit);
    drawn.setZIndexOffset?.(isLit ? 1000 : 0);
  };
  for (const [name, isLit] of Object.entries({ mouseenter: true, mouseleave: false, focusin: true, focusout: false })) {
    row.addEventListener(name, () => light(isLit));
  }
  drawn.on("mouseover", () => light(true));
  drawn.on("mouseout", () => light(false));
  drawn.on("click", () => (tick ? tick.click() : visit(row)));
  row.closest("form")?.addEventListener("change", () => light(false));
  light(false);
}

// For a mouse. By keyboard the list itself is one stop; hundreds of markers would be hundreds.
export function visit(row) {
  row.setAttribute("tabindex", "-1");
  row.scrollIntoView({ block: "center" });
  row.focus({ preventScroll: true });
}
