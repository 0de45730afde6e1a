// Words come translated from the page: <li data-word="sending">...</li>.

export function wordsOf(form) {
  const found = new Map([...form.querySelectorAll("[data-word]")].map((item) => [item.dataset.word, item.textContent.trim()]));
  return (key) => found.get(key) ?? key;
}

// Spanish as the server writes it: 1.5, not 1,5 (as in Mexico and the United States).
const language = () => ({ es: "es-US" })[document.documentElement.lang] ?? (document.documentElement.lang || "en");

export function size(bytes) {
  const units = ["byte", "kilobyte", "megabyte", "gigabyte"];
  const step = bytes < 1 ? 0 : Math.min(3, Math.floor(Math.log2(bytes) / 10));
  const digits = step < 1 ? 0 : 1;
  const said = new Intl.NumberFormat(language(), { style: "unit", unit: units[step], unitDisplay: step ? "short" : "long", maximumFractionDigits: digits });
  return said.format(bytes / 1024 ** step).replace("kB", "KB");
}

export function time(seconds) {
  const [value, unit] = seconds < 90 ? [seconds, "second"] : seconds < 5400 ? [seconds / 60, "minute"] : [seconds / 3600, "hour"];
  return new Intl.NumberFormat(language(), { style: "unit", unit, unitDisplay: "long", maximumFractionDigits: 0 }).format(Math.max(1, Math.round(value)));
}
