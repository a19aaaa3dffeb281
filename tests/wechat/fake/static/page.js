// A WeChat user's chat with the account, live.

import { act, button, fill, make, say, tell, texts } from "./dom.js";
import { lineOf } from "./chat.js";
import { panel, tools } from "./panel.js";

const place = (id) => document.getElementById(id);
let user = decodeURIComponent(location.hash.slice(1));
let events;
let shown = 0;
let latest = {};

function listen() {
  events?.close();
  shown = 0;
  fill(place("chat"));
  document.cookie = `fake_wechat_user=${encodeURIComponent(user)}; path=/; SameSite=Lax`;
  events = new EventSource(`/fake/events?user=${encodeURIComponent(user)}`);
  events.addEventListener("message", (event) => draw(JSON.parse(event.data)));
}

function choose(openid) {
  user = openid;
  location.hash = encodeURIComponent(openid);
  listen();
}

function draw(state) {
  latest = state;
  if (!user && state.users.length) return choose(state.users[0].openid);
  drawUsers(state);
  panel(state);
  if (!state.user) return;
  place("name").textContent = state.user.nickname;
  place("standing").textContent = standing(state.user);
  drawMenu(state.menu ?? []);
  const lines = state.user.history.slice(shown).map((line) => lineOf(user, line));
  shown = state.user.history.length;
  if (!lines.length) return;
  place("chat").append(...lines);
  place("chat").scrollTop = place("chat").scrollHeight;
}

function standing(who) {
  if (!who.follows) return texts.not_following;
  if (who.typing) return texts.typing;
  if (who.session) return say("in_session", { account: who.session });
  return who.waiting ? texts.waiting : say("left", { n: who.left });
}

function drawUsers(state) {
  const people = state.users.map(({ openid, nickname }) => {
    const one = button(nickname, () => choose(openid));
    one.setAttribute("aria-pressed", String(openid === user));
    return one;
  });
  fill(place("users"), make("h2", texts.users), ...people, button(texts.add_user, addUser));
}

async function addUser() {
  const nickname = prompt(texts.nickname);
  if (!nickname) return;
  const made = await act({ act: "add_user", nickname });
  choose(made.openid);
}

function drawMenu(buttons) {
  const press = (each) => {
    if (each.type === "view" || each.type === "miniprogram") {
      window.open(each.url, "_blank", "noreferrer");
      return act({ act: "view", user, url: each.url });
    }
    return act({ act: "click", user, key: each.key });
  };
  const columns = buttons.map((each) => {
    const below = each.sub_button ?? [];
    const column = make("div");
    column.append(...below.map((sub) => button(sub.name, () => press(sub))));
    column.append(below.length ? make("strong", each.name) : button(each.name, () => press(each)));
    return column;
  });
  if (JSON.stringify(buttons) === place("menu").dataset.drawn) return;
  place("menu").dataset.drawn = JSON.stringify(buttons);
  fill(place("menu"), ...columns);
}

function sendFile(kind, accept) {
  const file = place("file");
  file.accept = accept;
  file.dataset.kind = kind;
  file.click();
}

async function upload() {
  const [chosen] = place("file").files;
  place("file").value = "";
  if (!chosen) return;
  const query = new URLSearchParams({ user, kind: place("file").dataset.kind });
  const answer = await fetch(`/fake/upload?${query}`, { method: "POST", body: chosen });
  tell((await answer.json()).problem ?? "");
}

function sendLocation() {
  const label = prompt(texts.ask_label);
  const latitude = label && Number(prompt(texts.ask_latitude, "31.2304"));
  const longitude = latitude && Number(prompt(texts.ask_longitude, "121.4737"));
  if (longitude) act({ act: "location", user, label, latitude, longitude });
}

function sendLink() {
  const title = prompt(texts.ask_link_title);
  const url = title && prompt(texts.ask_link, "https://");
  if (url) act({ act: "link", user, title, url });
}

function asked(question, what) {
  const answer = prompt(question);
  if (answer) act({ user, ...what(answer) });
}

function start() {
  document.title = texts.title;
  place("send").textContent = texts.send;
  place("text").placeholder = texts.input;
  place("text").setAttribute("aria-label", texts.input);
  place("file").addEventListener("change", upload);
  place("say").addEventListener("submit", (event) => {
    event.preventDefault();
    const text = place("text").value;
    if (!text) return;
    place("text").value = "";
    act({ act: "say", user, text });
  });
  fill(
    place("more"),
    button(texts.picture, () => sendFile("picture", "image/*")),
    button(texts.video, () => sendFile("video", "video/*")),
    button(texts.voice, () => act({ act: "voice", user })),
    button(texts.location, sendLocation),
    button(texts.link, sendLink),
    button(texts.scan, () => asked(texts.ask_ticket, (ticket) => ({ act: "scan", ticket }))),
    button(texts.notice, () => asked(texts.ask_template, (template) => ({ act: "notice", template }))),
    button(texts.follow, () => act({ act: "follow", user })),
    button(texts.unfollow, () => act({ act: "unfollow", user })),
  );
  tools(() => user);
  window.addEventListener("hashchange", () => {
    const named = decodeURIComponent(location.hash.slice(1));
    if (named !== user && latest.users?.some(({ openid }) => openid === named)) choose(named);
  });
  listen();
}

start();
