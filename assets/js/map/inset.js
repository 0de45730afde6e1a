// Without tiles a close view has little to hold on to: a small county outline shows where it is.
import L from "leaflet";

const WIDTH = 84;

/** Add an outline of the GeoJSON ground with a dot that follows the map's center. */
export function addInset(map, ground) {
  const bounds = ground.getBounds();
  const southwest = L.CRS.EPSG3857.latLngToPoint(bounds.getSouthWest(), 12);
  const northeast = L.CRS.EPSG3857.latLngToPoint(bounds.getNorthEast(), 12);
  const scale = WIDTH / (northeast.x - southwest.x);
  const height = Math.round((southwest.y - northeast.y) * scale);
  const at = (point) => {
    const { x, y } = L.CRS.EPSG3857.latLngToPoint(point, 12);
    return [(x - southwest.x) * scale, (y - northeast.y) * scale].map((value) => value.toFixed(1));
  };
  const rings = [];
  ground.eachLayer((layer) => rings.push(...ringsOf(layer.getLatLngs())));
  const outline = rings.map((ring) => `M${ring.map((point) => at(point).join(" ")).join("L")}z`).join("");

  const control = new L.Control({ position: "bottomright" });
  control.onAdd = () => {
    const holder = L.DomUtil.create("div", "map-inset");
    holder.innerHTML = `<svg viewBox="-6 -6 ${WIDTH + 12} ${height + 12}" aria-hidden="true"><path d="${outline}"/><circle r="4.500"/></svg>`;
    return holder;
  };
  control.addTo(map);
  const box = control.getContainer();
  const dot = box.querySelector("circle");
  const follow = () => {
    const [x, y] = at(map.getCenter());
    dot.setAttribute("cx", x);
    dot.setAttribute("cy", y);
    box.hidden = map.getBounds().pad(0.1).contains(bounds);
  };
  map.on("moveend", follow);
  map.whenReady(follow);
}

// Polygons nest their rings one level deeper when there are several parts.
function ringsOf(levels) {
  return Array.isArray(levels[0]) ? levels.flatMap(ringsOf) : [levels];
}
