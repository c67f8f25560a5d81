// The search: finds exhibits, sections, terms and whatever else the index names, as a reader types.
//
// Rules, all of them: every word of the query must be found. A word counts by the field (label or title, other names, what is
// shown beneath, words that stand there) and more if it is whole than if it only begins so. A title that is the query, or begins with
// it, counts more. All that is taken times the weight of what it is, which the index gives. Of equal hits the shorter title comes
// first, then the order of the book. A word that is nowhere may have one letter wrong.
"use strict";
(() => {
  // Label and title, other names, what is shown beneath, words that stand there: what a whole word counts, and a beginning.
  const FIELDS = [[12, 8], [9, 6], [4, 3], [2, 1]], REST = 3;
  const SPELT = { ß: "ss", æ: "ae", œ: "oe", ø: "o", đ: "d", ł: "l", ı: "i" };
  const OFTEN = new Set("a an and at by for from in is it of on or the to what with".split(" "));

  const fold = (text) => (/^[ -~]*$/.test(text) ? text.toLowerCase() : plain(text));
  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replace(/[ßæœøđłı]/g, (letter) => SPELT[letter]);
  const split = (text) => fold(text).match(/[\p{L}\p{N}]+(?:\.\p{N}+)*/gu) || [];
  const stem = (word) => (word.length > 3 && !word.endsWith("ss") ? word.replace(/(?:ies|y|s)$/, "") : word);

  /** Say whether two words differ in one letter: another one, one too many, or one missing. */
  function near(one, other) {
    if (one.length > other.length) return near(other, one);
    if (other.length - one.length > 1) return false;
    let at = 0;
    while (at < one.length && one[at] === other[at]) at += 1;
    return one.slice(at + (one.length === other.length)) === other.slice(at + 1);
  }

  /** Read the index: its entries, and for each word in which fields of which entries it stands. */
  function prepare({ labels, entries }) {
    const words = new Map();
    const read = entries.map(([label, title, address, about, also, rest], order) => {
      const entry = { label: labels[label][0], weight: labels[label][1], title, address, about, order, name: split(title).join(" ") };
      entry.length = entry.name.split(" ").length;
      const fields = [split(`${entry.label} ${title}`), split(also), split(about), rest ? fold(rest).split(" ") : []];
      for (let field = 0; field < fields.length; field += 1)
        for (const word of fields[field]) {
          let known = words.get(word);
          if (!known) words.set(word, known = { word, stem: stem(word), places: [] });
          known.places.push(order * FIELDS.length + field);  // numbers are quick to make
        }
      return entry;
    });
    return { entries: read, words: [...words.values()] };
  }

  /** Say in which entries a word of the query is found, and how much that counts in each. */
  function count(word, index) {
    const begin = stem(word), number = /^[\d.]+$/.test(word), counts = new Map();
    function note({ places }, whole) {
      for (const place of places) {
        const field = place % FIELDS.length, order = (place - field) / FIELDS.length;
        if (field === REST && word.length < 3) continue;
        const [all, begun] = FIELDS[field], found = whole ? all : begun;
        if (found > (counts.get(order) || 0)) counts.set(order, found);
      }
    }
    for (const known of index.words) {
      if (known.word === word || (!number && known.stem === begin)) note(known, true);
      else if (!number && known.word.startsWith(begin)) note(known, false);
    }
    // A slip of the finger, where nothing is spelt like that.
    if (!counts.size && word.length > 4) for (const known of index.words) if (near(known.word, word)) note(known, false);
    return counts;
  }

  /** Return the entries that a query finds, the best first. */
  function find(index, query) {
    const all = split(query), telling = all.filter((word) => !OFTEN.has(word));
    const words = telling.length ? telling : all, name = all.join(" ");
    if (!words.length) return [];
    const [first, ...rest] = words.map((word) => count(word, index));
    const hits = [];
    for (const [order, found] of first) {
      if (!rest.every((counts) => counts.has(order))) continue;
      const entry = index.entries[order];
      let score = rest.reduce((sum, counts) => sum + counts.get(order), found) / words.length;
      if (entry.name === name) score += 8;
      else if (entry.name.startsWith(`${name} `)) score += 2;
      if (fold(entry.label) === name) score += 12;
      hits.push({ entry, score: score * entry.weight });
    }
    hits.sort((one, other) => other.score - one.score || one.entry.length - other.entry.length || one.entry.order - other.entry.order);
    return hits.map((hit) => hit.entry);
  }

  if (typeof document === "undefined") { module.exports = { prepare, find }; return; }

  // -- what a reader sees of it ----------------------------------------------------------------------

  const SHOWN = 8, LISTED = 100;
  const root = document.documentElement.dataset.content_root;
  const source = new URL("search-index.js", document.currentScript.src).href;
  let index = null, asked = null;

  /** Ask for the index, once; as a script, since a page opened from a folder may load nothing else. */
  function load() {
    asked ||= new Promise((done, failed) => {
      const script = document.createElement("script");
      script.src = source;
      script.onload = () => { index = prepare(window.searchIndex); done(); };
      script.onerror = () => { asked = null; failed(new Error("The index of the search could not be loaded.")); };
      document.head.append(script);
    });
    return asked;
  }

  function make(name, properties = {}, ...children) {
    const element = Object.assign(document.createElement(name), properties);
    element.append(...children);
    return element;
  }

  const parts = (entry) => [
    make("span", { className: "hit-label" }, entry.label), " ", make("span", { className: "hit-title" }, entry.title),
    ...(entry.about ? [" ", make("span", { className: "hit-about" }, entry.about)] : []),
  ];
  const told = (number, shown) =>
    number === 0 ? "Nothing found. Try another word, or fewer." : number > shown ? `${shown} of ${number} hits.` : number === 1 ? "1 hit." : `${number} hits.`;

  /** A field with a list of hits beneath it, which arrow keys walk: a combobox with a listbox. */
  function combobox(form) {
    const input = form.querySelector("input[name=q]"), status = make("div", { className: "hits-told", role: "status" });
    const list = make("ul", { id: "search-hits", className: "hits", role: "listbox", hidden: true });
    let hits = [], at = -1;
    list.setAttribute("aria-label", "Hits");
    for (const [name, value] of Object.entries({ role: "combobox", "aria-expanded": "false", "aria-controls": list.id, "aria-autocomplete": "list" }))
      input.setAttribute(name, value);
    input.autocomplete = "off";
    form.append(list, status);

    function close() {
      list.hidden = true;
      input.setAttribute("aria-expanded", "false");
      point(-1);
    }
    function point(to) {
      list.children[at]?.setAttribute("aria-selected", "false");
      at = to;
      if (at < 0) return input.removeAttribute("aria-activedescendant");
      list.children[at].setAttribute("aria-selected", "true");
      list.children[at].scrollIntoView({ block: "nearest" });
      return input.setAttribute("aria-activedescendant", list.children[at].id);
    }
    function show() {
      if (!index) return;
      const found = find(index, input.value);
      hits = found.slice(0, SHOWN).map((entry) => ({ address: entry.address, content: parts(entry) }));
      if (found.length > SHOWN) hits.push({ address: `search.html?q=${encodeURIComponent(input.value)}`, content: [`All ${found.length} hits`] });
      list.replaceChildren(...hits.map(({ content }, number) => {
        const option = make("li", { id: `search-hit-${number}`, role: "option" }, ...content);
        option.setAttribute("aria-selected", "false");
        return option;
      }));
      at = -1;
      input.removeAttribute("aria-activedescendant");
      list.hidden = !hits.length;
      input.setAttribute("aria-expanded", String(!list.hidden));
      status.textContent = input.value.trim() ? told(found.length, Math.min(found.length, SHOWN)) : "";
    }
    const begin = () => load().then(show, (error) => { status.textContent = error.message; });
    input.addEventListener("focus", () => { load().catch(() => {}); });
    input.addEventListener("input", begin);
    input.addEventListener("keydown", (event) => {
      const { key } = event;
      if (key === "Escape") { if (!list.hidden) { event.preventDefault(); close(); } return; }
      if (key === "Enter" && at >= 0 && !list.hidden) { event.preventDefault(); go(hits[at].address); return; }
      if (key !== "ArrowDown" && key !== "ArrowUp") return;
      event.preventDefault();
      if (list.hidden) { if (input.value.trim()) begin(); return; }
      const places = hits.length + 1;  // one of them is the field itself
      point(((at + 1 + (key === "ArrowDown" ? 1 : -1) + places) % places) - 1);
    });
    list.addEventListener("mousedown", (event) => event.preventDefault());  // the field keeps the focus
    list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) go(hits[[...list.children].indexOf(option)].address);
    });
    form.addEventListener("focusout", (event) => { if (!form.contains(event.relatedTarget)) close(); });

    function go(address) {
      close();
      window.location.href = root + address;
    }
  }

  /** The page of the search: the query of its address, and hits as a list of links. */
  function page(form, place) {
    const input = form.querySelector("input[name=q]"), status = place.querySelector("[role=status]"), list = place.querySelector("ol");
    function show() {
      const found = input.value.trim() ? find(index, input.value) : [], shown = found.slice(0, LISTED);
      list.replaceChildren(...shown.map((entry) => make("li", {}, make("a", { href: root + entry.address }, ...parts(entry)))));
      status.textContent = input.value.trim() ? told(found.length, shown.length) : "";
    }
    const begin = () => load().then(show, (error) => { status.textContent = error.message; });
    input.value = new URLSearchParams(window.location.search).get("q") || "";
    form.addEventListener("submit", (event) => { event.preventDefault(); begin(); });
    input.addEventListener("input", () => {
      if (place.dataset.address) window.history.replaceState(null, "", input.value ? `?q=${encodeURIComponent(input.value)}` : window.location.pathname);
      begin();
    });
    if (input.value) begin();
  }

  for (const form of document.querySelectorAll("form.search-field, form.sidebar-search-container")) {
    const place = form.parentElement.querySelector(".search-page");
    if (place) page(form, place); else combobox(form);
  }

  /** A hit leads to its place: what is folded around it opens. */
  function reveal() {
    const target = window.location.hash && document.getElementById(decodeURIComponent(window.location.hash.slice(1)));
    const folded = [];
    for (let fold = target && target.closest("details"); fold; fold = fold.parentElement.closest("details")) if (!fold.open) folded.push(fold);
    for (const fold of folded) fold.open = true;
    if (folded.length) target.scrollIntoView();
  }
  window.addEventListener("hashchange", reveal);
  reveal();
})();
