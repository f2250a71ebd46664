// Starts the module that moves cards; the browser's main part asks for this file once a board is arranged.
import listen from "./arranging.js";

await listen();
