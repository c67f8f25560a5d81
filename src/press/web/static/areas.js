// The reader's own area and up to two to compare with: chosen in the head of any page, kept on the device, and in the
// address of links that are passed on. An address wins over what is kept, and changes nothing of it. Other scripts listen
// to "areachange" on the document, or read data-chosen and data-compare of the root element.
{
  // What is chosen: of the address where it names a known area, and otherwise what the device keeps.
  const choice = (address, kept, known) => {
    const query = new URLSearchParams(address);
    const given = (query.has("area") || query.has("compare")) && [query.get("area"), query.get("compare")];
    const [area, compare] = given || kept;
    const codes = (text) => (text || "").toUpperCase().split(",").filter((code) => known.includes(code));
    const [own = ""] = codes(area);
    return { area: own, compare: [...new Set(codes(compare))].filter((code) => code !== own).slice(0, 2) };
  };

  // The address of a page with what is chosen in it, and the place on the page if one is given.
  const shared = (address, { area, compare }, place) => {
    const url = new URL(address);
    for (const [name, text] of [["area", area], ["compare", compare.join(",")]]) {
      if (text) url.searchParams.set(name, text);
      else url.searchParams.delete(name);
    }
    url.search = url.search.replaceAll("%2C", ",");
    if (place !== undefined) url.hash = place;
    return url.href;
  };

  const copy = async (text, button) => {
    const said = button.parentElement.querySelector("[role=status]");
    try {
      await navigator.clipboard.writeText(text);
      said.textContent = "Copied.";
    } catch {
      // A page from a folder may not use the clipboard of some browsers: the link is then there to be copied by hand.
      said.textContent = text;
    }
  };

  const start = () => {
    const form = document.querySelector("form.areas");
    if (!form) return;
    const [own, ...others] = form.querySelectorAll("select");
    const known = [...own.options].map((option) => option.value).filter(Boolean);
    const store = {
      get: (name) => { try { return localStorage.getItem(name); } catch { return null; } },
      set: (name, text) => { try { localStorage.setItem(name, text); } catch { /* nothing is kept, as the reader wishes */ } },
    };
    let chosen = choice(location.search, [store.get("area"), store.get("compare")], known);
    for (const [i, other] of others.entries()) {
      other.append(...[...own.options].map((option) => new Option(option.text, option.value)));
      other.value = chosen.compare[i] || "";
    }
    own.value = chosen.area;

    const tell = () => {
      const root = document.documentElement.dataset;
      root.chosen = chosen.area;
      root.compare = chosen.compare.join(",");
      form.querySelector(".areas-count").textContent = chosen.compare.length ? ` (${chosen.compare.length})` : "";
      document.dispatchEvent(new CustomEvent("areachange", { detail: chosen }));
    };
    form.addEventListener("change", () => {
      chosen = choice("", [own.value, others.map((other) => other.value).join(",")], known);
      store.set("area", chosen.area);
      store.set("compare", chosen.compare.join(","));
      // What the reader chooses now wins over the address that led here.
      const url = new URL(location.href);
      if (url.searchParams.has("area") || url.searchParams.has("compare")) {
        history.replaceState(null, "", shared(url.href, { area: "", compare: [] }));
      }
      tell();
    });
    form.addEventListener("submit", (event) => event.preventDefault());
    form.querySelector("button").addEventListener("click", (event) => copy(shared(location.href, chosen), event.target));
    document.addEventListener("choosearea", ({ detail }) => {
      own.value = detail;
      own.dispatchEvent(new Event("change", { bubbles: true }));
    });
    document.addEventListener("copylink", ({ target, detail }) => copy(shared(location.href, chosen, detail), target));
    tell();
  };

  if (typeof document === "undefined") module.exports = { choice, shared };
  else start();
}
