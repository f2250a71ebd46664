// Starts the module that moves cards; the browser's main part asks for this file once a board is arranged.
import listen from "./arranging.js";

try {
  await listen();
} catch {
  // The server went away just now: the next page that is arranged asks again.
  document.getElementById("arranging-script")?.remove();
}
