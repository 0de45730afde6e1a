// The log: lines that repeat each other are folded, an entry opens at the side, days are chosen in the picture.
import { brush } from "./log/brush.js";
import { foldRepeated } from "./log/folds.js";
import { offerSide } from "./log/side.js";

const log = document.querySelector("[data-log]");
const picture = document.querySelector("[data-brush]");

if (log) {
  foldRepeated(log);
  offerSide(log);
}
if (picture) brush(picture);
