// Visits pages in Chromium: a line of JSON in, which says what to do, and a line of JSON out, with what was found.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { chromium } from "playwright-core";

const QUIET = [
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
const WAIT = 30_000;

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const browser = await chromium.launch({
  executablePath: process.argv[2],
  chromiumSandbox: process.getuid?.() !== 0,
  args: QUIET,
});

const actions = {
  click: (page, selector) => page.click(selector),
  press: (page, key) => page.keyboard.press(key),
  fill: (page, [selector, text]) => page.fill(selector, text),
  select: (page, [selector, value]) => page.selectOption(selector, value),
  go: (page, hash) => page.evaluate((to) => void (location.hash = to), hash),
  pause: (page, milliseconds) => page.waitForTimeout(milliseconds),
  picture: (page, path) => page.screenshot({ path, fullPage: false }),
  whole: (page, path) => page.screenshot({ path, fullPage: true }),
  pdf: (page, path) => page.pdf({ path, format: "A4" }),
  ask: (page, expression) => page.evaluate(expression),
  accessibility: async (page) => {
    await page.evaluate(axe);
    const found = await page.evaluate(() => globalThis.axe.run());
    return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).slice(0, 3).join(" ")}`);
  },
};

async function visit({ url, steps, width = 1280, height = 900, scheme = "light", scripts = true }) {
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: scheme,
    javaScriptEnabled: scripts,
    reducedMotion: "reduce",
    permissions: ["clipboard-read", "clipboard-write"],
  });
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(WAIT);
    const complaints = [];
    const requests = [];
    page.on("console", (message) => complaints.push(`${message.type()}: ${message.text()}`));
    page.on("pageerror", (error) => complaints.push(String(error)));
    page.on("dialog", (dialog) => complaints.push(`dialog: ${dialog.message()}`) && dialog.dismiss());
    page.on("request", (request) => requests.push(request.url()));
    await page.goto(url);
    const answers = [];
    for (const [[name, value]] of steps.map(Object.entries)) {
      const answer = await actions[name](page, value);
      if (name === "ask" || name === "accessibility") answers.push(answer);
    }
    return { answers, complaints, requests: requests.length };
  } finally {
    await context.close();
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  const found = await visit(JSON.parse(line)).catch((error) => ({ error: String(error) }));
  process.stdout.write(`${JSON.stringify(found)}\n`);
}
await browser.close();
