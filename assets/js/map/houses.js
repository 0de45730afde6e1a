// House numbers at the streets of a map that is near, and the words for the spot of its pin. Both are posted to the
// portal, so that no log holds a spot; without an answer the map works as before.
import L from "leaflet";

const NEAR = 18;
const MOVED_M = 60;
const SNAP_M = 25;
const PAUSE = 250;
const WIDE = 40;
const HIGH = 20;

/** Draw numbers as the map moves. `snap` leads a point to the house beside it; `say` puts its words into the page. */
export function addHouses(map, element, markers) {
  const form = element.closest("form");
  const url = element.dataset.around;
  if (!url || !form) return { snap: (point) => point, say: () => {} };
  const words = form.querySelector("[data-where]");
  const layer = L.layerGroup().addTo(map);
  let houses = [];
  let middle = null;
  let said = null;
  let timer = 0;

  map.on("moveend", draw);
  draw();

  async function draw() {
    const center = map.getCenter();
    if (map.getZoom() < NEAR) {
      layer.clearLayers();
      middle = null;
      return;
    }
    if (!middle || map.distance(middle, center) > MOVED_M) {
      middle = center;
      const told = await ask(center);
      if (!told || middle !== center) return;
      houses = told.houses;
    }
    layer.clearLayers();
    for (const { number, latitude, longitude } of readable(houses)) {
      const drawn = { icon: markers.number(number), interactive: false, keyboard: false, zIndexOffset: -10_000 };
      L.marker([latitude, longitude], drawn).addTo(layer);
    }
  }

  // The closest comes first: a number that would lie on one of them is left out.
  function readable(near) {
    const taken = [];
    return near.filter(({ latitude, longitude }) => {
      const at = map.latLngToLayerPoint([latitude, longitude]);
      const isFree = taken.every(({ x, y }) => Math.abs(x - at.x) >= WIDE || Math.abs(y - at.y) >= HIGH);
      if (isFree) taken.push(at);
      return isFree;
    });
  }

  function snap(point) {
    const near = houses.filter(({ exact }) => exact).map(({ latitude, longitude }) => L.latLng(latitude, longitude));
    near.sort((one, other) => map.distance(one, point) - map.distance(other, point));
    return near.length && map.distance(near[0], point) <= SNAP_M ? near[0] : point;
  }

  function say(point) {
    said = point;
    clearTimeout(timer);
    timer = setTimeout(async () => {
      const told = await ask(point);
      if (!told || said !== point) return;
      words.textContent = told.where;
      words.parentElement.hidden = !told.where;
    }, PAUSE);
  }

  async function ask({ lat, lng }) {
    const token = form.querySelector("[name=csrfmiddlewaretoken]").value;
    const body = new URLSearchParams({ latitude: lat, longitude: lng, csrfmiddlewaretoken: token });
    try {
      const answer = await fetch(url, { method: "POST", body, headers: { Accept: "application/json" } });
      return answer.ok ? await answer.json() : null;
    } catch {
      return null;
    }
  }

  return { snap, say };
}
