// The numbers of each camera's entries: from the highest on the page down, none may be missing.

// Returns for each camera its name, the highest and lowest number on the page, and the first that is missing.
// last: whether the page ends with the oldest entries, so that each camera's must go down to 1.
export function countDown(rows, last) {
  const cameras = new Map();
  for (const row of rows) {
    const camera = cameras.get(row.dataset.camera) ?? { name: row.dataset.name, numbers: new Set() };
    camera.numbers.add(Number(row.dataset.number));
    cameras.set(row.dataset.camera, camera);
  }
  return [...cameras.values()].map(({ name, numbers }) => {
    const high = Math.max(...numbers);
    const low = last ? 1 : Math.min(...numbers);
    let missing = high;
    while (missing >= low && numbers.has(missing)) missing -= 1;
    return { name, high, low, missing: missing < low ? null : missing };
  });
}
