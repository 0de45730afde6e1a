// The picture of a tile: frame by frame from a relay, or in pieces of a second (HLS) where that way is closed.
import { Frames, isPossible, plays } from "./frames.js";
import { AWAY, FRAME, INIT, REFUSED, WAIT, frameOf, initOf, said } from "./messages.js";
import { Playing } from "./playing.js";

// A device that can't send frame by frame sends pieces once they are asked for.
const FRAME_WITHIN = 6000;

export class Picture {
  // heard: onWait(sentence), onPicture(why), onRefused(refusal), onLost(), onUnplayable(codec). why: a way that is slower.
  constructor(video, playlist, heard) {
    this.video = video;
    this.playlist = playlist;
    this.heard = heard;
    if (isPossible) this.frames = new Frames(video, () => this.heard.onPicture(""));
  }

  start(relay) {
    if (relay && isPossible) this.waitForFrame();
    else this.takePieces("pieces");
  }

  // Whether frames come now. A relay that brings them lives, whatever else is said of it.
  get hasFrames() {
    return Boolean(this.frames?.source);
  }

  // What the relay sends of this view.
  hear(kind, payload) {
    if (kind === REFUSED) this.heard.onRefused(said(payload));
    else if (kind === INIT) this.begin(initOf(payload));
    else if (kind === FRAME) this.add(frameOf(payload));
    else if (kind === WAIT || kind === AWAY) this.wait(said(payload).sentence);
  }

  begin({ codec, box }) {
    this.leavePieces();
    this.stopWaiting();
    if (plays(codec)) return this.frames.begin(codec, box);
    this.frames.forgetAll();
    this.heard.onUnplayable(codec);
  }

  add(frame) {
    if (this.pieces && !frame.isKey) return;
    this.leavePieces();
    this.stopWaiting();
    this.frames.add(frame);
  }

  wait(sentence) {
    if (this.pieces) return;
    this.frames.darken();
    this.heard.onWait(sentence);
    this.waitForFrame();
  }

  waitForFrame() {
    this.patience ??= setTimeout(() => this.takePieces("pieces"), FRAME_WITHIN);
  }

  // The line to the relay is gone.
  lose() {
    if (this.pieces) return;
    this.frames.darken();
    this.heard.onLost();
  }

  stopWaiting() {
    clearTimeout(this.patience);
    this.patience = null;
  }

  // why: "network" if it holds frames back, else "pieces".
  takePieces(why) {
    this.stopWaiting();
    this.why = isPossible ? why : "browser";
    if (this.pieces) {
      if (!this.video.hidden) this.heard.onPicture(this.why);
      return;
    }
    this.frames?.darken();
    const heard = { ...this.heard, onPicture: () => this.heard.onPicture(this.why) };
    this.pieces = new Playing(this.video, this.playlist, heard);
    this.pieces.start();
  }

  leavePieces() {
    this.pieces?.stop();
    this.pieces = null;
  }

  // Return how many seconds ago the frame on the screen arrived, 0 where nobody can tell.
  behind(now) {
    return this.pieces ? 0 : this.frames.behind(now);
  }

  // Return the same of the newest frame that came.
  behindAtBest(now) {
    return this.pieces ? 0 : this.frames.behindAtBest(now);
  }

  resume() {
    if (!this.video.hidden) this.video.play().catch(() => {});
  }

  stop() {
    this.stopWaiting();
    this.frames?.darken();
    this.leavePieces();
  }
}
