// The reader's own weights for the pillars of an index, beside the interval of ranks over all ways to build it.
(() => {
  "use strict";
  const { html, number, count, given, remember, chosenCountries, csv, origin, begin } = typeof explore === "undefined" ? require("./explore.js") : explore;
  const EVEN = 5;

  // Countries in the order of the weighted mean of their pillars; equal scores share a place.
  const ordered = (countries, weights) => {
    const sum = Object.values(weights).reduce((all, weight) => all + weight, 0);
    if (!sum) return [];
    const mean = (scores) => Object.entries(weights).reduce((all, [pillar, weight]) => all + weight * scores[pillar], 0) / sum;
    const scored = countries.map((country) => ({ ...country, score: mean(country.scores) }));
    scored.sort((a, b) => b.score - a.score || a.country.localeCompare(b.country));
    return scored.map((row) => {
      const place = 1 + scored.filter((other) => other.score > row.score).length;
      return { ...row, place, leaves: place < row.lower ? "above" : place > row.upper ? "below" : "" };
    });
  };

  const start = (section, { pillars, countries, exhibits }) => {
    const form = section.querySelector("form"), body = section.querySelector("tbody"), codes = Object.keys(pillars);
    const asked = (given().get("weights") || "").split("-").map(Number);
    const usable = asked.length === codes.length && asked.every((weight) => weight >= 0 && weight <= 10);
    const inputs = codes.map((code, i) => {
      const input = html("input", { type: "range", name: code, min: 0, max: 10, step: 1, value: EVEN });
      if (usable) input.value = asked[i];
      section.querySelector(".explorer-sliders").append(html("label", {}, html("span", {}, pillars[code]), input, html("output")));
      return input;
    });
    const chosen = () => Object.fromEntries(inputs.map((input) => [input.name, Number(input.value)]));

    const show = () => {
      const weights = chosen(), sum = Object.values(weights).reduce((all, weight) => all + weight, 0);
      const { country, compare } = chosenCountries();
      for (const input of inputs) {
        const share = sum ? `${Math.round((100 * input.value) / sum)}%` : "0%";
        input.nextElementSibling.textContent = share;
        input.setAttribute("aria-valuetext", share);
      }
      const rows = ordered(countries, weights);
      body.replaceChildren(...rows.map((row) => html(
        "tr",
        { class: [row.leaves && "leaves", row.ref_area === country && "chosen", compare.includes(row.ref_area) && "compared"].filter(Boolean).join(" ") || null,
          "data-area": row.ref_area, "data-country": row.ref_area },
        html("td", {}, String(row.place)), html("th", { scope: "row" }, row.country), html("td", {}, number(row.score)),
        html("td", {}, `${row.lower} to ${row.upper}`), html("td", {}, row.leaves ? `${row.leaves} it` : ""),
      )));
      const own = rows.find((row) => row.ref_area === country);
      const leaving = rows.filter((row) => row.leaves).length;
      section.querySelector(".explorer-said").textContent = rows.length
        ? [own ? `${own.country}: place ${own.place}, interval ${own.lower} to ${own.upper}.` : country && "Your country is not in the index.",
          `${leaving} of ${count(rows.length, "country", "countries")} ${leaving === 1 ? "leaves its" : "leave their"} interval.`,
          "A place is a matter of the weights, not of the schools."].filter(Boolean).join(" ")
        : "Give at least one pillar some weight.";
      const values = Object.values(weights);
      remember({ weights: values.every((weight) => weight === EVEN) ? null : values.join("-") });
    };

    const download = () => {
      const weights = chosen(), rows = ordered(countries, weights);
      const said = Object.entries(weights).map(([code, weight]) => `${pillars[code]} ${weight}`).join(", ");
      return ["own-weights.csv", csv(
        ["Order of countries by own weights, beside the interval of ranks over all ways to build the index", `Weights: ${said}`,
          `Source: ${exhibits[0].source}`, ...origin(exhibits), "A place is a matter of the weights, not of the schools."],
        ["place", "ref_area", "country", "score", "lower", "upper", "leaves", ...Object.keys(pillars)],
        rows.map((row) => [row.place, row.ref_area, row.country, row.score, row.lower, row.upper, row.leaves, ...Object.keys(pillars).map((code) => row.scores[code])]),
      )];
    };
    form.addEventListener("input", show);
    form.addEventListener("reset", () => setTimeout(show));
    return { show, download };
  };

  if (typeof module !== "undefined") module.exports = { ordered };
  begin("weights", start);
})();
