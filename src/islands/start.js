// Loads the module once the page is complete and the browser idle, or as soon as the page is touched:
// the page works without it, and its download must not compete with the first paint.
const TOUCHES = ["pointerdown", "keydown", "submit"];
const IDLE_WITHIN = 2000;

let begun = false;

async function begin() {
  if (begun) return;
  begun = true;
  for (const touch of TOUCHES) removeEventListener(touch, begin, true);
  const page = await import("./voordeur.js");
  await page.default({ module_or_path: new URL("voordeur_bg.wasm", import.meta.url) });
  page.start();
}

function whenIdle() {
  if ("requestIdleCallback" in window) requestIdleCallback(begin, { timeout: IDLE_WITHIN });
  else setTimeout(begin);
}

for (const touch of TOUCHES) addEventListener(touch, begin, true);
if (document.readyState === "complete") whenIdle();
else addEventListener("load", whenIdle, { once: true });
