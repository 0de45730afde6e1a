// Show mode: places from a JSON list [{lat, lon, label, id, kind, url, count, facing, angle, reach}] and, where given,
// areas [{center, radius, corners, label, id, kind}], or one circle or polygon. Lists inside a part of the page that is
// fetched again are drawn again with it.
import L from "leaflet";
import { drawSector } from "./geometry.js";
import { forget, lights } from "./lights.js";
import { tie } from "./tie.js";

const list = (name) => {
  const holder = name && document.querySelector(name);
  return holder ? JSON.parse(holder.textContent) : [];
};

/** Draw the places of the page's list; return what they cover. */
export function drawPlaces({ map, element, markers }) {
  const bounds = L.latLngBounds([]);
  for (const place of list(element.dataset.places)) {
    if (place.reach) bounds.extend(drawSector(map, L.latLng(place.lat, place.lon), place).getBounds());
    if (place.kind === "sector") continue;
    const icon = iconOf(place, markers);
    const marker = L.marker([place.lat, place.lon], { icon, title: place.label, alt: place.label, keyboard: false }).addTo(map);
    tieTo(marker, place.id, place.url);
    bounds.extend([place.lat, place.lon]);
  }
  return bounds;
}

function iconOf({ kind, count }, markers) {
  if (kind === "count") return markers.count(count);
  return kind === "camera" ? markers.camera() : markers.pin(kind);
}

export function showMode({ map, element, center, markers }) {
  const listed = L.layerGroup().addTo(map);
  const bounds = drawListed(listed, element, markers);
  document.addEventListener("refreshed", ({ target }) => {
    if (!element.dataset.places || !target.querySelector(element.dataset.places)) return;
    listed.clearLayers();
    forget();
    drawListed(listed, element, markers);
  });
  const corners = list(element.dataset.corners);
  const radius = Number(element.dataset.radius);
  const style = { className: "map-circle", weight: 3, fillOpacity: 0.12, interactive: false };
  if (corners.length) bounds.extend(L.polygon(corners, style).addTo(map).getBounds());
  else if (center && radius) bounds.extend(L.circle(center, { ...style, radius }).addTo(map).getBounds());
  if (!bounds.isValid()) return;
  const least = bounds.getCenter().toBounds(Number(element.dataset.extent));
  map.fitBounds(bounds.pad(0.15).extend(least), { maxZoom: 17 });
}

function drawListed(map, element, markers) {
  const bounds = L.latLngBounds([]);
  for (const area of list(element.dataset.areas)) bounds.extend(drawArea(map, area));
  return bounds.extend(drawPlaces({ map, element, markers }));
}

// An area has its label at its edge, where those of areas around the same place do not cover each other: a pin is above
// the middle, so that of a canvass is below it.
function drawArea(map, { center, radius, corners, label, kind, id }) {
  const style = { className: `map-area map-area--${kind || "canvass"}`, weight: 3, fillOpacity: 0.08 };
  const shape = (corners.length ? L.polygon(corners, style) : L.circle(center, { ...style, radius })).addTo(map);
  const bounds = shape.getBounds();
  tieTo(shape, id);
  if (!label) return bounds;
  const icon = L.divIcon({ className: "map-label", html: "", iconSize: null });
  const edge = kind === "declared" ? bounds.getNorth() : bounds.getSouth();
  const words = L.marker([edge, bounds.getCenter().lng], { icon, keyboard: false, interactive: false }).addTo(map);
  words.getElement().textContent = label;
  return bounds;
}

function tieTo(drawn, id, url) {
  const row = id && document.getElementById(id);
  if (row) tie(drawn, row);
  else if (id) lights(drawn, id, url);
}
