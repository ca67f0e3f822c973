// New messages without reloading. Everything here also works without: by the buttons, and by reloading the page.
"use strict";

const body = document.body;
const parts = new Map([...document.querySelectorAll("[data-part]")].map((part) => [part.dataset.part, part]));
const phone = document.getElementById("phone");
const box = document.getElementById("box");
const address = new URLSearchParams(location.search);
let version = body.dataset.version;
let asked = 0;

function toTheEnd() {
  const thread = document.querySelector(".thread");
  if (thread) thread.scrollTop = thread.scrollHeight;
}

function show(name, html) {
  const part = parts.get(name);
  const shown = part.querySelector("[data-mail]");
  const next = document.createElement("template");
  next.innerHTML = html;
  const mail = next.content.querySelector("[data-mail]");
  // The mail that is being read stays as it is: a frame that reloads loses the reader's place.
  if (shown && mail && shown.dataset.mail === mail.dataset.mail) {
    const list = part.querySelector(".inboxlist");
    const newList = next.content.querySelector(".inboxlist");
    if (list && newList) list.replaceWith(newList);
    else if (newList) part.prepend(newList);
    return;
  }
  part.replaceChildren(next.content);
}

async function refresh(fresh) {
  const turn = ++asked;
  const query = new URLSearchParams({ seen: version });
  if (phone.value) query.set("phone", phone.value);
  if (box.value) query.set("box", box.value);
  if (address.get("mail")) query.set("mail", address.get("mail"));
  if (fresh) query.set("fresh", "1");
  const answer = await fetch(`${body.dataset.news}?${query}`).catch(() => null);
  if (!answer || !answer.ok || turn !== asked) return;
  const news = await answer.json();
  if (turn !== asked || !news.parts) return;
  version = String(news.version);
  for (const [name, html] of Object.entries(news.parts)) show(name, html);
  for (const field of document.querySelectorAll("[data-phone]")) field.value = phone.value;
  for (const field of document.querySelectorAll("[data-box]")) field.value = box.value;
  toTheEnd();
}

function choose() {
  address.delete("mail");
  if (phone.value) address.set("phone", phone.value);
  if (box.value) address.set("box", box.value);
  history.replaceState(null, "", `?${address}`);
  refresh(true);
}

phone.addEventListener("change", choose);
box.addEventListener("change", choose);

for (const form of document.querySelectorAll("[data-reply]")) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const fields = new FormData(form, event.submitter);
    const answer = await fetch(form.action, {
      method: "POST",
      headers: { Accept: "application/json" },
      body: new URLSearchParams(fields),
    }).catch(() => null);
    if (answer && answer.ok) form.reset();
    for (const field of document.querySelectorAll("[data-phone]")) field.value = phone.value;
    refresh(true);
  });
}

toTheEnd();
setInterval(() => { if (!document.hidden) refresh(false); }, 1000);
