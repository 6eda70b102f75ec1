// From a microphone to pieces of a recording, and from a recording to an ear or to what a house can write down.

const RATE_HZ = 16000;
const PIECE_MS = 1000;
const TYPES = ["audio/webm;codecs=opus", "audio/mp4", "audio/ogg;codecs=opus"];

/** Whether this page can record at all. */
export const canRecord = () => window.isSecureContext && "mediaDevices" in navigator && "MediaRecorder" in window;

/**
 * Records until it is told to end; each second goes out by itself.
 * @param {(piece: ArrayBuffer) => Promise<any>} given
 */
export async function record(given) {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1 } });
  const type = TYPES.find((each) => MediaRecorder.isTypeSupported(each)) ?? "";
  const recorder = new MediaRecorder(stream, { ...(type ? { mimeType: type } : {}), audioBitsPerSecond: 32000 });
  let last = Promise.resolve();
  recorder.ondataavailable = ({ data }) => {
    last = last.then(async () => {
      if (data.size > 0) await given(await data.arrayBuffer());
    });
  };
  const over = new Promise((resolve) => {
    recorder.onstop = resolve;
  });
  recorder.start(PIECE_MS);
  return {
    type: recorder.mimeType || type,
    end: async () => {
      if (recorder.state !== "inactive") recorder.stop();
      await over;
      for (const track of stream.getTracks()) track.stop();
      await last;
    },
  };
}

/** @param {Blob} recording @returns {Promise<AudioBuffer>} at RATE_HZ */
const decoded = async (recording) => new OfflineAudioContext(1, 1, RATE_HZ).decodeAudioData(await recording.arrayBuffer());

/** Plays it once; gives what ends it before. @param {Blob} recording @param {() => void} over */
export async function play(recording, over) {
  const context = new AudioContext();
  const source = context.createBufferSource();
  source.buffer = await decoded(recording);
  source.connect(context.destination);
  source.onended = () => {
    void context.close();
    over();
  };
  source.start();
  return () => source.stop();
}

/** @param {string} text */
const letters = (text) => [...text].map((letter) => letter.charCodeAt(0));

/** As a WAV file of one channel, 16 bits and RATE_HZ. @param {Blob} recording */
export async function asWav(recording) {
  const sound = await decoded(recording);
  const mixed = new Float32Array(sound.length);
  for (let n = 0; n < sound.numberOfChannels; n += 1) {
    sound.getChannelData(n).forEach((sample, at) => {
      mixed[at] += sample / sound.numberOfChannels;
    });
  }
  const bytes = 2 * mixed.length;
  const view = new DataView(new ArrayBuffer(44 + bytes));
  letters("RIFF").forEach((code, at) => view.setUint8(at, code));
  view.setUint32(4, 36 + bytes, true);
  letters("WAVEfmt ").forEach((code, at) => view.setUint8(8 + at, code));
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, RATE_HZ, true);
  view.setUint32(28, 2 * RATE_HZ, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  letters("data").forEach((code, at) => view.setUint8(36 + at, code));
  view.setUint32(40, bytes, true);
  mixed.forEach((sample, at) => view.setInt16(44 + 2 * at, Math.round(32767 * Math.max(-1, Math.min(1, sample))), true));
  return view.buffer;
}
