// Suggestions below a field for an address, after the combobox pattern of the WAI-ARIA Authoring Practices. What is
// typed is posted to the portal alone. Without script the page finds the address when the form is sent.
const least = 3;
const pause = 150;

document.querySelectorAll("input[data-suggest]").forEach(offer);

function offer(input) {
  const form = input.form;
  const list = document.createElement("ul");
  const status = document.createElement("div");
  let places = [];
  let at = -1;
  let timer = 0;
  let asked = null;

  list.id = `${input.id}-places`;
  list.className = "suggestions";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", input.dataset.listLabel);
  list.hidden = true;
  status.className = "usa-sr-only";
  status.setAttribute("role", "status");
  input.after(list, status);
  set(input, { role: "combobox", "aria-autocomplete": "list", "aria-controls": list.id, "aria-expanded": "false", autocomplete: "off" });

  input.addEventListener("input", typed);
  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      close();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (list.hidden) return;
      event.preventDefault();
      point(event.key === "ArrowDown" ? (at + 1) % places.length : (at <= 0 ? places.length : at) - 1);
    } else if (event.key === "Enter" && at >= 0) {
      event.preventDefault();
      take(places[at]);
    }
  });
  input.addEventListener("blur", () => setTimeout(close, pause));
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const row = event.target.closest("[role=option]");
    if (row) take(places[[...list.children].indexOf(row)]);
  });
  // Somebody may type before a slow network has brought this script.
  if (input === document.activeElement && input.value !== input.defaultValue) typed();

  function typed() {
    choose("");
    clearTimeout(timer);
    asked?.abort();
    if (input.value.trim().length < least) return close();
    timer = setTimeout(ask, pause);
  }

  async function ask() {
    asked = new AbortController();
    const body = new URLSearchParams({ text: input.value, csrfmiddlewaretoken: form.querySelector("[name=csrfmiddlewaretoken]").value });
    try {
      const answer = await fetch(input.dataset.suggest, { method: "POST", body, signal: asked.signal, headers: { Accept: "application/json" } });
      if (!answer.ok) return say(answer.status === 429 ? input.dataset.wait : input.dataset.away);
      show((await answer.json()).places);
    } catch (error) {
      if (error.name !== "AbortError") say(input.dataset.away);
    }
  }

  function show(found) {
    places = found;
    at = -1;
    list.replaceChildren(...found.map(row));
    list.hidden = !found.length;
    input.setAttribute("aria-expanded", String(Boolean(found.length)));
    input.removeAttribute("aria-activedescendant");
    status.textContent = counted(found.length);
  }

  function counted(number) {
    if (!number) return input.dataset.none;
    return number === 1 ? input.dataset.countOne : input.dataset.count.replace("#", number);
  }

  function row(place, number) {
    const option = document.createElement("li");
    const label = document.createElement("strong");
    label.textContent = place.label;
    option.append(label, ` ${place.city} ${place.zip_code}`.trimEnd(), place.beside && ` (${place.beside})`);
    set(option, { id: `${list.id}-${number}`, role: "option", "aria-selected": "false" });
    return option;
  }

  function point(number) {
    list.children[at]?.setAttribute("aria-selected", "false");
    at = number;
    const row = list.children[at];
    row.setAttribute("aria-selected", "true");
    row.scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", row.id);
  }

  // The other fields of the form that the place fills in; the map listens to latitude and longitude.
  function take(place) {
    input.value = place.label;
    const { city, state, zip_code, latitude, longitude } = place;
    for (const [name, value] of Object.entries({ city, state, zip_code, latitude, longitude })) {
      const field = form.elements[input.getAttribute(`data-fills-${name.replace("_", "-")}`) ?? name];
      if (!field || value === "") continue;
      field.value = value;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
    choose(place.address);
    close();
    say(place.address);
    input.dispatchEvent(new CustomEvent("place-taken", { bubbles: true, detail: place }));
  }

  // Which of several places with such an address is meant, so that the page does not ask for it again.
  function choose(address) {
    const field = form.elements.meant;
    if (field?.type === "hidden") field.value = address;
  }

  function close() {
    list.hidden = true;
    at = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  function say(text) {
    close();
    status.textContent = text;
  }
}

function set(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
}
