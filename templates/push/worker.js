// Shows one sentence, whatever was sent, and opens the start page when it is pressed.
self.addEventListener("push", (event) => {
  event.waitUntil(self.registration.showNotification("{{ sentence|escapejs }}", { tag: "portal", renotify: true }));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(self.clients.openWindow("{% url 'console' %}"));
});

self.addEventListener("install", () => self.skipWaiting());
