// The box of every console page: / goes to it, Escape leaves it for where one was.
import { free } from "./keys/typing.js";

const box = document.querySelector("[data-find]");
let before = null;

document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || !free(event) || document.querySelector("dialog[open]")) return;
  event.preventDefault();
  before = document.activeElement;
  box.focus();
  box.select();
});

box.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  event.preventDefault();
  box.blur();
  before?.focus();
});
