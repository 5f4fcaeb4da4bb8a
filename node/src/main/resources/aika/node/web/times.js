// Times in the reader's own time zone; the server wrote them in the gateway's.
const DAY = { month: "long", day: "numeric" };
const CLOCK = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };

export function showLocalTimes(root) {
  const lang = document.documentElement.lang;
  for (const time of root.querySelectorAll("time[data-show]")) {
    const at = new Date(time.dateTime);
    if (!Number.isNaN(at.getTime())) {
      time.textContent = time.dataset.show === "deadline" ? deadline(at, lang) : moment(at, lang);
    }
  }
}

function moment(at, lang) {
  const clock = at.toLocaleTimeString(lang, { ...CLOCK, second: "2-digit" });
  return sameDay(at, new Date()) ? clock : `${day(at, lang)} ${clock}`;
}

// "Until the end of the 20th" is written as midnight of the 21st.
function deadline(at, lang) {
  const midnight = at.getHours() === 0 && at.getMinutes() === 0 && at.getSeconds() === 0;
  return midnight
    ? day(new Date(at.getTime() - 1), lang)
    : `${day(at, lang)} ${at.toLocaleTimeString(lang, CLOCK)}`;
}

function day(at, lang) {
  const thisYear = at.getFullYear() === new Date().getFullYear();
  const locale = lang === "en" ? "en-GB" : lang;
  return at.toLocaleDateString(locale, thisYear ? DAY : { ...DAY, year: "numeric" });
}

function sameDay(one, other) {
  return one.toDateString() === other.toDateString();
}
