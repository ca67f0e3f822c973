/* Draws SVG from the table or data attributes that stand in the page; without script the table remains. No inline styles. */
(function () {
  "use strict";
  var NS = "http://www.w3.org/2000/svg";
  function el(p, t, a, s) { var e = document.createElementNS(NS, t); for (var k in a) if (a[k] !== undefined) e.setAttribute(k, a[k]); if (s !== undefined) e.textContent = s; if (p) p.appendChild(e); return e; }
  var comma = document.documentElement.lang === "nl" ? "," : ".";
  function nl(v, d) { return (v < 0 ? "\u2212" : "") + Math.abs(v).toFixed(d === undefined ? 1 : d).replace(".", comma); }
  function f(s) { return s === undefined || s === "" ? NaN : parseFloat(s); }
  function svg(box, w, h, label) { box.textContent = ""; return el(box, "svg", { viewBox: "0 0 " + w + " " + h, width: w, height: h, role: "img", "aria-label": label }); }
  function rows(fig) { return Array.prototype.map.call(fig.querySelectorAll("tbody tr"), function (r) { return r.dataset; }); }
  function path(pts) { return pts.map(function (p, i) { return (i ? "L" : "M") + p[0].toFixed(1) + " " + p[1].toFixed(1); }).join(""); }

  /* gauge: ruler, interval as band, point as bar, threshold as flag */
  function gauge(box) {
    var d = box.dataset, w = box.clientWidth, mn = f(d.min), mx = f(d.max), step = f(d.step), big = f(d.big), compact = d.compact !== undefined;
    var top = d.target ? 22 : 4, y = top + 12, h = compact ? y + 14 : y + 34, pad = 2;
    var s = svg(box, w, h, d.label || ""), X = function (v) { return pad + (v - mn) / (mx - mn) * (w - 2 * pad); };
    if (d.hidden !== undefined) { el(s, "line", { x1: X(mn), x2: X(mx), y1: y, y2: y, class: "dash" }); return; }
    var cls = d.tone || "";
    el(s, "rect", { x: X(f(d.lo)), y: y - 9, width: X(f(d.hi)) - X(f(d.lo)), height: 18, class: "bd" + cls });
    el(s, "line", { x1: X(mn), x2: X(mx), y1: y, y2: y, class: "tick" });
    for (var v = mn; v <= mx + 1e-9; v += step) { var m = Math.abs(v / big - Math.round(v / big)) < 1e-6; el(s, "line", { x1: X(v), x2: X(v), y1: y, y2: y + (m ? 11 : 6), class: "tick" }); if (m && !compact) el(s, "text", { x: X(v), y: y + 29, "text-anchor": v === mn ? "start" : v >= mx - 1e-9 ? "end" : "middle" }, v > 0 && d.sign !== undefined ? "+" + nl(v, 0) : nl(v, 0) + (v >= mx - 1e-9 && d.unit ? d.unit : "")); }
    if (d.target) { var t = X(f(d.target)), right = t + 8 + (d.targetlabel || "").length * 7 > w; el(s, "path", { d: "M" + t + " " + (y - 9) + "V" + (y - 21), class: "axis" }); el(s, "text", { x: t + (right ? -5 : 5), y: y - 14, "text-anchor": right ? "end" : "start" }, d.targetlabel); }
    el(s, "rect", { x: X(f(d.v)) - 2.5, y: y - 12, width: 5, height: 24, class: "mark" + cls });
  }

  /* course of the score: band, line, n under the axis; a wave with too few people keeps its place without a point */
  function course(fig) {
    var box = fig.querySelector(".plot"), d = fig.dataset, R = rows(fig), w = box.clientWidth, narrow = w < 520, top = f(d.max);
    var mL = 30, mR = narrow ? 12 : 150, mT = 14, ph = narrow ? 250 : 300, mB = narrow ? 70 : 74, h = mT + ph + mB;
    var s = svg(box, w, h, d.label), last = f(R[R.length - 1].m) || 1, padX = narrow ? 26 : 44;
    var X = function (m) { return mL + padX + m / last * (w - mL - mR - 2 * padX); }, Y = function (v) { return mT + ph - v / top * ph; };
    var marks = (d.marks ? d.marks.split(" ").map(f) : [0]).concat([top]).filter(function (v, i, a) { return a.indexOf(v) === i; });
    marks.forEach(function (v) { el(s, "line", { x1: mL, x2: w - mR, y1: Y(v), y2: Y(v), class: v ? "grid" : "axis" }); el(s, "text", { x: mL - 10, y: Y(v) + 5, "text-anchor": "end" }, nl(v, 0)); });
    if (!narrow && d.bands) d.bands.split("|").forEach(function (b) { var p = b.split(":"); el(s, "text", { x: w - mR + 12, y: Y(f(p[0])) + 5, class: "light" }, p[1]); });
    var shown = R.filter(function (r) { return r.v !== undefined; });
    if (shown.length) {
      el(s, "path", { d: path(shown.map(function (r) { return [X(f(r.m)), Y(f(r.hi))]; }).concat(shown.slice().reverse().map(function (r) { return [X(f(r.m)), Y(f(r.lo))]; }))) + "Z", class: "bd" });
      el(s, "path", { d: path(shown.map(function (r) { return [X(f(r.m)), Y(f(r.v))]; })), class: "ln" });
    }
    R.forEach(function (r) {
      var x = X(f(r.m)), y = mT + ph;
      if (r.v !== undefined) {
        el(s, "circle", { cx: x, cy: Y(f(r.v)), r: 5.5, class: "pt" });
        el(s, "text", { x: x, y: Y(f(r.hi)) - 8, "text-anchor": "middle", class: "val halo" }, nl(f(r.v)));
      } else if (r.n !== "0") el(s, "text", { x: x, y: y - 10, "text-anchor": "middle", class: "light" }, d.hiddenWords);
      el(s, "line", { x1: x, x2: x, y1: y, y2: y + 6, class: "axis" });
      el(s, "text", { x: x, y: y + 25, "text-anchor": "middle", class: "strong" }, narrow ? r.short : r.name);
      el(s, "text", { x: x, y: y + 46, "text-anchor": "middle" }, "n " + r.n);
      if (!narrow && r.v !== undefined) el(s, "text", { x: x, y: y + 66, "text-anchor": "middle", class: "light" }, nl(f(r.lo)) + "\u2013" + nl(f(r.hi)));
    });
    if (!narrow && shown.length) el(s, "text", { x: w - mR + 12, y: mT + ph + 66, class: "light" }, d.ciWords);
  }

  /* flow: one bar per step on one scale; what is missing stays visible */
  function flow(fig) {
    var box = fig.querySelector(".plot"), R = rows(fig), w = box.clientWidth, narrow = w < 1000, mx = Math.max.apply(null, R.map(function (r) { return f(r.total); }));
    if (narrow) {
      var notes = R.map(function (r) { var out = []; notesOf(r).forEach(function (n) { var L = out.length - 1; if (L >= 0 && (out[L] + ", " + n).length * 7 < w) out[L] += ", " + n; else if (n) out.push(n); }); return out; });
      var y = 0, tall = notes.reduce(function (a, n) { return a + 62 + n.length * 20; }, 0), sN = svg(box, w, tall, fig.dataset.label); hatch(sN);
      R.forEach(function (r, i) { el(sN, "text", { x: 0, y: y + 16, class: "strong" }, r.name); el(sN, "text", { x: w, y: y + 16, "text-anchor": "end", class: "strong" }, r.ok + (r.closed ? " " + fig.dataset.ofWords + " " + r.closed : ""));
        var x = 0; seg(r).forEach(function (g) { var gw = g[0] / mx * (w - 2); if (gw > 0) el(sN, "rect", { x: x + .5, y: y + 25, width: Math.max(gw - 1, .5), height: 16, class: g[1] }); x += gw; });
        notes[i].forEach(function (n, j) { el(sN, "text", { x: 0, y: y + 60 + j * 20 }, n); }); y += 62 + notes[i].length * 20; }); return;
    }
    var bh = 168, mT = 34, h = mT + bh + 104, s = svg(box, w, h, fig.dataset.label); hatch(s);
    var cw = w / R.length, bw = Math.min(76, cw * .56);
    R.forEach(function (r, i) {
      var x = i * cw, y = mT + bh, top = y;
      seg(r).forEach(function (g) { var gh = g[0] / mx * bh; if (gh > 0) { el(s, "rect", { x: x + .5, y: y - gh + .5, width: bw - 1, height: Math.max(gh - 1, .8), class: g[1] }); } y -= gh; top = y; });
      var t = el(s, "text", { x: x, y: top - 9, class: "strong" }, r.ok); if (r.closed) { el(t, "tspan", { class: "" , "font-weight": 400 }, " " + fig.dataset.ofWords + " " + r.closed); }
      el(s, "text", { x: x, y: mT + bh + 24, class: "strong" }, r.name);
      notesOf(r).forEach(function (n, j) { el(s, "text", { x: x, y: mT + bh + 46 + j * 20 }, n); });
    });
    el(s, "line", { x1: 0, x2: w, y1: mT + bh + .5, y2: mT + bh + .5, class: "axis" });
  }
  function notesOf(r) { return (r.note || "").split("|").filter(function (n) { return n && n.slice(0, 2) !== "0 "; }); }
  function seg(r) { return r.closed ? [[f(r.ok), "barv"], [f(r.miss) || 0, "barmiss"], [f(r.out) || 0, "barout"], [f(r.todo) || 0, "bartodo"]] : [[f(r.ok), "barall"]]; }
  function hatch(s) { var d = el(s, "defs"), p = el(d, "pattern", { id: "hatch", width: 6, height: 6, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" }); el(p, "rect", { width: 6, height: 6, fill: "#fff" }); el(p, "rect", { width: 2.2, height: 6, fill: "#6F7C8A" }); }

  /* retention: steps with their band, how many are still followed under the axis; one line per group, two at most */
  function survival(fig) {
    var box = fig.querySelector(".plot"), d = fig.dataset, w = box.clientWidth, narrow = w < 520;
    var lines = d.lines.split("|").map(function (part, i) { var q = part.split(":"); return { key: q[0], name: q[1], tone: i ? "2" : "", pts: rows(fig).filter(function (r) { return r.line === q[0]; }) }; });
    var marks = d.at.split(" ").map(f), last = f(d.last), mL = narrow ? 34 : 44, mR = narrow ? 14 : 150, mT = 14, ph = narrow ? 220 : 280, mB = 66 + lines.length * (narrow ? 46 : 24), h = mT + ph + mB;
    var s = svg(box, w, h, d.label), X = function (m) { return mL + m / last * (w - mL - mR); }, Y = function (v) { return mT + ph - v * ph; }, y0 = mT + ph;
    [0, .25, .5, .75, 1].forEach(function (v) { el(s, "line", { x1: mL, x2: w - mR, y1: Y(v), y2: Y(v), class: v ? "grid" : "axis" }); el(s, "text", { x: mL - 8, y: Y(v) + 5, "text-anchor": "end" }, nl(100 * v, 0) + (v === 1 && !narrow ? " %" : "")); });
    function steps(q, k) { var p = []; p.push(k === "v" ? [X(0), Y(1)] : [X(f(q.pts[0].m)), Y(f(q.pts[0][k]))]); q.pts.forEach(function (r) { p.push([X(f(r.m)), p[p.length - 1][1]]); p.push([X(f(r.m)), Y(f(r[k]))]); }); p.push([X(f(d["end" + q.key]) || last), p[p.length - 1][1]]); return p; }
    lines.forEach(function (q) { if (q.pts.length) el(s, "path", { d: path(steps(q, "hi").concat(steps(q, "lo").reverse())) + "Z", class: "bd" + q.tone, opacity: lines.length > 1 ? .6 : 1 }); });
    lines.forEach(function (q, i) {
      var p = q.pts.length ? steps(q, "v") : [[X(0), Y(1)], [X(last), Y(1)]], end = p[p.length - 1], share = q.pts.length ? f(q.pts[q.pts.length - 1].v) : 1, words = q.name + " " + nl(100 * share, 0) + " %";
      el(s, "path", { d: path(p), class: "ln" + q.tone });
      if (narrow) el(s, "text", { x: w - mR, y: end[1] + (i ? 22 : -10), "text-anchor": "end", class: "c" + (i + 1) + "t halo" }, words);
      else el(s, "text", { x: w - mR + 12, y: end[1] + (i ? 20 : 5), class: "c" + (i + 1) + "t" }, words);
    });
    marks.forEach(function (m) { el(s, "line", { x1: X(m), x2: X(m), y1: y0, y2: y0 + 6, class: "axis" }); el(s, "text", { x: X(m), y: y0 + 25, "text-anchor": "middle", class: "strong" }, nl(m, 0)); });
    el(s, "text", { x: narrow ? w - mR : w - mR + 12, y: y0 + (narrow ? 44 : 25), "text-anchor": narrow ? "end" : "start", class: "light" }, d.days);
    lines.forEach(function (q, i) {
      var y = y0 + (narrow ? 84 : 54) + i * (narrow ? 46 : 24), risk = (d["risk" + q.key] || "").split(" ");
      if (narrow) el(s, "text", { x: 0, y: y - 20, class: "light" }, d.followed + (lines.length > 1 ? ", " + q.name : ""));
      marks.forEach(function (m, j) { el(s, "text", { x: X(m), y: y, "text-anchor": "middle", class: "c" + (i + 1) + "n" }, risk[j]); });
      if (!narrow) el(s, "text", { x: w - mR + 12, y: y, class: "c" + (i + 1) + "n" }, d.followed);
    });
  }

  /* forest: differences on one axis around zero; what is not shown keeps its row */
  function forest(fig) {
    var box = fig.querySelector(".plot"), d = fig.dataset, R = rows(fig), w = box.clientWidth, narrow = w < 640, rh = narrow ? 66 : 44, far = 1;
    R.forEach(function (r) { [r.lo, r.hi].forEach(function (v) { if (v !== undefined) far = Math.max(far, Math.abs(f(v))); }); });
    var mx = Math.ceil(far), step = mx > 6 ? 2 : 1, lw = narrow ? 0 : 300, nw = narrow ? 0 : 60, rw = narrow ? 0 : 190, mT = 30, h = mT + R.length * rh + 34, s = svg(box, w, h, d.label);
    var x0 = narrow ? 8 : lw + nw + 12, x1 = narrow ? w - 8 : w - rw - 12, yb = mT + R.length * rh, X = function (v) { return x0 + (v + mx) / (2 * mx) * (x1 - x0); };
    for (var v = -mx; v <= mx; v += step) { if (narrow) R.forEach(function (r, i) { if (!r.hide) el(s, "line", { x1: X(v), x2: X(v), y1: mT + i * rh + 32, y2: mT + (i + 1) * rh - 2, class: v ? "grid" : "axis" }); }); else el(s, "line", { x1: X(v), x2: X(v), y1: mT, y2: yb, class: v ? "grid" : "axis" }); el(s, "text", { x: X(v), y: yb + 22, "text-anchor": "middle" }, v > 0 ? "+" + v : nl(v, 0)); }
    el(s, "text", { x: X(0) - 10, y: mT - 12, "text-anchor": "end", class: "light" }, d.falls); el(s, "text", { x: X(0) + 10, y: mT - 12, class: "light" }, d.rises);
    if (!narrow) el(s, "text", { x: lw + nw - 8, y: mT - 12, "text-anchor": "end", class: "light" }, "n");
    R.forEach(function (r, i) {
      var y = mT + i * rh + (narrow ? 48 : rh / 2), ty = narrow ? mT + i * rh + 20 : y + 5;
      el(s, "text", { x: 0, y: ty, class: "strong" + (narrow ? " halo" : "") }, r.name);
      if (r.hide) { el(s, "text", { x: w, y: narrow ? ty + 22 : ty, "text-anchor": "end", class: "light" + (narrow ? " halo" : "") }, r.hide); return; }
      if (!narrow) el(s, "text", { x: lw + nw - 8, y: ty, "text-anchor": "end" }, r.n);
      if (r.lo !== undefined) el(s, "rect", { x: X(f(r.lo)), y: y - 8, width: X(f(r.hi)) - X(f(r.lo)), height: 16, class: "bd" });
      el(s, "rect", { x: X(f(r.v)) - 2.5, y: y - 11, width: 5, height: 22, class: "mark" });
      var t = el(s, "text", { x: w, y: ty, "text-anchor": "end", class: narrow ? "halo" : "" }); el(t, "tspan", { class: "strong" }, nl(f(r.v)));
      if (r.lo !== undefined) el(t, "tspan", {}, "  (" + nl(f(r.lo)) + " " + d.to + " " + nl(f(r.hi)) + ")" + (narrow ? " n " + r.n : ""));
    });
  }

  function draw() {
    document.querySelectorAll(".gauge[data-v],.gauge[data-hidden]").forEach(gauge);
    document.querySelectorAll("[data-chart]").forEach(function (n) { ({ course: course, flow: flow, survival: survival, forest: forest })[n.dataset.chart](n); });
  }
  var t; window.addEventListener("resize", function () { clearTimeout(t); t = setTimeout(draw, 120); });
  window.addEventListener("beforeprint", function () { document.documentElement.classList.add("printing"); draw(); });
  window.addEventListener("afterprint", function () { document.documentElement.classList.remove("printing"); draw(); });
  document.querySelectorAll("details.data").forEach(function (n) { n.open = false; }); /* the chart now shows what the table holds */
  (document.fonts && document.fonts.ready ? document.fonts.ready : Promise.resolve()).then(draw); draw();
})();
