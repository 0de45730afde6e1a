// Sector mode: what a camera sees. A handle turns it and makes it longer; a slider makes it wider. The inputs `facing`,
// `angle` and `reach_m` (in feet) hold the answer, and typing there moves the map.
import L from "leaflet";
import { bearingTo, drawSector, pointAt, sectorPoints } from "./geometry.js";
import { moveByTurns } from "./place.js";

const USUAL = { angle: 90, reach: 20 };
const LONGEST = 500;
const METERS_A_FOOT = 0.3048;

export function sectorMode({ map, element, center, markers }) {
  const form = element.closest("form");
  const [facing, angle, reach] = ["facing", "angle", "reach_m"].map((name) => form.querySelector(`[name="${name}"]`));
  const slider = element.closest("[data-map-block]").querySelector("input[data-angle]");
  const middle = L.latLng(center);
  L.marker(middle, { icon: markers.camera(), keyboard: false, interactive: false }).addTo(map);
  const shape = drawSector(map, middle, now());
  const label = element.dataset.pinLabel;
  const handle = L.marker(tip(), { icon: markers.handle(), draggable: true, title: label, alt: label }).addTo(map);
  show();
  fit();

  function typedFacing() {
    const text = facing.value.trim().toLowerCase();
    const word = [...(facing.list?.options || [])].find((option) => option.value.toLowerCase() === text);
    const degrees = parseInt(word ? word.dataset.means : text, 10);
    return Number.isFinite(degrees) ? degrees % 360 : null;
  }

  function now() {
    return { facing: typedFacing() ?? 0, angle: Number(angle.value) || USUAL.angle, reach: Number(reach.value) * METERS_A_FOOT || USUAL.reach };
  }

  function tip() {
    const sector = now();
    return pointAt(middle, sector.facing, sector.reach);
  }

  function show() {
    shape.setLatLngs(sectorPoints(middle, now()));
    shape.getElement()?.classList.toggle("map-sector--unset", typedFacing() === null);
    handle.setLatLng(tip());
    if (slider) slider.value = String(now().angle);
  }

  function fit() {
    map.fitBounds(L.latLngBounds([pointAt(middle, 315, now().reach * 1.8), pointAt(middle, 135, now().reach * 1.8)]), { maxZoom: 19 });
  }

  function write({ facing: degrees, angle: width, reach: meters }) {
    facing.value = String((degrees + 360) % 360);
    angle.value = String(Math.min(360, Math.max(1, Math.round(width))));
    reach.value = String(Math.round(Math.min(LONGEST, Math.max(1, meters)) / METERS_A_FOOT));
    show();
  }

  const pull = (point) => write({ ...now(), facing: bearingTo(middle, point), reach: middle.distanceTo(point) });
  map.on("click", (event) => pull(event.latlng));
  handle.on("drag", () => pull(handle.getLatLng()));
  handle.on("dragend", fit);
  moveByTurns(handle, (turn, longer) => write({ ...now(), facing: now().facing + turn, reach: now().reach + longer }));
  slider?.addEventListener("input", () => write({ ...now(), angle: Number(slider.value) }));
  for (const input of [facing, angle, reach]) input.addEventListener("input", show);
  // Folded away, a map has no size yet.
  element.closest("details")?.addEventListener("toggle", () => {
    map.invalidateSize();
    fit();
  });
}
