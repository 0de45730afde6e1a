// The county's streets, drawn from the portal's own file of vector tiles in the page's quiet colors.
import {
  CenteredTextSymbolizer,
  GeomType,
  LineLabelSymbolizer,
  LineSymbolizer,
  PolygonSymbolizer,
  exp,
  leafletLayer,
} from "protomaps-leaflet";
import { PMTiles } from "pmtiles";

const ground = "#f6f4ee";
const ink = "#3d4551";
const park = "#d9e8d3";
const water = "#b9d7e8";
const font = (size, weight = 400) => ({ fontFamily: '"Public Sans Web", system-ui, sans-serif', fontSize: size, fontWeight: weight });

// Widths in pixels by zoom: the casing, then the road on it.
const widths = {
  highway: [[9, 1.5], [13, 4], [16, 10], [19, 34]],
  main: [[11, 1.2], [13, 3], [16, 9], [19, 30]],
  street: [[13, 1], [15, 3.5], [16, 6.5], [19, 22]],
  path: [[15, 0.8], [19, 4]],
};
const fills = { highway: "#fbdf9d", main: "#fff3cf", street: "#ffffff", path: "#efe9dc" };
const edges = { highway: "#d6a24a", main: "#cdb57c", street: "#c9cbc4", path: "#cfc8b6" };

const isClass = (kind) => (zoom, feature) => feature.props.class === kind;
const isArea = (zoom, feature) => feature.geomType === GeomType.Polygon;

function line(kind, color, more) {
  return { dataLayer: "roads", filter: isClass(kind), symbolizer: new LineSymbolizer({ color, width: (zoom) => exp(1.4, widths[kind])(zoom) + more, lineCap: "round", lineJoin: "round" }) };
}

/** Houses, where no file has the streets: a tile holds all of its own as one feature. */
const houses = {
  draw(context, points, zoom) {
    const side = Math.max(1.5, (zoom - 9) * 0.7);
    context.fillStyle = edges.street;
    for (const [point] of points) context.fillRect(point.x - side / 2, point.y - side / 2, side, side);
  },
};

const kinds = ["path", "street", "main", "highway"];
const paintRules = [
  { dataLayer: "parks", filter: isArea, symbolizer: new PolygonSymbolizer({ fill: park }) },
  { dataLayer: "water", filter: isArea, symbolizer: new PolygonSymbolizer({ fill: water }) },
  { dataLayer: "water", filter: (zoom, feature) => !isArea(zoom, feature), symbolizer: new LineSymbolizer({ color: water, width: 2 }) },
  ...kinds.map((kind) => line(kind, edges[kind], 1.6)),
  ...kinds.map((kind) => line(kind, fills[kind], 0)),
  { dataLayer: "houses", symbolizer: houses },
];

const named = (kinds) => (zoom, feature) => kinds.includes(feature.props.class);
const labelRules = [
  { dataLayer: "roads", filter: named(["highway", "main"]), minzoom: 12, symbolizer: new LineLabelSymbolizer({ labelProps: ["name"], fill: ink, stroke: "#fff", width: 3, ...font(13, 700) }) },
  { dataLayer: "roads", filter: named(["street", "named"]), minzoom: 15, symbolizer: new LineLabelSymbolizer({ labelProps: ["name"], fill: ink, stroke: "#fff", width: 3, ...font(12) }) },
  { dataLayer: "parks", minzoom: 14, symbolizer: new CenteredTextSymbolizer({ labelProps: ["name"], fill: "#3a5a34", stroke: park, width: 2, ...font(12, 700) }) },
  { dataLayer: "water", minzoom: 14, symbolizer: new CenteredTextSymbolizer({ labelProps: ["name"], fill: "#2b5b78", stroke: water, width: 2, ...font(12) }) },
];

/** The layer. Its `extent` is the promise of what the file covers, as two corners. */
export function streets(url) {
  const file = new PMTiles(url);
  const extent = file.getHeader().then(({ minLat, minLon, maxLat, maxLon }) => [[minLat, minLon], [maxLat, maxLon]]);
  const layer = leafletLayer({ url: file, paintRules, labelRules, backgroundColor: ground, maxDataZoom: 15, maxZoom: 19, noWrap: true, attribution: "" });
  return Object.assign(layer, { extent });
}
