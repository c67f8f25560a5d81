// Regions of Europe: one of them, its country, and all others on a map of circles and in a ranked strip.
(() => {
  "use strict";
  const { html, svg, number, digits, withUnit, ordinal, count, ticks, scale, given, remember, chosenCountries, csv, origin, pointing, canvas, text, axis, cut, begin } =
    typeof explore === "undefined" ? require("./explore.js") : explore;
  // What lies outside stands in a row of its own: no region is lost because it is far away.
  const MAP = { west: -13, east: 45, south: 34, north: 72 };
  const inside = ([, , , longitude, latitude]) => longitude > MAP.west && longitude < MAP.east && latitude > MAP.south && latitude < MAP.north;

  // Lambert's azimuthal equal-area projection around the middle of Europe.
  const projected = (longitude, latitude) => {
    const radians = Math.PI / 180, turn = (longitude - 14) * radians, phi = latitude * radians, middle = 52 * radians;
    const k = Math.sqrt(2 / (1 + Math.sin(middle) * Math.sin(phi) + Math.cos(middle) * Math.cos(phi) * Math.cos(turn)));
    return [k * Math.cos(phi) * Math.sin(turn), -k * (Math.cos(middle) * Math.sin(phi) - Math.sin(middle) * Math.cos(phi) * Math.cos(turn))];
  };

  // Move circles of one radius apart until none overlaps (a Dorling cartogram); each pair shares the way.
  const apart = (points, radius, rounds = 150) => {
    const moved = points.map(([x, y], i) => [x + 1e-6 * i, y - 1e-6 * i]), reach = 2 * radius;
    for (let round = 0; round < rounds; round += 1) {
      const cells = new Map();
      moved.forEach(([x, y], i) => {
        const key = `${Math.floor(x / reach)} ${Math.floor(y / reach)}`;
        cells.set(key, [...(cells.get(key) || []), i]);
      });
      let most = 0;
      moved.forEach((point, i) => {
        const [column, row] = point.map((value) => Math.floor(value / reach));
        for (let dx = -1; dx <= 1; dx += 1) for (let dy = -1; dy <= 1; dy += 1) {
          for (const j of cells.get(`${column + dx} ${row + dy}`) || []) {
            if (j <= i) continue;
            const [x, y] = [moved[j][0] - point[0], moved[j][1] - point[1]], distance = Math.hypot(x, y) || 1e-9;
            const overlap = reach - distance;
            if (overlap <= 0) continue;
            most = Math.max(most, overlap);
            const push = (0.45 * overlap) / distance;
            point[0] -= x * push; point[1] -= y * push;
            moved[j][0] += x * push; moved[j][1] += y * push;
          }
        }
      });
      if (most < 0.02 * radius) break;
    }
    return moved;
  };

  // Places of all regions on a map of a width, and its height.
  const layout = (regions, width) => {
    const at = new Map(), own = regions.filter(inside), far = regions.filter((region) => !inside(region));
    const raw = own.map((region) => projected(region[3], region[4])), radius = Math.max(4.2, width / 88);
    const [xs, ys] = [0, 1].map((axis_) => raw.map((point) => point[axis_])), left = Math.min(...xs), top = Math.min(...ys);
    const factor = (width - 6 * radius) / (Math.max(...xs) - left);
    const moved = apart(raw.map(([x, y]) => [(x - left) * factor + 3 * radius, (y - top) * factor + 3 * radius]), radius + 0.6);
    const [low, high] = [Math.min(...moved.map((p) => p[1])), Math.max(...moved.map((p) => p[1]))];
    own.forEach((region, i) => at.set(region[0], [Math.min(Math.max(moved[i][0], radius + 1), width - radius - 1), moved[i][1] - low + radius + 2]));
    const row = high - low + 4 * radius + 20, abreast = Math.max(1, Math.floor((width - 8) / (2 * radius + 3)));
    far.forEach((region, i) => at.set(region[0], [4 + radius + (i % abreast) * (2 * radius + 3), row + Math.floor(i / abreast) * (2 * radius + 3)]));
    return { at, radius, row, height: row + (Math.ceil(far.length / abreast) - 1) * (2 * radius + 3) + radius + 4 };
  };

  // Limits between quarters of the values.
  const quarters = (values) => {
    const sorted = values.slice().sort((a, b) => a - b);
    return [0.25, 0.5, 0.75].map((share) => {
      const place = share * (sorted.length - 1), low = Math.floor(place);
      return sorted[low] + (place - low) * ((sorted[low + 1] ?? sorted[low]) - sorted[low]);
    });
  };

  const plain = (words) => words.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
  // Which region somebody means: its code, its full entry, its name, the beginning of it, or a part of it.
  const meant = (regions, countries, words) => {
    const wanted = plain(words.trim());
    if (!wanted) return null;
    const entries = regions.map((region) => [region[0], plain(region[0]), plain(region[1]), plain(`${region[1]} (${region[0]}), ${countries[region[2]]}`)]);
    const tries = [([, code, , full]) => code === wanted || full === wanted, ([, , name]) => name === wanted, ([, , name]) => name.startsWith(wanted), ([, , , full]) => full.includes(wanted)];
    for (const matches of tries) {
      const found = entries.find(matches);
      if (found) return found[0];
    }
    return null;
  };

  const start = (section, { regions, countries, series, exhibits, sources }) => {
    const find = (name) => section.querySelector(`[name="${name}"]`), asked = given();
    const bySeries = Object.fromEntries(series.map((entry) => [entry.series, entry])), byCode = Object.fromEntries(regions.map((region) => [region[0], region]));
    const full = ([code, name, country]) => `${name} (${code}), ${countries[country]}`;
    find("series").append(...series.map((entry) => html("option", { value: entry.series }, `${entry.label}${entry.unit === "%" ? ", %" : ""}`)));
    section.querySelector("datalist").append(...regions.map((region) => html("option", { value: full(region) })));
    find("series").value = bySeries[asked.get("series")] ? asked.get("series") : series[0].series;
    let region = byCode[asked.get("region")] ? asked.get("region") : "", year = asked.get("year") || "", drawn = null;

    const years = () => {
      const entry = bySeries[find("series").value], known = Object.keys(entry.years).reverse();
      year = known.includes(year) ? year : entry.compared;
      find("year").replaceChildren(...known.map((period) => html("option", { value: period }, period)));
      find("year").value = year;
    };

    const show = () => {
      years();
      const entry = bySeries[find("series").value], values = entry.years[year], { country } = chosenCountries();
      const rows = regions.map((own, i) => ({ own, code: own[0], country: own[2], value: values[i] })), known = rows.filter((row) => row.value !== null);
      known.sort((a, b) => a.value - b.value);
      const d = digits(known.map((row) => row.value)), form = (value) => withUnit(number(value, d), entry.unit), limits = quarters(known.map((row) => row.value));
      const step = (value) => limits.filter((limit) => value >= limit).length;
      const title = `${entry.label}, ${year}`;
      // The map.
      const holder = section.querySelector(".explorer-map"), wide = Math.max(300, Math.min(760, Math.floor(holder.clientWidth) || 640)), places = layout(regions, wide);
      const [map] = canvas(holder, places.height, `Map of regions as circles: ${title}. ${known.length} of ${rows.length} regions have a value; they are read out by the slider below.`);
      map.append(text(2, places.row - places.radius - 8, "Islands and overseas", { class: "note" }));
      const circles = new Map(rows.map((row) => {
        const [cx, cy] = places.at.get(row.code);
        return [row.code, svg("circle", { class: row.value === null ? "region none" : `region step${step(row.value)}`, cx, cy, r: places.radius, "data-area": row.code, "data-country": row.country })];
      }));
      map.append(...circles.values());
      const sorted = [...known.map((row) => row.code), ...rows.filter((row) => row.value === null).map((row) => row.code)];
      // The strip: a line a region, in the order of values.
      const strip = section.querySelector(".explorer-strip");
      const [chart, width, height] = canvas(strip, 104, `Strip of ${known.length} regions by value: ${title}.`);
      const [low, high] = [known[0].value, known[known.length - 1].value], px = scale(low, high, 14, width - 20);
      const marks = ticks(low, high, Math.floor(width / 90)), decimals = Math.max(0, ...marks.map((v) => (String(v).split(".")[1] || "").length));
      axis(chart, marks, px, 46, 78, (value) => number(value, decimals));
      const lines = new Map(known.map((row) => [row.code, svg("line", { class: "tick", x1: px(row.value), x2: px(row.value), y1: 40, y2: 70, "data-area": row.code })]));
      chart.append(...lines.values());
      const [overMap, overStrip] = [svg("g", { class: "reading" }), svg("g", { class: "reading" })];
      map.append(overMap);
      chart.append(overStrip);
      const legend = [`below ${form(limits[0])}`, `${form(limits[0])} to ${form(limits[1])}`, `${form(limits[1])} to ${form(limits[2])}`, `${form(limits[2])} and over`];
      const keys = legend.map((words, i) => html("li", { class: `step${i}` }, words));
      if (known.length < rows.length) keys.push(html("li", { class: "none" }, `no value (${rows.length - known.length})`));
      holder.prepend(html("p", { class: "explorer-title" }, `${title}: quarters of ${known.length} regions`), html("ul", { class: "explorer-key" }, ...keys));

      const read = (code, kind) => {
        const row = rows.find((one) => one.code === code);
        if (!row) return;
        if (kind !== "pointermove" && kind !== "first") region = code;
        const mine = known.filter((one) => one.country === row.country), name = countries[row.country], place = known.filter((one) => one.value > row.value).length + 1;
        for (const [own, circle] of circles) circle.classList.toggle("mine", byCode[own][2] === row.country);
        for (const [own, line] of lines) line.classList.toggle("mine", byCode[own][2] === row.country);
        for (const line of lines.values()) if (line.classList.contains("mine")) chart.insertBefore(line, overStrip);
        const [cx, cy] = places.at.get(code), words = cut(row.own[1], 220), half = words.length * 3.9;
        // The name stands above the whole country, so that it hides none of its regions.
        const above = Math.min(...rows.filter((one) => one.country === row.country && (places.at.get(one.code)[1] < places.row - 30) === (cy < places.row - 30)).map((one) => places.at.get(one.code)[1]));
        const level = Math.max(above - places.radius - 8, 14);
        overMap.replaceChildren(svg("line", { x1: cx, x2: cx, y1: Math.min(level + 4, cy), y2: cy - places.radius - 3 }), svg("circle", { cx, cy, r: places.radius + 3 }), text(Math.min(Math.max(cx, half + 4), wide - half - 4), level, words, { "text-anchor": "middle" }));
        const at = row.value === null ? null : px(row.value);
        overStrip.replaceChildren(...(at === null ? [] : [svg("line", { x1: at, x2: at, y1: 30, y2: 78 }), text(Math.min(Math.max(at, half + 4), width - half - 4), 24, words, { "text-anchor": "middle" })]));
        const i = sorted.indexOf(code);
        find("walk").value = i;
        const said = row.value === null
          ? `${full(row.own)}: no value of ${entry.label} in ${year}`
          : `${full(row.own)}: ${entry.label} ${form(row.value)} in ${year}, ${ordinal(place)} of ${known.length} regions from the highest`;
        section.querySelector(".explorer-said").textContent = `${said}.`;
        find("walk").setAttribute("aria-valuetext", said);
        const lowest = mine[0], highest = mine[mine.length - 1], total = rows.filter((one) => one.country === row.country).length;
        const about = [mine.length > 1 ? `${name}: ${mine.length} of ${count(total, "region")} with a value, from ${form(lowest.value)} (${lowest.own[1]}) to ${form(highest.value)} (${highest.own[1]}).`
          : `${name}: ${mine.length} of ${count(total, "region")} with a value.`,
        `Europe: ${known.length} of ${rows.length} regions with a value in ${year}; half of them lie between ${form(limits[0])} and ${form(limits[2])}.`,
        "The publishers give no standard errors: small differences, and places that are close, say little."];
        section.querySelector(".explorer-result").replaceChildren(...about.map((line) => html("p", {}, line)), html("p", { class: "explorer-source" }, `Source: ${sources[entry.table]}.`));
        if (region === code && kind !== "again") remember({ series: entry.series === series[0].series ? null : entry.series, year: year === entry.compared ? null : year, region: code });
      };
      pointing(map, rows.map((row) => places.at.get(row.code)), (i, kind) => read(rows[i].code, kind));
      pointing(chart, known.map((row) => [px(row.value), 55]), (i, kind) => read(known[i].code, kind));
      find("walk").max = sorted.length - 1;
      const home = known.filter((row) => row.country === country);
      read(region || (home.length ? home[home.length - 1] : known[known.length - 1]).code, region ? "again" : "first");
      remember({ series: entry.series === series[0].series ? null : entry.series, year: year === entry.compared ? null : year });
      drawn = { entry, known, rows, sorted, read };
    };

    const download = () => {
      const { entry, rows } = drawn;
      return [`regions-${entry.series}-${year}.csv`, csv(
        [`${entry.label}, ${entry.unit}, NUTS 2 regions of Europe, ${year}`, `Source: ${sources[entry.table]}`, ...origin(exhibits), "The publishers give no standard errors."],
        ["ref_area", "name", "country", "time_period", "obs_value"], rows.map((row) => [row.code, row.own[1], row.country, year, row.value]),
      )];
    };
    const search = () => {
      const code = meant(regions, countries, find("find").value);
      if (code) drawn.read(code, "change");
      else if (find("find").value.trim()) section.querySelector(".explorer-said").textContent = "No region of that name or code. Try the name of a city, a region or a country.";
    };
    find("series").addEventListener("change", show);
    find("year").addEventListener("change", () => { year = find("year").value; show(); });
    find("find").addEventListener("change", search);
    find("find").addEventListener("keydown", (event) => { if (event.key === "Enter") { event.preventDefault(); search(); } });
    find("walk").addEventListener("input", (event) => drawn.read(drawn.sorted[Number(event.target.value)], "input"));
    return { show, download };
  };

  if (typeof module !== "undefined") module.exports = { apart, layout, meant, quarters };
  begin("regions", start);
})();
