import { shallowRef } from 'vue'
import type { Verdict } from '../protocol'

/** Milliseconds of quiet after which a draft is checked. */
export const QUIET = 400

/** What a draft promises that cannot be kept, as far as it was asked; of several answers only that to the newest counts. */
export class PromiseCheck {
  readonly verdicts = shallowRef<Verdict[]>([])
  readonly #ask: (text: string) => Promise<Verdict[]>
  #checked = ''
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(ask: (text: string) => Promise<Verdict[]>) {
    this.#ask = ask
  }

  get blocked(): Verdict | undefined {
    return this.verdicts.value.find(({ outcome }) => outcome === 'block')
  }

  get doubtful(): Verdict | undefined {
    return this.verdicts.value.find(({ outcome }) => outcome === 'warn')
  }

  draft(text: string): void {
    clearTimeout(this.#timer)
    const wanted = text.trim()
    if (wanted === this.#checked) return
    this.#checked = wanted
    this.verdicts.value = []
    if (wanted) this.#timer = setTimeout(() => void this.#check(wanted), QUIET)
  }

  stop(): void {
    clearTimeout(this.#timer)
    this.#checked = ''
    this.verdicts.value = []
  }

  async #check(text: string): Promise<void> {
    // Without an answer nothing is held back: the service looks at every line once more.
    const verdicts = await this.#ask(text).catch(() => [])
    if (this.#checked === text) this.verdicts.value = verdicts
  }
}
