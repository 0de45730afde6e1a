// "I am there now": asks the phone where it is and writes that into latitude and longitude. The map follows.
for (const button of document.querySelectorAll("button[data-here]")) {
  if (!("geolocation" in navigator)) continue;
  const form = button.closest("form");
  const note = form.querySelector("[data-here-note]");
  button.hidden = false;
  button.addEventListener("click", () => {
    button.disabled = true;
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        for (const name of ["latitude", "longitude"]) {
          const input = form.elements[name];
          input.value = coords[name].toFixed(6);
          input.dispatchEvent(new Event("input", { bubbles: true }));
        }
        note.hidden = true;
        button.disabled = false;
      },
      () => {
        note.hidden = false;
        button.disabled = false;
      },
      { enableHighAccuracy: true, timeout: 15000 },
    );
  });
}
