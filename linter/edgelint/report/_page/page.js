(() => {
  "use strict";
  const root = document.documentElement;
  const byId = (id) => document.getElementById(id);
  const all = (selector) => [...document.querySelectorAll(selector)];
  const held = (selector) => all(selector).map((element) => ({ element, text: null }));
  const form = byId("controls");
  const search = byId("search");
  const boxes = all("#controls input[type=checkbox]");
  const choices = all("#controls select");
  const status = byId("status");
  const findings = held("details.finding");
  const rules = held("details.rule");
  const routes = held(".matrix tbody tr");
  const phases = all("section.phase");
  const written = new Intl.NumberFormat("en");
  root.dataset.scripts = "";
  for (const name of ["filters", "ways"]) byId(name).open = window.innerWidth >= 1024;

  // What is wanted: in the controls, and in the address, so that it can be passed on

  const wanted = () => {
    const data = new FormData(form);
    return {
      words: search.value.toLowerCase().split(/\s+/).filter(Boolean),
      severity: new Set(data.getAll("severity")),
      confidence: new Set(data.getAll("confidence")),
      check: data.get("check") || "",
      phase: data.get("phase") || "",
    };
  };
  const address = () => {
    const pairs = [...new FormData(form)].filter(([, value]) => value);
    if (search.value.trim()) pairs.push(["q", search.value.trim()]);
    return new URLSearchParams(pairs).toString();
  };
  const follow = (query) => {
    const found = new URLSearchParams(query);
    search.value = found.get("q") || "";
    for (const box of boxes) box.checked = found.getAll(box.name).includes(box.value);
    for (const choice of choices) {
      choice.value = found.get(choice.name) || "";
      if (choice.selectedIndex < 0) choice.value = "";
    }
  };
  const remember = () => {
    const query = address();
    if (query) history.replaceState(null, "", `#?${query}`);
    else if (location.hash.startsWith("#?")) history.replaceState(null, "", location.pathname + location.search);
  };

  // What is shown

  const says = (card, words) => {
    if (!words.length) return true;
    card.text ??= card.element.textContent.toLowerCase();
    return words.every((word) => card.text.includes(word));
  };
  const show = (cards, fits) => {
    let shown = 0;
    for (const card of cards) {
      const hide = !fits(card);
      if (card.element.hidden !== hide) card.element.hidden = hide;
      if (!hide) shown += 1;
    }
    return shown;
  };
  const count = (shown, total, noun) =>
    `${written.format(shown)} of ${written.format(total)} ${noun}${total === 1 ? "" : "s"}`;

  const apply = () => {
    const want = wanted();
    const graded = want.severity.size || want.confidence.size || want.check;
    const spoken = new Set();
    const told = show(findings, (card) => {
      const { severity, confidence, check, phase, rule } = card.element.dataset;
      if (want.severity.size && !want.severity.has(severity)) return false;
      if (want.confidence.size && !want.confidence.has(confidence)) return false;
      if ((want.check && want.check !== check) || (want.phase && want.phase !== phase)) return false;
      if (rule) spoken.add(rule);
      return says(card, want.words);
    });
    const kept = show(rules, (card) => {
      if (want.phase && want.phase !== card.element.dataset.phase) return false;
      return (!graded || spoken.has(card.element.id)) && says(card, want.words);
    });
    show(routes, (card) => says(card, want.words));
    for (const phase of phases) phase.hidden = !phase.querySelector("details.rule:not([hidden])");
    const said = [count(told, findings.length, "finding")];
    if (rules.length) said.push(count(kept, rules.length, "rule"));
    status.textContent = `Shown: ${said.join(", ")}`;
  };
  const changed = () => {
    apply();
    remember();
  };

  let waiting = 0;
  search.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(changed, 120);
  });
  form.addEventListener("change", (event) => event.target !== search && changed());
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    changed();
  });
  form.addEventListener("reset", () => setTimeout(changed));

  // Links lead to what they name, whether or not it is folded or filtered out

  const reveal = (target) => {
    if (target.closest("[hidden]")) {
      follow("");
      apply();
    }
    for (let fold = target.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
    target.scrollIntoView();
    if (target.matches("details")) target.querySelector("summary").focus({ preventScroll: true });
  };
  const arrive = () => {
    if (location.hash.startsWith("#?")) {
      follow(location.hash.slice(2));
      apply();
      return;
    }
    const target = location.hash.length > 1 && byId(location.hash.slice(1));
    if (target) reveal(target);
  };
  window.addEventListener("hashchange", arrive);
  document.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#"]');
    if (link && link.getAttribute("href") === location.hash) arrive();
  });

  // Folding

  const foldable = (button) =>
    [...button.closest("section").querySelectorAll("details.card")].filter((card) => !card.hidden);
  const name = (button) => {
    button.textContent = foldable(button).some((card) => !card.open) ? "Unfold all" : "Fold all";
  };
  all("button.unfold").forEach(name);
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button.unfold");
    if (!button) return;
    const cards = foldable(button);
    const open = cards.some((card) => !card.open);
    for (const card of cards) card.open = open;
    name(button);
  });
  let opened = [];
  window.addEventListener("beforeprint", () => {
    opened = all("details:not([open])");
    for (const fold of opened) fold.open = true;
  });
  window.addEventListener("afterprint", () => {
    for (const fold of opened) fold.open = false;
  });

  // Copying

  const copied = (button, done) => {
    button.textContent = done ? "Copied" : "Select and copy";
    setTimeout(() => (button.textContent = "Copy"), 2000);
  };
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button.copy");
    if (!button) return;
    const line = button.parentElement.querySelector("code");
    if (navigator.clipboard) {
      navigator.clipboard.writeText(line.textContent).then(
        () => copied(button, true),
        () => copied(button, false),
      );
      return;
    }
    getSelection().selectAllChildren(line);
    copied(button, false);
  });

  // Light and dark

  const THEMES = ["system", "light", "dark"];
  const stored = () => {
    try {
      return localStorage.getItem("edgelint-theme") || "system";
    } catch {
      return "system";
    }
  };
  const dress = (name) => {
    if (name === "system") delete root.dataset.theme;
    else root.dataset.theme = name;
    byId("theme").textContent = `Theme: ${name}`;
  };
  byId("theme").addEventListener("click", () => {
    const next = THEMES[(THEMES.indexOf(root.dataset.theme || "system") + 1) % THEMES.length];
    dress(next);
    try {
      localStorage.setItem("edgelint-theme", next);
    } catch {
      // A browser that keeps nothing still shows it.
    }
  });
  dress(THEMES.includes(stored()) ? stored() : "system");
  apply();
  arrive();
})();
