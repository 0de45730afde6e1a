// Live view: a tile for each view of this page. Nothing is played that the portal did not hand out just now.
import { arranged } from "./live/arrangement.js";
import { Lines } from "./live/lines.js";
import { BACKGROUND, Tile } from "./live/tile.js";

const ANSWERS_WITHIN = 5000;
const QUICK = 1000;

// Seconds.
const LATE = 1;

const page = document.querySelector("[data-live-page]");

if (page) follow(page);

function follow(page) {
  const words = JSON.parse(document.getElementById("live-words").textContent);
  const tiles = new Map();
  const wall = arranged(page, tiles);
  const lines = new Lines(() => ask());
  lines.pass = JSON.parse(document.getElementById("live-pass")?.textContent ?? '""');
  let ahead, asked;
  let hasLeft = false;

  const adopt = (root) => {
    for (const element of root.querySelectorAll("[data-live-tile]")) {
      if (tiles.has(element.dataset.view)) continue;
      const own = element.ownerDocument === document ? element : wall.grid.appendChild(element);
      own.querySelectorAll("[data-with-script]").forEach((shown) => (shown.hidden = false));
      tiles.set(element.dataset.view, new Tile(own, words));
    }
    settle();
  };

  const settle = () => {
    lines.settle([...tiles.values()]);
    wall.arrange();
  };

  // Views that were begun elsewhere, or again, join in.
  const reload = async () => {
    const answer = await fetch(window.location.href, { headers: BACKGROUND, redirect: "error" });
    if (answer.ok) adopt(new DOMParser().parseFromString(await answer.text(), "text/html"));
  };

  // The sign-in has ended: the picture goes now, and not when the next page has come. Nothing disturbs that page's coming.
  const leave = () => {
    hasLeft = true;
    tiles.forEach((tile) => tile.stop());
    settle();
    window.location.reload();
  };

  const ask = () => (asked ??= askNow().finally(() => (asked = null)));

  const askNow = async () => {
    const known = [...tiles.values()];
    if (hasLeft || (known.length > 0 && known.every((tile) => tile.isElsewhere))) return;
    try {
      const began = Date.now();
      const signal = AbortSignal.timeout(ANSWERS_WITHIN);
      const over = known.filter((tile) => !tile.isRunning).map((tile) => tile.id);
      const address = `${page.dataset.state}${over.length > 0 ? `?waits=${over}` : ""}`;
      const answer = await fetch(address, { headers: BACKGROUND, redirect: "manual", signal });
      if (answer.type === "opaqueredirect") return leave();
      if (!answer.ok) return;
      const said = await answer.json();
      const ended = Date.now();
      // A slow answer says little of the time: it may have been made at its beginning, or at its end.
      if (ahead === undefined || ended - began < QUICK) ahead = said.now * 1000 - (began + ended) / 2;
      lines.pass = said.pass;
      const until = page.querySelector("[data-until]");
      if (until.textContent !== said.until) until.textContent = said.until;
      for (const view of said.views) tiles.get(view.id)?.hear(view);
      for (const id of over) tiles.get(id)?.offerAgain(said.again.includes(id));
      settle();
      const running = said.views.filter((view) => !view.over);
      if (running.some((view) => !tiles.has(view.id))) await reload();
    } catch {
      // Each tile says by itself that the line is gone.
    }
  };

  const tick = () => {
    const now = new Date(Date.now() + (ahead ?? 0));
    tiles.forEach((tile) => tile.tick(now));
    if (ahead === undefined) return;
    // On a slow line a refusal comes late as well, so the page asks for itself.
    if ([...tiles.values()].map((tile) => tile.tellBehind(now)).some((seconds) => seconds > LATE)) ask();
    lines.renew(now);
  };

  // A view that began again takes the place of the one that ended.
  page.addEventListener("live-again", async (event) => {
    const { tile, view } = event.detail;
    await reload();
    const again = tiles.get(view);
    if (!again || again === tile) return;
    tiles.delete(tile.id);
    wall.replace(tile.element, again.element);
  });

  // A page that goes can't tell whether it is closed or loaded again, so it says nothing. A closed one asks no more,
  // and the portal ends its views within half a minute; one that is loaded again asks on, and its views go on.

  // Two windows on the same views would end each other's: the one that was opened last has them.
  const windows = new BroadcastChannel(page.dataset.state);
  windows.onmessage = () => {
    tiles.forEach((tile) => tile.handOver());
    settle();
  };
  windows.postMessage("opened");

  page.querySelectorAll("[data-without-script]").forEach((element) => element.remove());
  page.querySelectorAll("[data-with-script]").forEach((element) => (element.hidden = false));
  page.addEventListener("live-ended", settle);
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) return;
    lines.look();
    tiles.forEach((tile) => tile.picture.resume());
  });
  window.addEventListener("pageshow", (event) => event.persisted && window.location.reload());
  adopt(page);
  tick();
  ask();
  setInterval(ask, 3000);
  setInterval(tick, 1000);
}
