// The switch for pages without a network, and what the browser has to erase itself.

const ANSWER_WITHIN = 3_000;

const part = (id) => document.getElementById(id);

async function isOn() {
  return Boolean(await navigator.serviceWorker.getRegistration("/"));
}

/** The worker deletes what it is about to keep as well. One that does not answer is asked in vain. */
function tellWorker({ active }) {
  const { port1, port2 } = new MessageChannel();
  const answered = new Promise((done) => { port1.onmessage = done; });
  const late = new Promise((done) => setTimeout(done, ANSWER_WITHIN));
  active?.postMessage("erase", [port2]);
  return Promise.race([answered, late]);
}

async function erase() {
  const registrations = await navigator.serviceWorker.getRegistrations();
  for (const registration of registrations) {
    await tellWorker(registration);
    await registration.unregister();
  }
  for (const name of await caches.keys()) await caches.delete(name);
}

async function show() {
  const on = await isOn();
  part("offline-on").hidden = on;
  part("offline-off").hidden = !on;
  part("offline-is-on").hidden = !on;
}

async function change(act, next) {
  await act();
  await show();
  part(next).focus();
}

// Only a secure connection has them.
if ("serviceWorker" in navigator) {
  if (part("forgotten")) erase();
  if (part("offline")) {
    part("offline").hidden = false;
    const start = () => navigator.serviceWorker.register("/sw.js");
    part("offline-on").addEventListener("click", () => change(start, "offline-off"));
    part("offline-off").addEventListener("click", () => change(erase, "offline-on"));
    show();
  }
}
