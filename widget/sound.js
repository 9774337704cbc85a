/** A short soft tone for a new reply, made here: no file, nothing for a page's policy to allow. Off until it is asked for. */

let context;

export function playSound() {
  try {
    context ??= new AudioContext();
    const tone = context.createOscillator();
    const volume = context.createGain();
    const now = context.currentTime;
    tone.frequency.setValueAtTime(660, now);
    tone.frequency.setValueAtTime(880, now + 0.09);
    volume.gain.setValueAtTime(0.08, now);
    volume.gain.exponentialRampToValueAtTime(0.001, now + 0.3);
    tone.connect(volume).connect(context.destination);
    tone.start(now);
    tone.stop(now + 0.3);
  } catch {
    // No sound where there is none to be had.
  }
}
