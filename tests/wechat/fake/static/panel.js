// What went between WeChat and the service, and what one may do to both.

import { act, button, fill, make, say, texts } from "./dom.js";

const FAULTS = ["errcode", "status", "garbage", "lose_answer", "lose_request", "delay"];
const JUMPS = { minute: 60, half_hour: 1800, two_days: 172800, three_days: 259200 };

function field(label, properties = {}) {
  const input = make("input", "", { placeholder: label, ...properties });
  input.setAttribute("aria-label", label);
  return input;
}

function row(...children) {
  return fill(make("div", "", { className: "row" }), ...children);
}

export function tools(current) {
  const path = make("select");
  path.setAttribute("aria-label", texts.fault_next);
  path.id = "path";
  const kind = make("select");
  kind.setAttribute("aria-label", texts.tools);
  kind.append(...FAULTS.map((name) => make("option", say(`fault_${name}`), { value: name })));
  const errcode = field(texts.errcode, { value: "45009", size: 6 });
  const key = field(texts.menu_key, { size: 14 });
  const said = field(texts.desk_input, { id: "desk-text" });
  const servicer = make("select", "", { id: "servicer" });
  servicer.setAttribute("aria-label", texts.desk);
  const desk = (name, more = {}) => act({ act: name, user: current(), account: servicer.value, ...more });
  const fail = () => act({ act: "fault", path: path.value, kind: kind.value, errcode: Number(errcode.value) });
  const speak = async () => {
    await desk("desk_say", { text: said.value });
    said.value = "";
  };
  fill(
    document.getElementById("tools"),
    make("h2", texts.tools),
    row(make("output", "", { id: "clock" })),
    row(...Object.entries(JUMPS).map(([name, seconds]) => button(texts[name], () => act({ act: "jump", seconds })))),
    row(button(texts.verify, () => act({ act: "verify" })), key, button(texts.press, () => click(current(), key.value))),
    row(path, kind, errcode, button(texts.fault_next, fail)),
    row(servicer, button(texts.accept, () => desk("accept")), button(texts.close_session, () => desk("close"))),
    row(said, button(texts.send, speak)),
  );
}

function click(user, key) {
  return act({ act: "click", user, key });
}

function options(select, values) {
  if (select.childElementCount === values.length) return;
  fill(select, ...values.map((value) => make("option", value, { value })));
}

function attempt(each) {
  const bad = each.problem !== "";
  const parts = [`${each.number}. ${say(`outcome_${each.outcome}`)}`, `${each.seconds.toFixed(2)} s`, each.problem];
  return make("div", parts.filter(Boolean).join(" · "), { className: bad ? "bad" : "good" });
}

function push(each) {
  const entry = make("div", "", { className: "entry" });
  entry.append(make("div", `${each.openid} ${each.type} ${each.key}`), ...each.attempts.map(attempt));
  return entry;
}

function call(each) {
  const entry = make("div", "", { className: "entry" });
  const ended = each.errcode === null ? "" : each.errcode;
  const className = each.errcode || each.fault ? "bad" : "good";
  entry.append(make("div", `${each.time} ${each.path} ${ended} ${each.fault}`, { className }), make("div", each.body));
  return entry;
}

export function panel(state) {
  document.getElementById("clock").value = `${texts.clock} ${state.now}`;
  options(document.getElementById("path"), ["*", ...state.paths]);
  options(document.getElementById("servicer"), state.staff);
  fill(document.getElementById("pushes"), make("h2", texts.pushes), ...state.pushes.map(push));
  fill(document.getElementById("calls"), make("h2", texts.calls), ...state.calls.map(call));
}
