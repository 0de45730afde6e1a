// Pin mode: click, drag or arrow keys; the inputs `latitude` and `longitude` hold the answer. A finger or a mouse puts
// the pin on the house beside it; arrow keys put it anywhere.
import L from "leaflet";
import { addHouses } from "./houses.js";
import { beginOnStreets, fields, moveByKeys, round } from "./place.js";

const CLOSE = 15;

export function pinMode({ map, element, center, ground, markers }) {
  const { latitude, longitude } = fields(element);
  const start = typed() || center || map.getCenter();
  const marker = L.marker(start, {
    icon: markers.pin(),
    draggable: true,
    keyboard: true,
    autoPan: true,
    title: element.dataset.pinLabel,
    alt: element.dataset.pinLabel,
  }).addTo(map);
  // At once: on its way over the map a pin can't be pressed.
  map.setView(start, typed() ? Number(element.dataset.zoom || 15) : map.getZoom(), { animate: false });

  const houses = addHouses(map, element, markers);
  if (!center) beginOnStreets(map, ground, typed, (point) => marker.setLatLng(point));

  function typed() {
    const [lat, lon] = [latitude, longitude].map((input) => parseFloat(input?.value));
    return Number.isFinite(lat) && Number.isFinite(lon) ? L.latLng(lat, lon) : null;
  }

  const place = (point) => {
    marker.setLatLng(point);
    if (!map.getBounds().pad(-0.1).contains(point)) map.panTo(point);
    write(point);
  };

  const write = (point) => {
    latitude.value = round(point.lat);
    longitude.value = round(point.lng);
    houses.say(point);
    latitude.dispatchEvent(new Event("change", { bubbles: true }));
    element.dispatchEvent(new CustomEvent("pin-moved", { bubbles: true, detail: point }));
  };

  map.on("click", (event) => place(houses.snap(event.latlng)));
  marker.on("dragend", () => place(houses.snap(marker.getLatLng())));
  moveByKeys(marker, map, place);
  for (const input of [latitude, longitude]) {
    input?.addEventListener("input", () => {
      const point = typed();
      if (point) {
        marker.setLatLng(point);
        houses.say(point);
        // From a view of the whole county an arrow key would be a step of hundreds of meters.
        map.setView(point, Math.max(map.getZoom(), CLOSE));
      }
    });
  }
}
