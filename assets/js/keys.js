// Single keys for a page that somebody works through: each presses what names it, j and k move along a stack.
// They can be turned off (WCAG 2.1.4), which the browser remembers; nothing happens while somebody types.
// A key that decides counts when it comes up again, once a page: held down, it decides nothing on the next card.
import { free, OFF } from "./keys/typing.js";

const note = document.querySelector("[data-keys]");
const choice = document.querySelector("[data-keys-on]");
// Read anew at each press: some lists are fetched again. A row may have a second link, its act.
const stack = () => [...document.querySelectorAll("[data-stack] a:not([data-act])")];
let down = "";
let done = false;

if (note && choice) {
  note.hidden = false;
  choice.checked = localStorage.getItem(OFF) === null;
  choice.addEventListener("change", () => {
    if (choice.checked) localStorage.removeItem(OFF);
    else localStorage.setItem(OFF, "1");
  });
  document.addEventListener("keydown", pressed);
  document.addEventListener("keyup", released);
  addEventListener("blur", () => (down = ""));
  addEventListener("pageshow", () => (done = false));
}

function pressed(event) {
  if (!free(event)) return;
  const named = find(event.key);
  if (named && !(event.key === "Enter" && event.target !== document.body)) {
    event.preventDefault();
    if (event.repeat || done) return;
    if (named.matches("button")) down = event.key;
    else follow(named);
  } else if (stack().length > 0 && (event.key === "j" || event.key === "k")) {
    event.preventDefault();
    move(event.key === "j" ? 1 : -1);
  }
}

function released(event) {
  const named = event.key === down && free(event) ? find(event.key) : null;
  down = "";
  if (named && !done) follow(named);
}

function follow(named) {
  done = !named.matches("[type=button]"); // such a button leads nowhere else
  named.click();
}

function find(key) {
  return document.querySelector(`[data-key="${CSS.escape(key)}"]`);
}

function move(step) {
  const rows = stack();
  const here = rows.findIndex((link) => (link.closest("li") ?? link).contains(document.activeElement));
  const next = here === -1 ? (step > 0 ? 0 : rows.length - 1) : here + step;
  rows[Math.min(Math.max(next, 0), rows.length - 1)].focus();
}
