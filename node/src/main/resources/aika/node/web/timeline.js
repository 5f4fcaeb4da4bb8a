// A transfer's page moves by itself: whenever the node says that something happened, the page is
// fetched again and what is new is put in its place.
import { showLocalTimes } from "./times.js";

export function followTransfer(transfer) {
  if (!transfer || transfer.dataset.ended) {
    return;
  }
  const events = new EventSource(transfer.dataset.events);
  let running = false;
  let again = false;
  const refresh = async () => {
    if (running) {
      again = true;
      return;
    }
    running = true;
    do {
      again = false;
      const answer = await fetch(location.href, { headers: { Accept: "text/html" } }).catch(() => null);
      if (answer?.ok) {
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        show(transfer, page.getElementById("transfer"));
      }
    } while (again);
    running = false;
    if (transfer.dataset.ended) {
      events.close();
    }
  };
  events.addEventListener("transfer", refresh);
  addEventListener("pagehide", () => events.close());
}

function show(transfer, fresh) {
  if (!fresh || fresh.dataset.version === transfer.dataset.version) {
    return;
  }
  showLocalTimes(fresh);
  const before = new Set([...transfer.querySelectorAll("[data-step]")].map(step));
  for (const part of transfer.querySelectorAll("[data-part]")) {
    const next = fresh.querySelector(`[data-part="${part.dataset.part}"]`);
    if (next && next.innerHTML !== part.innerHTML) {
      part.replaceChildren(...document.adoptNode(next).childNodes);
    }
  }
  for (const item of transfer.querySelectorAll("[data-step]")) {
    item.classList.toggle("fresh", !before.has(step(item)));
  }
  transfer.dataset.version = fresh.dataset.version;
  if (fresh.dataset.ended) {
    transfer.dataset.ended = fresh.dataset.ended;
  }
}

function step(item) {
  return `${item.dataset.step} ${item.className.replace(" fresh", "")}`;
}
