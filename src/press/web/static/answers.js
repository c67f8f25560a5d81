// Exhibits that answer: a mark is read by pointer, touch and keyboard; the table behind a chart is sorted, filtered and
// downloaded; the reader's area (areas.js) is marked, with its sentence, and tested against others where errors are known.
// All of it is taken from the tables that stand in the page, which without this script are there to be read.
{
  // -- arithmetic, which needs no page ---------------------------------------------------------------------------------

  // A printed number as a number: true minus signs, thin spaces between thousands, units after it.
  const number = (text) => {
    const found = text.replace(/\u2212/g, "-").replace(/(\d)[\s\u202f,](?=\d{3})/g, "$1").match(/^[\s<>+≤≥]*(-?\d*\.?\d+)/);
    return found ? Number(found[1]) : NaN;
  };

  // The share of the normal distribution beyond z: the series around zero, and the continued fraction in the tail.
  const tail = (z) => {
    const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
    if (z > 3) {
      let fraction = z;
      for (let k = 80; k > 0; k -= 1) fraction = z + k / fraction;
      return density / fraction;
    }
    let term = z;
    let sum = z;
    for (let k = 3; Math.abs(term) > 1e-17; k += 2) sum += (term *= (z * z) / k);
    return 0.5 - density * sum;
  };

  // The difference of two estimates of independent samples: interval of 95 %, and p-value of the test that it is zero.
  const difference = (one, other) => {
    const estimate = one.value - other.value;
    const error = Math.hypot(one.error, other.error);
    const half = 1.959963984540054 * error;
    return { estimate, error, lower: estimate - half, upper: estimate + half, p: 2 * tail(Math.abs(estimate) / error) };
  };

  // P-values of a family adjusted by Holm, in the order given.
  const holm = (values) => {
    const order = values.map((_, i) => i).sort((i, j) => values[i] - values[j]);
    const adjusted = [];
    let least = 0;
    order.forEach((i, place) => {
      least = Math.max(least, Math.min(1, (values.length - place) * values[i]));
      adjusted[i] = least;
    });
    return adjusted;
  };

  const ordinal = (n) => `${n}${n % 100 > 10 && n % 100 < 14 ? "th" : { 1: "st", 2: "nd", 3: "rd" }[n % 10] || "th"}`;

  // The place of a value among all, told from the nearer end.
  const place = (value, all) => {
    const known = all.filter((other) => !Number.isNaN(other));
    if (Number.isNaN(value) || known.length < 3) return "";
    const above = known.filter((other) => other > value).length;
    const below = known.filter((other) => other < value).length;
    const equal = known.length - above - below > 1 ? "equal " : "";
    const [rank, end] = above <= below ? [above + 1, "highest"] : [below + 1, "lowest"];
    return `${equal}${rank > 1 ? `${ordinal(rank)} ` : ""}${end} of ${known.length}`;
  };

  const decimals = (text) => (text.match(/\d\.(\d+)/) || ["", ""])[1].length;
  const written = (value, digits) => value.toFixed(digits).replace(/^-(?=.*[1-9])/, "\u2212").replace(/^-/, "");
  const chance = (p) => (p < 0.001 ? "p < 0.001" : `p = ${p.toFixed(p < 0.1 ? 3 : 2)}`);

  // Whether two areas differ, in words, for each pair; the pairs of one list are one family of tests.
  const verdicts = (pairs) => {
    const found = pairs.map(([one, other]) => difference(one, other));
    const adjusted = holm(found.map(({ p }) => p));
    return pairs.map(([one, other], i) => {
      const { estimate, lower, upper } = found[i];
      const way = estimate < 0 ? "lower" : "higher";
      const [least, most] = estimate < 0 ? [-upper, -lower] : [lower, upper];
      const told = `${one.name} is ${written(Math.abs(estimate), one.digits)} ${way} than ${other.name}`;
      const interval = `95% interval ${written(least, one.digits)} to ${written(most, one.digits)}`;
      const verdict = adjusted[i] < 0.05 ? "statistically significant: sampling alone would hardly give it"
        : "not statistically significant: sampling alone could give it";
      return `${one.key ? `${one.key}: ` : ""}${told} (${interval}); ${verdict} (${chance(adjusted[i])}).`;
    });
  };

  // -- tables ----------------------------------------------------------------------------------------------------------

  const make = (tag, content = "", attributes = {}) => {
    const made = document.createElement(tag);
    made.append(...[content].flat());
    for (const [name, text] of Object.entries(attributes)) made.setAttribute(name, text);
    return made;
  };
  const root_of_site = () => document.documentElement.dataset.content_root || "./";
  const plain = (cell) => cell.textContent.replace("¶", "").trim();

  // What an exhibit says: its columns and rows as they stand in its table, in their first order.
  const read = (root) => {
    const table = root.querySelector(".behind table, table.exhibit-table");
    if (!table?.tHead || !table.tBodies[0]) return null;
    const columns = [...table.tHead.rows[0].cells].map((cell) => ({
      label: plain(cell), role: cell.dataset.role || "", numeric: cell.classList.contains("text-right"),
    }));
    if (!columns.some(({ role }) => role)) {
      const numeric = columns.filter((column) => column.numeric);
      if (numeric.length < 3) for (const column of numeric) column.role = "value";
      columns[0].role = "label";
    }
    const rows = [...table.tBodies[0].rows].map((element) => ({
      element, cells: [...element.cells].map(plain), area: element.dataset.area || "", whole: element.dataset.whole || "",
      value: Number(element.dataset.value), error: Number(element.dataset.error),
    }));
    const named = root.querySelector("figure[id], table[id]");
    const title = (part) => named?.querySelector(part)?.textContent.trim() || "";
    return { root, table, columns, rows, id: named?.id || "", part: title(".caption-number") || title(".exhibit-title"), title };
  };

  const having = ({ columns }, ...roles) => columns.flatMap(({ role }, i) => (roles.includes(role) ? [i] : []));

  const sortable = (exhibit) => {
    const { table, columns, rows } = exhibit;
    if (rows.length < 3 || rows.some(({ cells }) => cells.length !== columns.length)) return;
    const heads = [...table.tHead.rows[0].cells];
    heads.forEach((head, i) => {
      const button = make("button", [...head.childNodes].flatMap((node) => (node.nodeName === "P" ? [...node.childNodes] : [node])), { type: "button", class: "sort" });
      head.replaceChildren(button);
      button.addEventListener("click", () => {
        // Up, down, and back to the order of the chart.
        const next = { none: "ascending", ascending: "descending", descending: "none" }[head.getAttribute("aria-sort") || "none"];
        for (const other of heads) other.removeAttribute("aria-sort");
        if (next !== "none") head.setAttribute("aria-sort", next);
        const sign = next === "descending" ? -1 : 1;
        const compare = (a, b) => {
          if (!columns[i].numeric) return sign * a.cells[i].localeCompare(b.cells[i], undefined, { numeric: true });
          const [one, other] = [number(a.cells[i]), number(b.cells[i])];
          // What has no number comes last, whatever the order.
          return Number.isNaN(one) - Number.isNaN(other) || sign * (one - other) || 0;
        };
        const order = next === "none" ? rows : [...rows].sort(compare);
        table.tBodies[0].append(...order.map(({ element }) => element));
      });
    });
  };

  const filter = (exhibit, before) => {
    const { rows, part } = exhibit;
    const box = make("input", "", { type: "search", "aria-label": `Filter the rows of ${part}`, placeholder: "Filter the rows" });
    const count = make("span", "", { role: "status" });
    box.addEventListener("input", () => {
      const wanted = box.value.trim().toLowerCase();
      for (const { element, cells } of rows) element.hidden = !cells.join(" ").toLowerCase().includes(wanted);
      count.textContent = wanted ? `${rows.filter(({ element }) => !element.hidden).length} of ${rows.length} rows` : "";
    });
    before.before(make("div", [box, count, " ", download(exhibit)], { class: "table-tools" }));
  };

  // The rows that are shown, in the order shown, as CSV with what they are and where they come from.
  const csv = (lines, rows) => {
    const quoted = (text) => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
    return `${[...lines.filter(Boolean).map((line) => `# ${line.replace(/\s+/g, " ").trim()}`), ...rows.map((row) => row.map(quoted).join(","))].join("\r\n")}\r\n`;
  };

  const download = (exhibit) => {
    const { root, table, columns, rows, id, part, title } = exhibit;
    const button = make("button", `Download the rows shown (CSV)`, { type: "button" });
    button.append(make("span", ` of ${part}`, { class: "unseen" }));
    button.addEventListener("click", () => {
      // Programs read no true minus signs and no thin spaces.
      const machine = (cell, i) => (columns[i].numeric && !Number.isNaN(number(cell)) ? cell.replace(/\u2212/g, "-").replace(/[\u202f+]/g, "") : cell);
      const known = new Map(rows.map((row) => [row.element, row.cells.map(machine)]));
      const shown = [...table.tBodies[0].rows].filter((element) => !element.hidden).map((element) => known.get(element));
      const about = [`${part}: ${title(".exhibit-title")}`, title(".exhibit-subtitle"),
        root.querySelector(".exhibit-source")?.textContent, root.querySelector(".exhibit-licence")?.textContent,
        `${location.href.split(/[?#]/)[0]}#${id}`];
      const content = new Blob(["\ufeff", csv(about, [columns.map(({ label }) => label), ...shown])], { type: "text/csv" });
      const link = make("a", "", { href: URL.createObjectURL(content), download: `${id}-shown.csv` });
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 1000);
    });
    return button;
  };

  // -- the reader's area -----------------------------------------------------------------------------------------------

  // The columns that tell rows of one area apart, such as the item or the sex: all that name, but for its own name.
  const keys = (exhibit, names) => having(exhibit, "label", "group").filter((i) => {
    const own = exhibit.rows.filter(({ area }) => area);
    return !exhibit.columns[i].numeric && !own.some(({ cells, whole }) => cells[i] === names.get(whole)) && own.some(({ cells }) => cells[i]);
  });

  const answer = (exhibit, code, names) => {
    const { columns, rows } = exhibit;
    const values = having(exhibit, "value", "value2");
    const own = rows.filter(({ area }) => area === code);
    const parts = rows.filter(({ area, whole }) => whole === code && area !== code);
    const apart = keys(exhibit, names);
    const key = ({ cells }) => apart.map((i) => cells[i]).filter(Boolean).join(", ");
    const [lower] = having(exhibit, "lower");
    const [upper] = having(exhibit, "upper");
    const averages = having(exhibit, "average");
    const told = (row, whole) => values.map((i) => {
      const among = rows.filter((other) => other.area && other.area === other.whole && key(other) === key(row));
      const label = values.length > 1 ? `${columns[i].label}: ` : "";
      if (Number.isNaN(number(row.cells[i]))) return `${label}no value`;
      const interval = whole && values.length === 1 && row.cells[lower] && row.cells[upper] ? `interval ${row.cells[lower]} to ${row.cells[upper]}` : "";
      return [label + row.cells[i], place(number(row.cells[i]), among.map(({ cells }) => number(cells[i]))), interval].filter(Boolean).join(", ");
    }).join("; ");
    const average = (row) => {
      if (averages.length) return averages.map((i) => row.cells[i] && `; ${columns[i].label} ${row.cells[i]}`).join("");
      const found = rows.find((other) => !other.whole && key(other) === key(row) && other.cells.some((cell) => /\baverage\b/i.test(cell)));
      const name = found?.cells.find((cell) => /\baverage\b/i.test(cell));
      return found && values.length ? `; ${name} ${values.map((i) => found.cells[i]).join(" and ")}` : "";
    };
    const ends = (some, name) => {
      const known = some.filter(({ cells }) => !Number.isNaN(number(cells[values[0]]))).sort((a, b) => number(b.cells[values[0]]) - number(a.cells[values[0]]));
      if (!known.length) return "";
      const [first, last] = [known[0], known.at(-1)].map((row) => `${name(row)} ${row.cells[values[0]]}`);
      const measure = values.length > 1 ? ` (${columns[values[0]].label})` : "";
      return known.length > 1 ? `: highest ${first}, lowest ${last}${measure}` : `: ${first}${measure}`;
    };
    if (own.length && !values.length) return " stands in this exhibit.";
    if (own.length === 1) return `: ${told(own[0], true)}${average(own[0])}.`;
    if (own.length > 1 && own.length < 5) return `: ${own.map((row) => `${key(row)} ${told(row, false)}`).join("; ")}.`;
    if (own.length) return ` stands in ${own.length} rows of this exhibit${ends(own, key)}.`;
    const form = document.querySelector("form.areas").dataset;
    if (parts.length) {
      const count = new Set(parts.map(({ area }) => area)).size;
      const span = values.length && count === parts.length ? ends(parts, ({ cells }) => cells[having(exhibit, "label")[0] ?? 0]) : "";
      return count === 1 && span ? `${span}.` : ` has ${count} ${form.parts} in this exhibit${span}.`;
    }
    const among = new Set(rows.map(({ whole }) => whole).filter(Boolean)).size;
    return ` is not among the ${among} ${form.many} of this exhibit.`;
  };

  // Pairs of the chosen areas whose estimates have errors, one key after the other.
  const comparable = (exhibit, codes, names) => {
    const [value] = having(exhibit, "value");
    const apart = keys(exhibit, names);
    const estimates = exhibit.rows.filter(({ area, error }) => codes.includes(area) && error > 0).map((row) => ({
      code: row.area, name: names.get(row.area), value: row.value, error: row.error, digits: decimals(row.cells[value] || "") + 1,
      key: apart.map((i) => row.cells[i]).filter(Boolean).join(", "),
    }));
    const pairs = [];
    for (const key of new Set(estimates.map((estimate) => estimate.key))) {
      const of = codes.map((code) => estimates.filter((estimate) => estimate.key === key && estimate.code === code));
      if (of.some((found) => found.length > 1)) return [];
      const found = of.flat();
      found.forEach((one, i) => found.slice(i + 1).forEach((other) => pairs.push([one, other])));
    }
    return pairs;
  };

  const differences = (pairs) => {
    const family = pairs.length > 1 ? ` p-values are adjusted for ${pairs.length} comparisons (Holm).` : "";
    const list = make("ul", verdicts(pairs).map((text) => make("li", text)));
    const fold = make("details", [make("summary", "Is the difference real?"), list,
      make("p", `Normal distribution; the samples of two areas are taken as independent of each other.${family}`)], { class: "difference" });
    fold.open = pairs.length < 4;
    return fold;
  };

  const mark = (exhibit, { area, compare }, names) => {
    const { root, rows } = exhibit;
    const codes = [area, ...compare].filter(Boolean);
    rows.forEach((row, i) => {
      const drawn = root.querySelectorAll(`.mark[data-row="${i}"]`);
      for (const element of [row.element, ...drawn]) {
        element.classList.toggle("chosen", Boolean(area) && row.whole === area);
        element.classList.toggle("compared", compare.includes(row.whole) && row.whole !== area);
      }
    });
    // On top of the others, so that none hides them.
    for (const element of [...root.querySelectorAll(".mark.compared"), ...root.querySelectorAll(".mark.chosen")]) element.parentNode.append(element);
    root.querySelector(".answer")?.remove();
    // What is about one alone, such as its own page, has no place to tell.
    if (!codes.length || new Set(rows.map((row) => row.whole).filter(Boolean)).size < 2) return;
    const home = document.querySelector("form.areas select");
    const lines = codes.map((code) => {
      const page = [...home.options].find((option) => option.value === code)?.dataset.page;
      return make("p", [page ? make("a", names.get(code), { href: root_of_site() + page }) : make("b", names.get(code)), answer(exhibit, code, names)], { class: code === area ? "own" : "other" });
    });
    const pairs = comparable(exhibit, codes, names);
    if (pairs.length) lines.push(differences(pairs));
    root.querySelector(".exhibit-foot")?.prepend(make("div", lines, { class: "answer" }));
  };

  // -- charts ----------------------------------------------------------------------------------------------------------

  // What a row says, as pairs: all that stands in it but its name, an interval in one piece.
  const facts = ({ columns }, { cells }) => {
    const [lower, upper] = ["lower", "upper"].map((role) => columns.findIndex((column) => column.role === role));
    return columns.flatMap(({ label, role }, i) => {
      if (!cells[i] || role === "label" || (role === "upper" && cells[lower])) return [];
      if (role === "lower" && cells[upper]) return [["95% interval", `${cells[i]} to ${cells[upper]}`]];
      return [[label, cells[i]]];
    });
  };

  const live = (exhibit, said, names) => {
    const { root, columns, rows } = exhibit;
    const chart = root.querySelector(".chart");
    if (!chart?.querySelector(".mark")) return;
    const label = Math.max(columns.findIndex(({ role }) => role === "label"), 0);
    const note = make("div", "", { class: "mark-note", hidden: "" });
    root.append(note);
    let current = -1;
    let pinned = false;
    let shown = null;

    const marks = () => {
      const picture = [...chart.querySelectorAll("svg")].find((svg) => svg.getBoundingClientRect().width);
      return [...(picture?.querySelectorAll(".mark") || [])].filter((element) => rows[element.dataset.row]);
    };
    const hide = () => {
      for (const element of chart.querySelectorAll(".current")) element.classList.remove("current");
      note.hidden = true;
      pinned = false;
      current = -1;
    };
    const show = (i, element, { speak = false, pin = false } = {}) => {
      if (i === current && pin === pinned) return;
      hide();
      [current, pinned] = [i, pin];
      const row = rows[i];
      for (const drawn of chart.querySelectorAll(`.mark[data-row="${i}"]`)) drawn.classList.add("current");
      const pairs = facts(exhibit, row);
      note.replaceChildren(make("b", row.cells[label]), make("dl", pairs.flatMap(([name, text]) => [make("dt", name), make("dd", text)])));
      if (pin && names.has(row.whole) && row.whole !== document.documentElement.dataset.chosen) {
        const button = make("button", `Choose ${names.get(row.whole)}`, { type: "button" });
        button.addEventListener("click", () => {
          hide();
          document.dispatchEvent(new CustomEvent("choosearea", { detail: row.whole }));
        });
        note.append(button);
      }
      note.hidden = false;
      put(element);
      if (speak) said.textContent = `${row.cells[label]}: ${pairs.map(([name, text]) => `${name} ${text}`).join("; ")}.`;
    };

    // Above the mark where there is room, and never outside of the window.
    const put = (element) => {
      shown = element;
      const box = element.getBoundingClientRect();
      const { width, height } = note.getBoundingClientRect();
      const left = box.left + box.width / 2 - width / 2;
      note.style.left = `${Math.max(8, Math.min(left, document.documentElement.clientWidth - width - 8))}px`;
      note.style.top = `${box.top > height + 8 ? box.top - height - 6 : Math.min(box.bottom + 6, innerHeight - height - 8)}px`;
    };

    // The mark at a point, or the nearest one within the reach of a finger.
    const at = ({ target, clientX, clientY }) => {
      const hit = target instanceof Element && target.closest(".mark");
      if (hit && rows[hit.dataset.row]) return hit;
      let [found, nearest] = [null, 24];
      for (const element of marks()) {
        const box = element.getBoundingClientRect();
        const [x, y] = [Math.max(box.left - clientX, 0, clientX - box.right), Math.max(box.top - clientY, 0, clientY - box.bottom)];
        // Of two boxes around the point the smaller one is meant.
        const away = Math.hypot(x, y) + Math.min(Math.hypot(box.width, box.height), 1000) / 1000;
        if (away < nearest) [found, nearest] = [element, away];
      }
      return found;
    };
    chart.addEventListener("pointermove", (event) => {
      if (event.pointerType !== "mouse" || pinned) return;
      const element = at(event);
      if (element) show(Number(element.dataset.row), element);
      else if (document.activeElement !== chart) hide();
    });
    chart.addEventListener("pointerleave", (event) => {
      if (event.pointerType === "mouse" && !pinned && document.activeElement !== chart) hide();
    });
    chart.addEventListener("click", (event) => {
      const element = at(event);
      if (element) show(Number(element.dataset.row), element, { pin: true });
      else hide();
    });
    document.addEventListener("pointerdown", (event) => { if (!chart.contains(event.target) && !note.contains(event.target)) hide(); });
    addEventListener("scroll", () => { if (current >= 0) put(shown); }, { passive: true });

    // The keyboard walks the marks in the order of the table.
    chart.tabIndex = 0;
    chart.setAttribute("role", "application");
    chart.setAttribute("aria-roledescription", "chart");
    chart.setAttribute("aria-describedby", "chart-help");
    chart.addEventListener("keydown", (event) => {
      // Of several marks of a row, one that is more than a word tells where it is.
      const shapes = (element) => Number(Boolean(element.querySelector(":scope > :not(text)")));
      const drawn = new Map(marks().sort((a, b) => shapes(a) - shapes(b)).map((element) => [Number(element.dataset.row), element]));
      const order = [...drawn.keys()].sort((a, b) => a - b);
      const here = order.indexOf(current);
      const next = {
        ArrowRight: here + 1, ArrowDown: here + 1, ArrowLeft: here < 0 ? order.length - 1 : here - 1, ArrowUp: here < 0 ? order.length - 1 : here - 1,
        Home: 0, End: order.length - 1,
      }[event.key];
      if (event.key === "Escape") hide();
      else if (event.key === "Enter" && here >= 0 && names.has(rows[current].whole)) {
        document.dispatchEvent(new CustomEvent("choosearea", { detail: rows[current].whole }));
        said.textContent = `${names.get(rows[current].whole)} is chosen.`;
      } else if (next !== undefined && order.length) {
        const i = order[Math.max(0, Math.min(next, order.length - 1))];
        const element = drawn.get(i);
        const box = element.getBoundingClientRect();
        if (box.top < 0 || box.bottom > innerHeight) element.scrollIntoView({ block: "center", behavior: "instant" });
        show(i, element, { speak: true });
      } else return;
      event.preventDefault();
    });
    chart.addEventListener("blur", () => { if (!pinned) hide(); });
  };

  // -- the page --------------------------------------------------------------------------------------------------------

  const start = () => {
    const form = document.querySelector("form.areas");
    const names = new Map([...(form?.querySelectorAll("#my-area option") || [])].filter(({ value }) => value).map(({ value, text }) => [value, text]));
    const said = make("div", "", { role: "status", class: "unseen" });
    const help = make("div", "Arrow keys read its marks one by one, Enter chooses the area of a mark, Escape ends.", { id: "chart-help", hidden: "" });
    document.body.append(said, help);
    const exhibits = [...document.querySelectorAll(".exhibit")].map(read).filter(Boolean);
    for (const exhibit of exhibits) {
      const { root, table, rows } = exhibit;
      live(exhibit, said, names);
      const fold = table.closest("details");
      const equip = () => {
        sortable(exhibit);
        if (fold || rows.length > 15) filter(exhibit, table.parentElement);
      };
      // Tables that are folded away get their tools when they are opened.
      if (fold) fold.addEventListener("toggle", equip, { once: true });
      else equip();
      const links = root.querySelector(".exhibit-links");
      if (links && exhibit.id && form) {
        const button = make("button", "Copy link", { type: "button" });
        button.append(make("span", ` to ${exhibit.part}, with what you chose`, { class: "unseen" }));
        button.addEventListener("click", () => button.dispatchEvent(new CustomEvent("copylink", { bubbles: true, detail: exhibit.id })));
        links.append(make("span", [button, " ", make("span", "", { role: "status" })]));
      }
      for (const code of root.querySelectorAll(".embed pre")) {
        // Whoever embeds needs the whole address, which a site without one in its settings learns here.
        code.textContent = code.textContent.replace(/src="([^"]*)"/, (_, address) => `src="${new URL(address, location.href).href}"`);
      }
    }
    const reveal = () => {
      const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
      const fold = target && target.closest("details");
      if (fold && !fold.open) {
        fold.open = true;
        target.scrollIntoView();
      }
    };
    addEventListener("hashchange", reveal);
    reveal();
    const choose = ({ detail }) => { for (const exhibit of exhibits) mark(exhibit, detail, names); };
    document.addEventListener("areachange", choose);
    const { chosen: area = "", compare = "" } = document.documentElement.dataset;
    choose({ detail: { area, compare: compare.split(",").filter(Boolean) } });
  };

  if (typeof document === "undefined") module.exports = { number, tail, difference, holm, place, verdicts, csv };
  else start();
}
