// Every page works without this; what is here makes it quicker to use.
import { guardForms } from "./forms.js";
import { showLocalTimes } from "./times.js";
import { watchSendForm } from "./lookup.js";
import { followTransfer } from "./timeline.js";

showLocalTimes(document);
guardForms(document);
watchSendForm(document.getElementById("send-form"));
followTransfer(document.getElementById("transfer"));
document.querySelector("[data-focus]")?.focus();

const charts = document.getElementById("charts");
if (charts) {
  (await import("./charts.js")).drawCharts(charts); // with its libraries: no other page needs them
}
