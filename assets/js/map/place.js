// What pin and circle share: their inputs, rounding, and moving by keyboard.
export const round = (degrees) => degrees.toFixed(6);

/** The inputs a map writes into: in its form, else in its block. */
export function fields(element) {
  const scope = element.closest("form") || element.closest("[data-map-block]") || document;
  const named = (name) => scope.querySelector(`[name="${name}"]`);
  return { latitude: named("latitude"), longitude: named("longitude"), radius: named("radius_m") };
}

/** A county is larger than the town whose streets are loaded: nobody should begin on a blank sheet. */
export function beginOnStreets(map, ground, typed, put) {
  ground?.extent?.then((corners) => {
    if (typed()) return;
    map.fitBounds(corners);
    put(map.getCenter());
  }, () => {});
}

const steps = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };

/** Arrow keys turn the focused marker by 5 degrees and reach 1 meter farther or less far, with Shift 45 and 10. */
export function moveByTurns(marker, turn) {
  const icon = marker.getElement();
  icon.setAttribute("role", "button");
  icon.setAttribute("aria-label", marker.options.alt);
  icon.addEventListener("keydown", (event) => {
    const step = steps[event.key];
    if (!step) return;
    event.preventDefault();
    event.stopPropagation();
    turn(step[0] * (event.shiftKey ? 45 : 5), -step[1] * (event.shiftKey ? 10 : 1));
  });
}

/** Arrow keys move the focused marker by 2 pixels, with Shift by 20. */
export function moveByKeys(marker, map, place) {
  const icon = marker.getElement();
  icon.setAttribute("role", "button");
  icon.setAttribute("aria-label", marker.options.alt || marker.options.title || "");
  icon.addEventListener("keydown", (event) => {
    const step = steps[event.key];
    if (!step) return;
    event.preventDefault();
    event.stopPropagation();
    const stride = event.shiftKey ? 20 : 2;
    const at = map.project(marker.getLatLng());
    place(map.unproject(at.add([step[0] * stride, step[1] * stride])));
  });
}
