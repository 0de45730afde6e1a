// tbody[data-fold]: its first line says how many more there are, and its button shows them. Without script all are shown.
export function foldRepeated(log) {
  for (const body of log.querySelectorAll("tbody[data-fold]")) fold(body);
  if (location.hash.startsWith("#entry-")) document.getElementById(location.hash.slice(1))?.scrollIntoView({ block: "center" });
}

function fold(body) {
  const [first, ...rest] = body.rows;
  const button = first.querySelector("button");
  const show = (isOpen) => {
    button.setAttribute("aria-expanded", String(isOpen));
    for (const row of rest) row.hidden = !isOpen;
  };
  button.hidden = false;
  button.addEventListener("click", () => show(rest[0].hidden));
  show(rest.some((row) => `#${row.id}` === location.hash));
}
