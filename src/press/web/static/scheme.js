// Before the page is drawn, so that nothing flashes or moves: that scripts run, and the colours that the reader chose or those
// of the system.
document.body.dataset.script = "";
document.documentElement.classList.remove("no-js");
try { document.body.dataset.theme = localStorage.getItem("theme") || "auto"; } catch (error) { document.body.dataset.theme = "auto"; }
