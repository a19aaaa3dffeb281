import type { Acknowledgement, Attachment, Card, Message, OutgoingMessage, Product } from '../protocol'

export type Delivery = 'sending' | 'sent' | 'failed'
/** Why a message failed: a code of the service's refusal, or `unanswered`. */
export type Failure = string

/** One line of the conversation as shown. `seq` is null until the service has accepted the message. */
export interface Entry extends Omit<Message, 'seq'> {
  /** Stays the same when a pending message becomes an accepted one. */
  key: string
  seq: number | null
  delivery: Delivery
  failure?: Failure
  /** While unsent: the `seq` after which it was written, so that it keeps its place when answers come in. */
  after?: number
  payload?: string
  product?: Product
  order_no?: string
}

/** What the customer wants to send. */
export interface Draft {
  text: string
  payload?: string
  attachments?: Attachment[]
  /** What is shown until the service's own card comes. */
  cards?: Card[]
  product?: Product
  order_no?: string
}

type Accepted = Extract<Acknowledgement, { ok: true }>

const isAccepted = (entry: Entry): entry is Entry & { seq: number } => entry.seq !== null

/** By `seq`; an unsent message stands behind the one after which it was written. */
function inOrder(entries: Entry[]): Entry[] {
  const place = ({ seq, after }: Entry): number => seq ?? (after ?? 0) + 0.5
  return [...entries].sort((a, b) => place(a) - place(b))
}

/** Takes over what the service sent. A known `seq` or `client_id` replaces its entry, so nothing is shown twice. */
export function merge(entries: Entry[], messages: Message[]): Entry[] {
  const merged = [...entries]
  for (const message of messages) {
    const known = merged.findIndex(
      (entry) => entry.seq === message.seq || (!!message.client_id && entry.client_id === message.client_id),
    )
    const key = merged[known]?.key ?? message.client_id ?? `seq-${message.seq}`
    const entry: Entry = { ...message, key, delivery: 'sent' }
    if (known < 0) merged.push(entry)
    else merged[known] = entry
  }
  return inOrder(merged)
}

/** Appends the customer's own message, not yet accepted. */
export function append(entries: Entry[], draft: Draft, clientId: string, at: string): Entry[] {
  const after = latestSeq(entries)
  return inOrder([
    ...entries,
    { ...draft, key: clientId, client_id: clientId, seq: null, after, role: 'customer', at, delivery: 'sending' },
  ])
}

/** The service accepted a pending message; its echo may already stand in the list without a `client_id`. */
export function accept(entries: Entry[], clientId: string, { seq, at }: Accepted): Entry[] {
  const others = entries.filter((entry) => entry.seq !== seq || entry.client_id === clientId)
  return inOrder(
    others.map((entry) => (entry.client_id === clientId ? { ...entry, seq, at, delivery: 'sent' } : entry)),
  )
}

export function fail(entries: Entry[], clientId: string, failure: Failure): Entry[] {
  return entries.map((entry) =>
    entry.key === clientId && !isAccepted(entry) ? { ...entry, delivery: 'failed', failure } : entry,
  )
}

/** Sends a failed message again, now as the newest one. */
export function retry(entries: Entry[], clientId: string): Entry[] {
  const failed = entries.find((entry) => entry.key === clientId && entry.delivery === 'failed')
  if (!failed) return entries
  const others = entries.filter((entry) => entry !== failed)
  return inOrder([...others, { ...failed, delivery: 'sending', after: latestSeq(entries) }])
}

/** Without the accepted messages before `seq`. */
export function since(entries: Entry[], seq: number): Entry[] {
  return entries.filter((entry) => entry.seq === null || entry.seq >= seq)
}

export function unsent(entries: Entry[]): Entry[] {
  return entries.filter((entry) => !isAccepted(entry))
}

/** The next message to put on the wire, if any. */
export function nextToSend(entries: Entry[]): Entry | undefined {
  return entries.find((entry) => !isAccepted(entry) && entry.delivery === 'sending')
}

/** The form in which an entry travels. */
export function outgoing({ key, text, payload, attachments, product, order_no }: Entry): OutgoingMessage {
  return {
    client_id: key,
    text,
    ...(payload === undefined ? {} : { payload }),
    ...(attachments?.length ? { attachments: attachments.map(({ id }) => id) } : {}),
    ...(product ? { product } : {}),
    ...(order_no ? { order_no } : {}),
  }
}

/** The highest accepted `seq`, 0 when there is none. */
export function latestSeq(entries: Entry[]): number {
  return entries.filter(isAccepted).reduce((latest, entry) => Math.max(latest, entry.seq), 0)
}

/** The lowest accepted `seq`. */
export function earliestSeq(entries: Entry[]): number | undefined {
  return entries.find(isAccepted)?.seq
}

/** More unread answers than these are not counted. */
export const MOST_UNREAD = 99

/** How many answers the customer has not seen; own and system lines do not count. */
export function countUnread(entries: Entry[], seenSeq: number): number {
  return entries.filter((entry) => (entry.role === 'bot' || entry.role === 'agent') && (entry.seq ?? 0) > seenSeq).length
}

/** A card without a payload is there to be looked at. */
const titlesOf = ({ buttons, cards }: Entry): string[] =>
  [...(buttons ?? []), ...(cards ?? []).filter(({ payload }) => payload)].map(({ title }) => title)

/**
 * Which offers (messages with buttons or cards) can no longer be used: the entry's key, and the chosen title or null.
 *
 * An offer is used up by a choice. It is passed by when the customer said something else and another offer followed, or
 * when somebody else took over. Read from the conversation itself, so it survives a reload and reaches other tabs.
 */
export function settledOffers(entries: Entry[]): Map<string, string | null> {
  const settled = new Map<string, string | null>()
  let open: { key: string; titles: string[]; passed: boolean }[] = [] // newest first
  const close = (isClosed: (offer: (typeof open)[number]) => boolean): void => {
    for (const { key } of open.filter(isClosed)) settled.set(key, null)
    open = open.filter((offer) => !isClosed(offer))
  }
  for (const entry of entries) {
    if (entry.role === 'customer') {
      const chosen = open.find(({ titles }) => titles.includes(entry.text))
      open = open.filter((offer) => offer !== chosen).map((offer) => ({ ...offer, passed: true }))
      if (chosen) settled.set(chosen.key, entry.text)
    } else if (entry.role !== 'bot') {
      close(() => true)
    } else if (titlesOf(entry).length > 0) {
      close(({ passed }) => passed)
      open.unshift({ key: entry.key, titles: titlesOf(entry), passed: false })
    }
  }
  return settled
}

/** Whether the conversation ends with an offer that can still be used. */
export function endsWithOffer(entries: Entry[]): boolean {
  const last = entries[entries.length - 1]
  return last !== undefined && titlesOf(last).length > 0 && !settledOffers(entries).has(last.key)
}
