// The picture of entries over time: what is under the pointer is said, and a stretch that is dragged across becomes the
// days of the search. The filters for days, and the table below the picture, do the same without a pointer.
export function brush(picture) {
  const bars = [...picture.querySelectorAll("g")];
  const figure = picture.closest("figure");
  const said = figure.querySelector("[data-said]");
  const form = document.querySelector("form.log-search");
  let from = -1;

  picture.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    picture.setPointerCapture(event.pointerId);
    from = under(event);
    mark(from, from);
  });
  picture.addEventListener("pointermove", (event) => {
    const at = under(event);
    if (from < 0) said.textContent = bars[at].dataset.label;
    else mark(from, at);
  });
  picture.addEventListener("pointerup", (event) => {
    if (from < 0) return;
    const [first, last] = ends(from, under(event));
    from = -1;
    form.elements.since.value = bars[first].dataset.since;
    form.elements.until.value = bars[last].dataset.until;
    form.requestSubmit();
  });
  picture.addEventListener("pointercancel", forget);
  picture.addEventListener("pointerleave", () => from < 0 && forget());
  document.addEventListener("keydown", (event) => event.key === "Escape" && forget());

  function under(event) {
    const { left, width } = picture.getBoundingClientRect();
    const at = Math.floor(((event.clientX - left) / width) * bars.length);
    return Math.min(Math.max(at, 0), bars.length - 1);
  }

  function mark(one, other) {
    const [first, last] = ends(one, other);
    bars.forEach((bar, number) => bar.classList.toggle("is-chosen", number >= first && number <= last));
    const { since } = bars[first].dataset;
    const { until } = bars[last].dataset;
    said.textContent = since === until ? since : `${since} – ${until}`;
  }

  function forget() {
    from = -1;
    said.textContent = "";
    for (const bar of bars) bar.classList.remove("is-chosen");
  }
}

const ends = (one, other) => (one < other ? [one, other] : [other, one]);
