import { computed, shallowRef } from 'vue'
import type { TransferOffer } from '../protocol'
import type { Clock } from './clock'
import type { Rows } from './rows'

export interface Offer {
  id: string
  from: string | null
  reason: string | null
  seconds: number
}

/** Conversations that a colleague hands to me, while I may still take them; read from the rows, so a reload loses none. */
export class Offers {
  readonly #told = shallowRef(new Map<string, TransferOffer>())
  readonly current = computed<Offer | null>(() => this.#open()[0] ?? null)
  readonly #rows: Rows
  readonly #clock: Clock

  constructor(rows: Rows, clock: Clock) {
    this.#rows = rows
    this.#clock = clock
  }

  take(offer: TransferOffer): void {
    this.#told.value = new Map(this.#told.value).set(offer.conversation_id, offer)
  }

  #open(): Offer[] {
    const [me, now] = [this.#rows.me.value, this.#clock.now.value]
    const mine = [...this.#rows.known.value.values()].filter(({ reserved_for }) => me !== null && reserved_for === me)
    return mine.flatMap(({ id, reserved_until }) => {
      const told = this.#told.value.get(id)
      const seconds = Math.ceil((Date.parse(reserved_until ?? told?.until ?? '') - now) / 1_000)
      const from = typeof told?.from === 'string' ? told.from : (told?.from?.name ?? null)
      return seconds > 0 ? [{ id, from, reason: told?.reason ?? null, seconds }] : []
    })
  }
}
