// [data-chips] on a field with suggestions: each is a button under it, in a row or around a compass.
// Without script the browser's own list does the same.
document.querySelectorAll("[data-chips]").forEach(offer);

function offer(field) {
  const group = document.createElement("div");
  group.className = `chips chips--${field.dataset.chips}`;
  group.setAttribute("role", "group");
  group.setAttribute("aria-labelledby", labelOf(field).id);
  const chips = [...field.list.options].map((option) => chipFor(option.value, option.dataset.means));
  group.append(...chips);
  field.before(group);
  field.addEventListener("input", press);
  press();

  function chipFor(words, means) {
    const chip = document.createElement("button");
    chip.type = "button";
    chip.className = "chip";
    chip.textContent = words;
    if (means) chip.dataset.means = means;
    chip.addEventListener("click", () => {
      field.value = chip.getAttribute("aria-pressed") === "true" ? "" : words;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    });
    return chip;
  }

  function press() {
    const typed = field.value.trim().toLowerCase();
    for (const chip of chips) {
      const isChosen = [chip.textContent, chip.dataset.means].some((words) => words?.toLowerCase() === typed);
      chip.setAttribute("aria-pressed", String(isChosen));
    }
  }
}

function labelOf(field) {
  const [label] = field.labels;
  label.id ||= `${field.id}_label`;
  return label;
}
