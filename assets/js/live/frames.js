// Plays frames as they come, a tenth of a second behind the newest, and knows when the one on the screen arrived.
import { timescaleOf, timesOf } from "./boxes.js";
import { joined } from "./messages.js";

// Safari on an iPhone has only the managed one (17.1 and later).
const Source = window.MediaSource ?? window.ManagedMediaSource;

// Seconds of the picture.
const BEHIND_NEWEST = 0.12;
const JUMP_FROM = 0.6;
const KEPT = 4;
const FASTEST = 1.5;
const ROUNDING = 0.005;

// Frames.
const REMEMBERED = 300;

const kindOf = (codec) => `video/mp4; codecs="${codec}"`;

export const isPossible = Boolean(Source?.isTypeSupported);
export const plays = (codec) => Source.isTypeSupported(kindOf(codec));

export class Frames {
  constructor(video, onPicture) {
    this.video = video;
    this.seen = [];
    this.onPicture = onPicture;
    video.addEventListener("playing", () => this.source && this.show());
    video.addEventListener("error", () => this.source && this.open());
  }

  // The device began, or another answer carries it now: then its next frame is one that was seen, and all goes on.
  begin(codec, init) {
    const same = this.source && this.codec === codec && equal(this.init, init);
    this.codec = codec;
    this.init = init;
    this.timescale = timescaleOf(init);
    this.mayGoOn = same;
    if (!same) this.open();
  }

  add({ arrival, isKey, box }) {
    if (!this.init) return;
    if (!this.source) this.open();
    const { shown, lasts } = timesOf(box);
    const frame = { at: shown / this.timescale, lasts: lasts / this.timescale, isKey, arrival };
    if (this.mayGoOn && !this.seen.some(({ at, arrival }) => at === frame.at && arrival === frame.arrival)) this.open();
    this.mayGoOn = false;
    if (frame.at <= this.newest || (this.waitsForKey && !isKey)) return;
    this.waitsForKey = false;
    this.newest = frame.at;
    this.interval = frame.lasts;
    this.seen.push(frame);
    if (this.seen.length > REMEMBERED) this.seen.shift();
    this.queue.push(box);
    this.feed();
  }

  // Begin anew with the next key frame.
  open() {
    this.darken();
    const source = new Source();
    this.source = source;
    this.queue = [this.init];
    this.newest = -1;
    this.waitsForKey = true;
    this.video.disableRemotePlayback = true;
    this.video.src = URL.createObjectURL(source);
    source.addEventListener("sourceopen", () => this.attach(source), { once: true });
    this.video.requestVideoFrameCallback?.((_now, frame) => this.note(source, frame));
  }

  attach(source) {
    URL.revokeObjectURL(this.video.src);
    if (source !== this.source) return;
    source.duration = Infinity;
    this.buffer = source.addSourceBuffer(kindOf(this.codec));
    this.buffer.addEventListener("updateend", () => {
      if (source !== this.source) return;
      this.keepUp();
      this.forget();
      this.feed();
    });
    this.feed();
  }

  feed() {
    if (!this.buffer || this.buffer.updating || this.queue.length === 0) return;
    const box = joined(this.queue);
    this.queue = [];
    try {
      this.buffer.appendBuffer(box);
    } catch {
      this.open();
    }
  }

  // Begin with the key frame: a wall that decodes all frames since shows nine pictures late. Then stay at the newest:
  // after a hiccup faster, the more the later, with a jump after a long one or over a gap.
  keepUp() {
    const { buffered } = this.buffer;
    if (buffered.length === 0 || this.video.seeking) return;
    const [begin, end] = [buffered.start(buffered.length - 1), buffered.end(buffered.length - 1)];
    const aim = this.isShown ? Math.max(begin, end - this.interval - BEHIND_NEWEST) : begin;
    const late = aim - this.video.currentTime;
    if (this.video.currentTime < begin || late > JUMP_FROM) this.video.currentTime = aim;
    else this.video.playbackRate = Math.min(FASTEST, 1 + Math.max(0, Math.round(late * 10) / 10));
    if (this.video.paused) this.video.play().catch(() => {});
  }

  // Give back what was shown, up to a key frame: what comes after one needs nothing before it.
  forget() {
    const { buffered, updating } = this.buffer;
    if (updating || buffered.length === 0) return;
    const key = this.seen.findLast(({ isKey, at }) => isKey && at < this.video.currentTime);
    if (key && key.at - buffered.start(0) > KEPT) this.buffer.remove(0, key.at - ROUNDING);
  }

  note(source, { mediaTime }) {
    if (source !== this.source) return;
    this.shown = mediaTime;
    this.video.requestVideoFrameCallback((_now, frame) => this.note(source, frame));
  }

  // Return how many seconds ago the frame on the screen arrived, 0 while none is there. now: the portal's, as arrivals are.
  behind(now) {
    const time = this.video.requestVideoFrameCallback ? this.shown : this.video.currentTime;
    const frame = this.seen.findLast(({ at }) => at < time + ROUNDING);
    return this.source && !this.video.hidden && frame ? (now - frame.arrival) / 1000 : 0;
  }

  // Return the same of the newest frame that came, shown or not.
  behindAtBest(now) {
    return this.source && this.seen.length > 0 ? (now - this.seen.at(-1).arrival) / 1000 : 0;
  }

  show() {
    this.isShown = true;
    this.video.hidden = false;
    this.onPicture();
  }

  // This browser can't play what comes now.
  forgetAll() {
    this.init = null;
    this.darken();
  }

  // The picture is gone from the screen before anything else.
  darken() {
    this.video.hidden = true;
    this.isShown = false;
    this.source = this.buffer = null;
    this.shown = undefined;
    this.queue = [];
    this.seen = [];
    this.video.playbackRate = 1;
    this.video.removeAttribute("src");
    this.video.load();
  }
}

const equal = (one, other) => one.length === other.length && one.every((byte, place) => byte === other[place]);
