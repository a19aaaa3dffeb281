// Making elements. Texts become text, never markup.

export const texts = await (await fetch("/fake/texts.zh.json")).json();

export function say(key, values = {}) {
  return Object.entries(values).reduce((said, [name, value]) => said.replace(`{${name}}`, value), texts[key] ?? key);
}

export function make(tag, text = "", { className = "", ...properties } = {}) {
  const element = Object.assign(document.createElement(tag), properties);
  if (className) element.className = className;
  if (text !== "") element.textContent = text;
  return element;
}

export function button(text, press, properties = {}) {
  const element = make("button", text, { type: "button", ...properties });
  element.addEventListener("click", press);
  return element;
}

export function fill(element, ...children) {
  element.replaceChildren(...children.filter(Boolean));
  return element;
}

export async function act(what) {
  const answer = await fetch("/fake/act", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(what),
  });
  const told = await answer.json();
  tell(told.problem ?? "");
  return told;
}

export function tell(text) {
  const place = document.getElementById("problem");
  place.textContent = text;
  place.hidden = !text;
}
