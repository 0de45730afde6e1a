// Builds static/ from assets/ and the pinned packages: styles, scripts, fonts, pictures.
import { copyFile, mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { compile } from "sass";
import { build, transform } from "esbuild";
import postcss from "postcss";
import discardComments from "postcss-discard-comments";
import subsetFont from "subset-font";

const modules = "node_modules";
const designSystem = `${modules}/@uswds/uswds`;
const folder = (name) => mkdir(name, { recursive: true });

// What the design system and Leaflet name as a color becomes one of ours (assets/scss/_colors.scss).
const ourColors = {
  "#005ea2": "--agency-primary",
  "#1a4480": "--agency-primary-dark",
  "#162e51": "--agency-primary-darker",
  "#73b3e7": "--agency-primary-light",
  "#d9e8f6": "--agency-primary-lighter",
  "#fff": "--paper",
  white: "--paper",
  "rgba(255, 255, 255, 0.8)": "--paper",
  "#f0f0f0": "--paper-warm",
  "#f4f4f4": "--paper-warm",
  "#000": "--ink",
  black: "--ink",
  "#1b1b1b": "--ink",
  "#333": "--ink-soft",
  "#454545": "--ink-soft",
  "#565c65": "--ink-soft",
  "#757575": "--ink-soft",
  "#71767a": "--line-strong",
  "#777": "--line-strong",
  "#919191": "--line-strong",
  "#99deea": "--line",
  "#bbb": "--line-strong",
  "#c9c9c9": "--line",
  "#ccc": "--line",
  "#ddd": "--map",
  "#dfe1e2": "--line",
  "#e6e6e6": "--line",
  "#e7f6f8": "--info-pale",
  "#b50909": "--bad",
  "#d83933": "--bad",
  "#8b0a03": "--bad-strong",
  "#54278f": "--visited",
  "#2491ff": "--focus",
};
const named = Object.keys(ourColors).map((color) => color.replace(/[()]/g, "\\$&")).join("|");
const theirColors = new RegExp(`(?<![\\w-])(?:${named})(?![\\w-])`, "gi");

// Every page has this family already, and what browsers leave out of it inherits it.
const theirFamily = /^"?Public Sans Web"?,.*"Segoe UI Symbol"$/;
const madeForOthers = /^-(?:moz|ms|o)-|^-webkit-(?:transform|transition)/;

const isTheirs = ({ source }) => /node_modules/.test(source.input.origin(source.start.line, source.start.column)?.url ?? "");

const ours = {
  postcssPlugin: "portal",
  AtRule: {
    "font-face": (rule) => {
      if (!rule.toString().includes("public-sans-regular") && !rule.toString().includes("public-sans-bold")) rule.remove();
    },
  },
  Once: (root) => root.walkDecls((declaration) => {
    if (!isTheirs(declaration)) return;
    if (madeForOthers.test(declaration.prop) || madeForOthers.test(declaration.value)) declaration.remove();
    else if (theirFamily.test(declaration.value)) declaration.value = "inherit";
    else declaration.value = declaration.value.replace(theirColors, (color) => `var(${ourColors[color.toLowerCase()]})`);
  }),
};

const keptClasses = async () => {
  const text = await readFile("assets/kept-classes.txt", "utf8");
  return text.split("\n").filter((line) => !line.startsWith("#")).join(" ").split(/\s+/).filter(Boolean);
};

const ownClasses = async () => {
  const names = await readdir("assets/scss");
  const texts = await Promise.all(names.map((name) => readFile(`assets/scss/${name}`, "utf8")));
  return [...texts.join("\n").matchAll(/\.(-?[a-z][\w-]*)/gi)].map((match) => match[1]);
};

// Selectors with a class that no page may use are dropped; Leaflet makes its own classes at run time.
const leafletInUse = /^leaflet-(?!popup|tooltip|control-layers|default-icon|div-icon|image-layer|marker-shadow|shadow|oldie|safari|vml|attribution-flag)/;
// What no field of ours is.
const never = /indeterminate|:-ms-|\[multiple\]/;

const subset = async () => {
  const allowed = new Set([...(await keptClasses()), ...(await ownClasses())]);
  const inUse = (selector) => {
    if (never.test(selector)) return false;
    const classes = selector.replace(/:not\([^)]*\)/g, "").matchAll(/\.(-?[a-z_][\w-]*)/gi);
    return [...classes].every(([, name]) => allowed.has(name) || leafletInUse.test(name));
  };
  return {
    postcssPlugin: "subset",
    Rule: (rule) => {
      if (rule.parent.name?.endsWith("keyframes")) return;
      const kept = rule.selectors.filter(inUse);
      if (kept.length === 0) rule.remove();
      else if (kept.length < rule.selectors.length) rule.selectors = kept;
    },
    OnceExit: (root) => root.walkAtRules((rule) => rule.nodes?.length === 0 && rule.remove()),
  };
};

const styles = async () => {
  await folder("static/css");
  for (const name of ["portal", "console", "wall"]) {
    const { css, sourceMap } = compile(`assets/scss/${name}.scss`, {
      sourceMap: true,
      loadPaths: ["assets/scss", `${designSystem}/packages`, `${modules}/leaflet/dist`],
      quietDeps: true,
      silenceDeprecations: ["import", "global-builtin", "if-function"],
    });
    const { css: painted } = await postcss([ours, await subset(), discardComments({ removeAll: true })]).process(css, { from: `${name}.css`, map: { prev: sourceMap, inline: false } });
    const { code } = await transform(painted, { loader: "css", minify: true, target: ["chrome111", "firefox113", "safari16.4"] });
    await writeFile(`static/css/${name}.css`, code);
  }
};

// Pictures that the styles ask for come from the design system; our own are copied whole.
const pictures = async () => {
  await folder("static/img");
  const own = await readdir("assets/img");
  for (const name of own) await copyFile(`assets/img/${name}`, `static/img/${name}`);
  const css = await readFile("static/css/portal.css", "utf8");
  for (const [, name] of css.matchAll(/url\("?\.\.\/img\/([^")]+)"?\)/g)) {
    if (own.includes(name)) continue;
    await mkdir(path.dirname(`static/img/${name}`), { recursive: true });
    await copyFile(`${designSystem}/dist/img/${name}`, `static/img/${name}`);
  }
};

// English and Spanish need Basic Latin, Latin-1, typographic marks, and a few arrows.
const letters = () => {
  const range = (from, to) => Array.from({ length: to - from + 1 }, (_, i) => String.fromCodePoint(from + i)).join("");
  return range(0x20, 0x7e) + range(0xa0, 0xff) + "–—‘’“”…•←→↑↓✓✕×−ŪūŁłŃńŌō€™";
};

const fonts = async () => {
  await folder("static/fonts");
  for (const weight of ["Regular", "Bold"]) {
    const source = await readFile(`${designSystem}/dist/fonts/public-sans/PublicSans-${weight}.ttf`);
    const subset = await subsetFont(source, letters(), { targetFormat: "woff2" });
    await writeFile(`static/fonts/public-sans-${weight.toLowerCase()}.woff2`, subset);
  }
};

const scripts = async () => {
  await folder("static/js");
  const entries = (await readdir("assets/js")).filter((name) => name.endsWith(".js"));
  await build({
    entryPoints: entries.map((name) => `assets/js/${name}`),
    outdir: "static/js",
    bundle: true,
    minify: true,
    format: "esm",
    legalComments: "none",
    target: ["es2022"],
  });
};

// What the built files contain of others, with their terms.
const licenses = async () => {
  const packages = ["@uswds/uswds", "leaflet", "protomaps-leaflet", "pmtiles", "fflate", "@mapbox/vector-tile", "@mapbox/point-geometry", "pbf", "rbush", "quickselect", "color2k", "potpack", "hls.js", "tus-js-client", "js-base64", "url-parse", "requires-port", "querystringify"];
  const texts = packages.map(async (name) => {
    const file = (await readdir(`${modules}/${name}`)).find((entry) => /^licen[cs]e/i.test(entry));
    const { version, license } = JSON.parse(await readFile(`${modules}/${name}/package.json`, "utf8"));
    const terms = file ? (await readFile(`${modules}/${name}/${file}`, "utf8")).trim() : license;
    return `== ${name} ${version}\n\n${terms}\n`;
  });
  await writeFile("static/licenses.txt", (await Promise.all(texts)).join("\n"));
};

const accessibilityChecker = async () => {
  await mkdir("tests/browser", { recursive: true });
  await copyFile(`${modules}/axe-core/axe.min.js`, "tests/browser/axe.min.js");
};

await styles();
await Promise.all([pictures(), fonts(), scripts(), licenses(), accessibilityChecker()]);
