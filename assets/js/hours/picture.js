// The small picture of a week beside a choice.
import { cut, DAY, stretchesOf } from "./week.js";

export function draw(bars, minutes) {
  const pieces = stretchesOf(minutes).flatMap(([day, begin, end]) => cut(day * DAY + begin, day * DAY + end));
  bars.replaceChildren(...pieces.map(([day, begin, end]) => bar({ x: begin, y: day, width: end - begin, height: 0.8 })));
}

function bar(places) {
  const drawn = document.createElementNS("http://www.w3.org/2000/svg", "rect");
  for (const [name, value] of Object.entries(places)) drawn.setAttribute(name, value);
  return drawn;
}
