// [data-examples="url" data-of="field"]: shows what the server makes of a field while somebody types.
document.querySelectorAll("[data-examples]").forEach(follow);

function follow(element) {
  const field = element.closest("form")?.elements.namedItem(element.dataset.of);
  if (!field) return;
  let waiting;

  const show = async () => {
    const query = new URLSearchParams({ [field.name]: field.value });
    try {
      const answer = await fetch(`${element.dataset.examples}?${query}`, { redirect: "error" });
      if (answer.ok) element.innerHTML = await answer.text();
    } catch {
      // Away for a moment: the button "Show examples" does the same.
    }
  };

  field.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(show, 250);
  });
}
