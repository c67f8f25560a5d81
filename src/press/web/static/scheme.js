// Before the page is drawn, so that it does not flash: the colours that the reader chose, or those of the system.
try { document.body.dataset.theme = localStorage.getItem("theme") || "auto"; } catch (error) { document.body.dataset.theme = "auto"; }
