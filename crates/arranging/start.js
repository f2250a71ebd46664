// Starts the module for arranging cards. The browser's main module loads this file while a board is arranged.
import listen from "./arranging.js";

try {
  await listen();
} catch {
  // The module could not be loaded: the next page that can be arranged retries.
  document.getElementById("arranging-script")?.remove();
}
