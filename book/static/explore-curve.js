// One specification on a published curve: every number is a row of it, nothing is estimated here.
(() => {
  "use strict";
  const { html, svg, number, count, ticks, scale, given, remember, csv, origin, pointing, canvas, text, axis, begin } =
    typeof explore === "undefined" ? require("./explore.js") : explore;

  // The row of a curve that was made with these choices, or nothing.
  const row = ({ choices, rows }, chosen) => rows.find((one) => Object.keys(choices).every((name) => one[name] === chosen[name])) || null;
  // The rows that differ from one in a single choice: what happens if one assumption is another.
  const neighbours = ({ choices, rows }, own) => Object.keys(choices).flatMap((name) => rows
    .filter((one) => one !== own && Object.keys(choices).every((other) => (other === name) !== (one[other] === own[other])))
    .map((one) => ({ name, ...one })));

  const start = (section, { curves, exhibits }) => {
    const find = (name) => section.querySelector(`[name="${name}"]`), asked = given();
    find("finding").append(...exhibits.map((exhibit, i) => html("option", { value: i }, exhibit.title)));
    const first = exhibits.findIndex((exhibit) => exhibit.id === asked.get("finding"));
    find("finding").value = Math.max(0, first);
    const options = (curve, name) => [...new Set(curve.rows.map((one) => one[name]))].sort();
    const curve = () => curves[Number(find("finding").value)], exhibit = () => exhibits[Number(find("finding").value)];
    const ranks = (given_) => curve().rows.find((one) => String(one.rank) === given_);
    let chosen = (first >= 0 && ranks(asked.get("rank"))) || null, listed = [];

    const choices = () => {
      section.querySelector(".explorer-choices").replaceChildren(...Object.entries(curve().choices).map(([name, label]) => {
        const select = html("select", { name: `choice-${name}` }, ...options(curve(), name).map((option) => html("option", { value: option }, option)));
        select.value = chosen[name];
        select.addEventListener("change", () => {
          const wanted = Object.fromEntries(Object.keys(curve().choices).map((other) => [other, find(`choice-${other}`).value]));
          pick(row(curve(), wanted));
        });
        return html("label", {}, `${label} `, select);
      }));
    };
    const interval = (one) => `${number(one.obs_value, 2)} (${number(one.lower, 2)} to ${number(one.upper, 2)})`;
    const named = (one) => Object.entries(curve().choices).map(([name, label]) => `${label.toLowerCase()} ${one[name]}`).join(", ");

    const pick = (one, moved = true) => {
      if (!one) {
        section.querySelector(".explorer-said").textContent = "This combination is not among the published specifications.";
        return;
      }
      chosen = one;
      for (const name of Object.keys(curve().choices)) find(`choice-${name}`).value = one[name];
      const { rows } = curve(), above = rows.filter((other) => other.lower > 0).length, below = rows.filter((other) => other.upper < 0).length;
      const sizes = [`${number(one.n_obs)} observations`, one.n_groups ? count(one.n_groups, "country", "countries") : ""].filter(Boolean).join(" in ");
      const said = `Estimate ${number(one.obs_value, 2)}, 95% interval ${number(one.lower, 2)} to ${number(one.upper, 2)}, ${sizes}; place ${one.rank} of ${rows.length} from the lowest${one.preferred ? "; the specification of the chapter" : ""}`;
      section.querySelector(".explorer-said").textContent = `${said}.`;
      find("walk").value = rows.indexOf(one);
      find("walk").setAttribute("aria-valuetext", said);
      for (const group of listed) group.classList.toggle("at", group === listed[rows.indexOf(one)]);
      const table = html("table", {}, html("caption", {}, "One assumption changed"), html("thead", {}, html("tr", {}, ...["Assumption", "Instead", "Estimate and interval"].map((head) => html("th", { scope: "col" }, head)))),
        html("tbody", {}, ...neighbours(curve(), one).map((other) => html("tr", {}, html("td", {}, curve().choices[other.name]), html("th", { scope: "row" }, other[other.name]), html("td", {}, interval(other))))));
      section.querySelector(".explorer-result").replaceChildren(html("p", {}, `Of ${rows.length} specifications, ${above} intervals lie above zero and ${below} below it. They are views of one question from the same data: the curve as a whole is tested on the page of its exhibit, and choosing the one that pleases is what a curve is there to prevent.`),
        html("div", { class: "explorer-table", tabindex: 0, role: "region", "aria-label": "One assumption changed" }, table), html("p", { class: "explorer-source" }, `Source: ${exhibit().source}.`));
      if (moved) remember({ finding: exhibit().id, rank: one.rank });
    };

    const show = () => {
      const { rows } = curve();
      if (!rows.includes(chosen)) chosen = rows.find((one) => one.preferred) || rows[Math.floor((rows.length - 1) / 2)];
      choices();
      const [chart, width, height] = canvas(section.querySelector(".explorer-chart"), 320, `Specification curve of ${rows.length} estimates with their intervals: ${exhibit().subtitle}. They are read out by the slider below.`);
      const ends = [Math.min(0, ...rows.map((one) => one.lower)), Math.max(0, ...rows.map((one) => one.upper))], room = (ends[1] - ends[0]) * 0.04;
      const [px, py] = [scale(0, rows.length - 1, 60, width - 20), scale(ends[0] - room, ends[1] + room, height - 34, 14)];
      const marks = ticks(...ends, 6), decimals = Math.max(0, ...marks.map((v) => (String(v).split(".")[1] || "").length));
      axis(chart, marks, py, width - 60, 46, (value) => number(value, decimals), true);
      listed = rows.map((one, i) => {
        const clear = one.lower > 0 || one.upper < 0;
        const group = svg("g", { class: clear ? "mark" : "mark hollow", "data-row": i }, svg("line", { x1: px(i), x2: px(i), y1: py(one.lower), y2: py(one.upper) }), svg("circle", { cx: px(i), cy: py(one.obs_value), r: 4.5 }));
        return group;
      });
      chart.append(...listed, text(60, height - 8, "Specifications, from the lowest estimate to the highest; hollow: the interval holds zero", { class: "note" }));
      if (width < 560) chart.lastChild.textContent = "From the lowest estimate; hollow: interval holds zero";
      pointing(chart, rows.map((one, i) => [px(i), py(one.obs_value)]), (i, kind) => kind === "click" && pick(rows[i]));
      find("walk").max = rows.length - 1;
      pick(chosen, Boolean(asked.get("rank")) || rows !== curves[0].rows);
    };

    const download = () => {
      const { choices: names, rows } = curve();
      return [`${exhibit().id}.csv`, csv(
        [`${exhibit().title}. ${exhibit().subtitle}`, `Chosen: ${named(chosen)}`, `Source: ${exhibit().source}`, ...origin([exhibit()])],
        ["rank", ...Object.keys(names), "obs_value", "lower", "upper", "p_value", "n_obs", "n_groups", "chosen"],
        rows.map((one) => [one.rank, ...Object.keys(names).map((name) => one[name]), one.obs_value, one.lower, one.upper, one.p_value, one.n_obs, one.n_groups, one === chosen]),
      )];
    };
    find("finding").addEventListener("change", () => { chosen = null; show(); remember({ finding: exhibit().id, rank: chosen.rank }); });
    find("walk").addEventListener("input", (event) => pick(curve().rows[Number(event.target.value)]));
    return { show, download };
  };

  if (typeof module !== "undefined") module.exports = { row, neighbours };
  begin("curve", start);
})();
