// Circle mode: a center to move and a radius to pull; `latitude`, `longitude`, `radius_m` (in feet) hold the answer.
import L from "leaflet";
import { beginOnStreets, fields, moveByKeys, round } from "./place.js";
import { drawPlaces } from "./show.js";

const METERS_A_FOOT = 0.3048;
const SQUARE_METERS_IN_A_SQUARE_MILE = 2589988.11;
const squareMiles = (radius) => (Math.PI * radius * radius) / SQUARE_METERS_IN_A_SQUARE_MILE;

export function circleMode({ map, element, center, ground, markers }) {
  const { latitude, longitude, radius } = fields(element);
  const block = element.closest("[data-map-block]") || element.parentElement;
  const slider = block.querySelector("input[data-radius]");
  const area = block.querySelector("[data-area]");
  const least = Number(slider?.min || 20);
  const most = Number(slider?.max || 2000);
  const start = typed() || center || map.getCenter();
  const label = element.dataset.pinLabel;

  const circle = L.circle(start, { radius: clamp(inMeters() || 300), className: "map-circle", weight: 3, fillOpacity: 0.12, interactive: false }).addTo(map);
  const middle = L.marker(start, { icon: markers.pin("incident"), draggable: true, autoPan: true, title: label, alt: label }).addTo(map);
  const edge = L.marker(edgeOf(), { icon: markers.handle(), draggable: true, keyboard: false, interactive: true }).addTo(map);
  edge.getElement().setAttribute("aria-hidden", "true");
  map.fitBounds(circle.getBounds().pad(0.25));
  moveByKeys(middle, map, moveTo);
  drawPlaces({ map, element, markers });
  show();
  if (!center) beginOnStreets(map, ground, typed, put);

  function put(point) {
    middle.setLatLng(point);
    circle.setLatLng(point);
    show();
  }

  function clamp(meters) {
    return Math.min(most, Math.max(least, Math.round(meters)));
  }

  function typed() {
    const [lat, lon] = [latitude, longitude].map((input) => parseFloat(input.value));
    return Number.isFinite(lat) && Number.isFinite(lon) ? L.latLng(lat, lon) : null;
  }

  function inMeters() {
    return Number(radius.value) * METERS_A_FOOT;
  }

  function edgeOf() {
    const at = circle.getLatLng();
    const degrees = circle.getRadius() / (111320 * Math.cos((at.lat * Math.PI) / 180));
    return L.latLng(at.lat, at.lng + degrees);
  }

  function show() {
    edge.setLatLng(edgeOf());
    if (slider) slider.value = String(circle.getRadius());
    if (area) area.textContent = squareMiles(circle.getRadius()).toFixed(3);
  }

  function write() {
    const at = circle.getLatLng();
    latitude.value = round(at.lat);
    longitude.value = round(at.lng);
    radius.value = String(Math.floor(circle.getRadius() / METERS_A_FOOT));
    radius.dispatchEvent(new Event("change", { bubbles: true }));
    show();
  }

  function moveTo(point) {
    put(point);
    write();
  }

  function resize(meters) {
    circle.setRadius(clamp(meters));
    write();
  }

  map.on("click", (event) => moveTo(event.latlng));
  middle.on("drag", () => moveTo(middle.getLatLng()));
  edge.on("drag", () => {
    circle.setRadius(clamp(circle.getLatLng().distanceTo(edge.getLatLng())));
    if (area) area.textContent = squareMiles(circle.getRadius()).toFixed(3);
  });
  edge.on("dragend", () => {
    resize(circle.getRadius());
    map.fitBounds(circle.getBounds().pad(0.25));
  });
  slider?.addEventListener("input", () => resize(Number(slider.value)));
  slider?.addEventListener("change", () => map.fitBounds(circle.getBounds().pad(0.25)));
  for (const input of [latitude, longitude, radius]) {
    input.addEventListener("input", () => {
      const point = typed();
      if (point) {
        put(point);
        const around = circle.getBounds().pad(0.25);
        // Also from a view of the whole town, in which the circle is a dot.
        if (!map.getBounds().contains(around) || map.getZoom() < map.getBoundsZoom(around) - 1) map.fitBounds(around);
      }
      if (inMeters() >= least - 1) circle.setRadius(clamp(inMeters()));
      show();
    });
  }
}
