# %% [markdown]
# # How high lights stand
#
# Every number of this book is made up. One table names the lights and their heights.

# %%
from statistics import fmean

from coast import data, exhibits

lights = data.load("lights")
lights

# %%
exhibits.table(
    "lights-heights",
    lights,
    {"name": "Light", "height": "Height (m)"},
    title="Lights differ in height",
    subtitle="Height above the sea, metres, 2025",
    source="lights",
    links=[[f"book/lights/{light['light']}?from=table", ""] for light in lights],
)

# %%
about = {"time_period": "2025", "n_obs": len(lights), "exhibit": "lights-heights"}
mean = fmean(light["height"] for light in lights)
highest = max(lights, key=lambda light: light["height"])
exhibits.value("lights-mean", mean, "lights", unit="m", format=".1f", std_error=0.4, **about)
exhibits.value("lights-highest", highest["name"], "lights", **about)
exhibits.value("lights-number", len(lights), "lights", format="d", time_period="2025")

# %%
for light in lights:
    key, name, height = light.values()
    exhibits.table(
        f"light-{key}-facts",
        [light],
        {"name": "Light", "height": "Height (m)"},
        title=f"The light of {name}",
        subtitle="Height above the sea, metres, 2025",
        source="lights",
        collection="lights",
    )
    exhibits.statements(f"light-{key}-told", [f"{name} stands {height:g} metres high."], "lights")
