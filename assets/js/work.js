// The start page. A call opens beside its row where the screen has room; it is its own page, asked for as ever, so that
// opening it is an entry too. An act says in its row what came of it, also if somebody else was faster.
const desk = document.querySelector("[data-work]");
const part = desk.querySelector("[data-refresh]");
const side = desk.querySelector("[data-side]");
const content = side.querySelector("[data-content]");
const wide = matchMedia("(min-width: 64em)");
let current = ""; // id of the row whose call is open
let asked = null;
let isBusy = false; // until the answer is there, or the next page

addEventListener("pageshow", () => (isBusy = false));
side.querySelector("[data-close]").addEventListener("click", close);
desk.addEventListener("keydown", (event) => event.key === "Escape" && !side.hidden && close());
desk.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-beside]");
  if (!link || !wide.matches || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  open(link);
});
desk.addEventListener("submit", (event) => {
  event.preventDefault();
  if (!isBusy) send(event.target, event.submitter);
});

async function open(link) {
  asked?.abort();
  asked = new AbortController();
  const { signal } = asked;
  const { href } = link;
  current = link.closest("li").id;
  try {
    const page = await pageOf(await fetch(href, { signal }));
    if (page.call.length > 0) show(page, href);
    else tell(page.sentence || desk.dataset.away);
  } catch (error) {
    if (error.name !== "AbortError") location.assign(href);
  }
}

async function pageOf(answer) {
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const call = [...page.querySelectorAll("[data-call]")];
  return { call, title: page.querySelector("h1"), sentence: answer.ok ? "" : page.querySelector("main .intro")?.textContent };
}

function show({ title, call }, href) {
  const heading = document.createElement("h2");
  heading.append(...title.childNodes);
  isBusy = false;
  beside(heading, ...call.flatMap((each) => [...each.childNodes]));
  for (const form of content.querySelectorAll("form:not([action])")) form.setAttribute("action", href);
  side.querySelector("[data-page]").href = href;
}

function beside(...nodes) {
  content.replaceChildren(...nodes);
  desk.classList.add("desk--open");
  side.hidden = false;
  side.focus({ preventScroll: true });
}

// A button of a row that leads on to another page does so if the row still waits. Everything else is answered in place.
async function send(form, button) {
  isBusy = true;
  const row = button?.closest("li[id]");
  if (row) current = row.id;
  const action = button?.getAttribute("formaction") ?? form.action;
  try {
    if (row && !button.hasAttribute("data-stays")) await leadOn(form, button, action);
    else await answerInPlace(action, new FormData(form, button));
  } catch {
    tell(desk.dataset.away);
  }
}

async function leadOn(form, button, action) {
  const now = await fetch(part.dataset.refresh, { headers: { "X-Background": "1" }, redirect: "manual" });
  if (now.ok && !(await now.text()).includes(`id="${current}"`)) return tell(desk.dataset.gone);
  const sent = document.createElement("input");
  Object.assign(sent, { type: "hidden", name: button.name, value: button.value });
  if (button.name) form.append(sent);
  form.action = action;
  form.submit();
}

async function answerInPlace(action, body) {
  const answer = await fetch(action, { method: "POST", body, headers: { "X-In-Place": "1" }, redirect: "manual" });
  if (answer.type === "opaqueredirect") return location.assign(action); // it asks for more, such as to sign in again
  if (answer.headers.get("Content-Type")?.startsWith("text/plain")) return tell(await answer.text());
  const page = await pageOf(answer);
  if (page.call.length > 0) show(page, action);
  else tell(page.sentence || desk.dataset.away);
}

// The row has the focus then and no act any more, so that a key pressed twice does nothing.
function tell(sentence) {
  const row = document.getElementById(current);
  isBusy = false;
  if (!row) return beside(sentence);
  hide();
  for (const act of row.querySelectorAll("button, [data-act], time, .usa-tag, .work__said")) act.remove();
  const said = document.createElement("p");
  said.className = "work__said";
  said.textContent = sentence;
  row.append(said);
  row.tabIndex = -1;
  row.focus();
}

function close() {
  hide();
  document.getElementById(current)?.querySelector("a").focus();
}

function hide() {
  asked?.abort();
  side.hidden = true;
  desk.classList.remove("desk--open");
  content.replaceChildren();
}
