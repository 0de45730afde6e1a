// Single keys do nothing while somebody types, with another key held, or once they are turned off (WCAG 2.1.4).
export const OFF = "keys-off";

export function free(event) {
  const held = event.ctrlKey || event.altKey || event.metaKey;
  return !held && localStorage.getItem(OFF) === null && !types(event.target);
}

function types(target) {
  return target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]") !== null;
}
