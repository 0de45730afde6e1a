// Show mode: places from a JSON list [{lat, lon, label, id, kind, count, facing, angle, reach}] and, where given, a circle or a
// polygon.
import L from "leaflet";
import { drawSector } from "./geometry.js";

/** Draw the places of the page's list; return what they cover. */
export function drawPlaces({ map, element, markers }) {
  const bounds = L.latLngBounds([]);
  const holder = element.dataset.places && document.querySelector(element.dataset.places);
  for (const place of holder ? JSON.parse(holder.textContent) : []) {
    if (place.reach) bounds.extend(drawSector(map, L.latLng(place.lat, place.lon), place).getBounds());
    if (place.kind === "sector") continue;
    const icon = iconOf(place, markers);
    const marker = L.marker([place.lat, place.lon], { icon, title: place.label, alt: place.label, keyboard: false }).addTo(map);
    const row = place.id && document.getElementById(place.id);
    if (row) marker.on("click", () => visit(row));
    bounds.extend([place.lat, place.lon]);
  }
  return bounds;
}

function iconOf({ kind, count }, markers) {
  if (kind === "count") return markers.count(count);
  return kind === "camera" ? markers.camera() : markers.pin(kind);
}

export function showMode({ map, element, center, markers }) {
  const bounds = drawPlaces({ map, element, markers });
  const ring = element.dataset.corners && document.querySelector(element.dataset.corners);
  const corners = ring ? JSON.parse(ring.textContent) : [];
  const radius = Number(element.dataset.radius);
  if (corners.length) {
    const polygon = L.polygon(corners, { className: "map-circle", weight: 3, fillOpacity: 0.12, interactive: false }).addTo(map);
    bounds.extend(polygon.getBounds());
  } else if (center && radius) {
    const circle = L.circle(center, { radius, className: "map-circle", weight: 3, fillOpacity: 0.12, interactive: false }).addTo(map);
    bounds.extend(circle.getBounds());
  }
  if (bounds.isValid()) map.fitBounds(bounds.pad(0.15), { maxZoom: 17 });
}

// For a mouse, a marker leads to its row. By keyboard the list itself is one stop; hundreds of markers would be hundreds.
function visit(row) {
  row.setAttribute("tabindex", "-1");
  row.scrollIntoView({ block: "center" });
  row.focus({ preventScroll: true });
}
