// What the pages need from the browser beyond their framework. Without this script everything still works, only less smoothly.
"use strict";
(() => {
  const COLUMN_BUTTONS = /^(again|evidence|wider|allow|refuse)-(.+)$/;
  const WIDE = { ways: "Answers side by side", "run-picture": "Picture, wider than the screen" };
  const all = (selector) => document.querySelectorAll(selector);

  // [1] in an answer opens the source, and Measure in a table measures, as the buttons below them do.
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.('a[href^="#cite-"], a[href^="#measure-"]');
    if (!link) return;
    event.preventDefault(); // addresses are relative to the first page, so the jump itself would lead there
    opener = link;
    document.getElementById(link.getAttribute("href").slice(1))?.click();
  });

  // The address follows what is shown, so that a reload or a copied address brings it back.
  const follow = () => {
    for (const link of all("#comparison-link a, #run-link a")) {
      const wanted = new URL(link.href, location.href);
      if (wanted.pathname === location.pathname && wanted.search !== location.search) {
        history.replaceState(history.state, "", wanted.pathname + wanted.search);
      }
    }
  };

  // Five buttons called "Again" sound alike: each says its column, visible word first.
  const name = () => {
    for (const button of all('[id^="again-"], [id^="evidence-"], [id^="wider-"], [id^="allow-"], [id^="refuse-"]')) {
      const parts = COLUMN_BUTTONS.exec(button.id);
      // A call that asks must not tell of which column it is while the names are hidden.
      const hidden = parts && /^(allow|refuse)$/.test(parts[1]) ? ":not(.way-sealed)" : "";
      const heading = parts && document.querySelector(`#way-${CSS.escape(parts[2])}${hidden} h2`);
      if (!heading || button.tagName !== "BUTTON") continue;
      const label = `${button.textContent.trim()}, ${heading.textContent.trim().replace(/^([A-Z]: )?\S+\s/, "")}`;
      if (button.getAttribute("aria-label") !== label) button.setAttribute("aria-label", label);
    }
    // The buttons of a list's entries, too: each says whose it is.
    for (const button of all(".listed button, .listed .buttons a")) {
      const entry = button.closest(".listed").querySelector("strong");
      const label = entry && `${button.textContent.trim()}, ${entry.textContent.trim()}`;
      if (label && button.getAttribute("aria-label") !== label) button.setAttribute("aria-label", label);
    }
    for (const input of all('input[type="file"]')) {
      const area = input.closest("button");
      const text = area && area.innerText.replace(/\s+/g, " ").trim();
      if (text && area.getAttribute("aria-label") !== text) area.setAttribute("aria-label", text);
    }
    // What is wider than the screen can be moved by the arrow keys.
    for (const wide of all("#ways, .block.scrolled, #run-picture")) {
      const fits = wide.scrollWidth <= wide.clientWidth && wide.scrollHeight <= wide.clientHeight;
      if (wide.tabIndex === 0 || fits) continue;
      wide.tabIndex = 0;
      wide.setAttribute("role", "group");
      wide.setAttribute("aria-label", WIDE[wide.id] ?? "Table, wider than the screen");
    }
    for (const notice of all(".notice:not([role])")) notice.setAttribute("role", "status");
    const heading = document.querySelector("h1");
    const title = heading ? `${heading.textContent.trim()} · Triptych` : "Triptych";
    if (document.title !== title) document.title = title;
  };

  // A widened column comes into view.
  let widened = new Set();
  const reveal = () => {
    const now = new Set([...all(".way.widened")].map((column) => column.id));
    for (const id of now) {
      if (!widened.has(id)) document.getElementById(id).scrollIntoView({ inline: "nearest", block: "nearest" });
    }
    widened = now;
  };

  // A list of choices that is longer than its box would be a stop of its own for Tab, and be gone with the focus on it.
  const passLists = (event) => {
    if (event.key === "Tab") for (const list of all("ul.option-list")) list.tabIndex = -1;
  };
  document.addEventListener("keydown", passLists, true);

  // The drawer takes the focus when it opens, gives it back when it closes, and closes on Escape.
  let opener = null;
  let opened = false;
  const drawer = () => document.querySelector("#evidence.open");
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.(".chip, .column-buttons button");
    if (button && !opener) opener = button;
  });
  // r, w and s mark an answer while nothing is being written.
  const MARKS = { r: "mark-right", w: "mark-wrong", s: "mark-skip" };
  document.addEventListener("keydown", (event) => {
    const button = !event.ctrlKey && !event.metaKey && !event.altKey && document.getElementById(MARKS[event.key]);
    if (!button || !button.offsetParent || event.target.closest("input, textarea, [contenteditable]")) return;
    event.preventDefault();
    button.click();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && drawer()) document.getElementById("close-evidence")?.click();
  });
  const focus = () => {
    const now = Boolean(drawer());
    const side = document.getElementById("evidence");
    if (side && side.inert === now) side.inert = !now; // closed, it lies beside the screen and takes no focus
    if (now && !opened) {
      const heading = document.querySelector("#evidence-heading h2");
      if (!heading) return; // its text comes a moment after the drawer has opened
      heading.setAttribute("tabindex", "-1");
      heading.focus({ preventScroll: true });
    }
    if (!now && opened) {
      opener?.focus({ preventScroll: true });
      opener = null;
    }
    opened = now;
  };

  // An address with a mark leads to that part, which is drawn only after the page.
  let reached = "";
  const reach = () => {
    if (!location.hash || reached === location.href) return;
    const part = document.getElementById(location.hash.slice(1));
    if (!part || !part.querySelector("h3")) return;
    reached = location.href;
    part.scrollIntoView({ block: "start" });
  };

  // A field of the table of all questions shows its answer without loading the page anew; its row's link does the same.
  document.addEventListener("click", (event) => {
    const row = event.target.closest?.("#score-matrix tbody tr");
    const link = row?.querySelector('a[href*="q="]');
    const field = document.querySelector("#wanted-cell textarea, #wanted-cell input");
    if (!link || !field || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const address = new URL(link.href);
    const cell = event.target.closest("td");
    const column = cell && row.closest("table").querySelector(`th:nth-child(${cell.cellIndex + 1}) a`);
    if (column) address.searchParams.set("w", new URL(column.href).searchParams.get("w"));
    history.replaceState(history.state, "", address);
    field.value = address.search.slice(1);
    field.dispatchEvent(new Event("input", { bubbles: true }));
    reached = "";
  });

  // Whoever scores wants to see the newest score, also after a reload.
  document.addEventListener("click", (event) => {
    if (event.target.closest?.("#score, #score-go-on")) history.replaceState(history.state, "", location.pathname);
  });

  // What a button has made ready is opened by itself; the link stays for who comes back.
  let followed = "";
  const goOn = () => {
    const link = document.querySelector("#go-on a");
    if (!link || link.href === followed || link.origin !== location.origin) return;
    followed = link.href;
    location.assign(link.href);
  };

  // The card of a call goes once it is decided; the focus goes on to the column that asked.
  let decided = "";
  document.addEventListener("click", (event) => {
    const card = event.target.closest?.(".ask-card");
    if (card && event.target.closest("button")) decided = card.id.replace("asks-", "");
  });
  const comeBack = () => {
    const card = decided && document.getElementById(`asks-${decided}`);
    if (!decided || card?.checkVisibility()) return;
    const heading = document.querySelector(`#way-${CSS.escape(decided)}:not(.way-sealed) h2, .way-sealed h2`);
    decided = "";
    if (!heading || (document.activeElement !== document.body && !card?.contains(document.activeElement))) return;
    heading.setAttribute("tabindex", "-1");
    heading.focus({ preventScroll: true });
  };

  // Links to our own pages stay in this tab.
  const stay = () => {
    for (const link of all('a[target="_blank"][href^="/"]')) link.removeAttribute("target");
    // A file to take away leaves no page: without this, the browser would end the page's streams first.
    for (const link of all('a[href^="/downloads/"]:not([download])')) link.setAttribute("download", "");
  };

  let waiting = false;
  new MutationObserver(() => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      follow();
      name();
      reveal();
      focus();
      comeBack();
      reach();
      stay();
      goOn();
    });
  }).observe(document.documentElement, { subtree: true, childList: true, attributes: true, attributeFilter: ["class", "href"] });
})();
