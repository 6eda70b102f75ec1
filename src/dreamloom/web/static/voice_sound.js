// A microphone and an ear for what crosses the wall, on an audio graph that is there already. Nothing is kept.

const WORKLET = "/static/voice_worklet.js";
const READY = new WeakMap();

/** Whether this page may hear and be heard at all. */
export const isAble = () => window.isSecureContext && "mediaDevices" in navigator && "AudioWorkletNode" in window;

/** @param {AudioContext} context */
const prepare = (context) => {
  if (!READY.has(context)) READY.set(context, context.audioWorklet.addModule(WORKLET));
  return READY.get(context);
};

/** For a page at night: whether a microphone was allowed, without asking. */
export async function mayHear() {
  if (!isAble()) return false;
  const found = await navigator.permissions?.query(/** @type {any} */ ({ name: "microphone" })).catch(() => null);
  return found?.state === "granted";
}

/** Asks for the microphone now, while somebody is awake, and lets it go at once. */
export async function allowMicrophone() {
  if (!isAble()) return false;
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true }).catch(() => null);
  for (const track of stream?.getTracks() ?? []) track.stop();
  return stream !== null;
}

/**
 * Frames of what the microphone hears, until it is told to end.
 * @param {AudioContext} context @param {(frame: ArrayBuffer) => void} heard
 * @param {boolean} cleaned whether echo and noise are taken out: good for a voice, not for a room
 */
export async function hear(context, heard, cleaned) {
  const audio = { channelCount: 1, echoCancellation: cleaned, noiseSuppression: cleaned, autoGainControl: true };
  const [stream] = await Promise.all([navigator.mediaDevices.getUserMedia({ audio }), prepare(context)]);
  const source = context.createMediaStreamSource(stream);
  const into = new AudioWorkletNode(context, "dl-into", { numberOfOutputs: 0 });
  into.port.onmessage = ({ data }) => heard(data);
  source.connect(into);
  return () => {
    into.port.onmessage = null;
    source.disconnect();
    for (const track of stream.getTracks()) track.stop();
  };
}

/** An ear: takes frames, and is silent once it is told to end. @param {AudioContext} context @param {AudioNode} to @param {number} loudest */
export async function sound(context, to, loudest) {
  await prepare(context);
  const outOf = new AudioWorkletNode(context, "dl-out-of", { numberOfInputs: 0, outputChannelCount: [1] });
  const level = context.createGain();
  level.gain.value = loudest;
  outOf.connect(level).connect(to);
  return {
    /** @param {ArrayBuffer} frame */
    take: (frame) => outOf.port.postMessage(frame, [frame]),
    end: () => {
      level.disconnect();
      outOf.disconnect();
    },
  };
}
