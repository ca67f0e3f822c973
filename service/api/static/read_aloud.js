/* Reads a page aloud by a voice that lives on this device. Nothing leaves the browser: a voice that sends the text to a
   server (localService false) is not used. Without script, or without such a voice, the page has no button. */
(function () {
  "use strict";
  var frame = document.querySelector(".aloud"), speech = window.speechSynthesis;
  if (!frame || !speech || !window.SpeechSynthesisUtterance) return;
  var button = frame.querySelector("button"), label = button.querySelector("span"), status = frame.querySelector("[role=status]");
  var reading = null; // the sentence that is spoken now

  function voice() {
    var own = speech.getVoices().filter(function (one) {
      return one.localService && one.lang.toLowerCase().split(/[-_]/)[0] === frame.dataset.language; // Android: nl_NL
    });
    return own.filter(function (one) { return one.default; })[0] || own[0];
  }

  /* The words of the button change, so it has no pressed state beside them; and nothing is announced while the voice
     speaks, or a screen reader would talk through it. */
  function show() {
    frame.hidden = !voice();
    label.textContent = reading ? frame.dataset.stop : frame.dataset.start;
  }

  function stop() {
    reading = null;
    speech.cancel();
    show();
  }

  function speak(texts) {
    if (!texts.length) { stop(); return; }
    var sentence = reading = new SpeechSynthesisUtterance(texts[0]);
    sentence.voice = voice();
    sentence.lang = sentence.voice ? sentence.voice.lang : frame.dataset.language;
    sentence.rate = 0.9;
    sentence.onend = function () { if (reading === sentence) speak(texts.slice(1)); };
    sentence.onerror = function () {
      if (reading !== sentence) return; // stopped by the person
      stop();
      status.textContent = frame.dataset.failed;
    };
    speech.speak(sentence);
    show();
  }

  button.addEventListener("click", function () {
    if (reading) { stop(); return; }
    speech.cancel(); // what another page left behind
    status.textContent = "";
    speak(Array.prototype.map.call(document.querySelectorAll("[data-aloud]"), function (one) {
      return one.textContent.trim().replace(/\s+/g, " ");
    }));
  });
  window.addEventListener("pagehide", stop);
  if (speech.addEventListener) speech.addEventListener("voiceschanged", show); // they load after the page; old Safari never says
  show();
})();
