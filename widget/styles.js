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
button, textarea, input, select { font: inherit; color: inherit; letter-spacing: inherit; }
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
.mark {
  flex: none; width: 2.3em; height: 2.3em; border-radius: 50%; display: grid; place-items: center; font-weight: 700;
  background: color-mix(in srgb, currentColor 18%, transparent);
}
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

.menu {
  position: absolute; z-index: 2; top: 3.7em; right: .7em; margin: 0; padding: .35em; list-style: none; max-width: calc(100% - 1.4em);
  background: var(--card); border: 1px solid var(--line); border-radius: .8em; box-shadow: 0 .5em 1.8em rgb(15 23 42 / .28);
}
.menu button { width: 100%; padding: .5em .8em; border-radius: .5em; text-align: start; line-height: 1.3; min-height: 2.4em; }
.menu button:hover, .menu button:focus-visible { background: var(--page); }
.menu :focus-visible { outline-offset: -3px; }

.strip { flex: none; display: flex; align-items: center; flex-wrap: wrap; background: var(--warn); color: var(--warn-ink); }
.strip .notice { flex: 1 1 12em; }
.strip .again { margin: .3em .8em; }
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
.article { padding: 0; overflow: clip; }
.article > * { margin-inline: .95em; }
.article > :last-child { margin-bottom: .7em; }
.article > h3 {
  margin: 0; padding: .6em .95em .5em; border-bottom: 1px solid var(--line); border-inline-start: .3em solid var(--accent);
  background: color-mix(in srgb, var(--accent) 7%, transparent);
}
.article ul, .article ol { padding-inline-start: 1.25em; }
.helped { display: flex; align-items: center; flex-wrap: wrap; gap: .3em .5em; margin: .4em .3em 0; font-size: .86em; color: var(--soft); }
.helped button {
  padding: .15em .8em; min-height: 2em; border: 1px solid var(--edge); border-radius: 1.2em; background: var(--card); color: var(--ink);
}
.helped button:hover { border-color: var(--accent); color: var(--accent); }
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
.primary {
  background: var(--main, #0b4f8a); color: var(--on-main, #ffffff); border: 1.5px solid transparent; border-radius: 1.4em;
  padding: .4em 1.2em; min-height: 2.3em; font-size: .93em; font-weight: 600;
}
.primary:hover { filter: brightness(1.12); }
.primary:disabled { opacity: .6; cursor: progress; }
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
  flex: none; padding: .7em .8em .4em;
  background: var(--card); border-top: 1px solid var(--line);
}
.message .problem { text-align: end; }
form .problem { margin: 0 .2em .6em; }
.left { font-size: .78em; color: var(--soft); margin: 0 .2em .4em; text-align: end; }
.row { position: relative; display: flex; align-items: flex-end; gap: .35em; }
.sheet { max-height: 70%; overflow-y: auto; display: flex; flex-direction: column; gap: .5em; font-size: .95em; }
.sheet h3:focus { outline: none; }
.sheet :is(textarea, select, input:not([type=radio])) {
  flex: none; width: 100%; min-height: 2.4em; height: auto; border: 1px solid var(--edge); border-radius: .7em; background: var(--page);
  padding: .4em .7em;
}
.sheet select { padding-inline-end: 1.9em; text-overflow: ellipsis; }
fieldset { border: 0; margin: 0; padding: 0; }
legend { padding: 0; }
.scores { display: flex; gap: .4em; margin: .4em 0; }
.scores label {
  flex: 1; display: grid; place-items: center; min-height: 2.6em; border: 1.5px solid var(--edge); border-radius: .7em; cursor: pointer;
  position: relative; font-weight: 600; background: var(--page);
}
.scores input { position: absolute; inset: 0; margin: 0; opacity: 0; cursor: pointer; }
.scores label:has(:checked) { background: var(--main, #0b4f8a); color: var(--on-main, #ffffff); border-color: transparent; }
.scores label:has(:focus-visible) { outline: 3px solid var(--accent); outline-offset: 2px; }
.ends { display: flex; justify-content: space-between; font-size: .85em; color: var(--soft); }
.names { padding-inline-start: 1.2em; overflow-wrap: anywhere; }
.names small { color: var(--soft); }
.names .problem { margin: 0; }
.buttons { display: flex; gap: .5em; flex-wrap: wrap; margin-top: .3em; }
.buttons .again { margin: 0; }
.below {
  flex: none; display: flex; align-items: center; justify-content: space-between; flex-wrap: wrap; gap: 0 .8em; font-size: .84em;
  padding: 0 1.1em max(.6em, env(safe-area-inset-bottom)); background: var(--card); color: var(--soft);
}
.person, .link { color: var(--accent); text-decoration: underline; text-underline-offset: .15em; padding: .2em 0; }
.link { font-size: .85em; }
.drop {
  position: absolute; inset: .6em; z-index: 3; display: grid; place-items: center; border: 3px dashed var(--accent); border-radius: .9em;
  background: color-mix(in srgb, var(--card) 92%, transparent); font-weight: 600; pointer-events: none;
}
.attach { width: 2.4em; height: 2.75em; flex: none; display: grid; place-items: center; color: var(--soft); border-radius: .6em; }
.attach:hover { color: var(--accent); }
.row input[data-test=field] {
  flex: 1; min-width: 0; height: 2.75em; padding: .62em .9em; border: 1px solid var(--edge); border-radius: 1.3em; background: var(--page);
  letter-spacing: .12em; font-variant-numeric: tabular-nums;
}
textarea {
  flex: 1; min-width: 0; resize: none; height: 2.75em; min-height: 2.75em; max-height: 9.4em; line-height: 1.4; padding: .62em .9em;
  border: 1px solid var(--edge); border-radius: 1.3em; background: var(--page); scrollbar-width: thin;
}
:is(textarea, input)::placeholder { color: var(--soft); opacity: 1; }
:is(textarea, input, select):focus-visible { outline-offset: -1px; outline-width: 2px; }
[aria-invalid] { border-color: var(--bad); }
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
@media (max-width: 380px) { .mark { display: none; } }
/* Little height (a zoomed page, a phone on its side with its keyboard): what can be small is. */
@media (max-height: 420px) {
  .head { padding-block: .35em; }
  form { padding-block: .4em; }
}
:host([position=left]) .panel { inset-inline: 1.25em auto; }
@media (max-width: 480px), (max-height: 480px) { :host([position=left]) .panel { inset-inline: 0; } }
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
/* On paper: the conversation, whole, and nothing to press. */
@media print {
  .panel { position: static; width: auto; height: auto; max-width: none; max-height: none; border: 0; box-shadow: none; overflow: visible; }
  .log { overflow: visible; }
  .message { break-inside: avoid; }
  form, .below, .strip, .helped, .replies, .again, .more, .typing, .head button, .menu { display: none !important; }
}
@keyframes rise { from { opacity: 0; transform: translateY(.6em); } }
@keyframes come { from { opacity: 0; transform: translateY(.3em); } }
@keyframes blink { 0%, 60%, 100% { opacity: .3; } 30% { opacity: 1; } }
@media (forced-colors: active) {
  [data-author=customer] .bubble, .send, .head, .primary, .scores label:has(:checked), .article > h3 { border: 1px solid; }
  .scores label:has(:checked) { outline: 3px solid Highlight; }
}
`;
