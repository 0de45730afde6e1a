// A week as its minutes: 1 where something is open. integration/sharing/hours.py does the same.
export const DAY = 1440;
const WEEK = 7 * DAY;

// week: for each day, Monday first, its stretches [from, to] in minutes; an end above 1440 is on the next day.
export function minutesOf(week) {
  const minutes = new Uint8Array(WEEK);
  week.forEach((stretches, day) => {
    for (const [begin, end] of stretches) {
      for (let minute = begin; minute < end; minute += 1) minutes[(day * DAY + minute) % WEEK] = 1;
    }
  });
  return minutes;
}

// Return [day, from, to] of each stretch: one that ends the next morning whole, a day or longer cut at each midnight.
export function stretchesOf(minutes) {
  if (!minutes.includes(0)) return cut(0, WEEK);
  const found = [];
  for (let begin = 0; begin < WEEK; begin += 1) {
    if (!minutes[begin] || minutes[(begin || WEEK) - 1]) continue;
    let end = begin;
    while (minutes[end % WEEK]) end += 1;
    found.push(...(end - begin < DAY ? [stretch(begin, end)] : cut(begin, end)));
  }
  return found;
}

export function cut(begin, end) {
  const found = [];
  for (let from = begin; from < end; ) {
    const to = Math.min(end, from - (from % DAY) + DAY);
    found.push(stretch(from, to));
    from = to;
  }
  return found;
}

const stretch = (begin, end) => [Math.floor(begin / DAY) % 7, begin % DAY, (begin % DAY) + end - begin];
