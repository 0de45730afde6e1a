// The lines of from and to: days, and two times each. Its own options say which days one line can name.
import { DAY, minutesOf, stretchesOf } from "./week.js";

export function listIn(section) {
  const lines = () => [...section.querySelectorAll(".hours__line")];
  const fields = (line) => ["days", "from", "to"].map((part) => line.querySelector(`[name$="_${part}"]`));
  const spans = [...fields(lines()[0])[0].options].map((option) => option.value).filter(Boolean);

  const read = () => {
    const week = Array.from({ length: 7 }, () => []);
    for (const line of lines()) {
      const [days, from, to] = fields(line).map((field) => field.value);
      if (!days || !from || !to) continue;
      const begin = minuteOf(from);
      const end = minuteOf(to);
      for (const day of days) week[day].push([begin, end > begin ? end : end + DAY]);
    }
    return minutesOf(week);
  };

  const write = (minutes) => {
    const rows = rowsOf(minutes, spans);
    while (lines().length < rows.length) addLine(lines().at(-1));
    lines().forEach((line, number) => {
      const values = rows[number] ?? ["", "", ""];
      fields(line).forEach((field, part) => (field.value = values[part]));
    });
  };

  return { read, write };
}

function rowsOf(minutes, spans) {
  const days = new Map();
  for (const [day, begin, end] of stretchesOf(minutes)) {
    const times = `${clock(begin)} ${clock(end)}`;
    days.set(times, [...(days.get(times) ?? []), String(day)]);
  }
  return [...days].flatMap(([times, left]) => {
    const rows = [];
    for (const span of spans) {
      if (![...span].every((day) => left.includes(day))) continue;
      left = left.filter((day) => !span.includes(day));
      rows.push([span, ...times.split(" ")]);
    }
    return rows;
  });
}

// A line like the last one, with the next number in its names and its words.
function addLine(last) {
  const number = Number(last.querySelector("select").name.match(/\d+/)[0]);
  const next = document.createElement("div");
  next.innerHTML = last.outerHTML.replaceAll(`${number}_`, `${number + 1}_`).replaceAll(`(${number + 1})`, `(${number + 2})`);
  last.after(next.firstElementChild);
}

const minuteOf = (time) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));
const clock = (minute) => [Math.floor(minute / 60) % 24, minute % 60].map((part) => String(part).padStart(2, "0")).join(":");
