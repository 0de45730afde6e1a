// The lines of a page to its relays: one answer for each carries all of its tiles.
import { Answer } from "./answer.js";
import { isPossible } from "./frames.js";

const HELD_BACK_AFTER = 3000;
const LASTING = 5000;
const LONGEST = 60000;

// Seconds. A camera that is silent for three is said to be away by the relay.
const TOO_LATE = 4;
const AGAIN_AFTER = [250, 500, 1000, 2000, 4000, 8000, 16000, 30000];

export class Lines {
  // refresh: asks the portal for a fresh pass and for the relay of each view.
  constructor(refresh) {
    this.refresh = refresh;
    this.pass = "";
    this.lines = new Map();
  }

  // Carry each running tile from the relay that the portal named last.
  settle(tiles) {
    const wanted = new Map();
    for (const tile of tiles) {
      if (!tile.isRunning || !tile.relay || !isPossible) continue;
      wanted.set(tile.relay, [...(wanted.get(tile.relay) ?? []), tile]);
    }
    for (const [relay, line] of this.lines) {
      if (wanted.has(relay)) continue;
      this.lines.delete(relay);
      line.close();
    }
    for (const [relay, carried] of wanted) {
      if (!this.lines.has(relay)) this.lines.set(relay, new Line(relay, this));
      this.lines.get(relay).carry(carried);
    }
  }

  look() {
    for (const line of this.lines.values()) line.current?.look();
  }

  renew(now) {
    for (const line of this.lines.values()) line.renew(now);
  }
}

class Line {
  constructor(relay, page) {
    this.relay = relay;
    this.page = page;
    this.tiles = new Map();
    this.failures = 0;
    this.stays = LASTING;
    this.waitForFirst();
  }

  // A list with another view needs another answer; the old one goes on until that has begun.
  carry(tiles) {
    const gone = this.running().filter((tile) => !tiles.includes(tile));
    this.tiles = new Map(tiles.map((tile) => [tile.id, tile]));
    gone.forEach((tile) => tile.picture.lose());
    if (this.isHeldBack) this.goAround();
    const asked = (this.next ?? this.current)?.views ?? [];
    if (!this.again && tiles.some((tile) => !asked.includes(tile.id))) this.open();
  }

  open() {
    this.again = null;
    const views = this.running().map((tile) => tile.id);
    if (views.length === 0) return;
    const before = this.next;
    this.next = new Answer(this.relay, this.page.pass, views, this);
    before?.leave();
  }

  onMessage(answer, view, kind, payload) {
    if (answer === this.next) this.begin();
    const tile = this.tiles.get(view);
    if (answer === this.current && tile?.isRunning) tile.picture.hear(kind, payload);
  }

  begin() {
    const before = this.current;
    [this.current, this.next] = [this.next, null];
    this.hasBegun = true;
    this.isHeldBack = false;
    clearTimeout(this.patience);
    before?.leave();
  }

  // What waits on a slow line before it, in nobody's hands any more, is left behind: another answer begins with now.
  // A slow line makes all of its tiles late. Where it stays slow, or a clock is wrong, it is left less and less often.
  renew(now) {
    if (!this.current || this.current.lasted() < this.stays) return;
    const behind = this.running().map((tile) => tile.picture.behindAtBest(now)).filter(Boolean);
    if (behind.length === 0 || Math.min(...behind) <= TOO_LATE) {
      this.stays = LASTING;
      return;
    }
    this.stays = Math.min(2 * this.stays, LONGEST);
    this.current.leave();
  }

  onEnd(answer) {
    if (answer === this.current) {
      this.current = null;
      if (answer.lasted() > LASTING) this.failures = 0;
      this.running().forEach((tile) => tile.picture.lose());
      this.waitForFirst();
    } else if (answer === this.next) {
      this.next = null;
      if (!this.hasBegun) this.goAround();
    } else {
      return;
    }
    if (this.next || this.again) return;
    const wait = AGAIN_AFTER[Math.min(this.failures, AGAIN_AFTER.length - 1)];
    this.failures += 1;
    this.again = setTimeout(() => this.tryAgain(), wait);
  }

  async tryAgain() {
    await this.page.refresh();
    if (this.again) this.open();
  }

  // Whatever keeps video from coming this way, for so long: each tile takes the other one until it does come.
  waitForFirst() {
    clearTimeout(this.patience);
    this.patience = setTimeout(() => this.goAround(), HELD_BACK_AFTER);
  }

  goAround() {
    this.isHeldBack = true;
    this.running().forEach((tile) => tile.picture.takePieces("network"));
  }

  close() {
    clearTimeout(this.patience);
    clearTimeout(this.again);
    this.again = null;
    const answers = [this.next, this.current];
    this.next = this.current = null;
    answers.forEach((answer) => answer?.leave());
    this.running().forEach((tile) => tile.picture.lose());
  }

  running() {
    return [...this.tiles.values()].filter((tile) => tile.isRunning);
  }
}
