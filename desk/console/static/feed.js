/** What happens at the desk, as the gateway tells it: refreshes what is shown, counts, and calls for attention where that is wanted. */

const SOON_MS = 250; // several events at once are one refresh
const TYPING_MS = 8000;

const soon = (work) => {
  let timer = null;
  return () => {
    timer ??= setTimeout(() => {
      timer = null;
      work();
    }, SOON_MS);
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
  return (text, subject) => {
    if (!on) return;
    ring();
    if (!document.hidden || !("Notification" in window) || Notification.permission !== "granted") return;
    const shown = new Notification(text, { tag: subject });
    shown.onclick = () => {
      window.focus();
      location.href = `/desk/conversations/${subject}`;
    };
  };
};

/** @param {{refresh: (kind: string) => void, announce: (text: string) => void}} page */
export const listen = ({ refresh, announce }) => {
  const { agent, wordCustomer, wordWaiting } = document.body.dataset;
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

  const source = new EventSource("/desk/feed");
  source.addEventListener("open", () => {
    lost.hidden = true;
    queue();
    talk();
  });
  source.addEventListener("error", () => {
    lost.hidden = false;
    if (source.readyState === EventSource.CLOSED) location.reload(); // the session is over
  });
  source.addEventListener("desk", ({ data }) => {
    const event = JSON.parse(data);
    if (event.kind === "typing") {
      const [about, who] = event.subject.split(":");
      if (about === subject) typist(who);
      return;
    }
    if (event.kind === "request") {
      requests();
      return;
    }
    queue();
    if (event.subject === subject) {
      talk();
      if (event.kind === "customer") announce(wordCustomer);
    }
    const mine = document.querySelector(`.row.mine[data-conversation="${CSS.escape(event.subject)}"]`);
    if (event.kind === "waiting") call(wordWaiting, event.subject);
    else if (event.kind === "customer" && mine) call(wordCustomer, event.subject);
  });
};
