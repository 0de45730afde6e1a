// The idle lock of agency pages: warns in time, one key keeps the person signed in.
const dialog = document.querySelector("[data-idle]");

if (dialog) watch(dialog);

function watch(dialog) {
  const left = dialog.querySelector("[data-left]");
  const seconds = Number(dialog.dataset.seconds);
  const warn = Number(dialog.dataset.warn);
  let lockAt = Date.now() + seconds * 1000;
  let told = Date.now();

  const lock = () => {
    clearInterval(clock);
    window.location.assign(dialog.dataset.locked);
  };

  const extend = async () => {
    const form = dialog.querySelector("form");
    told = Date.now();
    try {
      const answer = await fetch(dialog.dataset.extend, {
        method: "POST",
        body: new FormData(form),
        headers: { "X-Requested-With": "fetch" },
        redirect: "manual",
      });
      if (!answer.ok && answer.status !== 204) return lock();
    } catch {
      return; // offline: the clock goes on, the next key tries again
    }
    lockAt = Date.now() + seconds * 1000;
    if (dialog.open) dialog.close();
  };

  // Work on the page counts as activity; the server hears of it once in five minutes at most.
  const active = () => {
    if (dialog.open) return;
    if (Date.now() - told > Math.min(300, seconds / 4) * 1000) extend();
  };

  const tick = () => {
    const remaining = Math.ceil((lockAt - Date.now()) / 1000);
    if (remaining <= 0) return lock();
    if (remaining > warn) return;
    left.textContent = String(remaining);
    if (!dialog.open) dialog.showModal();
  };

  for (const kind of ["keydown", "pointerdown", "wheel"]) {
    document.addEventListener(kind, active, { passive: true });
  }
  dialog.addEventListener("keydown", extend);
  dialog.addEventListener("cancel", (event) => event.preventDefault());
  dialog.querySelector("form").addEventListener("submit", (event) => {
    event.preventDefault();
    extend();
  });
  document.addEventListener("visibilitychange", tick);
  const clock = setInterval(tick, 1000);
}
