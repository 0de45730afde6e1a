// One view: its picture with the watermark over it, what it waits for, its time, who else looks, and its end.
import { Picture } from "./picture.js";

// What the page asks by itself keeps nobody signed in.
export const BACKGROUND = { "X-Background": "1" };

const KINDS = { avc1: "H.264", avc3: "H.264", hvc1: "H.265", hev1: "H.265" };

export class Tile {
  constructor(element, words) {
    this.element = element;
    this.words = words;
    this.id = element.dataset.view;
    this.isRunning = !element.hasAttribute("data-over");
    this.isShared = false;
    this.endsAt = Number(element.dataset.ends) * 1000;
    this.find = (name) => element.querySelector(`[data-${name}]`);
    this.clock = new Intl.DateTimeFormat("en-US", { dateStyle: "short", timeStyle: "medium", timeZone: element.dataset.zone });
    this.relay = element.dataset.relay;
    this.picture = new Picture(element.querySelector("video"), element.dataset.playlist, {
      onWait: (sentence) => this.say(sentence || words.waits),
      onPicture: (why) => this.show(why),
      onRefused: (refusal) => this.refuse(refusal),
      onLost: () => this.say(words.lost),
      onUnplayable: (codec) => this.say(words.unplayable.replace("{kind}", KINDS[codec.slice(0, 4)] ?? codec)),
    });
    this.listen();
    if (this.isRunning) this.picture.start(this.relay);
    else this.find("left").textContent = words.over;
  }

  listen() {
    this.find("full").addEventListener("click", () => {
      if (document.fullscreenElement) document.exitFullscreen();
      else this.find("picture").requestFullscreen();
    });
    this.find("end").addEventListener("submit", (event) => this.send(event, () => this.close()));
    this.find("extend").addEventListener("submit", (event) =>
      this.send(event, (said) => {
        this.endsAt = said.ends * 1000;
        this.find("more").open = false;
        event.target.reset();
        this.find("more").querySelector("summary").focus();
      }),
    );
    this.find("begin-again").addEventListener("submit", (event) =>
      this.send(event, (said) => {
        const detail = { tile: this, view: said.view };
        this.element.dispatchEvent(new CustomEvent("live-again", { bubbles: true, detail }));
      }),
    );
    this.find("more").addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      this.find("more").open = false;
      this.find("more").querySelector("summary").focus();
    });
  }

  // What the portal says of this view every few seconds.
  hear(view) {
    if (!this.isRunning) return;
    if (view.over) return this.refuse(view);
    this.endsAt = view.ends * 1000;
    this.moveTo(view.relay);
    this.find("others").textContent = view.others.length ? view.others.join(", ") : this.words.nobody;
    this.find("others-line").hidden = view.others.length === 0;
  }

  moveTo(relay) {
    if (relay === this.relay || (!relay && this.picture.hasFrames)) return;
    this.relay = relay;
    if (!relay) this.picture.takePieces("pieces");
  }

  tick(now) {
    this.element.querySelectorAll("[data-mark]").forEach((mark) => {
      mark.textContent = `${this.element.dataset.viewer} · ${this.clock.format(now)}`;
    });
    const left = Math.max(0, Math.floor((this.endsAt - now) / 1000));
    if (this.isRunning) this.find("left").textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
  }

  // Say how old the picture is once that is more than a second, and return it. now: the portal's time in milliseconds.
  tellBehind(now) {
    const seconds = this.isRunning ? this.picture.behind(now) : 0;
    this.find("behind").textContent = seconds > 1 ? this.words.behind.replace("{seconds}", Math.round(seconds)) : "";
    return seconds;
  }

  // Open the field for another reason, and go to it.
  askLonger() {
    this.find("more").open = true;
    this.find("extend").querySelector("[name=reason]").focus();
  }

  // why: the way that the picture takes, where it is not the quick one.
  show(why) {
    this.say("");
    this.find("way").textContent = why && this.words[why];
  }

  say(sentence, more = "") {
    const note = this.find("note");
    note.hidden = !sentence;
    this.find("sentence").textContent = sentence;
    this.find("change").textContent = more && `${this.words.change} ${more}`;
  }

  stop() {
    this.isRunning = false;
    this.picture.stop();
  }

  refuse({ sentence, change, again = true }) {
    if (!this.isRunning) return;
    this.stop();
    if (document.fullscreenElement) document.exitFullscreen();
    this.element.classList.add("live-tile--over");
    this.find("left").textContent = this.words.over;
    this.find("acts").hidden = true;
    this.find("again").hidden = false;
    this.find("begin-again").hidden = !again;
    this.say(sentence, change);
  }

  // The owner shares the camera again, or not any more: the tile says so, and one press begins another view.
  offerAgain(isShared) {
    if (this.isRunning || this.isElsewhere || this.isShared === isShared) return;
    this.isShared = isShared;
    this.refusal ??= [this.find("sentence").textContent, this.find("change").textContent];
    [this.find("sentence").textContent, this.find("change").textContent] = isShared ? [this.words.shared, ""] : this.refusal;
  }

  // Another window shows this view now, so this one neither plays nor ends it.
  handOver() {
    if (!this.isRunning) return;
    this.isElsewhere = true;
    this.stop();
    this.find("acts").hidden = true;
    this.say(this.words.elsewhere);
  }

  close() {
    this.stop();
    const next = this.element.nextElementSibling ?? this.element.previousElementSibling;
    const page = this.element.closest("[data-live-page]");
    this.element.remove();
    (next?.querySelector("h2") ?? page.querySelector("h1")).focus();
    page.dispatchEvent(new CustomEvent("live-ended"));
  }

  async send(event, done) {
    event.preventDefault();
    const error = this.find("error");
    error.hidden = true;
    try {
      const answer = await fetch(event.target.action, {
        method: "POST",
        body: new FormData(event.target),
        headers: { Accept: "application/json" },
        redirect: "error",
      });
      const said = await answer.json();
      if (answer.ok) return done(said);
      error.textContent = said.sentence;
    } catch {
      error.textContent = this.words.lost;
    }
    error.hidden = false;
  }
}
