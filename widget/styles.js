/**
 * How the open panel looks. A sheet made by script and adopted by the shadow root: it works under `style-src 'self'`.
 * The brand gives --main and --on-main; --by-day and --by-night are its colour made readable (chat.js). Sizes are in em
 * of a font that follows the reader's own size; the two breakpoints are repeated in panel.js.
 */
export const STYLES = `
.panel {
  --page: #f6f7f9; --card: #ffffff; --ink: #1c2129; --soft: #5a6372; --line: #dfe3ea; --edge: #7b8494;
  --warn: #fff4d6; --warn-ink: #614700; --bad: #b3261e; --accent: var(--by-day, #0b4f8a);
  color-scheme: light; position: fixed; inset: auto 1.25em 1.25em auto; z-index: 2147483000;
  box-sizing: border-box; width: 25em; height: 40em; max-width: calc(100vw - 2.5em); max-height: calc(100dvh - 2.5em);
  margin: 0; padding: 0; border: 1px solid var(--line); border-radius: 1.1em; overflow: clip;
  background: var(--page); color: var(--ink); flex-direction: column;
  box-shadow: 0 .1em .4em rgb(15 23 42 / .08), 0 1.2em 3.2em rgb(15 23 42 / .22);
}
.panel[open] { display: flex; }
.panel *, .panel ::before, .panel ::after { box-sizing: border-box; }
.panel [hidden] { display: none; }
h2, h3, p, ul, ol { margin: 0; }
button, textarea { font: inherit; color: inherit; letter-spacing: inherit; }
button { cursor: pointer; border: 0; background: none; padding: 0; min-width: 24px; min-height: 24px; }
svg {
  width: 1.25em; height: 1.25em; fill: none; stroke: currentColor; stroke-width: 2.2; stroke-linecap: round;
  stroke-linejoin: round; display: block;
}
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }

.head {
  display: flex; align-items: center; gap: .5em; padding: .8em .7em .8em 1.1em; flex: none;
  background: var(--main, #0b4f8a); color: var(--on-main, #ffffff);
}
.head :focus-visible { outline-color: currentColor; outline-offset: 0; }
.who { flex: 1; min-width: 0; }
h2 { font-size: 1.06em; font-weight: 650; line-height: 1.25; overflow-wrap: anywhere; }
.who p { font-size: .84em; line-height: 1.4; }
.language, .close { border-radius: .6em; height: 2.4em; flex: none; }
.language {
  padding: 0 .75em; font-size: .88em; font-weight: 550;
  border: 1px solid color-mix(in srgb, currentColor 45%, transparent);
}
.close { width: 2.4em; display: grid; place-items: center; }
.language:hover, .close:hover { background: color-mix(in srgb, currentColor 16%, transparent); }

.notice {
  flex: none; padding: .6em 1.1em; font-size: .88em; line-height: 1.4; background: var(--warn);
  color: var(--warn-ink);
}
.offline { background: var(--ink); color: var(--page); }

.view { position: relative; flex: 1; min-height: 0; display: flex; }
.log {
  position: relative; flex: 1; min-width: 0; overflow-y: auto; overscroll-behavior: contain; padding: 1.1em 1em .6em;
  display: flex; flex-direction: column; gap: .7em; scrollbar-width: thin; scrollbar-color: var(--edge) transparent;
}
.log:focus-visible { outline-offset: -3px; }
.intro {
  font-size: .9em; line-height: 1.5; color: var(--soft); padding: 0 .2em .7em;
  border-bottom: 1px solid var(--line); margin-bottom: .2em;
}
.intro p + p { margin-top: .45em; }
.intro p:first-child { color: var(--ink); font-size: 1.12em; font-weight: 600; line-height: 1.35; }

.message {
  position: relative; max-width: 88%; align-self: flex-start; display: flex; flex-direction: column;
  align-items: flex-start;
}
.message[data-author=customer] { align-self: flex-end; align-items: flex-end; }
.author { font-size: .78em; font-weight: 600; color: var(--soft); margin: 0 0 .2em .3em; }
.bubble {
  max-width: 100%; padding: .65em .95em; border-radius: 1.05em; line-height: 1.5; overflow-wrap: anywhere;
  background: var(--card); border: 1px solid var(--line); border-end-start-radius: .3em;
}
.bubble:empty { display: none; }
[data-author=customer] .bubble {
  background: var(--main, #0b4f8a); color: var(--on-main, #ffffff); border-color: transparent;
  border-radius: 1.05em; border-end-end-radius: .3em;
}
[data-state=waiting] .bubble, [data-state=failed] .bubble {
  background: var(--card); color: var(--ink); border: 1px dashed var(--edge);
}
[data-state=failed] .bubble { border: 1px solid var(--bad); }
.plain { white-space: pre-wrap; }
h3 { font-size: 1em; font-weight: 650; line-height: 1.35; }
.bubble h3 + * { margin-top: .35em; }
.bubble > * + * { margin-top: .6em; }
.bubble ul, .bubble ol { padding-inline-start: 1.35em; }
.bubble li + li { margin-top: .3em; }
.bubble li::marker { color: var(--soft); }
strong { font-weight: 650; }
a { color: var(--accent); text-underline-offset: .15em; padding-block: .25em; }
a:hover { text-decoration-thickness: 2px; }
.files { list-style: none; padding: 0; margin-top: .4em; display: grid; gap: .4em; max-width: 100%; }
.files a {
  display: block; padding: .55em .9em; border-radius: .7em; background: var(--card); border: 1px solid var(--line);
  font-weight: 550; overflow-wrap: anywhere;
}
.files a::before { content: "↓" / ""; margin-inline-end: .55em; font-weight: 700; display: inline-block; }
.foot { display: flex; gap: .5em; margin: .25em .35em 0; font-size: .75em; line-height: 1.4; color: var(--soft); }
.state::before { content: "·" / ""; margin-inline-end: .5em; }
[data-state=failed] .state, .problem { color: var(--bad); }
.problem { font-size: .85em; line-height: 1.4; margin: .3em .3em 0; }
.again, .replies button {
  border: 1.5px solid var(--accent); color: var(--accent); background: var(--card); border-radius: 1.4em;
  padding: .4em .95em; min-height: 2.3em; font-size: .93em; font-weight: 550; line-height: 1.3; text-align: start;
}
.again { margin-top: .45em; }
.again:hover, .replies button:hover { background: var(--accent); color: var(--card); }
.replies { display: flex; flex-wrap: wrap; gap: .45em; margin-top: .6em; }

.typing {
  align-self: flex-start; display: flex; gap: .3em; padding: .85em 1em; border-radius: 1.05em;
  border-end-start-radius: .3em; background: var(--card); border: 1px solid var(--line);
}
.typing i { width: .45em; height: .45em; border-radius: 50%; background: var(--soft); }
.more {
  position: absolute; bottom: .7em; right: .9em; width: 2.4em; height: 2.4em; border-radius: 50%; display: grid; place-items: center;
  background: var(--card); color: var(--accent); border: 1px solid var(--line); box-shadow: 0 .2em .8em rgb(15 23 42 / .25);
}

form {
  flex: none; padding: .7em .8em; padding-bottom: max(.8em, env(safe-area-inset-bottom));
  background: var(--card); border-top: 1px solid var(--line);
}
.message .problem { text-align: end; }
form .problem { margin: 0 .2em .6em; }
.left { font-size: .78em; color: var(--soft); margin: 0 .2em .4em; text-align: end; }
.row { position: relative; display: flex; align-items: flex-end; gap: .55em; }
textarea {
  flex: 1; min-width: 0; resize: none; height: 2.75em; min-height: 2.75em; max-height: 9.4em; line-height: 1.4; padding: .62em .9em;
  border: 1px solid var(--edge); border-radius: 1.3em; background: var(--page); scrollbar-width: thin;
}
textarea::placeholder { color: var(--soft); opacity: 1; }
textarea:focus-visible { outline-offset: -1px; outline-width: 2px; }
textarea[aria-invalid] { border-color: var(--bad); }
.send {
  width: 2.75em; height: 2.75em; border-radius: 50%; flex: none; display: grid; place-items: center;
  background: var(--main, #0b4f8a); color: var(--on-main, #ffffff); border: 1px solid transparent;
}
.send:hover { filter: brightness(1.12); }

@media (max-width: 480px), (max-height: 480px) {
  .panel {
    inset: var(--above, 0px) 0 auto 0; width: 100%; height: var(--seen, 100dvh); max-width: none; max-height: none;
    border: 0; border-radius: 0; box-shadow: none;
  }
}
/* Little height (a zoomed page, a phone on its side with its keyboard): what can be small is. */
@media (max-height: 420px) {
  .head { padding-block: .35em; }
  form { padding-block: .4em; }
}
@media (prefers-color-scheme: dark) {
  .panel {
    --page: #15181e; --card: #232831; --ink: #e9ecf1; --soft: #a9b1bf; --line: #363d49; --edge: #7d8797;
    --warn: #3d3413; --warn-ink: #ffe39a; --bad: #ff9c94; --accent: var(--by-night, #86bdf0); color-scheme: dark;
  }
  .again:hover, .replies button:hover { color: #15181e; }
}
@media (prefers-reduced-motion: no-preference) {
  .panel[open] { animation: rise .18s ease-out; }
  .message { animation: come .16s ease-out; }
  .typing i { animation: blink 1.2s infinite; }
  .typing i:nth-child(2) { animation-delay: .2s; }
  .typing i:nth-child(3) { animation-delay: .4s; }
  button { transition: background-color .12s, color .12s; }
}
@keyframes rise { from { opacity: 0; transform: translateY(.6em); } }
@keyframes come { from { opacity: 0; transform: translateY(.3em); } }
@keyframes blink { 0%, 60%, 100% { opacity: .3; } 30% { opacity: 1; } }
@media (forced-colors: active) {
  [data-author=customer] .bubble, .send, .head { border: 1px solid; }
}
`;
