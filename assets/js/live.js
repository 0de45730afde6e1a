// Live view: a tile for each running view of this page. Nothing is played that the portal did not hand out just now.
import { BACKGROUND, Tile } from "./live/tile.js";

const page = document.querySelector("[data-live-page]");

if (page) follow(page);

function follow(page) {
  const words = JSON.parse(document.getElementById("live-words").textContent);
  const tiles = new Map();
  let ahead = 0;

  const adopt = (root) => {
    for (const element of root.querySelectorAll("[data-live-tile]")) {
      if (tiles.has(element.dataset.view)) continue;
      const own = element.isConnected ? element : page.querySelector("[data-live-grid]").appendChild(element);
      tiles.set(element.dataset.view, new Tile(own, words));
    }
    arrange();
  };

  const arrange = () => {
    const grid = page.querySelector("[data-live-grid]");
    const shown = grid.querySelectorAll("[data-live-tile]").length;
    grid.dataset.columns = String(shown > 4 ? 3 : shown > 1 ? 2 : 1);
    page.querySelector("[data-live-none]").hidden = shown > 0;
  };

  // Views that were begun on another page of this incident join in.
  const reload = async () => {
    const answer = await fetch(window.location.href, { headers: BACKGROUND, redirect: "error" });
    if (answer.ok) adopt(new DOMParser().parseFromString(await answer.text(), "text/html"));
  };

  const ask = async () => {
    if (tiles.size > 0 && [...tiles.values()].every((tile) => tile.isElsewhere)) return;
    try {
      const answer = await fetch(page.dataset.state, { headers: BACKGROUND, redirect: "error" });
      if (!answer.ok) return;
      const said = await answer.json();
      ahead = said.now * 1000 - Date.now();
      for (const view of said.views) tiles.get(view.id)?.hear(view);
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

  // Whoever closes the page ends its views at once; otherwise the portal notices within half a minute.
  const leave = () => {
    const running = [...tiles.values()].filter((tile) => tile.isRunning);
    if (running.length === 0) return;
    const body = new FormData(page.querySelector("form[data-leave]"));
    for (const tile of running) body.append("view", tile.id);
    navigator.sendBeacon(page.dataset.leave, body);
  };

  // Two windows on the same views would end each other's: the one that was opened last has them.
  const windows = new BroadcastChannel(page.dataset.state);
  windows.onmessage = () => tiles.forEach((tile) => tile.handOver());
  windows.postMessage("opened");

  page.querySelectorAll("[data-without-script]").forEach((element) => element.remove());
  page.querySelectorAll("[data-with-script]").forEach((element) => (element.hidden = false));
  page.addEventListener("live-ended", arrange);
  window.addEventListener("pagehide", leave);
  window.addEventListener("pageshow", (event) => event.persisted && window.location.reload());
  adopt(page);
  tick();
  ask();
  setInterval(ask, 3000);
  setInterval(tick, 1000);
}
