// The part of a circle that a camera sees, as points for a polygon.
import L from "leaflet";

const METERS_IN_A_DEGREE = 111195;
const STEP = 5;

/** The point so many meters from another, in degrees from north, clockwise. */
export function pointAt(center, bearing, meters) {
  const turn = (bearing * Math.PI) / 180;
  const north = (meters * Math.cos(turn)) / METERS_IN_A_DEGREE;
  const east = (meters * Math.sin(turn)) / (METERS_IN_A_DEGREE * Math.cos((center.lat * Math.PI) / 180));
  return L.latLng(center.lat + north, center.lng + east);
}

/** The direction of one point seen from another, in whole degrees from north, clockwise. */
export function bearingTo(center, point) {
  const east = (point.lng - center.lng) * Math.cos((center.lat * Math.PI) / 180);
  const degrees = Math.round((Math.atan2(east, point.lat - center.lat) * 180) / Math.PI);
  return (degrees + 360) % 360;
}

/** The outline of a sector. */
export function sectorPoints(center, { facing, angle, reach }) {
  const from = facing - angle / 2;
  const steps = Math.max(1, Math.ceil(angle / STEP));
  const arc = Array.from({ length: steps + 1 }, (_, i) => pointAt(center, from + (angle * i) / steps, reach));
  return angle < 360 ? [center, ...arc] : arc;
}

export const drawSector = (map, center, sector) =>
  L.polygon(sectorPoints(center, sector), { className: "map-sector", weight: 2, fillOpacity: 0.25, interactive: false }).addTo(map);
