let context: AudioContext | null = null

/** Browsers allow sound only after the page was touched; called from then on. */
export function allowSound(): void {
  if (typeof AudioContext === 'undefined') return
  context ??= new AudioContext()
  if (context.state === 'suspended') void context.resume()
}

/** Two soft notes, made here: no file to load. */
export function beep(): void {
  if (context?.state !== 'running') return
  note(context, 659, 0)
  note(context, 880, 0.16)
}

function note(audio: AudioContext, frequency: number, delay: number): void {
  const [oscillator, volume, from] = [audio.createOscillator(), audio.createGain(), audio.currentTime + delay]
  oscillator.type = 'sine'
  oscillator.frequency.value = frequency
  volume.gain.setValueAtTime(0.0001, from)
  volume.gain.exponentialRampToValueAtTime(0.14, from + 0.02)
  volume.gain.exponentialRampToValueAtTime(0.0001, from + 0.3)
  oscillator.connect(volume).connect(audio.destination)
  oscillator.start(from)
  oscillator.stop(from + 0.32)
}
