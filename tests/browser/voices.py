"""Voices that a browser may have, and an engine that speaks when the test says so."""

from __future__ import annotations

#: A voice engine that keeps what it was asked to say and speaks when the test says so.
VOICE = """
(() => {
  const heard = window.heard = {said: [], cancelled: 0, speaking: []};
  const voices = %s;
  const listeners = [];
  heard.load = found => { voices.splice(0, voices.length, ...found); listeners.forEach(one => one()); };
  heard.finish = () => heard.speaking.shift().onend();
  heard.fail = () => heard.speaking.shift().onerror({error: "synthesis-failed"});
  window.SpeechSynthesisUtterance = function (text) { this.text = text; };
  Object.defineProperty(window, "speechSynthesis", {value: {
    getVoices: () => voices,
    addEventListener: (name, listener) => listeners.push(listener),
    speak: part => { heard.said.push([part.text, part.lang, part.voice.name]); heard.speaking.push(part); },
    cancel: () => { heard.cancelled += 1; heard.speaking.splice(0); },
  }});
})();
"""
DUTCH = '{name: "Xander", lang: "nl-NL", localService: true, default: false}'
ANDROID = '{name: "Vlaams", lang: "nl_BE", localService: true, default: false}'
FAR = '{name: "Google Nederlands", lang: "nl-NL", localService: false, default: false}'
ENGLISH = '{name: "Daniel", lang: "en-GB", localService: true, default: true}'
