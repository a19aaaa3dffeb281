import { ref } from 'vue'

/** Milliseconds by which two clocks may differ before it matters. */
const TOLERANCE = 5_000

/** The service's time, ticking every second. Waiting times must not depend on how this computer's clock is set. */
export class Clock {
  readonly now = ref(Date.now())
  #ahead = 0
  #timer: ReturnType<typeof setInterval> | undefined

  start(): void {
    this.stop()
    this.#timer = setInterval(() => {
      this.#tick()
    }, 1_000)
    this.#tick()
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  /** The service says what time it is there. */
  set(instant: string): void {
    const told = Date.parse(instant)
    if (Number.isNaN(told)) return
    this.#ahead = told - Date.now()
    this.#tick()
  }

  /** Something happened there just now. Small differences are the way through the network. */
  observe(instant: string): void {
    if (Math.abs(Date.parse(instant) - Date.now() - this.#ahead) > TOLERANCE) this.set(instant)
  }

  #tick(): void {
    this.now.value = Date.now() + this.#ahead
  }
}
