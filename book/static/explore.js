// What all explorers share: their data, drawing, the address, downloads, the reader's country. Without script, there are none.
const explore = (() => {
  "use strict";
  const MINUS = "\u2212", THIN = "\u202f";

  // Numbers as the book writes them: a true minus sign, narrow spaces between thousands, "m" for what is missing.
  const number = (value, digits = 0) => {
    if (value === null || value === undefined || Number.isNaN(value)) return "m";
    const text = Math.abs(value).toFixed(digits);
    const [whole, part] = text.split(".");
    const spaced = whole.replace(/\B(?=(\d{3})+$)/g, THIN) + (part ? `.${part}` : "");
    return (value < 0 && /[1-9]/.test(text) ? MINUS : "") + spaced;
  };
  const digits = (values) => {
    const largest = Math.max(...values.filter((value) => value !== null).map(Math.abs));
    return largest >= 200 ? 0 : largest >= 5 ? 1 : 2;
  };
  const withUnit = (text, unit) => (unit === "%" && text !== "m" ? `${text}%` : text);
  const ordinal = (n) => n + (["th", "st", "nd", "rd"][n % 100 > 10 && n % 100 < 14 ? 0 : n % 10] || "th");
  const count = (n, one, many = `${one}s`) => `${number(n)} ${n === 1 ? one : many}`;

  // Round numbers that span a range, as an axis has them.
  const ticks = (low, high, most) => {
    const span = high - low || 1;
    const power = 10 ** Math.floor(Math.log10(span / most));
    const step = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((size) => span / size <= most);
    const found = [];
    for (let i = Math.ceil(low / step - 1e-9); i * step <= high + 1e-9 * span; i += 1) found.push(Number((i * step).toPrecision(12)));
    return found;
  };
  const scale = (low, high, from, to) => (value) => from + ((value - low) / (high - low || 1)) * (to - from);

  const make = (space) => (tag, attributes = {}, ...children) => {
    const element = space ? document.createElementNS(space, tag) : document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) if (value !== null && value !== false) element.setAttribute(name, value);
    element.append(...children);
    return element;
  };
  const html = (...given) => make(null)(...given);
  const svg = (...given) => make("http://www.w3.org/2000/svg")(...given);

  // The address says what is shown; what stands in it besides, such as the reader's country, stays.
  const given = () => new URLSearchParams(location.search);
  const remember = (state) => {
    const address = new URL(location.href);
    for (const [name, value] of Object.entries(state)) {
      if (value === null || value === "") address.searchParams.delete(name);
      else address.searchParams.set(name, value);
    }
    try {
      history.replaceState(history.state, "", address);
    } catch { /* a page from a folder may not be renamed in some browsers; the view is right all the same */ }
  };

  // The reader's country and those to compare with, which the head of the page keeps (areas.js).
  const chosenCountries = () => {
    const { chosen: country = given().get("area") || "", compare = given().get("compare") || "" } = document.documentElement.dataset;
    return { country, compare: compare.split(",").filter(Boolean) };
  };

  // A table as CSV (RFC 4180) under lines that say what it is, from where, and how it may be used.
  const csv = (about, columns, rows) => {
    const cell = (entry) => {
      const text = entry === null || entry === undefined ? "" : String(entry);
      return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
    };
    const lines = about.filter(Boolean).map((line) => `# ${line.replace(/\s+/g, " ")}`);
    return [...lines, columns.join(","), ...rows.map((row) => row.map(cell).join(","))].join("\n") + "\n";
  };
  const save = (name, text) => {
    const link = html("a", { href: URL.createObjectURL(new Blob([text], { type: "text/csv" })), download: name });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  };
  const origin = (exhibits) => exhibits.flatMap((exhibit) => [exhibit.licence, exhibit.notice])
    .filter((line, i, all) => line && all.indexOf(line) === i);

  // The mark nearest to a point, however small: fingers are thick.
  const nearest = (points, x, y) => points.reduce((best, point, i) => {
    const distance = (point[0] - x) ** 2 + (point[1] - y) ** 2;
    return distance < best.distance ? { i, distance } : best;
  }, { i: -1, distance: Infinity }).i;

  // Pointing at a chart picks the nearest of its marks; `points` are in the units of its viewBox.
  const pointing = (chart, points, pick) => {
    const at = (event) => {
      const box = chart.getBoundingClientRect();
      const [width, height] = chart.getAttribute("viewBox").split(" ").slice(2).map(Number);
      pick(nearest(points, ((event.clientX - box.left) / box.width) * width, ((event.clientY - box.top) / box.height) * height), event.type);
    };
    chart.addEventListener("pointermove", (event) => event.pointerType === "mouse" && at(event));
    chart.addEventListener("click", at);
  };

  // A chart as wide as there is room, so that its letters are as large as those of the page.
  const canvas = (holder, height, label) => {
    const width = Math.max(300, Math.min(760, Math.floor(holder.clientWidth) || 640));
    const tall = typeof height === "function" ? height(width) : height;
    const chart = svg("svg", { viewBox: `0 0 ${width} ${tall}`, width, height: tall, role: "img", "aria-label": label });
    holder.replaceChildren(chart);
    return [chart, width, tall];
  };
  const text = (x, y, words, look = {}) => svg("text", { x, y, ...look }, words);
  const axis = (chart, values, place, length, at, form, upright = false) => {
    for (const value of values) {
      const position = place(value);
      const [line, label] = upright
        ? [{ x1: at, x2: at + length, y1: position, y2: position }, text(at - 6, position + 4, form(value), { "text-anchor": "end" })]
        : [{ x1: position, x2: position, y1: at - length, y2: at }, text(position, at + 17, form(value), { "text-anchor": "middle" })];
      chart.append(svg("line", { class: value === 0 ? "zero" : "grid", ...line }), label);
    }
  };
  const cut = (words, room) => (words.length * 6.4 > room ? `${words.slice(0, Math.max(8, Math.floor(room / 6.4) - 1)).trim()}\u2026` : words);

  // Find the explorer of a kind, give it its data, show it, and draw again when the room or the country changes.
  const begin = (kind, start) => {
    if (typeof document === "undefined") return;
    const section = document.querySelector(`section[data-explorer="${kind}"]`);
    if (!section) return;
    const content = JSON.parse(section.querySelector("script").textContent);
    section.hidden = false;
    const { show, download } = start(section, content);
    section.querySelector("form").addEventListener("submit", (event) => event.preventDefault());
    section.querySelector('[name="download"]').addEventListener("click", () => save(...download()));
    section.querySelector('[name="link"]').addEventListener("click", ({ target }) => target.dispatchEvent(new CustomEvent("copylink", { bubbles: true, detail: location.hash.slice(1) })));
    let width = section.clientWidth;
    new ResizeObserver(() => {
      if (Math.abs(section.clientWidth - width) < 2) return;
      width = section.clientWidth;
      show();
    }).observe(section);
    document.addEventListener("areachange", () => show());
    show();
  };

  return { number, digits, withUnit, ordinal, count, ticks, scale, html, svg, given, remember, chosenCountries, csv, origin, nearest,
    pointing, canvas, text, axis, cut, begin };
})();
if (typeof module !== "undefined") module.exports = explore;
