// form[data-notices="key"][data-worker="url"]: asks the browser whether it shows notices, and tells the portal where its
// maker takes them. [data-if="script|old|denied|failed"]: why not; the first is there until this script runs.
const form = document.querySelector("form[data-notices]");
let forgotten;

if (form) begin();

function begin() {
  if (!("serviceWorker" in navigator && "PushManager" in window && "Notification" in window)) return say("old");
  say("");
  form.hidden = false;
  form.addEventListener("submit", turnOn);
  forgotten = forget();
}

async function turnOn(event) {
  event.preventDefault();
  say("");
  try {
    await forgotten;
    if ((await Notification.requestPermission()) !== "granted") return say("denied");
    const { endpoint, keys } = (await subscribe()).toJSON();
    form.elements.namedItem("endpoint").value = endpoint;
    form.elements.namedItem("p256dh").value = keys.p256dh;
    form.elements.namedItem("auth").value = keys.auth;
    form.submit();
  } catch {
    say("failed");
  }
}

async function subscribe() {
  const registration = await navigator.serviceWorker.register(form.dataset.worker);
  await started(registration);
  return registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: form.dataset.notices });
}

// `ready` waits for a script that this page is in the scope of; ours has no page in its scope.
function started(registration) {
  if (registration.active) return undefined;
  const worker = registration.installing ?? registration.waiting;
  return new Promise((resolve, reject) => {
    worker.addEventListener("statechange", () => {
      if (worker.state === "activated") resolve();
      if (worker.state === "redundant") reject(new Error("the script did not start"));
    });
  });
}

// They are off here, so the browser's maker need not keep an address either.
async function forget() {
  const registration = await navigator.serviceWorker.getRegistration(form.dataset.worker);
  const subscription = await registration?.pushManager.getSubscription();
  await subscription?.unsubscribe();
}

function say(what) {
  document.querySelectorAll("[data-if]").forEach((line) => {
    line.hidden = line.dataset.if !== what;
  });
}
