// Any two indicators: what goes with what, across countries and within them, with the doubts that belong to it.
(() => {
  "use strict";
  const { html, svg, number, digits, withUnit, count, ticks, scale, given, remember, chosenCountries, csv, origin, pointing, canvas, text, axis, cut, begin } =
    typeof explore === "undefined" ? require("./explore.js") : explore;
  const LEVEL = 0.95, LEAST = 20, FIRST = ["tertiary", "research"];

  // -- Student's t, by the incomplete beta function (continued fraction of Lentz) ---------------------------------------
  const logGamma = (x) => {
    const terms = [76.18009172947146, -86.50532032941677, 24.01409824083091, -1.231739572450155, 0.1208650973866179e-2, -0.5395239384953e-5];
    const base = x + 5.5 - (x + 0.5) * Math.log(x + 5.5);
    return -base + Math.log((2.5066282746310005 * terms.reduce((sum, term, i) => sum + term / (x + 1 + i), 1.000000000190015)) / x);
  };
  const fraction = (x, a, b) => {
    const tiny = 1e-300, keep = (value) => (Math.abs(value) < tiny ? tiny : value);
    let c = 1, d = 1 / keep(1 - ((a + b) * x) / (a + 1)), result = d;
    for (let m = 1; m < 500; m += 1) {
      for (const term of [(m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m)), (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1))]) {
        d = 1 / keep(1 + term * d);
        c = keep(1 + term / c);
        result *= d * c;
      }
      if (Math.abs(d * c - 1) < 1e-15) break;
    }
    return result;
  };
  const beta = (x, a, b) => {
    if (x <= 0 || x >= 1) return x <= 0 ? 0 : 1;
    const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log(1 - x));
    return x < (a + 1) / (a + b + 2) ? (front * fraction(x, a, b)) / a : 1 - (front * fraction(1 - x, b, a)) / b;
  };
  const pValue = (t, freedom) => beta(freedom / (freedom + t * t), freedom / 2, 0.5);
  const critical = (freedom) => {
    let [low, high] = [0, 1e4];
    for (let i = 0; i < 100; i += 1) {
      const middle = (low + high) / 2;
      if (pValue(middle, freedom) > 1 - LEVEL) low = middle;
      else high = middle;
    }
    return (low + high) / 2;
  };

  // -- associations, as crossroads.models has them ----------------------------------------------------------------------
  const sum = (values) => values.reduce((all, value) => all + value, 0);
  const mean = (values) => sum(values) / values.length;
  const centred = (values) => { const middle = mean(values); return values.map((value) => value - middle); };
  const scaled = (values) => { const c = centred(values), deviation = Math.sqrt(mean(c.map((v) => v * v))); return c.map((v) => v / deviation); };
  const tested = (slope, error, freedom, more) => {
    const half = critical(freedom) * error;
    return { slope, error, lower: slope - half, upper: slope + half, freedom, p: pValue(slope / error, freedom), ...more };
  };

  // Standardised slope of y on x across areas, with an error that allows for unequal spread (HC3); and with its interval.
  const slopeOf = (x, y) => {
    const n = x.length, u = scaled(x), v = scaled(y);
    const slope = sum(u.map((value, i) => value * v[i])) / n;
    return { slope, n, error: Math.sqrt(sum(u.map((value, i) => ((value * (v[i] - slope * value)) / (1 - (1 + value * value) / n)) ** 2))) / n };
  };
  const association = (x, y) => {
    const { slope, error, n } = slopeOf(x, y);
    return tested(slope, error, n - 2, { n });
  };

  // The same within groups: means of groups are taken out, errors are clustered by group (CV3, a jackknife of groups).
  const within = (x, y, groups) => {
    const sizes = new Map();
    for (const group of groups) sizes.set(group, (sizes.get(group) || 0) + 1);
    const kept = groups.map((group, i) => i).filter((i) => sizes.get(groups[i]) > 1);
    const [u, v] = [x, y].map((values) => scaled(kept.map((i) => values[i])));
    const member = kept.map((i) => groups[i]), names = [...new Set(member)];
    const parts = names.map((name) => {
      const own = member.map((group, i) => (group === name ? i : -1)).filter((i) => i >= 0);
      const [a, b] = [centred(own.map((i) => u[i])), centred(own.map((i) => v[i]))];
      return { xx: sum(a.map((value) => value * value)), xy: sum(a.map((value, i) => value * b[i])) };
    });
    const xx = sum(parts.map((part) => part.xx)), xy = sum(parts.map((part) => part.xy)), slope = xy / xx;
    const squares = sum(parts.map((part) => ((xy - part.xy) / (xx - part.xx) - slope) ** 2));
    return tested(slope, Math.sqrt((squares * (names.length - 1)) / names.length), names.length - 1, { n: member.length, groups: names.length });
  };

  // The slope without each area in turn: its ends, and who makes them.
  const influence = (x, y, names) => {
    const rows = names.map((name, left) => ({ name, ...slopeOf(x.filter((_, i) => i !== left), y.filter((_, i) => i !== left)) }));
    rows.sort((a, b) => a.slope - b.slope);
    return [rows[0], rows[rows.length - 1]];
  };

  // Benjamini and Hochberg's false-discovery rate.
  const adjusted = (values) => {
    const order = values.map((_, i) => i).sort((a, b) => values[b] - values[a]), result = [];
    let least = 1;
    order.forEach((i, rank) => { least = Math.min(least, (values[i] * values.length) / (values.length - rank)); result[i] = least; });
    return result;
  };

  // Share of the variance of a measure that is not sampling error; null where no error is published.
  const reliability = (values, errors) => {
    if (errors.some((error) => error === null)) return null;
    const n = values.length;
    return 1 - (sum(errors.map((error) => error * error)) * (1 - 1 / n)) / sum(centred(values).map((value) => value * value));
  };

  const both = (x, y) => x.map((value, i) => i).filter((i) => x[i] !== null && y[i] !== null);
  const pick = (values, rows) => rows.map((i) => values[i]);

  const start = (section, { countries, indicators, regions, abroad, series, exhibits, sources }) => {
    const find = (name) => section.querySelector(`[name="${name}"]`);
    const [codes, places] = [Object.keys(countries), Object.keys(regions)];
    const byCode = Object.fromEntries(indicators.map((entry) => [entry.indicator, entry]));
    const bySeries = Object.fromEntries(series.map((entry) => [entry.series, entry]));
    const groups = [...new Set(indicators.map((entry) => entry.topic))];
    for (const select of [find("x"), find("y")]) {
      select.append(...groups.map((topic) => html("optgroup", { label: topic }, ...indicators.filter((entry) => entry.topic === topic)
        .map((entry) => html("option", { value: entry.indicator }, `${entry.label}${entry.unit === "%" ? ", %" : ""}`)))));
    }
    const asked = given();
    find("x").value = byCode[asked.get("x")] ? asked.get("x") : FIRST[0];
    find("y").value = byCode[asked.get("y")] ? asked.get("y") : FIRST[1];
    find("show").value = asked.get("show") === "regions" ? "regions" : "countries";
    let mark = asked.get("at") || "", family = null, drawn = null;

    // All pairs, each as it stands in the list: the family of tests that a reader could make here.
    const everyPair = () => {
      if (family) return family;
      family = { keys: [], values: [] };
      indicators.forEach((a, i) => indicators.slice(i + 1).forEach((b) => {
        const rows = both(a.values, b.values);
        if (rows.length < LEAST) return;
        family.keys.push(`${a.indicator} ${b.indicator}`);
        const { slope, error, n } = slopeOf(pick(a.values, rows), pick(b.values, rows));
        family.values.push(pValue(slope / error, n - 2));
      }));
      return family;
    };

    const names = () => [byCode[find("x").value], byCode[find("y").value]];
    const pairOfSeries = (x, y) => (x.regional && y.regional && x.regional !== y.regional ? [bySeries[x.regional], bySeries[y.regional]] : null);

    const marksOf = (x, y) => {
      const regional = pairOfSeries(x, y);
      if (find("show").value === "countries" || !regional) {
        return both(x.values, y.values).map((i) => ({
          code: codes[i], country: codes[i], name: countries[codes[i]], x: x.values[i], y: y.values[i], ex: x.errors[i], ey: y.errors[i],
          yearX: x.years[i], yearY: y.years[i], caution: (x.flags[i] + y.flags[i]).includes("s"),
        }));
      }
      const [a, b] = regional, rows = both(a.values, b.values), sizes = {}, total = {};
      for (const i of rows) {
        const [, country] = regions[places[i]];
        sizes[country] = (sizes[country] || 0) + 1;
        total[country] = [(total[country]?.[0] || 0) + a.values[i], (total[country]?.[1] || 0) + b.values[i]];
      }
      return rows.filter((i) => sizes[regions[places[i]][1]] > 1).map((i) => {
        const [name, country] = regions[places[i]];
        return { code: places[i], country, name: `${name}, ${abroad[country]}`, x: a.values[i] - total[country][0] / sizes[country],
          y: b.values[i] - total[country][1] / sizes[country], ex: null, ey: null, yearX: a.compared, yearY: b.compared, caution: false };
      });
    };

    const sentence = (found, y, x) => {
      const clear = found.lower > 0 || found.upper < 0;
      const said = clear ? `${found.slope > 0 ? "More" : "Less"} of \u201c${y.label}\u201d goes with more of \u201c${x.label}\u201d` : "No association can be told from chance";
      return `${said}: standardised slope ${number(found.slope, 2)}, 95% interval ${number(found.lower, 2)} to ${number(found.upper, 2)}`;
    };

    const yearsOf = (rows, key) => {
      const found = rows.map((row) => row[key]).sort();
      return found[0] === found[found.length - 1] ? found[0] : `${found[0]} to ${found[found.length - 1]}`;
    };

    const results = (x, y) => {
      const lines = [], warnings = [], rows = both(x.values, y.values), list = (entries) => html("ul", {}, ...entries.map((entry) => html("li", {}, entry)));
      if (x === y) return [html("p", {}, "Choose two different indicators.")];
      if (rows.length < 6) return [html("p", {}, `${count(rows.length, "country has", "countries have")} a value of both: too few to say anything.`)];
      const [a, b] = [pick(x.values, rows), pick(y.values, rows)], found = association(a, b), named = rows.map((i) => countries[codes[i]]);
      const [least, most] = influence(a, b, named), own = codes.indexOf(chosenCountries().country);
      lines.push(`Across ${found.n} countries. ${sentence(found, y, x)}.`);
      lines.push(`Without any one country the slope lies between ${number(least.slope, 2)} (without ${least.name}) and ${number(most.slope, 2)} (without ${most.name}).`);
      const regional = pairOfSeries(x, y);
      if (regional) {
        const shared = both(regional[0].values, regional[1].values);
        const inside = within(pick(regional[0].values, shared), pick(regional[1].values, shared), shared.map((i) => regions[places[i]][1]));
        lines.push(`Within countries, ${inside.n} regions of ${inside.groups} countries of Europe (${regional[0].compared} and ${regional[1].compared}). ${sentence(inside, regional[1], regional[0])}, errors clustered by country.`);
      } else lines.push("Within countries: no series of regions measures both.");
      const years = rows.filter((i) => x.years[i] !== y.years[i]).length, table = rows.map((i) => ({ x: x.years[i], y: y.years[i] }));
      if (own >= 0 && !rows.includes(own)) warnings.push(`${countries[codes[own]]} has no value of ${x.values[own] === null ? `\u201c${x.label}\u201d` : `\u201c${y.label}\u201d`} here, and is not shown.`);
      warnings.push(years ? `Mixed years: for ${count(years, "country", "countries")} of ${rows.length} the two values are of different years (${yearsOf(table, "x")} and ${yearsOf(table, "y")}).`
        : `Both are of the same year in every country (${yearsOf(table, "x")}).`);
      const { keys, values } = everyPair(), at = [`${x.indicator} ${y.indicator}`, `${y.indicator} ${x.indicator}`].map((key) => keys.indexOf(key)).find((i) => i >= 0);
      if (at === undefined) warnings.push(`With fewer than ${LEAST} countries the pair is not in the family of all pairs: read it with more caution still.`);
      else {
        const together = values.slice();
        together[at] = found.p;
        const single = values.filter((value) => value < 1 - LEVEL).length;
        warnings.push(`One of ${number(values.length)} pairs that can be tried here, ${number(single)} of which are significant at 5% taken alone; chance would give ${number(values.length * (1 - LEVEL))}. p = ${number(found.p, 3)} alone, ${number(adjusted(together)[at], 3)} adjusted for all (false-discovery rate).`);
      }
      for (const [side, values_, errors] of [[x, a, x.errors], [y, b, y.errors]]) {
        const share = reliability(values_, pick(errors, rows));
        warnings.push(share === null ? `\u201c${side.label}\u201d: standard errors are not published for all of these countries, so that what sampling does is unknown.`
          : `\u201c${side.label}\u201d: sampling error makes up ${number(100 * (1 - share))}% of the differences between these countries; bars show intervals.`);
      }
      const flagged = rows.filter((i) => (x.flags[i] + y.flags[i]).includes("s")).map((i) => countries[codes[i]]);
      if (flagged.length) warnings.push(`The publisher asks for caution with values of ${flagged.join(", ")}.`);
      warnings.push("What goes together need not be cause and effect: wealth, size, history or the survey itself may be behind both.");
      const notes = html("details", { open: "" }, html("summary", {}, "What to keep in mind"), list(warnings));
      const from = [...new Set([x, y].map((side) => sources[side.table]))];
      return [...lines.map((line) => html("p", {}, line)), notes, html("p", { class: "explorer-source" }, `Source: ${from.join("; ")}.`)];
    };

    // A code beside each mark where there is room for it; those of the reader's countries first.
    const nameMarks = (layer, marks, points, right) => {
      const taken = points.map(([x, y]) => [x - 4, y - 4, x + 4, y + 4]);
      const order = marks.map((_, i) => i).sort((a, b) => layer.children[b].classList.length - layer.children[a].classList.length);
      for (const i of order) {
        const [x, y] = points[i], free = [[7, -4], [7, 11], [-31, -4], [-31, 11]].map(([dx, dy]) => [x + dx, y + dy - 9, x + dx + 24, y + dy + 1])
          .find((box) => box[0] > 2 && box[2] < right + 12 && !taken.some((other, j) => j !== i && box[0] < other[2] && box[2] > other[0] && box[1] < other[3] && box[3] > other[1]));
        if (!free) continue;
        taken.push(free);
        layer.children[i].append(text(free[0], free[3] - 1, marks[i].code, { class: "name" }));
      }
    };

    const draw = (x, y, marks) => {
      const away = find("show").value === "regions" && pairOfSeries(x, y), { country, compare } = chosenCountries();
      const [sideX, sideY] = away || [x, y], better = { 1: "higher is better", "-1": "lower is better", 0: "" };
      const parts = (side) => [side.label, side.unit === "index" && side.label.includes("= 100") ? "" : side.unit, away ? "less the mean of the country" : ""].filter(Boolean);
      // Which side is better is said where there is room for it.
      const title = (side, room) => { const words = [...parts(side), better[side.direction]].filter(Boolean).join(", "); return words.length * 6.4 > room ? cut(parts(side).join(", "), room) : words; };
      const [chart, width, height] = canvas(section.querySelector(".explorer-chart"), (room) => Math.min(520, Math.max(340, room * 0.72)),
        `Scatter of ${marks.length} ${away ? "regions" : "countries"}: ${y.label} against ${x.label}. The values are read out by the slider below.`);
      const ends = (key, error) => {
        const all = marks.flatMap((m) => [m[key] - 1.96 * (m[error] || 0), m[key] + 1.96 * (m[error] || 0)]);
        const [low, high] = [Math.min(...all), Math.max(...all)], room = (high - low || 1) * 0.04;
        return [low - room, high + room];
      };
      const [lowX, highX] = ends("x", "ex"), [lowY, highY] = ends("y", "ey"), left = 52, top = 30, right = width - 14, bottom = height - 44;
      const [px, py] = [scale(lowX, highX, left, right), scale(lowY, highY, bottom, top)];
      const form = (low, high) => { const step = ticks(low, high, 6), d = Math.max(0, ...step.map((v) => (String(v).split(".")[1] || "").length)); return (v) => number(v, d); };
      axis(chart, ticks(lowX, highX, Math.floor(width / 90)), px, bottom - top, bottom, form(lowX, highX));
      axis(chart, ticks(lowY, highY, 6), py, right - left, left, form(lowY, highY), true);
      chart.append(text(left - 44, 15, `\u2191 ${title(sideY, width - 40)}`, { class: "title" }), text(right, height - 6, `${title(sideX, width - 40)} \u2192`, { class: "title", "text-anchor": "end" }));
      const layer = svg("g");
      chart.append(layer);
      marks.forEach((m) => {
        const own = m.country === country ? "mark chosen" : compare.includes(m.country) ? "mark compared" : "mark";
        const group = svg("g", { class: own + (away ? " small" : ""), "data-area": m.code, "data-country": m.country });
        if (m.ex) group.append(svg("line", { x1: px(m.x - 1.96 * m.ex), x2: px(m.x + 1.96 * m.ex), y1: py(m.y), y2: py(m.y) }));
        if (m.ey) group.append(svg("line", { x1: px(m.x), x2: px(m.x), y1: py(m.y - 1.96 * m.ey), y2: py(m.y + 1.96 * m.ey) }));
        group.append(svg("circle", { cx: px(m.x), cy: py(m.y), r: own === "mark" ? (away ? 3.5 : 5) : 6 }));
        layer.append(group);
      });
      const places_ = marks.map((m) => [px(m.x), py(m.y)]);
      if (!away) nameMarks(layer, marks, places_, right);
      const label = svg("g", { class: "reading" });
      chart.append(label);
      const read = (i, kind) => {
        const m = marks[i];
        if (!m) return;
        mark = m.code;
        find("walk").value = i;
        layer.querySelectorAll(".at").forEach((element) => element.classList.remove("at"));
        layer.children[i].classList.add("at");
        const [dx, dy] = [digits(marks.map((one) => one.x)), digits(marks.map((one) => one.y))];
        const value = (v, e, d, side, year) => (away ? `${v > 0 ? "+" : ""}${number(v, d)} from the mean of its country, ${year}` : `${withUnit(number(v, d), side.unit)}${e ? ` (${number(v - 1.96 * e, d)} to ${number(v + 1.96 * e, d)})` : ""}, ${year}`);
        const said = `${m.name}: ${sideX.label} ${value(m.x, m.ex, dx, sideX, m.yearX)}; ${sideY.label} ${value(m.y, m.ey, dy, sideY, m.yearY)}${m.caution ? " (use with caution)" : ""}`;
        section.querySelector(".explorer-said").textContent = `${said}.`;
        find("walk").setAttribute("aria-valuetext", said);
        label.replaceChildren(svg("circle", { cx: places_[i][0], cy: places_[i][1], r: 9 }),
          text(Math.min(Math.max(places_[i][0], left + 60), right - 60), Math.max(places_[i][1] - 14, top - 2), cut(m.name, 240), { "text-anchor": "middle" }));
        if (kind !== "pointermove") remember({ at: mark });
      };
      pointing(chart, places_, read);
      find("walk").max = marks.length - 1;
      const first = [mark, country].map((code) => marks.findIndex((m) => m.code === code)).find((i) => i >= 0) ?? marks.findIndex((m) => m.country === country);
      section.querySelector(".explorer-said").textContent = "Point at a mark, or walk through them, to read it.";
      if (first >= 0) read(first, "pointermove");
      return { marks, read, away };
    };

    const show = () => {
      const [x, y] = names(), regional = pairOfSeries(x, y);
      find("show").options[1].disabled = !regional;
      if (!regional) find("show").value = "countries";
      const first = x.indicator === FIRST[0] && y.indicator === FIRST[1];
      remember({ x: first ? null : x.indicator, y: first ? null : y.indicator, show: find("show").value === "regions" ? "regions" : null });
      const marks = marksOf(x, y).sort((a, b) => a.x - b.x);
      drawn = marks.length ? draw(x, y, marks) : null;
      if (!drawn) section.querySelector(".explorer-chart").replaceChildren(html("p", {}, "No country has a value of both."));
      section.querySelector(".explorer-result").replaceChildren(...results(x, y));
    };

    const download = () => {
      const [x, y] = names(), { marks, away } = drawn || { marks: [], away: null }, sides = away || [x, y];
      return [`${x.indicator}-${y.indicator}.csv`, csv(
        [`x: ${sides[0].label}, ${sides[0].unit}`, `y: ${sides[1].label}, ${sides[1].unit}`, away && "Values less the mean of the regions of the country",
          `Source: ${[...new Set(sides.map((side) => sources[side.table]))].join("; ")}`, ...origin(exhibits), "An association is no cause."],
        ["ref_area", "name", "x", "x_std_error", "x_time_period", "y", "y_std_error", "y_time_period"],
        marks.map((m) => [m.code, m.name, m.x, m.ex, m.yearX, m.y, m.ey, m.yearY]),
      )];
    };
    for (const name of ["x", "y", "show"]) find(name).addEventListener("change", show);
    find("walk").addEventListener("input", (event) => drawn?.read(Number(event.target.value)));
    find("swap").addEventListener("click", () => { [find("x").value, find("y").value] = [find("y").value, find("x").value]; show(); });
    return { show, download };
  };

  if (typeof module !== "undefined") module.exports = { association, within, influence, adjusted, reliability, critical, pValue };
  begin("pairs", start);
})();
