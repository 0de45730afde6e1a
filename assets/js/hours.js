// Hours of a week, painted on a grid: with a finger, a mouse or the keyboard. The list of from and to below the grid is
// what is sent; without script it is all there is.
import { follow } from "./hours/grid.js";
import { listIn } from "./hours/list.js";
import { draw } from "./hours/picture.js";
import { minutesOf } from "./hours/week.js";

document.querySelectorAll("[data-hours]").forEach(offer);

function offer(section) {
  const list = listIn(section);
  const fold = section.querySelector("[data-list]");
  const picture = document.querySelector(`[data-picture="${section.dataset.hours}"] [data-bars]`);
  let minutes = list.read();

  const show = (changed) => {
    minutes = changed;
    grid.show(minutes);
    draw(picture, section.dataset.hours === "outside" && minutes.includes(1) ? minutes.map((minute) => 1 - minute) : minutes);
  };
  const keep = (changed) => {
    show(changed);
    list.write(changed);
  };
  const grid = follow(section.querySelector("[role=grid]"), { now: () => minutes, show, keep });

  for (const chip of section.querySelectorAll("[data-week]")) {
    chip.addEventListener("click", () => keep(minutesOf(JSON.parse(chip.dataset.week))));
  }
  fold.addEventListener("input", () => show(list.read()));
  fold.open = section.querySelector(".usa-error-message") !== null;
  section.querySelector("[data-painted]").hidden = false;
  show(minutes);
}
