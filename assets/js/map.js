// Maps: a pin to place, a circle to size, a polygon to draw, or places to show. Everything on a map
// is also an input or a list in the page, so nothing here is the only way.
import L from "leaflet";
import { camera, count, handle, number, pin } from "./map/markers.js";
import { circleMode } from "./map/circle.js";
import { addInset } from "./map/inset.js";
import { pinMode } from "./map/pin.js";
import { polygonMode } from "./map/polygon.js";
import { sectorMode } from "./map/sector.js";
import { showMode } from "./map/show.js";
import { streets } from "./map/streets.js";

const modes = { pin: pinMode, circle: circleMode, polygon: polygonMode, sector: sectorMode, show: showMode };

document.querySelectorAll("[data-map]").forEach(drawOnceShown);

// A map that a narrow screen hides is drawn when it gets room.
function drawOnceShown(element) {
  const room = element.parentElement;
  if (room.clientWidth) return draw(element);
  new ResizeObserver((_entries, observer) => {
    if (!room.clientWidth) return;
    observer.disconnect();
    draw(element);
  }).observe(room);
}

function draw(element) {
  const map = L.map(element, {
    zoomSnap: 0.5,
    scrollWheelZoom: false,
    keyboard: element.dataset.mode === "show",
    attributionControl: false,
    zoomAnimation: !matchMedia("(prefers-reduced-motion: reduce)").matches,
  });
  element.classList.add("map--live");
  const ground = drawGround(map, element);
  const boundary = drawBoundary(map, element);
  L.control.scale({ metric: false, maxWidth: 140, position: "topright" }).addTo(map);
  const center = pair(element.dataset.center);
  if (center) map.setView(center, Number(element.dataset.zoom || 15));
  else if (boundary) map.fitBounds(boundary.getBounds());
  else map.setView([39.5, -98.35], 4);
  if (boundary && !element.dataset.tiles && !element.dataset.streetMap) addInset(map, boundary);
  modes[element.dataset.mode || "show"]({ map, element, center, ground, markers: { camera, count, handle, number, pin } });
}

function drawGround(map, element) {
  const { tiles, streetMap, attribution } = element.dataset;
  if (!tiles && !streetMap) return null;
  L.control.attribution({ prefix: false }).addAttribution(attribution || "").addTo(map);
  return (tiles ? L.tileLayer(tiles, { maxZoom: 19 }) : streets(streetMap)).addTo(map);
}

// Without streets or tiles the county's own boundary is the ground.
function drawBoundary(map, element) {
  const { tiles, streetMap, boundary } = element.dataset;
  const geometry = readJson(boundary);
  if (!geometry) return null;
  const style = { className: tiles || streetMap ? "map-boundary map-boundary--over" : "map-boundary", weight: 2, fillOpacity: tiles || streetMap ? 0 : 1, interactive: false };
  return L.geoJSON(geometry, { style: () => style, interactive: false }).addTo(map);
}

function readJson(selector) {
  const holder = selector && document.querySelector(selector);
  return holder ? JSON.parse(holder.textContent) : null;
}

function pair(text) {
  const [latitude, longitude] = (text || "").split(",").map(Number);
  return Number.isFinite(latitude) && Number.isFinite(longitude) && text ? [latitude, longitude] : null;
}
