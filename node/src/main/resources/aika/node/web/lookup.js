// Says beside each field whether its content will do, while the form is being filled in: the server
// renders the form as it would be with these entries, and what it says is put into this page.
export function watchSendForm(form) {
  if (!form) {
    return;
  }
  let latest = 0;
  const ask = async () => {
    const asked = ++latest;
    const answer = await fetch(form.dataset.check, {
      method: "POST",
      body: new URLSearchParams(new FormData(form)),
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
  if ([...form.querySelectorAll("input[type=text]")].some((input) => input.value)) {
    ask();
  }
}

function show(form, page) {
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
