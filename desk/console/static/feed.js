/** What happens at the desk, as the gateway tells it: refreshes what is shown, counts, and calls for attention where that is wanted. */

const SOON_MS = 150; // several events at once are one refresh
const BETWEEN_MS = 400; // and many, one after the other, are few
const TYPING_MS = 8000;
const AGAIN_MS = 3000;

const soon = (work) => {
  let timer = null;
  let last = 0;
  return () => {
    const wait = Math.max(SOON_MS, last + BETWEEN_MS - Date.now());
    timer ??= setTimeout(() => {
      timer = null;
      last = Date.now();
      work();
    }, wait);
  };
};

/** Sound and notifications: off until somebody turns them on, on this machine only. */
const alerts = () => {
  const button = document.querySelector("#alerts");
  let on = localStorage.getItem("desk-alerts") === "on";
  const show = () => button.setAttribute("aria-pressed", String(on));
  let sound = null;
  button.addEventListener("click", async () => {
    on = !on;
    localStorage.setItem("desk-alerts", on ? "on" : "off");
    show();
    if (on && "Notification" in window && Notification.permission === "default") await Notification.requestPermission();
    if (on) ring();
  });
  const ring = () => {
    sound ??= new AudioContext();
    sound.resume(); // it was made before anything was clicked, and sleeps
    const tone = sound.createOscillator();
    const loud = sound.createGain();
    tone.frequency.value = 740;
    loud.gain.setValueAtTime(0.12, sound.currentTime);
    loud.gain.exponentialRampToValueAtTime(0.001, sound.currentTime + 0.35);
    tone.connect(loud).connect(sound.destination);
    tone.start();
    tone.stop(sound.currentTime + 0.4);
  };
  show();
  /** Calls for attention: `path` is where a notification leads. */
  return (text, subject, path) => {
    if (!on) return;
    ring();
    if (!document.hidden || !("Notification" in window) || Notification.permission !== "granted") return;
    const shown = new Notification(text, { tag: subject });
    shown.onclick = () => {
      window.focus();
      location.href = path;
    };
  };
};

/** @param {{refresh: (kind: string) => void, announce: (text: string) => void}} page */
export const listen = ({ refresh, announce }) => {
  const { agent, wordCustomer, wordWaiting, wordDue } = document.body.dataset;
  const call = alerts();
  const subject = document.querySelector("[data-subject]")?.dataset.subject;
  const queue = soon(() => refresh("queue"));
  const talk = soon(() => refresh("conversation"));
  const requests = soon(() => refresh("requests"));
  const lost = document.querySelector("#lost");
  const typing = document.querySelector("#typing");
  let typed = null;

  const typist = async (who) => {
    if (!typing || who === agent) return;
    const answer = await fetch(`/desk/conversations/${subject}/typing/${who}`, { headers: { "Desk-Refresh": "1" } });
    if (answer.ok) typing.textContent = await answer.text();
    clearTimeout(typed);
    typed = setTimeout(() => (typing.textContent = ""), TYPING_MS);
  };

  /** The stream was refused for good: the session is over, or something before the gateway answers while that starts again. */
  const refused = async () => {
    try {
      const answer = await fetch("/desk/account", { headers: { "Desk-Refresh": "1" }, redirect: "manual" });
      if (answer.type === "opaqueredirect") return location.reload();
    } catch {
      // nobody there
    }
    setTimeout(connect, AGAIN_MS);
  };
  /** A request that will be late soon, told before it is: on the page until it is looked at. */
  const dueSoon = (number) => {
    const text = wordDue.replace("#", number);
    const path = `/desk/requests/${number}`;
    const note = document.querySelector("#due-soon");
    note.firstElementChild.textContent = text;
    note.firstElementChild.href = path;
    note.hidden = location.pathname === path;
    announce(text);
    call(text, number, path);
  };
  const hear = ({ data }) => {
    const event = JSON.parse(data);
    if (event.kind === "typing") {
      const [about, who] = event.subject.split(":");
      if (about === subject) typist(who);
      return;
    }
    if (event.kind === "request" || event.kind === "due") {
      requests();
      if (event.kind === "due") dueSoon(event.subject);
      return;
    }
    queue();
    if (event.subject === subject) {
      talk();
      if (event.kind === "customer") announce(wordCustomer);
    }
    const mine = document.querySelector(`.row.mine[data-conversation="${CSS.escape(event.subject)}"]`);
    const path = `/desk/conversations/${event.subject}`;
    if (event.kind === "waiting") call(wordWaiting, event.subject, path);
    else if (event.kind === "customer" && mine) call(wordCustomer, event.subject, path);
  };
  const connect = () => {
    const source = new EventSource("/desk/feed");
    source.addEventListener("open", () => {
      lost.hidden = true;
      queue();
      talk();
    });
    source.addEventListener("error", () => {
      lost.hidden = false;
      if (source.readyState === EventSource.CLOSED) refused();
    });
    source.addEventListener("desk", hear);
  };
  connect();
};
