// The conversation about consent: every change is kept as a draft, and Esc Esc leads away at once.
(() => {
  const form = document.getElementById("talk");
  const away = document.getElementById("away");
  const line = document.getElementById("draft-line");
  if (!form || !away || !line) return;
  const said = line.querySelector("span");
  const PAUSE = 400; // ms without typing, then it is kept
  const AGAIN = 5000; // ms, after a try that failed
  const TWICE = 700; // ms between two Esc
  const LONGEST = 800; // ms that a slow line may take before the page is left all the same
  let timer = 0;
  let dirty = false;
  let sending = false;

  const body = () => {
    const data = new FormData(form);
    data.delete("read_back");
    data.set("step", "save");
    return new URLSearchParams([...data].filter(([, value]) => typeof value === "string"));
  };

  const later = (pause) => {
    clearTimeout(timer);
    timer = setTimeout(keep, pause);
  };

  async function keep() {
    if (sending || !dirty) return;
    sending = true;
    dirty = false;
    try {
      const answer = await fetch(form.action, { method: "POST", body: body(), headers: { Accept: "application/json" }, redirect: "error" });
      if (!answer.ok) throw new Error();
      said.textContent = line.dataset.kept.replace("{time}", (await answer.json()).saved);
      line.classList.remove("heed");
    } catch {
      dirty = true;
      said.textContent = line.dataset.failed;
      line.classList.add("heed");
    }
    sending = false;
    if (dirty) later(line.classList.contains("heed") ? AGAIN : PAUSE);
  }

  const changed = () => {
    dirty = true;
    later(PAUSE);
  };
  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  form.addEventListener("submit", () => {
    dirty = false;
    clearTimeout(timer);
  });
  // A page that is left in another way keeps what was typed in its last moment.
  addEventListener("pagehide", () => {
    if (dirty) fetch(form.action, { method: "POST", body: body(), headers: { Accept: "application/json" }, keepalive: true });
  });

  const leave = async () => {
    clearTimeout(timer);
    // First out of sight; then one request keeps what was typed and ends the session. A slow line is not waited for.
    const ending = new URLSearchParams(new FormData(away));
    const whole = new URLSearchParams(ending);
    if (dirty || sending) {
      for (const [name, value] of body()) if (name !== "csrfmiddlewaretoken") whole.append(name, value);
      whole.set("talk", new URL(form.action).pathname);
    }
    dirty = false;
    document.title = "";
    document.body.hidden = true;
    let out = false;
    const gone = fetch(away.action, { method: "POST", body: whole, keepalive: true, redirect: "manual" })
      .then(() => { out = true; })
      .catch(() => undefined);
    await Promise.race([gone, new Promise((done) => setTimeout(done, LONGEST))]);
    // Once more, the same: whichever comes first does it. What is too much for a beacon ends the session at least.
    if (!out && !navigator.sendBeacon(away.action, whole)) navigator.sendBeacon(away.action, ending);
    location.replace(away.action);
  };
  let before = -TWICE;
  addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    if (event.timeStamp - before <= TWICE) {
      event.preventDefault();
      leave();
    }
    before = event.timeStamp;
  });
  away.addEventListener("submit", (event) => {
    event.preventDefault();
    leave();
  });

  // A document that would be refused is not sent: that is said beside it before a slow line carries it in vain.
  const LARGEST = 5 * 1024 * 1024; // bytes; a document's own bound (consent/commands/talks.py)
  const papers = document.querySelector("form[data-too-large]");
  const chosen = papers?.querySelector("input[type=file]");
  const looked = () => {
    const large = [...chosen.files].some((file) => file.size > LARGEST);
    const told = papers.querySelector("#too-large");
    if (large && !told) {
      const error = document.createElement("p");
      error.id = "too-large";
      error.className = "field-error";
      error.setAttribute("role", "alert");
      error.textContent = papers.dataset.tooLarge;
      chosen.before(error);
      chosen.setAttribute("aria-describedby", `${chosen.getAttribute("aria-describedby") ?? ""} too-large`.trim());
      chosen.setAttribute("aria-invalid", "true");
    } else if (!large && told) {
      told.remove();
      chosen.removeAttribute("aria-invalid");
      chosen.setAttribute("aria-describedby", chosen.getAttribute("aria-describedby").replace(/ ?too-large/, ""));
    }
    return large;
  };
  chosen?.addEventListener("change", looked);
  papers?.addEventListener("submit", (event) => {
    if (!looked()) return;
    event.preventDefault();
    chosen.focus();
  });

  // What was asked to be seen is seen: the summary, or what needs attention.
  document.querySelector("#finish-title, #errors")?.focus();
})();
