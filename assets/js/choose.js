// Cameras to see live: the button says how many are ticked, the nearest are ticked at one press, and a page that could
// not begin so many says so before it is pressed. The server asks again.
const form = document.querySelector("[data-choose]");
const panel = form?.querySelector(".choose");

if (panel) follow();

function follow() {
  const ticks = [...form.querySelectorAll("[data-tick]")];
  const begin = panel.querySelector("[data-begin]");
  const said = panel.querySelector("[data-said]");
  const { viewWord, none, many } = panel.dataset;

  const count = () => {
    const ticked = ticks.filter((tick) => tick.checked).length;
    const over = ticked - Number(form.dataset.room);
    begin.textContent = ticked > 0 ? `${viewWord} ${ticked}` : viewWord;
    begin.disabled = ticked === 0 || over > 0;
    said.textContent = over > 0 ? `${many} ${over}.` : ticked === 0 ? none : "";
  };

  for (const nearest of panel.querySelectorAll("[data-nearest]")) {
    nearest.hidden = ticks.length < 2;
    nearest.addEventListener("click", () => {
      ticks.forEach((tick, place) => (tick.checked = place < Number(nearest.dataset.nearest)));
      form.dispatchEvent(new Event("change"));
    });
  }
  form.addEventListener("change", count);
  count();
}
