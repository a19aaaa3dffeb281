import { computed, ref, watch } from 'vue'
import { fill, texts } from '../texts'
import type { Clock } from './clock'
import type { Rows } from './rows'
import type { Settings } from './settings'
import { allowSound, beep } from './sounds'
import { belongsTo } from './sorting'
import { waitedSeconds } from './waiting'

/** Calls the agent when somebody waits: one bar for all slow replies, a sound, the title, a notice of the system. */
export class Alerts {
  readonly concern = computed(() => [...this.#rows.known.value.values()].filter((row) => this.#concerns(row)))
  /** Who waits longer than the limit, the longest first. */
  readonly slow = computed(() =>
    this.concern.value
      .flatMap((row) => {
        const seconds = waitedSeconds(row, this.#clock.now.value)
        return seconds !== null && seconds > this.#settings.red ? [{ row, seconds }] : []
      })
      .sort((a, b) => b.seconds - a.seconds),
  )
  readonly waiting = computed(() => this.concern.value.filter(({ waiting_since }) => waiting_since !== null).length)
  readonly #flashing = ref(false)
  readonly #rows: Rows
  readonly #clock: Clock
  readonly #settings: Settings
  #stops: (() => void)[] = []

  constructor(rows: Rows, clock: Clock, settings: Settings) {
    this.#rows = rows
    this.#clock = clock
    this.#settings = settings
  }

  start(): void {
    const late = computed(() => this.slow.value.map(({ row }) => row.id).join())
    const queued = computed(() => this.concern.value.filter(({ owner }) => owner === 'queue').map(({ id }) => id).join())
    const unread = computed(() => this.concern.value.reduce((sum, row) => sum + (row.owner === 'agent' ? row.unread : 0), 0))
    this.#stops = [
      watch(late, (now, before) => {
        if (hasNew(now, before)) this.#call()
      }),
      watch(queued, (now, before) => {
        if (hasNew(now, before)) this.#call()
      }),
      watch(unread, (now, before) => {
        if (now > before && !isSeen()) this.#call()
      }),
      watch([this.waiting, () => this.#settings.title], () => {
        this.#writeTitle(false)
      }),
      this.#flash(),
      listen('focus', () => {
        this.#seen()
      }),
      listen('visibilitychange', () => {
        this.#seen()
      }),
      listen('pointerdown', allowSound),
      listen('keydown', allowSound),
    ]
    this.#writeTitle(false)
  }

  stop(): void {
    this.#stops.forEach((stop) => {
      stop()
    })
    this.#stops = []
    document.title = texts.page.title
  }

  #concerns(row: Parameters<typeof belongsTo>[0]): boolean {
    const me = this.#rows.me.value
    return belongsTo(row, 'queue', me) || belongsTo(row, 'mine', me)
  }

  #call(): void {
    if (this.#settings.sound) beep()
    if (isSeen()) return
    this.#flashing.value = true
    if (this.#settings.desktop && 'Notification' in window && Notification.permission === 'granted') {
      const notice = new Notification(texts.page.title, { body: this.#told(), tag: 'desk', lang: 'zh-CN' })
      notice.onclick = () => {
        window.focus()
        notice.close()
      }
    }
  }

  #told(): string {
    return fill(texts.alerts.title, { count: this.waiting.value })
  }

  #seen(): void {
    if (!isSeen()) return
    this.#flashing.value = false
    this.#writeTitle(false)
  }

  #flash(): () => void {
    let on = false
    const timer = setInterval(() => {
      if (!this.#flashing.value) return
      on = !on
      this.#writeTitle(on)
    }, 1_000)
    return () => {
      clearInterval(timer)
    }
  }

  #writeTitle(called: boolean): void {
    const count = this.#settings.title && this.waiting.value > 0 ? `(${this.waiting.value}) ` : ''
    document.title = called && this.#settings.title && this.waiting.value > 0 ? this.#told() : count + texts.page.title
  }
}

const isSeen = (): boolean => document.visibilityState === 'visible' && document.hasFocus()

function hasNew(now: string, before: string): boolean {
  const known = new Set(before.split(','))
  return now !== '' && now.split(',').some((id) => !known.has(id))
}

function listen(name: 'focus' | 'visibilitychange' | 'pointerdown' | 'keydown', heard: () => void): () => void {
  const target = name === 'visibilitychange' ? document : window
  target.addEventListener(name, heard)
  return () => {
    target.removeEventListener(name, heard)
  }
}
