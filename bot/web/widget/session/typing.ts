import { ref } from 'vue'

/** Milliseconds after which "typing" is no longer believed. */
export const TYPING_EXPIRY = 10_000
/** Milliseconds in which typing is told once, and of silence after which it has ended. */
export const TYPING_PAUSE = 3_000
export const TYPING_IDLE = 5_000

/** That the other side writes: never longer than it can be believed. */
export class TypingSign {
  readonly on = ref(false)
  readonly by = ref<'bot' | 'agent'>('bot')
  private timer: ReturnType<typeof setTimeout> | undefined

  show(on: boolean, by: 'bot' | 'agent' = 'bot'): void {
    clearTimeout(this.timer)
    this.on.value = on
    this.by.value = by
    if (on) this.timer = setTimeout(() => (this.on.value = false), TYPING_EXPIRY)
  }
}

/** That the customer writes, told seldom, and taken back. */
export class OwnTyping {
  private told = 0
  private timer: ReturnType<typeof setTimeout> | undefined

  constructor(private readonly tell: (on: boolean) => void) {}

  touched(): void {
    clearTimeout(this.timer)
    this.timer = setTimeout(() => {
      this.ended()
    }, TYPING_IDLE)
    if (Date.now() - this.told < TYPING_PAUSE) return
    this.told = Date.now()
    this.tell(true)
  }

  ended(): void {
    clearTimeout(this.timer)
    if (this.told) this.tell(false)
    this.told = 0
  }
}
