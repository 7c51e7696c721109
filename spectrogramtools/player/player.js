// The player's browser side. All signals play at once through Web Audio, each behind a gain of its own; choosing a
// signal moves the gains, so every switch is sample-exact. A short ramp keeps switches and swaps free of clicks.

const SWITCH_SECONDS = 0.015;
const SWAP_SECONDS = 0.03;
const AHEAD_SECONDS = 0.03; // how far ahead of the clock a sound is started, so that it starts on time
const STARTED = "spectrogramtools-started";

// Browsers allow few audio contexts: all players of one rate share one.
const contexts = (globalThis.spectrogramtoolsContexts ??= new Map());
function contextFor(sr) {
  if (!contexts.has(sr)) contexts.set(sr, new AudioContext({ sampleRate: sr }));
  return contexts.get(sr);
}

function element(tag, className, parent, attributes = {}) {
  const e = parent.appendChild(document.createElement(tag));
  e.className = className;
  for (const [name, value] of Object.entries(attributes)) e.setAttribute(name, value);
  return e;
}

function render({ model, el }) {
  const root = element("div", "st-player", el, {
    tabindex: "0", role: "group", "aria-label": "audio player", "data-lm-suppress-shortcuts": "true",
  });
  const bar = element("div", "st-bar", root);
  const playButton = element("button", "st-play", bar);
  const choices = element("span", "st-bar", bar, { role: "group", "aria-label": "signal" });
  const time = element("span", "st-time", bar);
  const wave = element("div", "st-wave", root);
  const canvas = element("canvas", "", wave);
  const head = element("div", "st-head", wave);
  const message = element("div", "st-message", root, { role: "status" });

  let samples = []; // Float32Array a signal
  let sounding = null; // { out, sources, gains } while playing
  let startedAt = 0; // the context's time at which `position` was heard
  let position = 0; // seconds into the signals, when stopped or when started
  let frame = 0;
  let removed = false;

  const sr = () => model.get("sr");
  const duration = () => model.get("n_samples") / sr();
  const now = () => contextFor(sr()).currentTime;
  const wrap = (t) => ((t % duration()) + duration()) % duration();
  const onSample = (t) => Math.round(t * sr()) / sr();
  const heardAt = (t) => wrap(position + Math.max(0, t - startedAt));
  const heard = () => (sounding ? heardAt(now()) : position);

  function decode() {
    const bytes = model.get("pcm");
    const whole = new Int16Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
    const n = model.get("n_samples");
    samples = model.get("names").map((_, i) => new Float32Array(whole.subarray(i * n, (i + 1) * n)).map((v) => v / 32767));
  }

  function start(from, fade) {
    const context = contextFor(sr());
    const when = onSample(context.currentTime + AHEAD_SECONDS);
    const out = context.createGain();
    out.gain.setValueAtTime(0, when);
    out.gain.linearRampToValueAtTime(1, when + fade);
    out.connect(context.destination);
    const gains = [];
    const sources = samples.map((data, i) => {
      const buffer = context.createBuffer(1, data.length, sr());
      buffer.copyToChannel(data, 0);
      const gain = context.createGain();
      gain.gain.value = i === model.get("chosen") ? 1 : 0;
      gains.push(gain);
      const source = context.createBufferSource();
      source.buffer = buffer;
      source.loop = true;
      source.connect(gain).connect(out);
      source.start(when, onSample(wrap(from)));
      return source;
    });
    silence(when, fade);
    sounding = { out, sources, gains };
    position = wrap(from);
    startedAt = when;
  }

  function silence(when, fade) {
    if (!sounding) return;
    const { out, sources } = sounding;
    out.gain.cancelScheduledValues(when);
    out.gain.setValueAtTime(1, when);
    out.gain.linearRampToValueAtTime(0, when + fade);
    for (const source of sources) source.stop(when + fade);
    sources[0].onended = () => out.disconnect();
    sounding = null;
  }

  async function play() {
    await contextFor(sr()).resume();
    if (removed || sounding) return;
    window.dispatchEvent(new CustomEvent(STARTED, { detail: root })); // one player at a time
    start(position, SWITCH_SECONDS);
    show();
  }

  function pause() {
    if (!sounding) return;
    position = heard();
    silence(now(), SWITCH_SECONDS);
    show();
  }

  function seek(to) {
    if (sounding) start(to, SWITCH_SECONDS);
    else position = wrap(to);
    show();
  }

  function choose(i) {
    if (i < 0 || i >= samples.length) return;
    model.set("chosen", i);
    model.save_changes();
  }

  function show() {
    cancelAnimationFrame(frame);
    const at = heard();
    head.style.left = `${(100 * at) / duration()}%`;
    time.textContent = `${at.toFixed(1)} / ${duration().toFixed(1)} s`;
    playButton.textContent = sounding ? "❚❚" : "▶";
    playButton.setAttribute("aria-label", sounding ? "pause" : "play");
    root.dataset.position = at.toFixed(3);
    root.dataset.playing = String(sounding !== null);
    if (sounding && !removed) frame = requestAnimationFrame(show);
  }

  function showChoices() {
    const names = model.get("names");
    if (choices.childElementCount !== names.length || names.some((n, i) => choices.children[i].dataset.name !== n)) {
      choices.replaceChildren();
      names.forEach((name, i) => {
        const button = element("button", "", choices, { title: `key ${i + 1}` });
        button.dataset.name = name;
        button.textContent = name;
        button.onclick = () => choose(i);
      });
    }
    [...choices.children].forEach((button, i) => button.setAttribute("aria-pressed", String(i === model.get("chosen"))));
  }

  function drawWave() {
    const width = (canvas.width = Math.max(1, Math.round(wave.clientWidth * devicePixelRatio)));
    const height = (canvas.height = Math.max(1, Math.round(wave.clientHeight * devicePixelRatio)));
    const data = samples[model.get("chosen")];
    const pen = canvas.getContext("2d");
    pen.fillStyle = "#3b7dc4";
    for (let x = 0; x < width; x++) {
      const from = Math.floor((x * data.length) / width);
      const to = Math.max(from + 1, Math.floor(((x + 1) * data.length) / width));
      let low = data[from], high = data[from];
      for (let i = from + 1; i < to; i++) {
        if (data[i] < low) low = data[i];
        else if (data[i] > high) high = data[i];
      }
      // The canvas reaches from -1 to 1, always: what is soft looks soft, also after a slider has moved.
      pen.fillRect(x, ((1 - high) * height) / 2, 1, Math.max(1, ((high - low) * height) / 2));
    }
  }

  function onChosen() {
    showChoices();
    drawWave();
    sounding?.gains.forEach((gain, i) => {
      gain.gain.cancelScheduledValues(now());
      gain.gain.setValueAtTime(gain.gain.value, now());
      gain.gain.linearRampToValueAtTime(i === model.get("chosen") ? 1 : 0, now() + SWITCH_SECONDS);
    });
  }

  function onSignals() {
    decode();
    message.textContent = model.get("message");
    showChoices();
    drawWave();
    if (sounding) start(heardAt(now() + AHEAD_SECONDS), SWAP_SECONDS); // the new sound goes on where the old one ends
    root.dataset.version = model.get("version");
    show();
  }

  playButton.onclick = () => (sounding ? pause() : play());
  wave.onclick = (e) => seek(((e.clientX - wave.getBoundingClientRect().left) / wave.clientWidth) * duration());
  root.addEventListener("keydown", (e) => {
    if (e.key === " ") playButton.click();
    else if (/^[1-9]$/.test(e.key)) choose(Number(e.key) - 1);
    else if (e.key === "ArrowRight") seek(heard() + 1);
    else if (e.key === "ArrowLeft") seek(heard() - 1);
    else return;
    e.preventDefault(); // or the page scrolls and a focused button is pressed as well
    e.stopPropagation(); // or JupyterLab takes the key as a command
  });
  const onOtherStarted = (e) => e.detail !== root && pause();
  window.addEventListener(STARTED, onOtherStarted);
  const resized = new ResizeObserver(() => samples.length && drawWave());
  resized.observe(wave);
  model.on("change:version", onSignals);
  model.on("change:chosen", onChosen);
  onSignals();

  return () => {
    removed = true;
    pause();
    cancelAnimationFrame(frame);
    resized.disconnect();
    window.removeEventListener(STARTED, onOtherStarted);
    model.off("change:version", onSignals);
    model.off("change:chosen", onChosen);
  };
}

export default { render };
