// The lines of a chat.

import { act, button, make, say, texts } from "./dom.js";

const LINK = /<a\s[^<>]*?href=(["'])(https?:\/\/[^"'<>\s]+)\1[^<>]*>([^<>]*)<\/a>/gi;

// WeChat renders links in the account's texts, and nothing else.
function withLinks(text) {
  const parts = [];
  let end = 0;
  for (const found of text.matchAll(LINK)) {
    parts.push(text.slice(end, found.index), link(found[2], found[3]));
    end = found.index + found[0].length;
  }
  return [...parts, text.slice(end)];
}

function link(url, text) {
  if (!/^https?:\/\//i.test(url)) return text;
  return make("a", text || url, { href: url, target: "_blank", rel: "noreferrer" });
}

function menu(user, content) {
  return [
    content.head_content ?? "",
    ...content.list.map((item) =>
      button(item.content, () => act({ act: "choose", user, which: String(item.id) }), { className: "choice" }),
    ),
    content.tail_content ?? "",
  ];
}

function news(content) {
  const article = content.articles?.[0] ?? content.Articles?.item ?? {};
  const title = article.title ?? article.Title ?? "";
  const description = article.description ?? article.Description ?? "";
  return [link(article.url ?? article.Url ?? "", title), description ? `\n${description}` : ""];
}

function body(user, line) {
  const { type, content, text } = line;
  const mediaId = content.media_id ?? content.MediaId ?? content.Image?.MediaId;
  if (type === "image" && mediaId) return [make("img", "", { src: `/mmbiz/${mediaId}`, alt: texts.type_image })];
  if (type === "msgmenu") return menu(user, content);
  if (type === "news") return news(content);
  if (type === "link") return [link(content.Url ?? content.url ?? "", text || texts.type_link)];
  if (type === "text" && line.kind !== "own") return withLinks(text);
  const label = texts[`type_${type}`];
  return [[label, text].filter(Boolean).join(" ")];
}

function origin(line) {
  if (line.kind === "own") return "";
  const parts = [say(`kind_${line.kind}`), line.account, line.attempt && say("attempt", { n: line.attempt })];
  return parts.filter(Boolean).join(" · ");
}

export function lineOf(user, line) {
  const item = make("li", "", { className: line.kind });
  const bubble = make("div", "", { className: "bubble" });
  bubble.append(...body(user, line));
  item.append(bubble, make("div", `${line.time} ${origin(line)}`, { className: "origin" }));
  return item;
}
