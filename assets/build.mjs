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

// The design system's primary family, compiled as hex, becomes the agency's colors.
const agencyColors = {
  "#005ea2": "var(--agency-primary)",
  "#1a4480": "var(--agency-primary-dark)",
  "#162e51": "var(--agency-primary-darker)",
  "#73b3e7": "var(--agency-primary-light)",
  "#d9e8f6": "var(--agency-primary-lighter)",
};
const agencyHex = new RegExp(Object.keys(agencyColors).join("|"), "gi");

const ours = {
  postcssPlugin: "portal",
  AtRule: {
    "font-face": (rule) => {
      if (!rule.toString().includes("public-sans-regular") && !rule.toString().includes("public-sans-bold")) rule.remove();
    },
  },
  Declaration: (declaration) => {
    if (!declaration.prop.startsWith("--")) {
      declaration.value = declaration.value.replace(agencyHex, (hex) => agencyColors[hex.toLowerCase()]);
    }
  },
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
const leafletInUse = /^leaflet-(?!popup|tooltip|control-layers|default-icon)/;

const subset = async () => {
  const allowed = new Set([...(await keptClasses()), ...(await ownClasses())]);
  const inUse = (selector) => {
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
    const { css } = compile(`assets/scss/${name}.scss`, {
      loadPaths: ["assets/scss", `${designSystem}/packages`, `${modules}/leaflet/dist`],
      quietDeps: true,
      silenceDeprecations: ["import", "global-builtin", "if-function"],
    });
    const { css: painted } = await postcss([ours, await subset(), discardComments({ removeAll: true })]).process(css, { from: undefined });
    const { code } = await transform(painted, { loader: "css", minify: true, target: ["chrome111", "firefox113", "safari16.4"] });
    await writeFile(`static/css/${name}.css`, code);
  }
};

// Pictures that the styles ask for come from the design system; our own are copied whole.
const pictures = async () => {
  await folder("static/img");
  for (const name of await readdir("assets/img")) await copyFile(`assets/img/${name}`, `static/img/${name}`);
  const css = await readFile("static/css/portal.css", "utf8");
  for (const [, name] of css.matchAll(/url\("?\.\.\/img\/([^")]+)"?\)/g)) {
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
