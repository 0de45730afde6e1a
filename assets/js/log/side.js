// j and k go down and up the list, Enter opens an entry beside it where the screen has room, and Escape closes it. The
// keys work while the focus is in the list or at the side alone. An entry at the side is its own page, asked for as ever,
// so that opening it is an entry too.
const wide = matchMedia("(min-width: 80em)");

export function offerSide(log) {
  const side = log.querySelector("[data-side]");
  const content = side.querySelector("[data-content]");
  let current = document.getElementById(location.hash.slice(1));
  let asked = null;

  document.querySelector("[data-keys]").hidden = false;
  if (current) mark(current);
  side.querySelector("[data-close]").addEventListener("click", close);
  log.addEventListener("click", (event) => {
    const link = event.target.closest("tbody th a");
    if (!link || !wide.matches || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    open(link);
  });
  log.addEventListener("focusin", (event) => {
    const row = event.target.closest("tr[id]");
    if (row && !side.contains(row)) mark(row);
  });
  log.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select, textarea")) return;
    if (event.key === "j" || event.key === "k") {
      event.preventDefault();
      go(event.key === "j" ? 1 : -1);
    } else if (event.key === "Escape" && !side.hidden) {
      event.preventDefault();
      close();
    }
  });

  function go(step) {
    const rows = [...log.querySelectorAll(".log-table tbody tr[id]")].filter((row) => !row.hidden && !side.contains(row));
    const at = rows.indexOf(current);
    const row = rows[at < 0 ? 0 : Math.min(Math.max(at + step, 0), rows.length - 1)];
    row.querySelector("th a").focus();
  }

  function mark(row) {
    current?.removeAttribute("aria-current");
    current = row;
    row.setAttribute("aria-current", "true");
  }

  async function open(link) {
    mark(link.closest("tr"));
    asked?.abort();
    asked = new AbortController();
    side.querySelector("[data-page]").href = link.href;
    try {
      const answer = await fetch(link.href, { signal: asked.signal });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const entry = page.querySelector("[data-entry]");
      if (answer.ok && !entry) return location.assign(link.href); // signed out meanwhile
      if (entry) show(page.querySelector("h1"), entry);
      else content.textContent = side.dataset.away;
    } catch (error) {
      if (error.name === "AbortError") return;
      content.textContent = side.dataset.away;
    }
    history.replaceState(null, "", `#${current.id}`);
    log.classList.add("log-desk--open");
    side.hidden = false;
    side.focus({ preventScroll: true });
    side.scrollIntoView({ block: "nearest" }); // at the end of the list its top would be above the window
  }

  function show(title, entry) {
    const heading = document.createElement("h2");
    heading.append(...title.childNodes);
    content.replaceChildren(heading, ...entry.childNodes);
  }

  function close() {
    asked?.abort();
    side.hidden = true;
    log.classList.remove("log-desk--open");
    content.replaceChildren();
    current?.querySelector("th a").focus();
  }
}
