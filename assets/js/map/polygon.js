// Polygon mode: corners to set, move and remove; the field `corners` holds the answer, one "latitude, longitude" a line.
import L from "leaflet";
import { beginOnStreets, fields, moveByKeys, round } from "./place.js";
import { drawPlaces } from "./show.js";

const METERS_PER_DEGREE = 111195.08;
const SQUARE_METERS_IN_A_SQUARE_MILE = 2589988.11;

export function polygonMode({ map, element, center, ground, markers }) {
  const scope = element.closest("form") || document;
  const block = element.closest("[data-map-block]") || element.parentElement;
  const field = scope.querySelector('[name="corners"]');
  const area = block.querySelector("[data-area]");
  const label = element.dataset.pinLabel;
  const shape = L.polygon([], { className: "map-circle", weight: 3, fillOpacity: 0.12, interactive: false }).addTo(map);
  let corners = [];

  const incident = L.marker(center || map.getCenter(), { icon: markers.pin("incident"), interactive: false, keyboard: false });
  if (center) incident.addTo(map);
  else beginOnStreets(map, ground, () => corners.length, () => {});
  drawPlaces({ map, element, markers });
  read();
  if (corners.length) map.fitBounds(L.latLngBounds(corners.map((corner) => corner.getLatLng())).pad(0.25));
  else if (center) map.setView(center, 15);

  function read() {
    corners.forEach((corner) => corner.remove());
    corners = field.value.split("\n").map(pair).filter(Boolean).map(place);
    show();
  }

  function pair(line) {
    const [latitude, longitude] = line.trim().split(/[\s,]+/).map(Number);
    return line.trim() && Number.isFinite(latitude) && Number.isFinite(longitude) ? L.latLng(latitude, longitude) : null;
  }

  function place(point) {
    const corner = L.marker(point, { icon: markers.handle(), draggable: true, title: label, alt: label }).addTo(map);
    const moved = (to) => {
      corner.setLatLng(to);
      write();
    };
    moveByKeys(corner, map, moved);
    corner.on("drag", show);
    corner.on("dragend", write);
    corner.getElement().addEventListener("keydown", (event) => {
      if (event.key !== "Delete" && event.key !== "Backspace") return;
      event.preventDefault();
      remove(corner);
    });
    return corner;
  }

  function add(point) {
    const corner = place(point);
    corners.splice(gap(point), 0, corner);
    write();
    return corner;
  }

  // A new corner goes into the side that it is nearest to, so that clicking inside a side bends it.
  function gap(point) {
    if (corners.length < 3) return corners.length;
    const at = corners.map((corner) => map.project(corner.getLatLng()));
    const here = map.project(point);
    const away = at.map((start, number) => L.LineUtil.pointToSegmentDistance(here, start, at[(number + 1) % at.length]));
    return away.indexOf(Math.min(...away)) + 1;
  }

  function remove(corner) {
    const number = corners.indexOf(corner);
    corner.remove();
    corners.splice(number, 1);
    write();
    const next = corners[Math.min(number, corners.length - 1)];
    (next ? next.getElement() : block.querySelector("[data-add-corner]")).focus();
  }

  function write() {
    field.value = corners.map((corner) => `${round(corner.getLatLng().lat)}, ${round(corner.getLatLng().lng)}`).join("\n");
    field.dispatchEvent(new Event("change", { bubbles: true }));
    show();
  }

  function show() {
    const points = corners.map((corner) => corner.getLatLng());
    shape.setLatLngs(points);
    area.textContent = squareMiles(points).toFixed(3);
    corners.forEach((corner, number) => corner.getElement().setAttribute("aria-label", `${number + 1}. ${label}`));
  }

  // By keyboard a corner comes into the middle of the longest side; the first three around the middle of the map.
  function next() {
    if (corners.length < 3) {
      const middle = map.latLngToContainerPoint(map.getCenter());
      const step = [[0, -60], [60, 50], [-60, 50]][corners.length];
      return map.containerPointToLatLng(middle.add(step));
    }
    const at = corners.map((corner) => map.project(corner.getLatLng()));
    const lengths = at.map((start, number) => start.distanceTo(at[(number + 1) % at.length]));
    const longest = lengths.indexOf(Math.max(...lengths));
    return map.unproject(at[longest].add(at[(longest + 1) % at.length]).divideBy(2));
  }

  map.on("click", (event) => add(event.latlng));
  block.querySelector("[data-add-corner]").addEventListener("click", () => add(next()).getElement().focus());
  block.querySelector("[data-start-over]").addEventListener("click", () => {
    corners.forEach((corner) => corner.remove());
    corners = [];
    write();
  });
  field.addEventListener("input", read);

  // Where the form says by address where it happened, the map goes there.
  const { latitude, longitude } = fields(element);
  for (const input of [latitude, longitude]) {
    input?.addEventListener("input", () => {
      const [lat, lon] = [latitude, longitude].map(({ value }) => parseFloat(value));
      if (!Number.isFinite(lat) || !Number.isFinite(lon)) return;
      incident.setLatLng([lat, lon]).addTo(map);
      map.setView([lat, lon], Math.max(map.getZoom(), 15));
    });
  }
}

// The shoelace formula in a plane around the polygon; the server measures the same way.
function squareMiles(points) {
  if (points.length < 3) return 0;
  const scale = Math.cos((points[0].lat * Math.PI) / 180);
  const sum = points.reduce((total, { lat, lng }, number) => {
    const after = points[(number + 1) % points.length];
    return total + (lng * after.lat - after.lng * lat);
  }, 0);
  return (Math.abs(sum / 2) * scale * METERS_PER_DEGREE ** 2) / SQUARE_METERS_IN_A_SQUARE_MILE;
}
