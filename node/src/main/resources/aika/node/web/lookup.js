// Says beside each field whether its content will do, while the form is being filled in: the server
// renders the form as it would be with these entries, and what it says is put into this page.
export function watchSendForm(form) {
  if (!form) {
    return;
  }
  let latest = 0;
  const ask = async () => {
    const asked = ++latest;
    const entries = new URLSearchParams(new FormData(form));
    if (document.getElementById("summary")) {
      entries.set("complete", "yes"); // it was sent before: what is missing is still a problem
    }
    const answer = await fetch(form.dataset.check, {
      method: "POST",
      body: entries,
      headers: { Accept: "text/html" },
    }).catch(() => null); // not to be reached now: the next page says so
    if (answer?.ok && asked === latest) {
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (asked === latest) {
        show(form, page);
      }
    }
  };
  form.addEventListener("change", ask);
  // What the server said when this form was sent stays until something is changed.
  const told = form.querySelector("[aria-invalid]");
  if (!told && [...form.querySelectorAll("input[type=text]")].some((input) => input.value)) {
    ask();
  }
}

function show(form, page) {
  const summary = document.getElementById("summary");
  const left = page.getElementById("summary");
  left ? summary?.replaceChildren(...left.childNodes) : summary?.remove();
  for (const place of form.querySelectorAll("[data-live]")) {
    const fresh = page.getElementById(place.id);
    if (fresh && fresh.innerHTML !== place.innerHTML) {
      place.replaceChildren(...fresh.childNodes);
    }
  }
  for (const control of form.querySelectorAll("input[type=text], select")) {
    const wrong = page.getElementById(control.id)?.getAttribute("aria-invalid");
    wrong ? control.setAttribute("aria-invalid", wrong) : control.removeAttribute("aria-invalid");
  }
}
