# %% [markdown]
# # How high lights stand
#
# Every number of this book is made up. One table names the lights and their heights.

# %%
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
    links=[[f"book/lights/{key}?from=table", ""] for key in lights["light"]],
)

# %%
about = {"time_period": "2025", "n_obs": len(lights), "exhibit": "lights-heights"}
exhibits.value("lights-mean", lights["height"].mean(), "lights", unit="m", format=".1f", std_error=0.4, **about)
exhibits.value("lights-highest", lights.loc[lights["height"].idxmax(), "name"], "lights", **about)
exhibits.value("lights-number", len(lights), "lights", format="d", time_period="2025")

# %%
for light in lights.itertuples():
    exhibits.table(
        f"light-{light.light}-facts",
        lights[lights["light"] == light.light],
        {"name": "Light", "height": "Height (m)"},
        title=f"The light of {light.name}",
        subtitle="Height above the sea, metres, 2025",
        source="lights",
        collection="lights",
    )
    exhibits.statements(f"light-{light.light}-told", [f"{light.name} stands {light.height:g} metres high."], "lights")
