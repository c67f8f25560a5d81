// Reader's own weights for the pillars of the index. Without this script the page shows the exhibits alone.

// Countries in the order of the weighted mean of their pillars; equal scores share a place.
const ordered = (countries, weights) => {
  const sum = Object.values(weights).reduce((all, weight) => all + weight, 0);
  if (!sum) return [];
  const mean = (scores) => Object.entries(weights).reduce((all, [pillar, weight]) => all + weight * scores[pillar], 0) / sum;
  const scored = countries.map((country) => ({ ...country, score: mean(country.scores) }));
  scored.sort((a, b) => b.score - a.score || a.name.localeCompare(b.name));
  return scored.map((row) => ({ ...row, place: 1 + scored.filter((other) => other.score > row.score).length }));
};

// How many places lie outside the interval that the index has over all ways to build it.
const outside = (rows) => rows.filter((row) => row.place < row.lower || row.place > row.upper).length;

const records = (id) => {
  const table = document.getElementById(id)?.closest(".exhibit")?.querySelector(".exhibit-data table");
  if (!table) return [];
  const names = [...table.tHead.rows[0].cells].map((cell) => cell.textContent);
  return [...table.tBodies[0].rows].map((row) => Object.fromEntries([...row.cells].map((cell, i) => [names[i], cell.textContent])));
};

const start = () => {
  const section = document.querySelector("section.weights");
  if (!section) return;
  const scores = records(section.dataset.scores).filter((row) => row.code !== "index");
  const intervals = new Map(records(section.dataset.ranks).map((row) => [row.ref_area, row]));
  const pillars = new Map(scores.map((row) => [row.code, row.pillar]));
  const countries = [...intervals].map(([area, { country, lower, upper }]) => ({
    name: country, lower: Math.round(lower), upper: Math.round(upper),
    scores: Object.fromEntries(scores.filter((row) => row.ref_area === area).map((row) => [row.code, Number(row.score)])),
  }));
  if (!countries.length || !pillars.size) return;
  const form = section.querySelector("form");
  const body = section.querySelector("tbody");
  for (const [code, name] of pillars) {
    const label = document.createElement("label");
    const [title, input, output] = ["span", "input", "output"].map((tag) => document.createElement(tag));
    title.textContent = name;
    Object.assign(input, { type: "range", name: code, min: 0, max: 10, step: 1, defaultValue: 5 });
    label.append(title, input, output);
    section.querySelector(".weights-sliders").append(label);
  }

  const show = () => {
    const inputs = [...form.querySelectorAll("input")];
    const weights = Object.fromEntries(inputs.map((input) => [input.name, Number(input.value)]));
    const sum = Object.values(weights).reduce((all, weight) => all + weight, 0);
    for (const input of inputs) {
      const share = sum ? `${Math.round((100 * input.value) / sum)}%` : "0%";
      input.nextElementSibling.textContent = share;
      input.setAttribute("aria-valuetext", share);
    }
    const rows = ordered(countries, weights);
    body.replaceChildren(...rows.map((row) => {
      const line = document.createElement("tr");
      for (const text of [row.place, row.name, row.score.toFixed(0), `${row.lower} to ${row.upper}`]) {
        const cell = document.createElement("td");
        cell.textContent = text;
        line.append(cell);
      }
      return line;
    }));
    section.querySelector(".weights-said").textContent = rows.length
      ? `${outside(rows)} of ${rows.length} countries leave their interval. A place is a matter of the weights, not of the schools.`
      : "Give at least one pillar some weight.";
  };

  form.addEventListener("input", show);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(show));
  section.hidden = false;
  show();
};

if (typeof document === "undefined") module.exports = { ordered, outside };
else start();
