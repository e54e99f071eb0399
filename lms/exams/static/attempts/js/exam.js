/* The test page: takes over the server's page, so that moving, answering and waiting for the network need no reload. */
import { confirm } from "../../sen/js/dialog.js";
import { ServerClock } from "./clock.js";
import { AnswerQueue, csrf } from "./queue.js";
import { Flags } from "./flags.js";
import { bindGrid } from "./grid.js";
import { keepFile, offlineFile } from "./offline-file.js";
import { OneWay } from "./one-way.js";
import { startPresence } from "./presence.js";
import { Questions } from "./questions.js";
import { showSaving } from "./saving.js";
import { bindShortcuts } from "./shortcuts.js";
import { bindSignIn } from "./sign-in.js";
import { openStore } from "./store.js";
import { watchTabs } from "./tabs.js";
import { startTimer } from "./timer.js";

const REFRESH = 15000;
const AGAIN = 3000;
const LAST_LOOK = 5000;
const REST = { short: 700, long: 2000 };

const config = JSON.parse(document.getElementById("exam-config").textContent);
const texts = JSON.parse(document.getElementById("exam-texts").textContent);
const root = document.querySelector("[data-exam]");
const one = (name) => document.querySelector(`[data-${name}]`);
const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_all, name) => values[name]);

const clock = new ServerClock();
clock.sync(config.serverTime);
const questions = new Questions(root, texts, config);
const flags = new Flags(config.flagCookie, (slot) => questions.boxes.has(slot));
const oneWay = new OneWay({ token: config.token, url: config.urls.page, fromSlot: config.fromSlot, device: config.device });
const grid = bindGrid({ grid: one("grid"), opener: one("open-grid"), closer: one("close-grid") });
const typing = new Map();
const known = new Map(config.responses.map(({ slot, seq }) => [slot, seq]));
let step = 1;
let leaving = false;
let lastRefresh = Date.now();

const store = await openStore(config.token);
const queue = new AnswerQueue({
  url: config.urls.responses,
  store,
  clock,
  lastSeq: Math.max(0, ...known.values()),
  device: config.device,
});

// --- what is shown -------------------------------------------------------------------------------------------

function showState() {
  const answered = questions.answered;
  const values = { waiting: queue.waiting, saved: answered, count: questions.count };
  const saving = { box: one("save-state"), words: one("save-text"), file: one("save-file") };
  showSaving(queue.state, fill(texts.states[queue.state], values), saving);
  one("progress").value = answered;
  one("answered").textContent = answered;
  const open = questions.count - answered;
  one("check-text").textContent = open ? fill(texts.open, { count: open }) : texts.complete;
  for (const slot of questions.boxes.keys()) {
    questions.mark(slot, { waiting: queue.isWaiting(slot), flagged: flags.has(slot) });
  }
}

function go(target, { focus = true } = {}) {
  answerNow();
  step = target === "nop" ? "nop" : Math.min(Math.max(1, Number(target)), questions.count);
  if (step !== "nop" && questions.isLeft(step)) step = questions.pageStart(Math.max(1, questions.fromSlot));
  const heading = questions.show(step);
  history.replaceState(null, "", `?cau=${step}`);
  grid.close();
  if (focus) {
    window.scrollTo({ top: 0 });
    heading.focus({ preventScroll: true });
  }
}

function move(by) {
  if (step === "nop") return by < 0 && go(questions.count);
  const target = questions.pageStart(step) + by * questions.pageSize;
  return target > questions.count ? go("nop") : reach(target);
}

/** Go to a question; one way, a later page is entered only after asking, and one at a time. */
async function reach(target) {
  if (!questions.oneWay || target === "nop") return go(target);
  const here = questions.pageStart(Math.max(1, questions.fromSlot));
  const page = questions.pageStart(Number(target));
  if (page <= here) return go(Math.max(Number(target), here));
  if (!(await confirm(texts.leavePage, { body: texts.leavePageBody, ok: texts.nextPage }))) return;
  questions.fromSlot = here + questions.pageSize;
  oneWay.keep(questions.fromSlot);
  go(questions.fromSlot);
  tellFront();
}

/** Tell the server which pages were left, after their answers; until then it is tried again with every answer. */
function tellFront() {
  if (questions.oneWay && !queue.waiting) oneWay.tell(questions.fromSlot);
}

// --- answers -------------------------------------------------------------------------------------------------

function answer(slot) {
  clearTimeout(typing.get(slot));
  typing.delete(slot);
  questions.problem(slot, "");
  queue.set(slot, questions.read(slot)).catch((error) => console.warn("not kept on this machine", error));
  showState();
}

/** Typing is kept after a short rest, and at once when the learner leaves the field, the question or the page. */
function answerSoon(slot, wait) {
  clearTimeout(typing.get(slot));
  typing.set(slot, setTimeout(() => answer(slot), wait));
}

function answerNow() {
  for (const slot of [...typing.keys()]) answer(slot);
}

function toggleFlag(slot) {
  flags.toggle(slot);
  showState();
}

/** Take over what the server has kept, unless this machine holds a later answer. */
function takeOver(responses) {
  for (const { slot, answer: kept, seq } of responses) {
    queue.seen(seq);
    if (seq < (known.get(slot) ?? 0) || seq < queue.seqOf(slot) || typing.has(slot)) continue;
    known.set(slot, seq);
    questions.write(slot, kept);
  }
  showState();
}

async function refresh(options = {}) {
  lastRefresh = Date.now();
  const started = performance.now();
  let body;
  try {
    const response = await fetch(config.urls.attempt, { credentials: "same-origin", cache: "no-store", ...options });
    if (!response.ok) return;
    body = await response.json();
  } catch (error) {
    console.warn("the state of the test could not be read", error);
    return;
  }
  clock.sync(body.server_time, performance.now() - started);
  moveTimer(body.deadline);
  if (body.state !== "open") return leave();
  takeOver(body.responses);
}

/** Every answer this machine knows, the unconfirmed ones as they are here. */
function everything() {
  const rows = new Map([...known].map(([slot, seq]) => [slot, { slot, answer: questions.answers.get(slot) ?? null, seq }]));
  for (const row of queue.rows) rows.set(row.slot, row);
  return [...rows.values()].sort((a, b) => a.slot - b.slot);
}

/** Work on here again: from now on the other device is told so. */
async function takeBack() {
  try {
    const response = await fetch(config.urls.device, {
      method: "POST",
      credentials: "same-origin",
      headers: { "Content-Type": "application/json", "X-CSRFToken": csrf() },
      body: JSON.stringify({ device: config.device }),
    });
    if (response.status === 409) return leave();
    if (!response.ok) return;
    const body = await response.json();
    one("taken-over").close();
    takeOver(body.responses);
    questions.fromSlot = Math.max(questions.fromSlot, body.from_slot);
    moveTimer(body.deadline);
    queue.resume();
  } catch (error) {
    console.warn("not taken back", error);
  }
}

// --- handing in ----------------------------------------------------------------------------------------------

function leave() {
  leaving = true;
  location.assign(config.urls.result);
}

/** The time is up: hand in, unless the invigilator has given more time that this page has not heard of. */
async function timeIsUp() {
  answerNow();
  one("announce").textContent = texts.timeUp;
  await refresh({ signal: AbortSignal.timeout(LAST_LOOK) });
  moveTimer();
  handIn(true);
}

/** Take over a deadline of the server's (none: look at the one there is). After it nothing can be typed any more. */
function moveTimer(deadline) {
  if (!timer) return;
  timer.move(deadline);
  one("answers").inert = clock.now() >= timer.due;
}

/** Send what waits, then hand in; without network it goes on trying until the server answers. What the clock began
    (`byClock`) ends when the server says that there is more time. */
async function handIn(byClock = false) {
  if (leaving) return;
  answerNow();
  const empty = await queue.flush();
  if (leaving || queue.state === "taken-over") return;
  if (byClock && clock.now() < timer.due) {
    moveTimer();
    one("announce").textContent = "";
    one("unsent").close();
    return;
  }
  if (!empty && queue.state !== "closed") {
    if (!one("unsent").open && !one("sign-in").open) one("unsent").showModal();
    wanted = setTimeout(handIn, AGAIN, byClock);
    return;
  }
  try {
    const response = await fetch(config.urls.submit, {
      method: "POST",
      credentials: "same-origin",
      headers: { "Content-Type": "application/json", "X-CSRFToken": csrf() },
      body: JSON.stringify({ device: config.device }),
    });
    if (response.status === 409 && (await response.json()).code === "taken_over") return queue.stopForOther();
    if (response.ok || response.status === 409) return leave();
    if (response.status === 401 || response.status === 403) askToSignIn();
  } catch (error) {
    console.warn("not handed in yet", error);
    if (!one("unsent").open) one("unsent").showModal();
  }
  wanted = setTimeout(handIn, AGAIN, byClock);
}

let wanted = 0;

async function askAndHandIn() {
  const open = questions.count - questions.answered;
  const body = open ? fill(texts.open, { count: open }) : texts.complete;
  if (await confirm(texts.sure, { body, ok: texts.handIn })) handIn();
}

function askToSignIn() {
  if (!one("sign-in").open) one("sign-in").showModal();
}

// --- events --------------------------------------------------------------------------------------------------

queue.addEventListener("state", showState);
queue.addEventListener("newer", refresh);
queue.addEventListener("kept", ({ detail }) => known.set(detail.slot, detail.seq));
queue.addEventListener("deadline", (event) => moveTimer(event.detail));
queue.addEventListener("problem", ({ detail }) => questions.problem(detail.slot, detail.text));
queue.addEventListener("closed", leave);
queue.addEventListener("signed-out", askToSignIn);
queue.addEventListener("signed-in", () => one("sign-in").close());
queue.addEventListener("state", tellFront);
queue.addEventListener("taken-over", () => {
  if (!one("taken-over").open) one("taken-over").showModal();
});
one("taken-over").addEventListener("cancel", (event) => event.preventDefault());
one("take-back").addEventListener("click", takeBack);
one("try-again").addEventListener("click", () => {
  one("sign-in").close();
  queue.flush();
});
bindSignIn(one("sign-in"), {
  url: config.urls.login,
  texts: texts.signIn,
  onDone() {
    one("sign-in").close();
    queue.flush().then(refresh);
  },
});
for (const button of document.querySelectorAll("[data-save-file]")) {
  button.addEventListener("click", () => keepFile(config.fileName, offlineFile({ config, rows: everything(), clock })));
}
one("unsent").addEventListener("close", () => {
  if (!timer || clock.now() < timer.due) clearTimeout(wanted);
});

root.addEventListener("change", (event) => {
  const box = event.target.closest("[data-question]");
  if (box) answer(Number(box.dataset.question));
});
root.addEventListener("input", (event) => {
  const rest = REST[event.target.dataset.typed || "short"];
  if (event.target.hasAttribute("data-typed")) answerSoon(Number(event.target.closest("[data-question]").dataset.question), rest);
});
// before the queue's own last word, which goes out when the page is hidden for good
addEventListener("pagehide", answerNow, { capture: true });

one("answers").addEventListener("submit", (event) => {
  event.preventDefault();
  const button = event.submitter;
  const slot = Number(button?.closest("[data-question]")?.dataset.question);
  if (button?.hasAttribute("data-flag")) toggleFlag(slot);
  else if (button?.hasAttribute("data-clear")) {
    questions.write(slot, null);
    answer(slot);
  } else move(button?.hasAttribute("data-previous") ? -1 : 1);
});

one("hand-in").addEventListener("submit", (event) => {
  event.preventDefault();
  askAndHandIn();
});

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-go]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  reach(link.dataset.go);
});

bindShortcuts(one("keys-on"), {
  finish: () => (step === "nop" ? askAndHandIn() : go("nop")),
  move,
  flag() {
    if (step !== "nop") toggleFlag(step);
    return step !== "nop";
  },
  choose(number) {
    if (step !== "nop") questions.boxes.get(step).querySelectorAll(".option input")[number - 1]?.click();
    return step !== "nop";
  },
});

window.addEventListener("beforeunload", (event) => {
  answerNow();
  if (!queue.waiting || leaving || queue.state === "closed") return;
  event.preventDefault();
  event.returnValue = texts.leave;
});

document.addEventListener("visibilitychange", () => {
  if (document.visibilityState !== "visible") answerNow();
  if (document.visibilityState !== "visible" || leaving) return;
  if (queue.waiting) queue.flush();
  if (Date.now() - lastRefresh > REFRESH) refresh();
});
window.addEventListener("focus", () => {
  if (queue.state === "signed-out") queue.flush();
});

// --- start ---------------------------------------------------------------------------------------------------

questions.fromSlot = oneWay.kept;
questions.setUp(answer);
for (const slot of questions.boxes.keys()) questions.write(slot, null);
takeOver(config.responses);
for (const row of await queue.load()) {
  if (row.seq > (known.get(row.slot) ?? 0)) questions.write(row.slot, row.answer);
}
grid.place();
one("offline-hint").hidden = !store.durable;
one("keys").hidden = false;
go(one("check").hidden ? Number(root.querySelector("input[name=slot]").value) : "nop", { focus: false });
showState();

const timer = one("timer")
  ? startTimer(one("timer"), {
      clock,
      deadline: config.deadline,
      say: (minutes) => {
        one("announce").textContent = fill(texts.minutes, { count: minutes });
      },
      onEnd: timeIsUp,
    })
  : null;

watchTabs(config.token, { dialog: one("elsewhere"), button: one("continue-here"), onBack: refresh });
startPresence({
  url: config.urls.heartbeat,
  device: config.device,
  heard: () => queue.heardAt,
  onBeat(body, trip) {
    clock.sync(body.server_time, trip);
    moveTimer(body.deadline);
    tellFront();
    if (body.state !== "open") leave();
    else if (body.taken_over) queue.stopForOther();
  },
});
root.dataset.ready = "";
