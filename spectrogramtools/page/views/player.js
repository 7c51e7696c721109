// The player's browser side. All sounds run together through Web Audio, each behind a gain of its own; choosing a
// signal or mixing several moves the gains, so every switch is sample-exact. Short ramps keep switches, swaps and seeks
// free of clicks.

import { LOWEST_HZ, axis, drawAxes, drawCells, drawColourBar, element, followed, penOn, redrawn } from "./axes.js";
import { maskDescribed, spectrogramDescribed } from "./described.js";
import { describeFigures } from "./figures.js";

const SWITCH_SECONDS = 0.015;
const SWAP_SECONDS = 0.03;
const AHEAD_SECONDS = 0.02; // how far ahead of the clock a sound is started, so that it starts on time
const SCRUB_MS = 80; // while the playhead is dragged, the sound is restarted this often at most
const SHORTEST_LOOP = 0.05; // seconds
const NEW_LOOP = 2; // seconds
const SHOW_MS = 33; // thirty times a second is smooth, and leaves the processor to those who compute
const STUCK_MS = 3000; // a clock that stands still for so long has lost its output; WebKit on Linux starts with half of that
const STARTED = "spectrogramtools-started";
const INTERRUPTED = "spectrogramtools-interrupted";
const UPDATED = "spectrogramtools-updated";
const MARGIN = { left: 58, right: 54, top: 3, bottom: 36 }; // around the plot, in CSS pixels
const NARROW = { left: 12, right: 18 }; // where there is no picture

// Browsers allow few audio contexts: all players of one rate share one.
const contexts = (globalThis.spectrogramtoolsContexts ??= new Map());
export function contextFor(sr) {
  if (!contexts.has(sr)) {
    // On an iPhone all other sound is silenced by the switch that is meant for the ringing.
    if (navigator.audioSession) navigator.audioSession.type = "playback";
    const context = new AudioContext({ sampleRate: sr, latencyHint: "interactive" });
    // A call on a phone stops the sound, and headphones that are pulled out shall not let the loudspeaker go on.
    const interrupted = () => window.dispatchEvent(new Event(INTERRUPTED));
    context.onstatechange = () => context.state !== "running" && interrupted();
    navigator.mediaDevices?.addEventListener("devicechange", interrupted);
    contexts.set(sr, context);
  }
  return contexts.get(sr);
}

export function render({ model, el }) {
  const blind = Boolean(model.get("blind")); // no picture, and no mix, from which one could tell what is heard
  const root = element("div", blind ? "st-player st-unseen" : "st-player", el, {
    tabindex: "0", role: "group", "aria-label": "audio player", "data-lm-suppress-shortcuts": "true",
  });
  const bar = element("div", "st-bar", root);
  const playButton = element("button", "st-play", bar, { "aria-keyshortcuts": "Space" });
  const choices = element("span", "st-bar st-choices", bar, { role: "group", "aria-label": "signal" });
  const time = element("span", "st-time", bar);
  const mixer = element("div", "st-bar st-mixer", root, { role: "group", "aria-label": "gain of each signal" });
  const plot = element("div", "st-plot", root);
  const ruler = element("div", "st-ruler", plot, { "aria-hidden": "true" }, "drag here to loop");
  const canvas = element("canvas", "", plot, { role: "img" });
  const looped = element("div", "st-looped", plot);
  const head = element("div", "st-head", plot, {
    tabindex: "0", role: "slider", "aria-label": "position in seconds", "aria-valuemin": "0",
  });
  const tools = element("div", "st-bar st-tools", root);
  const remixButton = element("button", "st-remix", tools, { title: "mix all signals, each with its own gain (m)" }, "remix");
  const loopButton = element("button", "st-loop", tools, { title: "[ and ] set its ends, Escape ends it" });
  const axisButton = element("button", "st-axis", tools, { title: "linear or logarithmic frequency axis" });
  const volumeLabel = element("label", "st-volume", tools, {}, "volume ");
  const volume = element("input", "", volumeLabel, { type: "range", min: "0", max: "1", step: "0.01", value: "1" });
  const help = element("details", "st-help", tools);
  element("summary", "", help, {}, "keys");
  element("div", "", help, {}, "Space plays and pauses · 1 to 9 choose a signal · ← → move by a second, with Shift by a tenth · Home: start · [ ] loop from here, to here · Escape: no loop" + (blind ? "" : " · m: remix"));
  const caption = element("div", "st-caption", root);
  const table = element("table", "st-scores", element("div", "st-table", root));
  const message = element("div", "st-message", root, { role: "status" });
  const told = element("div", "st-told", root, { role: "status" }); // for those who can't see what a press has done

  let sounds = []; // { samples, buffer } for each signal
  let edges = new Float32Array(2);
  let playing = null; // { out, sources, gains } while it plays
  let starting = false; // the button was pressed, and the browser is making its sound ready: the first time takes Firefox up to 2 s
  let startedAt = 0; // the context's time at which `position` was heard
  let position = 0; // seconds into the signals, when stopped or when started
  let loop = null; // [from, to] in seconds
  let selecting = null; // the same, while a hand still drags
  let gains = null; // one a signal, while remixing
  let mix = null; // the same, kept while one signal is heard
  let log = model.get("y_axis") === "log";
  let frame = 0;
  let interruption = ""; // what is said of it
  let clock = { at: 0, stuck: 0 }; // what the context's clock showed when it was last read, and for how long it has
  let removed = false;
  let x = axis(0, 1, 0, 1);
  let y = axis(0, 1, 1, 0);
  let framed = ""; // what the axes were drawn for
  let shareShown = null; // what the colours stand for: a share (of a mask) or a level

  const get = (name) => model.get(name);
  const sr = () => get("sr");
  const duration = () => get("n_samples") / sr();
  const now = () => contextFor(sr()).currentTime;
  const onSample = (t) => Math.round(t * sr()) / sr();
  const span = () => loop ?? [0, duration()];

  function heardAt(t) {
    const [from, to] = span();
    const at = position + Math.max(0, t - startedAt);
    return at < to ? at : from + ((at - from) % (to - from));
  }
  const heard = () => (playing ? heardAt(now()) : position);

  // --- sound

  function decode() {
    const n = get("n_samples");
    const channels = get("channels");
    sounds = get("names").map((_, i) => {
      const samples = get(`sound${i}`);
      const before = sounds[i];
      if (before?.samples === samples && before.buffer.sampleRate === sr() && before.buffer.numberOfChannels === channels) return before;
      const buffer = new AudioBuffer({ length: n, numberOfChannels: channels, sampleRate: sr() });
      for (let c = 0; c < channels; c++) buffer.copyToChannel(samples.subarray(c * n, (c + 1) * n), c);
      return { samples, buffer };
    });
  }

  // How much of each sound is heard.
  const levels = () => gains ?? sounds.map((_, k) => Number(k === get("chosen")));

  // Whether the first signal is the sum of the others, to what 16 bit hold of each.
  function addsUp() {
    const [whole, ...parts] = sounds.map(({ samples }) => samples);
    if (parts.length < 2) return false;
    return whole.every((v, k) => Math.abs(parts.reduce((rest, part) => rest - part[k], v)) < (parts.length + 1) / 65534);
  }

  function remixPeak() {
    const heardOnes = levels().map((share, i) => [share, sounds[i].buffer]).filter(([share]) => share !== 0);
    let peak = 0;
    for (let c = 0; c < get("channels"); c++) {
      const parts = heardOnes.map(([share, buffer]) => [share, buffer.getChannelData(c)]);
      for (let k = 0; k < get("n_samples"); k++) {
        let sum = 0;
        for (const [share, data] of parts) sum += share * data[k];
        peak = Math.max(peak, Math.abs(sum));
      }
    }
    return peak;
  }

  function level() {
    // All signals are on one scale: where one of them would clip, all are softer.
    const loudest = Math.max(1, get("peak") ?? 1);
    const peak = gains ? remixPeak() : 0;
    const clips = peak > 1.0001 * loudest;
    const soft = loudest > 1 ? `Peak ${loudest.toFixed(2)}: all signals are played ${(20 * Math.log10(loudest)).toFixed(1)} dB softer so that none clips.` : "";
    const warning = clips ? `The mix peaks at ${peak.toFixed(2)}: it is played ${(20 * Math.log10(peak)).toFixed(1)} dB softer so that it does not clip.` : "";
    const text = [get("message"), soft, warning, interruption].filter(Boolean).join(" ");
    if (message.textContent !== text) message.textContent = text;
    return Number(volume.value) / (clips ? peak : loudest);
  }

  function ramp(param, to, seconds) {
    const at = now();
    param.cancelScheduledValues(at);
    param.setValueAtTime(param.value, at);
    param.linearRampToValueAtTime(to, at + seconds);
  }

  function setLevels() {
    const loudness = level();
    if (!playing) return;
    levels().forEach((share, i) => ramp(playing.gains[i].gain, share, SWITCH_SECONDS));
    ramp(playing.volume.gain, loudness, SWITCH_SECONDS);
  }

  // Without `from` the sound goes on where the one before will be at that moment.
  function start(fade, from) {
    const context = contextFor(sr());
    const loudness = context.createGain();
    loudness.gain.value = level();
    loudness.connect(context.destination);
    const out = context.createGain();
    out.gain.setValueAtTime(0, 0);
    out.connect(loudness);
    const { strips, when, at } = startedOnTime(out, from);
    out.gain.setValueAtTime(0, when);
    out.gain.linearRampToValueAtTime(1, when + fade);
    silence(when, fade);
    playing = { out, fade, volume: loudness, sources: strips.map((s) => s.source), gains: strips.map((s) => s.gain) };
    position = at;
    startedAt = when;
  }

  // The clock leaps while the sources are started if the machine is busy, or its output takes long blocks. A source that
  // is started after its time begins at once instead, and stays behind: then others take its place, further ahead.
  function startedOnTime(out, from) {
    const context = contextFor(sr());
    for (let ahead = AHEAD_SECONDS; ; ahead *= 2) {
      const strips = stripsInto(out);
      // All is made; now the clock is read, and nothing slow stands between it and the start.
      const when = onSample(context.currentTime + ahead);
      const at = onSample(from ?? heardAt(when));
      for (const { source } of strips) source.start(when, at);
      if (context.currentTime < when) return { strips, when, at };
      for (const { source } of strips) source.stop();
    }
  }

  function stripsInto(out) {
    const context = contextFor(sr());
    const shares = levels();
    return sounds.map(({ buffer }, i) => {
      const gain = context.createGain();
      gain.gain.value = shares[i];
      const source = context.createBufferSource();
      source.buffer = buffer;
      source.loop = true;
      if (loop) [source.loopStart, source.loopEnd] = loop;
      source.connect(gain).connect(out);
      return { gain, source };
    });
  }

  function silence(when, fade) {
    if (!playing) return;
    const { out, fade: fadeIn, volume: loudness, sources } = playing;
    out.gain.cancelScheduledValues(when);
    const reached = Math.min(1, Math.max(0, (when - startedAt) / fadeIn)); // it may be fading in still
    out.gain.linearRampToValueAtTime(reached, when);
    out.gain.linearRampToValueAtTime(0, when + fade);
    for (const source of sources) source.stop(when + fade);
    sources[0].onended = () => loudness.disconnect();
    playing = null;
  }

  async function play() {
    window.dispatchEvent(new CustomEvent(STARTED, { detail: root })); // one player at a time
    interruption = "";
    starting = true;
    show();
    const runs = await contextFor(sr()).resume().then(() => true, () => false); // the press of the button allows it
    if (!starting) return;
    starting = false;
    if (!runs) return interrupted();
    start(SWITCH_SECONDS, position);
    told.textContent = `playing ${gains ? "the mix" : get("names")[get("chosen")]}`;
    show();
  }

  function pause() {
    starting = false;
    if (playing) {
      position = heard();
      told.textContent = `paused at ${position.toFixed(1)} seconds`;
      silence(now(), SWITCH_SECONDS);
    }
    show();
  }

  function interrupted() {
    interruption = "Paused: the sound's output was interrupted, or is another one now. Play goes on from here.";
    pause();
    level();
  }

  function seek(to, tell = true) {
    const [from, until] = span();
    const place = Math.min(Math.max(to, 0), duration() - 1 / sr());
    const inside = loop && (place < from || place >= until) ? from : place;
    if (playing) start(SWITCH_SECONDS, inside);
    else position = inside;
    if (tell) {
      model.set("position", inside);
      model.save_changes();
    }
    show();
  }

  // Two places as a passage inside of the signals.
  const inOrder = (...ends) => ends.map((t) => Math.min(Math.max(t, 0), duration())).sort((s, t) => s - t);

  function setLoop(from, to) {
    const here = heard();
    const [a, b] = inOrder(from, to).map(onSample);
    loop = b - a >= SHORTEST_LOOP ? [a, b] : null;
    position = here; // with the new loop, not with the old one
    startedAt = playing ? now() : startedAt;
    if (playing || loop) seek(here, false);
    show();
  }

  function choose(i) {
    if (i < 0 || i >= get("names").length) return;
    if (gains) remix(false);
    told.textContent = get("names")[i];
    model.set("chosen", i);
    model.save_changes();
  }

  function remix(on) {
    if (gains) mix = gains;
    // At first it sounds as before: the whole as all its parts, or the signal that was heard.
    const chosen = get("chosen");
    const whole = chosen === 0 && addsUp();
    gains = on ? mix ?? get("names").map((_, k) => Number(whole ? k > 0 : k === chosen)) : null;
    showChoices();
    setLevels();
  }

  // --- what is seen

  function show() {
    clearTimeout(frame);
    const at = heard();
    head.style.transform = `translateX(${Math.round(x.pixel(at))}px)`; // moves without a new layout
    const text = starting ? "starting …" : `${at.toFixed(1)} / ${duration().toFixed(1)} s`;
    if (time.textContent !== text) time.textContent = text;
    if (!playing || Math.abs(at - Number(head.getAttribute("aria-valuenow"))) > 1) {
      head.setAttribute("aria-valuenow", at.toFixed(1));
      head.setAttribute("aria-valuemax", duration().toFixed(1));
      head.setAttribute("aria-valuetext", `${at.toFixed(1)} seconds`);
    }
    const [face, label] = starting ? ["…", "starting"] : playing ? ["❚❚", "pause"] : ["▶", "play"];
    if (playButton.textContent !== face) {
      playButton.textContent = face;
      playButton.setAttribute("aria-label", label);
    }
    const loopText = loop ? `loop ${loop[0].toFixed(1)}–${loop[1].toFixed(1)} s ✕` : "loop";
    if (loopButton.textContent !== loopText) loopButton.textContent = loopText;
    loopButton.setAttribute("aria-pressed", String(loop !== null));
    root.dataset.loop = loop ? loop.join(" ") : "";
    const marked = selecting ?? loop;
    looped.hidden = !marked;
    if (marked) {
      looped.style.left = `${x.pixel(marked[0])}px`;
      looped.style.width = `${x.pixel(marked[1]) - x.pixel(marked[0])}px`;
    }
    root.dataset.position = at.toFixed(3);
    root.dataset.playing = String(playing !== null);
    if (playing && !removed) frame = setTimeout(follow, SHOW_MS);
  }

  // Not every browser says so when its output is gone.
  function follow() {
    const at = now();
    clock = { at, stuck: at === clock.at ? clock.stuck + SHOW_MS : 0 };
    if (clock.stuck > STUCK_MS) interrupted();
    else show();
  }

  function showChoices() {
    const names = get("names");
    const chosen = get("chosen");
    if (names.length !== choices.childElementCount || names.some((n, i) => choices.children[i].textContent !== n)) {
      choices.replaceChildren();
      names.forEach((name, i) => {
        const button = element("button", "", choices, i < 9 ? { title: `key ${i + 1}`, "aria-keyshortcuts": `${i + 1}` } : {}, name);
        button.onclick = () => choose(i);
      });
      if (gains && gains.length !== names.length) gains = names.map((_, k) => gains[k] ?? 0);
      mix = null;
      mixer.replaceChildren();
    }
    [...choices.children].forEach((button, i) => button.setAttribute("aria-pressed", String(i === chosen && !gains)));
    remixButton.setAttribute("aria-pressed", String(gains !== null));
    remixButton.hidden = blind || names.length < 2;
    axisButton.hidden = blind;
    mixer.hidden = !gains;
    if (!gains) mixer.replaceChildren();
    else if (!mixer.childElementCount) names.forEach(addFader);
    root.dataset.chosen = names[chosen];
  }

  function addFader(name, k) {
    const label = element("label", "st-fader", mixer, {}, `${name} `);
    const fader = element("input", "", label, { type: "range", min: "0", max: "2", step: "0.05" });
    const readout = element("output", "", label);
    const tell = () => {
      const text = gains[k] ? `${(20 * Math.log10(gains[k])).toFixed(1)} dB`.replace("-", "−") : "off";
      readout.textContent = text;
      fader.setAttribute("aria-valuetext", text);
    };
    fader.value = String(gains[k]);
    tell();
    fader.oninput = () => {
      gains[k] = Number(fader.value);
      tell();
      setLevels();
    };
  }

  // The axes; they stay until the size, the theme or what they measure changes.
  function drawFrame() {
    framed = "";
    shareShown = null;
    if (!canvas.clientWidth) return show(); // it is drawn when it gets a width
    const { pen, width, height, ink } = penOn(canvas);
    const top = edges[edges.length - 1];
    const sides = blind ? NARROW : MARGIN;
    x = axis(0, duration(), sides.left, Math.max(sides.left + 40, width - sides.right));
    y = axis(log ? LOWEST_HZ : 0, top, height - MARGIN.bottom, MARGIN.top, log);
    drawAxes(pen, ink, x, y, "time (s)", blind ? null : "frequency (Hz)");
    if (blind) canvas.setAttribute("aria-label", "time, without a picture of the sound");
    ruler.style.left = `${x.from}px`;
    ruler.style.width = `${x.to - x.from}px`;
    axisButton.textContent = log ? "Hz: logarithmic" : "Hz: linear";
    framed = [duration(), top].join();
    drawPicture();
  }

  function drawPicture() {
    const chosen = get("chosen");
    const cells = get(`picture${chosen}`);
    if (!cells) return show(); // it is still being computed
    const pen = canvas.getContext("2d");
    drawCells(pen, cells, edges, ...get("columns")[chosen], x, y);
    const share = Boolean(get("shares")?.[chosen]);
    if (share !== shareShown) drawColourBar(pen, getComputedStyle(canvas).color, x.to + 8, y, (shareShown = share));
    const seen = share ? `mask of ${get("names")[chosen]}: ${maskDescribed(cells)}` :
      `spectrogram of ${get("names")[chosen]}: ${spectrogramDescribed(cells, edges, ...get("columns")[chosen])}`;
    const text = `${seen}; 0 to ${duration().toFixed(1)} seconds, up to ${Math.round(y.high)} hertz`;
    if (canvas.getAttribute("aria-label") !== text) canvas.setAttribute("aria-label", text);
    show();
  }

  function showText() {
    if (caption.textContent !== get("caption")) caption.textContent = get("caption");
    const rows = get("scores");
    if (table.rows.length !== rows.length || rows.some((cells, i) => table.rows[i].cells.length !== cells.length)) {
      table.replaceChildren();
      rows.forEach((cells, i) => {
        const row = element("tr", "", table);
        cells.forEach((_, k) => element(i && k ? "td" : "th", "", row, { ...(i && k ? {} : { scope: i ? "row" : "col" }) }));
      });
    }
    rows.forEach((cells, i) => cells.forEach((text, k) => {
      const cell = table.rows[i].cells[k];
      const minus = text.replace(/^-/, "−");
      if (cell.textContent !== minus) cell.textContent = minus;
    }));
  }

  function onSignals() {
    const arrived = performance.now();
    edges = get("edges");
    decode();
    if (loop && loop[1] > duration()) loop = null;
    if (position >= duration()) position = 0;
    showChoices();
    if (playing) start(SWAP_SECONDS); // first the sound, which is on its way while the picture is drawn
    else level();
    if (framed === [duration(), edges[edges.length - 1]].join()) drawPicture();
    else drawFrame();
    showText();
    root.dataset.version = get("version");
    const detail = { arrived, drawn: performance.now(), startsIn: playing ? startedAt - now() : null, computed: get("computed") };
    root.dispatchEvent(new CustomEvent(UPDATED, { bubbles: true, detail }));
  }

  function onChosen() {
    if (Number(root.dataset.version) !== get("version")) return; // new signals came with it
    showChoices();
    setLevels();
    drawPicture();
  }

  // --- what hands do

  playButton.onclick = () => (playing || starting ? pause() : play());
  remixButton.onclick = () => remix(!gains);
  loopButton.onclick = () => (loop ? setLoop(0, 0) : setLoop(heard(), Math.min(heard() + NEW_LOOP, duration())));
  volume.oninput = setLevels;
  axisButton.onclick = () => {
    log = !log;
    drawFrame();
  };

  const selectLoop = (event, target) => {
    const secondsAt = (e) => x.value(e.clientX - plot.getBoundingClientRect().left);
    const anchor = secondsAt(event);
    const end = () => {
      target.onpointermove = target.onpointerup = target.onpointercancel = selecting = null;
      show();
    };
    target.setPointerCapture(event.pointerId);
    target.onpointermove = (e) => {
      selecting = inOrder(anchor, secondsAt(e));
      show();
    };
    target.onpointerup = (e) => {
      end();
      setLoop(anchor, secondsAt(e));
    };
    target.onpointercancel = end;
  };
  ruler.onpointerdown = (event) => selectLoop(event, ruler);
  canvas.onpointerdown = (event) => {
    if (event.button) return;
    if (event.shiftKey) return selectLoop(event, canvas);
    let last = -Infinity;
    followed(event, canvas, (pixel, end) => {
      const at = x.value(pixel);
      if (!end && performance.now() - last < SCRUB_MS) return;
      // Who points elsewhere wants to hear what is there.
      if (last < 0 && loop && (at < loop[0] || at >= loop[1])) loop = null;
      last = performance.now();
      seek(at);
    });
  };

  root.addEventListener("keydown", (e) => {
    if (e.ctrlKey || e.altKey || e.metaKey) return;
    const onFader = e.target.tagName === "INPUT";
    const step = e.shiftKey ? 0.1 : 1;
    if (e.key === " ") playButton.click();
    else if (/^[1-9]$/.test(e.key)) choose(Number(e.key) - 1);
    else if (e.key === "ArrowRight" && !onFader) seek(heard() + step);
    else if (e.key === "ArrowLeft" && !onFader) seek(heard() - step);
    else if (e.key === "Home" && !onFader) seek(0);
    else if (e.key === "[") setLoop(heard(), loop?.[1] > heard() + SHORTEST_LOOP ? loop[1] : heard() + NEW_LOOP);
    else if (e.key === "]") setLoop(loop && loop[0] < heard() ? loop[0] : 0, heard());
    else if (e.key === "Escape" && loop) setLoop(0, 0);
    else if (e.key === "m" && !remixButton.hidden) remix(!gains);
    else {
      if (onFader) e.stopPropagation(); // the browser moves the fader, JupyterLab shall not select cells
      return;
    }
    e.preventDefault(); // or the page scrolls and a focused button is pressed as well
    e.stopPropagation(); // or a slide show takes the key as a command
  });
  const onOtherStarted = (e) => e.detail !== root && pause();
  const onInterrupted = () => playing && interrupted();
  window.addEventListener(STARTED, onOtherStarted);
  window.addEventListener(INTERRUPTED, onInterrupted);
  const onPosition = () => Math.abs(get("position") - heard()) > 0.01 && seek(get("position"), false);
  onSignals();
  model.on("change:version", onSignals);
  model.on("change:chosen", onChosen);
  model.on("change:pictured", drawPicture);
  model.on("change:position", onPosition);
  model.on("change:message", level);
  const endRedrawing = redrawn(canvas, drawFrame);
  requestAnimationFrame(() => describeFigures(el)); // by then it is in its notebook

  return () => {
    removed = true;
    pause();
    clearTimeout(frame);
    endRedrawing();
    window.removeEventListener(STARTED, onOtherStarted);
    window.removeEventListener(INTERRUPTED, onInterrupted);
    model.off("change:version", onSignals);
    model.off("change:chosen", onChosen);
    model.off("change:pictured", drawPicture);
    model.off("change:position", onPosition);
    model.off("change:message", level);
  };
}
