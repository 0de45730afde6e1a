// Live view: a tile for each view of this page. Nothing is played that the portal did not hand out just now.
import { arranged } from "./live/arrangement.js";
import { BACKGROUND, Tile } from "./live/tile.js";

const page = document.querySelector("[data-live-page]");

if (page) follow(page);

function follow(page) {
  const words = JSON.parse(document.getElementById("live-words").textContent);
  const tiles = new Map();
  const wall = arranged(page, tiles);
  let ahead = 0;

  const adopt = (root) => {
    for (const element of root.querySelectorAll("[data-live-tile]")) {
      if (tiles.has(element.dataset.view)) continue;
      const own = element.isConnected ? element : wall.grid.appendChild(element);
      own.querySelectorAll("[data-with-script]").forEach((shown) => (shown.hidden = false));
      tiles.set(element.dataset.view, new Tile(own, words));
    }
    wall.arrange();
  };

  // Views that were begun elsewhere, or again, join in.
  const reload = async () => {
    const answer = await fetch(window.location.href, { headers: BACKGROUND, redirect: "error" });
    if (answer.ok) adopt(new DOMParser().parseFromString(await answer.text(), "text/html"));
  };

  const ask = async () => {
    const known = [...tiles.values()];
    if (known.length > 0 && known.every((tile) => tile.isElsewhere)) return;
    try {
      const answer = await fetch(page.dataset.state, { headers: BACKGROUND, redirect: "error" });
      if (!answer.ok) return;
      const said = await answer.json();
      ahead = said.now * 1000 - Date.now();
      const until = page.querySelector("[data-until]");
      if (until.textContent !== said.until) until.textContent = said.until;
      for (const view of said.views) tiles.get(view.id)?.hear(view);
      wall.arrange();
      const running = said.views.filter((view) => !view.over);
      if (running.some((view) => !tiles.has(view.id))) await reload();
    } catch {
      // Each tile says by itself that the line is gone.
    }
  };

  const tick = () => {
    const now = new Date(Date.now() + ahead);
    for (const tile of tiles.values()) tile.tick(now);
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
  windows.onmessage = () => tiles.forEach((tile) => tile.handOver());
  windows.postMessage("opened");

  page.querySelectorAll("[data-without-script]").forEach((element) => element.remove());
  page.querySelectorAll("[data-with-script]").forEach((element) => (element.hidden = false));
  page.addEventListener("live-ended", wall.arrange);
  window.addEventListener("pageshow", (event) => event.persisted && window.location.reload());
  adopt(page);
  tick();
  ask();
  setInterval(ask, 3000);
  setInterval(tick, 1000);
}
