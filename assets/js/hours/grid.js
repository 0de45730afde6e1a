// A grid of hours (rows) and days (columns), as the ARIA pattern has it: one cell is in the order of Tab, arrows move.
// A stroke changes a rectangle from where it began: to the pointer, or with Shift to the cell that has the focus.
import { DAY } from "./week.js";

const HOUR = 60;
const WAYS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
const ENDS = { Home: 0, End: 6 };

// now: the minutes of the week; show, keep: what to do with changed ones while a stroke goes on, and at its end.
export function follow(grid, { now, show, keep }) {
  const cells = [...grid.tBodies[0].rows].map((row) => [...row.querySelectorAll("td")]);
  const names = cells.map((row) => row.map((cell) => cell.getAttribute("aria-label")));
  let stroke = null;

  const isOpen = ([hour, day], minutes = now()) => countOf(minutes, hour, day) === HOUR;
  const begin = (at, opens) => (stroke = { at, opens, before: now().slice() });
  const paint = (to) => {
    const minutes = stroke.before.slice();
    const [hours, days] = [0, 1].map((side) => [stroke.at[side], to[side]].sort((one, other) => one - other));
    for (let day = days[0]; day <= days[1]; day += 1) {
      minutes.fill(Number(stroke.opens), day * DAY + hours[0] * HOUR, day * DAY + (hours[1] + 1) * HOUR);
    }
    return minutes;
  };
  const placeOf = (element) => {
    const cell = element?.closest("td[role=gridcell]");
    return cell && grid.contains(cell) ? [cell.parentElement.rowIndex - 1, cell.cellIndex - 1] : null;
  };
  const focus = ([hour, day]) => {
    grid.querySelector('[tabindex="0"]')?.setAttribute("tabindex", "-1");
    cells[hour][day].tabIndex = 0;
    cells[hour][day].focus();
  };

  grid.addEventListener("pointerdown", (event) => {
    const at = placeOf(event.target);
    if (!at || event.button || !event.isPrimary) return;
    event.preventDefault();
    focus(at);
    begin(at, !isOpen(at));
    stroke.pointer = event.pointerId;
    // Fingers keep their first target: what is under them is looked up below.
    grid.setPointerCapture(event.pointerId);
    show(paint(at));
  });
  grid.addEventListener("pointermove", (event) => {
    if (stroke?.pointer !== event.pointerId) return;
    const to = placeOf(document.elementFromPoint(event.clientX, event.clientY));
    if (to) show(paint((stroke.to = to)));
  });
  grid.addEventListener("pointerup", (event) => {
    if (stroke?.pointer !== event.pointerId) return;
    keep(paint(stroke.to ?? stroke.at));
    stroke = null;
  });
  grid.addEventListener("pointercancel", () => {
    if (stroke) show(stroke.before);
    stroke = null;
  });

  grid.addEventListener("keydown", (event) => {
    const at = placeOf(event.target);
    if (!at || event.altKey || event.metaKey) return;
    if (event.key === " ") {
      begin(at, !isOpen(at));
      keep(paint(at));
    } else if (event.key in WAYS && event.shiftKey) {
      if (!stroke) begin(at, isOpen(at));
      const to = moved(at, WAYS[event.key]);
      focus(to);
      keep(paint(to));
    } else if (event.key in WAYS || event.key in ENDS) {
      stroke = null;
      focus(event.key in WAYS ? moved(at, WAYS[event.key]) : [event.ctrlKey ? ENDS[event.key] && 23 : at[0], ENDS[event.key]]);
    } else return;
    event.preventDefault();
  });
  grid.addEventListener("focusout", (event) => {
    if (stroke?.pointer === undefined && !grid.contains(event.relatedTarget)) stroke = null;
  });
  cells[0][0].tabIndex = 0;

  return {
    show(minutes) {
      cells.forEach((row, hour) =>
        row.forEach((cell, day) => {
          const count = countOf(minutes, hour, day);
          const isPart = count > 0 && count < HOUR;
          cell.setAttribute("aria-selected", String(count > 0));
          cell.classList.toggle("is-part", isPart);
          cell.setAttribute("aria-label", isPart ? `${names[hour][day]}, ${grid.dataset.part}` : names[hour][day]);
        }),
      );
    },
  };
}

function countOf(minutes, hour, day) {
  const begin = day * DAY + hour * HOUR;
  return minutes.subarray(begin, begin + HOUR).reduce((sum, minute) => sum + minute, 0);
}

const moved = ([hour, day], [down, right]) => [clamp(hour + down, 23), clamp(day + right, 6)];
const clamp = (value, most) => Math.min(Math.max(value, 0), most);
