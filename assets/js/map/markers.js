// Our own markers, drawn as SVG: nothing is loaded, and colors come from the agency.
import L from "leaflet";

const icon = (kind, html, size, anchor) => L.divIcon({ className: `map-pin map-pin--${kind}`, html, iconSize: size, iconAnchor: anchor });

const drop = '<svg viewBox="0 0 32 42" aria-hidden="true"><path stroke-width="2" d="M16 1C7.700 1 1 7.700 1 16c0 10.500 15 25 15 25s15-14.500 15-25C31 7.700 24.300 1 16 1z"/><circle cx="16" cy="16" r="5.500" fill="#fff"/></svg>';
const dot = '<svg viewBox="0 0 24 24" aria-hidden="true"><circle cx="12" cy="12" r="9" stroke-width="3"/></svg>';

export const pin = (kind = "place") => icon(kind, drop, [36, 47], [18, 46]);
export const camera = () => icon("camera", dot, [24, 24], [12, 12]);
export const count = (number) => icon("count", Number(number).toLocaleString(), [40, 28], [20, 14]);
export const number = (text) => {
  const holder = document.createElement("span");
  holder.textContent = text;
  holder.setAttribute("aria-hidden", "true");
  return L.divIcon({ className: "map-number", html: holder, iconSize: [0, 0] });
};
export const handle = () => L.divIcon({ className: "map-handle", html: "", iconSize: [28, 28], iconAnchor: [14, 14] });
