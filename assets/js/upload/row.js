// One file's row: name, progress, state in words, buttons. Knows nothing of the network.
import { size, time } from "./words.js";

export class Row {
  constructor(list, template, file, words) {
    this.words = words;
    this.element = template.content.firstElementChild.cloneNode(true);
    this.part("name").textContent = `${file.name} (${size(file.size)})`;
    this.part("bar").setAttribute("aria-label", file.name);
    for (const action of ["pause", "remove"]) {
      const button = this.part(action);
      button.setAttribute("aria-label", `${button.textContent.trim()}: ${file.name}`);
    }
    list.append(this.element);
  }

  part(name) {
    return this.element.querySelector(`[data-part="${name}"]`);
  }

  /** States are announced; the running figures are not, they would drown everything else. */
  say(state, detail = "") {
    this.element.className = `upload upload--${state}`;
    this.part("state").textContent = [this.words(state), detail].filter(Boolean).join(" ");
    if (state !== "sending") this.part("figures").textContent = "";
    this.part("pause").hidden = !["sending", "paused", "failed"].includes(state);
    this.part("remove").hidden = ["checking", "received", "removed"].includes(state); // what is given stays
    this.part("bar").hidden = ["ready", "received", "failed", "refused", "removed"].includes(state);
    const label = this.words(state === "sending" ? "pause" : "resume");
    this.part("pause").textContent = label;
    this.part("pause").setAttribute("aria-label", `${label}: ${this.part("bar").getAttribute("aria-label")}`);
  }

  progress({ sent, total, speed }) {
    const percent = total ? Math.floor((100 * sent) / total) : 0;
    this.part("bar").value = percent;
    const figures = [`${percent} %`];
    if (speed > 0) {
      figures.push(`${size(speed)}/s`);
      figures.push(`${this.words("left")} ${time((total - sent) / speed)}`);
    }
    this.part("figures").textContent = figures.join(" · ");
  }

  remove() {
    const next = this.element.nextElementSibling ?? this.element.closest("form").querySelector("[data-choose]");
    this.element.remove();
    (next?.querySelector?.("button") ?? next)?.focus();
  }
}
